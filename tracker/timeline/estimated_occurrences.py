"""Which estimated holidays an occurrence of what repeats hangs on."""

from __future__ import annotations

from tracker.agreements.keys import PointKey
from tracker.agreements.model import Event, Line
from tracker.dates.bounds import Bounds
from tracker.dates.expressions import Place
from tracker.timeline.estimated import NO_ESTIMATES, Estimates, estimates_behind
from tracker.timeline.points import estimates_of_roll
from tracker.timeline.resolver_state import ResolverState


def estimates_of_line(
    state: ResolverState,
    line: Line,
    key: PointKey,
    place: Place,
    *,
    of: PointKey | None,
    beside: frozenset[PointKey],
) -> Estimates:
    """Those behind the line of an occurrence, which is repeated for `of` and names `beside`."""
    which = key.occurrence
    if which is None:
        raise ValueError(f"{key} is no occurrence")

    def of_point(named: PointKey) -> Estimates:
        return state.estimates_of(named.at(which) if named in beside else named)

    each = NO_ESTIMATES if of is None else state.estimates_of(of.at(which))
    return estimates_behind(line.form, key.agreement, place, of_point, each)


def note_occurrence(
    state: ResolverState,
    event: Event,
    key: PointKey,
    stated: Bounds,
    place: Place,
    *,
    behind: Estimates,
) -> None:
    """Notes those that it hangs on: those behind it, and those that `stated` is moved off by."""
    estimates = behind | estimates_of_roll(event.roll, stated, place)
    if estimates:
        state.estimates[key] = estimates
