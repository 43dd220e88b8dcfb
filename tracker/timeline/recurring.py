"""Settling what happens more than once: its occurrences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from tracker.agreements.keys import Occurrence, PointKey, key_of
from tracker.agreements.model import ByOccurrence, Event, Line
from tracker.dates.bounds import NEVER, Bounds, Window, exact_bounds, pick_moment
from tracker.dates.calendars import Uncovered
from tracker.dates.estimated_holidays import Estimate
from tracker.dates.expressions import Place, Side
from tracker.dates.instants import Instant, Moment, day_in, local_day
from tracker.dates.words.openings import NotAfter
from tracker.timeline.anchors import Anchor, anchor_of, bounds_from
from tracker.timeline.occurrence_bounds import at_clock, occurrence_bounds, rule_of
from tracker.timeline.occurrences import (
    MOST,
    Limits,
    days_to_list,
    edges_after,
    edges_before,
    waiting,
)
from tracker.timeline.resolver_state import ResolverState
from tracker.timeline.same_occurrence import OccurrencePlaces
from tracker.timeline.waits import NONE, Keys, waits

if TYPE_CHECKING:  # only what repeats pays for it
    pass


def settle_occurrences(state: ResolverState, event: Event, line: Line) -> None:
    """Settles the occurrences of an event; or its one point, while their days are not known."""
    repeating = Repeating(state, event, line)
    withdrawn = event.withdrawal() if state.is_withdrawn(event) else None
    if withdrawn is not None:
        repeating.limits.end_before(withdrawn)
    try:
        repeating.settle_from_origin()
    except Uncovered as missing:
        missing.point = missing.point or event.name
        raise
    if withdrawn is not None:
        _withdraw(repeating, withdrawn)


def _withdraw(repeating: Repeating, withdrawn: date) -> None:
    """Withdraws a series: what was due before that day stays, and what was recorded."""
    state, series = repeating.state, repeating.key
    state.settled.add(series)
    state.bounds_by_key[series] = NEVER
    state.waits.pop(series, None)
    state.last_days.pop(series, None)
    family = state.families.pop(series, {})
    zone = state.zone(repeating.event)
    for which, key in list(family.items()):
        counts_to = state.bounds_by_key[key].counts_to
        is_due = counts_to is not None and day_in(counts_to, zone) < withdrawn
        if key not in state.settled and not is_due:
            del family[which], state.bounds_by_key[key]
            state.waits.pop(key, None)
    if family:
        state.families[series] = family


def settle_due_days(state: ResolverState, event: Event, line: Line) -> None:
    """Settles the due days of the occurrences: by the line as stated, whatever was recorded."""
    series, due = event.key("when"), event.key("due")
    state.bounds_by_key[due] = whole = state.bounds_by_key[series]
    if series in state.waits:
        state.note_waits(due, state.waits[series])
    if series in state.estimates:
        state.estimates[due] = state.estimates[series]
    if series in state.named:
        state.named[due] = state.named[series]
    if series in state.families:
        keys = state.families[due] = occurrences_of(due, state.families[series])
        repeating = Repeating(state, event, line)
        for which, key in keys.items():
            repeating.settle_stated(which, key, whole.earliest, repeating.limited_day_of(which))


class Repeating:
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
        #: The day that is counted from, where estimated holidays can move it.
        self.anchor: Anchor | None = None
        self._cut_waits: dict[tuple[Side, ...], Keys] = {}
        self.places = OccurrencePlaces(event, self.place, state.bounds_by_key, state.families)
        each = line.each
        #: What the line is repeated for; and whether that has numbers or names.
        self.of = None if each is None or each.of is None else key_of(each.of, event.agreement)
        self.named = self.of is not None and self.of in state.named
        if self.of is not None and self.named:
            state.named[self.key] = state.named[self.of]

    def _of_during(self, side: Side) -> PointKey:
        return self.during._replace(side=side)

    @property
    def start(self) -> Bounds | None:
        """The start of the event that bounds it; None: nothing does, or it always began."""
        if self.event.during is None:
            return None
        state, key = self.state, self._of_during("start")
        during = state.events_by_key[key.event_key]
        start = state.bounds_by_key.get(key)
        if start == NEVER and state.is_withdrawn(during) and key not in state.suppose:
            stated = state.stated_bounds(during, "start")  # until then it was in force
            return NEVER if stated is not None and stated.stands is None else stated
        return start

    @property
    def start_waits(self) -> Keys:
        """What that start waits for."""
        return self.state.waits_of(self._of_during("start"))

    def _limits(self) -> Limits:
        state = self.state
        if self.event.during is None:
            return Limits()
        during = state.events_by_key[self.during.event_key]
        zone = state.zone(during)
        start, end = self.start, state.bounds_by_key.get(self._of_during("end"))
        withdrawn = during.withdrawal()
        if withdrawn is not None and withdrawn <= state.as_of and end in (None, NEVER):
            end = _until_withdrawn(state, during, withdrawn)
        return Limits(start, end, zone)

    def settle_from_origin(self) -> None:
        """Settles the occurrences, once the day that they are counted from is one day."""
        state, key = self.state, self.key
        if key in state.suppose:
            state.settled.add(key)
        if self.named and (occurrences := self._of_named()):
            state.bounds_by_key[key] = NEVER
            self.settle(occurrences, None)
            return
        origin, held_up = self._origin()
        state.bounds_by_key[key] = NEVER if origin.earliest is None else waiting(origin)
        self._take_last_day()
        if origin.earliest is None:
            self.settle_recorded()
        elif held_up is not None or not origin.exact:
            open_points = waits(self.line.form, key.agreement, self.place, state.waits_of)
            state.note_waits(key, open_points | (held_up or NONE))
            self.settle_recorded()
        elif days := self._days(local_day(origin.earliest)):
            if self.anchor is not None:
                state.estimates[key] = self._of_anchor()
            self.settle(days, origin.earliest)
        else:
            state.bounds_by_key[key] = NEVER

    def _take_last_day(self) -> None:
        """Takes up until when the first can be used, where it is an option."""
        form = self.line.form
        may_come = self.line.each is None and self.key not in self.state.settled
        if may_come and isinstance(form, NotAfter):
            self.state.last_days[self.key] = form.last_day(self.place)

    def settle_recorded(self) -> None:
        """Settles what was recorded, though nothing says any more that there is more of it."""
        if occurrences := recorded_occurrences(self.state, self.event):
            self.settle(occurrences, None)

    def _of_named(self) -> list[Occurrence]:
        """The occurrences of what the line is repeated for, where they have numbers or names.

        However many: what has happened are facts, and what hangs on one of them is no matter of the
        others.
        """
        there = self.state.families.get(self.of, {}) if self.of is not None else {}
        if self.event.during is None:
            within = list(there)
        else:
            within = [which for which in there if self.limits.admit(self._day_of(which))]
        recorded = recorded_occurrences(self.state, self.event)
        return [*within, *(which for which in recorded if which not in there)]

    def _day_of(self, occurrence: Occurrence) -> date | None:
        """The occurrence's own day: of a number or a name the day that is referred to.

        None: no day is known of it.
        """
        if self.of is None or not self.named:
            return occurrence if isinstance(occurrence, date) else None
        moment = self.state.bounds_by_key.get(self.of.at(occurrence), NEVER).counts_to
        whose = self.state.events_by_key[self.of.event_key]
        return None if moment is None else day_in(moment, self.state.zone(whose))

    def _origin(self) -> tuple[Bounds, Keys | None]:
        """The day that is counted from; and while something else holds it up, what for.

        Held up, it is what the first one comes to that can be there.
        """
        state, key, each, of = self.state, self.key, self.line.each, self.of
        start = self.start
        if of is not None:
            there = None if self.named else _days_in(state.families.get(of))
            origin = exact_bounds(there[0]) if there else state.bounds_by_key[of]
            if there is None and origin.earliest is not None:
                held_up = state.waits_of(of)
                if start is not None and start.stands is None:
                    held_up |= self.start_waits
                place = self.place._replace(each=self._from_start(origin))
                return self.line.form.bounds(place), held_up
        elif each is not None:
            edges = edges_after(each.edge, each.unit, self.limits.first)
            first = next(edges, None) if start is not None and start.earliest else None
            origin = NEVER if first is None else exact_bounds(first)
        elif key in state.suppose:
            moment = state.suppose[key]
            origin = NEVER if moment is None else exact_bounds(moment)
        else:
            origin = self._anchored(self.line.fixed or self.line.form.bounds(self.place))
        if start is None or start.stands is not None or origin.earliest is None:
            return origin, None
        if start.earliest is None:
            return NEVER, None
        return self._first_from_start(origin), self.start_waits

    def _anchored(self, origin: Bounds) -> Bounds:
        """The day as estimated, where nothing but estimated holidays can move it."""
        if origin.exact or not (self.state.estimates or self.place.has_estimates):
            return origin
        agreement, waits_of = self.key.agreement, self.state.waits_of
        open_points = waits(self.line.form, agreement, self.place, waits_of)
        self.anchor = anchor_of(origin, bool(open_points))
        return origin if self.anchor is None else exact_bounds(self.anchor.day)

    def _of_anchor(self) -> frozenset[Estimate]:
        """The estimated holidays behind the day that is counted from."""
        from tracker.timeline.estimated import estimates_behind

        state = self.state
        return estimates_behind(self.line.form, self.key.agreement, self.place, state.estimates_of)

    def _from_start(self, origin: Bounds) -> Bounds:
        """That day, but not before the earliest day of the start."""
        earliest = (origin.earliest, origin.opens)
        start = (self.limits.first, True)
        first, opens = pick_moment((earliest, start), "latest", self.place.zone)
        return origin._replace(earliest=first, opens=opens)

    def _first_from_start(self, origin: Bounds) -> Bounds:
        """What the first occurrence comes to that can be there, while the start waits.

        The line, applied to the first day from that start's earliest on.
        """
        if not origin.exact or origin.earliest is None:
            return self._from_start(origin)
        ahead, _ = self._days_around(local_day(origin.earliest), self.limits.first)
        day = next(ahead, None)
        if day is None:
            return NEVER
        place = self.places.of(day)
        return occurrence_bounds(self.event, self.line, day, place, origin.earliest)

    def _days(self, anchor: date) -> tuple[date, ...]:
        """The days of the occurrences that are listed, and of those that were recorded."""
        as_of = self.state.as_of
        if self.of is not None:
            return self._days_of_each(_days_in(self.state.families[self.of]) or ())
        ahead, behind = self._days_around(anchor, self.limits.nearest(as_of))
        past_ones = self.state.past_ones(self.event)
        return self._and_recorded(days_to_list(ahead, behind, self.limits, as_of, past_ones))

    def _days_of_each(self, there: Iterable[date]) -> tuple[date, ...]:
        """Those of what the line is repeated for, all that are listed of it."""
        last_of_all = self.state.never_renewed.get(self.key)  # which nothing renews any more
        return self._and_recorded(
            [day for day in there if self.limits.admit(day) and day != last_of_all]
        )

    def _and_recorded(self, days: list[date]) -> tuple[date, ...]:
        recorded = recorded_days(self.state, self.event)
        return tuple(sorted({*days, *recorded})[-MOST:] if recorded else days)

    def _days_around(self, anchor: date, middle: date) -> tuple[Iterator[date], Iterator[date]]:
        """The days from that one on, ascending, and those before it, descending."""
        each = self.line.each
        if self.of is not None:
            there = _days_in(self.state.families[self.of]) or ()
            ahead = iter([day for day in there if day >= middle])
            return ahead, iter([day for day in reversed(there) if day < middle])
        if each is not None:
            ahead = edges_after(each.edge, each.unit, max(middle, anchor))
            return ahead, edges_before(each.edge, each.unit, middle)
        rule = rule_of(self.event)
        if rule is None:
            raise ValueError(f"{self.key} does not repeat")
        return rule.after(anchor, middle), rule.before(anchor, middle)

    def settle(self, occurrences: Sequence[Occurrence], first: Moment | None) -> None:
        """Settles each occurrence: its day, what may cut it off, and what was recorded of it."""
        state, event = self.state, self.event
        keys = state.families[self.key] = occurrences_of(self.key, occurrences)
        if self._is_plain() and not isinstance(first, Instant):
            # The commonest by far; the rest would come to the same.
            for plain in _days_in(keys) or ():
                self._settle_plain(plain, keys[plain])
            return
        may_be_settled = bool(state.suppose) or self._is_recorded()
        opens = self.line.fixed is None and self.line.form.OPEN
        ahead = False  #: whether the next one is settled
        for which, key in list(keys.items()):
            settled = state.settled_bounds(key, event, which) if may_be_settled else None
            day = self.limited_day_of(which)
            is_ahead = day is not None and day >= state.as_of
            if settled is not None:
                state.settled.add(key)
                state.bounds_by_key[key] = settled
            else:
                try:
                    self.settle_stated(which, key, first, day)
                except Uncovered as missing:
                    if self.named or (is_ahead and not ahead):
                        raise
                    state.uncovered[key] = missing
                    del keys[which]  # listed as far as the calendar's data goes
                    continue
                if opens:
                    self.take_opening(which, key)
            ahead = ahead or is_ahead

    def _settle_plain(self, day: date, key: PointKey) -> None:
        bounds = Bounds(day, day, Window(day, day))
        cut = bounds if self.limits.is_certain else self.limits.cut(day, bounds)
        self.state.bounds_by_key[key] = cut
        if cut is not bounds and (open_points := self.cut_waits(day)):
            self.state.note_waits(key, open_points)

    def settle_stated(
        self, which: Occurrence, key: PointKey, first: Moment | None, day: date | None
    ) -> None:
        """Settles an occurrence by its line, and what may cut it off; `day` is its own."""
        state = self.state
        bounds, open_points = self._bounds_and_waits(which, first)
        cut = bounds if day is None else self.limits.cut(day, bounds)
        if day is not None and cut is not bounds:
            cut_off = self.cut_waits(day)
            open_points = open_points | cut_off if open_points else cut_off
        state.bounds_by_key[key] = cut
        if open_points and not cut.exact:
            state.note_waits(key, open_points)
        if not cut.exact and (state.estimates or self.place.has_estimates):
            self._note_estimates(which, key, first, day)

    def _note_estimates(
        self, which: Occurrence, key: PointKey, first: Moment | None, day: date | None
    ) -> None:
        """Notes by which estimated holidays an occurrence may move, or be cut off."""
        from tracker.timeline.estimated_occurrences import estimates_of_line, note_occurrence

        state, line, place = self.state, self.line, self.places.of(which)
        behind: frozenset[Estimate] = frozenset()
        if line.each is not None:
            behind = estimates_of_line(
                state, line, key, place, of=self.of, beside=self.places.beside
            )
            stated = line.form.bounds(place)
        else:
            moment = at_clock(first, which) if isinstance(which, date) else first
            stated = NEVER if moment is None else exact_bounds(moment)
            if self.anchor is not None and moment is not None:
                behind, stated = state.estimates_of(self.key), self.anchor.widened(moment)
        for side in self.limits.may_cut(day) if day is not None else ():
            behind |= state.estimates_of(self._of_during(side))
        note_occurrence(state, self.event, key, stated, place, behind=behind)

    def cut_waits(self, day: date) -> Keys:
        """What the sides wait for that may still cut off an occurrence of that day."""
        sides = self.limits.may_cut(day)
        keys = self._cut_waits.get(sides)
        if keys is None:
            waiting_for = (self.state.waits_of(self._of_during(side)) for side in sides)
            keys = self._cut_waits[sides] = NONE.union(*waiting_for)
        return keys

    def limited_day_of(self, which: Occurrence) -> date | None:
        """The occurrence's own day, where anything is to be held against it."""
        return None if self.named and self.event.during is None else self._day_of(which)

    def take_opening(self, which: Occurrence, key: PointKey) -> None:
        """Takes up that the occurrence is open, and of an option until when it can be used."""
        form, state = self.line.form, self.state
        if state.bounds_by_key[key].earliest is not None:
            state.open.add(key)
        if isinstance(form, NotAfter):
            state.last_days[key] = form.last_day(self.places.of(which))

    def _is_plain(self) -> bool:
        stated = self.event.roll is None and self.line.each is None and self.anchor is None
        return stated and not self._is_recorded() and not self.state.suppose

    def _is_recorded(self) -> bool:
        return self.event.occurred is not None or self.event.withdrawn is not None

    def _bounds_and_waits(self, which: Occurrence, first: Moment | None) -> tuple[Bounds, Keys]:
        """What an occurrence comes to by its line, and what it waits for."""
        state, each = self.state, self.line.each
        if each is None and isinstance(which, date):
            if self.anchor is not None:
                moment = at_clock(first, which)
                return bounds_from(self.anchor, moment, self.event, self.line, self.place), NONE
            if self.event.roll is None:
                return exact_bounds(at_clock(first, which)), NONE
        for series in self.places.beside if state.uncovered else ():
            if missing := state.uncovered.get(series.at(which)):
                raise missing
        place = self.places.of(which)
        bounds = occurrence_bounds(self.event, self.line, which, place, first)
        if each is None or bounds.exact or bounds.earliest is None:
            return bounds, NONE
        return bounds, self._waits(which, place)

    def _waits(self, which: Occurrence, place: Place) -> Keys:
        """What an occurrence waits for by its line, in its own place."""
        state = self.state

        def waits_of(key: PointKey) -> Keys:
            return state.waits_of(key.at(which) if key in self.places.beside else key)

        of_each = NONE if self.of is None else state.waits_of(self.of.at(which))
        return waits(self.line.form, self.key.agreement, place, waits_of, of_each)


def _until_withdrawn(state: ResolverState, during: Event, withdrawn: date) -> Bounds:
    """The end of an event that is withdrawn: that day, or sooner where it had ended by then."""
    key, zone = during.key("end"), state.zone(during)
    stated = state.stated_ends.get(key) if during.renews else state.stated_bounds(during, "end")
    if stated is None or stated.stands is None or stated.earliest is None:
        return exact_bounds(withdrawn)

    def moved(moment: Moment | None) -> date:
        return withdrawn if moment is None else min(day_in(moment, zone), withdrawn)

    stands = Window(moved(stated.stands.earliest), moved(stated.stands.latest))
    return Bounds(moved(stated.earliest), moved(stated.latest), stands)


def _days_in(family: Iterable[Occurrence] | None) -> list[date] | None:
    """The occurrences that are known by their days; None where there are no occurrences."""
    return None if family is None else [day for day in family if isinstance(day, date)]


def occurrences_of(key: PointKey, occurrences: Iterable[Occurrence]) -> dict[Occurrence, PointKey]:
    """The occurrences of a point, by their days, numbers or names."""
    return {occurrence: key.at(occurrence) for occurrence in occurrences}


def recorded_occurrences(state: ResolverState, event: Event) -> tuple[Occurrence, ...]:
    """The occurrences that are recorded by the day of the view."""
    if not isinstance(event.occurred, ByOccurrence):
        return ()
    return tuple(which for which, moment in event.occurred.days if state.is_seen(moment, event))


def recorded_days(state: ResolverState, event: Event) -> tuple[date, ...]:
    """Those of them that are known by their days."""
    return tuple(_days_in(recorded_occurrences(state, event)) or ())
