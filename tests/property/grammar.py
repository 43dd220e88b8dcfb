"""Random sentences of the grammar, drawn from the very text that states it.

The grammar is read as tokens.py states it: quoted words, names of rules, brackets, `|`, `*`,
`+` and `[…]`. A quoted text that follows without a space ("day"["s"]) is glued to what precedes it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple, TypeAlias

from hypothesis import strategies as st

from tracker.dates.tokens import GRAMMAR

#: A rule's body as nested tuples: ("word", text), ("rule", name), ("all", …), ("one", …), ("many", …).
Body: TypeAlias = tuple[object, ...]

PIECE = re.compile(r'\s+|"[^"]*"|[A-Za-z][A-Za-z-]*|[()\[\]|*+]')
_DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(str)
_YEARS = st.integers(1900, 2199).map(str)

#: What the grammar leaves to the eye.
LEAVES: dict[str, st.SearchStrategy[str]] = {
    "ID": st.sampled_from(["x", "agi-verified", "other/y.z", "a1"]),
    "N": st.integers(0, 400).map(str),
    "TIME": st.times().map("{:%H:%M}".format),
    "ZONE": st.sampled_from(["UTC", "AoE", "Asia/Tokyo"]),  # whose clocks show each time once
    "YYYY": _YEARS,
    "YYYY-Hn": st.builds("{}-H{}".format, _YEARS, st.integers(1, 2)),
    "YYYY-Qn": st.builds("{}-Q{}".format, _YEARS, st.integers(1, 4)),
    "YYYY-MM": st.builds("{}-{:02}".format, _YEARS, st.integers(1, 12)),
    "YYYY-Www": st.builds("{}-W{:02}".format, _YEARS, st.integers(1, 52)),
    "YYYY-MM-DD": _DAYS,
}


def rules() -> dict[str, Body]:
    """Each rule by its name."""
    found: dict[str, str] = {}
    name = ""
    for line in GRAMMAR.splitlines():
        if match := re.match(r"([A-Za-z]+) += (.*)", line):
            name, found[match[1]] = match[1], match[2]
        else:
            found[name] += " " + line.strip()
    return {name: _Reader(body).alternatives() for name, body in found.items()}


class _Reader:
    def __init__(self, text: str) -> None:
        self.pieces = PIECE.findall(text)
        assert "".join(self.pieces) == text, text
        self.at = 0

    def alternatives(self) -> Body:
        options = [self.sequence()]
        while self.peek() == "|":
            self.at += 1
            options.append(self.sequence())
        return options[0] if len(options) == 1 else ("one", *options)

    def peek(self) -> str | None:
        while self.at < len(self.pieces) and self.pieces[self.at].isspace():
            self.at += 1
        return self.pieces[self.at] if self.at < len(self.pieces) else None

    def sequence(self) -> Body:
        parts: list[Body] = []
        while (piece := self.peek()) is not None and piece not in ("|", ")", "]"):
            glued = self.at > 0 and not self.pieces[self.at - 1].isspace()
            parts.append(self.repeated(self.part(piece, glued)))
        return ("all", *parts)

    def part(self, piece: str, glued: bool) -> Body:
        self.at += 1
        if piece in ("(", "["):
            inner = self.alternatives()
            self.at += 1
            if piece == "(":
                return inner
            return ("one", ("glue", inner) if glued else inner, ("all",))
        return ("word", piece[1:-1]) if piece.startswith('"') else ("rule", piece)

    def repeated(self, part: Body) -> Body:
        following = self.pieces[self.at] if self.at < len(self.pieces) else ""
        if following not in ("*", "+"):
            return part
        self.at += 1
        return ("many", part, 1 if following == "+" else 0)


RULES = rules()


@st.composite
def sentences(
    draw: st.DrawFn,
    rule: str = "line",
    leaves: Mapping[str, st.SearchStrategy[str]] = LEAVES,
    deepest: int = 5,
) -> str:
    """A sentence of a rule; deeper than so many rules, an operand is a leaf.

    `leaves` are the rules that are drawn from a strategy, and not as the grammar states them.
    """
    words = _Drawing(draw, leaves, deepest).words(("rule", rule), 0)
    return re.sub(r" ?\x00 ?", "", " ".join(word for word in words if word))


class _Drawing(NamedTuple):
    draw: st.DrawFn
    leaves: Mapping[str, st.SearchStrategy[str]]
    deepest: int

    def words(self, body: Body, depth: int) -> list[str]:
        match body:
            case ("word", str(text)):
                return [text]
            case ("rule", str(name)) if name in self.leaves:
                return [self.draw(self.leaves[name])]
            case ("rule", str(name)):
                if depth > self.deepest and name in ("operand", "item", "bound"):
                    return [self.draw(self.leaves["ID"])]
                return self.words(RULES[name], depth + 1)
            case ("all", *parts):
                return [word for part in parts for word in self.words(part, depth)]  # type: ignore[arg-type]  # bodies
            case ("one", *options):
                return self.words(self.draw(st.sampled_from(options)), depth)
            case ("many", inner, int(least)):
                times = self.draw(st.integers(least, least + 1))
                return [word for _ in range(times) for word in self.words(inner, depth)]  # type: ignore[arg-type]  # as above
            case ("glue", inner):
                return ["\x00", *self.words(inner, depth)]  # type: ignore[arg-type]  # as above
            case _:
                raise AssertionError(body)
