"""Reading a line: the rules of the grammar that are no words of their own, one short method each.

The grammar: tokens.py. The words: words/. What is not read is refused with the line to write:
suggestions/rules.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Literal, NamedTuple

from tracker.dates.cursor import Cursor
from tracker.dates.diagnostics import Diagnostic, LineError, Suggestion
from tracker.dates.expressions import (
    Bound,
    Direction,
    Duration,
    EdgeUnit,
    Form,
    Period,
    Ref,
    Side,
    Span,
    Unit,
)
from tracker.dates.instants import is_zone
from tracker.dates.periods import NoSuchPeriod, parse_period
from tracker.dates.suggestions.unclear_times import unclear
from tracker.dates.tokens import EDGE_UNITS, KEYWORDS, UNITS, collapse_spaces

MOST_DEEP = 101  # 100 brackets, or words that hold one another as brackets do, and what they hold
MOST_DIGITS = 7  # 3,652,058 days lie between the first day and the last

_UNITS: dict[str, Unit] = UNITS  # type: ignore[assignment]  # a table of literals
_EDGE_UNITS: dict[str, EdgeUnit] = {unit: unit for unit in EDGE_UNITS}  # type: ignore[misc]


class Vocabulary(NamedTuple):
    """The words that the grammar is read with."""

    words: Mapping[str, type[Form]]  #: by the words that they can begin with
    day: type[Form]
    offset: type[Form]
    or_if: Callable[[Form, Parser, int], Form]  #: reads the clauses behind a first point


class Parser(Cursor):
    """The rules of the grammar; each word reads itself with them."""

    def __init__(self, line: str, vocabulary: Vocabulary, helpful: bool) -> None:
        super().__init__(line, helpful)
        self._vocabulary = vocabulary

    def line(self) -> Form:
        """line = a word that is a whole line | point ("," "or" point "if" ref)*"""
        start = self.token.start
        if word := self._word("line"):
            return word.parse(self)
        point = self.point()
        return self._vocabulary.or_if(point, self, start) if self.at_clause() else point

    def at_clause(self) -> bool:
        """Whether a clause of `or … if` begins here."""
        return self.token.text == "," and self.following.is_word("or")

    def _word(self, *levels: str) -> type[Form] | None:
        """The word of one of those levels that begins here."""
        word = self._vocabulary.words.get(self.token.text) if self.token.kind == "word" else None
        return word if word is not None and word.LEVEL in levels and word.begins(self) else None

    def point(self) -> Form:
        """point = exact | window | choice | offset | operand"""
        word = self._word("point")
        return word.parse(self) if word else self.item()

    def item(self) -> Form:
        """item = operand | offset"""
        return self._vocabulary.offset.parse(self) if self.at_duration() else self.operand()

    def items(self) -> tuple[Form, ...]:
        """item ("," item)+"""
        items = [self.item()]
        while self.token.text == "," and not self.at_clause():
            self.advance()
            items.append(self.item())
        if len(items) < 2:
            self.refuse("comma")
        return tuple(items)

    def direction(self) -> Direction:
        """Which way a duration is counted."""
        if not self.token.is_word("before", "after"):
            self.refuse("direction")
        return "before" if self.advance().text == "before" else "after"

    def at_duration(self) -> bool:
        return self.token.is_number and (
            self.token.kind == "number"
            or self.following.text in UNITS
            or self.following.text in ("business", "clear")
        )

    def duration(self) -> Duration:
        """DURATION = N MEASURE ("and" N MEASURE)* | (N LENGTH "and")* N "clear day"["s"]"""
        start = self.token.start
        parts = [self.part()]
        while self.token.is_word("and"):
            self.advance()
            if not self.token.is_number:
                self.refuse("number")
            parts.append(self.part())
        if len(parts) > 1 and any(unit == "clear day" for _, unit in parts):
            self.check_clear_days(parts, self.since(start))
        return Duration(tuple(parts))

    def check_clear_days(self, parts: list[tuple[int, Unit]], span: Span) -> None:
        """Refuses clear days that are not the last of a compound, or stand beside other counts."""
        units = [unit for _, unit in parts]
        if units.count("clear day") > 1 or {"business day", "hour"} & {*units}:
            raise LineError(Diagnostic("clear-days-beside", span))
        if units[-1] != "clear day":
            in_order = sorted(parts, key=lambda part: part[1] == "clear day")
            line = self.text[: span[0]] + str(Duration(tuple(in_order))) + self.text[span[1] :]
            suggestion = Suggestion(collapse_spaces(line))
            raise LineError(Diagnostic("clear-days-last", span, (), (suggestion,)))

    def part(self) -> tuple[int, Unit]:
        """One number and what it counts."""
        if len(self.token.text) > MOST_DIGITS:
            self.refuse("smaller-number")
        number = int(self.advance().text)
        if self.token.is_word("business", "clear"):
            kind = self.advance().text
            if not self.token.is_word("day", "days"):
                self.refuse("days")
            self.advance()
            return number, "business day" if kind == "business" else "clear day"
        if self.token.text not in UNITS:
            self.refuse("unit")
        return number, _UNITS[self.advance().text]

    def operand(self) -> Form:
        """operand = ref | exact | window | edge | day | each | "(" point ")" """
        self.depth += 1
        if self.depth > MOST_DEEP:
            raise LineError(Diagnostic("too-deep", self.token.span))
        form = self._shallow_operand()
        self.depth -= 1
        return form

    def _shallow_operand(self) -> Form:
        """The same, without counting how deep it lies."""
        if self.token.text == "(":
            return self.bracket()
        if word := self._word("operand"):
            return word.parse(self)
        return self._vocabulary.day.parse(self) if self.token.kind == "period" else self.ref()

    def bound(self) -> Bound:
        """bound = PERIOD | item"""
        if self.token.kind == "period" and not self.at_duration() and not self.at_day():
            return self.period()
        return self.item()

    def at_day(self) -> bool:
        return len(self.token.text) == len("YYYY-MM-DD")

    def clock(self) -> time:
        """TIME = HH:MM"""
        hour, minute = int(self.token.text[:2]), int(self.token.text[3:])
        if hour > 23 or minute > 59:
            from tracker.dates.suggestions.times import no_such_time

            raise LineError(no_such_time(self.text, self.tokens, self.at))
        self.advance()
        return time(hour, minute)

    def zone(self) -> str:
        """ZONE: an IANA name with "/", or UTC, or AoE"""
        if not is_zone(self.token.text):
            from tracker.dates.suggestions.times import no_such_zone

            raise LineError(no_such_zone(self.text, self.token))
        return self.advance().text

    def check_time(self, day: date, clock: time, zone: str, span: Span) -> None:
        """Refuses a time that the zone skips or has twice."""
        if diagnostic := unclear(self.text, day, clock, zone, span):
            raise LineError(diagnostic)

    def at_edge(self) -> bool:
        """Whether `start of UNIT` or `end of UNIT` begins here."""
        unit = self.tokens[min(self.at + 2, len(self.tokens) - 1)]
        is_edge = self.token.is_word("start", "end") and self.following.is_word("of")
        return is_edge and unit.is_word(*EDGE_UNITS)

    def edge_of_unit(self) -> tuple[Literal["start", "end"], EdgeUnit]:
        """("start" | "end") "of" UNIT, which begins here."""
        edge: Literal["start", "end"] = "start" if self.token.text == "start" else "end"
        self.at += 2
        return edge, _EDGE_UNITS[self.advance().text]

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
            from tracker.dates.suggestions.fiscal_years import is_year_and_next
            from tracker.dates.suggestions.rules import no_such_period

            if self.helpful and is_year_and_next(self.token.text):
                self.refuse("period")

            raise LineError(no_such_period(self.text, self.token, missing.nearest)) from None
        self.advance()
        return period

    def ref(self) -> Ref:
        """ref = ID | ("start" | "end" | "first end") "of" ID | "due day of" ID"""
        token = self.token
        if token.is_word("start", "end") and self.following.is_word("of"):
            self.at += 2
            side: Side = "start" if token.text == "start" else "end"
            return Ref(*self.name(), side, self.since(token.start))
        if token.is_word("first") and self.following.is_word("end"):
            for word in ("first", "end", "of"):
                if not self.token.is_word(word):
                    self.refuse("first-end-of")
                self.advance()
            return Ref(*self.name(), "first end", self.since(token.start))
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
