"""Edits of a TOML text that leave every other character of it as it is.

A library that writes TOML anew moves tables in some files. So the text itself is edited, at the
offsets that positions() gives: one span of it is replaced, and comments, order, quotes, alignment
and line ends outside of that span are never touched. Texts are without a byte order mark, as
tomllib wants them; edited() keeps the mark of a file.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.files.problems import Path
from tracker.files.toml_positions import Place, positions


class NoRoom(ValueError):
    """The text has no place where that could be written as one edit."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """One edit of a text: what stands between two offsets, in characters, gives way to `new`."""

    start: int
    end: int
    new: str


def applied(text: str, replacement: Replacement) -> str:
    """The text with that edit.

    >>> applied("a = 1 # x", Replacement(4, 5, "23"))
    'a = 23 # x'
    """
    return text[: replacement.start] + replacement.new + text[replacement.end :]


def reversed_(text: str, replacement: Replacement) -> Replacement:
    """What takes the edit of this text, the one before it, back again.

    >>> reversed_("a = 1 # x", Replacement(4, 5, "23"))
    Replacement(start=4, end=6, new='1')
    """
    start = replacement.start
    return Replacement(start, start + len(replacement.new), text[start : replacement.end])


def edited(content: bytes, replacement: Replacement) -> bytes:
    """The bytes of a file with an edit of the text that they hold in UTF-8.

    Offsets count from behind a byte order mark, which stays. Raises UnicodeDecodeError.

    >>> edited(b"\\xef\\xbb\\xbfa = 1", Replacement(4, 5, "2"))
    b'\\xef\\xbb\\xbfa = 2'
    """
    mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    return mark + applied(content.removeprefix(mark).decode(), replacement).encode()


# -- what is written

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
#: What a string escapes: control characters and all that some program takes for a line's end.
_ODD = r"\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\\"
_ODD_IN_LINE = re.compile(rf'[{_ODD}\n"]')
_ODD_IN_LINES = re.compile(rf'[{_ODD}]|"(?=""|\Z)')
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def toml_text(value: str) -> str:
    """The text as a TOML string: of one line, or of several where it holds newlines.

    Raises UnicodeEncodeError, a ValueError, for surrogates: no TOML file can hold them.

    >>> print(toml_text('終了 "as agreed"'))
    "終了 \\"as agreed\\""
    >>> print(toml_text('said "no",\\nthen "yes"'))
    \"""
    said "no",
    then "yes\\"\"""
    """
    value.encode()
    if "\n" in value:
        return f'"""\n{_ODD_IN_LINES.sub(_escaped, value)}"""'
    return quoted_key(value)


def quoted_key(name: str) -> str:
    """The name as a key in quotes, whatever it holds.

    >>> print(quoted_key("2028-12-31"))
    "2028-12-31"
    """
    return f'"{_ODD_IN_LINE.sub(_escaped, name)}"'


def _escaped(match: re.Match[str]) -> str:
    return _SHORT.get(match[0], f"\\u{ord(match[0]):04X}")


def _key(name: str) -> str:
    """The name as a key, in quotes only where it needs them."""
    return name if _BARE_KEY.fullmatch(name) else quoted_key(name)


# -- the edits


def set_value(text: str, table: Path, key: str, value: str) -> Replacement:
    """The edit that sets the key, in the table at that path, to a value written in TOML.

    The value of a key that is there is replaced, and nothing around it. A new key gets a line
    behind the table's last one, indented and aligned like those before it; in an inline table, a
    place behind its last pair.

    Raises NoRoom where the key stands for a table or tables under headers or with dotted keys, or
    where the table is only implied by a header of one inside it; KeyError if there is no such
    table; ValueError if the text is not valid TOML.

    >>> text = '[[event]]\\nid   = "a" # first\\nwhen = "b"\\n'
    >>> print(applied(text, set_value(text, ("event", 0), "id", '"c"')), end="")
    [[event]]
    id   = "c" # first
    when = "b"
    >>> print(applied(text, set_value(text, ("event", 0), "on", "2028-09-15")), end="")
    [[event]]
    id   = "a" # first
    when = "b"
    on   = 2028-09-15
    """
    return _set(text, positions(text), (*table, key), _key(key), value)


def set_entry(text: str, table: Path, key: str, entry: str, value: str) -> Replacement:
    """The edit that sets one entry of the table that is the key's value, however it is written.

    A key that is not there gets an inline table of that one entry. Raises as set_value does, and
    NoRoom where the key's value is no table.

    >>> text = '[[event]]\\noccurred = { "2027-12-31" = 2027-09-14 }'
    >>> print(applied(text, set_entry(text, ("event", 0), "occurred", "2028-12-31", "2028-09-15")))
    [[event]]
    occurred = { "2027-12-31" = 2027-09-14, "2028-12-31" = 2028-09-15 }
    """
    found = positions(text)
    path = (*table, key)
    if path in found:
        return _set(text, found, (*path, entry), quoted_key(entry), value)
    return _set(text, found, path, _key(key), f"{{ {quoted_key(entry)} = {value} }}")


def append_table(text: str, lines: Sequence[str]) -> Replacement:
    """The edit that puts these lines, a table with its header, at the end of the text.

    A blank line comes before them, unless the text ends with one. Raises NoRoom where the text
    leaves no room for such a header, as `event = [{ … }]` leaves none for [[event]];
    TOMLDecodeError, another ValueError, where the lines or the text are not valid TOML by
    themselves.

    >>> append_table('id = "lease"', ["[[event]]", 'id = "rent"'])
    Replacement(start=12, end=12, new='\\n\\n[[event]]\\nid = "rent"\\n')
    """
    block = "".join(f"{line}\n" for line in lines)
    tomllib.loads(block)
    body = text.rstrip(" \t\r\n")
    line_ends = max((2 if body else 0) - text.count("\n", len(body)), text[-1:] not in ("", "\n"))
    new = _with_line_end("\n" * line_ends + block, _line_end(text, len(text)))
    replacement = Replacement(len(text), len(text), new)
    try:
        tomllib.loads(applied(text, replacement))
    except tomllib.TOMLDecodeError:
        tomllib.loads(text)
        raise NoRoom(f"no room for {lines[0]}") from None
    return replacement


# -- where

#: What stands behind the last name in a header; behind any other name in it stands a dot.
_CLOSING = re.compile(r"[ \t]*\]")
_HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)
_INDENTATION = re.compile(r"[ \t]*")


def _set(text: str, found: Mapping[Path, Place], path: Path, key: str, value: str) -> Replacement:
    """The edit for the value at that path; its key as it would be written."""
    place = found.get(path)
    if place is None:
        return _added(text, found, path[:-1], key, value)
    if not _is_value(place):
        raise NoRoom(f"{key} is written as a table with a header or dotted keys")
    new = _with_line_end(value, _line_end(text, place.start))
    return Replacement(place.start, place.end, new)


def _added(
    text: str, found: Mapping[Path, Place], table: Path, key: str, value: str
) -> Replacement:
    """The edit for a key that is new in that table.

    A table that exists only by dotted keys is continued with one more, where it stands.
    """
    host = table
    while not _is_opened(text, found, host):
        host = host[:-1]
    if host and _is_value(found[host]):
        own = [(path, place) for path, place in found.items() if path[: len(host)] == host != path]
        if text[found[host].start] != "{":
            raise NoRoom(f"{key} would stand in what is no table")
    else:
        own = list(_statements(text, found, found[host].end if host else 0))
    before = [place for path, place in own if path[: len(table)] == table]
    if host != table and not before:
        raise NoRoom(f"the table of {key} is only implied by a header")
    key = ".".join([*(_key(str(part)) for part in table[len(host) :]), key])
    if host and _is_value(found[host]):
        return _pair_added(text, found[host], before, f"{key} = {value}")
    header = found[host] if host else None
    return _line_added(text, header, [place for _, place in own], before, key, value)


def _is_value(place: Place) -> bool:
    """Whether a value stands there, and not just the name of a table."""
    return place.start >= place.key_end


def _is_opened(text: str, found: Mapping[Path, Place], path: Path) -> bool:
    """Whether the table has braces or a header of its own; as the document itself needs none."""
    if not path:
        return True
    place = found[path]
    if not _is_value(place) and (*path, 0) in found:
        raise NoRoom(f"{path[-1]} is an array of tables")
    return _is_value(place) or _CLOSING.match(text, place.end) is not None


def _statements(
    text: str, found: Mapping[Path, Place], start: int
) -> Iterator[tuple[Path, Place]]:
    """Every key with its value from there to the next header."""
    pairs = [
        (path, place)
        for path, place in found.items()
        if place.key_start >= start and place.start > place.key_end
    ]
    pairs.sort(key=lambda pair: pair[1].key_start)
    at = start
    for path, place in pairs:
        if place.key_start < at:  # in the value of the one before
            continue
        if _HEADER.search(text, at, place.key_start):
            return
        yield path, place
        at = place.end


def _pair_added(text: str, host: Place, before: Sequence[Place], pair: str) -> Replacement:
    """The edit for a pair in an inline table, behind the last of those before it."""
    if before:
        at = max(place.end for place in before)
        pair = f", {pair}"
    else:
        at = host.start + 1
        pair = f" {pair}" if text[at].isspace() else f" {pair} "
    return Replacement(at, at, _with_line_end(pair, _line_end(text, at)))


def _line_added(
    text: str,
    header: Place | None,
    own: Sequence[Place],
    before: Sequence[Place],
    key: str,
    value: str,
) -> Replacement:
    """The edit for a line of its own, below the last of those before it, else below the header."""
    neighbour = before[-1] if before else header
    if neighbour is None:
        line = _with_line_end(f"{key} = {value}\n", _line_end(text, 0))
        return Replacement(0, 0, line)
    indentation = _INDENTATION.match(text, _line_start(text, neighbour))
    assert indentation is not None
    key = indentation[0] + key
    line = f"{key.ljust(_equals_column(text, own) - 1)} = {value}"
    line_end = text.find("\n", neighbour.end)
    at = len(text) if line_end < 0 else line_end + 1
    line = f"\n{line}" if line_end < 0 else f"{line}\n"
    return Replacement(at, at, _with_line_end(line, _line_end(text, at)))


def _line_start(text: str, place: Place) -> int:
    return text.rfind("\n", 0, place.key_start) + 1


def _equals_column(text: str, places: Sequence[Place]) -> int:
    """The column in which all of them have their "=", from 0; 0 where they do not.

    Where no key is filled up, as with `id = 1` above `on = 2`, they are aligned by mere chance.
    """
    columns, gaps = set(), []
    for place in places:
        equals = text.index("=", place.key_end)
        columns.add(equals - _line_start(text, place))
        gaps.append(text[place.key_end : equals])
    filled = any(len(gap) > 1 for gap in gaps) and not any("\t" in gap for gap in gaps)
    return columns.pop() if filled and len(columns) == 1 else 0


def _line_end(text: str, at: int) -> str:
    """How the line before that offset ends; if it is the first, how most lines do."""
    newline = text.rfind("\n", 0, at)
    if newline >= 0:
        return "\r\n" if text[newline - 1 : newline] == "\r" else "\n"
    return "\r\n" if 2 * text.count("\r\n") > text.count("\n") else "\n"


def _with_line_end(written: str, line_end: str) -> str:
    """What is written, with that at the end of each line. In TOML it reads the same."""
    return written.replace("\r\n", "\n").replace("\n", line_end)
