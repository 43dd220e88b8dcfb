"""How far a duration carries: from the moments an operand can be to those that are reached.

Years, quarters and months are added up and clamped once, then weeks and days, then business days,
then hours, whatever the order written; `before` takes off in the same order. A day counted by hours
may come out as two: the result is from the first to the last of them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from tracker.dates.bounds import Bounds, Window, exact_bounds
from tracker.dates.calendars import OpenDays
from tracker.dates.expressions import Duration, EdgeUnit
from tracker.dates.instants import (
    Instant,
    Moment,
    UnstatedInstant,
    day_in,
    end_of_day,
    instant,
    local_day,
    start_of_day,
)
from tracker.dates.months import add_months, days_in_month, is_month_end

_MONTHS_IN: dict[EdgeUnit, int] = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
_MOMENT = timedelta(microseconds=1)


def shift_moment(
    duration: Duration,
    before: bool,
    moment: Moment,
    zone: str,
    open_days: OpenDays | None,
    *,
    keeps_end: bool = False,
) -> tuple[Moment, Moment]:
    """The first and the last moment that lie so long after (or before) that one.

    `zone` is the file's; `open_days` may be None where no business days are counted. `keeps_end`:
    months after a month's last day end with a month.

    >>> day = date(2027, 3, 2)
    >>> [str(moment) for moment in shift_moment(Duration(((4, "hour"),)), False, day, "UTC", None)]
    ['2027-03-02', '2027-03-03']

    Raises OverflowError outside the years 0001 to 9999, Uncovered as OpenDays does.
    """
    hours = timedelta(hours=-duration.hours if before else duration.hours)
    if isinstance(moment, Instant) and not (
        duration.months or duration.days or duration.business_days
    ):
        return _after_hours(moment, hours)
    local = moment.local if isinstance(moment, Instant) else None
    day = local_day(moment) if local is None else local.date()
    reached = duration.before(day) if before else duration.after(day)
    if keeps_end and not before:
        reached = after_months_end(duration, day)
    if (count := duration.business_days) and open_days is not None:
        reached = open_days.before(reached, count) if before else open_days.after(reached, count)
    if isinstance(moment, Instant):
        if reached != day and local is not None:
            moment = UnstatedInstant(*_at_clock(local, reached, moment.zone))
        return _after_hours(moment, hours)
    if not hours:
        return reached, reached
    first, last = start_of_day(reached, zone) + hours, end_of_day(reached, zone) + hours - _MOMENT
    return day_in(Instant(first, zone), zone), day_in(Instant(last, zone), zone)


def _after_hours(moment: Instant, hours: timedelta) -> tuple[Instant, Instant]:
    if not hours:
        return moment, moment
    shifted = UnstatedInstant(moment.utc + hours, moment.zone)
    _ = shifted.local  # raises where the zone's clocks would leave the calendar
    return shifted, shifted


def after_months_end(duration: Duration, day: date) -> date:
    """The day so long after; where months are counted from a month's last day, they end with one.

    >>> after_months_end(Duration(((1, "month"),)), date(2027, 2, 28))
    datetime.date(2027, 3, 31)

    Raises OverflowError outside the years 0001 to 9999.
    """
    if not duration.months or not is_month_end(day):
        return duration.after(day)
    last = edge_of("end", "month", add_months(day, duration.months))
    return last + timedelta(days=duration.days)


def at_clock_of(moment: Instant, day: date) -> Instant:
    """The instant on that day at which its zone's clocks show the same time."""
    return moment._replace(utc=_at_clock(moment.local, day, moment.zone).utc)


def _at_clock(local: datetime, day: date, zone: str) -> Instant:
    clock = local.time()
    return instant(day, clock.replace(fold=0) if clock.fold else clock, zone)


def edge_of(edge: str, unit: EdgeUnit, day: date) -> date:
    """The first or last day of the week (ISO 8601), month, … that holds the day.

    >>> edge_of("end", "half-year", date(2028, 2, 29))
    datetime.date(2028, 6, 30)

    Raises OverflowError where the last week of the year 9999 ends after it.
    """
    if unit == "week":
        return day + timedelta(days=-day.weekday() if edge == "start" else 6 - day.weekday())
    months = _MONTHS_IN[unit]
    first = (day.month - 1) // months * months + 1
    if edge == "start":
        return date(day.year, first, 1)
    last_month = first + months - 1
    return date(day.year, last_month, days_in_month(day.year, last_month))


def end_of_term(duration: Duration, start: date) -> date:
    """The last day of a term of that length whose first day is `start`.

    The day before start + length, or that day itself where the months were clamped: of a year from
    29 February 2024 the last day is 28 February 2025.

    >>> end_of_term(Duration(((3, "year"),)), date(2026, 4, 1))
    datetime.date(2029, 3, 31)

    Raises OverflowError outside the years 0001 to 9999.
    """
    months = duration.months
    if start.day == 1 and months:  # nothing to clamp, and its last day may be the calendar's
        last = edge_of("end", "month", add_months(start, months - 1))
        return last + timedelta(days=duration.days)
    reached = add_months(start, months)
    days = duration.days if reached.day != start.day else duration.days - 1
    return reached + timedelta(days=days)


def roll_bounds(bounds: Bounds, roll: Callable[[date], date], as_of: date | None) -> Bounds:
    """The bounds with each possible day moved off a closed one; `as_of` is given of an open event.

    Instants keep their wall clock.
    """

    def move(moment: Moment) -> Moment:
        day = roll(local_day(moment))
        if isinstance(moment, Instant):
            return moment if day == local_day(moment) else at_clock_of(moment, day)
        return day

    if bounds.exact and bounds.stands is not None and bounds.stands == bounds[:2]:
        return exact_bounds(move(bounds.stands.earliest))._replace(forecast=bounds.forecast)
    earliest = bounds.earliest and move(bounds.earliest)
    if as_of is not None and earliest is not None and local_day(earliest) < as_of:
        earliest = as_of  # what has not happened by today cannot lie before it
    stands = bounds.stands and Window(move(bounds.stands.earliest), move(bounds.stands.latest))
    return bounds._replace(
        earliest=earliest,
        latest=bounds.latest and move(bounds.latest),
        stands=stands,
        period_end=bounds.period_end and move(bounds.period_end),
    )
