"""What is asked of one timeline again and again, each worked out once and only if asked for."""

from __future__ import annotations

from functools import cached_property

from tracker.agreements.keys import PointKey
from tracker.agreements.model import Agreement, Event
from tracker.agreements.references import References, references_among
from tracker.timeline.points import Point, Timeline


class TimelineLookup:
    """Finds agreements, events and points of a timeline, and the events that name another."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline

    def agreement_of(self, point: Point) -> Agreement:
        """The agreement in which the event of a point stands."""
        return self.agreements[point.event.agreement]

    def event(self, name: str) -> Event | None:
        """The event of that name, `agreement/event`; None where it is not shown."""
        return self._events.get(name)

    def point(self, key: PointKey) -> Point | None:
        """That point; None where it is not shown."""
        return self._points.get(key)

    def points_of(self, event: str) -> tuple[Point, ...]:
        """The points of the event of that name, in the order of the timeline."""
        return tuple(self._points_by_event.get(event, ()))

    def events_naming(self, event: str) -> list[Event]:
        """The events whose lines name the event of that name."""
        return [self._events[name] for name in self._references.named_by.get(event, ())]

    @cached_property
    def stated_texts(self) -> frozenset[str]:
        """Each line of what people have written in titles, notes and the names of parties."""
        texts: set[str] = set()
        for agreement in self.timeline.agreements:
            sources = (source.title for source in agreement.sources)
            amendments = (amendment.title or () for amendment in agreement.amendments)
            for titles in (agreement.title, *sources, *amendments):
                texts.update(text for _, text in titles)
        for event in self.timeline.events:
            texts.update(text for _, text in (*event.title, *(event.note or ())))
            texts.update(event.parties)
        return frozenset(line for text in texts for line in text.splitlines())

    @cached_property
    def agreements(self) -> dict[str, Agreement]:
        """The agreements by their ids."""
        return {agreement.id: agreement for agreement in self.timeline.agreements}

    @cached_property
    def _events(self) -> dict[str, Event]:
        return {event.name: event for event in self.timeline.events}

    @cached_property
    def _points(self) -> dict[PointKey, Point]:
        return {point.key: point for point in self.timeline.points}

    @cached_property
    def _points_by_event(self) -> dict[str, list[Point]]:
        by_event: dict[str, list[Point]] = {}
        for point in self.timeline.points:
            by_event.setdefault(point.event.name, []).append(point)
        return by_event

    @cached_property
    def _references(self) -> References:
        return references_among(self.timeline.events)
