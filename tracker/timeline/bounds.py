"""How bounds add up.

One idea makes it simple: never is later than every day. So `earliest of` is min and `latest of` is
max, and a point's bounds are computed from those of what it names, item by item. Here None stands
for never; only `sooner` and `later` know it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple, TypeAlias

from tracker.dates.forms import (
    Before,
    Choice,
    Exact,
    Form,
    In,
    NotBefore,
    Offset,
    Open,
    Ref,
    Through,
)


class Window(NamedTuple):
    """The days on which something can be; both ends belong to it."""

    earliest: date
    latest: date


class Reach(NamedTuple):
    """All that bounds say of a point or of a part of its line."""

    earliest: date | None  #: None: it never comes
    latest: date | None  #: None: it may never come
    stands: Window | None  #: supposing that no open event ever happens; None: it does not stand
    forecast: bool = False  #: counts to the first day on which it stands, not to the last

    @property
    def exact(self) -> bool:
        return self.earliest is not None and self.earliest == self.latest

    @property
    def counts_to(self) -> date | None:
        """The one day that people count towards; None: it waits, or never comes."""
        if self.stands is None:
            return None
        return self.stands.earliest if self.forecast else self.stands.latest


NEVER = Reach(None, None, None)

#: What gives the reach of a point that is named.
Named: TypeAlias = Callable[[Ref], Reach]


def certain(day: date) -> Reach:
    """That very day: stated, recorded or supposed."""
    return Reach(day, day, Window(day, day))


def sooner(one: date | None, other: date | None) -> date | None:
    """The earlier of two days, where None is never."""
    if one is None or other is None:
        return one or other
    return min(one, other)


def later(one: date | None, other: date | None) -> date | None:
    """The later of two days, where None is never."""
    if one is None or other is None:
        return None
    return max(one, other)


def fixed_reach(form: Form) -> Reach | None:
    """The reach of a form that hangs on nothing but the calendar; None of any other."""
    match form:
        case Exact(day):
            return certain(day)
        case Through(period):
            return certain(period.last)
        case Before(period):
            return certain(date.fromordinal(period.first.toordinal() - 1))
        case In(period):
            stands = Window(period.first, period.last)
            return Reach(period.first, period.last, stands, forecast=True)
        case _:
            return None


def reach_of(form: Form, as_of: date, named: Named) -> Reach:
    """The reach of a form as of a day, from those of the points that it names."""
    match form:
        case Ref():
            return named(form)
        case Offset(_, _, operand):
            return _shifted(form, reach_of(operand, as_of, named))
        case Choice(which, items):
            pick = sooner if which == "earliest" else later
            return _chosen([reach_of(item, as_of, named) for item in items], pick)
        case Open():
            return Reach(as_of, None, None)
        case NotBefore(operand):
            return Reach(later(as_of, reach_of(operand, as_of, named).earliest), None, None)
        case _:
            return fixed_reach(form) or NEVER


def _shifted(form: Offset, reach: Reach) -> Reach:
    if reach.exact and reach.stands == (reach.earliest, reach.latest):
        return certain(_shift(form, reach.stands.earliest))._replace(forecast=reach.forecast)
    stands = reach.stands and Window(*(_shift(form, day) for day in reach.stands))
    earliest = reach.earliest and _shift(form, reach.earliest)
    return Reach(earliest, reach.latest and _shift(form, reach.latest), stands, reach.forecast)


def _shift(form: Offset, day: date) -> date:
    """The shifted day, kept at the first or the last day there is (`check` reports such lines)."""
    try:
        return form.shift(day)
    except OverflowError:
        return date.max if form.direction == "after" else date.min


def _chosen(
    reaches: Sequence[Reach], pick: Callable[[date | None, date | None], date | None]
) -> Reach:
    earliest, latest, stands, _ = reaches[0]
    first, last = stands or (None, None)
    for reach in reaches[1:]:
        earliest, latest = pick(earliest, reach.earliest), pick(latest, reach.latest)
        other_first, other_last = reach.stands or (None, None)
        first, last = pick(first, other_first), pick(last, other_last)
    if first is None or last is None:
        return Reach(earliest, latest, None)
    # The item that gives the last standing day decides what is counted to; on a tie, the deadline.
    deciding = [reach for reach in reaches if reach.stands and reach.stands.latest == last]
    forecast = all(reach.forecast for reach in deciding)
    return Reach(earliest, latest, Window(first, last), forecast)
