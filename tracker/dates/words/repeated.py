"""What a line is repeated for: `each x`, `each end of quarter`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Self

from tracker.dates.bounds import Bounds
from tracker.dates.diagnostics import Diagnostic, LineError
from tracker.dates.expressions import NOWHERE, EdgeUnit, Form, Place, Ref, Span

if TYPE_CHECKING:
    from tracker.dates.grammar import Parser


@dataclass(frozen=True, slots=True)
class Each(Form):
    """`each end of lease`, `each report`, `each end of quarter`: what a line is repeated for."""

    FIRST = ("each",)

    of: Ref | None  #: what occurs more than once; None: every `edge` of a calendar unit
    edge: Literal["start", "end"] = "end"
    unit: EdgeUnit = "month"
    span: Span = field(default=NOWHERE, compare=False)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        """each = "each" (ref | ("start" | "end") "of" UNIT)"""
        word = parser.advance()
        if parser.has_each:
            raise LineError(Diagnostic("each-twice", word.span))
        parser.has_each = True
        if parser.at_edge():
            edge, unit = parser.edge_of_unit()
            return cls(None, edge, unit, parser.since(word.start))
        return cls(parser.ref(), span=parser.since(word.start))

    def __str__(self) -> str:
        """As a line writes it.

        >>> str(Each(None, "end", "quarter")), str(Each(Ref(None, "lease", "end")))
        ('each end of quarter', 'each end of lease')
        """
        return f"each {self.edge} of {self.unit}" if self.of is None else f"each {self.of}"

    def text(self) -> str:
        return str(self)

    def parts(self) -> tuple[Form, ...]:
        return () if self.of is None else (self.of,)

    def live_parts(self, place: Place) -> tuple[Form, ...]:
        return ()  # what the occurrence that it is repeated for waits for is told apart

    def bounds(self, place: Place) -> Bounds:
        return place.each or Bounds(place.as_of, None, None, opens=True)

    def is_fixed(self) -> bool:
        return False


def each_in(form: Form) -> Each | None:
    """The `each` of a form, of which a line has at most one."""
    if isinstance(form, Each):
        return form
    return next((each for part in form.parts() if (each := each_in(part))), None)
