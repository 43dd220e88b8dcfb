"""The soonest and the latest that a count can come to, however the estimated holidays fall.

Each estimated holiday (estimated_holidays.py) may fall up to two days off its estimate, by itself.
The days on which that matters lie in stretches apart from one another; in each of them the calendar
has a few alternatives. A count goes on from day to day, so its extremes are those of taking the
best, or the worst, alternative of each stretch that it passes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple, TypeAlias

from tracker.dates.arithmetic import edge_of
from tracker.dates.bounds import Bounds
from tracker.dates.calendars import OpenDays, Roll, Uncovered
from tracker.dates.estimated_holidays import MOST_DAYS_OFF, Estimate, Festival
from tracker.dates.expressions import Duration, Place
from tracker.dates.instants import Moment, local_day
from tracker.dates.notes import Note

Extreme: TypeAlias = Literal["soonest", "latest"]
_ONE_DAY = timedelta(days=1)
#: So many estimated holidays are named.
MOST_NAMED = 6
#: Days no farther apart are of one stretch: a weekend lies between a holiday and the day in lieu.
_APART = 3


class Stretch(NamedTuple):
    """Some days one after another, and which are open by each way that holidays may fall."""

    first: int
    last: int
    alternatives: tuple[Sequence[int], ...]  #: ordinals, in order; one alone: it is certain
    festivals: tuple[Festival, ...] = ()


class EstimatedDays:
    """What a calendar leaves open: its years, in stretches."""

    def __init__(self, days: OpenDays) -> None:
        self._days = days
        self._years: dict[int, list[Stretch]] = {}

    @cached_property
    def _ways(self) -> list[OpenDays]:
        """The calendar by each number of days that its estimated holidays may be off."""
        days = self._days
        return [
            self._with_shift(shift) if shift else days
            for shift in range(-MOST_DAYS_OFF, MOST_DAYS_OFF + 1)
        ]

    def _with_shift(self, shift: int) -> OpenDays:
        days = self._days
        announced = days.announced
        return OpenDays(
            days.name, days.lenient, days.closed, days.stated, announced=announced, shift=shift
        )

    def stretches(self, year: int) -> list[Stretch]:
        """The days of a year, in order."""
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
        festivals = self._days.festivals(year)
        if festivals:
            ways = [days.open_in(year) for days in self._ways]
            unsure = set().union(*ways) - set(ways[0]).intersection(*ways)
            windows = (range(*_window(festival, at, end)) for festival in festivals)
            for first, last in _runs(sorted(unsure.union(*windows))):
                yield Stretch(at, first - 1, (_between(usual, at, first - 1),))
                yield _unsure(first, last, ways, festivals)
                at = last + 1
        yield Stretch(at, end, (_between(usual, at, end),))

    def after(self, day: date, count: int, extreme: Extreme) -> date:
        """The soonest or the latest that the count-th open day after that day can be."""
        at, left = day.toordinal(), count
        pick, most = (min, max) if extreme == "soonest" else (max, min)
        for stretch in self._ahead(day):
            ways = [way[bisect_right(way, at) :] for way in stretch.alternatives]
            passed = most(map(len, ways))
            if passed >= left:
                return date.fromordinal(pick(way[left - 1] for way in ways if len(way) >= left))
            left -= passed
        raise OverflowError("outside the years 0001 to 9999")

    def before(self, day: date, count: int, extreme: Extreme) -> date:
        """The soonest or the latest that the count-th open day before that day can be."""
        at, left = day.toordinal(), count
        pick = min if extreme == "soonest" else max  # counted back, it is sooner with fewer open
        for stretch in self._behind(day):
            ways = [way[: bisect_left(way, at)] for way in stretch.alternatives]
            passed = pick(map(len, ways))
            if passed >= left:
                return date.fromordinal(pick(way[-left] for way in ways if len(way) >= left))
            left -= passed
        raise OverflowError("outside the years 0001 to 9999")

    def _ahead(self, day: date) -> Iterator[Stretch]:
        for year in range(day.year, date.max.year + 1):
            yield from (part for part in self.stretches(year) if part.last > day.toordinal())

    def _behind(self, day: date) -> Iterator[Stretch]:
        for year in range(day.year, 0, -1):
            yield from (
                part for part in reversed(self.stretches(year)) if part.first < day.toordinal()
            )

    def unsure(self, first: date, last: date) -> list[Festival]:
        """The estimated holidays by which it hangs how many days of that span are open."""
        begin, end = first.toordinal(), last.toordinal()
        by_these: dict[Festival, None] = {}
        for year in range(first.year, last.year + 1):
            for stretch in self.stretches(year):
                counts = {len(_between(way, begin, end)) for way in stretch.alternatives}
                if len(counts) > 1:
                    by_these |= dict.fromkeys(stretch.festivals)
        return list(by_these)


def _runs(days: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of those days that lie close together."""
    first = days[0] if days else 0
    for day, following in zip(days, [*days[1:], date.max.toordinal()], strict=bool(days)):
        if following - day > _APART:
            yield first, day
            first = following


def _window(festival: Festival, begin: int, end: int) -> tuple[int, int]:
    """The days among those on which a festival may fall; the end is left out."""
    first, last = festival.first.toordinal(), festival.last.toordinal()
    return max(begin, first - MOST_DAYS_OFF), min(end, last + MOST_DAYS_OFF) + 1


def _unsure(
    first: int, last: int, ways: Sequence[Sequence[int]], festivals: Sequence[Festival]
) -> Stretch:
    """The stretch with its alternatives; of several holidays, each may fall by itself."""
    begin, end = date.fromordinal(first), date.fromordinal(last)
    here = tuple(festival for festival in festivals if festival.may_meet(begin, end))
    alternatives = [_between(way, first, last) for way in ways]
    if len(here) > 1:
        every = set(alternatives[0]).intersection(*alternatives)
        alternatives += [sorted(set().union(*alternatives)), sorted(every)]
    return Stretch(first, last, tuple(alternatives), here)


def _between(days: Sequence[int], first: int, last: int) -> Sequence[int]:
    return days[bisect_left(days, first) : bisect_right(days, last)]


class ExtremeDays(OpenDays):
    """A calendar of which each count gives the soonest, or the latest, day that it can come to."""

    def __init__(self, days: OpenDays, extreme: Extreme, estimated: EstimatedDays) -> None:
        super().__init__(
            days.name, days.lenient, days.closed, days.stated, announced=days.announced
        )
        self._extreme = extreme
        self._estimated = estimated

    def after(self, day: date, count: int) -> date:
        return self._estimated.after(day, count, self._extreme) if count else day

    def before(self, day: date, count: int) -> date:
        return self._estimated.before(day, count, self._extreme) if count else day

    def roll(self, day: date, roll: Roll) -> date:
        if roll == "none":
            return day
        if roll == "previous":
            return self.before(day + _ONE_DAY, 1)
        if roll == "modified-next":
            return self._within_month(day)
        return self.after(day - _ONE_DAY, 1)

    def _within_month(self, day: date) -> date:
        """The extreme of the next open day of the month, else of the previous one."""
        soonest, latest = (
            self._estimated.after(day - _ONE_DAY, 1, extreme) for extreme in ("soonest", "latest")
        )
        if latest.month == day.month:
            return soonest if self._extreme == "soonest" else latest
        if self._extreme == "latest" and soonest.month == day.month:
            return self.before(edge_of("end", "month", day) + _ONE_DAY, 1)
        return self.before(day, 1)


@lru_cache(maxsize=64)
def estimated_days(days: OpenDays) -> EstimatedDays:
    """What that calendar leaves open."""
    return EstimatedDays(days)


@lru_cache(maxsize=128)
def extreme_days(days: OpenDays, extreme: Extreme) -> ExtremeDays:
    """The calendar by which counts come to their soonest, or their latest."""
    return ExtremeDays(days, extreme, estimated_days(days))


def extreme_place(place: Place, extreme: Extreme) -> Place:
    """The place where counts come to their soonest, or their latest."""
    days, law = place.open_days, place.law
    if days is not None:
        days = extreme_days(days, extreme)
    if law is not None:
        law = law._replace(open_days=extreme_days(law.open_days, extreme))
    return place._replace(open_days=days, law=law)


def estimates_of_count(
    duration: Duration, start: Bounds, reached: Bounds, place: Place
) -> Iterator[Estimate]:
    """The estimated holidays by which a count may come to other days."""
    if duration.business_days and place.open_days is not None:
        yield from estimates_between(start, reached, place.open_days)
    if place.law is not None:
        yield from estimates_between(start, reached, place.law.open_days)


def estimates_between(start: Bounds, reached: Bounds, days: OpenDays) -> Iterator[Estimate]:
    """Those between where a count, or a move off closed days, begins and what it comes to."""
    if reached.exact or not days.has_estimates:
        return
    spans: list[tuple[Moment | None, Moment | None]] = [
        (start.earliest, reached.earliest),
        (start.latest, reached.latest),
    ]
    if start.exact:
        spans += [(start.earliest, reached.latest), (reached.earliest, reached.latest)]
    for begin, end in spans:
        if begin is not None and end is not None:
            first, last = sorted((local_day(begin), local_day(end)))
            for festival in estimated_days(days).unsure(first, last):
                yield Estimate(festival, days.stated)


def estimate_notes(estimates: Iterator[Estimate]) -> Iterator[Note]:
    """That holidays are estimated by which a day was counted; the first few of each calendar."""
    by_calendar: dict[str, list[date]] = {}
    for estimate in sorted(set(estimates)):
        by_calendar.setdefault(estimate.calendar, []).append(estimate.festival.first)
    for calendar, days in by_calendar.items():
        yield Note("estimated", calendar=calendar, closed=tuple(days[:MOST_NAMED]))
