"""A word for a deadline beside a moment, an event, or a choice of days: `up to 2028-03-15 17:00`.

What stands behind the word is a deadline by itself, so the word is left out; of a choice, each
period is its last day.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.suggestions.deadlines import (
    BEFORE_IT,
    DEADLINES,
    EITHER_WAY,
    ENDING,
    LATEST,
    limits_in,
)
from tracker.dates.suggestions.parse_state import ParseState
from tracker.dates.suggestions.vague_periods import vague_period
from tracker.dates.tokens import ID

_MOMENT = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?P<clock> AoE| [0-9]{2}:[0-9]{2}"
    r"(?: (?:UTC|AoE|[A-Z][A-Za-z_]+/[A-Za-z0-9_+/-]+))?)(?=$|[,)])"
)


def deadline_of_moment(state: ParseState) -> Diagnostic | None:
    """`up to 2028-03-15 17:00`, `due 2028-03-15 AoE`: a moment is a deadline by itself."""
    for word in DEADLINES:
        match = word.pattern.match(state.text)
        moment = match and _MOMENT.match(state.text, match.end())
        if match is None or moment is None or match[0].lower().startswith("not after"):
            continue
        write = moment[0]
        if word is BEFORE_IT and moment["clock"] == " AoE" and moment["day"] > str(date.min):
            write = f"{date.fromisoformat(moment['day']) - timedelta(days=1)} AoE"
        span, words = match.span(), (("words", match[0].strip()),)
        suggestion = Suggestion(state.line_with((match.start(), moment.end()), write))
        return Diagnostic("deadline-phrase", span, words, (suggestion,))
    return None


_EVENT = re.compile(rf"(?:(?:start|end) of )?{ID.pattern}")
_BESIDE_A_DAY = re.compile(
    r"(?:the )?day (?P<way>before|prior to|preceding|after|following) (?P<point>[^,;]{1,200})"
)


def deadline_of_day_beside(state: ParseState) -> Diagnostic | None:
    """`up to the day before x`: that day, and not within a day of x."""
    for word in (LATEST, EITHER_WAY):
        match = word.pattern.match(state.text)
        beside = match and _BESIDE_A_DAY.fullmatch(state.text, match.end())
        if match is None or beside is None:
            continue
        way = "after" if beside["way"] in ("after", "following") else "before"
        suggestion = Suggestion(f"1 day {way} {beside['point']}")
        words = (("words", match[0].strip()),)
        return Diagnostic("deadline-phrase", match.span(), words, (suggestion,))
    return None


def deadline_of_event(state: ParseState) -> Diagnostic | None:
    """`expires x`, `latest x`, `by no later than x`: an event is a deadline by itself."""
    for word in (LATEST, EITHER_WAY, ENDING):
        match = word.pattern.match(state.text)
        point = match and _EVENT.fullmatch(state.text, match.end())
        if match is None or point is None or match[0] == "through ":
            continue
        words, rest = (("words", match[0].strip()),), point[0]
        offered = [Suggestion(rest, "that-day-included")]
        if word is EITHER_WAY:
            offered.append(Suggestion(f"1 day before {rest}", "that-day-not-included"))
        return Diagnostic("deadline-phrase", match.span(), words, tuple(offered))
    return None


_FIRST = "(?:earlier|earliest|sooner|soonest|first)"
_LAST = "(?:later|latest|last)"
_NEAR, _FAR = r"(?:the )?(?P<near>[^,()]{1,80}?)", r"(?:the )?(?P<far>[^,()]{1,80})"
_WHICHEVER = "(?:whichever|whatever)(?: is| comes| occurs)?(?: the)?"
_CHOICES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:(?P<first>{_FIRST})|{_LAST}) of {_NEAR}(?:,| and| or) {_FAR}",
        rf"(?:either )?{_NEAR} or {_FAR},? {_WHICHEVER} (?:(?P<first>{_FIRST})|{_LAST})",
    )
)


def deadline_of_choice(state: ParseState) -> Diagnostic | None:
    """`by the earlier of x and FY2027`, `… whichever is later`: of days, not windows."""
    for word in (LATEST, EITHER_WAY, ENDING):
        start = word.pattern.match(state.text)
        matches = (start and choice.fullmatch(state.text, start.end()) for choice in _CHOICES)
        match = next(filter(None, matches), None)
        if start is None or match is None:
            continue
        sides = [_days_of(match[side]) for side in ("near", "far")]
        which = "earliest" if match["first"] else "latest"
        suggestions = tuple(
            replace(near if near.reason else far, write=f"{which} of {near.write}, {far.write}")
            for near, far in product(*sides)
        )
        words = (("words", state.text),)
        return Diagnostic("synonym", (0, len(state.text)), words, suggestions)
    return None


def _days_of(text: str) -> tuple[Suggestion, ...]:
    """The last days that a period means; what is none, as it is."""
    vague = vague_period(text)
    return limits_in(vague, is_last=True) if vague else (Suggestion(text),)
