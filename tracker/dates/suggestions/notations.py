"""Days and periods in other notations: `15 March 2028`, `03/15/2028`, `Q4 2028`, `2028-3-15`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import TypeAlias

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.expressions import quantity
from tracker.dates.months import days_in_month
from tracker.dates.suggestions.parse_state import ParseState

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[0-9]{4})"
_OF = r"(?: of|,)?[ /-]?"
_ORDINALS = ("first", "second", "third", "fourth", "1st", "2nd", "3rd", "4th")
_NTH = "|".join(_ORDINALS)
_COUNTED = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip
_NUMBERED = "|".join((*_COUNTED, "[0-9]{1,2}(?:st|nd|rd|th)"))

#: What a text in another notation means, as the words write it; nothing where it names no day.
_Meaning: TypeAlias = Callable[[re.Match[str]], Iterator[str]]


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w./-]){text}(?![\w/-])", re.IGNORECASE)


def _spelt_day(match: re.Match[str]) -> Iterator[str]:
    yield from _day(match["year"], _MONTHS.index(match["month"].lower()[:3]) + 1, match["day"])


def _spelt_month(match: re.Match[str]) -> Iterator[str]:
    yield f"{match['year']}-{_MONTHS.index(match['month'].lower()[:3]) + 1:02}"


def _numbers(match: re.Match[str]) -> Iterator[str]:
    yield from _day(match["year"], int(match["month"]), match["day"])


def _either_order(match: re.Match[str]) -> Iterator[str]:
    """03/04/2028 is in April for some and in March for others."""
    left, right = int(match["left"]), int(match["right"])
    days = [*_day(match["year"], right, str(left)), *_day(match["year"], left, str(right))]
    yield from dict.fromkeys(days)


def _day(year: str, month: int, day: str) -> Iterator[str]:
    if int(year) and 1 <= month <= 12 and 1 <= int(day) <= days_in_month(int(year), month):
        yield f"{year}-{month:02}-{int(day):02}"


def _part(match: re.Match[str]) -> Iterator[str]:
    """A quarter or a half by its number."""
    kind = (match["kind"] or "").lower()
    word = match["number"].lower()
    number = _ORDINALS.index(word) % 4 + 1 if word in _ORDINALS else int(word)
    letter = "Q" if kind.startswith("q") else "H"
    if 1 <= number <= (4 if letter == "Q" else 2):
        yield f"{match['year']}-{letter}{number}"


def _unpadded_month(match: re.Match[str]) -> Iterator[str]:
    if 1 <= int(match["month"]) <= 12:
        yield f"{match['year']}-{int(match['month']):02}"


def _week(match: re.Match[str]) -> Iterator[str]:
    yield f"{match['year']}-W{int(match['week']):02}"


def _week_of(match: re.Match[str]) -> Iterator[str]:
    """The week of a day, as an unknown day of it."""
    for day in _day(match["year"], int(match["month"]), match["day"]):
        year, week, _ = date.fromisoformat(day).isocalendar()
        yield f"in {year:04}-W{week:02}"


def _nth_anniversary(match: re.Match[str]) -> Iterator[str]:
    word = match["number"].lower()
    number = _COUNTED.index(word) + 1 if word in _COUNTED else int(re.sub(r"[a-z]+", "", word))
    yield f"{quantity(number, 'year')} after"


def _day_of_next_month(match: re.Match[str]) -> Iterator[str]:
    yield f"{quantity(int(match['number']), 'day')} after end of month of"


def _year_end(match: re.Match[str]) -> Iterator[str]:
    yield f"through {match['year']}"


_NOTATIONS: tuple[tuple[str, re.Pattern[str], _Meaning], ...] = (
    (
        "synonym",
        _pattern(rf"(?:in )?(?:the )?week of {_YEAR}-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})"),
        _week_of,
    ),
    (
        "synonym",
        _pattern(rf"(?:the )?(?P<number>{_NUMBERED}) anniversary of"),
        _nth_anniversary,
    ),
    (
        "synonym",
        _pattern(
            r"(?:on )?(?:the )?(?P<number>[0-9]{1,2})(?:st|nd|rd|th)(?: day)? of the month"
            r" (?:following|after)"
        ),
        _day_of_next_month,
    ),
    ("other-notation", _pattern(rf"{_DAY} (?:of )?{_MONTH},? {_YEAR}"), _spelt_day),
    ("other-notation", _pattern(rf"{_MONTH} {_DAY},? {_YEAR}"), _spelt_day),
    ("other-notation", _pattern(rf"{_MONTH},? {_YEAR}"), _spelt_month),
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
        _pattern(rf"(?P<day>[0-9]{{1,2}})\.(?P<month>[0-9]{{1,2}})\.{_YEAR}"),
        _numbers,
    ),
    (
        "either-order",
        _pattern(rf"(?P<left>[0-9]{{1,2}})(?P<mark>[/-])(?P<right>[0-9]{{1,2}})(?P=mark){_YEAR}"),
        _either_order,
    ),
    (
        "other-notation",
        _pattern(rf"{_YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})(?! (?:hour|day|week|month))"),
        _numbers,
    ),
    (
        "other-notation",
        _pattern(rf"(?P<kind>[qh])(?P<number>[1-4]){_OF}{_YEAR}"),
        _part,
    ),
    (
        "other-notation",
        _pattern(rf"(?P<number>[1-4])(?P<kind>[qh]){_OF}{_YEAR}"),
        _part,
    ),
    ("other-notation", _pattern(rf"{_YEAR}[ /]?(?P<kind>[qh])(?P<number>[1-4])"), _part),
    (
        "other-notation",
        _pattern(
            rf"(?:the )?(?P<number>{'|'.join(_ORDINALS)}) (?P<kind>quarter|half) (?:of )?{_YEAR}"
        ),
        _part,
    ),
    ("other-notation", _pattern(rf"{_YEAR}-(?P<month>[1-9])"), _unpadded_month),
    ("other-notation", _pattern(rf"{_YEAR}-W(?P<week>[1-9])"), _week),
    (
        "other-notation",
        _pattern(rf"(?:calendar )?week (?P<week>[0-9]{{1,2}})(?: of|,)? {_YEAR}"),
        _week,
    ),
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
            names = tuple(meaning(match))
            if not names or match[0] in names:  # in the words' own notation already
                continue
            suggestions = tuple(Suggestion(state.line_with(match.span(), name)) for name in names)
            return Diagnostic(case, match.span(), (("words", match[0]),), suggestions)
    return None


def no_year(state: ParseState) -> Diagnostic | None:
    """`March 15`: of which year?"""
    match = _NO_YEAR.search(state.text)
    return match and Diagnostic("no-year", match.span(), (("words", match[0]),))


_NO_YEAR = _pattern(
    rf"(?:{_MONTH} {_DAY}|{_DAY} (?:of )?{_MONTH})(?! ?,? ?[0-9])".replace("?P<month>", "").replace(
        "?P<day>", ""
    )
)
