"""The soonest and the latest that a count can come to, however the estimated holidays fall.

Each estimated holiday (estimated_holidays.py) may fall up to two days off its estimate, by itself.
What a calendar leaves open by that is in estimated_days.py; here counts are made by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from tracker.dates.arithmetic import edge_of
from tracker.dates.bounds import Bounds
from tracker.dates.calendars import OpenDays, Roll
from tracker.dates.estimated_days import EstimatedDays, Extreme, Hinges
from tracker.dates.estimated_holidays import Estimate
from tracker.dates.expressions import Place
from tracker.dates.notes import Note

_ONE_DAY = timedelta(days=1)
#: So many estimated holidays are named.
MOST_NAMED = 6


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
