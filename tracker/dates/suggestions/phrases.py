"""Turns of phrase for which the language has its own: a table of what people write, and its lines.

`earlier of a and b`, `30 days prior to x`, `no earlier than 2028-03-15`, `within 30 days of x`. The
first row that fits wins. A template is a regular expression's: \\1 is what the first group holds.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.suggestions.parse_state import ParseState

_DAY_OR_PERIOD = r"([0-9]{4}(?:-[HQ][0-9]|-W[0-9]{2}|-[0-9]{2}(?:-[0-9]{2})?)?)"
_WHOLE_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DURATION = r"([0-9]+ (?:business |clear )?(?:hour|day|week|month|quarter|year)s?)"
_REST = r"([^,()]{1,80})"  # bounded, so that a long line costs no more than its length
_NAME = r"([a-z][a-z0-9._/-]*|[0-9-]{10})"
_COUNT = r"([0-9]+) ?(business day|clear day|day|week|month|quarter|year|hour)s?"
_UNIT = r"(week|month|quarter|half-year|year)"
_WHICHEVER = r"(?:whichever|whatever) (?:is |comes |occurs )?(?:the )?"
_FIRST = r"(?:earlier|earliest|first|sooner|soonest)"
_LAST = r"(?:later|latest|last)"
_ABOUT = r"(?:ca\.?|circa|c\.|about|around|approx(?:\.|imately)?|roughly|~)"
_GLUED_UNIT = r"((?:hour|day|week|month|quarter|year)s?)"
_ANYWHERE = r"(?:\((?:aoe|anywhere on earth)\)|(?!(?-i:AoE))aoe|anywhere on earth)"
_DUE = (
    r"(?:(?:is |falls? |to be )?(?:due|payable|done|completed)|expir(?:es|ing|y)|end(?:s|ing)"
    r"|matures)"
)
_COUNTED = r"(?! (?:hour|day|week|month|quarter|year|business|clear))"


class Phrase(NamedTuple):
    """What people write, the sentence that explains why it is refused, and the lines to write."""

    case: str
    pattern: re.Pattern[str]
    suggestions: tuple[tuple[str, str], ...]  #: template, and the reason to choose it


def _phrase(case: str, pattern: str, *suggestions: tuple[str, str] | str) -> Phrase:
    spaced = rf"(?<![\w/.-])(?:{pattern})(?![\w/-])"
    pairs = tuple(
        (suggestion, "") if isinstance(suggestion, str) else suggestion
        for suggestion in suggestions
    )
    return Phrase(case, re.compile(spaced, re.IGNORECASE), pairs)


_LENGTH = r"(?:[0-9]|[a-z]+ (?:[(]|day|week|month|year))"
_LISTED = r"([^()]{1,200}?,[^,()]{1,80}?),? (?:and|or) ([^,()]{1,80})"
_FIRST_OF = r"(?:the )?(?:whichever|whatever) is (?:the )?(?:earlier|earliest|first) of"
_LAST_OF = r"(?:the )?(?:whichever|whatever) is (?:the )?(?:later|latest|last) of"
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_GUESS = (
    r"(?:expected|est|est\.|estimated|tentative|tentatively|planned|planned for|targeted|target"
    r"|tbc|tbd|tba|t\.b\.[acd]\.|to be (?:confirmed|determined|announced|agreed|decided)"
    r"|provisional|provisionally|indicative|unconfirmed|preliminary|projected|forecast|anticipated"
    r"|scheduled(?: for)?|subject to change)"
)

PHRASES: tuple[Phrase, ...] = (
    # -- the end of a day anywhere on earth
    _phrase(
        "aoe-day", rf"(?:through|by|until) ({_WHOLE_DAY}),? (?:aoe|anywhere on earth)", r"\1 AoE"
    ),
    _phrase(
        "aoe-day",
        rf"({_WHOLE_DAY}),? (?!(?-i:AoE))(?:aoe|[(]aoe[)]|[(]?anywhere on earth[)]?)",
        r"\1 AoE",
    ),
    # -- what says nothing
    _phrase(
        "says-nothing",
        rf"\({_WEEKDAY}\)|{_WEEKDAY},?(?= (?:[0-9]{{1,2}}\b(?!:| ?[aph])|{_WHOLE_DAY}))",
        "",
    ),
    _phrase("says-nothing", r"\((?:[a-z]|i{1,3}|iv|v)\)(?= )", ""),
    _phrase("says-nothing", rf"{_NAME},? if ever", r"\1"),
    _phrase(
        "says-nothing",
        rf"for(?: a (?:period|term) of)?(?= {_LENGTH})",
        "",
    ),
    _phrase(
        "says-nothing",
        rf"(?:the )?(?:(?:actual |exact )?(?:date|time|moment)(?: of| when"
        rf"| on which| that| at which)"
        rf"|day (?:when|on which|that)) (?:the )?{_NAME}",
        r"\1",
    ),
    _phrase(
        "says-nothing",
        rf"{_NAME}(?:'s date| (?:occurs|happens|takes place|has (?:occurred|happened)))",
        r"\1",
    ),
    _phrase(
        "says-nothing",
        rf"^{_DUE}(?: on)?:?(?= (?:[0-9]|within\b|no later\b|by\b|before\b|(?:start|end) of\b))",
        "",
    ),
    _phrase(
        "synonym",
        rf"({_WHOLE_DAY}(?: [0-9]{{2}}:[0-9]{{2}})?),? {_ANYWHERE}",
        r"\1 AoE",
    ),
    _phrase("end-of-day", rf"({_WHOLE_DAY}),? (?:\(?eod\)?|end of (?:the )?day)", r"\1"),
    _phrase("synonym", r"^(?:prior to|in advance of|ahead of|preceding)", "before"),
    # -- the first, the last of several
    _phrase(
        "synonym",
        rf"(?:the )?(?:earlier|sooner|first) (?:of|between) {_REST} (?:and|or) {_REST}",
        r"earliest of \1, \2",
    ),
    _phrase(
        "synonym",
        rf"(?:the )?(?:later|last) (?:of|between) {_REST} (?:and|or) {_REST}",
        r"latest of \1, \2",
    ),
    _phrase("synonym", r"(?:the )?(?:earlier|sooner|first) of(?= [^()]{1,200},)", "earliest of"),
    _phrase("synonym", r"(?:the )?(?:later|last) of(?= [^()]{1,200},)", "latest of"),
    _phrase(
        "synonym", rf"(?:either )?{_REST} or {_REST}, ?{_WHICHEVER}{_FIRST}", r"earliest of \1, \2"
    ),
    _phrase(
        "synonym", rf"(?:either )?{_REST} or {_REST}, ?{_WHICHEVER}{_LAST}", r"latest of \1, \2"
    ),
    _phrase(
        "synonym", r"(earliest|latest) (?:among|between|from|to occur of|to happen of)", r"\1 of"
    ),
    _phrase("synonym", r"(earliest|latest)(?= (?!of )[^,()]{1,80},)", r"\1 of"),
    _phrase(
        "synonym",
        rf"(earliest|latest) of {_LISTED}",
        r"\1 of \2, \3",
    ),
    _phrase("synonym", r"min ?\(([^()]{1,200})\)", r"earliest of \1"),
    _phrase("synonym", r"max ?\(([^()]{1,200})\)", r"latest of \1"),
    _phrase(
        "synonym",
        _FIRST_OF,
        "earliest of",
    ),
    _phrase(
        "synonym",
        _LAST_OF,
        "latest of",
    ),
    _phrase(
        "synonym", rf"(earliest|latest) of ([^,()]{1, 80}) (?:and|or) {_REST}", r"\1 of \2, \3"
    ),
    # -- counted from a day
    _phrase("synonym", rf"([0-9]+){_GLUED_UNIT}", r"\1 \2"),
    _phrase(
        "says-nothing",
        r"([0-9]+) (?:calendar|successive) ((?:month|week|year|quarter)s?)",
        r"\1 \2",
    ),
    _phrase("synonym", rf"{_DURATION} (?:prior to|preceding|ahead of|in advance of)", r"\1 before"),
    _phrase("synonym", rf"{_DURATION} (?:later than|post|past|subsequent to)", r"\1 after"),
    _phrase("synonym", rf"{_NAME} ?\+ ?{_COUNT}", r"\2 \3s after \1"),
    _phrase("synonym", rf"{_NAME} - {_COUNT}", r"\2 \3s before \1"),
    _phrase("synonym", rf"{_NAME} ?\+ ?([0-9]+) ?d", r"\2 days after \1"),
    _phrase("synonym", r"half a year", "6 months"),
    _phrase("synonym", r"(?:a|1|one) year and a half", "18 months"),
    _phrase("synonym", r"([0-9]+) ?d (after|before)", r"\1 days \2"),
    _phrase("synonym", r"([0-9]+) ?w (after|before)", r"\1 weeks \2"),
    _phrase("synonym", r"([0-9]+) ?y (after|before)", r"\1 years \2"),
    _phrase("synonym", r"([0-9]+) ?(?:h|hrs?) (after|before)", r"\1 hours \2"),
    _phrase("synonym", r"(?:the )?(?:first )?anniversary of", "1 year after"),
    _phrase("minutes", r"[0-9]+ (?:minutes?|mins?|seconds?|secs?)"),
    _phrase("synonym", rf"{_NAME} plus {_COUNT}", r"\2 \3s after \1"),
    _phrase("synonym", rf"{_NAME} (?:minus|less) {_COUNT}", r"\2 \3s before \1"),
    _phrase(
        "says-nothing",
        (
            rf"{_DURATION}(?:'|'s)? (?:(?:prior|advance|written"
            rf"|previous),? )*notice(?= (?:before|prior))"
        ),
        r"\1",
    ),
    # -- windows
    _phrase(
        "synonym",
        rf"(?:in|during|for) the (?:first |next )?{_DURATION} (?:after|following)",
        r"within \1 after",
    ),
    _phrase(
        "synonym",
        rf"(?:in|during|for) the (?:last )?{_DURATION} (?:before|preceding|prior to)",
        r"within \1 before",
    ),
    _phrase(
        "synonym",
        rf"(?:no|not) more than {_DURATION} (?:before|preceding|prior to)",
        r"within \1 before",
    ),
    _phrase("synonym", r"(?:in|during) (?:the )?(?:calendar )?year ([0-9]{4})", r"in \1"),
    _phrase("synonym", r"(?:the )?(?:calendar )?year (?:of )?([0-9]{4})", r"\1"),
    _phrase("synonym", r"(?<!end of )(?<!start of )(?:the )?month of ([0-9]{4}-[0-9]{2})", r"\1"),
    _phrase(
        "within-of",
        rf"within {_DURATION} (?:of|from|to)",
        (r"within \1 after", "that-day-or-later"),
        (r"within \1 before", "that-day-or-sooner"),
    ),
    _phrase(
        "synonym",
        rf"(?:no|not) more than {_DURATION} (after|following)",
        r"within \1 after",
    ),
    _phrase(
        "synonym", rf"(?:at most|up to|not exceeding) {_DURATION} (after|before)", r"within \1 \2"
    ),
    _phrase("synonym", rf"within {_DURATION} (?:following|since)", r"within \1 after"),
    _phrase("synonym", rf"within {_DURATION} (?:prior to|preceding)", r"within \1 before"),
    _phrase(
        "synonym",
        rf"(?:within|during|some ?time in|any time in) (?:the year )?{_DAY_OR_PERIOD}{_COUNTED}",
        r"in \1",
    ),
    _phrase(
        "range",
        rf"(?:from )?{_DAY_OR_PERIOD} (?:to|until|till|through|thru|-|\u2013) {_DAY_OR_PERIOD}",
        (r"between \1 and \2", "a-window"),
    ),
    _phrase("range", r"([0-9]{4})[-/]([0-9]{4})", (r"between \1 and \2", "a-window")),
    _phrase(
        "synonym",
        rf"between {_DAY_OR_PERIOD} (?:to|-|until|through) {_DAY_OR_PERIOD}",
        r"between \1 and \2",
    ),
    _phrase(
        "about",
        rf"(?:{_GUESS},? (?:for )?({_WHOLE_DAY})|({_WHOLE_DAY}),? ?(?:\?|\({_GUESS}\)|{_GUESS}))",
        (r"\1\2", "day-unconfirmed"),
    ),
    _phrase("about", rf"(?:in )?{_ABOUT} ?{_DAY_OR_PERIOD}", (r"in \1", "an-unknown-day")),
    _phrase("about", rf"(?:{_GUESS}),? (?:in )?{_DAY_OR_PERIOD}", (r"in \1", "an-unknown-day")),
    _phrase(
        "about",
        rf"(?:in )?{_DAY_OR_PERIOD} ?(?:\?|\({_GUESS}\)|{_GUESS}\.?)",
        (r"in \1", "an-unknown-day"),
    ),
    _phrase(
        "instant-alone",
        r"(?:through|before|in|on) ([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2})",
        r"\1",
    ),
    # -- not before
    _phrase("synonym", rf"{_DAY_OR_PERIOD} (?:onwards?|on|and later|or later)", r"not before \1"),
    _phrase("synonym", rf"from {_DAY_OR_PERIOD}", r"not before \1"),
    _phrase("synonym", rf"(?:no|not) (?:earlier|sooner) than {_REST}", r"not before \1"),
    _phrase("synonym", rf"on or after {_REST}", r"not before \1"),
    _phrase(
        "synonym", rf"(?:starting |as )?from {_REST} (?:on|onwards?|forward)", r"not before \1"
    ),
    _phrase(
        "synonym", rf"(?:as of|effective|starting|beginning) {_DAY_OR_PERIOD}", r"not before \1"
    ),
    # -- edges
    _phrase(
        "synonym",
        rf"(?:the )?(?:end|close|last day) of (?:each|every) (?:calendar )?{_UNIT}",
        (r"each end of \1", "with-during"),
    ),
    _phrase(
        "synonym",
        rf"(?:the )?(?:start|beginning|first day) of (?:each|every) (?:calendar )?{_UNIT}",
        (r"each start of \1", "with-during"),
    ),
    _phrase("synonym", rf"(?:the )?(start|end) of (?:each|every) {_NAME}", r"each \1 of \2"),
    _phrase(
        "synonym",
        rf"(start|end) of (?:the )?{_UNIT} (?:following|after) {_REST}",
        r"\1 of \2 of (1 \2 after \3)",
    ),
    _phrase("synonym", rf"end of (?:the )?year {_DAY_OR_PERIOD}", r"through \1"),
    _phrase(
        "synonym",
        rf"(start|end) of the {_UNIT} (?:of|in which|containing|that holds)",
        r"\1 of \2 of",
    ),
    _phrase("synonym", r"(?:beginning|first day) of", "start of"),
    _phrase("synonym", r"(?:close|last day|expiry|expiration) of", "end of"),
    _phrase("synonym", r"(start|end) of the", r"\1 of"),
    _phrase("synonym", r"(?:due date|deadline) of", "due day of"),
    _phrase(
        "synonym",
        r"(?:upon|at the time of|as soon as|at(?! least| the latest| most)|when|once)",
        "",
    ),
    _phrase("edge-of-day", r"(?:start|end) of day of", ""),
)


def turn_of_phrase(state: ParseState) -> Diagnostic | None:
    """A phrase for which the words have their own."""
    for phrase in PHRASES:
        if (match := phrase.pattern.search(state.text)) is None:
            continue
        suggestions = tuple(
            Suggestion(state.line_with(match.span(), match.expand(template)), reason)
            for template, reason in phrase.suggestions
        )
        return Diagnostic(phrase.case, match.span(), (("words", match[0].strip()),), suggestions)
    return None


_ARTICLE = re.compile(r"(?<![\w/.-])the ")


def article(state: ParseState) -> Diagnostic | None:
    """`30 days after the closing`"""
    match = _ARTICLE.search(state.text)
    if match is None:
        return None
    suggestions = (Suggestion(state.line_with(match.span(), "")),)
    return Diagnostic("says-nothing", match.span(), (("words", "the"),), suggestions)
