"""Which sentences the program names, as its syntax trees and its templates have it.

A sentence is chosen by name, mostly far from where it is put into words: a diagnostic keeps the end
of a name, a point its status, a command its options. No run of the program takes every way, so only
the program's own text can tell that a sentence is named nowhere. It is read as Python and Jinja read
it. A name is given where it stands whole, where an ending is put to another one, or where a text
with holes makes it, when its holes are filled with other texts of the program.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, nodes

import tracker

ROOT = Path(tracker.__file__).parent
_HOLE = "(.+)"


class Call(NamedTuple):
    """A call, as of translate(language, "agenda.as-of", day=day)."""

    function: str  #: the last part of its name
    is_method: bool
    texts: tuple[tuple[str, ...], ...]  #: of each argument the texts that it can be
    keywords: frozenset[str]
    is_open: bool = False  #: further keywords are handed over in a mapping


class ProgramTexts(NamedTuple):
    """The texts that stand in the program, those with holes, and its calls."""

    whole: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]
    calls: tuple[Call, ...]

    def gives(self, name: str) -> bool:
        """Whether the program names that sentence."""
        return name in self.whole or self._is_filled(name) or self._is_ended(name)

    def _is_filled(self, text: str) -> bool:
        matches = (pattern.fullmatch(text) for pattern in self.patterns)
        return any(match and all(map(self._fills, match.groups())) for match in matches)

    def _fills(self, text: str) -> bool:
        return text in self.whole or text.isdigit() or self._is_filled(text)

    def _is_ended(self, name: str) -> bool:
        """As by `name += ".no-day"`, or by f"{name}.days"."""
        dots = (at for at, letter in enumerate(name) if letter == ".")
        return any(name[at:] in self.whole and self.gives(name[:at]) for at in dots)


@cache
def texts_of_the_program() -> ProgramTexts:
    """What stands in it, but for the catalogues."""
    whole: set[str] = set()
    patterns: set[str] = set()
    calls: list[Call] = []
    for file in ROOT.rglob("*.py"):
        if file.parent.name == "catalogues":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Constant(str(text)):
                    whole.add(text)
                    if "{}" in text:  # for str.format
                        patterns.add(_HOLE.join(map(re.escape, text.split("{}"))))
                case ast.JoinedStr(parts):
                    patterns.add("".join(map(_pattern, parts)))
                case ast.Call():
                    calls.append(_call(node))
                case _:
                    pass
    for file in ROOT.rglob("*.html"):
        template = Environment().parse(file.read_text(encoding="utf-8"))  # noqa: S701 - only read
        whole |= {node.value for node in template.find_all(nodes.Const) if str(node.value)}
        calls += map(_call_in_template, template.find_all(nodes.Call))
    # A text that begins with a hole would give anything.
    begun = (pattern for pattern in patterns if re.match(r"[a-z-]+\\?[.-]", pattern))
    return ProgramTexts(frozenset(whole), tuple(map(re.compile, begun)), tuple(calls))


def _pattern(part: ast.expr) -> str:
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else _HOLE


def _call(node: ast.Call) -> Call:
    return Call(
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""),
        isinstance(node.func, ast.Attribute),
        tuple(tuple(_texts(argument)) for argument in node.args),
        frozenset(keyword.arg for keyword in node.keywords if keyword.arg is not None),
        any(keyword.arg is None for keyword in node.keywords),
    )


def _texts(argument: ast.expr) -> Iterator[str]:
    match argument:
        case ast.Constant(str(text)):
            yield text
        case ast.IfExp():
            yield from _texts(argument.body)
            yield from _texts(argument.orelse)
        case _:
            pass


def _call_in_template(node: nodes.Call) -> Call:
    """As of translate("more", count=3): in a template it is the method of the page's frame."""
    texts = (
        argument.value if isinstance(argument, nodes.Const) else None for argument in node.args
    )
    return Call(
        getattr(node.node, "name", ""),
        True,
        tuple((text,) if isinstance(text, str) else () for text in texts),
        frozenset(keyword.key for keyword in node.kwargs),
    )
