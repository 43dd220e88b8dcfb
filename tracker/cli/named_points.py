"""The event or the point that a call names, in a timeline."""

from __future__ import annotations

from tracker.agreements.model import Event
from tracker.cli.options import CallError
from tracker.timeline.point_names import (
    check_occurrence,
    event_named,
    key_named,
    point_and_occurrence,
    side_and_name,
)
from tracker.timeline.points import Point, Timeline


def event_and_points(text: str, timeline: Timeline) -> tuple[Event, list[Point]]:
    """The event of that id (`x`, `agreement/x`) and its points (of `end of x`, `x@DAY`, that)."""
    name, occurrence = point_and_occurrence(text, timeline.as_of)
    side, event_name = side_and_name(name)
    event = event_named(event_name, timeline.events)
    points = [point for point in timeline.of(event) if side in (None, point.side)]
    if occurrence is not None:
        key = key_named(event, side, name)
        check_occurrence(text, key, occurrence, timeline)
        points = [point for point in points if point.occurrence == occurrence]
    if side is not None and not points:
        raise CallError("call.no-point", point=text, id=event.id)
    return event, points


def next_point_named(text: str, timeline: Timeline) -> Point:
    """The point; of what repeats and is named without its occurrence, the next one."""
    name, occurrence = point_and_occurrence(text, timeline.as_of)
    side, event_name = side_and_name(name)
    event = event_named(event_name, timeline.events)
    key = key_named(event, side, name)
    points = [
        point
        for point in timeline.of(event)
        if point.key.series == key and (occurrence is None or point.occurrence == occurrence)
    ]
    ahead = [point for point in points if not point.past] or points
    if not ahead:
        raise CallError("call.no-point", point=text, id=event.id)
    return ahead[0]
