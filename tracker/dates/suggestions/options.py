"""What may be done, and need not: `may be given until DAY`, `not after DAY, not before DAY`."""

from __future__ import annotations

import re

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.suggestions.deadlines import option_through
from tracker.dates.suggestions.parse_state import ParseState
from tracker.dates.suggestions.vague_periods import vague_period

_ANY_TIME = r"(?:at )?any ?time"
_MAY = (
    r"(?:[^0-9]{0,80}(?<![\w.-]))?(?:may|can|could|is entitled to|has the right to|is free to)"
    rf"(?![\w.-]).{{0,80}}?(?: {_ANY_TIME})?"
)
_OPTION = rf"(?:an? |the )?option(?:al(?:ly)?)?(?: to .{{1,60}}?)?,?(?: {_ANY_TIME})?"
_SAYS_MAY = rf"(?:{_MAY}|{_OPTION}|{_ANY_TIME})"
_THROUGH = (
    r"(?:until|till|by|through|up to(?: and including)?|before|prior to|on or before|on or by"
    r"|(?:no|not) later than|no more than|not after|ending(?: on)?|expir(?:es|ing)(?: on)?)"
)
_UNTIL = re.compile(rf"{_SAYS_MAY} (?P<until>{_THROUGH}) (?P<last>.{{1,200}})")
_BETWEEN = re.compile(
    rf"{_SAYS_MAY} (?:between|from|after|not before|no earlier than) (?P<first>.{{1,200}}?),?"
    rf" (?:and|to|but|{_THROUGH}|and {_THROUGH}|but {_THROUGH}) (?P<last>.{{1,200}})"
)
_FROM = re.compile(
    rf"{_SAYS_MAY} (?:on or after|from|after|not before|(?:no|not) (?:earlier|sooner) than|starting"
    r"|as (?:of|from)) (?P<first>[^,]{1,200})"
)
_ON_ANY_DAY = re.compile(rf"{_MAY} {_ANY_TIME}|optional(?:ly)?|an option")
_SIDES = re.compile(
    r"(?P<one>not before|not after|after) (?P<a>.{1,200}?)(?:,|,? and|,? but)"
    r" (?P<two>not before|not after) (?P<b>.{1,200})"
)
_COUNTED = re.compile(
    r"[0-9]+ (?:business |clear )?(?:hour|day|week|month|quarter|year)|(?:earliest|latest) of "
)


def may_be_done(state: ParseState) -> Diagnostic | None:
    """`may be given until 2030-06-30`, `option to renew by x`, `at any time before x`"""
    text = state.text
    if not any(word in text for word in ("may", "can", "could", "option", "time", " to ")):
        return None
    if match := _BETWEEN.fullmatch(text):
        write = _through(match["last"], match["first"])
    elif match := _UNTIL.fullmatch(text):
        if (vague := vague_period(match["last"])) and vague.refused is not None:
            is_before = match["until"] in ("before", "prior to")
            return Diagnostic("may-be-done", (0, len(text)), (), option_through(vague, is_before))
        write = _through(match["last"])
    elif match := _FROM.fullmatch(text):
        first = Suggestion(f"not before {_in_brackets(match['first'])}", "the-earliest-day")
        return Diagnostic("earliest-day", (0, len(text)), (("words", text),), (first,))
    elif _ON_ANY_DAY.fullmatch(text):
        write = "open"
    else:
        return None
    return Diagnostic("may-be-done", (0, len(text)), (), (Suggestion(write),))


def sides(state: ParseState) -> Diagnostic | None:
    """`not after B, not before A`, `after x, not after B`, `not before A and not after B`"""
    match = _SIDES.fullmatch(state.text)
    if match is None:
        return None
    a, b = match["a"], match["b"]
    match match["one"], match["two"]:
        case "not after", "not before":
            write = _through(a, b)
        case "not after", "not after":
            write = f"not after (earliest of {a}, {b})"
        case _, "not before":
            write = f"not before (latest of {a}, {b})"
        case _:
            write = _through(b, a)
    if write == state.text:
        return None
    return Diagnostic("option-sides", (0, len(state.text)), (), (Suggestion(write),))


def inside(state: ParseState) -> Diagnostic | None:
    """`30 days after (not after x)`, `earliest of not before x, y`: it is a line of its own."""
    is_opening = state.token.is_word("not") and state.words(state.at + 1, 1)[0] in (
        "before",
        "after",
    )
    if not is_opening or state.expected == "end" or state.at == 0:
        return None
    words = " ".join(state.words(state.at, 2))
    whole = re.fullmatch(r"\((?P<inner>not (?:before|after) [^()]+)\)", state.text)
    suggestions = () if whole is None else (Suggestion(whole["inner"]),)
    span = state.span_between(state.at, state.at + 1)
    return Diagnostic("opening-inside", span, (("words", words),), suggestions)


def _through(last: str, first: str | None = None) -> str:
    """The option through that day, from the first on; what is counted or chosen in brackets."""
    through = f"not after {_in_brackets(last)}"
    return through if first is None else f"not before {_in_brackets(first)}, {through}"


def _in_brackets(part: str) -> str:
    return f"({part})" if _COUNTED.match(part) else part
