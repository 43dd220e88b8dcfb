"""Lines with a second day: a limit, another length, or what counts otherwise; days that are about.

`30 days after x, but not later than 2028-06-30`, `not less than 3 nor more than 6 months before
x`, `2031-03-24 if x, otherwise 2036-03-24`: both days are kept in what is offered.
"""

from __future__ import annotations

import re
from dataclasses import replace

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.periods import parse_period
from tracker.dates.suggestions.deadlines import limits_in
from tracker.dates.suggestions.numbers import NUMBER_WORDS, whole_number
from tracker.dates.suggestions.parse_state import ParseState, existing_period
from tracker.dates.suggestions.promises import as_operand
from tracker.dates.suggestions.vague_periods import vague_period
from tracker.dates.tokens import ID

_WAY = r"(?:after|following|from|before|prior to|preceding)"
_LENGTH = rf"(?:(?!\b(?:{_WAY}|and|but|nor|than|to)\b)[^,;]){{1,60}}?"
_AND = r",? (?:and|but|nor|or),? "
_NO = r"(?:(?:no|not|neither) )?"
_LEAST = (
    rf"(?:at least|a minimum of|minimum|{_NO}(?:less|fewer) than"
    r"|(?:no|not) (?:earlier|sooner) than)"
)
_MOST = rf"(?:at most|up to|a maximum of|maximum|{_NO}(?:more|longer|greater) than)"
_LATER = rf"(?:{_NO}later than)"
_EARLIER = r"(?:(?:no|not) (?:earlier|sooner) than)"
_FROM_POINT = rf" (?P<way>{_WAY}) (?P<point>.{{1,200}})"

#: Each names the lengths by the day that they lead to (first, last), or by their size (less, more).
_TWO_LENGTHS = tuple(
    re.compile(pattern + _FROM_POINT, re.IGNORECASE)
    for pattern in (
        rf"{_EARLIER} (?P<first>{_LENGTH}){_AND}{_LATER} (?P<last>{_LENGTH})",
        rf"(?:no|not) later than (?P<last>{_LENGTH}){_AND}{_EARLIER} (?P<first>{_LENGTH})",
        rf"{_LEAST} (?P<less>{_LENGTH}){_AND}{_MOST} (?P<more>{_LENGTH})",
        rf"{_MOST} (?P<more>{_LENGTH}){_AND}{_LEAST} (?P<less>{_LENGTH})",
        rf"between (?P<one>{_LENGTH}) (?:and|to) (?P<two>{_LENGTH})",
        rf"(?P<one>{_LENGTH}) to (?P<two>{_LENGTH})",
        rf"(?P<one>[0-9]{{1,4}}) ?- ?(?P<two>[0-9]{_LENGTH})",
    )
)
_UNIT = re.compile(
    r" (?P<unit>(?:(?:business|working|clear|calendar) )?"
    r"(?P<word>hour|day|week|month|quarter|year)s?)$"
)
_DAYS_OF = {"hour": 1 / 24, "day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}


def two_lengths(state: ParseState) -> Diagnostic | None:
    """`not earlier than 6 months and not later than 3 months before x`, `30 to 60 days after x`"""
    for pattern in _TWO_LENGTHS:
        if (match := pattern.fullmatch(state.text)) and (pair := _pair(match)):
            way = "after" if match["way"] in ("after", "following", "from") else "before"
            first, last = (f"{length} {way} {as_operand(match['point'])}" for length in pair)
            suggestions = (
                Suggestion(f"between {first} and {last}", "a-window"),
                Suggestion(f"not before ({first}), not after ({last})", "an-option"),
            )
            span = (0, len(state.text))
            return Diagnostic("synonym", span, (("words", state.text),), suggestions)
    return None


def _pair(match: re.Match[str]) -> tuple[str, str] | None:
    """The length that leads to the first day, and the one that leads to the last."""
    named = match.groupdict()
    one, two = (
        next(named[name] for name in names if name in named)
        for names in (("first", "less", "one"), ("last", "more", "two"))
    )
    unit = _UNIT.search(f" {two}") or _UNIT.search(f" {one}")
    if unit is None:
        return None
    one, two = (
        length if _UNIT.search(f" {length}") else f"{length} {unit['unit']}"
        for length in (one, two)
    )
    if "first" in named:
        return one, two
    sizes = _days(one), _days(two)
    if sizes[0] is None or sizes[1] is None:
        return None
    less, more = (one, two) if sizes[0] <= sizes[1] else (two, one)
    counted_back = match["way"] in ("before", "prior to", "preceding")
    return (more, less) if counted_back else (less, more)


def _days(length: str) -> float | None:
    """How long it is, near enough to tell the longer of two."""
    unit = _UNIT.search(f" {length}")
    text = re.sub(r"\(.*\)", "", length[: -len(unit[0])]).strip() if unit else ""
    number = int(text) if text.isdecimal() else whole_number(text.lower())
    return None if unit is None or number is None else number * _DAYS_OF[unit["word"]]


_HOWEVER = (
    r"(?:,? (?:but|and|though|yet)|,)(?:,? (?:in (?:any|all|no) (?:events?|cases?)|always"
    r"|at any rate|in each case|under no circumstances),?)? "
)
_LIMITS = (
    (
        re.compile(
            rf"(?P<day>[^,;]{{1,200}}?){_HOWEVER}(?:(?:no |not )?later than"
            r"|at the (?:very )?latest(?: by| on)?|not after|not beyond) (?P<limit>[^,;]{1,200})"
        ),
        "earliest",
    ),
    (
        re.compile(
            rf"(?P<day>[^,;]{{1,200}}?){_HOWEVER}(?:(?:no|not) (?:earlier|sooner) than"
            r"|(?:no |not )?before|at the (?:very )?earliest(?: on)?) (?P<limit>[^,;]{1,200})"
        ),
        "latest",
    ),
)
#: Such lines say what may be done, or are no day beside which a limit could stand.
_NO_DAY = re.compile(
    r"(?:no|not|may|can|at|any|open|after|before|through|until|by|between|from)\b|.*\b(?:if|unless)\b"
)


def limit(state: ParseState) -> Diagnostic | None:
    """`30 days after x, but not later than 2028-06-30`, `x, no earlier than 2028-06-30`"""
    for pattern, choice in _LIMITS:
        match = pattern.fullmatch(state.text)
        if match is None or _NO_DAY.match(match["day"]):
            continue
        span = (len(match["day"]), len(state.text))
        words = (("words", match[0][len(match["day"]) :].strip(" ,")),)
        head = f"{choice} of {match['day']}, "
        if vague := vague_period(match["limit"]):
            suggestions = tuple(
                replace(limit, write=head + limit.write)
                for limit in limits_in(vague, is_last=choice == "earliest")
            )
            return Diagnostic("synonym", span, words, suggestions)
        reason = "the-first" if choice == "earliest" else "the-last"
        suggestions = (Suggestion(head + match["limit"], reason),)
        return Diagnostic("synonym", span, words, suggestions)
    return None


_ID = rf"(?P<id>{ID.pattern})"
_HAPPENING = "occurs|happens|comes|is given|has happened|has been given|is exercised"
_HAPPENS = rf"(?: (?:{_HAPPENING}))?"
_ELSE = r"(?:[,;]? (?:or|and))?[,;]? (?:else|otherwise|failing (?:which|that)|if not)[,:]?"
_BUT_IF = r"(?:[,;] if|[,;]? (?:or|but|and|except that),? if|,? unless)"
_THEN = r"(?:,? (?:then|in which case)(?: it is)?|,)?"
_DAY = r"(?:(?!\b(?:if|unless)\b).){1,200}?"
_OTHERWISE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<other>{_DAY}),? if {_ID}{_HAPPENS}(?:{_ELSE}|,? or) (?P<day>{_DAY})",
        rf"if {_ID}{_HAPPENS},?(?: then)? (?P<other>{_DAY}){_ELSE} (?P<day>{_DAY})",
        rf"(?P<day>{_DAY}){_BUT_IF} {_ID}{_HAPPENS}{_THEN} (?!{_HAPPENS[4:-2]}$)(?P<other>{_DAY})",
        rf"(?P<day>{_DAY}), (?:else|otherwise|extended to) (?P<other>{_DAY}) if {_ID}",
        rf"(?P<day>{_DAY}),? or (?P<other>[0-9]+ [a-z -]{{3,20}}) if {_ID}",
    )
)
_OR_EARLIER = re.compile(
    rf"(?P<day>[^,;]{{1,200}}?),? or,?(?: if)? (?:earlier|sooner),? (?:if|upon|on|when|once) {_ID}"
    rf"{_HAPPENS}"
)
_COUNT = re.compile(r"[0-9]+ [a-z ]{3,40}? (?P<point>(?:after|before) .+)")


def otherwise(state: ParseState) -> Diagnostic | None:
    """`2031-03-24 if x, otherwise 2036-03-24`, `3 years after y, or 5 years if x`"""
    if match := _OR_EARLIER.fullmatch(state.text):
        write = f"earliest of {match['day']}, {match['id']}"
        words = (("words", state.text),)
        suggestion = Suggestion(write, "the-first")
        return Diagnostic("synonym", (0, len(state.text)), words, (suggestion,))
    for pattern in _OTHERWISE:
        match = pattern.fullmatch(state.text)
        if match is None:
            continue
        day, other = match["day"].strip(" ,"), match["other"].strip(" ,")
        if re.fullmatch(r"[0-9]+ [a-z ]+", other) and not re.search(r"\b(?:after|before)\b", other):
            count = _COUNT.fullmatch(day)
            if count is None:
                continue
            other = f"{other} {count['point']}"
        write = f"{day}, or {other} if {match['id']}"
        if write == state.text:
            continue
        words = (("words", state.text),)
        return Diagnostic("synonym", (0, len(state.text)), words, (Suggestion(write),))
    return None


_ABOUT = r"(?:ca\.?|circa|c\.|about|around|approx(?:\.|imately)?|roughly|some|~)"
_ABOUT_A_COUNT = re.compile(
    rf"(?<![\w.-]){_ABOUT} ?(?=(?:[0-9]{{1,5}}|{NUMBER_WORDS}|an?) ?(?:\([0-9]+\) )?(?:[a-z]+ )?"
    r"(?:hour|day|week|fortnight|month|quarter|year)s?\b)| or so\b",
    re.IGNORECASE,
)
_WHOLE_COUNT = re.compile(
    rf"(?:[0-9]{{1,5}}|{NUMBER_WORDS}|an?)(?: ?\([0-9]{{1,5}}\))? "
    r"(?P<unit>(?:[a-z]+ )?(?:day|week|fortnight|month|quarter|year)s?) "
    rf"{_WAY} .{{1,200}}",
    re.IGNORECASE,
)


def about_a_count(state: ParseState) -> Diagnostic | None:
    """`about 30 days after x`: some day of the week of that day, or of its month; or the day."""
    match = _ABOUT_A_COUNT.search(state.text)
    if match is None:
        return None
    line = state.line_with(match.span(), " ").replace(" ,", ",")
    suggestions = [Suggestion(line, "that-very-day")]
    if count := _WHOLE_COUNT.fullmatch(line):
        is_long = re.match("month|quarter|year", count["unit"], re.IGNORECASE)
        unit = "month" if is_long else "week"
        window = f"between start of {unit} of ({line}) and end of {unit} of ({line})"
        suggestions.insert(0, Suggestion(window, "a-window"))
    return Diagnostic("about", match.span(), (("words", state.text),), tuple(suggestions))


_ABOUT_A_DAY = re.compile(
    r"(?:(?:in|on) )?(?:or )?(?:ca\.?|circa|c\.|about|around|approx(?:\.|imately)?|roughly|~) ?"
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
)


def about_a_day(state: ParseState) -> Diagnostic | None:
    """`on or about 2028-03-15`: its week, or its month; `in` that day would be the day itself."""
    match = _ABOUT_A_DAY.search(state.text)
    if match is None or existing_period(match["day"]) is None:
        return None
    day = parse_period(match["day"]).first
    year, week, _ = day.isocalendar()
    suggestions = tuple(
        Suggestion(state.line_with(match.span(), f"in {period}"), "an-unknown-day")
        for period in (f"{year:04}-W{week:02}", f"{day:%Y-%m}")
        if existing_period(period)
    )
    return Diagnostic("about", match.span(), (("words", match[0]),), suggestions)
