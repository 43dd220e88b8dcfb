"""How a term renews: `1 year, at most 3 times unless lease-notice`, `10 years if renewal`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tracker.dates.arithmetic import end_of_term
from tracker.dates.diagnostics import Diagnostic, LineError, Suggestion
from tracker.dates.expressions import Duration, Ref
from tracker.dates.parser import parse, parse_term_length
from tracker.dates.suggestions.lookalikes import refuse_look_alikes
from tracker.dates.tokens import Token, collapse_spaces, tokens_of
from tracker.dates.words.repeated import Each

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Renewal:
    """A term goes on for so long, again and again, at most so often.

    Unless notice is given; or only if it is renewed, and lapses otherwise.
    """

    text: str
    duration: Duration
    most: int | None = None  #: None: for ever
    unless: Ref | None = None  #: the event that is the notice
    only_if: Ref | None = None  #: the event that renews it, without which it lapses

    @property
    def condition(self) -> Ref | None:
        """The event on which it hangs whether there is a further term."""
        return self.unless or self.only_if

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The events that it names."""
        return () if self.condition is None else (self.condition,)

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
    """What `renews` says: DURATION ["," "at most" N "times"] [("unless" | "if") ID].

    Raises LineError, whose diagnostic says where, why and what to write instead.
    """
    refuse_look_alikes(text)
    tokens = tokens_of(text)
    comma = next((at for at, token in enumerate(tokens) if token.text == ","), None)
    words = [at for at, token in enumerate(tokens) if token.is_word(*_CONDITIONS)]
    condition = words[0] if words else None
    _refuse_other_orders(text, tokens, words)
    last = next(at for at in (comma, condition, len(tokens) - 1) if at is not None)
    duration = _length(text[: tokens[last].start], text[tokens[last].start :])
    most = None
    if comma is not None and (condition is None or comma < condition):
        most = _most(text, tokens[comma + 1 : condition], tokens[comma])
    if condition is None:
        return Renewal(collapse_spaces(text), duration, most)
    event = _condition(text, tokens[condition], tokens[condition + 1 : -1])
    unless, only_if = (event, None) if tokens[condition].text == "unless" else (None, event)
    return Renewal(collapse_spaces(text), duration, most, unless, only_if)


_CONDITIONS = ("unless", "if")
_SAID_OTHERWISE = re.compile(
    r"(?P<length>.+?),? (?:only if|only on|only upon|if and only if|provided that|provided|"
    r"subject to|on condition of|upon) (?P<event>\S+)"
)
_MOST_BEHIND = re.compile(
    r"(?P<length>[^,]+?),? (?P<condition>(?:unless|if) [^ ,]+),? (?P<most>at most [0-9]+ times?)"
)


def _refuse_other_orders(text: str, tokens: list[Token], words: list[int]) -> None:
    """`10 years only if x`, `10 years if x, at most 3 times`, `1 year if x unless y`"""
    line = collapse_spaces(text)
    if match := _SAID_OTHERWISE.fullmatch(line):
        start = next(at for at in range(len(tokens)) if tokens[at].end > match.end("length"))
        suggestion = Suggestion(f"{match['length']} if {match['event']}")
        span = tokens[start].start, tokens[-1].start
        raise LineError(Diagnostic("renews-if", span, (), (suggestion,)))
    if match := _MOST_BEHIND.fullmatch(line):
        write = f"{match['length']}, {match['most']} {match['condition']}"
        span = tokens[words[0]].start, tokens[-1].start
        raise LineError(Diagnostic("renews-most", span, (), (Suggestion(write),)))
    if len(words) > 1:
        first, second = tokens[words[0]], tokens[words[1]]
        lines = (text[: second.start], text[: first.start] + text[second.start :])
        suggestions = tuple(Suggestion(collapse_spaces(write)) for write in lines)
        raise LineError(Diagnostic("renews-both", second.span, (), suggestions))


def _length(text: str, behind: str) -> Duration:
    """The length; where it is refused, what is to be written has all that stands behind it."""
    try:
        return parse_term_length(text)
    except LineError as refused:
        whole = tuple(
            replace(suggestion, write=_join(suggestion.write, behind))
            for suggestion in refused.diagnostic.suggestions
        )
        raise LineError(replace(refused.diagnostic, suggestions=whole)) from None


def _join(write: str, behind: str) -> str:
    return collapse_spaces(f"{write}{'' if behind.startswith(',') else ' '}{behind}")


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


def _condition(text: str, word: Token, tokens: list[Token]) -> Ref:
    """("unless" | "if") ID"""
    start, end = word.end, tokens[-1].end if tokens else word.end
    try:
        form = parse(text[start:end])
    except LineError:
        form = None
    if not isinstance(form, Ref) or form.side != "when":
        of = form.of if isinstance(form, Each) else form
        named = isinstance(of, Ref) and of.id
        suggestions = (Suggestion(collapse_spaces(f"{text[: word.end]} {named}")),) if named else ()
        case = "renews-unless" if word.text == "unless" else "renews-if"
        raise LineError(Diagnostic(case, (word.start, end), (), suggestions))
    return Ref(form.agreement, form.id, "when", (form.span[0] + start, form.span[1] + start))
