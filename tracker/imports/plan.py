"""What an import does to a file: which entries are new, which changed, what was edited by hand.

An event is known by its entry's id in its own program, not by its own id or title. What the last
import wrote, and nobody has edited since, follows its source; all else stays as people left it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeAlias

from tracker.agreements.model import RECORDED, Agreement
from tracker.files.ids import LONGEST, id_for, is_id
from tracker.files.imported import fingerprint, read_wrote, wrote_text
from tracker.imports.foreign import ForeignContent, ForeignEvent, LeftOut, Values

#: An event as TOML holds it.
Table: TypeAlias = Mapping[str, Any]

#: What says when an event is: edited in part, none of it is the source's any longer.
_WHEN = ("when", "starts", "ends", "lasts", "repeats", "during")


class KeyChange(NamedTuple):
    """A key of an event, and what becomes of it; None: it is not there."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True)
class PlannedEvent:
    """What becomes of one entry."""

    kind: Literal["new", "changed", "same"]
    event: ForeignEvent
    id: str
    number: int | None  #: which `[[event]]` of the file it is; None: it is new
    changes: tuple[KeyChange, ...]  #: to be written; of what is new all of its keys
    kept: tuple[KeyChange, ...] = ()  #: what the source would change, but people have edited


class GoneEvent(NamedTuple):
    """An event that was imported from this source before, which has it no longer."""

    id: str
    title: str


@dataclass(frozen=True)
class SourcePlan:
    """What becomes of one source."""

    source: str  #: as the key `imported` names it
    events: tuple[PlannedEvent, ...]
    gone: tuple[GoneEvent, ...]
    left_out: tuple[LeftOut, ...]

    def of_kind(self, kind: str) -> list[PlannedEvent]:
        """Those that are new, changed or the same."""
        return [planned for planned in self.events if planned.kind == kind]


@dataclass
class FreeIds:
    """Ids that nothing of the agreement has or had."""

    taken: set[str] = field(default_factory=set)
    _last: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, agreements: Iterable[Agreement]) -> FreeIds:
        """Those that are free beside the events of an agreement."""
        ids = cls()
        for agreement in agreements:
            for event in agreement.events:
                ids.taken.update((event.id, *event.was))
            for amendment in agreement.amendments:
                ids.taken.update(change.event for change in amendment.changes)
        return ids

    def take(self, wish: object, title: str) -> str:
        """An id that is free: the one that is wished, else one like the title.

        >>> ids = FreeIds()
        >>> ids.take(None, "Pay rent"), ids.take(None, "Pay rent!"), ids.take("a.1", "Pay rent")
        ('pay-rent', 'pay-rent-2', 'a.1')
        """
        wished = str(wish) if wish is not None else ""
        like = wished if is_id(wished) else id_for(wished or title, "event")
        like = like or id_for(title, "event") or "event"
        number = self._last.get(like, 1)
        free = like if number == 1 and like != "event" else ""
        while not free or free in self.taken:
            number += 1
            free = f"{like[: LONGEST - 6].rstrip('-._')}-{number}"
        self._last[like] = number
        self.taken.add(free)
        return free


@dataclass
class ImportPlanner:
    """Plans the sources of one call, one after another, for one file."""

    tables: Sequence[Table]  #: the `[[event]]` of the file, in its order
    elsewhere: Mapping[str, tuple[str, ...]]  #: by entry id: (source, agreement/id) of other files
    ids: FreeIds
    agreement: str = ""  #: which the file states: what was exported of it is known by its ids
    _by_entry: dict[str, list[int]] = field(default_factory=dict)
    _planned: set[int] = field(default_factory=set)
    _new: dict[str, str] = field(default_factory=dict)  #: entries with ids that all programs share

    def __post_init__(self) -> None:
        for number, table in enumerate(self.tables):
            imported = table.get("imported")
            if isinstance(imported, dict):
                self._by_entry.setdefault(str(imported.get("id")), []).append(number)

    def plan(self, source: str, content: ForeignContent) -> SourcePlan:
        """What becomes of each entry of a source, and which of its events it has no longer."""
        events: list[PlannedEvent] = []
        left_out: list[LeftOut] = []
        seen: set[int] = set()
        for event in content.events:
            if content.is_export and (planned := self._exported_event(event)) is not None:
                events.append(planned)
                continue
            number = self._number_of(source, event, content.has_global_ids)
            home = self._home_elsewhere(source, event, content.has_global_ids)
            if number is not None and number in self._planned:
                home = str(self.tables[number]["id"])
            elif number is not None:
                self._planned.add(number)
                seen.add(number)
                events.append(self._follow(source, event, number))
                continue
            if home is not None:
                values: Values = (("id", home),)
                left_out.append(LeftOut(event.title, "known-elsewhere", values, (event.place,)))
                continue
            events.append(self._new_event(source, event, content.has_global_ids))
        seen.update(
            number for name in content.also_there for number in self._by_entry.get(name, ())
        )
        # what waits for an answer is there, and which event it is shows with the answer
        gone = () if content.questions else tuple(self._events_gone(source, seen))
        return SourcePlan(source, tuple(events), gone, tuple(left_out))

    def _exported_event(self, event: ForeignEvent) -> PlannedEvent | None:
        """What becomes of an event that this file was exported from; None: it is another's.

        What was edited there is written, unless it was edited here as well since.
        """
        agreement, _, name = event.foreign_id.partition("/")
        if agreement != self.agreement:
            return None
        values = _values(event)
        ids = [str(table.get("id")) for table in self.tables]
        if name not in ids:
            written = {"id": self.ids.take(name, event.title), **values}
            changes = tuple(KeyChange(key, None, value) for key, value in written.items())
            return PlannedEvent("new", event, str(written["id"]), None, changes)
        number = ids.index(name)
        table, marks = self.tables[number], dict(read_wrote(event.wrote))
        edited, kept = _merge(table, values, marks, records_too=True)
        kind: Literal["changed", "same"] = "changed" if edited else "same"
        return PlannedEvent(kind, event, name, number, tuple(edited), tuple(kept))

    def _number_of(self, source: str, event: ForeignEvent, is_global: bool) -> int | None:
        """Which table of the file was imported from that entry."""
        numbers = self._by_entry.get(event.foreign_id, ())
        own = [number for number in numbers if self.tables[number]["imported"]["from"] == source]
        if own:
            return own[0]
        return numbers[0] if numbers and is_global else None

    def _home_elsewhere(self, source: str, event: ForeignEvent, is_global: bool) -> str | None:
        """The event of another file, or of another source of this call, that the entry is."""
        there = self.elsewhere.get(event.foreign_id)
        if there is not None and (is_global or there[0] == source):
            return there[1]
        return self._new.get(event.foreign_id) if is_global else None

    def _events_gone(self, source: str, seen: set[int]) -> Iterator[GoneEvent]:
        for number, table in enumerate(self.tables):
            imported = table.get("imported")
            is_own = isinstance(imported, dict) and imported.get("from") == source
            if is_own and number not in seen and "withdrawn" not in table:
                title = table.get("title")
                yield GoneEvent(str(table["id"]), title if isinstance(title, str) else "")

    def _new_event(self, source: str, event: ForeignEvent, is_global: bool) -> PlannedEvent:
        values = _values(event)
        name = self.ids.take(dict(event.fields).get("id"), event.title)
        if is_global:
            self._new[event.foreign_id] = name
        marks = ((key, fingerprint(value)) for key, value in values.items())
        imported = _imported_key(source, event, marks)
        changes = {"id": name, **values, "imported": imported}
        written = tuple(KeyChange(key, None, value) for key, value in changes.items())
        return PlannedEvent("new", event, name, None, written)

    def _follow(self, source: str, event: ForeignEvent, number: int) -> PlannedEvent:
        table = self.tables[number]
        values = _values(event)
        imported = table["imported"]
        marks = dict(read_wrote(str(imported.get("wrote", ""))))
        changes, kept = _merge(table, values, marks)
        for change in changes:
            if change.key in values:
                marks[change.key] = fingerprint(values[change.key])
            else:
                marks.pop(change.key, None)
        after = _imported_key(source, event, marks.items())
        if changes and after != imported:
            changes = (*changes, KeyChange("imported", imported, after))
        kind: Literal["changed", "same"] = "changed" if changes else "same"
        return PlannedEvent(kind, event, str(table["id"]), number, tuple(changes), tuple(kept))


def _values(event: ForeignEvent) -> dict[str, Any]:
    fields = {key: value for key, value in event.fields if key != "id"}
    return {"title": event.title, **fields}


def _imported_key(
    source: str, event: ForeignEvent, marks: Iterable[tuple[str, str]]
) -> dict[str, str]:
    return {"from": source, "id": event.foreign_id, "wrote": wrote_text(marks)}


def _merge(
    table: Table, values: Mapping[str, Any], marks: Mapping[str, str], records_too: bool = False
) -> tuple[Sequence[KeyChange], Sequence[KeyChange]]:
    """What of an entry is written into its event, and what is not since people have edited it."""
    changes: list[KeyChange] = []
    kept: list[KeyChange] = []
    is_moved = any(_is_edited(table, marks, key) for key in _WHEN)
    for key in dict.fromkeys((*values, *marks)):
        before, after = table.get(key), values.get(key)
        if key in values and fingerprint(after) == marks.get(key):
            continue
        if before is not None and after is not None and fingerprint(before) == fingerprint(after):
            continue
        if key in RECORDED and not records_too:
            _merge_record(KeyChange(key, before, after), key in marks, changes)
        elif _is_edited(table, marks, key) or (is_moved and key in _WHEN):
            kept.append(KeyChange(key, before, after))
        else:
            changes.append(KeyChange(key, before, after))
    return changes, kept


def _is_edited(table: Table, marks: Mapping[str, str], key: str) -> bool:
    """Whether a key is not as the last import left it."""
    value = table.get(key)
    if value is None:
        return key in marks
    return fingerprint(value) != marks.get(key)


def _merge_record(change: KeyChange, was_written: bool, changes: list[KeyChange]) -> None:
    """A record is added where there is none; one that is there, or was taken back, stays."""
    key, before, after = change
    if after is None:
        return
    if before is None and not was_written:
        changes.append(change)
    elif isinstance(before, dict) and isinstance(after, dict) and not after.keys() <= before.keys():
        changes.append(KeyChange(key, before, {**after, **before}))
