"""From what is stated to what can be said of each point, as of one day.

One pass: points whose lines name no other are settled where they stand, the rest in topological
order, each from those that it names. What was recorded by the day, or is supposed, settles a point
before its line is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tracker.agreements.amendments import events_on
from tracker.agreements.model import Agreement, Event, sides
from tracker.timeline.points import Point, Supposed, Timeline
from tracker.timeline.resolver_state import Scene, fixed_point


def resolve(
    agreements: Sequence[Agreement],
    as_of: date,
    suppose: Supposed | None = None,
    lenient: bool = False,
) -> Timeline:
    """What can be said of each point as of that day.

    `lenient` takes all days as open of years of which a calendar knows nothing: the bounds are then
    no narrower than they could be.

    Raises ValueError where points hang on one another in a circle, KeyError where a line names a
    point that is not there: diagnostics.check() tells of both beforehand. Raises Uncovered where
    business days are counted in years of which nothing is known, unless lenient.
    """
    events = tuple(event for agreement in agreements for event in events_on(agreement, as_of))
    scene = Scene(agreements, events, as_of, suppose or {}, lenient)
    fixed: list[Point] = []
    others: list[tuple[int, Event]] = []  #: with how many fixed points stand before each
    for event in events:
        line = event.when
        if line is not None and line.fixed is not None and scene.is_as_stated(event):
            # The commonest by far: a day that hangs on nothing. take() would come to the same.
            scene.bounds_by_key[event.agreement, event.id, "when"] = line.fixed
            fixed.append(fixed_point(event, line, line.fixed, as_of))
        else:
            others.append((len(fixed), event))
            for side, stated in sides(event):
                scene.take(event, side, stated)
    scene.take_due_days()
    scene.settle_rest()
    points: list[Point] = []
    taken = 0
    for before, event in others:
        points += fixed[taken:before]
        points += scene.points(event)
        taken = before
    points += fixed[taken:]
    settled = frozenset(scene.settled)
    return Timeline(
        as_of,
        tuple(agreements),
        events,
        tuple(points),
        scene.bounds_by_key,
        settled,
        scene.families,
        scene.suppose,
    )
