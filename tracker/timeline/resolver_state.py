"""Settling the points of a view, each after those that its line names.

What was recorded by the day, or is supposed, settles a point before its line is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property

from tracker.agreements.model import Agreement, Event, Key, Line, key_of, sides
from tracker.agreements.references import hangs_on
from tracker.dates.bounds import NEVER, Bounds, Place, exact_bounds
from tracker.dates.calendars import Uncovered
from tracker.dates.evaluation import bounds_of
from tracker.dates.expressions import NotBefore, Open, Ref, Side
from tracker.dates.instants import Moment, day_in
from tracker.timeline.points import Point, State, Status, Supposed, days_of, rolled_off, status_of
from tracker.timeline.repeating import family_points, settle_occurrences, settle_terms
from tracker.timeline.waits import NONE, Keys, names, waits


class Scene:
    """The bounds of all points while they are worked out."""

    def __init__(
        self,
        agreements: Sequence[Agreement],
        events: Sequence[Event],
        as_of: date,
        suppose: Supposed,
        lenient: bool,
    ) -> None:
        self.as_of = as_of
        self.events = events
        self.suppose = suppose
        self.lenient = lenient
        self.agreements = {agreement.id: agreement for agreement in agreements}
        self.any_day = Bounds(as_of, None, None, opens=True)  #: of every open event
        self.bounds_by_key: dict[Key, Bounds] = {}
        self.waits: dict[Key, Keys] = {}  #: of points that wait for something
        self.open: set[Key] = set()  #: open and neither recorded nor supposed
        self.settled: set[Key] = set()
        self.recorded: set[Key] = set()
        self.rest: dict[Key, tuple[Event, Line]] = {}  #: lines that name other points
        self.due: set[Key] = set()  #: due days that lines name
        self.families: dict[Key, dict[date, Key]] = {}  #: of what repeats or renews
        self._places: dict[tuple[str, str | None], Place] = {}

    def is_as_stated(self, event: Event) -> bool:
        """Whether nothing but its line says when the event happens."""
        return (
            event.occurred is None
            and event.withdrawn is None
            and event.repeats is None
            and event.roll is None
            and (not self.suppose or (event.agreement, event.id, "when") not in self.suppose)
        )

    def take(self, event: Event, side: Side, line: Line | None) -> None:
        """Takes a point up, and settles it unless its line names others."""
        key = (event.agreement, event.id, side)
        if line is not None:
            for ref in line.refs:
                if ref.side == "due":
                    self.due.add(key_of(ref, event.agreement))
        if line is not None and (event.renews if side == "end" else event.repeating):
            self.rest[key] = (event, line)
            return
        settled = self.settled_bounds(key, event)
        if settled is not None:
            self.settled.add(key)
            self.bounds_by_key[key] = settled
        elif line is None:  # recorded on a later day, and nothing was stated: it never comes
            self.bounds_by_key[key] = NEVER
        else:
            self._take_line(key, event, line)

    def _take_line(self, key: Key, event: Event, line: Line) -> None:
        if line.fixed is not None and event.roll is None:
            self.bounds_by_key[key] = line.fixed
            return
        if line.fixed is None and isinstance(line.form, Open | NotBefore):
            self.open.add(key)
        if line.refs:
            self.rest[key] = (event, line)
        elif event.roll is None and isinstance(line.tree, Open):
            self.bounds_by_key[key] = self.any_day
        else:
            self.bounds_by_key[key] = self.bounds(event, line)

    @cached_property
    def named(self) -> dict[tuple[str, str], Event]:
        """The events by agreement and id."""
        return {(event.agreement, event.id): event for event in self.events}

    @cached_property
    def notices(self) -> frozenset[Key]:
        """The events that are the notice of a term that renews."""
        return frozenset(
            key_of(event.renews.unless, event.agreement)
            for event in self.events
            if event.renews is not None and event.renews.unless is not None
        )

    def take_due_days(self) -> None:
        """Takes up the due days that lines name: lines as stated, whatever was recorded."""
        for key in self.due:
            event = self.named[key[:2]]
            if event.when is None:
                raise KeyError(key)
            self._take_line(key, event, event.when)

    def settled_bounds(self, key: Key, event: Event, day: date | None = None) -> Bounds | None:
        """The bounds that no longer hang on the line: supposed, recorded or withdrawn.

        `key` is a point's, or that of the occurrence of that day.
        """
        if self.suppose and key in self.suppose:
            moment = self.suppose[key]
            return NEVER if moment is None else exact_bounds(moment)
        record = event.record(key[2], day)
        if record is not None and self.is_seen(record, event):
            self.recorded.add(key)
            return exact_bounds(record)
        withdrawn = event.withdrawal(day)
        return NEVER if withdrawn is not None and withdrawn <= self.as_of else None

    def is_seen(self, record: Moment, event: Event) -> bool:
        """Whether what was recorded is seen on the day of the view."""
        return day_in(record, self.zone(event)) <= self.as_of

    def zone(self, event: Event) -> str:
        """The zone of the event's file."""
        return self.agreements[event.agreement].timezone

    def settle_rest(self) -> None:
        """Settles the lines that name other points, each after those that it names."""
        begun: set[Key] = set()
        for first in self.rest:
            stack = [first]
            while stack:
                key = stack[-1]
                if key in self.bounds_by_key:
                    stack.pop()
                    continue
                event, line = self.rest[key]
                named = self._hangs_on(key, event, line)
                missing = [other for other in named if other not in self.bounds_by_key]
                if not missing:
                    self._settle(key, event, line)
                    stack.pop()
                elif key in begun:
                    raise ValueError(f"{key} hangs on itself")
                else:
                    begun.add(key)
                    stack.extend(missing)

    def _hangs_on(self, key: Key, event: Event, line: Line) -> list[Key]:
        if event.during is None and event.renews is None:
            return [key_of(ref, key[0]) for ref in line.refs]
        return hangs_on(event, key[2], line, self.named)

    def _settle(self, key: Key, event: Event, line: Line) -> None:
        if key[2] == "end" and event.renews is not None:
            settle_terms(self, event, line, event.renews)
            return
        if key[2] == "when" and event.repeating:
            settle_occurrences(self, event, line)
            return
        self.bounds_by_key[key] = result = self.bounds(event, line)
        if result.earliest is not None and not result.exact:
            place = self.place(event)
            self.waits[key] = waits(line.form, key[0], place, self.waits_of)

    def bounds(self, event: Event, line: Line) -> Bounds:
        """What the event's line comes to, moved off closed days where it rolls."""
        place = self.place(event)
        try:
            found = line.fixed or bounds_of(line.form, place)
            return found if event.roll is None else rolled_off(found, event, line, place)
        except Uncovered as missing:
            missing.point = missing.point or event.name
            raise

    def place(self, event: Event) -> Place:
        """Where the event's lines stand."""
        cached = (event.agreement, event.calendar)
        if cached not in self._places:
            agreement = self.agreements[event.agreement]
            bounds_by_key = self.bounds_by_key

            def named(ref: Ref) -> Bounds:
                return bounds_by_key[key_of(ref, agreement.id)]

            days = days_of(event, agreement, self.lenient)
            self._places[cached] = Place(self.as_of, named, agreement.timezone, days)
        return self._places[cached]

    def waits_of(self, key: Key) -> Keys:
        return frozenset((key,)) if key in self.open else self.waits.get(key, NONE)

    def points(self, event: Event) -> Iterator[Point]:
        """The points of an event that are there on the day of the view."""
        state = None if event.when is not None else self._state(event)
        zone = self.zone(event)
        for side, line in sides(event):
            key = (event.agreement, event.id, side)
            if line is None and key not in self.settled:
                continue
            if self.families and key in self.families:
                yield from family_points(self, event, side, state)
                if side == "when" and key not in self.waits:
                    continue
            bounds = self.bounds_by_key[key]
            waiting = self.waits.get(key) if self.waits else None
            status: Status = "occurred" if key in self.recorded else status_of(bounds, waiting)
            past = bounds.stands is not None and day_in(bounds.stands.latest, zone) < self.as_of
            waits_for = names(waiting, event.agreement) if waiting else ()
            yield Point(event, side, line, bounds, status, state, past, waits_for, zone)

    def _state(self, event: Event) -> State:
        """Ahead, in force or over, judged by the last day of `stands`."""
        start = self.bounds_by_key.get((event.agreement, event.id, "start"))
        end = self.bounds_by_key.get((event.agreement, event.id, "end"))
        zone = self.zone(event)
        withdrawn = event.withdrawal()
        if withdrawn is not None and withdrawn <= self.as_of:
            return "over"
        if start is not None:
            if start.earliest is None:
                return "over"
            if start.stands is None or day_in(start.stands.latest, zone) > self.as_of:
                return "ahead"
        if end is not None and end.stands and day_in(end.stands.latest, zone) < self.as_of:
            return "over"
        return "in force"


def fixed_point(event: Event, line: Line, fixed: Bounds, as_of: date) -> Point:
    """The point of an event whose line hangs on nothing, and of which nothing was recorded."""
    status: Status = "exact" if fixed.earliest == fixed.latest else "window"
    past = fixed.stands is not None and day_in(fixed.stands.latest, "UTC") < as_of  # only days
    return Point(event, "when", line, fixed, status, None, past)
