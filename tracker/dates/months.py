"""Months and years, added up and clamped once; the months and days between two days.

Own arithmetic, and not pendulum's, because the agenda of 10,000 events must not pay for importing
it; tests/property/test_dates.py holds both to the same answers.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def days_in_month(year: int, month: int) -> int:
    """How many days the month has.

    >>> days_in_month(2028, 2), days_in_month(2100, 2)
    (29, 28)
    """
    if month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
        return 29
    return _DAYS[month - 1]


def is_month_end(day: date) -> bool:
    """Whether it is the last day of its month."""
    return day.day == days_in_month(day.year, day.month)


def add_months(day: date, months: int) -> date:
    """The day `months` months later (earlier, if negative), clamped to its month's last day.

    >>> add_months(date(2027, 1, 31), 1)
    datetime.date(2027, 2, 28)
    >>> add_months(date(2028, 2, 29), -12)
    datetime.date(2027, 2, 28)

    Raises OverflowError outside the years 0001 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("outside the years 0001 to 9999")
    month += 1
    return date(year, month, min(day.day, days_in_month(year, month)))


class CalendarDistance(NamedTuple):
    """How far a later day lies from an earlier one, in whole months and then days."""

    years: int
    months: int
    days: int


def calendar_distance(earlier: date, later: date) -> CalendarDistance:
    """The greatest number of months that does not pass `later`, and the days that remain.

    >>> calendar_distance(date(2026, 11, 25), date(2030, 12, 31))
    CalendarDistance(years=4, months=1, days=6)
    >>> calendar_distance(date(2027, 1, 31), date(2027, 3, 1))
    CalendarDistance(years=0, months=1, days=1)

    Raises ValueError where `later` is the earlier one.
    """
    if later < earlier:
        raise ValueError(f"{later} lies before {earlier}")
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    if months and add_months(earlier, months) > later:
        months -= 1
    years, rest = divmod(months, 12)
    return CalendarDistance(years, rest, (later - add_months(earlier, months)) // timedelta(days=1))
