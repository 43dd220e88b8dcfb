"""Settling what is counted from when it was done last: a check, a filter, a training.

Only the first is stated, by `when`. The next one is there once the one before is recorded, or
supposed, a length after that day; until then the one before is what is due, or passed. Each is
known by its number, so a record that is corrected moves what follows and changes no identity.
"""

from __future__ import annotations

from datetime import date

from tracker.agreements.keys import Occurrence, PointKey
from tracker.agreements.model import Event, Line
from tracker.dates.bounds import NEVER, Bounds
from tracker.dates.estimated_holidays import Estimate
from tracker.dates.instants import day_in
from tracker.timeline.occurrence_bounds import due_after
from tracker.timeline.occurrences import waiting
from tracker.timeline.recurring import Repeating
from tracker.timeline.resolver_state import ResolverState
from tracker.timeline.waits import NONE, Keys, waits


def settle_after_done(state: ResolverState, event: Event, line: Line) -> None:
    """Settles each that is recorded, and the one that is due then."""
    _AfterDone(state, event, line).settle()


class _AfterDone:
    """What is done again and again, while its occurrences are worked out."""

    def __init__(self, state: ResolverState, event: Event, line: Line) -> None:
        self.state = state
        self.repeating = Repeating(state, event, line)
        self.key = self.repeating.key
        state.named[self.key] = "number"
        self.family: dict[Occurrence, PointKey] = {}

    def settle(self) -> None:
        """Settles one after the other, for as long as each is recorded."""
        state, repeating = self.state, self.repeating
        event, line = repeating.event, repeating.line
        due: Bounds | None = state.line_bounds(event, line)
        open_points = waits(line.form, self.key.agreement, repeating.place, state.waits_of)
        state.bounds_by_key[self.key] = NEVER
        if self.key in state.suppose or state.is_withdrawn(event):
            state.settled.add(self.key)
        number, count = 0, getattr(event.repeats, "count", None)
        while due is not None and (count is None or number < count):
            number += 1
            done = self._settle(number, due, open_points)
            if done is None:
                break
            due, open_points = due_after(event, line, done, repeating.place), NONE
        if self.family:
            state.families[self.key] = self.family

    def _settle(self, number: int, due: Bounds, open_points: Keys) -> date | None:
        """Settles one, and says on which day it was done; None: it was not."""
        state, event = self.state, self.repeating.event
        key = self.key.at(number)
        settled = state.settled_bounds(key, event, number)
        if settled is not None:
            self.family[number] = key
            state.settled.add(key)
            state.bounds_by_key[key] = settled
            earliest = settled.earliest
            return None if earliest is None else day_in(earliest, state.zone(event))
        self._settle_due(number, key, due, open_points)
        return None

    def _settle_due(self, number: int, key: PointKey, due: Bounds, open_points: Keys) -> None:
        """Settles the one that is due, where it lies within what bounds it."""
        state, repeating = self.state, self.repeating
        start = repeating.start
        if start is not None and start.earliest is not None and start.stands is None:
            state.bounds_by_key[self.key] = waiting(due)  # nobody knows whether it has begun
            state.note_waits(self.key, open_points | repeating.start_waits)
            return
        day = None if due.counts_to is None else day_in(due.counts_to, repeating.place.zone)
        never_began = start is not None and start.earliest is None
        if never_began or not repeating.limits.admit(day):
            return
        self.family[number] = key
        cut = due if day is None else repeating.limits.cut(day, due)
        state.bounds_by_key[key] = cut
        if number == 1 and repeating.line.fixed is None and repeating.line.form.OPEN:
            repeating.take_opening(number, key)
        if day is not None and cut is not due:
            open_points |= repeating.cut_waits(day)
        if open_points and not cut.exact:
            state.note_waits(key, open_points)
        if not cut.exact and (state.estimates or repeating.place.has_estimates):
            self._note_estimates(number, key, due)

    def _note_estimates(self, number: int, key: PointKey, due: Bounds) -> None:
        """Notes by which estimated holidays it may move; the first also by its line."""
        from tracker.timeline.estimated_occurrences import estimates_of_line, note_occurrence

        state, repeating = self.state, self.repeating
        line, place, stated = repeating.line, repeating.place, due
        behind: frozenset[Estimate] = frozenset()
        if number == 1:
            behind = estimates_of_line(state, line, key, place, of=None, beside=frozenset())
            stated = line.form.bounds(place)
        note_occurrence(state, repeating.event, key, stated, place, behind=behind)
