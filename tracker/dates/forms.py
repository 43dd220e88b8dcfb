"""What a line says: one frozen value for each form of the grammar (see parser.py).

A form knows nothing of other events, of today or of what happened: it is the sentence, understood.
`span` says where in the line it stood; two forms that say the same are equal wherever they stood.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, TypeAlias

from tracker.dates.months import add_months

Span: TypeAlias = tuple[int, int]
Side: TypeAlias = Literal["when", "start", "end"]
Unit: TypeAlias = Literal["day", "week", "month", "quarter", "year"]
PeriodKind: TypeAlias = Literal["year", "half-year", "quarter", "month", "week", "day"]

NOWHERE: Span = (0, 0)
MONTHS_IN: dict[str, int] = {"month": 1, "quarter": 3, "year": 12}
DAYS_IN: dict[str, int] = {"day": 1, "week": 7}


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of the calendar with a name of its own; both ends belong to it."""

    kind: PeriodKind
    first: date
    last: date

    def __str__(self) -> str:
        """As the words write it: 2030, 2030-H2, 2030-Q4, 2030-12, 2030-W52 or 2030-12-31."""
        year, month = f"{self.first.year:04}", self.first.month
        match self.kind:
            case "year":
                return year
            case "half-year":
                return f"{year}-H{(month + 5) // 6}"
            case "quarter":
                return f"{year}-Q{(month + 2) // 3}"
            case "month":
                return f"{year}-{month:02}"
            case "week":
                return "{:04}-W{:02}".format(*self.first.isocalendar())
            case "day":
                return self.first.isoformat()


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of civil time as it was stated, part by part; every number is 0 or more."""

    parts: tuple[tuple[int, Unit], ...]

    @property
    def months(self) -> int:
        months = 0
        for number, unit in self.parts:
            months += number * MONTHS_IN.get(unit, 0)
        return months

    @property
    def days(self) -> int:
        days = 0
        for number, unit in self.parts:
            days += number * DAYS_IN.get(unit, 0)
        return days

    def after(self, day: date) -> date:
        """The day this long after: months clamped once, then weeks and days, whatever the order.

        >>> Duration(((1, "day"), (1, "month"))).after(date(2027, 1, 31))
        datetime.date(2027, 3, 1)

        Raises OverflowError outside the years 0001 to 9999.
        """
        months, days = self.months, self.days
        return (add_months(day, months) if months else day) + timedelta(days=days)

    def before(self, day: date) -> date:
        """The day this long before: taken off in the same order, months first.

        >>> Duration(((1, "month"),)).before(date(2027, 3, 31))
        datetime.date(2027, 2, 28)

        Raises OverflowError outside the years 0001 to 9999.
        """
        months, days = self.months, self.days
        return (add_months(day, -months) if months else day) - timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Exact:
    """A day: `2028-03-15`."""

    day: date
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Through:
    """`through PERIOD`: its last day, included."""

    period: Period
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Before:
    """`before PERIOD`: the last day before it begins."""

    period: Period
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class In:
    """`in PERIOD`: an unknown day of it; a forecast."""

    period: Period
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Ref:
    """Another point, by name: `x`, `start of x`, `end of x`, `other/x`."""

    agreement: str | None  #: None: the agreement in which the line stands
    id: str
    side: Side
    span: Span = field(default=NOWHERE, compare=False)

    def __str__(self) -> str:
        """As a line writes it."""
        name = f"{self.agreement}/{self.id}" if self.agreement else self.id
        return name if self.side == "when" else f"{self.side} of {name}"


@dataclass(frozen=True, slots=True)
class Choice:
    """`earliest of a, b` or `latest of a, b`; two items or more."""

    which: Literal["earliest", "latest"]
    items: tuple[Form, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Offset:
    """`30 days after x`, `1 month before (earliest of a, b)`."""

    duration: Duration
    direction: Literal["before", "after"]
    operand: Form
    span: Span = field(default=NOWHERE, compare=False)

    def shift(self, day: date) -> date:
        """The day this long before or after; raises OverflowError as Duration does."""
        return (self.duration.after if self.direction == "after" else self.duration.before)(day)


@dataclass(frozen=True, slots=True)
class Open:
    """`open`: may happen on any day from now on, or never."""

    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NotBefore:
    """`after x` and `not before DAY`: open, and never before that day, which is included."""

    operand: Form  #: for the word `after` always a Ref
    span: Span = field(default=NOWHERE, compare=False)


Form: TypeAlias = Exact | Through | Before | In | Ref | Choice | Offset | Open | NotBefore


def references(form: Form) -> tuple[Ref, ...]:
    """Every point that the form names, in the order in which it names them."""
    match form:
        case Ref():
            return (form,)
        case Choice():
            return tuple(ref for item in form.items for ref in references(item))
        case Offset() | NotBefore():
            return references(form.operand)
        case _:
            return ()
