"""Parts of a month, a quarter or a year: `mid-July 2027`, `first week of July 2027`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.expressions import Period
from tracker.dates.periods import NoSuchPeriod, parse_period
from tracker.dates.suggestions.months import MONTHS, month_number
from tracker.dates.suggestions.numbers import NUMBER_WORDS, ORDINALS, ordinal_number, whole_number
from tracker.dates.suggestions.parse_state import ParseState

#: A regular expression for a period, in the words' own notation or with the name of a month.
PERIOD = (
    rf"(?P<period>[0-9]{{4}}-(?:[0-9]{{2}}|[QH][0-9])(?![0-9-])"
    rf"|(?P<month>{MONTHS})\.?,? (?:of )?(?P<month_year>[0-9]{{4}})"
    r"|(?P<part>[QH][1-4])(?: of|,)?[ /-]?(?P<part_year>[0-9]{4})"
    r"|(?P<year>[0-9]{4})(?![0-9-]))"
)
_BEFORE = r"(?<![\w./-])(?:(?:in|on|during|by|within|around|about) )?(?:the )?"
_EARLY = re.compile(
    (
        rf"{_BEFORE}(?P<word>early|mid|middle|late|beginning|start|first days"
        rf"|last days|opening|close)[ -](?:of "
        rf"|in )?(?:the )?{PERIOD}(?![\w-])"
    ),
    re.IGNORECASE,
)
_HALF = re.compile(
    rf"{_BEFORE}(?P<nth>first|second|1st|2nd|latter|last) half (?:of|in) {PERIOD}", re.IGNORECASE
)
_WEEK = re.compile(
    rf"{_BEFORE}(?:week (?P<number>[1-5])|(?P<nth>{ORDINALS}|last"
    rf"|final) (?:full |whole |calendar )?week)"
    rf" (?:of|in) {PERIOD}",
    re.IGNORECASE,
)
_DAYS = re.compile(
    rf"{_BEFORE}(?P<nth>first|last|final) (?P<count>{NUMBER_WORDS}|[0-9]{{1,2}})"
    r" (?P<unit>day|week|month|quarter)s"
    rf" (?:of|in) {PERIOD}",
    re.IGNORECASE,
)
_BY_ITS_END = re.compile(
    rf"(?:by|at|until|till|through|on|before|(?:no"
    rf"|not) later than) (?:the )?(?:very )?end of (?:the )?{PERIOD}"
    r"(?![\w-])",
    re.IGNORECASE,
)
_ONE_DAY = timedelta(days=1)


_TO = r" ?(?:to|until|till|through|thru|and|-|\u2013|\u2014) ?"
_RANGES = (
    re.compile(
        rf"(?:(?:from|between) )?(?:the )?(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th|\.)?{_TO}"
        rf"(?P<last>[0-9]{{1,2}})(?:st|nd|rd|th"
        rf"|\.)?(?: of)? (?P<month>{MONTHS})\.?,? (?P<year>[0-9]{{4}})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:(?:from|between) )?(?P<month>{MONTHS})\.? (?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?{_TO}"
        rf"(?P<last>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<year>[0-9]{{4}})",
        re.IGNORECASE,
    ),
    re.compile(
        (
            rf"(?:(?:from|between) )?(?P<month>{MONTHS})"
            rf"\.?{_TO}(?P<last_month>{MONTHS})\.?,? (?P<year>[0-9]{{4}})"
        ),
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:(?:from|between) )?(?P<part>[QH][1-4]){_TO}(?P<last_part>[QH][1-4]),? "
        r"(?P<year>[0-9]{4})",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?P<first>[0-9]{4}-(?:[QH][1-4]|[0-9]{2}(?:-[0-9]{2})?)) ?(?:/|\.\.\.?|~|\u301c|\uff5e) ?"
        r"(?P<final>[0-9]{4}-(?:[QH][1-4]|[0-9]{2}(?:-[0-9]{2})?))"
    ),
)


def range_of_days(state: ParseState) -> Diagnostic | None:
    """`1-15 July 2028`, `May to July 2028`: an unknown day of it."""
    for pattern in _RANGES:
        if match := pattern.fullmatch(state.text):
            suggestions = (Suggestion(_range(match.groupdict()), "a-window"),)
            return Diagnostic("range", match.span(), (("words", match[0]),), suggestions)
    return None


def _range(parts: dict[str, str]) -> str:
    if "first" in parts:
        return f"between {parts['first']} and {parts['final']}"
    if "part" in parts:
        year = parts["year"]
        return f"between {year}-{parts['part'].upper()} and {year}-{parts['last_part'].upper()}"
    first = f"{parts['year']}-{month_number(parts['month']):02}"
    if "last_month" in parts:
        return f"between {first} and {parts['year']}-{month_number(parts['last_month']):02}"
    return f"between {first}-{int(parts['day']):02} and {first}-{int(parts['last']):02}"


def by_its_end(state: ParseState) -> Diagnostic | None:
    """`by the end of Q3 2027`: that is through it."""
    match = _BY_ITS_END.search(state.text)
    period = match and period_of(match)
    if match is None or period is None:
        return None
    suggestions = (Suggestion(state.line_with(match.span(), f"through {period}")),)
    return Diagnostic("synonym", match.span(), (("words", match[0]),), suggestions)


def part_of_period(state: ParseState) -> Diagnostic | None:
    """A part of a period that has no name of its own: the windows that it can mean."""
    for pattern, windows in ((_EARLY, _early), (_HALF, _half), (_WEEK, _week), (_DAYS, _days)):
        match = pattern.search(state.text)
        period = match and period_of(match)
        if match is None or period is None:
            continue
        suggestions = tuple(
            Suggestion(state.line_with(match.span(), write), reason)
            for write, reason in windows(match, period)
        )
        if suggestions:
            values = (("word", match[0]),)
            return Diagnostic("part-of-period", match.span(), values, suggestions)
    return None


def period_of(match: re.Match[str]) -> Period | None:
    """The period that a match of PERIOD names, None where there is none."""
    if match["month"]:
        name = f"{match['month_year']}-{month_number(match['month']):02}"
    elif match["part"]:
        name = f"{match['part_year']}-{match['part'].upper()}"
    else:
        name = match["period"].upper()
    try:
        return parse_period(name)
    except NoSuchPeriod:
        return None


def _between(first: date, last: date) -> str:
    return f"between {first} and {last}"


def _early(match: re.Match[str], period: Period) -> Iterator[tuple[str, str]]:
    """Its first, middle or last third; of a month that is ten days, of a quarter a month."""
    word = match["word"].lower()
    if period.kind == "year" or (word in ("beginning", "start") and period.kind != "month"):
        return
    first, last = period.first, period.last
    at = {"mid": 1, "middle": 1, "late": 2, "last days": 2, "close": 2}.get(word, 0)
    if period.kind == "month":
        thirds = ((0, 9), (10, 19), (20, (last - first).days))
        start, end = (first + timedelta(days=number) for number in thirds[at])
        yield _between(start, end), "a-third-of-it"
        half = first + timedelta(days=14)
        if at == 1:
            yield str(half), "its-middle-day"
        else:
            yield (
                (_between(first, half) if at == 0 else _between(half + _ONE_DAY, last)),
                "a-half-of-it",
            )
        return
    months = 3 if period.kind == "quarter" else 6
    month = first.month + (0, months // 2, months - 1)[at]
    yield f"in {first.year:04}-{month:02}", "one-month-of-it"


def _half(match: re.Match[str], period: Period) -> Iterator[tuple[str, str]]:
    """From the first to the 15th of a month, from the 16th to its end."""
    if period.kind != "month":
        return
    middle = period.first + timedelta(days=14)
    if match["nth"].lower() in ("first", "1st"):
        yield _between(period.first, middle), "an-unknown-day"
    else:
        yield _between(middle + _ONE_DAY, period.last), "an-unknown-day"


def _week(match: re.Match[str], period: Period) -> Iterator[tuple[str, str]]:
    """Its days 1 to 7, or the week from Monday that ISO 8601 counts to it, by its Thursday."""
    text = (match["number"] or match["nth"]).lower()
    nth = int(text) if text.isdigit() else ordinal_number(text)
    thursday = period.first + timedelta(days=(3 - period.first.weekday()) % 7)
    if text in ("last", "final"):
        first, last = period.last - timedelta(days=6), period.last
        thursday = period.last - timedelta(days=(period.last.weekday() - 3) % 7)
    elif nth and 0 <= 7 * (nth - 1) <= (period.last - period.first).days:
        first = period.first + timedelta(days=7 * (nth - 1))
        last = min(first + timedelta(days=6), period.last)
        thursday += timedelta(days=7 * (nth - 1))
    else:
        return
    if first <= period.last:
        yield _between(first, last), "seven-days-of-it"
    if thursday <= period.last:
        year, week, _ = thursday.isocalendar()
        yield f"in {year:04}-W{week:02}", "its-week-from-monday"


def _days(match: re.Match[str], period: Period) -> Iterator[tuple[str, str]]:
    """first ten days of July 2027, last two weeks of July 2027"""
    count = whole_number(match["count"]) or 0
    if (unit := match["unit"].lower()) in ("month", "quarter"):
        months = count * (3 if unit == "quarter" else 1)
        if period.kind == "year" and 0 < months < 12:
            first = months + 1 if match["nth"].lower() == "first" else 13 - months
            edge = period.first.replace(month=first)
            if match["nth"].lower() == "first":
                yield _between(period.first, edge - _ONE_DAY), "an-unknown-day"
            else:
                yield _between(edge, period.last), "an-unknown-day"
        return
    length = timedelta(days=count * (7 if match["unit"].lower() == "week" else 1) - 1)
    if not timedelta() <= length <= period.last - period.first:
        return
    if match["nth"].lower() == "first":
        yield _between(period.first, period.first + length), "an-unknown-day"
    else:
        yield _between(period.last - length, period.last), "an-unknown-day"
