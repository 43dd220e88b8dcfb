"""What somebody may do in some window, or not at all: `may be exercised within 30 days after x`."""

from __future__ import annotations

import re

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.periods import parse_period
from tracker.dates.suggestions.parse_state import ParseState, existing_period
from tracker.dates.suggestions.promises import as_operand

_RIGHT = (
    r"(?:(?:the |an )?(?:option|right|entitlement)(?: to [a-z-]{2,20}(?: [a-z-]{2,20}){0,3}?)?"
    r"(?: is| may be| can be)?(?: exercisable| exercised| open| available)?|optional(?:ly)?"
    r"|exercisable|exercise|can be exercised|break (?:option|right|clause)|call option|put option)"
)
#: Without a verb behind it, `may` is the month.
_MAY = (
    r"(?:(?:[a-z]{1,20} ){0,4}(?:may|can|shall be entitled to|is entitled to|has the right to)"
    rf"(?:(?: be)?(?: [a-z-]{{2,20}}){{1,6}}?|(?= until| by))|{_RIGHT})"
)
_ANY_TIME = r"(?:at )?any ?time|at any point|whenever|on any day"
_LEAD = rf"(?:{_MAY}(?:,? (?:{_ANY_TIME}))?|{_ANY_TIME})[:,]?"
_POINT = r"(?P<last>.{1,200}?)"
_WITHIN = re.compile(
    (
        rf"{_LEAD} (?:within|for|in) (?:the )?(?P<length>[^,]{{1,60}}?) (?:after"
        rf"|of|following|from) {_POINT}"
    ),
    re.IGNORECASE,
)
_DURING = re.compile(
    rf"{_LEAD} (?:in|during|within|throughout) (?P<last>[0-9QHW-]{{4,10}})", re.IGNORECASE
)
_BOTH = re.compile(
    r"(?:no|not) (?:earlier|sooner) than (?P<first>.{1,200}?),? (?:and|but|nor)?,? ?"
    r"(?:(?:no|not) later than|later than) (?P<last>.{1,200})",
    re.IGNORECASE,
)


def window(state: ParseState) -> Diagnostic | None:
    """A whole line that says when something may be done: `not before …, not after …`."""
    text = state.text
    if match := _BOTH.fullmatch(text):
        return _from_and_through(text, match)
    if match := _WITHIN.fullmatch(text):
        point = as_operand(match["last"])
        write = f"not before {point}, not after ({match['length']} after {point})"
    elif (match := _DURING.fullmatch(text)) and (name := existing_period(match["last"])):
        write = f"not before {_first(name)}, not after {_last(name)}"
    else:
        return None
    suggestions = (Suggestion(write, "an-option"),)
    return Diagnostic("may-be-done", (0, len(text)), (), suggestions)


def _first(point: str) -> str:
    name = existing_period(point)
    return as_operand(point) if name is None else str(parse_period(name).first)


def _last(point: str) -> str:
    name = existing_period(point)
    return as_operand(point) if name is None else str(parse_period(name).last)


def _from_and_through(text: str, match: re.Match[str]) -> Diagnostic:
    """`no earlier than A and no later than B`: what is due in between, or what may be done."""
    first, last = match["first"], match["last"]
    suggestions = (
        Suggestion(f"between {first} and {last}", "a-window"),
        Suggestion(f"not before {_first(first)}, not after {_last(last)}", "an-option"),
    )
    return Diagnostic("synonym", (0, len(text)), (("words", text),), suggestions)
