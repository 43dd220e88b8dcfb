"""What was recorded, held against what was stated."""

from __future__ import annotations

from datetime import date

from tracker.dates.forms import Ref
from tracker.timeline.bounds import Reach, reach_of
from tracker.timeline.events import Event, Line, key_of
from tracker.timeline.resolve import Point, Timeline


def stated_reach(line: Line, event: Event, timeline: Timeline) -> Reach:
    """What the line alone comes to, open events from the first day on, records of others seen."""

    def named(ref: Ref) -> Reach:
        return timeline.reaches[key_of(ref, event.agreement)]

    return reach_of(line.form, date.min, named)


def days_late(point: Point, timeline: Timeline) -> int:
    """How many days after the last one stated a point was recorded; before the first: negative.

    0 within what was stated, and where nothing was stated or recorded.
    """
    record = point.event.record(point.side)
    if point.status != "occurred" or point.line is None or record is None:
        return 0
    reach = stated_reach(point.line, point.event, timeline)
    if reach.latest is not None and record > reach.latest:
        return (record - reach.latest).days
    if reach.earliest is not None and record < reach.earliest:
        return (record - reach.earliest).days
    return 0
