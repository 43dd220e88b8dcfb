"""What is known of the points of a view while they are worked out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from tracker.agreements.keys import EventKey, Occurrence, OccurrenceKind, PointKey, key_of
from tracker.agreements.model import Agreement, Event, Line
from tracker.dates.bounds import NEVER, Bounds, exact_bounds
from tracker.dates.calendars import Uncovered
from tracker.dates.expressions import Place, Ref, Side
from tracker.dates.instants import Instant, Moment, UnstatedInstant, day_in, is_behind
from tracker.timeline.points import (
    Supposed,
    days_of,
    estimates_of_roll,
    law_over,
    roll_off_closed,
)
from tracker.timeline.waits import NONE, Keys, TooManyNames, in_order

if TYPE_CHECKING:  # few calendars have any
    from tracker.timeline.estimated import Estimates


class ResolverState:
    """The view that is asked for, and the bounds of its points so far."""

    def __init__(
        self,
        agreements: Sequence[Agreement],
        events: Sequence[Event],
        as_of: date,
        suppose: Supposed,
        lenient: bool,
        *,
        now: datetime | None = None,
        most_names: int | None = None,
    ) -> None:
        self.as_of = as_of
        self.now = now
        self.events = events
        self.suppose = suppose
        self.lenient = lenient
        self.agreements = {agreement.id: agreement for agreement in agreements}
        self.bounds_by_key: dict[PointKey, Bounds] = {}
        self.waits: dict[PointKey, Keys] = {}  #: of points that wait for something
        self.names_left = most_names  #: so many names they may still come to; None: any
        self.open: set[PointKey] = set()  #: open and neither recorded nor supposed
        self.settled: set[PointKey] = set()
        self.recorded: set[PointKey] = set()
        self.last_days: dict[PointKey, Moment | None] = {}  #: of options that are not settled
        self.families: dict[PointKey, dict[Occurrence, PointKey]] = {}  #: of what repeats or renews
        self.named: dict[PointKey, OccurrenceKind] = {}  #: series of numbers or names, not of days
        self.stated_ends: dict[PointKey, Bounds] = {}  #: for good, of what renewed till withdrawn
        self.never_renewed: dict[PointKey, date] = {}  #: of what renews a term, the last of all
        self.uncovered: dict[PointKey, Uncovered] = {}  #: occurrences without data
        self.estimates: dict[
            PointKey, Estimates
        ] = {}  #: of points that estimated holidays can move
        self._places: dict[tuple[str, str | None, str | None, bool], Place] = {}
        self._in_order: dict[Keys, tuple[PointKey, ...]] = {}

    @cached_property
    def events_by_key(self) -> dict[EventKey, Event]:
        """The events by agreement and id."""
        return {event.event_key: event for event in self.events}

    @cached_property
    def _series(self) -> Counter[str]:
        """How many series each agreement has."""
        return Counter(event.agreement for event in self.events if event.repeating or event.renews)

    def past_ones(self, event: Event) -> int:
        """How many past occurrences of an event are listed at most."""
        from tracker.timeline.occurrences import most_past  # only what repeats pays for it

        return most_past(self._series[event.agreement])

    @cached_property
    def notices(self) -> frozenset[PointKey]:
        """The events that are the notice of a term that renews."""
        return frozenset(
            key_of(event.renews.unless, event.agreement)
            for event in self.events
            if event.renews is not None and event.renews.unless is not None
        )

    def settled_bounds(
        self, key: PointKey, event: Event, occurrence: Occurrence | None = None
    ) -> Bounds | None:
        """The bounds that no longer hang on the line: supposed, recorded or withdrawn.

        `key` is a point's, or that of the occurrence.
        """
        if self.suppose and key in self.suppose:
            moment = self.suppose[key]
            return NEVER if moment is None else exact_bounds(_recorded(moment))
        record = event.record(key.side, occurrence)
        if record is not None and self.is_seen(record, event):
            self.recorded.add(key)
            return exact_bounds(_recorded(record))
        withdrawn = event.withdrawal(occurrence)
        if isinstance(event.withdrawn, date) and _outlives_withdrawal(event, occurrence):
            return None
        return NEVER if withdrawn is not None and withdrawn <= self.as_of else None

    def stated_bounds(self, event: Event, side: Side) -> Bounds | None:
        """What a side of an event that was withdrawn comes to by its line; None: it has none.

        An end that is counted from its own start is counted from that as it is stated.
        """
        line, key = event.line(side), event.key("start")
        if line is None or self.bounds_by_key.get(key) != NEVER or side == "start":
            return None if line is None else self.line_bounds(event, line)
        place = self.place(event)

        def bounds_of_ref(ref: Ref) -> Bounds:
            if key_of(ref, event.agreement) == key:
                return self.stated_bounds(event, "start") or NEVER
            return place.lookup(ref)

        there = place._replace(lookup=bounds_of_ref)
        return roll_off_closed(line.fixed or line.form.bounds(there), event, line, there)

    def is_withdrawn(self, event: Event) -> bool:
        """Whether the whole event is withdrawn by the day of the view."""
        withdrawn = event.withdrawal()
        return withdrawn is not None and withdrawn <= self.as_of

    def is_seen(self, record: Moment, event: Event) -> bool:
        """Whether what was recorded is seen on the day of the view."""
        return day_in(record, self.zone(event)) <= self.as_of

    def is_behind(self, moment: Moment, event: Event) -> bool:
        """Whether a moment of the event lies before the view."""
        return is_behind(moment, self.zone(event), self.as_of, self.now)

    def zone(self, event: Event) -> str:
        """The zone of the event's file."""
        return self.agreements[event.agreement].timezone

    def line_bounds(self, event: Event, line: Line) -> Bounds:
        """What the event's line comes to, moved off closed days where it rolls."""
        place = self.place(event)
        try:
            bounds = line.fixed or line.form.bounds(place)
            return bounds if event.roll is None else roll_off_closed(bounds, event, line, place)
        except Uncovered as missing:
            missing.point = missing.point or event.name
            raise

    def place(self, event: Event) -> Place:
        """Where the event's lines stand."""
        cached = (event.agreement, event.calendar, event.counting, event.roll is None)
        if cached not in self._places:
            agreement = self.agreements[event.agreement]
            bounds_by_key = self.bounds_by_key

            def bounds_of_ref(ref: Ref) -> Bounds:
                # A side that is recorded on a later day alone is not there yet: it never comes.
                return bounds_by_key.get(key_of(ref, agreement.id), NEVER)

            days = days_of(event, agreement, self.lenient)
            law = law_over(event, agreement, self.lenient)
            self._places[cached] = Place(
                self.as_of, bounds_of_ref, agreement.timezone, days, law=law, now=self.now
            )
        return self._places[cached]

    def note_estimates(self, key: PointKey, event: Event, line: Line, place: Place) -> None:
        """Notes by which estimated holidays a point may still move, once its bounds are known."""
        bounds = self.bounds_by_key[key]
        if bounds.exact or not (self.estimates or place.has_estimates):
            return
        from tracker.timeline.estimated import estimates_behind

        estimates = estimates_behind(line.form, key.agreement, place, self.estimates_of)
        is_open = line.fixed is None and line.form.OPEN
        estimates |= estimates_of_roll(event.roll, line.form.bounds(place), place, is_open)
        if estimates:
            self.estimates[key] = estimates

    def estimates_of(self, key: PointKey) -> Estimates:
        """The estimated holidays that a reference to that point hangs on."""
        return self.estimates.get(key, frozenset())

    def note_waits(self, key: PointKey, keys: Keys) -> None:
        """Notes what a point waits for; raises TooManyNames where that comes to too many in all."""
        self.waits[key] = keys
        if self.names_left is not None:
            self.names_left -= len(keys)
            if self.names_left < 0:
                raise TooManyNames(key)

    def waits_of(self, key: PointKey) -> Keys:
        """What a reference to that point waits for: the point where it is open, else its waits."""
        return frozenset((key,)) if key in self.open else self.waits.get(key, NONE)

    def in_order(self, keys: Keys) -> tuple[PointKey, ...]:
        """What a point waits for, in order: of thousands that wait for the same, sorted once."""
        if len(keys) < 2:
            return tuple(keys)
        ordered = self._in_order.get(keys)
        if ordered is None:
            ordered = self._in_order[keys] = in_order(keys)
        return ordered


def _outlives_withdrawal(event: Event, occurrence: Occurrence | None) -> bool:
    """Whether it is by its day that an occurrence of what was withdrawn stays or goes."""
    each = event.when is not None and event.when.each is not None
    return isinstance(occurrence, date) or (each and occurrence is not None)


def _recorded(moment: Moment) -> Moment:
    """The moment as what no line states."""
    return UnstatedInstant(*moment) if isinstance(moment, Instant) else moment
