"""The terms of what renews, and where they end for good.

Term k ends on the last day of a term of k times the renewal that begins on the day after the stated
end. A notice that was given for a term makes its end the end for good; one whose day has passed
unrecorded counts as not given. A record under a term's day counts for that term however late.

What renews only if it is renewed is the other way round (LapsingTerms).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from tracker.dates.bounds import NEVER, Bounds, Window, exact_bounds

if TYPE_CHECKING:
    from tracker.dates.renewals import Renewal


class Notices(NamedTuple):
    """What is known of the notices, or the renewals, each named by the last day of its term."""

    day: Callable[[date], date | None]  #: the last day for it; None: it has none yet
    given: Collection[date] = ()
    ruled_out: Collection[date] = ()  #: supposed never to be given, or withdrawn


class Terms:
    """The terms of an event whose stated end is one day, as of a day."""

    def __init__(self, first: date, renewal: Renewal, notices: Notices | None, as_of: date) -> None:
        self.first = first
        self.renewal = renewal
        self.as_of = as_of
        self.notices = notices
        #: The first term for which notice was given.
        self.given = min(self._numbers(notices.given), default=None) if notices else None
        #: The first term for which it is still open; None: there is none.
        self.pending = self._pending()

    def end(self, number: int) -> date | None:
        """The last day of the term after so many renewals; None: there is no such term."""
        if self.renewal.most is not None and number > self.renewal.most:
            return None
        try:
            return self.renewal.end(self.first, number)
        except OverflowError:
            return None

    def number(self, day: date) -> int:
        """How many terms end before that day."""
        return _first(lambda number: (end := self.end(number)) is None or end >= day)

    def _numbers(self, days: Collection[date]) -> Iterator[int]:
        """The numbers of the terms that end on those days; of days on which none ends, nothing."""
        numbers = ((self.number(day), day) for day in days)
        return (number for number, day in numbers if self.end(number) == day)

    def _pending(self) -> int | None:
        notices = self.notices
        if notices is None:
            return None

        def open_(number: int) -> bool:
            end = self.end(number)
            if end is None:
                return True
            day = notices.day(end)
            return day is None or day >= self.as_of

        number = _first(open_)
        while (end := self.end(number)) is not None and end in notices.ruled_out:
            number += 1
        return None if end is None else number

    @cached_property
    def last(self) -> int | None:
        """The number of the last term that there can be; None: there is no last one."""
        if self.given is not None:
            return self.given
        return self.renewal.most

    def for_good(self) -> Bounds:
        """When the event ends for good."""
        if self.pending is not None and (self.given is None or self.pending < self.given):
            first = self.end(self.pending)
        elif self.given is None and self.renewal.most is None:
            first = self.end(self.number(self.as_of))  # nothing that is known ends it sooner
        else:
            first = None
        last = None if self.last is None else self.end(self.last)
        if first is None:
            return NEVER if last is None else exact_bounds(last)
        return Bounds(first, last, None if last is None else Window(last, last))

    def after(self, day: date) -> Iterator[date]:
        """The ends of terms from that day on, ascending."""
        number = self.number(day)
        while (end := self.end(number)) is not None and not self._is_over(number):
            yield end
            number += 1

    def before(self, day: date) -> Iterator[date]:
        """The ends of terms before that day, the latest first."""
        for number in range(self.number(day) - 1, -1, -1):
            end = self.end(number)
            if end is not None and not self._is_over(number):
                yield end

    def _is_over(self, number: int) -> bool:
        return self.last is not None and number > self.last


class LapsingTerms(Terms):
    """The terms of an event that lapses unless it is renewed.

    What is recorded for a term makes the next one, and those before it too, whatever was recorded
    of them. Once the last day for it has passed unrecorded, the end of the term is that for good.
    """

    def __init__(self, first: date, renewal: Renewal, renewals: Notices, as_of: date) -> None:
        self._renewals = renewals
        super().__init__(first, renewal, renewals, as_of)

    @cached_property
    def last(self) -> int:
        """The number of the last term that was made: those to come are not there yet."""
        latest_first = sorted(self._renewals.given, reverse=True)
        made = next((number + 1 for number in self._numbers(latest_first)), 0)
        return made if self.end(made) is not None else made - 1

    @property
    def last_of_all(self) -> date | None:
        """The end of the last term where nothing can renew that; None: something can."""
        return self.end(self.last) if self.end(self.last + 1) is None else None

    def _pending(self) -> int | None:
        end = self.end(self.last)
        if end is None or self.last_of_all or end in self._renewals.ruled_out:
            return None
        day = self._renewals.day(end)
        return self.last if day is None or day >= self.as_of else None

    def for_good(self) -> Bounds:
        """When the event ends for good: with the last term, unless it is still renewed."""
        first = self.end(self.last)
        if first is None:
            return NEVER
        if self.pending is None:
            return exact_bounds(first)
        ruled_out = [n for n in self._numbers(self._renewals.ruled_out) if n > self.pending]
        most = [] if self.renewal.most is None else [self.renewal.most]
        last = min([*ruled_out, *most], default=None)
        return Bounds(first, None if last is None else self.end(last), Window(first, first))


def _first(holds: Callable[[int], bool]) -> int:
    """The first number from 0 on for which that holds, if it holds for all behind it."""
    low, high = 0, 1
    while not holds(high - 1):
        low, high = high, high * 2
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
