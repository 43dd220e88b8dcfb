"""Because of what a timeline differs from another: amendments, records, edits, suppositions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from tracker.agreements.model import (
    RECORDED,
    Agreement,
    Amendment,
    ByOccurrence,
    Event,
    Key,
    key_of,
    sides,
)
from tracker.dates.expressions import Side
from tracker.dates.instants import Moment
from tracker.timeline.points import Point, Supposed, Timeline

Name: TypeAlias = tuple[str, str]
Differing: TypeAlias = Mapping[Key, tuple[Point | None, Point | None]]


class Cause(NamedTuple):
    """One thing that was changed, and the event that it was changed in."""

    kind: Literal["amendment", "recorded", "taken back", "edited", "added", "removed", "supposed"]
    agreement: str
    event: str  #: its id; of an occurrence with "@" and its day
    side: Side = "when"
    what: str = ""  #: the amendment's id
    fields: tuple[str, ...] = ()  #: of the event, that were changed
    day: Moment | None = None  #: of signing, recorded or supposed; None: never

    @property
    def name(self) -> Name:
        """The event's agreement and id."""
        return self.agreement, self.event.partition("@")[0]

    @property
    def dates(self) -> bool:
        """Whether it says of itself when the event is, or whether there is one at all."""
        return not self.fields or any(field in _DATES for field in self.fields)


_DATES = frozenset(
    (*RECORDED, "when", "starts", "ends", "lasts", "renews", "repeats", "during", "roll")
)


def found_causes(
    before: Timeline, after: Timeline, agreements: Sequence[Agreement]
) -> Iterator[Cause]:
    """What was changed from one timeline's events to the other's; `agreements` are the other's."""
    old = {(event.agreement, event.id): event for event in before.events}
    new = {(event.agreement, event.id): event for event in after.events}
    known = {
        (one.id, amendment.id): amendment
        for one in before.agreements
        for amendment in one.amendments
    }
    amendments = {
        one.id: [
            amendment
            for amendment in one.amendments
            if known.get((one.id, amendment.id)) != amendment and amendment.on <= after.as_of
        ]
        for one in agreements
    }
    yield from _of_headers(before, agreements)
    for name in dict.fromkeys((*old, *new)):
        one, other = old.get(name), new.get(name)
        if one == other:
            continue
        yield from _of_event(name, one, other, amendments.get(name[0], []))


def _of_headers(before: Timeline, agreements: Sequence[Agreement]) -> Iterator[Cause]:
    """What was edited at the head of a file, and holds for all of its events."""
    old = {one.id: one for one in before.agreements}
    for new in agreements:
        if (one := old.get(new.id)) is None:
            continue
        keys = ("timezone", "calendar", "reminders")
        fields = tuple(key for key in keys if getattr(one, key) != getattr(new, key))
        if fields:
            yield Cause("edited", new.id, "", fields=fields)


def _of_event(
    name: Name, old: Event | None, new: Event | None, amendments: Sequence[Amendment]
) -> Iterator[Cause]:
    agreement, event = name
    touching = [
        amendment
        for amendment in amendments
        if any(change.event == event for change in amendment.changes)
    ]
    for amendment in touching:
        fields = tuple(_fields_of(amendment, event)) if old is not None else ()
        yield Cause("amendment", agreement, event, "when", amendment.id, fields, amendment.on)
    if old is None or new is None:
        if not touching:
            yield Cause("removed" if new is None else "added", agreement, event)
        return
    amended = {field for amendment in touching for field in _fields_of(amendment, event)}
    differing = [field for field in Event._fields if getattr(old, field) != getattr(new, field)]
    for field in differing:
        if field in RECORDED and field not in amended:
            yield from _of_record(name, field, getattr(old, field), getattr(new, field))
    edited = tuple(field for field in differing if field not in (*RECORDED, *amended))
    if edited:
        yield Cause("edited", agreement, event, fields=edited)


def _fields_of(amendment: Amendment, event: str) -> Iterator[str]:
    for change in amendment.changes:
        if change.event == event:
            yield from (*dict(change.sets), *change.removes)


_SIDES: dict[str, Side] = {"occurred": "when", "started": "start", "ended": "end"}


def _of_record(name: Name, field: str, old: object, new: object) -> Iterator[Cause]:
    """A record that was made, changed or taken back; by occurrence where there are several."""
    was, now = _by_name(name[1], old), _by_name(name[1], new)
    for event in dict.fromkeys((*was, *now)):
        if was.get(event) == now.get(event):
            continue
        day = now.get(event)
        kind: Literal["recorded", "taken back"] = "taken back" if day is None else "recorded"
        side = _SIDES.get(field, "when")
        yield Cause(kind, name[0], event, side, "", (field,), day or was[event])


def _by_name(event: str, record: object) -> dict[str, Moment]:
    if isinstance(record, ByOccurrence):
        return {f"{event}@{day}": moment for day, moment in record.days}
    return {} if record is None else {event: record}  # type: ignore[dict-item]  # a record


def supposed_causes(suppose: Supposed, timeline: Timeline) -> Iterator[Cause]:
    """What is supposed, in the order in which it was."""
    for (agreement, event, side), day in suppose.items():
        yield Cause("supposed", agreement, event, side, day=day)


def causes_of(
    differing: Differing, timelines: tuple[Timeline, Timeline], causes: Sequence[Cause]
) -> dict[Key, tuple[Cause, ...]]:
    """For each point that differs, what caused it: followed through points that differ themselves.

    What says itself when an event is needs no cause behind it.
    """
    if not causes:
        return {}
    by_event: dict[Name, list[Cause]] = {}
    for cause in causes:
        by_event.setdefault(cause.name, []).append(cause)
    changed = {_name(key) for key in differing} | set(by_event)
    views = [{(event.agreement, event.id): event for event in one.events} for one in timelines]
    hangs_on = {name: _named_by(name, views) & changed for name in changed}
    found: dict[Name, tuple[Cause, ...]] = {}
    for key in differing:
        name = _name(key)
        if name not in found:
            found[name] = _reached(name, hangs_on, by_event)
    return {key: found[_name(key)] or tuple(by_event.get((key[0], ""), ())) for key in differing}


def _name(key: Key) -> Name:
    return key[0], key[1].partition("@")[0]


def _reached(
    name: Name, hangs_on: Mapping[Name, set[Name]], by_event: Mapping[Name, list[Cause]]
) -> tuple[Cause, ...]:
    """The causes nearest to an event on each way upstream."""
    seen, queue = {name}, [name]
    causes: list[Cause] = []
    for one in queue:
        own = by_event.get(one, [])
        causes += own
        if any(cause.dates for cause in own):
            continue
        for other in sorted(hangs_on.get(one, ())):
            if other not in seen:
                seen.add(other)
                queue.append(other)
    return tuple(causes)


def _named_by(name: Name, views: Sequence[Mapping[Name, Event]]) -> set[Name]:
    """The events that an event's lines name in either view, and those that bound it."""
    found: set[Name] = set()
    for view in views:
        event = view.get(name)
        if event is None:
            continue
        for _, line in sides(event):
            if line is not None:
                found |= {key_of(ref, event.agreement)[:2] for ref in line.refs}
        if event.during is not None:
            found.add(key_of(event.during, event.agreement)[:2])
        if event.renews is not None and event.renews.unless is not None:
            found.add(key_of(event.renews.unless, event.agreement)[:2])
    return found - {name}
