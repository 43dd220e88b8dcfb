"""What the words mean, in prose, tried on every day: the oracle for the resolver.

A point is the set of all days that it can be, NEVER among them. Each word is applied as its
definition says, to every combination of its operands' days. Nothing of the resolver is used here
but the parsed line.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import product
from typing import TypeAlias

import pendulum

from tracker.dates.forms import (
    Before,
    Choice,
    Exact,
    Form,
    In,
    NotBefore,
    Offset,
    Open,
    Ref,
    Through,
)

#: Never is later than every day. No line of these tests reaches so far.
NEVER = date.max
ENUMERATED = 12

Days: TypeAlias = frozenset[date]


def days_of(form: Form, as_of: date, points: Mapping[str, Days], open_events_happen: bool) -> Days:
    """Every day that the form can be, from those that the points can be that it names."""

    def days(part: Form) -> Days:
        return days_of(part, as_of, points, open_events_happen)

    match form:
        case Exact(day):
            return frozenset((day,))
        case Through(period):
            return frozenset((period.last,))
        case Before(period):
            return frozenset((period.first - timedelta(days=1),))
        case In(period):
            length = (period.last - period.first).days + 1
            return frozenset(period.first + timedelta(days=n) for n in range(length))
        case Ref():
            return points[form.id]
        case Choice(which, items):
            pick = min if which == "earliest" else max
            return frozenset(pick(chosen) for chosen in product(*map(days, items)))
        case Offset(_, _, operand):
            return frozenset(_shifted(form, day) for day in days(operand))
        case Open():
            return _from(as_of) if open_events_happen else frozenset((NEVER,))
        case NotBefore(operand):
            if not open_events_happen:
                return frozenset((NEVER,))
            return frozenset().union(*(_from(max(as_of, day)) for day in days(operand)))


def _from(day: date) -> Days:
    """Any day from that one on (the first of them stand for all), or never."""
    if day == NEVER:
        return frozenset((NEVER,))
    return frozenset((*(day + timedelta(days=n) for n in range(ENUMERATED)), NEVER))


def _shifted(form: Offset, day: date) -> date:
    if day == NEVER:
        return NEVER
    sign = 1 if form.direction == "after" else -1
    counts = dict.fromkeys(("year", "quarter", "month", "week", "day"), 0)
    for number, unit in form.duration.parts:
        counts[unit] += sign * number
    moved = pendulum.date(day.year, day.month, day.day).add(
        years=counts["year"], months=counts["month"] + 3 * counts["quarter"]
    )
    moved = moved.add(weeks=counts["week"], days=counts["day"])
    return date(moved.year, moved.month, moved.day)
