"""Reading the names of days and periods: 2030, 2030-H2, 2030-Q4, 2030-12, 2030-W52, 2030-12-31."""

from __future__ import annotations

import re
from datetime import date, timedelta

from tracker.dates.expressions import Period, PeriodKind
from tracker.dates.months import days_in_month

SHAPE = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?:H(?P<half>[0-9])|Q(?P<quarter>[0-9])|W(?P<week>[0-9]{2})"
    r"|(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?))?"
)


class NoSuchPeriod(ValueError):
    """The text has the shape of a period, and the calendar has none of that name."""

    def __init__(self, nearest: tuple[str, ...]) -> None:
        super().__init__("no such period")
        self.nearest = nearest  #: those of the same kind that exist, the nearest first


def parse_period(text: str) -> Period:
    """The period of that name.

    >>> parse_period("2028-Q1").last
    datetime.date(2028, 3, 31)

    Raises NoSuchPeriod where the calendar has none (2029-02-29, 2026-W54), ValueError where the
    text has not the shape of one.
    Source: ISO 8601-1:2019 for weeks (week 1 holds the year's first Thursday).
    """
    match = SHAPE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} has not the shape of a period")
    year = int(match["year"])
    if year == 0:
        raise NoSuchPeriod(("0001" + text[4:],))
    if match["day"]:
        return _day(year, int(match["month"]), int(match["day"]))
    if match["month"]:
        _within(year, int(match["month"]), 12, "{:04}-{:02}")
        return _months("month", year, int(match["month"]), 1)
    if match["quarter"]:
        _within(year, int(match["quarter"]), 4, "{:04}-Q{}")
        return _months("quarter", year, 3 * int(match["quarter"]) - 2, 3)
    if match["half"]:
        _within(year, int(match["half"]), 2, "{:04}-H{}")
        return _months("half-year", year, 6 * int(match["half"]) - 5, 6)
    if match["week"]:
        return _week(year, int(match["week"]))
    return _months("year", year, 1, 12)


def _within(year: int, number: int, most: int, shape: str) -> None:
    if not 1 <= number <= most:
        raise NoSuchPeriod((shape.format(year, min(max(number, 1), most)),))


def _months(kind: PeriodKind, year: int, month: int, count: int) -> Period:
    last = month + count - 1
    return Period(kind, date(year, month, 1), date(year, last, days_in_month(year, last)))


def _day(year: int, month: int, day: int) -> Period:
    _within(year, month, 12, "{:04}-{:02}" + f"-{min(max(day, 1), 28):02}")
    most = days_in_month(year, month)
    if day > most:
        last = date(year, month, most)
        following = () if last == date.max else (str(last + timedelta(days=1)),)
        raise NoSuchPeriod((str(last), *following))
    if day == 0:
        raise NoSuchPeriod((str(date(year, month, 1)),))
    whole = date(year, month, day)
    return Period("day", whole, whole)


def _week(year: int, week: int) -> Period:
    try:
        monday = date.fromisocalendar(year, week, 1)
        return Period("week", monday, monday + timedelta(days=6))
    except OverflowError:  # 9999-W52 ends in the year 10000
        raise NoSuchPeriod((f"{year:04}-W51",)) from None
    except ValueError:
        most = 51 if year == 9999 else date(year, 12, 28).isocalendar().week
        raise NoSuchPeriod((f"{year:04}-W{min(max(week, 1), most):02}",)) from None
