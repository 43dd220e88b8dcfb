"""Where the keys and values of a TOML text stand.

tomllib keeps no positions, and nobody needs them until there is something to report. positions()
walks a text that tomllib has accepted: what is valid needs no second judgement here, only places.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from tracker.files.problems import Path


@dataclass(frozen=True, slots=True)
class Place:
    """Offsets into the text, in characters: of a key's last part, and of its value."""

    key_start: int
    key_end: int
    start: int
    end: int


class LineIndex:
    """Lines and columns of a text, both from 1; columns in characters."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(match.end() for match in re.finditer(r"\n", text))]

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """The line and the column of that character."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, without its end."""
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self.text) + 1
        return self.text[start : end - 1].rstrip("\r")


_SPACE = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_BLANK = re.compile(r"[ \t]*+")
_KEY_PART = re.compile(r"""[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'""")
_STRING = re.compile(
    r'"""(?:[^\\"]|\\.|"{1,2}(?!"))*+"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*+'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*+"'
    r"|'[^'\n]*+'",
    re.DOTALL,
)
_BARE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9][0-9:.]*+[^\s,\]}#]*+|[^\s,\]}#]++")
_ESCAPE = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_LINE_END = re.compile(r"\\[ \t]*+\r?\n[ \t\r\n]*+")


def positions(text: str) -> dict[Path, Place]:
    """The place of every key, value, list item and table, by its path in the parsed result."""
    return _Walk(text).document()


class _Walk:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Path, Place] = {}
        self.counts: dict[Path, int] = {}  #: of each array of tables, how many there are so far

    def skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def document(self) -> dict[Path, Place]:
        table: Path = ()
        while True:
            self.skip(_SPACE)
            if self.at >= len(self.text):
                return self.found
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)

    def key(self) -> list[tuple[str, int, int]]:
        """The parts of a dotted key, each with its place."""
        parts = []
        while True:
            self.skip(_BLANK)
            match = _KEY_PART.match(self.text, self.at)
            if match is None:
                raise ValueError(f"no key at {self.at}")
            name = match[0]
            if name[0] in "\"'":
                name = _plain(name)
            parts.append((name, *match.span()))
            self.at = match.end()
            if self.text[self.at : self.at + 1] in " \t":
                self.skip(_BLANK)
            if self.text[self.at : self.at + 1] != ".":
                return parts
            self.at += 1

    def header(self) -> Path:
        """[a.b] or [[a.b]]; gives the path of the table that it opens."""
        several = self.text.startswith("[[", self.at)
        self.at += 2 if several else 1
        path: Path = ()
        parts = self.key()
        for name, _, _ in parts[:-1]:
            path = self.current((*path, name))
        name, start, end = parts[-1]
        path = (*path, name)
        self.at += 2 if several else 1
        if several:
            self.found.setdefault(path, Place(start, end, start, end))
            self.counts[path] = self.counts.get(path, -1) + 1
        path = self.current(path)
        self.found[path] = Place(start, end, start, end)
        return path

    def current(self, path: Path) -> Path:
        """The path with the newest item, where it is an array of tables."""
        return (*path, self.counts[path]) if path in self.counts else path

    def pair(self, table: Path) -> None:
        """key = value"""
        parts = self.key()
        self.at += 1  # the "="
        self.skip(_BLANK)
        path = table
        for name, start, end in parts[:-1]:
            path = (*path, name)
            self.found.setdefault(path, Place(start, end, start, end))
        name, start, end = parts[-1]
        self.value((*path, name), start, end)

    def value(self, path: Path, key_start: int, key_end: int) -> None:
        start = self.at
        opening = self.text[start]
        if opening == "[":
            self.items(path)
        elif opening == "{":
            self.pairs(path)
        else:
            pattern = _STRING if opening in "\"'" else _BARE
            match = pattern.match(self.text, start)
            if match is None:
                raise ValueError(f"no value at {start}")
            self.at = match.end()
        self.found[path] = Place(key_start, key_end, start, self.at)

    def items(self, path: Path) -> None:
        """The items of a list."""
        self.at += 1
        number = 0
        while True:
            self.skip(_SPACE)
            if self.text[self.at] == "]":
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self.value((*path, number), self.at, self.at)
            number += 1

    def pairs(self, path: Path) -> None:
        """The pairs of an inline table."""
        self.at += 1
        while True:
            self.skip(_SPACE)
            if self.text[self.at] == "}":
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self.pair(path)


def _plain(quoted: str) -> str:
    """A quoted key without its quotes and escapes."""
    import tomllib

    return next(iter(tomllib.loads(f"{quoted} = 0")))


def inside(text: str, place: Place, index: int) -> int:
    """Where the character `index` of a string value stands; of other values, where they begin.

    An index past the end gives the place of the closing quote.
    """
    quoted = text[place.start : place.end]
    mark = next((mark for mark in ('"""', "'''", '"', "'") if quoted.startswith(mark)), None)
    if mark is None:
        return min(place.start + index, place.end)
    at = len(mark)
    if len(mark) == 3 and (first := re.match(r"\r?\n", quoted[at : at + 2])):
        at += first.end()
    end = len(quoted) - len(mark)
    for _ in range(index):
        if at >= end:
            break
        at = _following(quoted, at, mark)
    if mark == '"""':
        while (match := _LINE_END.match(quoted, at)) and at < end:
            at = match.end()
    return place.start + min(at, end)


def _following(quoted: str, at: int, mark: str) -> int:
    """Where the next character of the value begins."""
    if mark == '"""':
        while match := _LINE_END.match(quoted, at):
            at = match.end()
    if quoted[at] == "\\" and mark[0] == '"':
        match = _ESCAPE.match(quoted, at)
        return match.end() if match else at + 1
    return at + (2 if quoted.startswith("\r\n", at) else 1)
