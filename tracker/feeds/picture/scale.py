"""Where a day lies, and which days the axis names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from tracker.i18n.translate import Language, catalogue, translate

#: Further than so many years before and after today nothing is drawn unless it is asked for.
YEARS_BEFORE, YEARS_AFTER = 10, 30
_MARGIN = 0.03


class Scale(NamedTuple):
    """Days from one to another on a length."""

    first: date
    last: date
    length: float

    def at(self, day: date) -> float:
        """Where a day begins, from 0 to `length`: what lies outside stands at the edge."""
        share = (day - self.first).days / max(1, (self.last - self.first).days)
        return min(max(share, 0.0), 1.0) * self.length

    def shows(self, first: date | None, last: date | None) -> bool:
        """Whether any of those days is on it; None: from before it, to its open end."""
        return (first is None or first <= self.last) and (last is None or last >= self.first)


class Tick(NamedTuple):
    """A day that the axis names."""

    at: float
    label: str
    strong: bool  #: a year begins


def range_of(
    days: Iterable[date], today: date, first: date | None = None, last: date | None = None
) -> tuple[date, date]:
    """From when to when is drawn: what was asked for, else every day and today, with a margin."""
    early, late = _years(today, -YEARS_BEFORE), _years(today, YEARS_AFTER)
    shown = [today, *(min(max(day, early), late) for day in days)]
    low, high = min(shown), max(shown)
    margin = max(int((high - low).days * _MARGIN), 20)
    begin, end = first or _plus(low, -margin), last or _plus(high, margin)
    if begin >= end:  # everything lies on one side of what was asked for
        begin, end = (begin, _plus(begin, 365)) if last is None else (_plus(end, -365), end)
    return begin, end


def ticks_of(scale: Scale, apart: float, language: Language) -> list[Tick]:
    """Days that the axis names, at least so far apart: the finest that fits."""
    per_day = scale.length / max(1, (scale.last - scale.first).days)
    days: Iterable[date] = ()
    if per_day * 6 >= apart:
        days = _months(scale, 1, (1, 8, 15, 22))
    else:
        steps = (1, 3, 6, *(12 * years for years in (1, 2, 5, 10, 20, 50, 100, 500)), 120_000)
        step = next(step for step in steps if per_day * 30 * step >= apart or step > 6000)
        days = _months(scale, step, (1,))
    return [
        Tick(scale.at(day), _label(day, language), day.month == day.day == 1)
        for day in days
        if scale.first <= day <= scale.last
    ]


def _months(scale: Scale, step: int, days: Iterable[int]) -> Iterator[date]:
    """Those days of each so many months, counted from a January."""
    at = (scale.first.year * 12 + scale.first.month - 1) // step * step
    while at <= scale.last.year * 12 + scale.last.month - 1:
        year, month = divmod(at, 12)
        if 1 <= year <= date.max.year:
            yield from (date(year, month + 1, day) for day in days)
        at += step


def _label(day: date, language: Language) -> str:
    if day.day > 1:
        return str(day.day)
    if day.month > 1:
        return _month(day, language)
    return translate(language, "picture.year", year=day.year)


def _month(day: date, language: Language) -> str:
    return catalogue(language)[f"month.{day.month}.short"]


def _years(day: date, years: int) -> date:
    year = min(max(day.year + years, 1), date.max.year)
    return day.replace(year=year, day=min(day.day, 28))


def _plus(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
