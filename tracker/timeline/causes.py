"""Because of what a timeline differs from another: amendments, records, edits, suppositions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from tracker.agreements.keys import EventKey, PointKey
from tracker.agreements.model import RECORDED, Agreement, Amendment, ByOccurrence, Event
from tracker.agreements.references import referenced_events
from tracker.dates.expressions import Side
from tracker.dates.instants import Moment
from tracker.timeline.points import Point, Supposed, Timeline

Differing: TypeAlias = Mapping[PointKey, tuple[Point | None, Point | None]]


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
    amendments = {
        agreement.id: [
            amendment
            for amendment in agreement.amendments
            if known.get((agreement.id, amendment.id)) != amendment and amendment.on <= after.as_of
        ]
        for agreement in agreements
    }
    yield from _of_headers(before, agreements)
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            yield from _of_event(name, old.get(name), new.get(name), amendments.get(name[0], []))


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
    name: EventKey, old: Event | None, new: Event | None, amendments: Sequence[Amendment]
) -> Iterator[Cause]:
    key, event = PointKey(*name), name[1]
    touching = [
        amendment
        for amendment in amendments
        if any(change.event == event for change in amendment.changes)
    ]
    for amendment in touching:
        fields = tuple(_fields_of(amendment, event)) if old is not None else ()
        yield Cause("amendment", key, amendment.id, fields, amendment.on)
    if old is None or new is None:
        if not touching:
            yield Cause("removed" if new is None else "added", key)
        return
    amended = {field for amendment in touching for field in _fields_of(amendment, event)}
    differing = [field for field in Event._fields if getattr(old, field) != getattr(new, field)]
    for field in differing:
        if field in RECORDED and field not in amended:
            yield from _of_record(key, field, getattr(old, field), getattr(new, field))
    edited = tuple(field for field in differing if field not in (*RECORDED, *amended))
    if edited:
        yield Cause("edited", key, fields=edited)


def _fields_of(amendment: Amendment, event: str) -> Iterator[str]:
    for change in amendment.changes:
        if change.event == event:
            yield from (*dict(change.sets), *change.removes)


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
    upstream: dict[EventKey, tuple[Cause, ...]] = {}
    for name in dict.fromkeys(key.event_key for key in differing):
        heads = tuple(by_event.get((name[0], ""), ()))
        upstream[name] = _nearest(name, hangs_on, by_event) or heads
    return {key: upstream[key.event_key] for key in differing}


def _nearest(
    name: EventKey,
    hangs_on: Mapping[EventKey, set[EventKey]],
    by_event: Mapping[EventKey, list[Cause]],
) -> tuple[Cause, ...]:
    """The causes nearest to an event on each way upstream."""
    seen, queue = {name}, [name]
    causes: list[Cause] = []
    for near in queue:
        own = by_event.get(near, [])
        causes += own
        if any(cause.dates for cause in own):
            continue
        for behind in sorted(hangs_on.get(near, ())):
            if behind not in seen:
                seen.add(behind)
                queue.append(behind)
    return tuple(causes)
