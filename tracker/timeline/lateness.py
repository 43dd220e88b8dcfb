"""What was recorded or is supposed, held against what was stated."""

from __future__ import annotations

from datetime import date

from tracker.agreements.model import Event, Line
from tracker.dates.bounds import Reach, precedes
from tracker.dates.evaluation import reach_of
from tracker.dates.instants import Instant, Moment, day_in
from tracker.timeline.points import Point, Timeline, rolled_off
from tracker.timeline.repeating import occurrence_reach, placed_for


def stated_reach(
    line: Line, event: Event, timeline: Timeline, occurrence: date | None = None
) -> Reach:
    """What the line alone comes to, open events from the first day on, records of others seen."""
    place = timeline.place(event, lenient=True)._replace(as_of=date.min)
    if occurrence is not None:
        first = timeline.reaches[event.agreement, event.id, "when"].earliest
        place = placed_for(event, occurrence, place, timeline.reaches)
        return occurrence_reach(event, line, occurrence, place, first)
    return rolled_off(line.fixed or reach_of(line.form, place), event, line, place)


def days_late(point: Point, timeline: Timeline) -> int:
    """How many days after the last one stated a point was recorded; before the first: negative.

    0 within what was stated or on its days, and where nothing was stated or recorded.
    """
    record = point.record
    if point.status != "occurred" or point.line is None or record is None:
        return 0
    reach = stated_reach(point.line, point.event, timeline, point.occurrence)
    return days_outside(record, reach, point.zone)


def days_outside(moment: Moment, reach: Reach, zone: str) -> int:
    """By how many days a moment lies after a reach; before it: negative; 0 in it."""
    day = day_in(moment, zone)
    if reach.latest is not None and day > (latest := day_in(reach.latest, zone)):
        return (day - latest).days
    if reach.earliest is not None and day < (earliest := day_in(reach.earliest, zone)):
        return (day - earliest).days
    return 0


def is_outside(moment: Moment | None, reach: Reach, zone: str) -> bool:
    """Whether a moment (None: never) is none of those that a reach allows."""
    if moment is None:
        return reach.latest is not None
    if reach.earliest is None or days_outside(moment, reach, zone):
        return True
    if not isinstance(moment, Instant):
        return False
    first, last = reach.earliest, reach.latest
    before = isinstance(first, Instant) and precedes(moment, first, zone)
    return before or (isinstance(last, Instant) and precedes(last, moment, zone))
