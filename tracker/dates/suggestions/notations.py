"""Days and periods in other notations: `15 March 2028`, `03/15/2028`, `Q4 2028`, `24-Mar-31`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TypeAlias

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.expressions import quantity
from tracker.dates.periods import NoSuchPeriod, parse_period
from tracker.dates.suggestions.months import MONTHS, month_number
from tracker.dates.suggestions.numbers import NUMBER_WORDS, ORDINALS, ordinal_number, whole_number
from tracker.dates.suggestions.parse_state import ParseState

_MONTH = rf"(?P<month>{MONTHS})\.?"
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|er|\.)?"
_WEEKDAY = (
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun|die|mit|don|sam|lun|mar|mer|jeu|ven|dim)[a-z]{0,7}"
    r"\.?,? (?:the )?)?"
)
_NAMED_WEEKDAY = _WEEKDAY.replace("(?:(?:mon", "(?:(?P<weekday>mon", 1)
#: Of the words above, in the order of the week.
_WEEKDAYS = (
    "mon lun",
    "tue die mar",
    "wed mit mer",
    "thu don jeu",
    "fri ven",
    "sat sam",
    "sun dim",
)
_YEAR = r"(?P<year>[0-9]{4})"
_SHORT_YEAR = r"'?(?P<year>[0-9]{2})(?!:[0-9])"  # no hour
_OF = r"(?: of|,)?[ /-]?"
_FROM = r"(?:,? (?:of |de |del )?)"  # between a month and its day or year: `de` in Spanish
_COUNTED = r"(?! ?(?:hour|day|week|month|quarter|year|business|clear))"

#: What a text in another notation means, as the words write it, with the reason to choose it.
#: Nothing where it names no day; a day of the right shape that does not exist is given as it is.
_Meaning: TypeAlias = Callable[[re.Match[str]], Iterator[tuple[str, str]]]


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w./-]){text}(?![\w/-])", re.IGNORECASE)


def _year(match: re.Match[str]) -> str:
    """The year in four digits: agreements state days of this century."""
    return match["year"] if len(match["year"]) == 4 else f"20{match['year']}"


def _day(year: str, month: int, day: int) -> str:
    return f"{year}-{month:02}-{day:02}"


def _spelt_day(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    number = whole_number(match["day"]) or ordinal_number(match["day"])
    if number is not None and number < 100:
        yield _day(_year(match), month_number(match["month"]), number), ""


def _spelt_month(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    yield f"{_year(match)}-{month_number(match['month']):02}", ""


def _roman_month(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    month = _ROMAN.index(match["month"].lower()) + 1
    yield _day(_year(match), month, int(match["day"])), ""


def _numbers(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    """Year, month and day in that order."""
    yield _day(_year(match), int(match["month"]), int(match["day"])), ""


def _orders(year: str, left: int, right: int) -> Iterator[tuple[str, str]]:
    """03/04/2028 is in April for some and in March for others; 28/11/2026 is a day in one order."""
    in_orders = {
        _day(year, right, left): "day-month-year",
        _day(year, left, right): "month-day-year",
    }
    existing = {day: reason for day, reason in in_orders.items() if _exists(day)}
    yield from (existing or {_day(year, right, left): ""}).items()


def _either_order(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    yield from _on_weekday(match, _in_either_order(match))


def _in_either_order(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    left, right = int(match["left"]), int(match["right"])
    if match["mark"].startswith(".") and _exists(day := _day(match["year"], right, left)):
        yield day, ""  # with full stops the day stands first wherever they are used
    else:
        yield from _orders(match["year"], left, right)


def _any_order(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    yield from _on_weekday(match, _in_any_order(match))


def _in_any_order(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    """24/03/31: where the year has two digits, each of the outer numbers can be it."""
    left, middle, right = (int(match[part]) for part in ("left", "middle", "right"))
    in_orders = {_day(f"20{right:02}", middle, left): "day-month-year"}
    if match["mark"] != ".":  # nobody writes the month first with full stops
        in_orders[_day(f"20{right:02}", left, middle)] = "month-day-year"
    in_orders[_day(f"20{left:02}", middle, right)] = "year-month-day"
    yield from ((day, reason) for day, reason in in_orders.items() if _exists(day))


def _digits(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    """20261128; where that is no day, 28112026 or 11282026."""
    digits = match["digits"]
    if _exists(day := _day(digits[:4], int(digits[4:6]), int(digits[6:]))):
        yield day, ""
    else:
        yield from _orders(digits[4:], int(digits[:2]), int(digits[2:4]))


def _on_weekday(
    match: re.Match[str], meant: Iterator[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Mon 1/4/27 is in January: the first of April is a Thursday."""
    days = tuple(meant)
    named = (match["weekday"] or "").lower()
    on_it = tuple(
        (day, reason)
        for day, reason in days
        if named and _exists(day) and named in _WEEKDAYS[date.fromisoformat(day).weekday()].split()
    )
    yield from ((on_it[0][0], ""),) if len(on_it) == 1 else days


def _exists(name: str) -> bool:
    try:
        return bool(parse_period(name))
    except NoSuchPeriod:
        return False


def _part(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    """A quarter or a half by its number."""
    letter = match["kind"][0].upper()
    letter = "H" if letter == "S" else letter
    number = whole_number(match["number"]) or ordinal_number(match["number"]) or 0
    if match["number"].lower() in ("last", "final", "latter"):
        number = 4 if letter == "Q" else 2
    if 1 <= number <= (4 if letter == "Q" else 2):
        yield f"{_year(match)}-{letter}{number}", ""


def _month_of_year(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    if 1 <= int(match["month"]) <= 12:
        yield f"{match['year']}-{int(match['month']):02}", ""


def _week(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    yield f"{match['year']}-W{int(match['week']):02}", ""


def _day_of_week(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    """2027-W17-4 (ISO 8601): the fourth day of week 17, counted from Monday."""
    year, week, number = (int(match[part]) for part in ("year", "week", "day"))
    try:
        yield str(date.fromisocalendar(year, week, number)), ""
    except ValueError:
        yield f"{year:04}-W{week:02}", ""


def _day_of_year(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    """2027-118 (ISO 8601): the 118th day of the year."""
    year, number = int(match["year"]), int(match["number"])
    if year and 1 <= number <= date(year, 12, 31).timetuple().tm_yday:
        yield str(date(year, 1, 1) + timedelta(days=number - 1)), ""


def _week_of(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    """The week of a day, as an unknown day of it."""
    day = _day(match["year"], int(match["month"]), int(match["day"]))
    if _exists(day):
        year, week, _ = date.fromisoformat(day).isocalendar()
        yield f"in {year:04}-W{week:02}", ""


def _nth_anniversary(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    if number := ordinal_number(match["number"]):
        yield f"{quantity(number, 'year')} after", ""


def _year_alone(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    """CY27: the calendar's year, as against somebody's."""
    yield match["year"] or f"20{match['short']}", ""


def _year_end(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    yield f"through {match['year']}", ""


_NTH = rf"(?P<number>{ORDINALS}|[0-9]{{1,2}}(?:st|nd|rd|th))"
_NTH_OR_LAST = _NTH.replace("(?P<number>", "(?P<number>last|final|latter|")
_SPELT_DAY = (
    rf"(?:(?:the |this )?(?P<day>[0-9]{{1,2}}|{ORDINALS}|{NUMBER_WORDS})(?:st|nd|rd|th|er|\.|º)?"
    r"(?: day)?)"
)

_NOTATIONS: tuple[tuple[str, re.Pattern[str], _Meaning], ...] = (
    (
        "synonym",
        _pattern(rf"(?:in )?(?:the )?week of {_YEAR}-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})"),
        _week_of,
    ),
    ("synonym", _pattern(rf"(?:the )?{_NTH} anniversary of"), _nth_anniversary),
    (
        "other-notation",
        _pattern(rf"{_WEEKDAY}{_SPELT_DAY}{_FROM}{_MONTH}{_FROM}{_YEAR}"),
        _spelt_day,
    ),
    ("other-notation", _pattern(rf"{_DAY}[-/. ]{_MONTH}[-/., ]{{1,2}}{_YEAR}"), _spelt_day),
    ("other-notation", _pattern(rf"{_WEEKDAY}{_MONTH} {_SPELT_DAY},? {_YEAR}"), _spelt_day),
    ("other-notation", _pattern(rf"{_YEAR}[-/. ,]{{1,2}}{_MONTH}[-/. ]{{1,2}}{_DAY}"), _spelt_day),
    ("other-notation", _pattern(rf"{_DAY}[-/. ]{_MONTH}[-/., ]{{1,2}}{_SHORT_YEAR}"), _spelt_day),
    ("other-notation", _pattern(rf"{_MONTH} {_DAY}(?:, '?| ')(?P<year>[0-9]{{2}})"), _spelt_day),
    (
        "other-notation",
        _pattern(rf"{_DAY}[-/. ]{{1,2}}(?P<month>{'|'.join(_ROMAN)})[-/. ]{{1,2}}{_YEAR}"),
        _roman_month,
    ),
    ("other-notation", _pattern(rf"{_MONTH}(?:{_FROM}|[-/. ]){_YEAR}"), _spelt_month),
    ("other-notation", _pattern(rf"{_YEAR}[-/. ]{_MONTH}"), _spelt_month),
    ("other-notation", _pattern(rf"{_MONTH} ?'(?P<year>[0-9]{{2}})"), _spelt_month),
    (
        "other-notation",
        _pattern(rf"(?:the )?{_DAY}(?: day)? of {_YEAR}-(?P<month>[0-9]{{2}})"),
        _numbers,
    ),
    (
        "other-notation",
        _pattern(rf"{_YEAR}(?P<mark>[/.-])(?P<month>[0-9]{{1,2}})(?P=mark){_DAY}"),
        _numbers,
    ),
    (
        "other-notation",
        _pattern(
            rf"{_NAMED_WEEKDAY}(?P<left>[0-9]{{1,2}})(?P<mark>[/-]|\. ?)"
            rf"(?P<right>[0-9]{{1,2}})(?P=mark){_YEAR}"
        ),
        _either_order,
    ),
    (
        "other-notation",
        _pattern(
            _NAMED_WEEKDAY + r"(?P<left>[0-9]{1,2})(?P<mark>[/.-])(?P<middle>[0-9]{1,2})"
            r"(?P=mark)(?P<right>[0-9]{2})"
        ),
        _any_order,
    ),
    ("other-notation", _pattern(rf"(?P<digits>[0-9]{{8}}){_COUNTED}"), _digits),
    ("other-notation", _pattern(rf"(?P<kind>[qhs])(?P<number>[1-4]){_OF}{_YEAR}"), _part),
    ("other-notation", _pattern(rf"(?P<kind>[qh])(?P<number>[1-4])[ /-]?{_SHORT_YEAR}"), _part),
    ("other-notation", _pattern(rf"(?P<number>[1-4])(?P<kind>[qh]){_OF}{_YEAR}"), _part),
    ("other-notation", _pattern(rf"(?P<number>[1-4])(?P<kind>[qh])[ /-]?{_SHORT_YEAR}"), _part),
    (
        "other-notation",
        _pattern(rf"CY[ -]?(?:{_YEAR}|{_SHORT_YEAR.replace('year', 'short')})"),
        _year_alone,
    ),
    ("other-notation", _pattern(rf"{_YEAR}[ /]?(?P<kind>[qh])(?P<number>[1-4])"), _part),
    (
        "other-notation",
        _pattern(
            rf"(?:the )?{_NTH_OR_LAST} (?P<kind>quarter|half|semester)(?:[ -]year)? "
            rf"(?:of |in )?{_YEAR}"
        ),
        _part,
    ),
    ("other-notation", _pattern(rf"{_YEAR}-(?P<month>[1-9])"), _month_of_year),
    ("other-notation", _pattern(rf"{_YEAR}[/.](?P<month>[0-9]{{1,2}})"), _month_of_year),
    ("other-notation", _pattern(rf"(?P<month>[0-9]{{1,2}})[/.-]{_YEAR}"), _month_of_year),
    ("other-notation", _pattern(rf"{_YEAR}-W(?P<week>[1-9])"), _week),
    (
        "other-notation",
        _pattern(rf"{_YEAR}-?W(?P<week>[0-9]{{2}})-?(?P<day>[1-7])"),
        _day_of_week,
    ),
    ("other-notation", _pattern(rf"{_YEAR}-(?P<number>[0-9]{{3}})"), _day_of_year),
    ("other-notation", _pattern(rf"{_YEAR} ?/?(?:W|KW|CW|week )(?P<week>[0-9]{{1,2}})"), _week),
    (
        "other-notation",
        _pattern(
            rf"(?:(?:ISO |calendar )?week |wk\.? ?|[ck]?w ?)(?P<week>[0-9]{{1,2}})"
            rf"(?: of |, ?|[ /-]){_YEAR}"
        ),
        _week,
    ),
    ("other-notation", _pattern(rf"(?P<week>[0-9]{{1,2}})\. ?KW,?[ /]{_YEAR}"), _week),
    (
        "other-notation",
        _pattern(rf"(?:by |at )?(?:the )?(?:eoy|year[ -]end|end) {_YEAR}"),
        _year_end,
    ),
)


def other_notation(state: ParseState) -> Diagnostic | None:
    """A day or a period that is named in another notation."""
    for case, pattern, meaning in _NOTATIONS:
        for match in pattern.finditer(state.text):
            meant = tuple(meaning(match))
            if not meant or match[0] in dict(meant):  # in the words' own notation already
                continue
            return _in_words(state, case, match, meant)
    return None


def _in_words(
    state: ParseState, case: str, match: re.Match[str], meant: tuple[tuple[str, str], ...]
) -> Diagnostic:
    """What the notation means; where that does not exist, the nearest that do."""
    span, values = match.span(), (("words", match[0]),)
    if len(meant) > 1:
        suggestions = [Suggestion(state.line_with(span, name), reason) for name, reason in meant]
        return Diagnostic("either-order", span, values, tuple(suggestions))
    name = meant[0][0]
    try:
        parse_period(name)
    except NoSuchPeriod as missing:
        nearest = tuple(Suggestion(state.line_with(span, day)) for day in missing.nearest)
        return Diagnostic("no-such-period", span, (("period", match[0]),), nearest)
    except ValueError:  # words around a period
        pass
    return Diagnostic(case, span, values, (Suggestion(state.line_with(span, name)),))


def days_in_other_notation(text: str) -> tuple[str, ...]:
    """The days that a text which is nothing but a day in another notation can mean.

    >>> days_in_other_notation("28.11.2026"), days_in_other_notation("03/04/2027")
    (('2026-11-28',), ('2027-04-03', '2027-03-04'))
    """
    return tuple(day for day, _ in readings_in_other_notation(text))


def readings_in_other_notation(text: str) -> tuple[tuple[str, str], ...]:
    """The same, each with the reason to choose it: the order of day, month and year.

    >>> readings_in_other_notation("03/04/2027")
    (('2027-04-03', 'day-month-year'), ('2027-03-04', 'month-day-year'))
    """
    for _, pattern, meaning in _NOTATIONS:
        if match := pattern.fullmatch(text):
            meant = tuple(meaning(match))
            if meant and all(re.fullmatch(r"[0-9-]{10}", day) and _exists(day) for day, _ in meant):
                return meant
    return ()


def no_year(state: ParseState) -> Diagnostic | None:
    """`March 15`, `by the end of July`, `in Q3`, `31.3.`: of which year?"""
    text = state.text
    match = _NO_YEAR.search(text) or _MONTH_ALONE.search(text) or _NUMBERS_ALONE.fullmatch(text)
    if match is None:
        return None
    group = "words" if match.re is _NUMBERS_ALONE else 0
    return Diagnostic("no-year", match.span(group), (("words", match[group]),))


#: Behind a day, and no year: `10 Feb 3pm`, `10 Feb 15:00`.
_HOUR = r"[0-9]{1,2}(?:[:.h][0-9]{2})? ?(?:[ap]\.?m\b|h\b|uhr\b|o'clock)|[0-9]{1,2}:[0-9]{2}"
#: A line of nothing but the number of a week, a quarter, or a day beside its month.
_LEAD = r"in|on|by|during|until|before|after|from|early|late|the|(?:end|start|beginning) of"
_NUMBERS_ALONE = re.compile(
    rf"(?:(?:{_LEAD}) |mid[ -])*"
    r"(?P<words>(?:(?:week|wk|cw|kw) ?|w)(?:[1-9]|[0-4][0-9]|5[0-3])|q[1-4]|h[12]"
    r"|(?:0?[1-9]|[12][0-9]|3[01])/(?:0?[1-9]|[12][0-9]|3[01])"
    r"|(?:0?[1-9]|[12][0-9]|3[01])\. ?(?:0?[1-9]|1[0-2])\.)",
    re.IGNORECASE,
)
_NO_YEAR = _pattern(
    rf"(?:{_MONTH}[ -]{_DAY}|{_DAY} (?:of )?{_MONTH})(?! ?,? ?(?!{_HOUR})[0-9])".replace(
        "?P<month>", ""
    ).replace("?P<day>", "")
)
#: Capital letters tell them from words and from ids.
_MONTH_ALONE = re.compile(
    r"(?:(?<=^)|(?<=^in )|(?<=by )|(?<=of )|(?<=next )|(?<=this )|(?<=mid-)|(?<=early )|(?<=late ))"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"(?![\w-]| ?,? ?(?:of )?['0-9])"
)
