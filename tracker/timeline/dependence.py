"""What hangs on what: the events that an event's lines name, and those whose lines name it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tracker.agreements.model import Agreement, Event, Line
from tracker.dates.expressions import Ref
from tracker.timeline.points import Timeline


class Dependence(NamedTuple):
    """By the name of each event; an event that names nothing, or is named by none, is missing."""

    on: Mapping[str, tuple[str, ...]]  #: what its lines name
    of: Mapping[str, tuple[str, ...]]  #: whose lines name it

    def behind(self, name: str, steps: int) -> set[str]:
        """An event and all that it hangs on, over so many of them."""
        found, newest = {name}, {name}
        for _ in range(steps):
            newest = {other for one in newest for other in self.on.get(one, ())} - found
            if not newest:
                break
            found |= newest
        return found


def dependence(timeline: Timeline) -> Dependence:
    """What hangs on what among the timeline's events, in their order."""
    there = {event.name for event in timeline.events}
    on: dict[str, tuple[str, ...]] = {}
    of: dict[str, list[str]] = {}
    for event in timeline.events:
        named = tuple(name for name in dict.fromkeys(_named(event)) if name in there)
        if named:
            on[event.name] = named
        for name in named:
            of.setdefault(name, []).append(event.name)
    return Dependence(on, {name: tuple(names) for name, names in of.items()})


def agreements_named(agreement: Agreement) -> frozenset[str]:
    """The other agreements that its lines name, in any view of it."""
    values: list[object] = []
    for event in agreement.events:
        values += (event.when, event.starts, event.ends, event.lasts, event.during)
    values += [
        value
        for amendment in agreement.amendments
        for change in amendment.changes
        for _, value in change.sets
    ]
    refs = [ref for value in values if isinstance(value, Line) for ref in value.refs]
    refs += [value for value in values if isinstance(value, Ref)]
    return frozenset(ref.agreement for ref in refs if ref.agreement) - {agreement.id}


def _named(event: Event) -> Iterator[str]:
    refs: list[Ref] = [
        ref
        for line in (event.when, event.starts, event.ends, event.lasts)
        if line is not None
        for ref in line.refs
    ]
    if event.during is not None:
        refs.append(event.during)
    for ref in refs:
        name = f"{ref.agreement or event.agreement}/{ref.id}"
        if name != event.name:
            yield name
