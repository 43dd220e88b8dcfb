"""What of tracker.toml is shown where something is wrong with it: nothing that may be a secret.

Any value can be one: a token pasted behind the wrong key, a password in an address, an old one in a
comment. So nothing is shown but what is known to be harmless: keys, the values of keys that hold no
secret, mailboxes where they stand, names of variables, and how an address begins. All
else is "*", a sign for each character, so that what stands beside it keeps its column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from tracker.config.addresses import MAILBOX, TERMINAL
from tracker.config.keys import WHERE_KEYS
from tracker.config.variables import is_name_of_variable, variable_in
from tracker.dates.diagnostics import Diagnostic
from tracker.files.problems import FileErrors, KeyPath, Problem
from tracker.files.toml_guards import LITERAL, LITERAL_LINES, TEXT, TEXT_LINES
from tracker.files.toml_positions import TomlPlace, inside, positions
from tracker.i18n.diagnostics import NAMED

#: Keys whose values are no secrets: in a table of that name, or in any of a list of that name.
_PLAIN = {
    "recipient": (
        "name", "timezone", "at", "language", "reminders", "changes", "digest", "quiet", "where",
        "was",
    ),
    "health": ("fail_after",),
    "smtp": ("from",),
    "web": ("public", "proxies", "connections", "patience", "page_time"),
}  # fmt: skip
_KEYS = frozenset((
    "database", "secret", "url", "fail", "to", *(key for keys in _PLAIN.values() for key in keys),
))  # fmt: skip
#: Keys whose values are mailboxes, or may be.
_MAILED = ("to", "from")
#: How an address begins; behind that any part of it can be a token.
_BEGINNING = re.compile(r"mailto:|[a-z][a-z0-9+.-]{0,20}:/{1,2}", re.IGNORECASE)
#: In an address of the page, of a name and a password.
_LOGIN = re.compile(r"//[^/]*@|[?#]")
_TEXTS = rf"{TEXT_LINES}|{LITERAL_LINES}|{TEXT}|{LITERAL}"
_TEXT_OR_COMMENT = re.compile(rf"(?:{_TEXTS})|(?P<comment>#[^\r\n]*)")
#: Of a text that cannot be read: a header, or a key that there is, and what stands behind it.
_HEADER = r"\[\[?[a-z]{1,12}\]\]?"
_LINE = re.compile(
    rf"^([ \t]*(?:{_HEADER}|(?:[a-z]{{1,12}}\.)?(?:{'|'.join(sorted(_KEYS))})[ \t]*=)?)(.*)$",
    re.MULTILINE,
)
_SIGN = re.compile(r"[^\s\[\]{},\"'=]")
_PIECE = re.compile(r"[^\s:/@?&=,;<>\"']{4,}")
#: What nobody has thought of as a word: letters of both sizes and digits, and nothing between them.
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z]*[0-9])(?=[a-z0-9]*[A-Z])(?=[A-Z0-9]*[a-z])[A-Za-z0-9]{20,}"
)
_HIDDEN = "…"


class _Leaf(NamedTuple):
    """A value that is no list and no table."""

    path: KeyPath
    value: object

    @property
    def room(self) -> int:
        """How many characters of its text are shown; of what is no text, all or none."""
        if not isinstance(self.value, str):
            return len(str(self.value)) if self._is_plain else 0
        if not self._is_whole_address:
            return self._program
        is_file = self.path == ("database",) and self.value.startswith("sqlite:")
        is_harmless = self._is_plain or self._is_mailbox or self._is_page or is_file
        if is_harmless and not _TOKEN.search(self.value):
            return len(self.value)
        return _harmless_beginning(self.value)

    @property
    def _is_plain(self) -> bool:
        table, *keys = (step for step in self.path if isinstance(step, str))
        is_plain = bool(keys) and keys[0] in _PLAIN.get(table, ())
        return is_plain and set(keys[1:]) <= set(WHERE_KEYS) and "://" not in str(self.value)

    @property
    def _is_mailbox(self) -> bool:
        """Whether it is one where they stand; what is to be one after `mailto:` holds no secret."""
        text = str(self.value)
        is_named = text[:7].lower() == "mailto:" and "://" not in text
        is_mailed = any(step in _MAILED for step in self.path[1:])
        return is_mailed and (is_named or MAILBOX.fullmatch(text) is not None)

    @property
    def _is_page(self) -> bool:
        """Whether it is the page's address, which stands in every message, without a login."""
        text = str(self.value)
        is_address = text[:4].lower() == "http"
        return self.path == ("web", "url") and is_address and not _LOGIN.search(text)

    @property
    def _is_whole_address(self) -> bool:
        """Whether it is no part of a command, which is a list in the list of addresses."""
        return not (isinstance(self.path[-1], int) and isinstance(self.path[-2], int))

    @property
    def _program(self) -> int:
        """Of a command, the name of its program."""
        is_first = self.path[-3] == "to" and self.path[-1] == 0
        match = re.match(r"[^\s=:@]*", str(self.value))
        return match.end() if match and is_first and not _TOKEN.search(match[0]) else 0

    @property
    def rest(self) -> str:
        return str(self.value)[self.room :]


def _harmless_beginning(value: str) -> int:
    if value == TERMINAL:
        return len(value)
    variable = variable_in(value)
    if variable is not None:
        return len(value) if is_name_of_variable(variable) else len(value) - len(variable)
    match = _BEGINNING.match(value)
    return match.end() if match else 0


def errors_without_secrets(
    problems: Sequence[Problem], file: str, text: str, data: dict[str, Any]
) -> FileErrors:
    """What is wrong with tracker.toml, where it stands; `data` is what its text says."""
    leaves = {leaf.path: leaf for leaf in _leaves(data, ())}
    shown = quotable(text, data)
    harmless = tuple(_without_secrets(problem, leaves) for problem in problems)
    return FileErrors(harmless, {file: shown})


def quotable(text: str, data: dict[str, Any]) -> str:
    """The text of tracker.toml with signs in the place of what may be a secret.

    >>> print(quotable('secret = "abc" # def', {"secret": "abc"}).rstrip())
    secret = "***"
    >>> quotable('to = "ntfys://token/topic"', {"to": "ntfys://token/topic"})
    'to = "ntfys://***********"'
    >>> quotable('to = "ntfys://token', {})
    'to = "*************'
    """
    if not data:
        return _LINE.sub(lambda line: line[1] + _SIGN.sub("*", line[2]), text)
    pieces, at = [], 0
    for start, end, sign in sorted(_hidden_parts(text, data)):
        pieces += [text[at:start], re.sub(r"[^\r\n]", sign, text[start:end])]
        at = max(end, at)
    return "".join((*pieces, text[at:]))


def _hidden_parts(text: str, data: dict[str, Any]) -> Iterator[tuple[int, int, str]]:
    places = positions(text)
    for leaf in _leaves(data, ()):
        place = places.get(leaf.path)
        if place is not None and leaf.rest:
            yield (*_inner(text, place, leaf), "*")
    for match in _TEXT_OR_COMMENT.finditer(text):
        if match["comment"] is not None:
            yield match.start(), match.end(), " "


def _inner(text: str, place: TomlPlace, leaf: _Leaf) -> tuple[int, int]:
    """Where the hidden part of a value stands, within its quotes where it has some."""
    if not isinstance(leaf.value, str):
        return place.start, place.end
    return inside(text, place, leaf.room), inside(text, place, len(leaf.value))


def _leaves(value: object, path: KeyPath) -> Iterator[_Leaf]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves(part, (*path, key))
    elif isinstance(value, list):
        for at, part in enumerate(value):
            yield from _leaves(part, (*path, at))
    else:
        yield _Leaf(path, value)


def _without_secrets(problem: Problem, leaves: dict[KeyPath, _Leaf]) -> Problem:
    """The problem, which names nothing and offers nothing of what is hidden at its place."""
    leaf = leaves.get(problem.path)
    pieces = [] if leaf is None else _PIECE.findall(leaf.rest.casefold())
    if not pieces:
        return problem

    def tells(text: str) -> bool:
        return any(piece in text.casefold() for piece in pieces)

    diagnostic = problem.diagnostic
    harmless = Diagnostic(
        diagnostic.case,
        diagnostic.span,
        tuple(
            # What names a sentence is ours, whatever letters it has in common with the value.
            (name, _HIDDEN if tells(value) and name not in NAMED else value)
            for name, value in diagnostic.values
        ),
        tuple(offer for offer in diagnostic.suggestions if not tells(offer.write)),
        diagnostic.severity,
    )
    return replace(problem, diagnostic=harmless)
