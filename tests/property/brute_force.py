"""What the words mean, in prose, tried on every day: the oracle for the resolver.

A point is the set of all days that it can be, NEVER among them. Each word is applied as its
definition says, to every combination of its operands' days. Nothing of the resolver is used here
but the parsed line.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import product
from typing import TypeAlias

import pendulum

from tracker.dates.expressions import Bound, Duration, Form, Period, Ref
from tracker.dates.words.choices import Choice
from tracker.dates.words.conditions import OrIf
from tracker.dates.words.counted import Edge, Lasts, Offset, Within
from tracker.dates.words.days import Before, DayOf, Exact, In, Through
from tracker.dates.words.openings import NotAfter, NotBefore, Open
from tracker.dates.words.repeated import Each
from tracker.dates.words.windows import Between

#: Never is later than every day. No line of these tests reaches so far.
NEVER = date.max
ENUMERATED = 12
ONE_DAY = timedelta(days=1)

Days: TypeAlias = frozenset[date]


def days_of(form: Form, as_of: date, points: Mapping[str, Days], open_events_happen: bool) -> Days:
    """Every day that the form can be, from those that the points can be that it names."""

    def days(part: Form) -> Days:
        return days_of(part, as_of, points, open_events_happen)

    def bound(one: Bound, last: bool) -> Days:
        if isinstance(one, Period):
            return frozenset((one.last if last else one.first,))
        return days(one)

    match form:
        case Exact(day):
            return frozenset((day,))
        case Through(period):
            return frozenset((period.last,))
        case Before(period):
            return frozenset((period.first - ONE_DAY,))
        case In(period):
            return frozenset(_each(period.first, period.last))
        case Between(first, last):
            lasts = bound(last, last=True)
            if NEVER in lasts and not open_events_happen:  # without a last day it does not stand
                return frozenset((NEVER,))
            pairs = product(bound(first, last=False), lasts)
            return frozenset(day for a, b in pairs for day in _whichever_first(a, b))
        case Within(duration, direction, operand):
            ends = [(day, far) for day in days(operand) for far in _far(duration, direction, day)]
            return frozenset(day for pair in ends for day in _some(min(pair), max(pair)))
        case Ref():
            return points[str(form)]
        case Choice(which, items):
            pick = min if which == "earliest" else max
            return frozenset(pick(chosen) for chosen in product(*map(days, items)))
        case Offset(duration, direction, operand):
            return frozenset(far for day in days(operand) for far in _far(duration, direction, day))
        case OrIf(first, clauses):
            found = days(first)
            for point, event in clauses:
                found = frozenset(
                    other if comes <= day and comes != NEVER else day
                    for day, other, comes in product(found, days(point), days(event))
                )
            return found
        case Each():  # of one occurrence: that of the same key
            return points[str(form)]
        case DayOf(operand):  # a day is its own civil day; instants are tried by hand
            return days(operand)
        case Edge(edge, unit, operand):
            return frozenset(_edge(edge, unit, day) for day in days(operand))
        case Lasts(duration, operand):
            return frozenset(_last_of_term(duration, day) for day in days(operand))
        case Open():
            return _from(as_of) if open_events_happen else frozenset((NEVER,))
        case NotBefore(operand):
            if not open_events_happen:
                return frozenset((NEVER,))
            return frozenset().union(*(_from(max(as_of, day)) for day in days(operand)))
        case NotAfter(first_day, last_day):
            if not open_events_happen:
                return frozenset((NEVER,))
            firsts = frozenset((as_of,)) if first_day is None else days(first_day)
            pairs = product(firsts, days(last_day))
            return frozenset().union(*(_usable(max(as_of, day), last) for day, last in pairs))
        case _:
            raise AssertionError(f"no definition of {type(form).__name__} in prose")


def rolled(days: Days, roll: str) -> Days:
    """Each day moved off Saturdays and Sundays, a day at a time."""
    return frozenset(day if day == NEVER else _rolled(day, roll) for day in days)


def _rolled(day: date, roll: str) -> date:
    moved = day
    while moved.weekday() > 4:
        moved += -ONE_DAY if roll == "previous" else ONE_DAY
    if roll == "modified-next" and moved.month != day.month:
        return _rolled(day, "previous")
    return moved


def _each(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _some(first: date, last: date) -> set[date]:
    """The ends of a window and some of the days within it: all of them where they are few."""
    if last == NEVER:
        return set(_from(first))
    step = max(1, (last - first).days // ENUMERATED)
    return {last, *list(_each(first, last))[::step]}


def _whichever_first(first: date, last: date) -> set[date]:
    """Those from one to the other, in the order of the calendar; none where the first never comes."""
    return {NEVER} if first == NEVER else _some(min(first, last), max(first, last))


def _from(day: date) -> Days:
    """Any day from that one on (the first of them stand for all), or never."""
    if day == NEVER:
        return frozenset((NEVER,))
    return frozenset((*(day + timedelta(days=n) for n in range(ENUMERATED)), NEVER))


def _usable(first: date, last: date) -> Days:
    """The days on which an option can be used, and never: it need not be."""
    days = _some(first, last) if first <= last and first != NEVER else set()
    return frozenset((*days, NEVER))


def _far(duration: Duration, direction: str, day: date) -> set[date]:
    """The days on which a day so long after (or before) can fall: two where hours are counted."""
    if day == NEVER:
        return {NEVER}
    sign = 1 if direction == "after" else -1
    units = ("year", "quarter", "month", "week", "day", "clear day", "business day", "hour")
    counts = dict.fromkeys(units, 0)
    for number, unit in duration.parts:
        counts[unit] += number
    moved = pendulum.date(day.year, day.month, day.day).add(
        years=sign * counts["year"], months=sign * (counts["month"] + 3 * counts["quarter"])
    )
    reached = date(moved.year, moved.month, moved.day)
    reached += sign * timedelta(weeks=counts["week"], days=counts["day"])
    if any(unit == "clear day" for _, unit in duration.parts):
        between = [reached + sign * timedelta(days=n + 1) for n in range(counts["clear day"])]
        reached = max([reached, *between], key=lambda day: sign * day.toordinal()) + sign * ONE_DAY
    for _ in range(counts["business day"]):
        reached += sign * ONE_DAY
        while reached.weekday() > 4:
            reached += sign * ONE_DAY
    whole, rest = divmod(counts["hour"], 24)
    reached += sign * whole * ONE_DAY
    return {reached, reached + sign * ONE_DAY} if rest else {reached}


def _edge(edge: str, unit: str, day: date) -> date:
    """Day by day to where the unit begins or ends."""
    if day == NEVER:
        return NEVER
    step = ONE_DAY if edge == "end" else -ONE_DAY
    while _unit(unit, day + step) == _unit(unit, day):
        day += step
    return day


def _unit(unit: str, day: date) -> object:
    if unit == "week":
        return day.isocalendar()[:2]
    months = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}[unit]
    return day.year, (day.month - 1) // months


def _last_of_term(duration: Duration, start: date) -> date:
    if start == NEVER:
        return NEVER
    (following,) = _far(duration, "after", start)
    months = sum(
        number * {"month": 1, "quarter": 3, "year": 12}.get(unit, 0)
        for number, unit in duration.parts
    )
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    clamped = start.day > calendar.monthrange(year, month + 1)[1]
    return following if clamped else following - ONE_DAY
