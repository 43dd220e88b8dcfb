"""Settling what happens more than once: its occurrences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from tracker.agreements.keys import PointKey, key_of
from tracker.agreements.model import ByOccurrence, Event, Line
from tracker.dates.arithmetic import at_clock_of
from tracker.dates.bounds import NEVER, Bounds, Window, exact_bounds
from tracker.dates.calendars import Uncovered
from tracker.dates.expressions import Place, Side
from tracker.dates.instants import Instant, Moment, day_in, local_day
from tracker.dates.words.openings import NotAfter
from tracker.timeline.occurrences import (
    MOST,
    Limits,
    days_to_list,
    edges_after,
    edges_before,
    waiting,
)
from tracker.timeline.points import (
    Point,
    State,
    Timeline,
    as_option,
    roll_off_closed,
    status_of,
)
from tracker.timeline.resolver_state import ResolverState
from tracker.timeline.same_occurrence import occurrence_place, series_named_beside
from tracker.timeline.waits import NONE, Keys, in_order, waits


def settle_occurrences(state: ResolverState, event: Event, line: Line) -> None:
    """Settles the occurrences of an event; or its one point, while their days are not known."""
    repeating = _Repeating(state, event, line)
    if state.is_withdrawn(event):
        state.settled.add(repeating.key)
        state.bounds_by_key[repeating.key] = NEVER
        repeating.settle_recorded()
        return
    try:
        repeating.settle_from_origin()
    except Uncovered as missing:
        missing.point = missing.point or event.name
        raise


class _Repeating:
    """An event that repeats, while its occurrences are worked out."""

    def __init__(self, state: ResolverState, event: Event, line: Line) -> None:
        self.state = state
        self.event = event
        self.line = line
        self.key = event.key("when")
        self.place = state.place(event)
        self.during: PointKey = (
            self.key if event.during is None else key_of(event.during, self.key.agreement)
        )
        self.limits = self._limits()
        #: What the line names of which it means the same occurrence.
        self.beside = series_named_beside(line, self.key.agreement, state.families)

    def _of_during(self, side: Side) -> PointKey:
        return self.during._replace(side=side)

    def _limits(self) -> Limits:
        state = self.state
        if self.event.during is None:
            return Limits()
        during = state.events_by_key[self.during.event_key]
        zone = state.zone(during)
        start = state.bounds_by_key.get(self._of_during("start"))
        end = state.bounds_by_key.get(self._of_during("end"))
        withdrawn = during.withdrawal()
        if withdrawn is not None and withdrawn <= state.as_of and end == NEVER:
            end = exact_bounds(withdrawn)
        first = None if start is None or start.earliest is None else day_in(start.earliest, zone)
        return Limits(first, end, zone)

    def settle_from_origin(self) -> None:
        """Settles the occurrences, once the day that they are counted from is one day."""
        state, key = self.state, self.key
        if key in state.suppose:
            state.settled.add(key)
        origin, held_up = self._origin()
        state.bounds_by_key[key] = NEVER if origin.earliest is None else waiting(origin)
        if origin.earliest is None:
            self.settle_recorded()
        elif held_up is not None or not origin.exact:
            open_points = waits(self.line.form, key.agreement, self.place, state.waits_of)
            state.waits[key] = open_points | (held_up or NONE)
            if self.line.each is None and isinstance(self.line.form, NotAfter):
                state.last_days[key] = self.line.form.last_day(self.place)
            self.settle_recorded()
        elif days := self._days(local_day(origin.earliest)):
            self.settle(days, origin.earliest)
        else:
            state.bounds_by_key[key] = NEVER

    def settle_recorded(self) -> None:
        """Settles what was recorded, though nothing says any more that there is more of it."""
        if days := recorded_days(self.state, self.event):
            self.settle(days, None)

    def _origin(self) -> tuple[Bounds, Keys | None]:
        """The day that is counted from; and while something else holds it up, what for."""
        state, key, each = self.state, self.key, self.line.each
        start = state.bounds_by_key.get(self._of_during("start")) if self.event.during else None
        if each is not None and each.of is not None:
            of = key_of(each.of, key.agreement)
            there = state.families.get(of)
            origin = exact_bounds(next(iter(there))) if there else state.bounds_by_key[of]
            if there is None and origin.earliest is not None:
                place = self.place._replace(each=origin)
                return self.line.form.bounds(place), state.waits_of(of)
        elif each is not None:
            origin = start or NEVER
        elif key in state.suppose:
            moment = state.suppose[key]
            origin = NEVER if moment is None else exact_bounds(moment)
        else:
            origin = self.line.fixed or self.line.form.bounds(self.place)
        if start is None or start.exact or origin.earliest is None:
            return origin, None
        if start.earliest is None:
            return NEVER, None
        return origin, state.waits_of(self._of_during("start"))

    def _days(self, anchor: date) -> tuple[date, ...]:
        """The days of the occurrences that are listed, and of those that were recorded."""
        as_of, each = self.state.as_of, self.line.each
        if each is not None and each.of is not None:
            there = self.state.families[key_of(each.of, self.key.agreement)]
            ahead = iter([day for day in there if day >= as_of])
            behind = iter([day for day in reversed(there) if day < as_of])
        elif each is not None:
            ahead = edges_after(each.edge, each.unit, max(as_of, anchor))
            behind = edges_before(each.edge, each.unit, as_of)
        elif self.event.repeats is not None:
            ahead = self.event.repeats.after(anchor, as_of)
            behind = self.event.repeats.before(anchor, as_of)
        else:
            raise ValueError(f"{self.key} does not repeat")
        days = days_to_list(ahead, behind, self.limits, as_of)
        recorded = recorded_days(self.state, self.event)
        if recorded:
            days = sorted({*days, *recorded})[-MOST:]
        return tuple(days)

    def settle(self, days: Sequence[date], first: Moment | None) -> None:
        """Settles each occurrence: its day, what may cut it off, and what was recorded of it."""
        state, event = self.state, self.event
        keys = state.families[self.key] = occurrences_of(self.key, days)
        if self._is_plain() and not isinstance(first, Instant):
            # The commonest by far; the rest would come to the same.
            bounds_by_key = state.bounds_by_key
            for day, key in keys.items():
                bounds_by_key[key] = Bounds(day, day, Window(day, day))
            return
        may_be_settled = bool(state.suppose) or self._is_recorded()
        cut_waits = state.waits_of(self._of_during("end")) if event.during else NONE
        ahead = False  #: whether the next one is settled
        for day, key in list(keys.items()):
            settled = state.settled_bounds(key, event, day) if may_be_settled else None
            if settled is not None:
                state.settled.add(key)
                state.bounds_by_key[key] = settled
            else:
                try:
                    bounds, open_points = self._bounds_and_waits(day, first)
                except Uncovered as missing:
                    if day >= state.as_of and not ahead:
                        raise
                    state.uncovered[key] = missing
                    del keys[day]  # listed as far as the calendar's data goes
                    continue
                state.bounds_by_key[key] = cut = self.limits.cut(day, bounds)
                self._take_opening(day, key)
                open_points |= cut_waits if cut is not bounds else NONE
                if open_points and not cut.exact:
                    state.waits[key] = open_points
            ahead = ahead or day >= state.as_of

    def _take_opening(self, day: date, key: PointKey) -> None:
        """Takes up that the occurrence is open, and of an option until when it can be used."""
        form = self.line.form
        if not form.OPEN:
            return
        state = self.state
        if state.bounds_by_key[key].earliest is not None:
            state.open.add(key)
        if isinstance(form, NotAfter):
            known, families = state.bounds_by_key, state.families
            place = occurrence_place(self.event, day, self.place, known, families)
            state.last_days[key] = form.last_day(place)

    def _is_plain(self) -> bool:
        stated = self.event.roll is None and self.line.each is None and self.limits.end is None
        return stated and not self._is_recorded() and not self.state.suppose

    def _is_recorded(self) -> bool:
        return self.event.occurred is not None or self.event.withdrawn is not None

    def _bounds_and_waits(self, day: date, first: Moment | None) -> tuple[Bounds, Keys]:
        """What an occurrence comes to by its line, and what it waits for."""
        state, each = self.state, self.line.each
        if each is None and self.event.roll is None:
            return exact_bounds(at_clock(first, day)), NONE
        for series in self.beside if state.uncovered else ():
            if missing := state.uncovered.get(series.at(day)):
                raise missing
        place = occurrence_place(self.event, day, self.place, state.bounds_by_key, state.families)
        bounds = occurrence_bounds(self.event, self.line, day, place, first)
        if each is None or bounds.exact or bounds.earliest is None:
            return bounds, NONE
        return bounds, self._waits(day, place)

    def _waits(self, day: date, place: Place) -> Keys:
        """What an occurrence waits for by its line, in its own place."""
        state, each, agreement = self.state, self.line.each, self.key.agreement

        def waits_of(key: PointKey) -> Keys:
            return state.waits_of(key.at(day) if key in self.beside else key)

        of = None if each is None or each.of is None else key_of(each.of, agreement).at(day)
        of_each = NONE if of is None else state.waits_of(of)
        return waits(self.line.form, agreement, place, waits_of, of_each)


def occurrences_of(key: PointKey, days: Iterable[date]) -> dict[date, PointKey]:
    """The occurrences of a point, by their days."""
    return {day: key.at(day) for day in days}


def occurrence_bounds(event: Event, line: Line, day: date, place: Place, first: object) -> Bounds:
    """What an occurrence comes to by its line alone, in its own place.

    `first` is the moment that is counted from: where it has a time, so have all.
    """
    if line.each is None:
        bounds = exact_bounds(at_clock(first, day))
    else:
        bounds = line.form.bounds(place)
    return roll_off_closed(bounds, event, line, place)


def at_clock(first: object, day: date) -> Moment:
    """That day; at the clock of the first moment, where that has one."""
    if not isinstance(first, Instant):
        return day
    try:
        return at_clock_of(first, day)
    except OverflowError:  # at the very edges of the calendar
        return day


def nearest_occurrence(event: Event, line: Line, day: date, timeline: Timeline) -> date | None:
    """The occurrence nearest to that day, whatever was recorded; None where there is none."""
    each = line.each
    if each is not None and each.of is not None:
        days = list(timeline.families.get(key_of(each.of, event.agreement), ()))
    elif each is not None:
        days = [next(edges_after(each.edge, each.unit, day), day)]
        days += islice(edges_before(each.edge, each.unit, day), 1)
    elif event.repeats is not None:
        first = timeline.bounds_by_key[event.key("when")].earliest
        if first is None:
            return None
        days = [*islice(event.repeats.after(local_day(first), day), 1)]
        days += islice(event.repeats.before(local_day(first), day), 1)
    else:
        return None
    return min(days, key=lambda occurrence: abs((occurrence - day).days), default=None)


def recorded_days(state: ResolverState, event: Event) -> tuple[date, ...]:
    """The occurrences that are recorded by the day of the view."""
    if not isinstance(event.occurred, ByOccurrence):
        return ()
    return tuple(day for day, moment in event.occurred.days if state.is_seen(moment, event))


# -- points


def family_points(
    state: ResolverState, event: Event, side: Side, term_state: State | None
) -> Iterator[Point]:
    """The points of the occurrences, by their days."""
    key = event.key(side)
    line, zone, as_of = event.line(side), state.zone(event), state.as_of
    bounds_by_key, waits_of, recorded = state.bounds_by_key, state.waits.get, state.recorded
    points = []
    waits_by_keys: dict[Keys, tuple[PointKey, ...]] = {
        NONE: ()
    }  #: what occurrences wait for is mostly the same
    for day, occurrence in state.families[key].items():
        bounds = bounds_by_key[occurrence]
        waiting_for = waits_of(occurrence)
        status = "occurred" if occurrence in recorded else status_of(bounds, waiting_for)
        past = bounds.stands is not None and day_in(bounds.stands.latest, zone) < as_of
        waits_for = waits_by_keys.get(waiting_for or NONE)
        if waits_for is None:
            waits_for = waits_by_keys[waiting_for or NONE] = in_order(waiting_for or NONE)
        point = Point(
            event, side, line, bounds, status, term_state, past, waits_for, zone, day, past
        )
        if state.last_days and occurrence in state.last_days:
            point = as_option(point, state.last_days[occurrence], as_of)
        points.append(point)
    over = (
        at for at in range(len(points) - 1, -1, -1) if points[at].past or _has_occurred(points[at])
    )
    last = next(over, None)
    if last is not None and side == "when" and key not in state.notices:
        points[last] = points[last]._replace(moot=False)
    return iter(points)


def _has_occurred(point: Point) -> bool:
    return point.status == "occurred"
