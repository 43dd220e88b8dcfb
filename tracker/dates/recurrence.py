"""How often something happens again: by a length of time, or by a rule of RFC 5545.

Both are asked alike: which days come from a day on, and which came before it. Neither is run
through from its beginning to get there, and a search that finds nothing ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice
from typing import ClassVar, Literal, TypeAlias

from tracker.dates.expressions import Duration
from tracker.dates.months import add_months, days_in_month

Frequency: TypeAlias = Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]

#: Of so many periods (months, or years of a yearly rule) without a day the next is not looked for:
#: 29 February falls on a Friday every 40 years at the latest.
MOST_EMPTY: dict[str, int] = {"DAILY": 480, "WEEKLY": 480, "MONTHLY": 480, "YEARLY": 100}
#: What is counted from the first day is counted through.
MOST_COUNTED = 1_000
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Every:
    """`1 month`, `2 weeks, 12 in all`: each counted and clamped from the first day.

    >>> every = Every("1 month", Duration(((1, "month"),)))
    >>> [str(day) for day in islice(every.after(date(2027, 1, 31), date(2027, 2, 1)), 2)]
    ['2027-02-28', '2027-03-31']
    """

    named_by: ClassVar[Literal["day"]] = "day"

    text: str
    duration: Duration
    count: int | None = None  #: in all, the first included; None: for ever

    def after(self, anchor: date, day: date) -> Iterator[date]:
        """The days from that one on, ascending, where the first of all is `anchor`."""
        number = self._number(anchor, day)
        while (occurrence := self._nth(anchor, number)) is not None:
            yield occurrence
            number += 1

    def before(self, anchor: date, day: date) -> Iterator[date]:
        """The days before that one, the latest first."""
        for number in range(self._number(anchor, day) - 1, -1, -1):
            if (occurrence := self._nth(anchor, number)) is not None:
                yield occurrence

    def _nth(self, anchor: date, number: int) -> date | None:
        """The day after so many lengths; None: there is none."""
        if self.count is not None and number >= self.count:
            return None
        try:
            moved = add_months(anchor, self.duration.months * number)
            return moved + timedelta(days=self.duration.days * number)
        except OverflowError:
            return None

    def _number(self, anchor: date, day: date) -> int:
        """How many days lie before that one."""
        low, high = 0, 1
        while (occurrence := self._nth(anchor, high - 1)) is not None and occurrence < day:
            low, high = high, high * 2
        while low < high:
            middle = (low + high) // 2
            occurrence = self._nth(anchor, middle)
            if occurrence is None or occurrence >= day:
                high = middle
            else:
                low = middle + 1
        return low if self.count is None else min(low, self.count)


@dataclass(frozen=True, slots=True)
class AfterDone:
    """`1 year after done`: each counted from the day on which the one before was recorded.

    >>> yearly = AfterDone("1 year after done", Duration(((1, "year"),)))
    >>> str(yearly.next_day(date(2028, 2, 29)))
    '2029-02-28'
    """

    named_by: ClassVar[Literal["number"]] = "number"

    text: str
    duration: Duration
    count: int | None = None  #: in all, the first included; None: for ever

    def next_day(self, done: date) -> date | None:
        """The day of the next one, a clamped length after that; None: beyond the calendar."""
        try:
            moved = add_months(done, self.duration.months)
            return moved + timedelta(days=self.duration.days)
        except OverflowError:
            return None


@dataclass(frozen=True, slots=True)
class AsItHappens:
    """`as it happens`: any number of times, each of which is given a name."""

    named_by: ClassVar[Literal["name"]] = "name"

    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A recurrence rule of RFC 5545, section 3.3.10, for days: DAILY or slower.

    The anchor counts only if it matches (as in RFC 5545, section 3.8.5.3, it should).
    """

    named_by: ClassVar[Literal["day"]] = "day"

    text: str
    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: date | None = None
    week_start: int = 0  #: 0 is Monday
    months: frozenset[int] = frozenset()
    weeks: frozenset[int] = frozenset()
    year_days: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    weekdays: frozenset[tuple[int, int]] = frozenset()  #: (0 or which of them, weekday)
    positions: tuple[int, ...] = field(default=())

    def after(self, anchor: date, day: date) -> Iterator[date]:
        """The days from that one on, ascending, none before `anchor`."""
        if self.count is not None:
            yield from (match for match in _all_days(self, anchor) if match >= day)
            return
        yield from self._forward(anchor, max(anchor, day))

    def before(self, anchor: date, day: date) -> Iterator[date]:
        """The days before that one, the latest first, none before `anchor`."""
        if self.count is not None:
            yield from (match for match in reversed(_all_days(self, anchor)) if match < day)
            return
        if day <= anchor:
            return
        complete = _complete(self, anchor)
        last = min(day - _ONE_DAY, self.until or date.max)
        for days in _give_up(complete.periods(anchor, last, -1), MOST_EMPTY[self.frequency]):
            for match in reversed(days):
                if anchor <= match <= last:
                    yield match

    def _forward(self, anchor: date, day: date) -> Iterator[date]:
        complete = _complete(self, anchor)
        last = self.until or date.max
        for days in _give_up(complete.periods(anchor, day, 1), MOST_EMPTY[self.frequency]):
            for match in days:
                if match > last:
                    return
                if match >= day:
                    yield match

    # -- the days of a period

    def periods(self, anchor: date, day: date, way: Literal[1, -1]) -> Iterator[list[date]]:
        """The matching days of each period, from the one that holds that day, in that direction.

        A period is a year, a month or, where positions in a week are counted, a week; of a daily or
        weekly rule a month, since each of its days can be checked by itself.
        """
        if self.positions and self.frequency == "WEEKLY":
            yield from self._weeks(anchor, day, way)
            return
        if self.frequency == "YEARLY":
            yield from self._years(anchor, day, way)
            return
        step = self.interval if self.frequency == "MONTHLY" else 1
        first, month = _months(anchor), _months(day)
        month -= (month - first) % step
        while first <= month <= _months(date.max):
            year, number = divmod(month, 12)
            days = self._month(year, number + 1, anchor)
            yield self._at_positions(days) if self.frequency == "MONTHLY" else days
            month += step * way

    def _years(self, anchor: date, day: date, way: int) -> Iterator[list[date]]:
        """The matching days of each year; of years that are alike they are looked for once.

        A rule that matches once in 28 years is searched for through thousands.
        """
        known: dict[tuple[int, ...], list[int]] = {}  #: which days of a year, counted from 0
        year = day.year - (day.year - anchor.year) % self.interval
        while anchor.year <= year <= date.max.year:
            first = date(year, 1, 1).toordinal()
            kind = _kind_of_year(year, first)
            if kind not in known:
                days = [day for month in range(1, 13) for day in self._month(year, month, anchor)]
                known[kind] = [day.toordinal() - first for day in self._at_positions(days)]
            yield [date.fromordinal(first + number) for number in known[kind]]
            year += self.interval * way

    def _weeks(self, anchor: date, day: date, way: int) -> Iterator[list[date]]:
        first = self._week_of(anchor)
        start = self._week_of(day)
        start -= (start - first) // 7 % self.interval * 7
        while first <= start <= date.max.toordinal():
            numbers = range(max(start, 1), min(start + 7, date.max.toordinal() + 1))
            days = [date.fromordinal(number) for number in numbers]
            names = {weekday for _, weekday in self.weekdays}
            yield self._at_positions(
                [
                    day
                    for day in days
                    if (not names or day.weekday() in names)
                    and (not self.months or day.month in self.months)
                ]
            )
            start += 7 * self.interval * way

    def _at_positions(self, days: list[date]) -> list[date]:
        """BYSETPOS: those of the period's days that stand at these places."""
        if not self.positions:
            return days
        size = len(days)
        places = {at - 1 if at > 0 else size + at for at in self.positions}
        return [days[at] for at in sorted(places) if 0 <= at < size]

    def _month(self, year: int, month: int, anchor: date) -> list[date]:
        """The days of a month that match, and are in phase with the anchor."""
        if self.months and month not in self.months:
            return []
        days = [date(year, month, number) for number in self._numbers(year, month)]
        if self.frequency == "DAILY" and self.interval > 1:
            days = [day for day in days if (day - anchor).days % self.interval == 0]
        if self.frequency == "WEEKLY" and self.interval > 1:
            first = self._week_of(anchor)
            days = [day for day in days if (self._week_of(day) - first) // 7 % self.interval == 0]
        if self.frequency == "YEARLY" and not self.months and self._are_counted():
            days = [day for day in days if self._is_weekday_of_year(day)]
        return [day for day in days if self._is_in_week(day)] if self.weeks else days

    def _numbers(self, year: int, month: int) -> list[int]:
        """The days of a month, by number, that BYMONTHDAY, BYDAY and BYYEARDAY allow."""
        size = days_in_month(year, month)
        numbers = list(range(1, size + 1))
        if self.month_days:
            wanted = {day if day > 0 else size + 1 + day for day in self.month_days}
            numbers = sorted(number for number in wanted if 1 <= number <= size)
        first = date(year, month, 1)
        if self.weekdays:
            before = first.weekday() - 1
            if self._are_counted() and (self.frequency != "YEARLY" or self.months):
                numbers = [
                    number
                    for number in numbers
                    if self._is_weekday((before + number) % 7, number, size)
                ]
            else:
                names = {weekday for _, weekday in self.weekdays}
                numbers = [number for number in numbers if (before + number) % 7 in names]
        if self.year_days:
            whole = 366 if days_in_month(year, 2) == 29 else 365
            gone = first.timetuple().tm_yday - 1
            wanted = {(day if day > 0 else whole + 1 + day) - gone for day in self.year_days}
            numbers = [number for number in numbers if number in wanted]
        return numbers

    def _are_counted(self) -> bool:
        """Whether BYDAY counts: `1MO`, `-1FR`."""
        return any(which for which, _ in self.weekdays)

    def _is_weekday(self, weekday: int, number: int, size: int) -> bool:
        """Whether that weekday, of a month or year of so many days, is one that BYDAY names."""
        which, back = (number - 1) // 7 + 1, -((size - number) // 7 + 1)
        wanted = self.weekdays
        return (which, weekday) in wanted or (back, weekday) in wanted or (0, weekday) in wanted

    def _is_weekday_of_year(self, day: date) -> bool:
        size = 366 if days_in_month(day.year, 2) == 29 else 365
        return self._is_weekday(day.weekday(), day.timetuple().tm_yday, size)

    def _week_of(self, day: date) -> int:
        """The first day, by number, of the week that holds the day (WKST)."""
        number = day.toordinal()
        return number - (day.weekday() - self.week_start) % 7

    def _is_in_week(self, day: date) -> bool:
        """BYWEEKNO: weeks as in ISO 8601, beginning on WKST; week 1 holds 4 January."""
        start = self._week_of(day)
        year = date.fromordinal(min(max(start + 3, 1), date.max.toordinal())).year
        first = self._week_of(date(year, 1, 4))
        following = self._week_of(date(year + 1, 1, 4)) if year < date.max.year else first + 364
        number, size = (start - first) // 7 + 1, (following - first) // 7
        return number in self.weeks or number - size - 1 in self.weeks


Recurrence: TypeAlias = Every | Rule | AfterDone | AsItHappens


def _kind_of_year(year: int, first: int) -> tuple[int, ...]:
    """What its days hang on: which weekday is the first, how long it is, and those beside it.

    The first days may lie in the last week of the year before, the last in the first of the next,
    and either is counted from that year's end too (BYWEEKNO). Towards the ends of the calendar
    there is no year beside.
    """
    if not date.min.year < year < date.max.year - 1:
        return (year,)
    return first % 7, *(days_in_month(year + beside, 2) for beside in (-1, 0, 1))


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1


def _give_up(periods: Iterator[list[date]], most: int) -> Iterator[list[date]]:
    """The periods, until so many have gone by without a day."""
    empty = 0
    for days in periods:
        empty = 0 if days else empty + 1
        if empty > most:
            return
        yield days


@lru_cache(maxsize=256)
def _all_days(rule: Rule, anchor: date) -> tuple[date, ...]:
    """All days of a rule with COUNT."""
    return tuple(islice(rule._forward(anchor, anchor), rule.count))


@lru_cache(maxsize=1024)
def _complete(rule: Rule, anchor: date) -> Rule:
    """The rule with what RFC 5545 takes from the anchor, where no part says which days."""
    if rule.weeks or rule.year_days or rule.month_days or rule.weekdays:
        return rule
    if rule.frequency == "YEARLY":
        months = rule.months or frozenset((anchor.month,))
        return replace(rule, months=months, month_days=frozenset((anchor.day,)))
    if rule.frequency == "MONTHLY":
        return replace(rule, month_days=frozenset((anchor.day,)))
    if rule.frequency == "WEEKLY":
        return replace(rule, weekdays=frozenset(((0, anchor.weekday()),)))
    return rule
