"""Which estimated holidays a point hangs on: those by which its day may still move.

As `waits` is of open events: settled point by point, each after those that it names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from tracker.agreements.keys import PointKey, key_of
from tracker.agreements.model import Event
from tracker.dates.bounds import Bounds
from tracker.dates.estimated_holidays import Estimate
from tracker.dates.estimates import estimates_between, estimates_of_count
from tracker.dates.expressions import Form, Place, Ref
from tracker.dates.words.counted import Offset, Within
from tracker.dates.words.repeated import Each

Estimates: TypeAlias = frozenset[Estimate]
NO_ESTIMATES: Estimates = frozenset()


def estimates_behind(
    form: Form,
    agreement: str,
    place: Place,
    of_point: Callable[[PointKey], Estimates],
    each: Estimates = NO_ESTIMATES,
) -> Estimates:
    """The estimated holidays by which a form may come to another day.

    `of_point` gives those of a point that is named, `each` are those of what it is repeated for.
    """
    if isinstance(form, Ref):
        return of_point(key_of(form, agreement))
    if isinstance(form, Each):
        return each
    estimates = NO_ESTIMATES
    for part in form.live_parts(place):
        estimates |= estimates_behind(part, agreement, place, of_point, each)
    if isinstance(form, Offset | Within):
        estimates |= frozenset(_of_count(form, place))
    return estimates


def _of_count(form: Offset | Within, place: Place) -> Iterator[Estimate]:
    """Those that lie where the form counts."""
    start, reached = form.operand.bounds(place), form.bounds(place)
    return estimates_of_count(form.duration, start, reached, place)


def estimates_of_roll(event: Event, stated: Bounds, rolled: Bounds, place: Place) -> Estimates:
    """Those by which a day may be moved otherwise off closed days; `stated` is as it was before."""
    if event.roll in (None, "none") or place.open_days is None:
        return NO_ESTIMATES
    return frozenset(estimates_between(stated, rolled, place.open_days))
