"""What was recorded or is supposed, held against what was stated."""

from __future__ import annotations

from datetime import date

from tracker.agreements.model import Event, Line
from tracker.dates.bounds import Bounds, precedes
from tracker.dates.instants import Instant, Moment, day_in
from tracker.timeline.points import Point, Timeline, roll_off_closed
from tracker.timeline.recurring import occurrence_bounds, occurrence_place


def stated_bounds(
    line: Line, event: Event, timeline: Timeline, occurrence: date | None = None
) -> Bounds:
    """What the line alone comes to, open events from the first day on, records of others seen."""
    place = timeline.place(event, lenient=True)._replace(as_of=date.min)
    if occurrence is not None:
        first = timeline.bounds_by_key[event.key("when")].earliest
        place = occurrence_place(event, occurrence, place, timeline.bounds_by_key)
        return occurrence_bounds(event, line, occurrence, place, first)
    return roll_off_closed(line.fixed or line.form.bounds(place), event, line, place)


def days_late(point: Point, timeline: Timeline) -> int:
    """How many days after the last one stated a point was recorded; before the first: negative.

    0 within what was stated or on its days, and where nothing was stated or recorded.
    """
    record = point.record
    if point.status != "occurred" or point.line is None or record is None:
        return 0
    bounds = stated_bounds(point.line, point.event, timeline, point.occurrence)
    return days_outside(record, bounds, point.zone)


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
