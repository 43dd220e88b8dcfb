"""What a line says: one frozen value for each form of the grammar (see parser.py).

A form knows nothing of other events, of today or of what happened: it is the sentence, understood.
`span` says where in the line it stood; two forms that say the same are equal wherever they stood.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Literal, NamedTuple, TypeAlias

from tracker.dates.months import add_months

Span: TypeAlias = tuple[int, int]
#: `due` is the line of a `when` as stated, whatever was recorded; no point of its own.
Side: TypeAlias = Literal["when", "start", "end", "due"]
Unit: TypeAlias = Literal["hour", "day", "business day", "week", "month", "quarter", "year"]
EdgeUnit: TypeAlias = Literal["week", "month", "quarter", "half-year", "year"]
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
    #: What the parts add up to, kept because resolving asks for it again and again.
    months: int = field(init=False, compare=False, repr=False)
    days: int = field(init=False, compare=False, repr=False)
    business_days: int = field(init=False, compare=False, repr=False)
    hours: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        months = days = business_days = hours = 0
        for number, unit in self.parts:
            if unit in MONTHS_IN:
                months += number * MONTHS_IN[unit]
            elif unit in DAYS_IN:
                days += number * DAYS_IN[unit]
            elif unit == "hour":
                hours += number
            else:
                business_days += number
        object.__setattr__(self, "months", months)
        object.__setattr__(self, "days", days)
        object.__setattr__(self, "business_days", business_days)
        object.__setattr__(self, "hours", hours)

    def __str__(self) -> str:
        """As a line writes it: `3 years and 6 months`.

        >>> str(Duration(((1, "business day"), (2, "hour"))))
        '1 business day and 2 hours'
        """
        return " and ".join(f"{n} {unit}" if n == 1 else f"{n} {unit}s" for n, unit in self.parts)

    @property
    def plain(self) -> bool:
        """Whether it counts nothing but days of the calendar: no business days, no hours."""
        return not any(unit in ("hour", "business day") for _, unit in self.parts)

    def after(self, day: date) -> date:
        """The day this long after: months clamped once, then weeks and days, whatever the order.

        Business days and hours hang on more than the calendar: see arithmetic.py.

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
    """A day, or an instant: `2028-03-15`, `2028-03-15 17:00`, `2028-03-15 23:59 AoE`."""

    day: date
    clock: time | None = None
    zone: str | None = None  #: None: the file's
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
    """Another point, by name: `x`, `start of x`, `end of x`, `due day of x`, `other/x`."""

    agreement: str | None  #: None: the agreement in which the line stands
    id: str
    side: Side
    span: Span = field(default=NOWHERE, compare=False)

    def __str__(self) -> str:
        """As a line writes it."""
        name = f"{self.agreement}/{self.id}" if self.agreement else self.id
        if self.side == "when":
            return name
        return f"due day of {name}" if self.side == "due" else f"{self.side} of {name}"


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


@dataclass(frozen=True, slots=True)
class Between:
    """`between A and B`: an unknown day from one to the other; a forecast."""

    first: Bound
    last: Bound
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Within:
    """`within 30 days after x`: from x to 30 days after it; a deadline."""

    duration: Duration
    direction: Literal["before", "after"]
    operand: Form
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Edge:
    """`end of month of x`: the first or last day of the calendar unit that holds x's day."""

    edge: Literal["start", "end"]
    unit: EdgeUnit
    operand: Form
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Lasts:
    """`lasts = "3 years"`: the last day of a term of that length, whose first day is the start's.

    No line states it: it is what `lasts` says of an event's end.
    """

    duration: Duration
    operand: Ref
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Open:
    """`open`: may happen on any day from now on, or never."""

    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NotBefore:
    """`after x` and `not before DAY`: open, and never before that day, which is included."""

    operand: Form  #: for the word `after` always a Ref
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Each:
    """`each end of lease`, `each report`, `each end of quarter`: what a line is repeated for."""

    of: Ref | None  #: what occurs more than once; None: every `edge` of a calendar unit
    edge: Literal["start", "end"] = "end"
    unit: EdgeUnit = "month"
    span: Span = field(default=NOWHERE, compare=False)

    def __str__(self) -> str:
        """As a line writes it.

        >>> str(Each(None, "end", "quarter")), str(Each(Ref(None, "lease", "end")))
        ('each end of quarter', 'each end of lease')
        """
        return f"each {self.edge} of {self.unit}" if self.of is None else f"each {self.of}"


class Clause(NamedTuple):
    """`or POINT if EVENT`: the point that counts if that event comes in time."""

    point: Form
    event: Ref


@dataclass(frozen=True, slots=True)
class OrIf:
    """`1 month after x, or 3 months after x if told`: the first, or a clause's own."""

    first: Form
    clauses: tuple[Clause, ...]
    span: Span = field(default=NOWHERE, compare=False)


Form: TypeAlias = (
    Exact
    | Through
    | Before
    | In
    | Between
    | Within
    | Ref
    | Each
    | Edge
    | Choice
    | Offset
    | Lasts
    | Open
    | NotBefore
    | OrIf
)

#: A period counts from its first day, as the later bound to its last.
Bound: TypeAlias = Period | Form


def parts(form: Form) -> tuple[Form, ...]:
    """The forms that a form is made of, in the order of the line."""
    match form:
        case Choice():
            return form.items
        case Between(first, last):
            return tuple(bound for bound in (first, last) if not isinstance(bound, Period))
        case Within() | Edge() | Offset() | Lasts() | NotBefore():
            return (form.operand,)
        case Each(Ref() as ref):
            return (ref,)
        case OrIf(first, clauses):
            return (first, *(part for clause in clauses for part in clause))
        case _:
            return ()


def references(form: Form) -> tuple[Ref, ...]:
    """Every point that the form names, in the order in which it names them."""
    if isinstance(form, Ref):
        return (form,)
    return tuple(ref for part in parts(form) for ref in references(part))


def each_in(form: Form) -> Each | None:
    """The `each` of a form, of which a line has at most one."""
    if isinstance(form, Each):
        return form
    return next((each for part in parts(form) if (each := each_in(part))), None)


def counts_business_days(form: Form) -> bool:
    """Whether the form, or a part of it, counts business days."""
    if isinstance(form, Offset | Within) and form.duration.business_days:
        return True
    return any(counts_business_days(part) for part in parts(form))
