"""What a line is repeated for: `each x`, `each end of quarter`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Self

from tracker.dates.bounds import Bounds
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

    def bounds(self, place: Place) -> Bounds:
        if place.each_of is not None and self.of is not None and self.of != place.each_of:
            return place.lookup(self.of)  # x beside due day of x
        return place.each or Bounds(place.as_of, None, None, opens=True)

    def is_fixed(self) -> bool:
        return False


def eaches_in(form: Form) -> Iterator[Each]:
    """Every `each` of a form, in the order of the line: in a sound line all of the same thing."""
    if isinstance(form, Each):
        yield form
    for part in form.parts():
        yield from eaches_in(part)


def each_in(form: Form) -> Each | None:
    """What a line is repeated for; None: it is not."""
    return next(eaches_in(form), None)
