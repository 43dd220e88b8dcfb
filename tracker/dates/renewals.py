"""How a term renews: `1 year, at most 3 times unless lease-notice`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.dates.arithmetic import end_of_term
from tracker.dates.diagnostics import Diagnostic, LineError, Suggestion
from tracker.dates.expressions import Duration, Ref
from tracker.dates.parser import parse, parse_term_length
from tracker.dates.suggestions.lookalikes import refuse_look_alikes
from tracker.dates.tokens import Token, collapse_spaces, tokens_of

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Renewal:
    """A term goes on for so long, again and again, at most so often, unless notice is given."""

    text: str
    duration: Duration
    most: int | None = None  #: None: for ever
    unless: Ref | None = None  #: the event that is the notice

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The events that it names."""
        return () if self.unless is None else (self.unless,)

    def end(self, first: date, number: int) -> date:
        """The last day after so many renewals, where the stated term ends on `first`.

        Of a term of `number` times the duration that begins on the day after it.

        >>> renewal = parse_renewal("1 month")
        >>> [str(renewal.end(date(2027, 2, 28), number)) for number in range(3)]
        ['2027-02-28', '2027-03-31', '2027-04-30']

        Raises OverflowError outside the years 0001 to 9999.
        """
        if number == 0:
            return first
        parts = tuple((count * number, unit) for count, unit in self.duration.parts)
        return end_of_term(Duration(parts), first + ONE_DAY)


def parse_renewal(text: str) -> Renewal:
    """What `renews` says: DURATION ["," "at most" N "times"] ["unless" ID].

    Raises LineError, whose diagnostic says where, why and what to write instead.
    """
    refuse_look_alikes(text)
    tokens = tokens_of(text)
    comma = next((at for at, token in enumerate(tokens) if token.text == ","), None)
    unless = next((at for at, token in enumerate(tokens) if token.is_word("unless")), None)
    last = next(at for at in (comma, unless, len(tokens) - 1) if at is not None)
    duration = parse_term_length(text[: tokens[last].start])
    most = None
    if comma is not None and (unless is None or comma < unless):
        most = _most(text, tokens[comma + 1 : unless], tokens[comma])
    notice = None
    if unless is not None:
        notice = _notice(text, tokens[unless], tokens[unless + 1 : -1])
    return Renewal(collapse_spaces(text), duration, most, notice)


def _most(text: str, tokens: list[Token], comma: Token) -> int | None:
    """ "at most" N "times" """
    words = [token for token in tokens if token.kind != "end"]
    texts = [token.text for token in words]
    if len(texts) == 4 and texts[:2] == ["at", "most"] and texts[3] in ("times", "time"):
        number = words[2]
        if number.is_number and 1 <= len(number.text) <= 5 and int(number.text) >= 1:
            return int(number.text)
    end = words[-1].end if words else comma.end
    right = next((word.text for word in words if word.is_number and word.text.strip("0")), None)
    behind = text[end:].strip()
    line = f"{text[: comma.start]}, at most {right} times {behind}" if right else ""
    if not words and behind:  # `1 year, unless notice`
        line = f"{text[: comma.start]} {behind}"
    suggestions = (Suggestion(collapse_spaces(line)),) if line else ()
    raise LineError(Diagnostic("renews-most", (comma.start, end), (), suggestions))


def _notice(text: str, unless: Token, tokens: list[Token]) -> Ref:
    """ "unless" ID"""
    start, end = unless.end, tokens[-1].end if tokens else unless.end
    try:
        form = parse(text[start:end])
    except LineError:
        form = None
    if not isinstance(form, Ref) or form.side != "when":
        named = isinstance(form, Ref) and form.id
        suggestions = (
            (Suggestion(collapse_spaces(f"{text[: unless.end]} {named}")),) if named else ()
        )
        raise LineError(Diagnostic("renews-unless", (unless.start, end), (), suggestions))
    return Ref(form.agreement, form.id, "when", (form.span[0] + start, form.span[1] + start))
