"""Days and periods of the calendar as such: a day, an instant, `through`, `before`, `in`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from typing import TYPE_CHECKING, Self

from tracker.dates.bounds import Bounds, Window, exact_bounds, map_moments
from tracker.dates.diagnostics import Diagnostic, LineError
from tracker.dates.expressions import NOWHERE, Form, Period, Place, Span
from tracker.dates.instants import LAST_MINUTE, civil_day, instant
from tracker.dates.notes import Note

if TYPE_CHECKING:
    from tracker.dates.grammar import Parser


@dataclass(frozen=True, slots=True)
class Exact(Form):
    """A day, or an instant: `2028-03-15`, `2028-03-15 17:00`, `2028-03-15 AoE`."""

    day: date
    clock: time | None = None
    zone: str | None = None  #: None: the file's
    span: Span = field(default=NOWHERE, compare=False)
    as_day: bool = field(default=False, compare=False)  #: written without the time: `DAY AoE`

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        """exact = DAY [TIME [ZONE] | "AoE"]"""
        token = parser.token
        period = parser.period()
        if period.kind != "day":
            parser.at -= 1
            parser.refuse("operand")
        if parser.token.text == "AoE":
            parser.advance()
            span = parser.since(token.start)
            parser.check_time(period.first, LAST_MINUTE, "AoE", span)
            return cls(period.first, LAST_MINUTE, "AoE", span, as_day=True)
        if parser.token.kind != "time":
            return cls(period.first, span=token.span)
        clock = parser.clock()
        has_zone = parser.token.kind == "zone" or "/" in parser.token.text
        zone = parser.zone() if has_zone else None
        span = parser.since(token.start)
        if zone is not None:
            parser.check_time(period.first, clock, zone, span)
        return cls(period.first, clock, zone, span)

    def text(self) -> str:
        clock = None if self.as_day else self.clock
        parts = (self.day.isoformat(), clock and f"{clock:%H:%M}", self.zone)
        return " ".join(part for part in parts if part)

    def bounds(self, place: Place) -> Bounds:
        if self.clock is None:
            return exact_bounds(self.day)
        return exact_bounds(instant(self.day, self.clock, self.zone or place.zone))

    def is_fixed(self) -> bool:
        return self.clock is None

    @classmethod
    def rules(cls) -> tuple[str, ...]:
        return "exact", "instant", "aoe"

    def rule(self) -> str:
        if self.clock is None:
            return "exact"
        return "aoe" if self.as_day else "instant"

    def notes(self, place: Place) -> tuple[Note, ...]:
        if self.clock is None or self.zone is not None:
            return ()
        return (Note("zone-of-file", texts=(("zone", place.zone),)),)


@dataclass(frozen=True, slots=True)
class Through(Form):
    """`through PERIOD`: its last day, included."""

    FIRST = ("through",)

    period: Period
    span: Span = field(default=NOWHERE, compare=False)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        """ "through" PERIOD"""
        start = parser.advance().start
        return cls(parser.period(), parser.since(start))

    def text(self) -> str:
        return f"through {self.period}"

    def bounds(self, place: Place) -> Bounds:
        return exact_bounds(self.period.last)


@dataclass(frozen=True, slots=True)
class Before(Form):
    """`before PERIOD`: the last day before it begins."""

    FIRST = ("before",)

    period: Period
    span: Span = field(default=NOWHERE, compare=False)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        """ "before" PERIOD"""
        start = parser.advance().start
        period = parser.period()
        if period.first == date.min:
            raise LineError(Diagnostic("before-first-day", parser.since(start)))
        return cls(period, parser.since(start))

    def text(self) -> str:
        return f"before {self.period}"

    def bounds(self, place: Place) -> Bounds:
        return exact_bounds(date.fromordinal(self.period.first.toordinal() - 1))


@dataclass(frozen=True, slots=True)
class In(Form):
    """`in PERIOD`: an unknown day of it; a forecast."""

    FIRST = ("in",)

    period: Period
    span: Span = field(default=NOWHERE, compare=False)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        """ "in" PERIOD"""
        start = parser.advance().start
        return cls(parser.period(), parser.since(start))

    def text(self) -> str:
        return f"in {self.period}"

    def bounds(self, place: Place) -> Bounds:
        first, last = self.period.first, self.period.last
        return Bounds(first, last, Window(first, last), forecast=True)


@dataclass(frozen=True, slots=True)
class DayOf(Form):
    """`day of x`: the civil day of x, without its time."""

    FIRST = ("day",)

    operand: Form
    span: Span = field(default=NOWHERE, compare=False)

    @classmethod
    def begins(cls, parser: Parser) -> bool:
        return parser.following.is_word("of")

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        """day = "day of" operand"""
        start = parser.token.start
        parser.at += 2
        return cls(parser.operand(), parser.since(start))

    def text(self) -> str:
        return f"day of {self.operand.as_operand()}"

    def parts(self) -> tuple[Form, ...]:
        return (self.operand,)

    def bounds(self, place: Place) -> Bounds:
        """In the zone that its line states; of what is computed or recorded, in the file's."""
        return map_moments(self.operand.bounds(place), lambda moment: civil_day(moment, place.zone))
