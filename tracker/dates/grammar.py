"""The grammar of the words for dates, one short method a rule.

    line     = "open" | "after" ref | "not before" operand | point ("," "or" point "if" ref)*
    point    = exact | window | choice | offset | operand
    exact    = DAY [TIME [ZONE]] | "through" PERIOD | "before" PERIOD
    window   = "in" PERIOD | "between" bound "and" bound
             | "within" DURATION ("after" | "before") operand
    choice   = ("earliest" | "latest") "of" item ("," item)+
    offset   = DURATION ("before" | "after") operand
    item     = operand | offset
    bound    = PERIOD | item
    operand  = ref | exact | window | edge | each | "(" point ")"
    edge     = ("start" | "end") "of" UNIT "of" operand
    each     = "each" (ref | ("start" | "end") "of" UNIT)
    ref      = ID | ("start" | "end") "of" ID | "due day of" ID
    PERIOD   = YYYY | YYYY-Hn | YYYY-Qn | YYYY-MM | YYYY-Www | DAY
    DAY      = YYYY-MM-DD
    UNIT     = "week" | "month" | "quarter" | "half-year" | "year"
    DURATION = N MEASURE ("and" N MEASURE)*
    MEASURE  = ("hour" | "day" | "business day" | "week" | "month" | "quarter" | "year")["s"]

ID may be agreement/id; TIME is HH:MM; ZONE is an IANA name with "/", or UTC, or AoE.
What is not read is refused with the line to write: dates/suggestions/rules.py.
"""

from __future__ import annotations

from datetime import date, time
from typing import Literal

from tracker.dates.cursor import Cursor
from tracker.dates.diagnostics import Diagnostic, LineError, Suggestion
from tracker.dates.expressions import (
    Before,
    Between,
    Bound,
    Choice,
    Clause,
    Duration,
    Each,
    Edge,
    EdgeUnit,
    Exact,
    Form,
    In,
    NotBefore,
    Offset,
    Open,
    OrIf,
    Period,
    Ref,
    Side,
    Through,
    Unit,
    Within,
    each_in,
)
from tracker.dates.instants import is_zone
from tracker.dates.periods import NoSuchPeriod, parse_period
from tracker.dates.suggestions import rules, times
from tracker.dates.tokens import EDGE_UNITS, KEYWORDS, UNITS

MOST_DEEP = 101  # 100 brackets, or words that hold one another as brackets do, and what they hold
MOST_CLAUSES = 5  # `or … if`


MOST_DIGITS = 7  # 3,652,058 days lie between the first day and the last

PERIOD_FORMS: dict[str, type[Through] | type[Before] | type[In]] = {
    "through": Through,
    "before": Before,
    "in": In,
}
_UNITS: dict[str, Unit] = UNITS  # type: ignore[assignment]  # a table of literals
_EDGE_UNITS: dict[str, EdgeUnit] = {unit: unit for unit in EDGE_UNITS}  # type: ignore[misc]


class Parser(Cursor):
    """The rules of the grammar, one short method each."""

    def line(self) -> Form:
        """line = "open" | "after" ref | "not before" operand | point ("," "or" point "if" ref)*"""
        start = self.token.start
        if self.token.is_word("open"):
            return Open(self.advance().span)
        if self.token.is_word("after"):
            self.advance()
            if self.token.kind == "period":
                self.refuse("ref")
            return NotBefore(self.ref(), self.since(start))
        if self.token.is_word("not"):
            self.advance()
            if not self.token.is_word("before"):
                self.refuse("before")
            self.advance()
            return NotBefore(self.operand(), self.since(start))
        first = self.point()
        if self.token.text == "," and self.following.is_word("or"):
            return self.or_if(first, start)
        return first

    def or_if(self, first: Form, start: int) -> OrIf:
        """point ("," "or" point "if" ref)+"""
        self.no_bare_choice(first, start)
        clauses: list[Clause] = []
        while self.token.text == "," and self.following.is_word("or"):
            if len(clauses) == MOST_CLAUSES:
                raise LineError(Diagnostic("too-many-clauses", self.token.span))
            self.at += 2
            begun = self.token.start
            point = self.point()
            self.no_bare_choice(point, begun)
            if not self.token.is_word("if"):
                self.refuse("if")
            self.advance()
            clauses.append(Clause(point, self.ref()))
        form = OrIf(first, tuple(clauses), self.since(start))
        if each := each_in(form):
            raise LineError(Diagnostic("each-in-choice", each.span))
        return form

    def no_bare_choice(self, form: Form, begun: int) -> None:
        """A choice beside `or … if` stands in brackets: its commas are not these."""
        start, end = form.span
        if isinstance(form, Choice) and start == begun:
            line = f"{self.text[:start]}({self.text[start:end]}){self.text[end:]}"
            suggestion = Suggestion(" ".join(line.split()))
            raise LineError(Diagnostic("needs-brackets", (start, end), (), (suggestion,)))

    def point(self) -> Form:
        """point = exact | window | choice | offset | operand"""
        if self.token.is_word("earliest", "latest"):
            return self.choice()
        if self.at_duration():
            return self.offset()
        return self.operand()

    def choice(self) -> Choice:
        """choice = ("earliest" | "latest") "of" item ("," item)+"""
        word = self.advance()
        if not self.token.is_word("of"):
            self.refuse("of")
        self.advance()
        items = [self.item()]
        while self.token.text == "," and not self.following.is_word("or"):
            self.advance()
            items.append(self.item())
        if len(items) < 2:
            self.refuse("comma")
        which: Literal["earliest", "latest"] = "earliest" if word.text == "earliest" else "latest"
        form = Choice(which, tuple(items), self.since(word.start))
        if each := each_in(form):
            raise LineError(Diagnostic("each-in-choice", each.span))
        return form

    def item(self) -> Form:
        """item = operand | offset"""
        return self.offset() if self.at_duration() else self.operand()

    def offset(self) -> Offset:
        """offset = DURATION ("before" | "after") operand"""
        start = self.token.start
        duration = self.duration()
        direction = self.direction()
        operand = self.operand()
        return Offset(duration, direction, operand, self.since(start))

    def direction(self) -> Literal["before", "after"]:
        """Which way a duration is counted."""
        if not self.token.is_word("before", "after"):
            self.refuse("direction")
        return "before" if self.advance().text == "before" else "after"

    def at_duration(self) -> bool:
        return self.token.is_number and (
            self.token.kind == "number"
            or self.following.text in UNITS
            or self.following.text == "business"
        )

    def duration(self) -> Duration:
        """DURATION = N MEASURE ("and" N MEASURE)*"""
        parts = [self.part()]
        while self.token.is_word("and"):
            self.advance()
            if not self.token.is_number:
                self.refuse("number")
            parts.append(self.part())
        return Duration(tuple(parts))

    def part(self) -> tuple[int, Unit]:
        """One number and what it counts."""
        if len(self.token.text) > MOST_DIGITS:
            self.refuse("smaller-number")
        number = int(self.advance().text)
        if self.token.is_word("business"):
            self.advance()
            if not self.token.is_word("day", "days"):
                self.refuse("days")
            self.advance()
            return number, "business day"
        if self.token.text not in UNITS:
            self.refuse("unit")
        return number, _UNITS[self.advance().text]

    def operand(self) -> Form:
        """operand = ref | exact | window | edge | each | "(" point ")" """
        self.depth += 1
        if self.depth > MOST_DEEP:
            raise LineError(Diagnostic("too-deep", self.token.span))
        form = self.shallow_operand()
        self.depth -= 1
        return form

    def shallow_operand(self) -> Form:
        """The same, with no word said on how deep it lies."""
        token = self.token
        if token.text == "(":
            return self.bracket()
        if token.is_word("through", "before", "in"):
            return self.of_period()
        if token.is_word("between"):
            return self.between()
        if token.is_word("within"):
            return self.within()
        if token.kind == "period":
            return self.exact()
        if token.is_word("start", "end") and self.at_edge():
            return self.edge()
        if token.is_word("each"):
            return self.each()
        return self.ref()

    def each(self) -> Each:
        """each = "each" (ref | ("start" | "end") "of" UNIT)"""
        start = self.advance().start
        if self.has_each:
            raise LineError(Diagnostic("each-twice", self.tokens[self.at - 1].span))
        self.has_each = True
        if self.token.is_word("start", "end") and self.at_edge():
            edge: Literal["start", "end"] = "start" if self.token.text == "start" else "end"
            self.at += 2
            unit = _EDGE_UNITS[self.advance().text]
            return Each(None, edge, unit, self.since(start))
        ref = self.ref()
        return Each(ref, span=self.since(start))

    def of_period(self) -> Through | Before | In:
        """ "through" PERIOD | "before" PERIOD | "in" PERIOD"""
        word = self.advance()
        period = self.period()
        if word.text == "before" and period.first == date.min:
            raise LineError(Diagnostic("before-first-day", self.since(word.start)))
        return PERIOD_FORMS[word.text](period, self.since(word.start))

    def between(self) -> Between:
        """ "between" bound "and" bound"""
        start = self.advance().start
        first = self.bound()
        if not self.token.is_word("and"):
            self.refuse("and")
        self.advance()
        last = self.bound()
        return Between(first, last, self.since(start))

    def bound(self) -> Bound:
        """bound = PERIOD | item"""
        if self.token.kind == "period" and not self.at_duration() and not self.at_day():
            return self.period()
        return self.item()

    def at_day(self) -> bool:
        return len(self.token.text) == len("YYYY-MM-DD")

    def within(self) -> Within:
        """ "within" DURATION ("after" | "before") operand"""
        start = self.advance().start
        if not self.token.is_number:
            self.refuse("number")
        duration = self.duration()
        direction = self.direction()
        operand = self.operand()
        return Within(duration, direction, operand, self.since(start))

    def exact(self) -> Exact:
        """exact = DAY [TIME [ZONE]]"""
        token = self.token
        period = self.period()
        if period.kind != "day":
            self.at -= 1
            self.refuse("operand")
        if self.token.kind != "time":
            return Exact(period.first, span=token.span)
        clock = self.clock()
        zone = self.zone() if self.token.kind == "zone" or "/" in self.token.text else None
        form = Exact(period.first, clock, zone, self.since(token.start))
        if zone is not None and (diagnostic := times.unclear(self.text, form, zone)):
            raise LineError(diagnostic)
        return form

    def clock(self) -> time:
        """TIME = HH:MM"""
        hour, minute = int(self.token.text[:2]), int(self.token.text[3:])
        if hour > 23 or minute > 59:
            raise LineError(times.no_such_time(self.text, self.tokens, self.at))
        self.advance()
        return time(hour, minute)

    def zone(self) -> str:
        """ZONE: an IANA name with "/", or UTC, or AoE"""
        if not is_zone(self.token.text):
            raise LineError(times.no_such_zone(self.text, self.token))
        return self.advance().text

    def at_edge(self) -> bool:
        unit = self.tokens[min(self.at + 2, len(self.tokens) - 1)]
        return self.following.is_word("of") and unit.is_word(*EDGE_UNITS)

    def edge(self) -> Edge:
        """edge = ("start" | "end") "of" UNIT "of" operand"""
        word = self.advance()
        self.advance()
        unit = _EDGE_UNITS[self.advance().text]
        if not self.token.is_word("of"):
            self.refuse("of")
        self.advance()
        if self.token.kind == "period" and not self.at_day():
            self.at -= 1
            self.refuse("edge-operand")
        operand = self.operand()
        return Edge(
            "start" if word.text == "start" else "end", unit, operand, self.since(word.start)
        )

    def bracket(self) -> Form:
        """ "(" point ")" """
        self.advance()
        form = self.point()
        if self.token.text != ")":
            self.refuse("closing")
        self.advance()
        return form

    def period(self) -> Period:
        """PERIOD = YYYY | YYYY-Hn | YYYY-Qn | YYYY-MM | YYYY-Www | YYYY-MM-DD"""
        if self.token.kind != "period":
            self.refuse("period")
        try:
            period = parse_period(self.token.text)
        except NoSuchPeriod as missing:
            raise LineError(rules.no_such_period(self.text, self.token, missing.nearest)) from None
        self.advance()
        return period

    def ref(self) -> Ref:
        """ref = ID | ("start" | "end") "of" ID | "due day of" ID"""
        token = self.token
        if token.is_word("start", "end") and self.following.is_word("of"):
            self.at += 2
            side: Side = "start" if token.text == "start" else "end"
            return Ref(*self.name(), side, self.since(token.start))
        if token.is_word("due"):
            for word in ("due", "day", "of"):
                if not self.token.is_word(word):
                    self.refuse("due-day-of")
                self.advance()
            return Ref(*self.name(), "due", self.since(token.start))
        return Ref(*self.name(), "when", token.span)

    def name(self) -> tuple[str | None, str]:
        """ID, which may be agreement/id"""
        if self.token.kind != "word" or self.token.text in KEYWORDS:
            self.refuse("ref")
        agreement, _, event = self.advance().text.rpartition("/")
        return agreement or None, event
