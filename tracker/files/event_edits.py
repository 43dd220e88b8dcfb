"""Other values for the keys of an event, and records that are taken back: as edits of the files.

Pure, as record_edits.py is. Only the values that change are written; all other bytes stay.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from tracker.agreements.model import Event
from tracker.files.keys import EVENT
from tracker.files.problems import KeyPath
from tracker.files.record_edits import (
    EventFiles,
    FileEdit,
    edit_between,
    edit_of,
    plain_section,
    toml_value,
)
from tracker.files.toml_edits import NoRoom, Replacement, remove_key, set_entry, set_value

#: What the files hold records in.
_RECORDED = ("occurred", "started", "ended", "withdrawn")


class StatedRecord(NamedTuple):
    """Something that was recorded, as the file has it."""

    field: str
    occurrence: str | None
    value: str


def stated_values(files: EventFiles, event: Event) -> dict[str, Any]:
    """What the files state of an event, key by key: where amendments change it, what they say."""
    plain = plain_section(files, event)
    if plain is not None:
        (table,) = tomllib.loads(plain.section.text)["event"]
        return dict(table)
    values: dict[str, Any] = {}
    loaded: dict[str, Any] = {}
    for key in EVENT:
        origin = files.origins.place(event, key.name)
        if key.name in origin.fields:
            if origin.file not in loaded:
                loaded[origin.file] = tomllib.loads(files.text(origin.file))
            table = _table_at(loaded[origin.file], origin.path)
            if key.name in table:
                values[key.name] = table[key.name]
    return values


def stated_records(values: Mapping[str, Any]) -> Iterator[StatedRecord]:
    """What was recorded of an event, of which those values are stated."""
    for field in _RECORDED:
        value = values.get(field)
        if isinstance(value, Mapping):
            yield from (StatedRecord(field, str(key), str(day)) for key, day in value.items())
        elif value is not None:
            yield StatedRecord(field, None, str(value))


def change_event(
    files: EventFiles, event: Event, values: Mapping[tuple[str, ...], object | None]
) -> list[FileEdit]:
    """The edits that give keys of an event other values; None takes one away.

    A key is a path: `("title", "ja")` where it holds a text for each language. Raises NoRoom.
    """

    def edit(text: str, table: KeyPath, path: tuple[str, ...], value: object | None) -> Replacement:
        key, *entry = path
        if value is None:
            return remove_key(text, (*table, key) if entry else table, path[-1])
        if entry:
            return set_entry(text, table, key, entry[0], toml_value(value))
        return set_value(text, table, key, toml_value(value))

    return _edit_keys(files, event, [(path, value) for path, value in values.items()], edit)


def remove_record(files: EventFiles, event: Event, record: StatedRecord) -> list[FileEdit]:
    """The edit that takes away what was recorded, as if it never had been. Raises NoRoom."""

    def edit(text: str, table: KeyPath, path: tuple[str, ...], _value: object) -> Replacement:
        (field,) = path
        if record.occurrence is None:
            return remove_key(text, table, field)
        held = _table_at(tomllib.loads(text), (*table, field))
        if list(held) == [record.occurrence]:
            return remove_key(text, table, field)
        try:
            return remove_key(text, (*table, field), record.occurrence)
        except NoRoom:  # in one line with others
            rest = {key: day for key, day in held.items() if key != record.occurrence}
            return set_value(text, table, field, toml_value(rest))

    return _edit_keys(files, event, [((record.field,), None)], edit)


_EditKey = Callable[[str, KeyPath, tuple[str, ...], object], Replacement]


def _edit_keys(
    files: EventFiles,
    event: Event,
    values: list[tuple[tuple[str, ...], object | None]],
    edit: _EditKey,
) -> list[FileEdit]:
    plain = plain_section(files, event)
    if plain is not None:
        text = before = plain.section.text
        for path, value in values:
            text = edit(text, ("event", 0), path, value).apply(text)
        whole = plain.section.whole(Replacement(0, len(before), text))
        return [edit_of(files, plain.file, whole)]
    texts: dict[str, str] = {}
    for path, value in values:
        origin = files.origins.place(event, path[0])
        text = texts.get(origin.file) or files.text(origin.file)
        texts[origin.file] = edit(text, origin.path, path, value).apply(text)
    return [edit_between(files, name, _encode(files, name, text)) for name, text in texts.items()]


def _encode(files: EventFiles, name: str, text: str) -> bytes:
    mark = (
        b"\xef\xbb\xbf"
        if files.contents[files.names.index(name)].startswith(b"\xef\xbb\xbf")
        else b""
    )
    return mark + text.encode()


def _table_at(data: Any, path: KeyPath) -> Mapping[str, Any]:
    for step in path:
        data = data[step]
    return data if isinstance(data, Mapping) else {}


def write_as_before(text: str, stated: object) -> object:
    """A text that somebody typed, as the file has what stood there: a bare day stays a bare day.

    >>> write_as_before("2027-03-01", date(2027, 2, 1))
    datetime.date(2027, 3, 1)
    >>> write_as_before("2027-03-01", "30 days after signed")
    '2027-03-01'
    """
    if type(stated) is date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text
