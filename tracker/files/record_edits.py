"""What a command writes into an events file: in which place, in which words, and checked.

Pure: contents in, contents out. Writing is writing.py's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from tracker.agreements.keys import Occurrence
from tracker.agreements.model import Agreement, Event
from tracker.dates.instants import Instant, Moment
from tracker.files.loading import read
from tracker.files.origins import Origins
from tracker.files.problems import KeyPath
from tracker.files.sections import Section, event_in, home_in, section_of, with_event
from tracker.files.toml_edits import (
    Replacement,
    append_table,
    entry_key,
    quoted_key,
    set_entry,
    set_value,
    toml_text,
)
from tracker.files.toml_positions import LineIndex
from tracker.timeline.validation.checks import diagnostics_of_record

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class EventFiles:
    """The events files as they were read, and what they say."""

    names: tuple[str, ...]
    contents: tuple[bytes, ...]
    agreements: tuple[Agreement, ...]

    @cached_property
    def origins(self) -> Origins:
        """Where everything stands, for which all is read again."""
        return read(self.names, self.contents)[1]

    def text(self, name: str) -> str:
        """The text of a file, without a byte order mark."""
        return self.contents[self.names.index(name)].decode("utf-8-sig")

    def agreement(self, name: str) -> Agreement:
        """The agreement of that id."""
        return next(agreement for agreement in self.agreements if agreement.id == name)

    def zone(self, event: Event) -> str:
        """The zone of the event's file."""
        return self.agreement(event.agreement).timezone


@dataclass(frozen=True)
class FileEdit:
    """An edit of one of the files: what its bytes were, and what they are to be."""

    file: str
    before: bytes
    after: bytes
    line: int  #: on which it begins
    removed: tuple[str, ...]  #: the lines that it changes
    added: tuple[str, ...]  #: what they become
    known: tuple[Agreement, ...] | None = None  #: what the files say then, where it was checked

    def agreements_after(self, files: EventFiles) -> tuple[Agreement, ...]:
        """What the files say after it; raises FileErrors where they would have errors."""
        if self.known is not None:
            return self.known
        contents = {**dict(zip(files.names, files.contents, strict=True)), self.file: self.after}
        if states_nothing(self.after):
            del contents[self.file]
        return read(tuple(contents), tuple(contents.values()))[0] if contents else ()


def agreements_after(files: EventFiles, edits: Sequence[FileEdit]) -> tuple[Agreement, ...]:
    """What the files say after all of these edits; raises FileErrors."""
    if len(edits) == 1:
        return edits[0].agreements_after(files)
    contents = dict(zip(files.names, files.contents, strict=True))
    contents |= {edit.file: edit.after for edit in edits}
    whole = {name: content for name, content in contents.items() if not states_nothing(content)}
    return read(tuple(whole), tuple(whole.values()))[0] if whole else ()


def toml_moment(moment: Moment) -> str:
    """A day as TOML has it; an instant as a line has it, in quotes."""
    return f'"{moment}"' if isinstance(moment, Instant) else moment.isoformat()


def record_moment(
    files: EventFiles,
    event: Event,
    field: str,
    moment: Moment,
    occurrence: Occurrence | None = None,
) -> FileEdit:
    """Records a moment (or withdraws the event from that day on), beside what is stated.

    Raises NoRoom where the field holds something else.
    """

    def edit(text: str, table: KeyPath) -> Replacement:
        if occurrence is None:
            return set_value(text, table, field, toml_moment(moment))
        return set_entry(text, table, field, str(occurrence), toml_moment(moment))

    quick = _at_a_glance(files, event, edit)
    if quick is not None:
        return quick
    origin = files.origins.place(event, field)
    return edit_of(files, origin.file, edit(files.text(origin.file), origin.path))


def _at_a_glance(
    files: EventFiles, event: Event, edit: Callable[[str, KeyPath], Replacement]
) -> FileEdit | None:
    """The edit of an event that stands plainly in one file, without reading all of them again."""
    plain = plain_section(files, event)
    if plain is None:
        return None
    name, section, agreement, stated = plain
    inner = edit(section.text, ("event", 0))
    after = event_in(inner.apply(section.text), stated, agreement, name)
    if after is None:
        return None
    known = tuple(
        with_event(known, after) if known.id == agreement.id else known
        for known in files.agreements
    )
    if diagnostics_of_record(after, known):
        return None
    return edit_of(files, name, section.whole(inner), known)


class PlainSection(NamedTuple):
    """An event that stands plainly in one file, and is amended nowhere."""

    file: str
    section: Section
    agreement: Agreement
    stated: Event


def plain_section(files: EventFiles, event: Event) -> PlainSection | None:
    """Where an event stands, without reading all files again; None where a glance does not tell."""
    agreement = files.agreement(event.agreement)
    stated = next((first for first in agreement.events if first.id == event.id), None)
    amended = any(
        change.event == event.id
        for amendment in agreement.amendments
        for change in amendment.changes
    )
    sections = [
        (name, section)
        for name in files.names
        if home_in(files.text(name), files.agreements) == agreement.id
        and (section := section_of(files.text(name), event.id)) is not None
    ]
    if stated is None or amended or len(sections) != 1:
        return None
    name, section = sections[0]
    if event_in(section.text, stated, agreement, name) != stated:
        return None  # part of it stands elsewhere, in a table of its own
    return PlainSection(name, section, agreement, stated)


def states_nothing(content: bytes) -> bool:
    """Whether a file is empty, but for comments."""
    lines = content.removeprefix(_BOM).splitlines()
    return all(not line.strip() or line.lstrip().startswith(b"#") for line in lines)


def begin_file(files: EventFiles, agreement: str, fields: Mapping[str, object]) -> FileEdit:
    """Begins the one file, in which nothing is stated yet, with an agreement and an event."""
    (file,) = files.names
    text = files.text(file)
    end = "\r\n" if "\r\n" in text else "\n"
    gap = end if text.strip() else ""
    if text and not text.endswith("\n"):
        gap = end + gap
    lines = [f'id = "{agreement}"', "", "[[event]]", *table_lines(fields)]
    whole = gap + "".join(f"{line}{end}" for line in lines)
    return edit_of(files, file, Replacement(len(text), len(text), whole))


def add_event(files: EventFiles, agreement: str, fields: Mapping[str, object]) -> FileEdit:
    """Adds an event below all that the agreement's file says.

    Raises NoRoom where the events are written as one value.
    """
    file = files.origins.homes[agreement]
    lines = ["[[event]]", *table_lines(fields)]
    return edit_of(files, file, append_table(files.text(file), lines))


def amend_event(
    files: EventFiles, agreement: str, header: Mapping[str, object], fields: Mapping[str, object]
) -> FileEdit:
    """Adds an amendment of one event; to one that is there already, another event.

    Raises NoRoom where the amendments are written as one value.
    """
    change = ["[[amendment.event]]", *table_lines(fields)]
    place = files.origins.amendments.get((agreement, str(header["id"])))
    if place is not None:
        text = files.text(place.file)
        return edit_of(files, place.file, append_table(text, change, place.path))
    file = files.origins.homes[agreement]
    lines = ["[[amendment]]", *table_lines(header), "", *change]
    return edit_of(files, file, append_table(files.text(file), lines))


def edit_between(files: EventFiles, name: str, after: bytes) -> FileEdit:
    """The edit that makes a file's bytes those, whatever it is that differs."""
    old, new = files.text(name), after.decode("utf-8-sig")
    start = _common_length(old, new)
    room = min(len(old), len(new)) - start
    tail = min(_common_length(old[::-1], new[::-1]), room)
    replacement = Replacement(start, len(old) - tail, new[start : len(new) - tail])
    return edit_of(files, name, replacement)


def _common_length(first: str, second: str) -> int:
    """How many letters both begin with."""
    low, high = 0, min(len(first), len(second))
    while low < high:
        middle = (low + high + 1) // 2
        if first[low:middle] == second[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def table_lines(fields: Mapping[str, object]) -> list[str]:
    """The lines of a table that holds those values.

    >>> table_lines({"id": "rent", "tags": ["money"]})
    ['id = "rent"', 'tags = ["money"]']
    """
    return [f"{quoted_key(key)} = {toml_value(value)}" for key, value in fields.items()]


def toml_value(value: object) -> str:
    """A value as TOML writes it.

    >>> print(toml_value(["a", "b"]), toml_value({"2028-12-31": date(2028, 9, 15)}))
    ["a", "b"] { "2028-12-31" = 2028-09-15 }
    """
    if isinstance(value, date | Instant):
        return toml_moment(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, Mapping):
        pairs = (f"{entry_key(str(key))} = {toml_value(part)}" for key, part in value.items())
        return f"{{ {', '.join(pairs)} }}"
    return toml_text(str(value))


def edit_of(
    files: EventFiles,
    name: str,
    replacement: Replacement,
    known: tuple[Agreement, ...] | None = None,
) -> FileEdit:
    """The edit in bytes, with the lines that it changes as they were and as they are."""
    before = files.contents[files.names.index(name)]
    text = files.text(name)
    after = replacement.apply(text)
    mark = _BOM if before.startswith(_BOM) else b""
    line, _ = LineIndex(text).line_and_column(replacement.start)
    start = text.rfind("\n", 0, replacement.start) + 1
    old = text[start : _end_of_line(text, replacement.end)].splitlines()
    new_end = replacement.start + len(replacement.new)
    new = after[start : _end_of_line(after, new_end)].splitlines()
    while old and new and old[0] == new[0]:
        old, new, line = old[1:], new[1:], line + 1
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return FileEdit(name, before, mark + after.encode(), line, tuple(old), tuple(new), known)


def _end_of_line(text: str, at: int) -> int:
    if at and text[at - 1 : at] == "\n":
        return at
    newline = text.find("\n", at)
    return len(text) if newline < 0 else newline + 1
