"""Holidays of which the library knows the day by estimate: those that the moon decides.

Days of the Islamic, Hindu, Buddhist, Mongolian and Tibetan calendars are announced year by year.
The library has those that were announced for a country; of later years it has an estimate, which is
a day or two off at most. Here it is asked which ones those are, and what it would say had they
fallen otherwise: what hangs on them (a day in lieu of one on a weekend) then moves as well.

Days of the Chinese calendar follow from astronomy: they are estimates only where the library itself
calls them so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from warnings import catch_warnings, simplefilter

if TYPE_CHECKING:
    from holidays import HolidayBase

#: So many days an estimated holiday may fall before or after its estimate.
MOST_DAYS_OFF = 2
_ADD = "_add_eastern_calendar_holiday"  # by which the library adds each day of such a calendar
_ADD_OF_FAMILY = re.compile(r"_add_(?!eastern)([a-z]+)_calendar_holiday(_set)?")
_CONFIRMED = "_CONFIRMED_YEARS"
_NEXT_NAME = "; "  # by which the library joins the names of a day


class Festival(NamedTuple):
    """An estimated holiday: the days that it lasts, one after another, as estimated."""

    first: date
    last: date
    family: str = ""  #: the calendar of the moon that decides it: `islamic`, `hindu`

    def is_estimated_on(self, day: date, family: str) -> bool:
        """Whether that day of that family is one of its days, as estimated."""
        return self.family == family and self.first <= day <= self.last

    def may_meet(self, first: date, last: date) -> bool:
        """Whether it may fall on a day of that span."""
        off = timedelta(days=MOST_DAYS_OFF)
        return self.first - off <= last and first <= self.last + off


class Estimate(NamedTuple):
    """A festival by whose estimate a day was counted, and whose calendar has it."""

    festival: Festival
    calendar: str


class Fall(NamedTuple):
    """How the estimated holidays of a calendar fall: each so many days after its estimate."""

    shift: int = 0
    apart: frozenset[tuple[Festival, int]] = frozenset()  #: those that fall by themselves
    left_out: frozenset[Festival] = frozenset()  #: of which the calendar is to know nothing


AS_ESTIMATED = Fall()


class _NoDay(date):
    """The day of a holiday that is left out: the library takes a day, and sorts it among others.

    Of a day of the week it would work out the day in lieu; what is false, it passes over.
    """

    def __bool__(self) -> bool:
        return False

    def weekday(self) -> int:
        return -1


class Estimates:
    """Watches a calendar of the library: which of its holidays are estimated.

    It has them fall as is said, in place of the library.
    """

    def __init__(self, holidays: HolidayBase, fall: Fall) -> None:
        self._holidays = holidays
        self._fall = fall
        self._year = 0  #: that is being worked out
        self._family = ""  #: of the calendar whose day is being added
        self._days: set[tuple[str, date]] = set()  #: as estimated
        self._spilled: set[date] = set()  #: that a shift moved into another year
        self._lacking: set[int] = set()  #: years of which the library has not all of these days
        self._known: set[int] = set()  #: years that it has worked out
        self._add: Callable[..., date | None] | None = getattr(holidays, _ADD, None)
        if self._add is not None:
            self._last_announced = _last_announced_year(holidays)
            setattr(holidays, _ADD, self._add_shifted)
            for name in dir(type(holidays)):
                if match := _ADD_OF_FAMILY.fullmatch(name):
                    setattr(holidays, name, self._noting(match[1], getattr(holidays, name)))

    def _noting(self, family: str, add: Callable[..., Any]) -> Callable[..., Any]:
        """The library's own function, once it is noted of which family its days are."""

        def add_of_family(*args: Any, **options: Any) -> Any:
            self._family = family
            return add(*args, **options)

        return add_of_family

    def _add_shifted(
        self,
        name: str,
        dt_estimated: tuple[date | None, bool],
        *,
        show_estimated: bool = True,
        days_delta: int = 0,
    ) -> date | None:
        """As the library's own adds a day; an estimated one as it would be had it fallen so."""
        if self._add is None:
            raise TypeError("this calendar has no such days")
        day, is_estimated = dt_estimated
        if day is None:
            self._lacking.add(self._year)
        if day is None or not (is_estimated and (show_estimated or self._is_unannounced(day))):
            return self._add(
                name, dt_estimated, show_estimated=show_estimated, days_delta=days_delta
            )
        estimate = day + timedelta(days=days_delta)
        if any(each.is_estimated_on(estimate, self._family) for each in self._fall.left_out):
            return _NoDay(estimate.year, estimate.month, estimate.day)
        moved = estimate + self._shift_of(estimate)
        self._days.add((self._family, estimate))
        if moved.year != estimate.year:
            self._spilled.add(moved)
        return self._add(name, (moved, True), show_estimated=True)

    def _shift_of(self, estimate: date) -> timedelta:
        """How many days after its estimate that day of a holiday falls."""
        for festival, days in self._fall.apart:
            if festival.is_estimated_on(estimate, self._family):
                return timedelta(days=days)
        return timedelta(days=self._fall.shift)

    def _is_unannounced(self, day: date) -> bool:
        """Of what the library does not call an estimate by itself: whether it is one."""
        if self._family == "chinese":
            return False
        return self._family == "islamic" or day.year > self._last_announced

    def festivals(self, year: int) -> Sequence[Festival]:
        """The estimated holidays that may fall in that year, in order."""
        if self._add is None:
            return ()
        for near in (year - 1, year, year + 1):
            if self._holidays.start_year <= near <= self._holidays.end_year:
                self._work_out(near)
        first, last = date(year, 1, 1), date(year, 12, 31)
        return [festival for festival in self._all() if festival.may_meet(first, last)]

    def _work_out(self, year: int) -> None:
        """Has the library work out a year: all of it at once, whatever day is asked for."""
        if self._add is not None and year not in self._known:
            self._known.add(year)
            self._year = year
            with catch_warnings():
                simplefilter("ignore")  # of India it warns that days are lacking: lacks() says so
                self._holidays.get(date(year, 1, 1))

    def lacks(self, year: int) -> bool:
        """Whether the year has such a holiday of which the library does not know the day."""
        self._work_out(year)
        return year in self._lacking

    def _all(self) -> Iterator[Festival]:
        for family in sorted({family for family, _ in self._days}):
            days = sorted(day for which, day in self._days if which == family)
            first = days[0]
            for day, following in zip(days, [*days[1:], date.max], strict=True):
                if (following - day).days > 1:
                    yield Festival(first, day, family)
                    first = following

    def estimated_among(self, names: str) -> str:
        """Of the holidays of a day, the estimated ones, without the library's mark of it."""
        mark = getattr(self._holidays, "estimated_label", None)
        if mark is None:
            return names
        marked = (self._holidays.tr(mark) % "").strip()
        each = names.split(_NEXT_NAME)
        estimated = [name.replace(marked, "").strip() for name in each if marked in name]
        return _NEXT_NAME.join(estimated) or names

    def has_spilled(self, day: date) -> bool:
        """Whether the shift moved a holiday of another year to that day."""
        return day in self._spilled


def _last_announced_year(holidays: HolidayBase) -> int:
    """The last year of which the library has days that were announced for that country."""
    last = 0
    for calendar in [value for name, value in vars(holidays).items() if name.endswith("_calendar")]:
        for name in dir(calendar):
            if _CONFIRMED in name:
                last = max(last, *_years_in(getattr(calendar, name)))
    return last


def _years_in(years: Any) -> Iterator[int]:
    """The years of a pair, or of several pairs."""
    for year in years:
        if isinstance(year, int):
            yield year
        else:
            yield from _years_in(year)
