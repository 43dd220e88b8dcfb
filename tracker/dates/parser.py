"""The words for dates: from a line to its form, or to what to write instead (grammar.py)."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import replace
from datetime import date
from itertools import islice

from tracker.dates.diagnostics import Diagnostic, LineError, Suggestion
from tracker.dates.expressions import Duration, Form
from tracker.dates.grammar import Parser, Vocabulary
from tracker.dates.suggestions.lookalikes import refuse_look_alikes
from tracker.dates.words import all_words
from tracker.dates.words.conditions import OrIf
from tracker.dates.words.counted import Offset
from tracker.dates.words.days import Exact

MOST_CHARACTERS = 10_000
MOST_TURNS = 5
MOST_TRIED = 3  # habits that a suggestion is held against which does not read itself
MOST_READINGS = 60  # of suggestions, until none is looked for any more
MOST_TURNED = 300  # characters of a line that takes more than one turn
MOST_HELPED = 2_000  # characters of a line that has habits looked for in it: nobody writes more

_VOCABULARY = Vocabulary(
    {first: word for word in all_words() for first in word.FIRST}, Exact, Offset, OrIf.parse_after
)


def parse(line: str, helpful: bool = True, names: Container[str] | None = None) -> Form:
    """The form of a line. Not `helpful`, a refusal says only what was expected: the help costs.

    What is offered names no event but those of `names`, where they are known.

    >>> parse("earliest of agi-verified, through 2030").which
    'earliest'

    Raises LineError, whose diagnostic says where, why and what to write instead.
    """
    if not helpful or len(line) > MOST_HELPED:
        return _read(line, helpful=False)
    try:
        return _read(line)
    except LineError as refused:
        turns = MOST_TURNS if len(line) <= MOST_TURNED else 1
        from tracker.dates.suggestions.standing import standing  # as all that helps: when refused

        help_of = _Turns(turns, standing(line, names))
        raise LineError(_most_helpful(refused, help_of)) from None


def parse_day(text: str) -> date:
    """The day that a text is.

    >>> parse_day("2028-02-29")
    datetime.date(2028, 2, 29)

    Raises LineError, whose suggestions are days: of `28.11.2026` the day that it means.
    """
    try:
        form = parse(text)
    except LineError as refused:
        days = tuple(
            Suggestion(suggestion.write, suggestion.reason)
            for suggestion in refused.diagnostic.suggestions
            if suggestion.key is None and _is_day(_read(suggestion.write))
        )
        raise LineError(replace(refused.diagnostic, suggestions=days)) from None
    if isinstance(form, Exact) and _is_day(form):
        return form.day
    raise LineError(Diagnostic("not-a-day", (0, len(text)), (("words", text),)))


def _is_day(form: Form) -> bool:
    return isinstance(form, Exact) and form.clock is None


def parse_duration(text: str) -> Duration:
    """The length that a text states: `3 years`, `2 weeks and 3 days`.

    Raises LineError as parse() does.
    """
    try:
        return _read_duration(text)
    except LineError as refused:
        for diagnostic in refused.diagnostics():
            suggestions = tuple(
                replace(suggestion, key=None)
                for suggestion in diagnostic.suggestions
                if suggestion.key in (None, "lasts", "repeats") and _is_duration(suggestion.write)
            )
            if suggestions:
                raise LineError(replace(diagnostic, suggestions=suggestions)) from None
        raise LineError(replace(refused.diagnostic, suggestions=())) from None


def parse_term_length(text: str) -> Duration:
    """The length of a term: days of the calendar, and one at least.

    Raises LineError as parse() does.
    """
    duration = parse_duration(text)
    case = None if duration.is_length else "lasts-unit"
    if case is None and not any(number for number, _ in duration.parts):
        case = "lasts-nothing"
    if case is not None:
        raise LineError(Diagnostic(case, (0, len(text.rstrip()))))
    return duration


def _read_duration(text: str) -> Duration:
    parser = _parser_of(text, helpful=len(text) <= MOST_HELPED)
    if not parser.token.is_number:
        parser.refuse("number")
    duration = parser.duration()
    parser.expect_end()
    return duration


def _is_duration(text: str) -> bool:
    try:
        _read_duration(text)
    except LineError:
        return False
    return True


class _Turns:
    """How far suggestions are followed, which may be refused in their turn."""

    def __init__(self, most: int, stands: Callable[[str, Form], bool]) -> None:
        self.most = most
        self.stands = stands  #: whether what reads can be offered
        self.readings = MOST_READINGS


def _most_helpful(refused: LineError, turns: _Turns) -> Diagnostic:
    """The first diagnostic that leads to a line that reads, or that has nothing to suggest.

    Where none does, the first of all; one that speaks of other words which there are not, the last.
    """
    diagnostic = refused.diagnostic
    for diagnostic in refused.diagnostics():
        good = tuple(
            readable
            for suggestion in diagnostic.suggestions
            for readable in _readable(suggestion, turns, turns.most)
        )
        if good or (diagnostic is refused.diagnostic and not diagnostic.suggestions):
            by_line = {(suggestion.key, suggestion.write): suggestion for suggestion in good[::-1]}
            return replace(diagnostic, suggestions=tuple(by_line.values())[::-1])
    shown = diagnostic if refused.diagnostic.case == "synonym" else refused.diagnostic
    return replace(shown, suggestions=())


def _readable(suggestion: Suggestion, turns: _Turns, left: int) -> tuple[Suggestion, ...]:
    """The suggestion, or what it leads to: nobody is sent from one refusal to the next.

    A line of several habits ("no later than ninety (90) days prior to the closing") takes as many
    turns until it reads; after so many, there is no suggestion.
    """
    if suggestion.key is not None:
        return (suggestion,)
    if turns.readings <= 0:
        return ()
    turns.readings -= 1
    try:
        form = _read(suggestion.write)
    except LineError as refused:
        if not left:
            return ()
        for diagnostic in islice(refused.diagnostics(), MOST_TRIED):
            good = tuple(
                readable
                for further in diagnostic.suggestions[:2]
                for readable in _readable(_with_reason(further, suggestion), turns, left - 1)
            )
            if good:
                return good
        return ()
    return (suggestion,) if turns.stands(suggestion.write, form) else ()


def _with_reason(further: Suggestion, suggestion: Suggestion) -> Suggestion:
    """What a suggestion leads to, chosen for the same reason unless it has its own."""
    if further.reason:
        return further
    return replace(further, reason=suggestion.reason, values=suggestion.values)


def _read(line: str, helpful: bool = True) -> Form:
    parser = _parser_of(line, helpful)
    form = parser.line()
    parser.expect_end()
    return form


def _parser_of(text: str, helpful: bool) -> Parser:
    if len(text) > MOST_CHARACTERS:
        raise LineError(Diagnostic("line-too-long", (MOST_CHARACTERS, len(text))))
    refuse_look_alikes(text)
    return Parser(text, _VOCABULARY, helpful)
