"""What stands behind a word for a deadline, or for a first day, and is no day: `until FY2027`.

Each word says which day of a period it means, and vague_periods.py which days a period has: a word
that is new in either place goes with all in the other. What is offered behind a deadline is a
deadline, and never a forecast, which would count to the period's first day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple, TypeAlias

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.expressions import Span
from tracker.dates.suggestions.parse_state import ParseState
from tracker.dates.suggestions.vague_periods import HOUR, Reading, VaguePeriod, vague_period

_LATER = r"(?:(?:no|not) later than|no later|no more than|not past|not beyond|not exceeding)"
_THROUGH = (
    r"through|thru|throughout|(?:up to|until|till|by|to) and including|up to and through"
    rf"|(?:by )?{_LATER}(?: than)?(?: the)?|(?:on|by|at|in)(?: or |/)(?:before|by|prior to)"
    r"|at most|max(?:imum|\.)?(?: of)?|<=|=<"
    r"|(?:by |at )?(?:the )?(?:very )?latest(?: by| on| in|:)?|as late as|within|inside(?: of)?"
    r"|(?:deadline|cut-?off|limit)(?::| is| of| in)?|ending(?: on| in| with| at)?"
)
_EITHER = r"up until|up till|upto|up to|until|'?till?|by"
_BEFORE = (
    r"before|prior to|ahead of|in advance of|preceding|(?:earlier|sooner) than|short of"
    r"|not later than the day before|the day before|on the eve of|<"
)
_NOT_BEFORE = (
    r">=|=>|not before|(?:no|not) (?:earlier|sooner) than|on or after|in or after|not until"
    r"|at the (?:very )?earliest(?: in| on)?|(?:the )?earliest(?: in| on|:)|as early as"
    r"|any ?time from|as (?:of|from)"
    r"|(?:starting|beginning|commencing|effective)(?: in| on| from| with)?|from|since"
)
_AFTER = r">|after|following|subsequent to|later than|past"
_DUE = (
    r"(?:(?:is|are|to be|must be|shall be|falls) )?(?:due|payable|done|completed|delivered|filed"
    r"|submitted|paid|signed|ends?|expir(?:es|ing|y)|matures|runs|valid|lasts|open)(?: (?=\w))?"
)
#: What ends, ends in a period at its last day; what is done or signed in one, on some day of it.
_ENDS = (
    r"(?:(?:is|are|to be|must be|shall be|falls) )?(?:due|payable|ends|expir(?:es|ing|y)"
    r"|matures|closes|lapses|terminates)(?: in| on| at| with| by|:)?"
)
_ABOUT = r"(?:about|around|approx(?:\.|imately)?|roughly|circa|ca\.?|c\.|~)"
_BEHIND = (
    r"(?:at the (?:very )?latest|latest|or (?:earlier|sooner|before)|inclusive|\(inclusive\)"
    r"|deadline|at most|max(?:imum)?\.?)"
)
_START = r"(?:^|(?<=\()|(?<=[(,] )|(?<=, or )|(?<=earliest of )|(?<=latest of ))"

_Writes: TypeAlias = Callable[[Reading], str]


class DeadlineWord(NamedTuple):
    """Words for a day of a period, and the line for it; `pattern` matches them at their place."""

    pattern: re.Pattern[str]
    write: _Writes
    reason: str  #: where the reading has none of its own
    first_day: bool  #: whether the line is about the period's first day, or the first behind it


def _is_day(text: str) -> bool:
    return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None


def _in_brackets(text: str) -> str:
    return text if _is_day(text) or text.startswith(("start of", "end of")) else f"({text})"


def _through(reading: Reading) -> str:
    if reading.period:
        return f"through {reading.period}"
    return (
        f"through {reading.last}" if _is_day(reading.last) and not reading.is_day else reading.last
    )


def _before(reading: Reading) -> str:
    if reading.period and not reading.is_day:
        return f"before {reading.period}"
    if _is_day(reading.first):
        return f"before {reading.first}"
    return f"1 day before {_in_brackets(reading.first)}"


def _not_after(reading: Reading) -> str:
    return f"not after {_in_brackets(reading.last)}"


def _not_before(reading: Reading) -> str:
    return f"not before {_in_brackets(reading.first)}"


def _following(reading: Reading) -> str:
    if not _is_day(reading.last):
        return f"not before (1 day after {_in_brackets(reading.last)})"
    last = date.fromisoformat(reading.last)
    return f"not before {last if last == date.max else last + timedelta(days=1)}"


def _word(words: str, write: _Writes, reason: str, first_day: bool = False) -> DeadlineWord:
    pattern = re.compile(
        rf"{_START}(?:{_DUE})?(?:some ?time )?(?:{words})(?: |(?<=[<>=]))"
        rf"(?:{_ABOUT} ?)?(?:the )?(?=[\w'(])",
        re.IGNORECASE,
    )
    return DeadlineWord(pattern, write, reason, first_day)


LATEST = _word(_THROUGH, _through, "its-last-day")
EITHER_WAY = _word(_EITHER, _through, "its-last-day")
BEFORE_IT = _word(_BEFORE, _before, "the-day-before-it", first_day=True)
ENDING = _word(_ENDS, _through, "its-last-day")
#: The first that fits, so that "up to and including" stands before "up to".
DEADLINE_WORDS: tuple[DeadlineWord, ...] = (
    _word("not after", _not_after, "its-last-day"),
    _word(_NOT_BEFORE, _not_before, "the-earliest-day", first_day=True),
    LATEST,
    EITHER_WAY,
    BEFORE_IT,
    _word(_AFTER, _following, "the-earliest-day", first_day=True),
    ENDING,
)
#: Those that are deadlines; from the others on something may happen.
DEADLINES = tuple(word for word in DEADLINE_WORDS if word.write in (_through, _before, _not_after))
_BEHIND_IN_JAPANESE = re.compile(  # a range from one day to another is none
    r"^(?!.*(?:から|[~\u301c\uff5e])).*(?:(?:まで|迄|以前|以内|より前|前|うち|限り?|いっぱい)に?は?|期限|締切り?|締め切り|〆切り?"
    r"|必着)[ 。]*$|^遅くとも"
)
_OF_ITS_END = re.compile(
    r"(?:very )?(?:end|close|last day|expiry|eo[hmyq][1-4]?|month[ -]?end|quarter[ -]?end"
    r"|(?:(?:fiscal |financial )?year|fy)[ -]?end|fye(?= [0-9]{4}$))\b",
    re.IGNORECASE,
)
_AN_EDGE = re.compile(r"(?:the )?(?:end|close|eo[hqy]) ", re.IGNORECASE)  # an edge is one day
_BEHIND_IT = re.compile(rf"(?P<rest>[^()]{{2,60}}?),? {_BEHIND}", re.IGNORECASE)
_COUNTED = re.compile(
    r"(?<![\w-])[0-9]+ (?:business |clear )?(?:hour|day|week|month|quarter|year)s? "
    r"(?P<way>before|after|prior to|preceding|following) (?:the )?(?=\w)",
    re.IGNORECASE,
)
_YEAR_FOLLOWS = re.compile(r".* (?:or|and) [^,]*[0-9]{4}")  # spring or summer 2027
#: March 15, 2027; 15 March 2027, 5 pm
_GOES_ON = re.compile(rf",? (?:of )?[0-9]{{4}}\b|,? {HOUR}", re.IGNORECASE)
_IN_A_LIST = re.compile(r".*?\b(?:earliest|latest) of |not before ")
_BREAK = re.compile(r"[,)]| (?:if|unless|provided|and|or|whichever|but)\b")
_WORDS_HERE = ("through", "before", "not after", "not before")
#: What other rules say of a period or a day that the words here have.
_NOTATIONS = ("other-notation", "either-order", "synonym")


def deadline_of_period(state: ParseState) -> Diagnostic | None:
    """`until FY2027`, `no later than mid-March`, `summer 2027 at the latest`"""
    text = state.text
    behind = _BEHIND_IT.fullmatch(text)
    end = behind.end("rest") if behind else len(text)
    for word in DEADLINE_WORDS:
        for match in word.pattern.finditer(text, 0, end):
            if text[: match.start()].endswith(", ") and not _IN_A_LIST.match(text):
                continue  # a limit beside a day: limits.py
            for stop in _stops(text, match.end(), end):
                vague = vague_period(text[match.end() : stop].strip())
                if vague and (stop == end or not _goes_on(text, match.end(), stop, end)):
                    span = (match.start(), len(text) if behind and stop == end else stop)
                    rest = text[match.end() : stop]
                    if diagnostic := _diagnostic(state, word, vague, span, rest):
                        return diagnostic
                    break
    rest = re.sub("^(?:in|on|by|at|with) ", "", behind["rest"]) if behind else ""
    if rest and (vague := vague_period(rest)):
        return _diagnostic(state, LATEST, vague, (0, len(text)), rest)
    if _AN_EDGE.match(text) and (vague := vague_period(text)) and not _has_notation(vague):
        return _diagnostic(state, LATEST, vague, (0, len(text)), text)
    return None


def _goes_on(text: str, start: int, stop: int, end: int) -> bool:
    """Whether the period from `start` on is not yet whole at `stop`."""
    has_year = re.search("[0-9]{4}", text[start:stop])
    return bool(
        _GOES_ON.match(text, stop, end) or (not has_year and _YEAR_FOLLOWS.match(text, stop, end))
    )


def is_deadline(text: str) -> bool:
    """Whether a word for a deadline stands before all of a line, or behind it.

    >>> is_deadline("until FY2027"), is_deadline("2027年度まで"), is_deadline("from FY2027")
    (True, True, False)
    """
    return (
        any(word.pattern.match(text) for word in DEADLINES)
        or _BEHIND_IT.fullmatch(text) is not None
        or _BEHIND_IN_JAPANESE.match(text) is not None
    )


def _has_notation(vague: VaguePeriod) -> bool:
    """Whether it is a period of the words here, in whatever notation."""
    return vague.refused is None or vague.refused.case in _NOTATIONS


def _stops(text: str, start: int, end: int) -> Iterator[int]:
    """Where the period can stop that begins there: with the line, or before what goes on."""
    yield end
    breaks = [match.start() for match in _BREAK.finditer(text, start, end)]
    yield from reversed(breaks[:4])


def _diagnostic(
    state: ParseState, word: DeadlineWord, vague: VaguePeriod, span: Span, rest: str
) -> Diagnostic | None:
    readings = vague.readings
    notation = _has_notation(vague)
    words = state.text[slice(*span)]
    if word is BEFORE_IT and _OF_ITS_END.match(rest):
        word = LATEST  # before the end of a year is by its last day
    has_name = readings[0].period is not None or readings[0].is_day
    if notation and has_name and len(readings) == 1 and not readings[0].reason:
        own = state.text[span[0] : span[1] - len(rest)].strip().lower()
        if vague.refused is None and own in _WORDS_HERE and not _OF_ITS_END.match(rest):
            return None
        if word.first_day and word is not BEFORE_IT:
            return None  # `after 2027` is read both ways: rules.py
        is_named = readings[0].is_day or (word is EITHER_WAY and readings[0].period is not None)
        if is_named and not _OF_ITS_END.match(rest):
            return _named(state, word, readings[0], span, rest)
    suggestions = dict[str, Suggestion]()
    for reading in readings:
        line = state.line_with(span, word.write(reading))
        suggestions.setdefault(line, Suggestion(line, *_reason(word, reading)))
    case = "deadline-of-period"
    values: tuple[tuple[str, str], ...] = (("words", words),)
    if vague.refused is not None and not notation and vague.refused.case != "range":
        case, values = vague.refused.case, vague.refused.values
    return Diagnostic(case, span, values, tuple(suggestions.values()))


def _named(
    state: ParseState, word: DeadlineWord, reading: Reading, span: Span, rest: str
) -> Diagnostic:
    """`until Q3 2027`: lawyers read both ways what has a name; a day is a deadline by itself."""
    head = (span[0], span[0] + len(state.text[span[0] : span[1]].removesuffix(rest).rstrip()))
    words = state.text[slice(*head)]
    if word is not EITHER_WAY:
        suggestion = Suggestion(state.line_with(span, word.write(reading)))
        return Diagnostic("deadline-phrase", head, (("words", words),), (suggestion,))
    name = reading.period or reading.last
    of = "that-day" if reading.is_day else "period"
    suggestions = (
        Suggestion(state.line_with(span, f"through {name}"), f"{of}-included"),
        Suggestion(state.line_with(span, f"before {name}"), f"{of}-not-included"),
    )
    return Diagnostic("until", head, (("word", words),), suggestions)


def _reason(word: DeadlineWord, reading: Reading) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Whose year it is matters most; else, which day it comes to."""
    if reading.reason.startswith(("in-", "from-", "fiscal", "estimated")):
        return reading.reason, reading.values
    return word.reason, () if word.first_day else (("day", reading.last),)


def option_through(vague: VaguePeriod, is_before: bool) -> tuple[Suggestion, ...]:
    """What may be done through a period, or on any day before it.

    >>> [option.write for option in option_through(vague_period("summer 2027"), is_before=True)]
    ['not after 2027-03-31', 'not after 2027-06-30']
    """
    options = dict[str, Suggestion]()
    for reading in vague.readings:
        line = _not_after(reading)
        if is_before and _is_day(reading.first):
            line = f"not after {date.fromisoformat(reading.first) - timedelta(days=1)}"
        options.setdefault(line, Suggestion(line, *_reason(BEFORE_IT, reading)))
    return tuple(
        replace(option, reason=option.reason if len(options) > 1 else "")
        for option in options.values()
    )


def limits_in(vague: VaguePeriod, is_last: bool) -> tuple[Suggestion, ...]:
    """The days of a period to which a limit can go: its last, or its first for what is not sooner.

    >>> [limit.write for limit in limits_in(vague_period("FY2027"), is_last=True)]
    ['through 2027-09-30', 'through 2028-03-31']
    """
    word = LATEST if is_last else DEADLINE_WORDS[1]
    limits = dict[str, Suggestion]()
    for reading in vague.readings:
        line = word.write(reading).removeprefix("not before ")
        limits.setdefault(line, Suggestion(line, *_reason(word, reading)))
    return tuple(limits.values())


def count_of_period(state: ParseState) -> Diagnostic | None:
    """`30 days after FY2027`: counted from its last day on; back, from its first."""
    for match in _COUNTED.finditer(state.text):
        for stop in _stops(state.text, match.end(), len(state.text)):
            vague = vague_period(state.text[match.end() : stop].strip())
            if vague is None or vague.refused is None or _has_notation(vague):
                continue
            back = match["way"].lower() not in ("after", "following")
            days = {
                reading.first if back else reading.last: (reading.reason, reading.values)
                for reading in vague.readings
            }
            span = (match.start("way"), stop)
            suggestions = tuple(
                Suggestion(
                    state.line_with(span, f"{'before' if back else 'after'} {_in_brackets(day)}"),
                    *reason,
                )
                for day, reason in days.items()
            )
            return Diagnostic(vague.refused.case, span, vague.refused.values, suggestions)
    return None
