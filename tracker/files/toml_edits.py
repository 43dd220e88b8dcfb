"""Edits of a TOML text that leave every other character as it is.

Comments, order, quotes, alignment and line ends are the writer's. A library that keeps layout moves
tables in some files, so the text itself is edited, where toml_positions.py says.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from typing import NamedTuple

from tracker.files.problems import KeyPath
from tracker.files.toml_positions import TomlPlace, outline

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


class Replacement(NamedTuple):
    """What stands between two places of a text becomes something else."""

    start: int
    end: int
    new: str

    def apply(self, text: str) -> str:
        """The text after it."""
        return text[: self.start] + self.new + text[self.end :]


class NoRoom(ValueError):
    """There is no place in the text for what is to be written."""


def toml_text(value: str) -> str:
    """A text as a TOML string: on one line, or over several where it has newlines.

    >>> toml_text('the "Term"')
    '"the \\\\"Term\\\\""'
    """
    written = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if "\n" not in value or not value.strip("\n"):
        return written
    inner = written[1:-1].replace("\\n", "\n").replace("\\\n", "\\\\n")
    multiple = f'"""\n{inner}"""'
    return multiple if _reads(multiple) == value else written


def _reads(written: str) -> object:
    try:
        return tomllib.loads(f"key = {written}")["key"]
    except tomllib.TOMLDecodeError:
        return None


def quoted_key(key: str) -> str:
    """A key as TOML writes it, quoted where it must be.

    >>> quoted_key("occurred"), quoted_key("2028.12")
    ('occurred', '"2028.12"')
    """
    return key if _BARE_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def entry_key(entry: str) -> str:
    """The key of one entry: a name as it is, a day or a number in quotes.

    >>> entry_key("breach-7"), entry_key("2028-12-31")
    ('breach-7', '"2028-12-31"')
    """
    plain = _BARE_KEY.fullmatch(entry) and not entry[0].isdigit()
    return entry if plain else json.dumps(entry)


def set_value(text: str, table: KeyPath, key: str, value: str) -> Replacement:
    """Sets a key of a table to a written value: in its place, else on a line behind the others.

    Raises NoRoom where the key is a table of its own.
    """
    there = outline(text)[0].get((*table, key))
    if there is not None:
        if not _is_value(text, there):
            raise NoRoom(key)
        return Replacement(there.start, there.end, value)
    return _add_key(text, table, quoted_key(key), value)


def set_entry(text: str, table: KeyPath, key: str, entry: str, value: str) -> Replacement:
    """Sets one entry of a key that holds a table: `occurred = { "2028-12-31" = 2028-09-15 }`.

    Raises NoRoom where the key holds something else.
    """
    places, headers = outline(text)
    path, written = (*table, key), entry_key(entry)
    there = places.get(path)
    if there is None:
        return _add_key(text, table, quoted_key(key), f"{{ {written} = {value} }}")
    if (old := places.get((*path, entry))) is not None:
        return Replacement(old.start, old.end, value)
    if any(table_path == path for _, table_path in headers) or text[there.start] == "{":
        return _add_key(text, path, written, value)
    if _is_value(text, there):
        raise NoRoom(key)
    return _add_key(text, table, f"{quoted_key(key)}.{written}", value)  # its neighbours are dotted


def remove_key(text: str, table: KeyPath, key: str) -> Replacement:
    """Takes a key of a table away, with the line that it stands on.

    Raises NoRoom where it is a table of its own, or stands in one line with others.
    """
    place = outline(text)[0].get((*table, key))
    if place is None:
        return Replacement(0, 0, "")
    start = text.rfind("\n", 0, place.key_start) + 1
    newline = text.find("\n", place.end)
    end = len(text) if newline < 0 else newline + 1
    behind = text[place.end : end].strip()
    if (
        not _is_value(text, place)
        or text[start : place.key_start].strip()
        or not _is_comment(behind)
    ):
        raise NoRoom(key)
    return Replacement(start, end, "")


def _is_comment(text: str) -> bool:
    return not text or text.startswith("#")


def _is_value(text: str, place: TomlPlace) -> bool:
    """Whether a value stands there, and not the name of a table or the front of a dotted key."""
    return place.start > place.key_end or place.key_start == place.key_end


def append_table(text: str, lines: Sequence[str], inside: KeyPath | None = None) -> Replacement:
    """Adds a table below all others, or behind all that belongs to the table `inside`.

    Raises NoRoom where the array that it goes into is written as one value.
    """
    name = lines[0].strip("[] ")
    places, headers = outline(text)
    array = places.get((name,))
    if array is not None and _is_value(text, array):
        raise NoRoom(name)
    at = len(text)
    if inside is not None:
        own = [number for number, (_, path) in enumerate(headers) if path[: len(inside)] == inside]
        its_tables = places.get((*inside, *lines[0].strip("[] ").split(".")[1:]))
        if not own or (its_tables is not None and _is_value(text, its_tables)):
            raise NoRoom(name)
        if own[-1] + 1 < len(headers):
            at = _behind_statements(text, places, headers[own[-1]][0], headers[own[-1] + 1][0])
    end = _line_end(text, at)
    before = text[:at]
    gap = "" if not before else end if before.endswith("\n") else end * 2
    if before.endswith(("\n\n", "\r\n\r\n")) and at == len(text):
        gap = ""
    written = "".join(f"{line}\n" for line in lines).replace("\n", end)
    return Replacement(at, at, gap + written)


def _add_key(text: str, table: KeyPath, key: str, value: str) -> Replacement:
    """A new key of a table, behind its last one."""
    places, headers = outline(text)
    whole = places.get(table)
    if whole is not None and text[whole.start : whole.start + 1] == "{":
        return _add_inside(text, table, places, f"{key} = {value}")
    numbers = [number for number, (_, path) in enumerate(headers) if path == table]
    if not numbers and table:
        raise NoRoom(key)
    start = headers[numbers[0]][0] if numbers else 0
    number = numbers[0] + 1 if numbers else 0
    stop = headers[number][0] if number < len(headers) else len(text)
    at = _behind_statements(text, places, start, stop)
    end = _line_end(text, at)
    line = _format_line(text, places, (start, at), key, value)
    before = text[:at]
    return Replacement(at, at, f"{line}{end}" if before.endswith("\n") else f"{end}{line}")


def _add_inside(
    text: str, table: KeyPath, places: dict[KeyPath, TomlPlace], pair: str
) -> Replacement:
    """A new pair of an inline table, behind its last one."""
    whole = places[table]
    ends = [place.end for path, place in places.items() if path[: len(table)] == table]
    last = max((end for end in ends if end < whole.end), default=None)
    if last is None:
        return Replacement(whole.start, whole.end, f"{{ {pair} }}")
    return Replacement(last, last, f", {pair}")


def _behind_statements(text: str, places: dict[KeyPath, TomlPlace], start: int, stop: int) -> int:
    """Where the line after the last statement between two headers begins."""
    ends = [place.end for place in places.values() if start <= place.key_start < stop]
    last = max(ends, default=start)
    newline = text.find("\n", last)
    return len(text) if newline < 0 else newline + 1


def _line_end(text: str, at: int) -> str:
    """The line end used before that place, else in most of the text."""
    newline = text.rfind("\n", 0, at)
    if newline >= 0:
        return "\r\n" if text[newline - 1 : newline] == "\r" else "\n"
    return "\r\n" if "\r\n" in text else "\n"


def _format_line(
    text: str, places: dict[KeyPath, TomlPlace], within: tuple[int, int], key: str, value: str
) -> str:
    """A line as its neighbours stand: indented as the last, "=" below "=" where they all are."""
    start, stop = within
    lines: list[tuple[str, str, str]] = []  # before the key, the key, and up to the value
    for place in places.values():
        if start <= place.key_start < stop and _is_value(text, place):
            begin = text.rfind("\n", 0, place.key_start) + 1
            margin = text[begin : place.key_start]
            if not margin.strip() and place.key_end > place.key_start:
                written = text[place.key_start : place.key_end]
                lines.append((margin, written, text[place.key_end : place.start]))
    if not lines:
        return f"{key} = {value}"
    margin, _, around = lines[-1]
    columns = {len(before) + len(written) + gap.index("=") for before, written, gap in lines}
    aligned = len(lines) > 1 and len(columns) == 1 and around[:1] in (" ", "\t")
    if aligned:
        wide = columns.pop() - len(margin)
        return (
            f"{margin}{key:{wide}}{around[around.index('=') :]}{value}"
            if (len(key) < wide)
            else f"{margin}{key} = {value}"
        )
    return f"{margin}{key}{' = ' if around[:1] == ' ' else around}{value}"
