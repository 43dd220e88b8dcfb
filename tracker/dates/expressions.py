"""What lines are made of: periods, durations, references, and what every word of them can do.

A form knows nothing of other events, of today or of what happened: it is the sentence, understood.
`span` says where in the line it stood; two forms that say the same are equal wherever they stood.
The words themselves: words/.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Literal, NamedTuple, TypeAlias

from tracker.dates.bounds import Bounds
from tracker.dates.calendars import OpenDays
from tracker.dates.laws import Law
from tracker.dates.months import add_months
from tracker.dates.notes import Note

Span: TypeAlias = tuple[int, int]
#: `due` is the line of a `when` as stated, whatever was recorded, `first end` that of the end of
#: what renews; no points of their own.
Side: TypeAlias = Literal["when", "start", "end", "due", "first end"]
Unit: TypeAlias = Literal[
    "hour", "day", "clear day", "business day", "week", "month", "quarter", "year"
]
EdgeUnit: TypeAlias = Literal["week", "month", "quarter", "half-year", "year"]
Direction: TypeAlias = Literal["before", "after"]
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


def quantity(number: int, unit: str) -> str:
    """So many of a unit.

    >>> quantity(1, "business day"), quantity(2, "hour")
    ('1 business day', '2 hours')
    """
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


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
            elif unit == "clear day":  # neither the day counted from nor the one reached is counted
                days += number + 1
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
        return " and ".join(quantity(number, unit) for number, unit in self.parts)

    @property
    def plain(self) -> bool:
        """Whether it counts nothing but days of the calendar: no business days, no hours."""
        return not any(unit in ("hour", "business day") for _, unit in self.parts)

    @property
    def is_nothing(self) -> bool:
        """Whether it leads nowhere: `0 days`; `0 clear days` lead to the next day."""
        return not (self.months or self.days or self.business_days or self.hours)

    @property
    def has_clear_days(self) -> bool:
        """Whether the days counted last lie between the day before them and the one reached."""
        return any(unit == "clear day" for _, unit in self.parts)

    @property
    def is_length(self) -> bool:
        """Whether it says how long something lasts: whole days, none of them left out."""
        return self.plain and not self.has_clear_days

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


class Place(NamedTuple):
    """Where a line stands and from when it is looked at: all that its words hang on."""

    as_of: date
    lookup: Callable[[Ref], Bounds]  #: gives the bounds of a point that a line names
    zone: str = "UTC"  #: the file's
    open_days: OpenDays | None = None  #: None: no calendar is stated
    each: Bounds | None = None  #: of what the line is repeated for; None: any day
    each_of: Ref | None = None  #: what that is, where the line names others beside it
    law: Law | None = None  #: by which days are counted; None: as the words say
    now: datetime | None = None  #: the instant of the view; None: it is of the whole day

    @property
    def has_estimates(self) -> bool:
        """Whether an estimated holiday may fall in a year in which days were counted here."""
        if self.open_days is not None and self.open_days.has_estimates:
            return True
        return self.law is not None and self.law.open_days.has_estimates


class Form:
    """A word of the language with what stands behind it. What a word is stands in its class alone.

    A class in words/ is a word of the language by being there. How it is read: FIRST, LEVEL,
    parse(). What it says: text(). What it comes to: bounds(). The rest has a default that holds
    for most words.
    """

    __slots__ = ()

    #: The words that it can begin with. A class without is read by a rule of grammar.py.
    FIRST: ClassVar[tuple[str, ...]] = ()
    #: Where it can stand: as a whole line, where a choice can, where an offset can, or anywhere.
    LEVEL: ClassVar[Literal["line", "point", "item", "operand"]] = "operand"
    #: Whether it may happen on any day from some day on, or never.
    OPEN: ClassVar[bool] = False

    span: Span

    @classmethod
    def begins(cls, parser: Any) -> bool:
        """Whether it begins at the token of the Parser (grammar.py), which is one of FIRST."""
        return True

    @classmethod
    def parse(cls, parser: Any) -> Form:
        """The form that begins at the token of the Parser; raises LineError."""
        raise TypeError(f"{cls.__name__} is read by a rule of the grammar")

    @abstractmethod
    def text(self) -> str:
        """The words, with no bracket that is not needed: what parse() reads as the same form."""

    def as_item(self) -> str:
        """The words where an item of a choice stands."""
        return f"({self.text()})" if self.LEVEL == "point" else self.text()

    def as_operand(self) -> str:
        """The words where an operand stands."""
        return f"({self.text()})" if self.LEVEL in ("point", "item") else self.text()

    @abstractmethod
    def bounds(self, place: Place) -> Bounds:
        """What it comes to in that place.

        Raises Uncovered where it counts business days of a year of which nothing is known.
        """

    def parts(self) -> tuple[Form, ...]:
        """The forms that it is made of, in the order of the line."""
        return ()

    def live_parts(self, place: Place) -> tuple[Form, ...]:
        """Those that can still change what it comes to."""
        return self.parts()

    def is_fixed(self) -> bool:
        """Whether it hangs on no event, no zone and no calendar of business days."""
        return all(part.is_fixed() for part in self.parts())

    @classmethod
    def rules(cls) -> tuple[str, ...]:
        """What rule() can be: for each there is a sentence `why.RULE`."""
        return (cls.__name__.lower(),)

    def rule(self) -> str:
        """Which sentence explains it."""
        return self.rules()[0]

    def notes(self, place: Place) -> tuple[Note, ...]:
        """Which rules decided that a reader would not expect; none where days are not certain."""
        return ()


def point_name(agreement: str | None, event: str, side: Side) -> str:
    """A point as lines and commands write it; without an agreement for its own."""
    name = f"{agreement}/{event}" if agreement else event
    if side == "when":
        return name
    return f"due day of {name}" if side == "due" else f"{side} of {name}"


@dataclass(frozen=True, slots=True)
class Ref(Form):
    """Another point, by name: `x`, `start of x`, `end of x`, `due day of x`, `other/x`."""

    agreement: str | None  #: None: the agreement in which the line stands
    id: str
    side: Side
    span: Span = field(default=NOWHERE, compare=False)

    def __str__(self) -> str:
        """As a line writes it."""
        return point_name(self.agreement, self.id, self.side)

    def text(self) -> str:
        return str(self)

    def bounds(self, place: Place) -> Bounds:
        return place.lookup(self)

    def is_fixed(self) -> bool:
        return False

    @classmethod
    def rules(cls) -> tuple[str, ...]:
        return "ref", "due", "first-end"

    def rule(self) -> str:
        return {"due": "due", "first end": "first-end"}.get(self.side, "ref")


#: A period counts from its first day, as the later bound to its last.
Bound: TypeAlias = Period | Form


def references(form: Form) -> tuple[Ref, ...]:
    """Every point that the form names, in the order in which it names them."""
    if isinstance(form, Ref):
        return (form,)
    return tuple(ref for part in form.parts() for ref in references(part))


def fixed_bounds(form: Form) -> Bounds | None:
    """What a form comes to that hangs on nothing but the calendar; None of any other."""
    return form.bounds(_NOWHERE) if form.is_fixed() else None


def _nothing_named(ref: Ref) -> Bounds:
    raise KeyError(str(ref))


_NOWHERE = Place(date.min, _nothing_named)
