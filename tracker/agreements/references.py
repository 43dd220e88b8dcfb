"""Who names whom: the points and events that lines, `during` and `renews` hang on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tracker.agreements.keys import EventKey, PointKey, key_of
from tracker.agreements.model import Agreement, Event, Line, sides
from tracker.dates.expressions import Ref, Side

#: The fields of an event that may name others.
_NAMING = ("when", "starts", "ends", "lasts", "during", "renews")


def _refs_in(value: object) -> tuple[Ref, ...]:
    """What the value of an event's field names: `during` is a Ref, lines and renewals hold some."""
    return (value,) if isinstance(value, Ref) else getattr(value, "refs", ())


def referenced_events(event: Event) -> tuple[EventKey, ...]:
    """The other events that an event names, each once, in the order of its fields."""
    named = {
        (ref.agreement or event.agreement, ref.id): None
        for field in _NAMING
        if (value := getattr(event, field)) is not None
        for ref in _refs_in(value)
    }
    named.pop(event.event_key, None)
    return tuple(named)


def referenced_agreements(agreement: Agreement) -> frozenset[str]:
    """The other agreements that its events name, in any view of it."""
    values = [getattr(event, field) for event in agreement.events for field in _NAMING]
    values += [
        value
        for amendment in agreement.amendments
        for change in amendment.changes
        for _, value in change.sets
    ]
    refs = (ref for value in values for ref in _refs_in(value))
    return frozenset(ref.agreement for ref in refs if ref.agreement) - {agreement.id}


def prerequisites(
    event: Event, side: Side, line: Line, events: Mapping[EventKey, Event]
) -> list[PointKey]:
    """The points that have to be settled before that one.

    Beside those that the line names: of what happens during an event, its start and end; of a term
    that renews, what the line of its notice or renewal names beside that term.
    """
    keys = [key_of(ref, event.agreement) for ref in line.refs]
    if side == "when" and event.during is not None:
        during = events.get(key_of(event.during, event.agreement).event_key)
        if during is not None:
            keys += [during.key(its_side) for its_side, _ in sides(during)]
            keys += _stated(during)
    if side == "end" and event.renews is not None and event.key("start") in keys:
        keys += _stated(event)
    condition = event.renews.condition if side == "end" and event.renews is not None else None
    if condition is not None:
        notice = events.get(key_of(condition, event.agreement).event_key)
        if notice is not None and notice.when is not None:
            named = (key_of(ref, notice.agreement) for ref in notice.when.refs)
            keys += [key for key in named if key != event.key("end")]
    return keys


def _stated(event: Event) -> list[PointKey]:
    """What the lines name of an event that is withdrawn: they still say until when it went on."""
    if event.withdrawn is None:
        return []
    own = (event.key("start"), event.key("end"))
    refs = (ref for _, line in sides(event) if line is not None for ref in line.refs)
    return [key for ref in refs if (key := key_of(ref, event.agreement)) not in own]


class References(NamedTuple):
    """Who names whom among some events, by `agreement/event`; who does not is missing."""

    names: Mapping[str, tuple[str, ...]]  #: those that an event names
    named_by: Mapping[str, tuple[str, ...]]  #: those that name it

    def within(self, name: str, steps: int) -> set[str]:
        """An event and all that it hangs on, over so many of them."""
        reached, newest = {name}, {name}
        for _ in range(steps):
            newest = {far for near in newest for far in self.names.get(near, ())} - reached
            if not newest:
                break
            reached |= newest
        return reached


def references_among(events: Iterable[Event]) -> References:
    """Which of these events names which, in their order."""
    events = tuple(events)
    there = {event.name for event in events}
    names: dict[str, tuple[str, ...]] = {}
    named_by: dict[str, list[str]] = {}
    for event in events:
        full_names = (f"{agreement}/{name}" for agreement, name in referenced_events(event))
        referenced = tuple(name for name in full_names if name in there)
        if referenced:
            names[event.name] = referenced
        for name in referenced:
            named_by.setdefault(name, []).append(event.name)
    return References(names, {name: tuple(naming) for name, naming in named_by.items()})
