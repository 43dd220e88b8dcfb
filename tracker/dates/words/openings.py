"""What may happen on any day from some day on, or never: `open`, `after x`, `not before DAY`.

With a last day it is an option: `not after DAY`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from tracker.dates.bounds import NEVER, Bounds, order_key
from tracker.dates.expressions import NOWHERE, Form, Place, Ref, Span
from tracker.dates.instants import Instant, Moment, is_behind, start_of_day
from tracker.dates.notes import Note

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
    def parse(cls, parser: Parser) -> NotBefore | NotAfter:
        """ "after" ref | "not before" operand ["," "not after" operand] | "not after" operand"""
        start = parser.token.start
        if parser.advance().text == "after":
            if parser.token.kind == "period":
                parser.refuse("ref")
            return cls(parser.ref(), parser.since(start))
        if parser.token.is_word("after"):
            return NotAfter.parse_from(None, parser, start)
        parser.skip("before")
        first = parser.operand()
        if parser.token.text == "," and parser.following.is_word("not"):
            parser.at += 2
            return NotAfter.parse_from(first, parser, start)
        return cls(first, parser.since(start))

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


def _is_over(last: Moment, first: Moment, zone: str) -> bool:
    """Whether the last moment lies before the first, of which a day's start counts."""
    if not isinstance(last, Instant) and not isinstance(first, Instant):
        return last < first
    closes, opens = order_key(last, zone)[0], order_key(first, zone, opens=True)[0]
    return closes < opens or (closes == opens and not isinstance(last, Instant))


@dataclass(frozen=True, slots=True)
class NotAfter(Form):
    """`not after DAY`, `not before DAY, not after DAY`: an option, open and with a last day."""

    LEVEL, OPEN = "line", True

    first: Form | None  #: None: it can be used from the beginning
    last: Form
    span: Span = field(default=NOWHERE, compare=False)

    @classmethod
    def parse_from(cls, first: Form | None, parser: Parser, start: int) -> Self:
        """ "after" operand, behind a `not` that has been read, and behind that of a first day"""
        parser.skip("after")
        return cls(first, parser.operand(), parser.since(start))

    def text(self) -> str:
        last = f"not after {self.last.as_operand()}"
        return last if self.first is None else f"not before {self.first.as_operand()}, {last}"

    def parts(self) -> tuple[Form, ...]:
        return (self.last,) if self.first is None else (self.first, self.last)

    def bounds(self, place: Place) -> Bounds:
        """As of what is open; and never, once there is no day left on which it can be used."""
        first = Open().bounds(place) if self.first is None else NotBefore(self.first).bounds(place)
        last = self.last.bounds(place).latest
        if first.earliest is None or last is None:
            return first
        if isinstance(last, Instant) and is_behind(last, place.zone, place.as_of, place.now):
            return NEVER
        return NEVER if _is_over(last, first.earliest, place.zone) else first

    def last_day(self, place: Place) -> Moment | None:
        """The last day on which it can be used, as things stand; None: it has none yet."""
        stands = self.last.bounds(place).stands
        return None if stands is None else stands.latest

    def is_fixed(self) -> bool:
        return False

    def notes(self, place: Place) -> tuple[Note, ...]:
        last = self.last_day(place)
        if last is None or self.bounds(place).earliest is not None:
            return ()
        is_lapsed = is_behind(last, place.zone, place.as_of, place.now)
        return (Note("lapsed" if is_lapsed else "no-day-left", (("day", last),)),)

    @classmethod
    def rules(cls) -> tuple[str, ...]:
        return "option", "option-from"

    def rule(self) -> str:
        return "option" if self.first is None else "option-from"
