"""Because of what a timeline differs from another: amendments, records, edits, suppositions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Literal, NamedTuple, TypeAlias

from tracker.agreements.keys import EventKey, PointKey
from tracker.agreements.model import RECORDED, Agreement, Amendment, ByOccurrence, Event
from tracker.agreements.references import referenced_events
from tracker.dates.expressions import Side
from tracker.dates.instants import Moment
from tracker.timeline.points import Point, Supposed, Timeline

Differing: TypeAlias = Mapping[PointKey, tuple[Point | None, Point | None]]
#: An amendment, with the fields of an event that it changes.
_Touching: TypeAlias = tuple[Amendment, tuple[str, ...]]

#: So many causes are told of a point, the nearest first. Nobody reads further, and of a chain of
#: which each link was changed the causes of all links would be the square of their number.
MOST_CAUSES = 100


class Cause(NamedTuple):
    """One thing that was changed, and the event that it was changed in."""

    kind: Literal["amendment", "recorded", "taken back", "edited", "added", "removed", "supposed"]
    key: PointKey  #: what it says something of; the head of a file has no event
    what: str = ""  #: the amendment's id
    fields: tuple[str, ...] = ()  #: of the event, that were changed
    day: Moment | None = None  #: of signing, recorded or supposed; None: never

    @property
    def dates(self) -> bool:
        """Whether it says of itself when the event is, or whether there is one at all."""
        return not self.fields or any(field in _DATES for field in self.fields)


_DATES = frozenset(
    (
        *RECORDED,
        "when",
        "starts",
        "ends",
        "lasts",
        "renews",
        "repeats",
        "during",
        "roll",
        "counting",
    )
)


def found_causes(
    before: Timeline, after: Timeline, agreements: Sequence[Agreement]
) -> Iterator[Cause]:
    """What was changed from one timeline's events to the other's; `agreements` are the other's."""
    old = {event.event_key: event for event in before.events}
    new = {event.event_key: event for event in after.events}
    known = {
        (agreement.id, amendment.id): amendment
        for agreement in before.agreements
        for amendment in agreement.amendments
    }
    amended = {
        agreement.id: _amended_fields(
            [
                amendment
                for amendment in agreement.amendments
                if known.get((agreement.id, amendment.id)) != amendment
                and amendment.on <= after.as_of
            ]
        )
        for agreement in agreements
    }
    yield from _of_headers(before, agreements)
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            touching = amended.get(name[0], {}).get(name[1], ())
            yield from _of_event(name, old.get(name), new.get(name), touching)


def _amended_fields(amendments: Sequence[Amendment]) -> dict[str, list[_Touching]]:
    """By event, the amendments that touch it, each with the fields that it changes."""
    by_event: dict[str, list[_Touching]] = {}
    for amendment in amendments:
        for change in amendment.changes:  # an event is changed by an amendment once at most
            fields = (*dict(change.sets), *change.removes)
            by_event.setdefault(change.event, []).append((amendment, fields))
    return by_event


def _of_headers(before: Timeline, agreements: Sequence[Agreement]) -> Iterator[Cause]:
    """What was edited at the head of a file, and holds for all of its events."""
    old = {former.id: former for former in before.agreements}
    for new in agreements:
        if (former := old.get(new.id)) is None:
            continue
        keys = ("timezone", "calendar", "counting", "closed", "announced", "reminders")
        fields = tuple(key for key in keys if getattr(former, key) != getattr(new, key))
        if fields:
            yield Cause("edited", PointKey(new.id, ""), fields=fields)


def _of_event(
    name: EventKey, old: Event | None, new: Event | None, touching: Sequence[_Touching]
) -> Iterator[Cause]:
    key = PointKey(*name)
    for amendment, fields in touching:
        there = fields if old is not None else ()
        yield Cause("amendment", key, amendment.id, there, amendment.on)
    if old is None or new is None:
        if not touching:
            yield Cause("removed" if new is None else "added", key)
        return
    amended = {field for _, fields in touching for field in fields}
    differing = [field for field in Event._fields if getattr(old, field) != getattr(new, field)]
    for field in differing:
        if field in RECORDED and field not in amended:
            yield from _of_record(key, field, getattr(old, field), getattr(new, field))
    edited = tuple(field for field in differing if field not in (*RECORDED, *amended, "imported"))
    if edited:
        yield Cause("edited", key, fields=edited)


_SIDES: dict[str, Side] = {"occurred": "when", "started": "start", "ended": "end"}


def _of_record(event: PointKey, field: str, old: object, new: object) -> Iterator[Cause]:
    """A record that was made, changed or taken back; by occurrence where there are several."""
    key = event._replace(side=_SIDES.get(field, "when"))
    was, now = _by_key(key, old), _by_key(key, new)
    for point in dict.fromkeys((*was, *now)):
        if was.get(point) == now.get(point):
            continue
        day = now.get(point)
        kind: Literal["recorded", "taken back"] = "taken back" if day is None else "recorded"
        yield Cause(kind, point, "", (field,), day or was[point])


def _by_key(key: PointKey, record: object) -> dict[PointKey, Moment]:
    if isinstance(record, ByOccurrence):
        return {key.at(day): moment for day, moment in record.days}
    return {} if record is None else {key: record}  # type: ignore[dict-item]  # a record


def supposed_causes(suppose: Supposed, timeline: Timeline) -> Iterator[Cause]:
    """What is supposed, in the order in which it was."""
    for key, day in suppose.items():
        yield Cause("supposed", key, day=day)


def causes_of(
    differing: Differing, timelines: tuple[Timeline, Timeline], causes: Sequence[Cause]
) -> dict[PointKey, tuple[Cause, ...]]:
    """For each point that differs, what caused it: followed through points that differ themselves.

    What says itself when an event is needs no cause behind it.
    """
    if not causes:
        return {}
    by_event: dict[EventKey, list[Cause]] = {}
    for cause in causes:
        by_event.setdefault(cause.key.event_key, []).append(cause)
    changed = {key.event_key for key in differing} | set(by_event)
    hangs_on: dict[EventKey, set[EventKey]] = {}
    for event in (event for timeline in timelines for event in timeline.events):
        if (name := event.event_key) in changed:
            hangs_on.setdefault(name, set()).update(changed.intersection(referenced_events(event)))
    nearest = _nearest_changed(hangs_on, by_event)
    shared: dict[tuple[EventKey, ...], tuple[Cause, ...]] = {}
    upstream: dict[EventKey, tuple[Cause, ...]] = {}
    for name in dict.fromkeys(key.event_key for key in differing):
        changed_events = tuple(nearest.get(name, ())) or ((name[0], ""),)
        if changed_events not in shared:
            there = (cause for near in changed_events for cause in by_event.get(near, ()))
            shared[changed_events] = tuple(islice(there, MOST_CAUSES))
        upstream[name] = shared[changed_events]
    return {key: upstream[key.event_key] for key in differing}


def _nearest_changed(
    hangs_on: Mapping[EventKey, set[EventKey]], by_event: Mapping[EventKey, list[Cause]]
) -> dict[EventKey, dict[EventKey, None]]:
    """The events with the nearest causes on each way upstream of an event, the nearest first.

    Of all events at once, from those that were changed downstream, a step at a time. Each takes up
    MOST_CAUSES at most, so this takes as long as there are events and names in lines.
    """
    named_by: dict[EventKey, list[EventKey]] = {}
    for name, behind in hangs_on.items():
        if not any(cause.dates for cause in by_event.get(name, ())):
            for near in behind:
                named_by.setdefault(near, []).append(name)
    nearest: dict[EventKey, dict[EventKey, None]] = {name: {name: None} for name in by_event}
    newest = {name: [name] for name in by_event}
    while newest:
        ways: dict[EventKey, list[EventKey]] = {}
        for near in newest:
            for name in named_by.get(near, ()):
                ways.setdefault(name, []).append(near)
        step: dict[EventKey, list[EventKey]] = {}
        for name, behind_it in ways.items():
            reached = nearest.setdefault(name, {})
            for changed in (changed for near in sorted(behind_it) for changed in newest[near]):
                if changed not in reached and len(reached) < MOST_CAUSES:
                    reached[changed] = None
                    step.setdefault(name, []).append(changed)
        newest = step
    return nearest
