"""A day that another event changes: `1 month after x, or 3 months after x if told`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, Self

from tracker.dates.bounds import Bounds, later, order_key, pick_moment, precedes
from tracker.dates.diagnostics import Diagnostic, LineError, Suggestion
from tracker.dates.expressions import NOWHERE, Form, Place, Ref, Span
from tracker.dates.instants import Instant
from tracker.dates.words.choices import Choice

if TYPE_CHECKING:
    from tracker.dates.grammar import Parser

MOST_CLAUSES = 5
ONE_DAY = timedelta(days=1)


class Clause(NamedTuple):
    """`or POINT if EVENT`: the point that counts if that event comes in time."""

    point: Form
    event: Ref


class OrIfOutcome(NamedTuple):
    """What an `or … if` comes to, and what of it can still matter."""

    bounds: Bounds
    live: tuple[Form, ...]  #: points and events that can still change it, in the order of the line
    stands: int | None  #: which stands: 0 the first point, 1 the first clause's; None: none does
    certain: tuple[int, ...] = ()  #: the clauses whose event comes in time, whatever happens


@dataclass(frozen=True, slots=True)
class OrIf(Form):
    """`1 month after x, or 3 months after x if told`: the first, or a clause's own."""

    LEVEL = "line"

    first: Form
    clauses: tuple[Clause, ...]
    span: Span = field(default=NOWHERE, compare=False)

    @classmethod
    def parse_after(cls, first: Form, parser: Parser, start: int) -> Self:
        """point ("," "or" point "if" ref)+, whose first point has been read."""
        _check_brackets(first, start, parser.text)
        clauses: list[Clause] = []
        while parser.at_clause():
            if len(clauses) == MOST_CLAUSES:
                raise LineError(Diagnostic("too-many-clauses", parser.token.span))
            parser.at += 2
            begun = parser.token.start
            point = parser.point()
            _check_brackets(point, begun, parser.text)
            parser.skip("if")
            clauses.append(Clause(point, parser.ref()))
        return cls(first, tuple(clauses), parser.since(start))

    def text(self) -> str:
        clauses = (f", or {point.as_item()} if {event}" for point, event in self.clauses)
        return f"{self.first.as_item()}{''.join(clauses)}"

    def parts(self) -> tuple[Form, ...]:
        return (self.first, *(part for clause in self.clauses for part in clause))

    def live_parts(self, place: Place) -> tuple[Form, ...]:
        return self.outcome(place).live

    def bounds(self, place: Place) -> Bounds:
        return self.outcome(place).bounds

    def outcome(self, place: Place) -> OrIfOutcome:
        """The first point, or that of a clause whose event comes on or before the day that stands.

        Clauses are taken in order. Bounds span those that can still come in time: not monotone, so
        they may be wider than the truth where both sides hang on one event, and never narrower.
        """
        bounds, live, stands = self.first.bounds(place), [self.first], 0
        certain: list[int] = []
        for number, (point, event) in enumerate(self.clauses, 1):
            comes, clause_bounds = place.lookup(event), point.bounds(place)
            if _is_in_time(comes, bounds, live, place):
                bounds, live, stands = clause_bounds, [point], number
                certain.append(number)
            elif _can_come_in_time(comes, bounds, place.zone):
                takes_over = _stands_in_time(comes, bounds, place.zone)
                bounds = _either(bounds, clause_bounds, comes, takes_over, place.zone)
                live += [point, event]
                stands = number if takes_over else stands
        standing = stands if bounds.stands is not None else None
        return OrIfOutcome(bounds, tuple(live), standing, tuple(certain))

    @classmethod
    def rules(cls) -> tuple[str, ...]:
        return "or-if", "if"


def _check_brackets(form: Form, begun: int, text: str) -> None:
    """A choice beside `or … if` stands in brackets: its commas are not these."""
    start, end = form.span
    if isinstance(form, Choice) and start == begun:
        line = f"{text[:start]}({text[start:end]}){text[end:]}"
        suggestion = Suggestion(" ".join(line.split()))
        raise LineError(Diagnostic("needs-brackets", (start, end), (), (suggestion,)))


def _is_in_time(comes: Bounds, bounds: Bounds, forms: list[Form], place: Place) -> bool:
    """Whether the event comes on or before that day, whatever happens.

    `forms` are what that day hangs on. Of a window that nothing moves the last day is the one that
    stands; what never comes is later than every day.
    """
    if comes.latest is None:
        return False
    if bounds.earliest is None:
        return True
    moves = any(_moves(form, form.bounds(place), place) for form in forms)
    day = bounds.latest if bounds.latest is not None and not moves else bounds.earliest
    return not precedes(day, comes.latest, place.zone, bounds.opens)


def _moves(form: Form, bounds: Bounds, place: Place) -> bool:
    """Whether an open event can still move what the form comes to."""
    if bounds.opens or (bounds.stands != bounds[:2] and bounds.earliest is not None):
        return True
    return any(_moves(part, part.bounds(place), place) for part in form.live_parts(place))


def _can_come_in_time(comes: Bounds, bounds: Bounds, zone: str) -> bool:
    if comes.earliest is None:
        return False
    if bounds.latest is None:
        return True
    if isinstance(bounds.latest, Instant) or isinstance(comes.earliest, Instant):
        return order_key(comes.earliest, zone, comes.opens)[0] <= order_key(bounds.latest, zone)[0]
    return comes.earliest <= bounds.latest


def _stands_in_time(comes: Bounds, bounds: Bounds, zone: str) -> bool:
    """Whether the event comes in time, supposing that no open event ever happens."""
    if comes.stands is None:
        return False
    if bounds.stands is None:  # later than every day
        return True
    return not precedes(bounds.stands.latest, comes.stands.latest, zone)


def _either(before: Bounds, clause: Bounds, comes: Bounds, takes_over: bool, zone: str) -> Bounds:
    """What spans both; what stands is the clause's where it takes over.

    The day before the clause stays only where the event comes later, or never.
    """
    earliest, opens = pick_moment(
        ((before.earliest, before.opens), (clause.earliest, clause.opens)), "earliest", zone
    )
    stays = before.latest
    if comes.latest is not None:
        last = comes.latest
        if not isinstance(last, Instant) and not isinstance(before.earliest, Instant):
            last -= ONE_DAY
        stays, _ = pick_moment(((stays, False), (last, False)), "earliest", zone)
    latest = later(stays, clause.latest, zone)
    standing = clause if takes_over else before
    forecast, period_end = standing.forecast, standing.period_end
    return Bounds(earliest, latest, standing.stands, forecast, opens, period_end)
