"""What an occurrence comes to by its line alone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tracker.agreements.keys import Occurrence
from tracker.agreements.model import Event, Line
from tracker.dates.arithmetic import at_clock_of
from tracker.dates.bounds import NEVER, Bounds, exact_bounds
from tracker.dates.expressions import Place
from tracker.dates.instants import Instant, Moment, day_in
from tracker.timeline.points import roll_off_closed

if TYPE_CHECKING:  # only what repeats pays for it
    from tracker.dates.recurrence import Every, Rule


def rule_of(event: Event) -> Every | Rule | None:
    """The rule by which an event repeats whose occurrences are known by their days."""
    repeats = event.repeats
    return repeats if repeats is not None and repeats.named_by == "day" else None


def occurrence_bounds(
    event: Event, line: Line, occurrence: Occurrence, place: Place, first: object
) -> Bounds:
    """What an occurrence comes to by its line alone, in its own place.

    `first` is the moment that is counted from: where it has a time, so have all.
    """
    if line.each is None and isinstance(occurrence, date) and rule_of(event) is not None:
        bounds = exact_bounds(at_clock(first, occurrence))
    elif line.each is None and (before := _done_before(event, occurrence)):
        return due_after(event, line, day_in(before, place.zone), place) or NEVER
    else:
        bounds = line.fixed or line.form.bounds(place)
    return roll_off_closed(bounds, event, line, place)


def _done_before(event: Event, occurrence: Occurrence) -> Moment | None:
    """When the one before was done, of what is counted from that."""
    return event.record("when", occurrence - 1) if isinstance(occurrence, int) else None


def due_after(event: Event, line: Line, done: date, place: Place) -> Bounds | None:
    """When the next one is due after one was done that day; None: beyond the calendar, or never.

    At the clock of the first one, where that has a time.
    """
    repeats = event.repeats
    if repeats is None or repeats.named_by != "number" or (day := repeats.next_day(done)) is None:
        return None
    first = (line.fixed or line.form.bounds(place)).earliest
    return roll_off_closed(exact_bounds(at_clock(first, day)), event, line, place)


def at_clock(first: object, day: date) -> Moment:
    """That day; at the clock of the first moment, where that has one."""
    if not isinstance(first, Instant):
        return day
    try:
        return at_clock_of(first, day)
    except OverflowError:  # at the very edges of the calendar
        return day
