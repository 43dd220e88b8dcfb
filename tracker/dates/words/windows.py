"""An unknown day between two: `between A and B`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from tracker.dates.bounds import NEVER, Bounds, Window, exact_bounds, later, pick_moment
from tracker.dates.expressions import NOWHERE, Bound, Form, Period, Place, Span

if TYPE_CHECKING:
    from tracker.dates.grammar import Parser


@dataclass(frozen=True, slots=True)
class Between(Form):
    """`between A and B`: an unknown day from one to the other; a forecast."""

    FIRST = ("between",)

    first: Bound
    last: Bound
    span: Span = field(default=NOWHERE, compare=False)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        """ "between" bound "and" bound"""
        start = parser.advance().start
        first = parser.bound()
        parser.skip("and")
        return cls(first, parser.bound(), parser.since(start))

    def text(self) -> str:
        return f"between {_bound_text(self.first)} and {_bound_text(self.last)}"

    def parts(self) -> tuple[Form, ...]:
        return tuple(bound for bound in (self.first, self.last) if not isinstance(bound, Period))

    def first_bounds(self, place: Place) -> Bounds:
        """Those of what stands behind `between`: a period counts from its first day."""
        first = self.first
        return exact_bounds(first.first) if isinstance(first, Period) else first.bounds(place)

    def last_bounds(self, place: Place) -> Bounds:
        """Those of what stands behind `and`: a period counts to its last day."""
        last = self.last
        return exact_bounds(last.last) if isinstance(last, Period) else last.bounds(place)

    def bounds(self, place: Place) -> Bounds:
        """From the earlier of the two to the later one, in whichever order they come.

        Lines whose second day is earlier whatever happens are refused (validation/consistency.py).
        """
        first, last = self.first_bounds(place), self.last_bounds(place)
        if first.earliest is None:
            return NEVER
        starts = (first.earliest, first.opens), (last.earliest, last.opens)
        earliest, opens = pick_moment(starts, "earliest", place.zone)
        latest = later(first.latest, last.latest, place.zone)
        stands: Window | None = None
        if first.stands is not None and last.stands is not None:
            stated = first.stands, last.stands
            begins = [(window.earliest, False) for window in stated]
            initial, _ = pick_moment(begins, "earliest", place.zone)
            final = later(first.stands.latest, last.stands.latest, place.zone)
            stands = None if initial is None or final is None else Window(initial, final)
        return Bounds(earliest, latest, stands, forecast=True, opens=opens)


def _bound_text(bound: Bound) -> str:
    return str(bound) if isinstance(bound, Period) else bound.as_item()
