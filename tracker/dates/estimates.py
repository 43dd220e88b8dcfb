"""The soonest and the latest that a count can come to, however the estimated holidays fall.

Each estimated holiday (estimated_holidays.py) may fall up to two days off its estimate, by itself.
The days on which that matters lie in stretches apart from one another; in each of them the calendar
has a few alternatives. A count goes on from day to day, so its extremes are those of taking the
best, or the worst, alternative of each stretch that it passes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple, TypeAlias

from tracker.dates.arithmetic import edge_of
from tracker.dates.bounds import Bounds
from tracker.dates.calendars import OpenDays, Roll, Uncovered
from tracker.dates.estimated_holidays import MOST_DAYS_OFF, Estimate, Festival
from tracker.dates.expressions import Place
from tracker.dates.notes import Note

Extreme: TypeAlias = Literal["soonest", "latest"]
Hinges: TypeAlias = set[Festival]  #: the estimated holidays by which it hangs what a count comes to
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

    def after(self, day: date, count: int, extreme: Extreme, hinges: Hinges) -> date:
        """The soonest or the latest that the count-th open day after that day can be.

        The holidays that decide it are added to `hinges`.
        """
        at, left = day.toordinal(), count
        pick, most = (min, max) if extreme == "soonest" else (max, min)
        for stretch in self._ahead(day):
            ways = [way[bisect_right(way, at) :] for way in stretch.alternatives]
            numbers = {len(way) for way in ways}
            reached = {way[left - 1] for way in ways if len(way) >= left}
            if len(reached) > 1 or (len(numbers) > 1 and min(numbers) < left):
                hinges.update(stretch.festivals)
            if most(numbers) >= left:
                return date.fromordinal(pick(reached))
            left -= most(numbers)
        raise OverflowError("outside the years 0001 to 9999")

    def before(self, day: date, count: int, extreme: Extreme, hinges: Hinges) -> date:
        """The soonest or the latest that the count-th open day before that day can be.

        The holidays that decide it are added to `hinges`.
        """
        at, left = day.toordinal(), count
        pick = min if extreme == "soonest" else max  # counted back, it is sooner with fewer open
        for stretch in self._behind(day):
            ways = [way[: bisect_left(way, at)] for way in stretch.alternatives]
            numbers = {len(way) for way in ways}
            reached = {way[-left] for way in ways if len(way) >= left}
            if len(reached) > 1 or (len(numbers) > 1 and min(numbers) < left):
                hinges.update(stretch.festivals)
            if pick(numbers) >= left:
                return date.fromordinal(pick(reached))
            left -= pick(numbers)
        raise OverflowError("outside the years 0001 to 9999")

    def _ahead(self, day: date) -> Iterator[Stretch]:
        for year in range(day.year, date.max.year + 1):
            yield from (part for part in self.stretches(year) if part.last > day.toordinal())

    def _behind(self, day: date) -> Iterator[Stretch]:
        for year in range(day.year, 0, -1):
            yield from (
                part for part in reversed(self.stretches(year)) if part.first < day.toordinal()
            )


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
        self._hinges: Hinges = set()

    def noting(self, hinges: Hinges) -> ExtremeDays:
        """The same calendar, which adds to those the holidays that decide what it comes to."""
        noting = copy(self)
        noting._hinges = hinges
        return noting

    def after(self, day: date, count: int) -> date:
        return self._after(day, count, self._extreme) if count else day

    def _after(self, day: date, count: int, extreme: Extreme) -> date:
        return self._estimated.after(day, count, extreme, self._hinges)

    def before(self, day: date, count: int) -> date:
        if not count:
            return day
        return self._estimated.before(day, count, self._extreme, self._hinges)

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
            self._after(day - _ONE_DAY, 1, extreme) for extreme in ("soonest", "latest")
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


class Widened(NamedTuple):
    """Bounds wide enough for estimated holidays, and those holidays that made them so."""

    bounds: Bounds
    estimates: frozenset[Estimate]


def widened(bounds_at: Callable[[Place], Bounds], place: Place) -> Widened:
    """What a count, or a move off closed days, comes to at that place, however holidays fall.

    `bounds_at` counts by the calendars of a place. The bounds and the reason come of the same
    counting: where it comes to anything else, the holidays that decided it are known.
    """
    bounds = bounds_at(place)
    if not place.has_estimates or bounds.earliest is None:
        return Widened(bounds, frozenset())
    soonest, latest = (_bounds_by(extreme, bounds_at, place) for extreme in ("soonest", "latest"))
    estimates = [way.estimates for way in (soonest, latest) if way.bounds != bounds]
    ends = (soonest.bounds.earliest, latest.bounds.latest)
    wide = bounds._replace(earliest=ends[0], latest=ends[1])
    return Widened(wide, frozenset[Estimate]().union(*estimates))


def _bounds_by(extreme: Extreme, bounds_at: Callable[[Place], Bounds], place: Place) -> Widened:
    """The bounds where every count comes to its soonest, or its latest."""
    hinges: dict[str, Hinges] = {}

    def noting(days: OpenDays) -> OpenDays:
        hinges_of_calendar = hinges.setdefault(days.stated, set())
        return extreme_days(days, extreme).noting(hinges_of_calendar)

    days, law = place.open_days, place.law
    if days is not None:
        days = noting(days)
    if law is not None:
        law = law._replace(open_days=noting(law.open_days))
    bounds = bounds_at(place._replace(open_days=days, law=law))
    by_name = ((festival, name) for name, festivals in hinges.items() for festival in festivals)
    return Widened(bounds, frozenset(Estimate(festival, name) for festival, name in by_name))


def estimate_notes(estimates: Iterable[Estimate]) -> Iterator[Note]:
    """That holidays are estimated by which a day was counted; the first few of each calendar."""
    by_calendar: dict[str, list[date]] = {}
    for estimate in sorted(set(estimates)):
        by_calendar.setdefault(estimate.calendar, []).append(estimate.festival.first)
    for calendar, days in by_calendar.items():
        yield Note("estimated", calendar=calendar, closed=tuple(days[:MOST_NAMED]))
