"""What was recorded or is supposed, held against what was stated."""

from __future__ import annotations

from datetime import date

from tracker.agreements.keys import Occurrence
from tracker.agreements.model import Event, Line
from tracker.dates.bounds import Bounds, precedes
from tracker.dates.expressions import Side
from tracker.dates.instants import Instant, Moment, day_in
from tracker.dates.words.openings import NotAfter
from tracker.timeline.points import Point, Timeline, roll_off_closed


def stated_bounds(
    line: Line, event: Event, timeline: Timeline, occurrence: Occurrence | None = None
) -> Bounds:
    """What the line alone comes to, open events from the first day on, records of others seen.

    Of an option, through the last day on which it could be used.
    """
    place = timeline.place(event, lenient=True)._replace(as_of=date.min, now=None)
    if occurrence is not None:
        from tracker.timeline.occurrence_bounds import occurrence_bounds
        from tracker.timeline.same_occurrence import OccurrencePlaces

        first = timeline.bounds_by_key[event.key("when")].earliest
        known, families = timeline.bounds_by_key, timeline.families
        place = OccurrencePlaces(event, place, known, families).of(occurrence)
        bounds = occurrence_bounds(event, line, occurrence, place, first)
    else:
        bounds = roll_off_closed(line.fixed or line.form.bounds(place), event, line, place)
    if line.fixed is None and isinstance(line.form, NotAfter):
        return bounds._replace(latest=line.form.last.bounds(place).latest)
    return bounds


def days_late(point: Point, timeline: Timeline) -> int:
    """By how many days a point was recorded late; early: negative.

    A deadline is early before the day that it counts to; what has a first day, before that.
    0 on its days, and where nothing was stated or recorded.
    """
    if point.status != "occurred":
        return 0
    return record_lateness(point.event, point.side, point.occurrence, timeline)


def record_lateness(
    event: Event, side: Side, occurrence: Occurrence | None, timeline: Timeline
) -> int:
    """The same of what was recorded for a side of an event, or for an occurrence."""
    line, record = event.line(side), event.record(side, occurrence)
    if line is None or record is None:
        return 0
    zone = timeline.agreement(event.agreement).timezone
    bounds = stated_bounds(line, event, timeline, occurrence)
    if is_deadline(line, bounds) and bounds.counts_to is not None:
        due = day_in(bounds.counts_to, zone)
        if (day := day_in(record, zone)) < due:
            return (day - due).days
    return days_outside(record, allowed_bounds(line, event, timeline, occurrence), zone)


def is_deadline(line: Line, bounds: Bounds) -> bool:
    """Whether any earlier day keeps it: it is no forecast, and not open."""
    return not bounds.forecast and not (line.fixed is None and line.form.OPEN)


def allowed_bounds(
    line: Line, event: Event, timeline: Timeline, occurrence: Occurrence | None = None
) -> Bounds:
    """The stated bounds, those of a deadline with each earlier day: none of them is outside."""
    bounds = stated_bounds(line, event, timeline, occurrence)
    if bounds.earliest is None or not is_deadline(line, bounds):
        return bounds
    return bounds._replace(earliest=date.min)


def days_outside(moment: Moment, bounds: Bounds, zone: str) -> int:
    """By how many days a moment lies after some bounds; before it: negative; 0 in it."""
    day = day_in(moment, zone)
    if bounds.latest is not None and day > (latest := day_in(bounds.latest, zone)):
        return (day - latest).days
    if bounds.earliest is not None and day < (earliest := day_in(bounds.earliest, zone)):
        return (day - earliest).days
    return 0


def is_outside(moment: Moment | None, bounds: Bounds, zone: str) -> bool:
    """Whether a moment (None: never) is none of those that some bounds allow."""
    if moment is None:
        return bounds.latest is not None
    if bounds.earliest is None or days_outside(moment, bounds, zone):
        return True
    if not isinstance(moment, Instant):
        return False
    first, last = bounds.earliest, bounds.latest
    before = isinstance(first, Instant) and precedes(moment, first, zone)
    return before or (isinstance(last, Instant) and precedes(last, moment, zone))
