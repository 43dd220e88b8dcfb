"""Which occurrences there are of what repeats, and what limits them.

An occurrence is named by its own day for ever: the rule's own day before `roll`, for `each` that of
what it is repeated for. Occurrences are listed through five years from the day of the view, and the
next one always; of more than a thousand, past ones are dropped first, the oldest first, then those
farthest ahead.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice, takewhile
from typing import Literal

from tracker.dates.arithmetic import edge_of
from tracker.dates.bounds import Bounds, exact_bounds
from tracker.dates.expressions import EdgeUnit, Side
from tracker.dates.instants import day_in
from tracker.dates.months import add_months

MOST = 1000
#: So many past ones are listed of all series of an agreement: of fifty MOST each.
MOST_PAST = 50_000
YEARS_AHEAD = 5
_ONE_DAY = timedelta(days=1)


class Limits:
    """Between which days occurrences lie: those of the event after `during`."""

    def __init__(
        self, start: Bounds | None = None, end: Bounds | None = None, zone: str = "UTC"
    ) -> None:
        #: Whether nothing cuts off an occurrence that lies between them.
        self.is_certain = end is None and (start is None or start.exact)
        if start is None or start.earliest is None:  # no start is stated: from the beginning
            start = exact_bounds(date.min)
        #: The first day of all, the first on which one stands, the first that nothing cuts off.
        self.first = day_in(start.earliest or date.min, zone)
        self.standing_first = day_in(start.stands.latest, zone) if start.stands else date.max
        self.certain_first = day_in(start.latest or date.max, zone)
        if end is None or end.earliest is None:  # no end is stated
            end = Bounds(date.max, None, None)
        #: The last day that nothing cuts off, the last on which one stands, the last of all.
        self.certain = day_in(end.earliest or date.max, zone)
        self.standing = day_in(end.stands.latest, zone) if end.stands else date.max
        self.last = None if end.latest is None else day_in(end.latest, zone)

    def end_before(self, day: date) -> None:
        """Has what is withdrawn on a day end before it."""
        last = day - _ONE_DAY if day > date.min else day
        self.certain, self.standing = min(self.certain, last), min(self.standing, last)
        self.last = last if self.last is None else min(self.last, last)

    def admit(self, day: date | None) -> bool:
        """Whether an occurrence of that day is there; None: no day is known of it yet."""
        if day is None:
            return True
        return day >= self.first and (self.last is None or day <= self.last)

    def nearest(self, day: date) -> date:
        """The day from which to look both ways: that one, or the first or the last of all near it.

        A search from a day outside would go through all that lies between.
        """
        if self.last is not None and self.last < day:
            return self.last + _ONE_DAY
        return max(day, self.first)

    def cut(self, day: date, bounds: Bounds) -> Bounds:
        """The bounds of an occurrence of that day, which the start or the end may still cut off.

        Before the start's latest day, or past the end's earliest, it may never come; it stands if
        it lies within the standing start and the standing end, or if the end waits.
        """
        if self.certain_first <= day <= self.certain:
            return bounds
        stands = bounds.stands if self.standing_first <= day <= self.standing else None
        return Bounds(bounds.earliest, None, stands, *bounds[3:])

    def may_cut(self, day: date) -> tuple[Side, ...]:
        """Which sides may still cut off an occurrence of that day."""
        sides: tuple[Side, ...] = ("start",) if day < self.certain_first else ()
        return (*sides, "end") if day > self.certain else sides


def horizon(as_of: date) -> date:
    """The day through which occurrences are listed."""
    try:
        return add_months(as_of, 12 * YEARS_AHEAD)
    except OverflowError:
        return date.max


def most_past(series: int) -> int:
    """How many past ones are listed of each, where an agreement has so many series."""
    return min(MOST, MOST_PAST // max(series, 1))


def days_to_list(
    ahead: Iterator[date], behind: Iterator[date], limits: Limits, as_of: date, past_ones: int
) -> list[date]:
    """The days that are listed, ascending; so many past ones at most.

    `ahead` are those on or after the day nearest to that of the view (Limits.nearest), ascending;
    `behind` those before it, descending.
    """
    last, far = limits.last, horizon(as_of)
    days: list[date] = []
    for day in ahead:
        if (last is not None and day > last) or (days and day > far) or len(days) == MOST:
            break
        if day >= limits.first:
            days.append(day)
    past = takewhile(lambda day: day >= limits.first, behind)
    within = (day for day in past if last is None or day <= last)
    return [*reversed(list(islice(within, min(past_ones, MOST - len(days))))), *days]


def edges_after(edge: Literal["start", "end"], unit: EdgeUnit, day: date) -> Iterator[date]:
    """Each first or last day of that unit, from that day on.

    >>> [str(day) for day in islice(edges_after("end", "quarter", date(2027, 2, 1)), 2)]
    ['2027-03-31', '2027-06-30']
    """
    try:
        edge_day = edge_of(edge, unit, day)
        while True:
            if edge_day >= day:
                yield edge_day
            edge_day = edge_of(edge, unit, edge_of("end", unit, edge_day) + _ONE_DAY)
    except OverflowError:
        return


def edges_before(edge: Literal["start", "end"], unit: EdgeUnit, day: date) -> Iterator[date]:
    """Each first or last day of that unit that lies before that day, the latest first."""
    try:
        edge_day = edge_of(edge, unit, day)
        while True:
            if edge_day < day:
                yield edge_day
            edge_day = edge_of(edge, unit, edge_of("start", unit, edge_day) - _ONE_DAY)
    except OverflowError:
        return


def waiting(bounds: Bounds) -> Bounds:
    """What is said while the day that is counted from is not one day: no last day, none stands."""
    return Bounds(bounds.earliest, None, None, opens=bounds.opens)
