"""The points of what happens more than once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tracker.agreements.keys import PointKey
from tracker.agreements.model import Event
from tracker.dates.expressions import Side
from tracker.dates.instants import is_behind
from tracker.timeline.points import Point, State, as_option, status_of, with_estimates
from tracker.timeline.resolver_state import ResolverState
from tracker.timeline.waits import NONE, Keys, in_order

if TYPE_CHECKING:  # only what repeats pays for it
    pass


def family_points(
    state: ResolverState, event: Event, side: Side, term_state: State | None
) -> Iterator[Point]:
    """The points of the occurrences, by their days."""
    key = event.key(side)
    line, zone, as_of, now = event.line(side), state.zone(event), state.as_of, state.now
    bounds_by_key, waits_of, recorded = state.bounds_by_key, state.waits.get, state.recorded
    points = []
    waits_by_keys: dict[Keys, tuple[PointKey, ...]] = {
        NONE: ()
    }  #: what occurrences wait for is mostly the same
    apart = key in state.named and state.named[key] == "name"  #: nobody misses one for another
    for which, occurrence in state.families[key].items():
        bounds = bounds_by_key[occurrence]
        waiting_for = waits_of(occurrence)
        estimates = state.estimates.get(occurrence) if state.estimates else None
        status = "occurred" if occurrence in recorded else status_of(bounds, waiting_for, estimates)
        past = bounds.stands is not None and is_behind(bounds.stands.latest, zone, as_of, now)
        waits_for = waits_by_keys.get(waiting_for or NONE)
        if waits_for is None:
            waits_for = waits_by_keys[waiting_for or NONE] = in_order(waiting_for or NONE)
        moot = past and not apart
        point = Point(
            event, side, line, bounds, status, term_state, past, waits_for, zone, which, moot
        )
        if state.last_days and occurrence in state.last_days:
            point = as_option(point, state.last_days[occurrence], as_of, now)
        if estimates:
            point = with_estimates(point, estimates)
        points.append(point)
    over = (
        at for at in range(len(points) - 1, -1, -1) if points[at].past or _has_occurred(points[at])
    )
    last = next(over, None)
    if last is not None and side == "when" and key not in state.notices:
        points[last] = points[last]._replace(moot=False)
    return iter(points)


def _has_occurred(point: Point) -> bool:
    return point.status == "occurred"
