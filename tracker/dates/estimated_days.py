"""What a calendar leaves open: the days that its estimated holidays may close, and by which ways.

Each estimated holiday (estimated_holidays.py) may fall up to two days off its estimate, by itself;
of a joined calendar those of each country. The days on which that matters lie in stretches apart
from one another; in each of them the calendar has a few alternatives. A count goes on from day to
day, so its extremes are those of taking the best, or the worst, alternative of each stretch that it
passes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import product
from typing import Literal, NamedTuple, TypeAlias, TypeVar

from tracker.dates.calendars import CalendarPart, OpenDays, Uncovered
from tracker.dates.estimated_holidays import MOST_DAYS_OFF, Fall, Festival

Extreme: TypeAlias = Literal["soonest", "latest"]
Hinges: TypeAlias = set[Festival]  #: the estimated holidays by which it hangs what a count comes to
Days: TypeAlias = frozenset[int]  #: as ordinals
Span = TypeVar("Span")
_SHIFTS = range(-MOST_DAYS_OFF, MOST_DAYS_OFF + 1)
#: Days no farther apart hang together: a weekend lies between a holiday and the day in lieu.
_APART = 3
#: A day in lieu is no farther from its holiday: it is the same day of the week at the farthest.
_IN_LIEU = 7
#: So many holidays that may share their days in lieu are each tried on each of its days.
_MOST_TRIED = 3
#: Of a year's end, so many days beyond are looked at, where a holiday may fall on either side.
_BEYOND = 31


class Stretch(NamedTuple):
    """Some days one after another, and which are open by each way that holidays may fall."""

    first: int
    last: int
    alternatives: tuple[Sequence[int], ...]  #: ordinals, in order; one alone: it is certain
    festivals: tuple[Festival, ...] = ()

    def holidays_near(self, first: int, last: int) -> Sequence[Festival]:
        """Those that may fall on these of its days; all, where these are but days in lieu."""
        begin, end = date.fromordinal(first), date.fromordinal(last)
        return [each for each in self.festivals if each.may_meet(begin, end)] or self.festivals


class UnsureDays(NamedTuple):
    """Days of one country, and which of them it closes by each way that its holidays may fall."""

    first: int
    last: int
    closed: frozenset[Days]  #: by each way
    festivals: tuple[Festival, ...]
    part: CalendarPart


class EstimatedDays:
    """What a calendar leaves open: its years, in stretches."""

    def __init__(self, days: OpenDays) -> None:
        self._days = days
        self._parts = [EstimatedPart(part, days.is_open_in) for part in days.parts]
        self._years: dict[int, list[Stretch]] = {}

    def stretches(self, year: int) -> list[Stretch]:
        """All days of a year, in order; the first and the last may lie in the years beside, too."""
        stretches = self._years.get(year)
        if stretches is None:
            stretches = self._years[year] = list(self._stretches(year))
        return stretches

    def _stretches(self, year: int) -> Iterator[Stretch]:
        at, end = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        try:
            usual = self._days.open_in(year)
        except Uncovered:  # an extreme may lie beyond the data that a count needs
            yield Stretch(at, end, (range(at, end + 1),))
            return
        for stretch in self._unsure(year) if self._days.is_covered(year) else ():
            if stretch.last < at or stretch.first > end:
                continue
            if stretch.first > at:
                yield Stretch(at, stretch.first - 1, (_between(usual, at, stretch.first - 1),))
            yield stretch
            at = stretch.last + 1
        if at <= end:
            yield Stretch(at, end, (_between(usual, at, end),))

    def _unsure(self, year: int) -> Iterator[Stretch]:
        """The stretches of a year, and near it, that hang on estimated holidays."""
        festivals = self._days.festivals(year)
        begin, end = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        if any(first <= begin for first, _ in map(_reach, festivals)) and self._has(year - 1):
            begin -= _BEYOND
        if any(last >= end for _, last in map(_reach, festivals)) and self._has(year + 1):
            end += _BEYOND
        unsure = sorted(
            (days for part in self._parts for days in part.unsure(begin, end)),
            key=lambda days: days[:2],
        )
        for group in _overlapping(unsure, lambda days: (days.first, days.last)):
            yield self._stretch(group)

    def _has(self, year: int) -> bool:
        return date.min.year <= year <= date.max.year and self._days.is_covered(year)

    def _stretch(self, group: Sequence[UnsureDays]) -> Stretch:
        """The stretch of days that overlap: each country's holidays fall by themselves."""
        first, last = group[0].first, max(days.last for days in group)
        opened = frozenset(
            day
            for day in range(first, last + 1)
            if self._days.is_open_but_for(
                date.fromordinal(day),
                [days.part for days in group if days.first <= day <= days.last],
            )
        )
        ways = {opened}
        for days in group:
            ways = {way - closed for way in ways for closed in days.closed}
        festivals = dict.fromkeys(festival for days in group for festival in days.festivals)
        return Stretch(first, last, tuple(map(sorted, ways)), tuple(festivals))

    def after(self, day: date, count: int, extreme: Extreme, hinges: Hinges) -> date:
        """The soonest or the latest that the count-th open day after that day can be.

        The holidays that decide it are added to `hinges`.
        """
        left = count
        pick, most = (min, max) if extreme == "soonest" else (max, min)
        for stretch, at in self._ahead(day):
            ways = [way[bisect_right(way, at) :] for way in stretch.alternatives]
            numbers = {len(way) for way in ways}
            reached = {way[left - 1] for way in ways if len(way) >= left}
            if len(reached) > 1 or (len(numbers) > 1 and min(numbers) < left):
                last = stretch.last if min(numbers) < left else max(reached)
                hinges.update(stretch.holidays_near(at + 1, last))
            if most(numbers) >= left:
                return date.fromordinal(pick(reached))
            left -= most(numbers)
        raise OverflowError("outside the years 0001 to 9999")

    def before(self, day: date, count: int, extreme: Extreme, hinges: Hinges) -> date:
        """The soonest or the latest that the count-th open day before that day can be.

        The holidays that decide it are added to `hinges`.
        """
        left = count
        pick = min if extreme == "soonest" else max  # counted back, it is sooner with fewer open
        for stretch, at in self._behind(day):
            ways = [way[: bisect_left(way, at)] for way in stretch.alternatives]
            numbers = {len(way) for way in ways}
            reached = {way[-left] for way in ways if len(way) >= left}
            if len(reached) > 1 or (len(numbers) > 1 and min(numbers) < left):
                first = stretch.first if min(numbers) < left else min(reached)
                hinges.update(stretch.holidays_near(first, at - 1))
            if pick(numbers) >= left:
                return date.fromordinal(pick(reached))
            left -= pick(numbers)
        raise OverflowError("outside the years 0001 to 9999")

    def _ahead(self, day: date) -> Iterator[tuple[Stretch, int]]:
        """The stretches after that day, each with the last day before it that is counted."""
        at = day.toordinal()
        for year in range(day.year, date.max.year + 1):
            for stretch in self.stretches(year):
                if stretch.last > at:
                    yield stretch, at
                    at = stretch.last

    def _behind(self, day: date) -> Iterator[tuple[Stretch, int]]:
        at = day.toordinal()
        for year in range(day.year, 0, -1):
            for stretch in reversed(self.stretches(year)):
                if stretch.first < at:
                    yield stretch, at
                    at = stretch.first


class EstimatedPart:
    """One country of a calendar, and how its estimated holidays may fall."""

    def __init__(self, part: CalendarPart, is_open: Callable[[CalendarPart, date], bool]) -> None:
        self._part = part
        self._is_open = is_open
        self._across: dict[Festival, dict[int, Days]] = {}

    @cached_property
    def _ways(self) -> list[CalendarPart]:
        """The country by each number of days that all of its holidays may be off."""
        return [self._part.where(Fall(shift)) if shift else self._part for shift in _SHIFTS]

    def unsure(self, begin: int, end: int) -> Iterator[UnsureDays]:
        """The days of that span that hang on estimated holidays, with what hangs together."""
        festivals = self._festivals(begin, end)
        if not festivals:
            return
        near = {day for reach in map(_reach, festivals) for day in _days_of(reach)}
        days = sorted(day for day in near if begin <= day <= end)
        ways = [self._closed(part, days) for part in self._ways]
        unsure = frozenset[int]().union(*ways) - ways[0].intersection(*ways)
        for each in festivals:
            unsure = unsure.union(*self._across_years(each).values()).intersection(days)
        windows = [_days_of(_window(festival, begin, end)) for festival in festivals]
        runs = list(_overlapping(sorted(unsure.union(*windows)), lambda day: (day, day + _APART)))
        for first, last in _with_holidays(runs, festivals):
            here = [
                each for each in festivals if each.may_meet(*map(date.fromordinal, (first, last)))
            ]
            yield from self._unsure(range(first, last + 1), here)

    def _festivals(self, begin: int, end: int) -> list[Festival]:
        first, last = date.fromordinal(begin), date.fromordinal(end)
        estimates = self._part.estimates
        of_years = map(estimates.festivals, range(first.year, last.year + 1))
        return sorted({each for some in of_years for each in some if each.may_meet(first, last)})

    def _closed(self, part: CalendarPart, days: Sequence[int]) -> Days:
        for year in {date.fromordinal(day).year for day in (days[0], days[-1])}:
            part.estimates.festivals(year)  # a holiday of the year before may fall in it
        return frozenset(day for day in days if not self._is_open(part, date.fromordinal(day)))

    def _unsure(self, days: range, here: Sequence[Festival]) -> Iterator[UnsureDays]:
        """Those days, or the stretches of them that have nothing to do with one another."""
        together = [self._closed(part, days) for part in self._ways]
        if len(here) == 1:
            for shift, closed in self._across_years(here[0]).items():
                together[shift - _SHIFTS[0]] = closed.intersection(days)
            yield UnsureDays(days[0], days[-1], frozenset(together), tuple(here), self._part)
            return
        certain = self._closed(self._part.where(Fall(left_out=frozenset(here))), days)
        by_shift = (
            certain.union(*(_fallen(each, shift, days) for each in here)) for shift in _SHIFTS
        )
        if [*by_shift] != together:  # there are days in lieu
            ways = frozenset(self._each_apart(days, here, together))
            yield UnsureDays(days[0], days[-1], ways, tuple(here), self._part)
            return
        for group in _overlapping(here, lambda each: _window(each, days[0], days[-1])):
            ends = [_window(each, days[0], days[-1]) for each in group]
            span = _days_of((ends[0][0], max(last for _, last in ends)))
            ways = frozenset([certain.intersection(span)])
            for each in group:
                ways = frozenset(
                    way | _fallen(each, shift, span) for way in ways for shift in _SHIFTS
                )
            yield UnsureDays(span[0], span[-1], ways, tuple(group), self._part)

    def _across_years(self, festival: Festival) -> dict[int, Days]:
        """What is closed near it by each shift that takes it, or a day in lieu, into another year.

        The library works out days in lieu within a year alone: here as it does some weeks away.
        """
        ways = self._across.get(festival)
        if ways is None:
            shifts = [shift for shift in _SHIFTS if shift and _is_across_years(festival, shift)]
            ways = {shift: self._by_weeks_away(festival, shift) for shift in shifts}
            self._across[festival] = ways
        return ways

    def _by_weeks_away(self, festival: Festival, shift: int) -> Days:
        days = _days_of(_reach(festival))
        without = self._part.where(Fall(left_out=frozenset([festival])))
        closed = set(self._closed(without, days))
        away = self._weeks_away(festival, without)
        far = self._part.where(Fall(apart=frozenset([(festival, shift + away)])))
        far_days = range(days[0] + away, days[-1] + away + 1)
        its_own = self._closed(far, far_days) - self._closed(without, far_days)
        fallen = _fallen(festival, shift, days)
        closed |= fallen
        for day in sorted(its_own):
            in_lieu = day - away
            while in_lieu not in fallen and in_lieu in closed:
                in_lieu += 1
            closed.add(in_lieu)
        return frozenset(closed)

    def _weeks_away(self, festival: Festival, without: CalendarPart) -> int:
        """To where in its year no other holiday is near: so many days, on the same weekdays."""
        direction = 1 if festival.first.month == 1 else -1
        for weeks in range(4, 20):
            away = direction * weeks * 7
            days = (date.fromordinal(day + away) for day in _days_of(_reach(festival)))
            if not any(map(without.get, days)):
                return away
        return direction * 4 * 7

    def _each_apart(
        self, days: range, here: Sequence[Festival], together: Sequence[Days]
    ) -> Iterator[Days]:
        """What is closed of those days with each holiday on each of its days, asking the library.

        Of too many holidays, as if any of them could close, or open, what another one does.
        """
        if len(here) > _MOST_TRIED:
            yield from together
            yield together[0].union(*together)
            yield together[0].intersection(*together)
            return
        for shifts in product(_SHIFTS, repeat=len(here)):
            apart = frozenset(zip(here, shifts, strict=True))
            yield self._closed(self._part.where(Fall(apart=apart)), days)


def _overlapping(
    spans: Iterable[Span], ends: Callable[[Span], tuple[int, int]]
) -> Iterator[list[Span]]:
    """Those, in order, of which each begins before the ones before it end; both included."""
    group: list[Span] = []
    end = 0
    for span in spans:
        first, last = ends(span)
        if group and first > end:
            yield group
            group = []
        end = max(end, last) if group else last
        group.append(span)
    if group:
        yield group


def _with_holidays(
    runs: Sequence[Sequence[int]], festivals: Sequence[Festival]
) -> Iterator[tuple[int, int]]:
    """The first and the last of each run of days; a day in lieu goes with its holiday."""
    spans: list[tuple[int, int]] = []
    windows = [_window(festival, 0, date.max.toordinal()) for festival in festivals]
    for run in runs:
        first, last = run[0], run[-1]
        if spans and not any(begin <= last and first <= end for begin, end in windows):
            first = spans.pop()[0]
        spans.append((first, last))
    return iter(spans)


def _reach(festival: Festival) -> tuple[int, int]:
    """The first and the last day that may hang on it."""
    off = MOST_DAYS_OFF + _IN_LIEU
    return festival.first.toordinal() - off, festival.last.toordinal() + off


def _is_across_years(festival: Festival, shift: int) -> bool:
    """Whether it, or a day in lieu, may lie in another year so many days after its estimate."""
    days = shift, shift + (festival.last - festival.first).days + _IN_LIEU
    years = {(festival.first + timedelta(days=off)).year for off in days}
    return years != {festival.first.year}


def _window(festival: Festival, begin: int, end: int) -> tuple[int, int]:
    """The first and the last day of that span on which a festival may fall."""
    first, last = festival.first.toordinal(), festival.last.toordinal()
    return max(begin, first - MOST_DAYS_OFF), min(end, last + MOST_DAYS_OFF)


def _days_of(ends: tuple[int, int]) -> range:
    return range(ends[0], ends[1] + 1)


def _fallen(festival: Festival, shift: int, span: range) -> Days:
    """Its days in that span, so many days after their estimate."""
    first, last = festival.first.toordinal() + shift, festival.last.toordinal() + shift
    return frozenset(day for day in range(first, last + 1) if day in span)


def _between(days: Sequence[int], first: int, last: int) -> Sequence[int]:
    return days[bisect_left(days, first) : bisect_right(days, last)]
