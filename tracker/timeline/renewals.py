"""Settling the ends of what renews: each term's, and the end for good."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tracker.agreements.keys import PointKey, key_of
from tracker.agreements.model import Event, Line
from tracker.dates.bounds import NEVER, Bounds, exact_bounds, map_moments
from tracker.dates.calendars import Uncovered
from tracker.dates.expressions import Place
from tracker.dates.instants import Moment, day_in, local_day
from tracker.dates.words.openings import NotAfter
from tracker.timeline.anchors import Anchor, anchor_of, bounds_from
from tracker.timeline.occurrence_bounds import at_clock
from tracker.timeline.occurrences import Limits, days_to_list, waiting
from tracker.timeline.points import estimates_of_roll, roll_off_closed
from tracker.timeline.recurring import occurrences_of, recorded_days
from tracker.timeline.renewal_terms import LapsingTerms, Notices, Terms
from tracker.timeline.resolver_state import ResolverState
from tracker.timeline.waits import NONE, Keys, waits

if TYPE_CHECKING:  # only what renews pays for it
    from tracker.dates.renewals import Renewal

_SECOND_DAY = date.min + timedelta(days=1)


def settle_terms(state: ResolverState, event: Event, line: Line, renewal: Renewal) -> None:
    """Settles the end of each term, and the end for good."""
    key = event.key("end")
    place = state.place(event)
    settled = state.settled_bounds(key, event)
    withdrawn = event.withdrawal() if settled == NEVER and key not in state.suppose else None
    stated = line.fixed or line.form.bounds(place)
    if withdrawn is not None:
        stated = state.stated_bounds(event, "end") or NEVER
    if settled is not None:
        state.settled.add(key)
    never = settled == NEVER and key in state.suppose  # it renews for ever
    if stated.earliest is None:
        state.bounds_by_key[key] = settled or NEVER
        return
    open_points = NONE
    if not stated.exact:
        open_points = waits(line.form, event.agreement, place, state.waits_of)
    anchor = (
        anchor_of(stated, bool(open_points)) if state.estimates or place.has_estimates else None
    )
    if not stated.exact and anchor is None:
        state.bounds_by_key[key] = settled or waiting(stated)
        if settled is None:
            state.note_waits(key, open_points)
    else:
        first = stated.earliest if anchor is None else anchor.day
        ends = _Ends(state, event, line, place, first=first, anchor=anchor)
        notices = None if never else _notices(state, event, renewal, ends.moment)
        terms = _terms(local_day(first), renewal, notices, state.as_of)
        by_length = terms.for_good()
        for_good = _for_good(by_length, ends)
        state.bounds_by_key[key] = settled or for_good
        if withdrawn is not None:  # the terms before that day stay
            state.stated_ends[key] = for_good
            settled = exact_bounds(max(withdrawn, _SECOND_DAY) - timedelta(days=1))
        if by_length.stands is not None:
            ends.note_estimates(key, for_good, local_day(by_length.stands.latest))
        _settle_terms(state, event, terms, ends, settled)


def _terms(first: date, renewal: Renewal, notices: Notices | None, as_of: date) -> Terms:
    if renewal.only_if is not None and notices is not None:
        return LapsingTerms(first, renewal, notices, as_of)
    return Terms(first, renewal, notices, as_of)


class _Ends:
    """The ends of terms: at the clock of the stated one, moved off closed days."""

    def __init__(
        self,
        state: ResolverState,
        event: Event,
        line: Line,
        place: Place,
        *,
        first: Moment,
        anchor: Anchor | None,
    ) -> None:
        self._state = state
        self._event = event
        self._line = line
        self._place = place
        self._first = first
        self._anchor = anchor  #: where estimated holidays can move the stated end

    def bounds(self, end: Moment) -> Bounds:
        """All days on which a term can end that ends on that day by its length."""
        moment = at_clock(self._first, local_day(end))
        return bounds_from(self._anchor, moment, self._event, self._line, self._place)

    def moment(self, end: Moment) -> Moment:
        """When it ends, by the estimates of holidays."""
        stands = self.bounds(end).stands
        return end if stands is None else stands.latest

    def note_estimates(self, key: PointKey, bounds: Bounds, day: date) -> None:
        """Notes by which estimated holidays an end may move that has those bounds.

        `day` is the one on which it ends by its length, before it is moved off closed days.
        """
        state, place = self._state, self._place
        if bounds.exact or bounds.stands is None or not (state.estimates or place.has_estimates):
            return
        from tracker.timeline.estimated import estimates_behind

        agreement = self._event.agreement
        estimates = estimates_behind(self._line.form, agreement, place, state.estimates_of)
        estimates |= estimates_of_roll(self._event.roll, exact_bounds(day), place)
        if estimates:
            state.estimates[key] = estimates


def _for_good(by_length: Bounds, ends: _Ends) -> Bounds:
    """When it ends for good: what that comes to by the lengths of the terms, moved as each is."""
    moved = map_moments(by_length, ends.moment)
    earliest = by_length.earliest and ends.bounds(by_length.earliest).earliest
    latest = by_length.latest and ends.bounds(by_length.latest).latest
    return moved._replace(earliest=earliest, latest=latest)


def _settle_terms(
    state: ResolverState,
    event: Event,
    terms: Terms,
    ends: _Ends,
    settled: Bounds | None,
) -> None:
    """Settles the terms that there can be; all up to the end for good, once that is settled."""
    key = event.key("end")
    pending = None if terms.pending is None else terms.end(terms.pending)
    for_notice = _of_condition(state, event, terms, pending)
    if settled is None and not state.bounds_by_key[key].exact:
        state.note_waits(key, for_notice)
    ended = settled if settled is not None and settled.earliest is not None else None
    limits = Limits(end=ended, zone=state.zone(event))
    middle = limits.nearest(state.as_of)
    ahead, behind = terms.after(middle), terms.before(middle)
    days = days_to_list(ahead, behind, limits, state.as_of, state.past_ones(event))
    if pending is not None and key in state.waits and pending not in days:
        days = sorted({*days, pending})  # what the end for good waits for is there
    keys = state.families[key] = occurrences_of(key, days)
    for day in days:
        occurrence = keys[day]
        supposed = state.settled_bounds(occurrence, event, day) if state.suppose else None
        if supposed is not None:
            state.settled.add(occurrence)
            state.bounds_by_key[occurrence] = supposed
            continue
        try:
            bounds = ends.bounds(day)
        except Uncovered:
            if day >= state.as_of and not any(state.as_of <= listed < day for listed in days):
                raise
            del keys[day]  # listed as far as the calendar's data goes
            continue
        if ended is not None or pending is None or day <= pending:
            state.bounds_by_key[occurrence] = bounds
        else:
            state.bounds_by_key[occurrence] = Bounds(bounds.earliest, None, bounds.stands)
            state.note_waits(occurrence, for_notice)
        ends.note_estimates(occurrence, bounds, day)


def _of_condition(state: ResolverState, event: Event, terms: Terms, pending: date | None) -> Keys:
    """The notice, or the renewal, that can still come for a term; none where there is none."""
    if terms.renewal.condition is None:
        return NONE
    condition = key_of(terms.renewal.condition, event.agreement)
    if pending is not None:
        return frozenset((condition.at(pending),))
    if isinstance(terms, LapsingTerms) and (end := terms.last_of_all):
        state.never_renewed[condition] = end
    return NONE


def _notices(
    state: ResolverState, event: Event, renewal: Renewal, moment: Callable[[Moment], Moment]
) -> Notices | None:
    """What is known of the notices that end the event for good, or of what renews it."""
    if renewal.condition is None:
        return None
    key = key_of(renewal.condition, event.agreement)
    notice = state.events_by_key[key.event_key]
    line = notice.when
    given = set(recorded_days(state, notice))
    if line is None or state.is_withdrawn(notice):
        return Notices(lambda _end: date.min, given)
    place, zone = state.place(notice), state.zone(notice)

    def day(end: date) -> date | None:
        try:
            there = place._replace(each=exact_bounds(moment(end)))
            if isinstance(line.form, NotAfter):
                last = line.form.last_day(there)
            else:
                stands = roll_off_closed(line.form.bounds(there), notice, line, place).stands
                last = stands and stands.latest
        except Uncovered:  # a term far from the view: on which side of it is plain by its end
            return end
        return last and day_in(last, zone)

    ruled_out = {
        occurrence
        for occurrence in notice.recorded_occurrences
        if isinstance(occurrence, date)
        and (gone := notice.withdrawal(occurrence)) is not None
        and gone <= state.as_of
    }
    for key, supposed in state.suppose.items():
        end = key.occurrence
        if key.event_key == notice.event_key and isinstance(end, date):
            (ruled_out if supposed is None else given).add(end)
            (given if supposed is None else ruled_out).discard(end)
    return Notices(day, given, ruled_out - given)
