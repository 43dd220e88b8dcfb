"""The words for dates: from a line to its form.

    line     = "open" | "after" ref | "not before" operand | point
    point    = exact | window | choice | offset | operand
    exact    = DAY | "through" PERIOD | "before" PERIOD
    window   = "in" PERIOD
    choice   = ("earliest" | "latest") "of" item ("," item)+
    offset   = DURATION ("before" | "after") operand
    item     = operand | offset
    operand  = ref | exact | window | "(" point ")"
    ref      = ID | "start of" ID | "end of" ID              ID may be agreement/id
    PERIOD   = YYYY | YYYY-Hn | YYYY-Qn | YYYY-MM | YYYY-Www | YYYY-MM-DD
    DURATION = N ("day" | "week" | "month" | "quarter" | "year")["s"] ("and" N …)*

One short method a rule. What is not read is refused with the line to write: refusals.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import NoReturn

from tracker.dates import refusals
from tracker.dates.faults import Fault, LineError, Offer
from tracker.dates.forms import (
    Before,
    Choice,
    Duration,
    Exact,
    Form,
    In,
    NotBefore,
    Offset,
    Open,
    Period,
    Ref,
    Span,
    Through,
    Unit,
)
from tracker.dates.look_alikes import refuse_look_alikes
from tracker.dates.periods import NoSuchPeriod, read_period
from tracker.dates.tokens import KEYWORDS, UNITS, Token, tokens_of

MOST_CHARACTERS = 10_000
MOST_BRACKETS = 100
MOST_DIGITS = 7  # 3,652,058 days lie between the first day and the last

PERIOD_FORMS: dict[str, type[Through] | type[Before] | type[In]] = {
    "through": Through,
    "before": Before,
    "in": In,
}
_UNITS: dict[str, Unit] = UNITS  # type: ignore[assignment]  # a table of literals


def parse(line: str, helpful: bool = True) -> Form:
    """The form of a line. Not `helpful`, a refusal says only what was expected: the help costs.

    >>> parse("earliest of agi-verified, through 2030").which
    'earliest'

    Raises LineError, whose fault says where, why and what to write instead.
    """
    if not helpful:
        return _read(line, helpful=False)
    try:
        return _read(line)
    except LineError as refused:
        offers = tuple(good for offer in refused.fault.offers for good in _readable(offer))
        raise LineError(replace(refused.fault, offers=offers)) from None


def _readable(offer: Offer) -> tuple[Offer, ...]:
    """The offer, or what is offered in its place: nobody is sent from one refusal to the next."""
    try:
        _read(offer.write)
    except LineError as refused:
        return tuple(other for other in refused.fault.offers if _reads(other.write))
    return (offer,)


def _reads(line: str) -> bool:
    try:
        _read(line, helpful=False)
    except LineError:
        return False
    return True


def _read(line: str, helpful: bool = True) -> Form:
    if len(line) > MOST_CHARACTERS:
        raise LineError(Fault("line-too-long", (MOST_CHARACTERS, len(line))))
    refuse_look_alikes(line)
    parser = _Parser(line, helpful)
    form = parser.line()
    parser.expect_end()
    return form


class _Parser:
    def __init__(self, line: str, helpful: bool) -> None:
        self.text = line
        self.helpful = helpful
        self.tokens = tokens_of(line)
        self.at = 0
        self.depth = 0

    # -- moving along

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    @property
    def following(self) -> Token:
        return self.tokens[min(self.at + 1, len(self.tokens) - 1)]

    def advance(self) -> Token:
        token = self.token
        self.at += 1
        return token

    def since(self, start: int) -> Span:
        """From there to the end of the token read last."""
        return start, self.tokens[self.at - 1].end

    def refuse(self, expected: str) -> NoReturn:
        """Raises the fault that helps most at this token, where `expected` should stand."""
        if not self.helpful:
            values = (("expected", expected), ("found", self.token.text))
            raise LineError(Fault("expected", self.token.span, values))
        raise LineError(refusals.refusal(self.text, self.tokens, self.at, expected))

    def expect_end(self) -> None:
        if self.token.kind != "end":
            self.refuse("end")

    # -- the rules

    def line(self) -> Form:
        """line = "open" | "after" ref | "not before" operand | point"""
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
        return self.point()

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
        while self.token.text == ",":
            self.advance()
            items.append(self.item())
        if len(items) < 2:
            self.refuse("comma")
        return Choice(
            "earliest" if word.text == "earliest" else "latest",
            tuple(items),
            self.since(word.start),
        )

    def item(self) -> Form:
        """item = operand | offset"""
        return self.offset() if self.at_duration() else self.operand()

    def offset(self) -> Offset:
        """offset = DURATION ("before" | "after") operand"""
        start = self.token.start
        duration = self.duration()
        if not self.token.is_word("before", "after"):
            self.refuse("direction")
        direction = self.advance().text
        operand = self.operand()
        return Offset(
            duration, "before" if direction == "before" else "after", operand, self.since(start)
        )

    def at_duration(self) -> bool:
        return self.token.is_number and (
            self.token.kind == "number" or self.following.text in UNITS
        )

    def duration(self) -> Duration:
        """DURATION = N UNIT["s"] ("and" N UNIT["s"])*"""
        parts = [self.part()]
        while self.token.is_word("and"):
            self.advance()
            if not self.token.is_number:
                self.refuse("number")
            parts.append(self.part())
        return Duration(tuple(parts))

    def part(self) -> tuple[int, Unit]:
        """One number and its unit."""
        if len(self.token.text) > MOST_DIGITS:
            raise LineError(Fault("number-too-large", self.token.span))
        if self.following.text not in UNITS:
            self.advance()
            self.refuse("unit")
        number = int(self.advance().text)
        return number, _UNITS[self.advance().text]

    def operand(self) -> Form:
        """operand = ref | exact | window | "(" point ")" """
        token = self.token
        if token.text == "(":
            return self.bracket()
        if token.is_word("through", "before", "in"):
            self.advance()
            period = self.period()
            if token.text == "before" and period.first == date.min:
                raise LineError(Fault("before-first-day", self.since(token.start)))
            return PERIOD_FORMS[token.text](period, self.since(token.start))
        if token.kind == "period":
            period = self.period()
            if period.kind != "day":
                self.at -= 1
                self.refuse("operand")
            return Exact(period.first, token.span)
        return self.ref()

    def bracket(self) -> Form:
        """ "(" point ")" """
        opening = self.advance()
        self.depth += 1
        if self.depth > MOST_BRACKETS:
            raise LineError(Fault("brackets-too-deep", opening.span))
        form = self.point()
        if self.token.text != ")":
            self.refuse("closing")
        self.advance()
        self.depth -= 1
        return form

    def period(self) -> Period:
        """PERIOD = YYYY | YYYY-Hn | YYYY-Qn | YYYY-MM | YYYY-Www | YYYY-MM-DD"""
        if self.token.kind != "period":
            self.refuse("period")
        try:
            period = read_period(self.token.text)
        except NoSuchPeriod as missing:
            raise LineError(
                refusals.no_such_period(self.text, self.token, missing.nearest)
            ) from None
        self.advance()
        return period

    def ref(self) -> Ref:
        """ref = ID | "start of" ID | "end of" ID"""
        token = self.token
        if token.is_word("start", "end") and self.following.is_word("of"):
            self.at += 2
            name = self.name()
            return Ref(*name, "start" if token.text == "start" else "end", self.since(token.start))
        return Ref(*self.name(), "when", token.span)

    def name(self) -> tuple[str | None, str]:
        """ID, which may be agreement/id"""
        if self.token.kind != "word" or self.token.text in KEYWORDS:
            self.refuse("ref")
        agreement, _, event = self.advance().text.rpartition("/")
        return agreement or None, event
