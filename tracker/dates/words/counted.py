"""What is counted from something else: offsets, `within`, edges of calendar units, and terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Literal, Self

from tracker.dates.arithmetic import edge_of, end_of_term, shift_moment
from tracker.dates.bounds import NEVER, Bounds, Window, map_moments
from tracker.dates.expressions import (
    NOWHERE,
    Direction,
    Duration,
    EdgeUnit,
    Form,
    Place,
    Ref,
    Span,
)
from tracker.dates.instants import Instant, Moment, local_day
from tracker.dates.notes import Note
from tracker.dates.tokens import EDGE_UNITS

if TYPE_CHECKING:
    from tracker.dates.estimated_holidays import Estimate
    from tracker.dates.estimates import Widened
    from tracker.dates.grammar import Parser


@dataclass(frozen=True, slots=True)
class Offset(Form):
    """`30 days after x`, `1 month before (earliest of a, b)`."""

    LEVEL = "item"

    duration: Duration
    direction: Direction
    operand: Form
    span: Span = field(default=NOWHERE, compare=False)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        """offset = DURATION ("before" | "after") operand"""
        start = parser.token.start
        duration, direction = parser.duration(), parser.direction()
        return cls(duration, direction, parser.operand(), parser.since(start))

    def text(self) -> str:
        return f"{self.duration} {self.direction} {self.operand.as_operand()}"

    def parts(self) -> tuple[Form, ...]:
        return (self.operand,)

    def bounds(self, place: Place) -> Bounds:
        return _shift(self.duration, self.direction, self.operand.bounds(place), place)

    def is_fixed(self) -> bool:
        return self.duration.plain and self.operand.is_fixed()

    def notes(self, place: Place) -> tuple[Note, ...]:
        return _count_notes(self, place)


@dataclass(frozen=True, slots=True)
class Within(Form):
    """`within 30 days after x`: from x to 30 days after it; a deadline, of a forecast one too."""

    FIRST = ("within",)

    duration: Duration
    direction: Direction
    operand: Form
    span: Span = field(default=NOWHERE, compare=False)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        """ "within" DURATION ("after" | "before") operand"""
        start = parser.advance().start
        if not parser.token.is_number:
            parser.refuse("number")
        duration, direction = parser.duration(), parser.direction()
        return cls(duration, direction, parser.operand(), parser.since(start))

    def text(self) -> str:
        return f"within {self.duration} {self.direction} {self.operand.as_operand()}"

    def parts(self) -> tuple[Form, ...]:
        return (self.operand,)

    def bounds(self, place: Place) -> Bounds:
        """From the operand to so long after it (before it: from so long before), both included."""
        near = self.operand.bounds(place)
        far = _shift(self.duration, self.direction, near, place)
        first, last = (far, near) if self.direction == "before" else (near, far)
        if first.stands is None or last.stands is None:
            return Bounds(first.earliest, last.latest, None, opens=first.opens)
        stands = Window(first.stands.earliest, last.stands.latest)
        # Of a forecast, nobody knows when the period ends: it is one itself.
        may_end = (
            last.stands.earliest if near.forecast and last.stands[0] != last.stands[1] else None
        )
        forecast = may_end is not None
        return Bounds(first.earliest, last.latest, stands, forecast, first.opens, may_end)

    def is_fixed(self) -> bool:
        return self.duration.plain and self.operand.is_fixed()

    def notes(self, place: Place) -> tuple[Note, ...]:
        return _count_notes(self, place)


def _shift(duration: Duration, direction: Direction, bounds: Bounds, place: Place) -> Bounds:
    """The bounds so long after (or before) those, wide enough for estimated holidays."""
    reached = _shift_by_estimates(duration, direction, bounds, place)
    if not _meets_estimates(duration, place):
        return reached
    return _widened(duration, direction, bounds, place).bounds


def _meets_estimates(duration: Duration, place: Place) -> bool:
    """Whether an estimated holiday may lie where it was counted."""
    return place.has_estimates and (place.law is not None or bool(duration.business_days))


def _widened(duration: Duration, direction: Direction, bounds: Bounds, place: Place) -> Widened:
    from tracker.dates.estimates import widened  # few calendars have any

    return widened(partial(_shift_by_estimates, duration, direction, bounds), place)


def _shift_by_estimates(
    duration: Duration, direction: Direction, bounds: Bounds, place: Place
) -> Bounds:
    """The bounds so long after (or before) those, with each holiday on the day that is known."""
    earliest, latest, stands, forecast, opens, period_end = bounds
    if earliest is None:
        return NEVER

    def shift(moment: Moment) -> tuple[Moment, Moment]:
        return _shift_moment(duration, direction, moment, place)

    first, last = shift(earliest)
    if latest is not None and latest == earliest and stands == (earliest, latest):
        return Bounds(first, last, Window(first, last), forecast)
    if stands is not None:
        stands = Window(shift(stands.earliest)[0], shift(stands.latest)[1])
    period_end = period_end and shift(period_end)[0]
    return Bounds(first, latest and shift(latest)[1], stands, forecast, opens, period_end)


def _shift_moment(
    duration: Duration, direction: Direction, moment: Moment, place: Place
) -> tuple[Moment, Moment]:
    """As count_moment(), kept at the first or last day there is (`check` reports such lines)."""
    try:
        if place.law is None and not (
            duration.hours or duration.business_days or isinstance(moment, Instant)
        ):
            # The commonest by far; count_moment() would come to the same.
            day = duration.after(moment) if direction == "after" else duration.before(moment)
            return day, day
        return count_moment(duration, direction, moment, place)
    except OverflowError:
        day = date.max if direction == "after" else date.min
        return day, day


def count_moment(
    duration: Duration, direction: Direction, moment: Moment, place: Place
) -> tuple[Moment, Moment]:
    """The first and the last moment so long after (or before) that one, by the law of the place.

    Raises OverflowError and Uncovered as shift_moment() does.
    """
    before = direction == "before"
    if place.law is None:
        return shift_moment(duration, before, moment, place.zone, place.open_days)
    from tracker.dates.counting import counts_by_law

    first, last = counts_by_law(place.law, duration, before, moment, place)
    return first.reached, last.reached


def _count_notes(form: Offset | Within, place: Place) -> tuple[Note, ...]:
    bounds = form.operand.bounds(place)
    if bounds.earliest is None:
        return ()
    return (*_rule_notes(form, bounds, place), *_estimate_notes(form, place))


def _estimate_notes(form: Offset | Within, place: Place) -> Iterator[Note]:
    """That holidays are estimated by which it was counted."""
    if estimates := estimates_of_count(form, place):
        from tracker.dates.estimates import estimate_notes

        yield from estimate_notes(estimates)


def estimates_of_count(form: Offset | Within, place: Place) -> frozenset[Estimate]:
    """The estimated holidays by which a count may come to other days."""
    start = form.operand.bounds(place)
    _shift_by_estimates(form.duration, form.direction, start, place)  # enters its years
    if not _meets_estimates(form.duration, place):
        return frozenset()
    return _widened(form.duration, form.direction, start, place).estimates


def _rule_notes(form: Offset | Within, bounds: Bounds, place: Place) -> tuple[Note, ...]:
    # Only what explains a date asks for them.
    from tracker.dates.counting_notes import count_notes, law_notes_of_window

    try:
        if bounds.earliest is not None and bounds.exact:
            return tuple(count_notes(form.duration, form.direction, bounds.earliest, place))
        return tuple(law_notes_of_window(form.duration, form.direction, bounds.stands, place))
    except OverflowError:  # as _shift_moment() keeps it
        return (Note("kept-in-calendar"),)


@dataclass(frozen=True, slots=True)
class Edge(Form):
    """`end of month of x`: the first or last day of the calendar unit that holds x's day."""

    FIRST = ("start", "end")

    edge: Literal["start", "end"]
    unit: EdgeUnit
    operand: Form
    span: Span = field(default=NOWHERE, compare=False)

    @classmethod
    def begins(cls, parser: Parser) -> bool:
        return parser.at_edge()

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        """edge = ("start" | "end") "of" UNIT "of" operand"""
        start = parser.token.start
        edge, unit = parser.edge_of_unit()
        parser.skip("of")
        if parser.token.kind == "period" and not parser.at_day():
            parser.at -= 1
            parser.refuse("edge-operand")
        return cls(edge, unit, parser.operand(), parser.since(start))

    def text(self) -> str:
        return f"{self.edge} of {self.unit} of {self.operand.as_operand()}"

    def parts(self) -> tuple[Form, ...]:
        return (self.operand,)

    def bounds(self, place: Place) -> Bounds:
        def move(moment: Moment) -> date:
            return _kept_in_calendar(lambda: edge_of(self.edge, self.unit, local_day(moment)))

        return map_moments(self.operand.bounds(place), move)

    @classmethod
    def rules(cls) -> tuple[str, ...]:
        return tuple(f"edge.{edge}.{unit}" for edge in ("start", "end") for unit in EDGE_UNITS)

    def rule(self) -> str:
        return f"edge.{self.edge}.{self.unit}"


@dataclass(frozen=True, slots=True)
class Lasts(Form):
    """`lasts = "3 years"`: the last day of a term of that length, whose first day is the start's.

    No line states it: it is what `lasts` says of an event's end.
    """

    duration: Duration
    operand: Ref
    span: Span = field(default=NOWHERE, compare=False)

    def text(self) -> str:
        return f"lasts {self.duration}"

    def parts(self) -> tuple[Form, ...]:
        return (self.operand,)

    def bounds(self, place: Place) -> Bounds:
        def move(moment: Moment) -> date:
            return _kept_in_calendar(lambda: end_of_term(self.duration, local_day(moment)))

        return map_moments(place.lookup(self.operand), move)

    def notes(self, place: Place) -> tuple[Note, ...]:
        from tracker.dates.counting_notes import term_notes

        start = place.lookup(self.operand)
        return tuple(term_notes(self.duration, start)) if start.exact else ()


def _kept_in_calendar(day: Callable[[], date]) -> date:
    """That day, kept at the last there is (`check` reports such lines)."""
    try:
        return day()
    except OverflowError:
        return date.max


def is_counted(form: Form) -> bool:
    """Whether the form, or a part of it, is counted: a law of counting acts on it."""
    return isinstance(form, Offset | Within) or any(is_counted(part) for part in form.parts())


def counts_business_days(form: Form) -> bool:
    """Whether the form, or a part of it, counts business days."""
    if isinstance(form, Offset | Within) and form.duration.business_days:
        return True
    return any(counts_business_days(part) for part in form.parts())
