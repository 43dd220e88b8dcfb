"""From the tables of an events file to values; all that is wrong with them is collected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tracker.agreements.model import Amendment, Change, Event, Line, Source, Texts
from tracker.dates.calendars import WEEKDAYS, Spans
from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.expressions import Ref
from tracker.dates.laws import Counting
from tracker.dates.lead_times import Lead
from tracker.dates.words.counted import Lasts
from tracker.files.key_model import Read, key_names, readers_of
from tracker.files.keys import AMENDMENT, CHANGE, EVENT, FILE, IDENTITY, SOURCE
from tracker.files.problems import KeyPath
from tracker.files.values import Reader, duplicates

FILE_KEYS = (*key_names(FILE), "sources", "event", "amendment")
HEADER_KEYS = readers_of(FILE)
#: The keys of an event, and how each is read.
EVENT_KEYS = readers_of(EVENT)
CHANGE_KEYS = readers_of(CHANGE)
REMOVABLE = tuple(key for key in CHANGE_KEYS if key not in IDENTITY)
SOURCE_KEYS = readers_of(SOURCE)
AMENDMENT_KEYS = (*key_names(AMENDMENT), "event")


@dataclass
class Content:
    """What one file states."""

    file: str
    id: str | None = None
    amends: str | None = None  #: the agreement that it amends, where it names one
    title: Texts | None = None
    language: str | None = None
    timezone: str | None = None
    calendar: str | None = None
    counting: Counting | None = None
    closed: Spans | None = None
    announced: Spans | None = None
    reminders: tuple[Lead, ...] | None = None
    sources: list[tuple[Source, KeyPath]] = field(default_factory=list)
    events: list[tuple[Event, KeyPath]] = field(default_factory=list)
    amendments: list[tuple[Amendment, KeyPath]] = field(default_factory=list)


def read_content(data: dict[str, Any], reader: Reader, home: str | None) -> Content:
    """The content of a file; `home` is the agreement that it amends, None: it states one."""
    content = Content(reader.file)
    if "language" in data:
        content.language = reader.language_tag(data["language"], ("language",))
        reader.language = content.language or reader.language
    reader.data = data
    reader.keys(data, (), FILE_KEYS)
    _read_header(data, reader, content)
    agreement = content.id or home or "?"
    _read_sources(data.get("sources", {}), reader, content)
    for table, path in reader.tables(data.get("event", []), ("event",)):
        event = read_event(table, path, reader, agreement)
        if event is not None:
            content.events.append((event, path))
    for table, path in reader.tables(data.get("amendment", []), ("amendment",)):
        amendment = _read_amendment(table, path, reader)
        if amendment is not None:
            content.amendments.append((amendment, path))
    return content


def _read_header(data: dict[str, Any], reader: Reader, content: Content) -> None:
    keys = {key: read for key, read in HEADER_KEYS.items() if key != "language"}  # is read before
    for key, value in _values(data, (), reader, keys).items():
        setattr(content, key, value)
    if content.id and content.amends:
        _report_both(content.id, content.amends, reader)
    reader.timezone = content.timezone or reader.timezone
    reader.states_timezone = content.timezone is not None
    if "calendar" in data:
        # One that cannot be read has its error: nothing is told as lacking any besides.
        content.calendar = content.calendar or WEEKDAYS


def _report_both(stated: str, amended: str, reader: Reader) -> None:
    """A file states an agreement, or amends one: which of the two lines is to stay?"""
    if stated == amended:
        diagnostic = Diagnostic("amends-itself", values=(("id", stated),))
    else:
        amends = Suggestion(f'amends = "{amended}"', "only-amends", (("id", amended),))
        stays = Suggestion(f'id = "{stated}"', "agreement-of-its-own")
        diagnostic = Diagnostic("states-and-amends", suggestions=(amends, stays))
    reader.report(diagnostic, ("amends",))


def _read_sources(value: object, reader: Reader, content: Content) -> None:
    for name, source in reader.table(value, ("sources",)).items():
        path: KeyPath = ("sources", name)
        reader.id(name, path)
        table = reader.table(source, path)
        reader.keys(table, path, tuple(SOURCE_KEYS))
        values = _values(table, path, reader, SOURCE_KEYS)
        title = values.pop("title", None) or ((reader.language, name),)
        content.sources.append((Source(name, title, **values), path))


def _values(
    table: dict[str, Any], path: KeyPath, reader: Reader, keys: dict[str, Read]
) -> dict[str, Any]:
    """The values that could be read, by key."""
    values = {}
    for key, value in table.items():
        if key in keys:
            read = keys[key](reader, value, (*path, key))
            if read is not None:
                values[key] = read
    return values


def _check_required(table: dict[str, Any], path: KeyPath, reader: Reader, *keys: str) -> None:
    for key in keys:
        if key not in table:
            suggestions = (Suggestion(f'{key} = "…"'),)
            reader.report(
                Diagnostic("missing-key", values=(("key", key),), suggestions=suggestions), path
            )


def read_event(
    table: dict[str, Any], path: KeyPath, reader: Reader, agreement: str
) -> Event | None:
    reader.keys(table, path, tuple(EVENT_KEYS))
    _check_required(table, path, reader, "id", "title")
    values = _values(table, path, reader, EVENT_KEYS)
    if "id" not in values:
        return None
    values.setdefault("title", ((reader.language, values["id"]),))
    _state_term(values, values["id"])
    if not any(key in table for key in ("when", "starts", "ends", "lasts", "started", "ended")):
        reader.report(Diagnostic("no-day-stated", values=(("id", values["id"]),)), path)
    return Event(agreement, **values)


def _state_term(values: dict[str, Any], name: str) -> None:
    """Makes of the length that `lasts` states the line of the event's end."""
    if "lasts" in values:
        text, duration = values["lasts"]
        start = Ref(None, name, "start")
        values["lasts"] = Line.of(text, Lasts(duration, start, (0, len(text))))


def _read_amendment(table: dict[str, Any], path: KeyPath, reader: Reader) -> Amendment | None:
    reader.keys(table, path, AMENDMENT_KEYS)
    _check_required(table, path, reader, "id", "on")
    values = _values(table, path, reader, readers_of(AMENDMENT))
    changes = _read_changes(table.get("event", []), (*path, "event"), reader)
    return Amendment(changes=changes, **values) if {"id", "on"} <= values.keys() else None


def _read_changes(value: object, path: KeyPath, reader: Reader) -> tuple[Change, ...]:
    changes = []
    for table, at in reader.tables(value, path):
        reader.keys(table, at, (*CHANGE_KEYS, "remove"))
        _check_required(table, at, reader, "id")
        removed = reader.strings(table.get("remove", []), (*at, "remove")) or ()
        values = _values(table, at, reader, CHANGE_KEYS)
        _check_removed(removed, table, at, reader)
        name = values.pop("id", None)
        _state_term(values, name or "?")
        removable = tuple(key for key in removed if key in REMOVABLE and key not in values)
        changes.append(Change(name or "?", tuple(values.items()), removable))
    for name, place in duplicates((change.event, (*path, n)) for n, change in enumerate(changes)):
        if name != "?":
            reader.report(Diagnostic("amended-twice", values=(("id", name),)), (*place, "id"))
    return tuple(changes)


def _check_removed(
    removed: tuple[str, ...], table: dict[str, Any], path: KeyPath, reader: Reader
) -> None:
    for at, key in enumerate(removed):
        place = (*path, "remove", at)
        if key not in REMOVABLE:
            values = (("key", key), ("known", ", ".join(REMOVABLE)))
            reader.report(Diagnostic("not-removable", values=values), place)
        elif key in table:
            reader.report(Diagnostic("set-and-removed", values=(("key", key),)), place)
