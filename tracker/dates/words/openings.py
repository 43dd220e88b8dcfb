"""What may happen on any day from some day on, or never: `open`, `after x`, `not before DAY`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from tracker.dates.bounds import NEVER, Bounds
from tracker.dates.expressions import NOWHERE, Form, Place, Ref, Span
from tracker.dates.instants import Instant, start_of_day

if TYPE_CHECKING:
    from tracker.dates.grammar import Parser


@dataclass(frozen=True, slots=True)
class Open(Form):
    """`open`: may happen on any day from now on, or never."""

    FIRST, LEVEL, OPEN = ("open",), "line", True

    span: Span = field(default=NOWHERE, compare=False)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        """ "open" """
        return cls(parser.advance().span)

    def text(self) -> str:
        return "open"

    def bounds(self, place: Place) -> Bounds:
        return Bounds(place.as_of, None, None, opens=True)

    def is_fixed(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class NotBefore(Form):
    """`after x` and `not before DAY`: open, and never before that day, which is included."""

    FIRST, LEVEL, OPEN = ("after", "not"), "line", True

    operand: Form  #: for the word `after` always a Ref
    span: Span = field(default=NOWHERE, compare=False)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        """ "after" ref | "not before" operand"""
        start = parser.token.start
        if parser.advance().text == "after":
            if parser.token.kind == "period":
                parser.refuse("ref")
            return cls(parser.ref(), parser.since(start))
        parser.skip("before")
        return cls(parser.operand(), parser.since(start))

    def text(self) -> str:
        if isinstance(self.operand, Ref):
            return f"after {self.operand}"
        return f"not before {self.operand.as_operand()}"

    def parts(self) -> tuple[Form, ...]:
        return (self.operand,)

    def bounds(self, place: Place) -> Bounds:
        """From that moment on, or from today if that is later, without a last day."""
        earliest = self.operand.bounds(place).earliest
        if earliest is None:
            return NEVER
        if not isinstance(earliest, Instant):
            return Bounds(max(place.as_of, earliest), None, None, opens=True)
        if earliest.utc <= start_of_day(place.as_of, place.zone):
            return Bounds(place.as_of, None, None, opens=True)
        return Bounds(earliest, None, None)

    def is_fixed(self) -> bool:
        return False

    @classmethod
    def rules(cls) -> tuple[str, ...]:
        return ("after",)
