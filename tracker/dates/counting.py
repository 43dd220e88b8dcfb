"""Counting by a law (laws.py): where a count comes to, and how closed days change that."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from tracker.dates.arithmetic import at_clock_of, shift_moment
from tracker.dates.expressions import Duration, Place
from tracker.dates.instants import Instant, Moment, local_day
from tracker.dates.laws import Law

ONE_DAY = timedelta(days=1)


class Count(NamedTuple):
    """Where a count comes to, step by step."""

    counted: Moment  #: before any closed day matters
    held: Moment  #: once the period holds as many open days as it has to
    reached: Moment  #: moved off a closed day


def counts_by_law(
    law: Law, duration: Duration, before: bool, moment: Moment, place: Place
) -> tuple[Count, Count]:
    """The first and the last that lie so long after (or before) that moment, by that law.

    Raises OverflowError and Uncovered as shift_moment() does.
    """
    zone, days, keeps_end = place.zone, place.open_days, law.keeps_month_end
    first, last = shift_moment(duration, before, moment, zone, days, keeps_end=keeps_end)
    count = _count(law, duration, before, moment, first)
    return count, count if first == last else _count(law, duration, before, moment, last)


def _count(law: Law, duration: Duration, before: bool, start: Moment, counted: Moment) -> Count:
    if not law.moves or duration.is_nothing:
        return Count(counted, counted, counted)
    day = local_day(counted)
    held = day
    if law.name == "eu-1182" and is_of_two_days(duration):
        held = _holding_two(law, duration, before, local_day(start), day)
    reached = held
    if not before and (law.name == "us-frcp" or not duration.hours):
        reached = law.open_days.roll(held, "next")
    elif before and law.name == "us-frcp":
        reached = law.open_days.roll(held, "previous")
    return Count(counted, _at(counted, held), _at(counted, reached))


def is_of_two_days(duration: Duration) -> bool:
    """Whether a period is one of two days or more, and not one of hours."""
    days = duration.days - 1 if duration.has_clear_days else duration.days
    return not duration.hours and bool(duration.months or days + duration.business_days > 1)


def _holding_two(law: Law, duration: Duration, before: bool, start: date, day: date) -> date:
    """The day, or so far on that two open days are counted; clear days lie before it."""
    beyond = ONE_DAY if duration.has_clear_days else timedelta()
    if before:
        return min(day, law.open_days.before(start, 2) - beyond)
    return max(day, law.open_days.after(start, 2) + beyond)


def _at(moment: Moment, day: date) -> Moment:
    """That day, at the clock of the moment where that has one."""
    if not isinstance(moment, Instant):
        return day
    return moment if local_day(moment) == day else at_clock_of(moment, day)
