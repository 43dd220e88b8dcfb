"""Where the keys and values of a TOML text stand.

tomllib keeps no positions, and nobody needs them until there is something to report. positions()
walks a text that tomllib has accepted: what is valid needs no second judgement here, only places.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass

from tracker.files.problems import KeyPath
from tracker.files.toml_guards import (
    DOT,
    KEY_PART,
    LITERAL,
    LITERAL_LINES,
    TEXT,
    TEXT_LINES,
)


@dataclass(frozen=True, slots=True)
class TomlPlace:
    """Offsets into the text, in characters: of a key's last part, and of its value.

    A table's value is the last part of its name, where that first stands or is declared; an item of
    a list has no key, and the key's place is then empty, before the item.
    """

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


_DATE_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ ][0-9]{2}:[^\s,\]}#]++"  # the one value with a space
_BARE = r"[^\s,\[\]{}\"'#]++"

#: Between statements, and between the items of a list or an inline table.
_GAP = re.compile(r"[ \t\r\n,]*+(?:#[^\n]*+[ \t\r\n,]*+)*+")
#: A key of one bare part, with its "=".
_KEY = re.compile(r"([A-Za-z0-9_-]++)[ \t]*+=[ \t]*+")
_PART = re.compile(KEY_PART)
_DOT = re.compile(DOT)
_EQUALS = re.compile(r"[ \t]*+=[ \t]*+")
_OPENING = re.compile(r"\[\[?[ \t]*+")
_CLOSING = re.compile(r"[ \t]*+\]\]?")
#: All but lists and inline tables.
_VALUE = re.compile(rf"{TEXT_LINES}|{LITERAL_LINES}|{TEXT}|{LITERAL}|{_DATE_TIME}|{_BARE}")


def positions(text: str) -> dict[KeyPath, TomlPlace]:
    """The place of every key, value, list item and table, by its path in the parsed result."""
    return _Walk(text).document()


def outline(text: str) -> tuple[dict[KeyPath, TomlPlace], list[tuple[int, KeyPath]]]:
    """The same, and where each header ([a.b] or [[a.b]]) begins, with the table that it opens."""
    walk = _Walk(text)
    return walk.document(), walk.headers


class _Walk:
    """One pass over a text: each method reads what stands at an offset and gives the one after it.

    It recurs only as deep as lists and inline tables nest, which toml_guards.py bounds.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: dict[KeyPath, TomlPlace] = {}
        self.counts: dict[KeyPath, int] = {}  #: of each array of tables, the newest item's index
        self.headers: list[tuple[int, KeyPath]] = []

    def document(self) -> dict[KeyPath, TomlPlace]:
        table: KeyPath = ()
        at = self.after(_GAP, 0)
        while at < len(self.text):
            if self.text[at] == "[":
                at, table = self.header(at)
            else:
                at = self.pair(at, table)
            at = self.after(_GAP, at)
        return self.found

    def after(self, pattern: re.Pattern[str], at: int) -> int:
        """The offset behind what the pattern finds here. ValueError: the text is not valid TOML."""
        match = pattern.match(self.text, at)
        if match is None:
            raise ValueError(f"no TOML at {at}")
        return match.end()

    def key(self, at: int, table: KeyPath) -> tuple[int, KeyPath, int, int]:
        """A dotted key: behind it; its path, which may be of an array; its last part's place."""
        path = table
        while True:
            end = self.after(_PART, at)
            path = (*path, _plain(self.text[at:end]))
            dot = _DOT.match(self.text, end)
            if dot is None:
                return end, path, at, end
            if path not in self.found:
                self.found[path] = TomlPlace(at, end, at, end)
            path = self.newest(path)
            at = dot.end()

    def newest(self, path: KeyPath) -> KeyPath:
        """The path, with the index of the newest item if it is an array of tables."""
        return (*path, self.counts[path]) if path in self.counts else path

    def header(self, at: int) -> tuple[int, KeyPath]:
        """[a.b] or [[a.b]], and the path of the table that it opens."""
        behind, path, start, end = self.key(self.after(_OPENING, at), ())
        place = TomlPlace(start, end, start, end)
        if self.text.startswith("[[", at):
            self.counts[path] = self.counts.get(path, -1) + 1
            self.found.setdefault(path, place)
            path = self.newest(path)
        self.found[path] = place
        self.headers.append((at, path))
        return self.after(_CLOSING, behind), path

    def pair(self, at: int, table: KeyPath) -> int:
        """key = value"""
        key = _KEY.match(self.text, at)
        if key is not None:
            return self.value(key.end(), (*table, key[1]), at, key.end(1))
        behind, path, start, end = self.key(at, table)
        return self.value(self.after(_EQUALS, behind), path, start, end)

    def value(self, at: int, path: KeyPath, key_start: int, key_end: int) -> int:
        value = _VALUE.match(self.text, at)
        if value is not None:
            end = value.end()
        elif self.text[at] == "[":
            end = self.items(at, path)
        else:
            end = self.pairs(at, path)
        self.found[path] = TomlPlace(key_start, key_end, at, end)
        return end

    def items(self, at: int, path: KeyPath) -> int:
        """A list with its brackets."""
        at = self.after(_GAP, at + 1)
        number = 0
        while self.text[at] != "]":
            at = self.after(_GAP, self.value(at, (*path, number), at, at))
            number += 1
        return at + 1

    def pairs(self, at: int, path: KeyPath) -> int:
        """An inline table with its braces."""
        at = self.after(_GAP, at + 1)
        while self.text[at] != "}":
            at = self.after(_GAP, self.pair(at, path))
        return at + 1


def _plain(part: str) -> str:
    """A part of a key without its quotes and escapes."""
    if "\\" in part and part[0] == '"':
        (name,) = tomllib.loads(f"{part} = 0")
        return name
    return part[1:-1] if part[0] in "\"'" else part


_MARK = re.compile(r"""("{3}|'{3})(?:\r?\n)?|["']""")
_ESCAPE = r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|.)"
#: By the mark of a text: what in it is not one character of the value for one of the text.
_ODD = {
    '"': re.compile(_ESCAPE),
    '"""': re.compile(rf"(?P<nothing>\\[ \t]*+\r?\n[ \t\r\n]*+)|{_ESCAPE}|\r\n"),
    "'''": re.compile(r"\r\n"),
    "'": re.compile(r"(?!)"),
}


def inside(text: str, place: TomlPlace, index: int) -> int:
    """Where the character `index` of a string value stands; past its end, the closing quote.

    Of a value that is no string the written form is counted: a day without quotes reads the same.
    """
    mark = _MARK.match(text, place.start)
    if mark is None:
        return min(place.start + index, place.end)
    quotes = mark[1] or mark[0]
    at, stop = mark.end(), place.end - len(quotes)
    for odd in _ODD[quotes].finditer(text, at, stop):
        if index < odd.start() - at:
            break
        index -= odd.start() - at
        if odd.lastgroup is None:
            if index == 0:
                return odd.start()
            index -= 1
        at = odd.end()
    return min(at + index, stop)
