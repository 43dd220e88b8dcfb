"""Which estimated holidays a point hangs on: those by which its day may still move.

As `waits` is of open events: settled point by point, each after those that it names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from tracker.agreements.keys import PointKey, key_of
from tracker.dates.estimated_holidays import Estimate
from tracker.dates.expressions import Form, Place, Ref
from tracker.dates.words.counted import Offset, Within, estimates_of_count
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
        estimates |= estimates_of_count(form, place)
    return estimates
