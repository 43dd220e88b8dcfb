"""Lines that are counted by holidays of which nobody knows the day yet."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.agreements.keys import EventKey, key_of
from tracker.agreements.located import LocatedDiagnostic, field_of
from tracker.dates.diagnostics import Diagnostic
from tracker.dates.estimated_holidays import Estimate
from tracker.dates.expressions import Side
from tracker.timeline.points import Point, Timeline


def estimate_warnings(timeline: Timeline) -> Iterator[LocatedDiagnostic]:
    """The estimated holidays by which lines are counted: the first that is ahead, once a line.

    A line that only names what is counted so is not warned of: that one is.
    """
    estimated = [point for point in timeline.points if point.estimates]
    behind: dict[EventKey, set[Estimate]] = {}
    for point in estimated:
        behind.setdefault(point.event.event_key, set()).update(point.estimates)
    told: set[tuple[EventKey, Side]] = set()
    for point in estimated:
        line = point.event.event_key, point.side
        own = _own(point, behind)
        if line in told or point.past or not own:
            continue
        told.add(line)
        festival, calendar = own[0]
        values = (("estimated", str(festival.first)), ("calendar", calendar))
        diagnostic = Diagnostic("estimated-holiday", (0, 0), values, (), "warning")
        yield LocatedDiagnostic(diagnostic, point.event, field_of(point.event, point.side))


def _own(point: Point, behind: dict[EventKey, set[Estimate]]) -> list[Estimate]:
    """Those by which its own line is counted, and not what that names."""
    agreement = point.event.agreement
    refs = point.line.refs if point.line is not None else ()
    named = {key_of(ref, agreement).event_key for ref in refs} - {point.event.event_key}
    elsewhere = set().union(*(behind.get(key, set()) for key in named))
    return [estimate for estimate in point.estimates if estimate not in elsewhere]
