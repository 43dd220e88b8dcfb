"""Years that no calendar has: `FY2027`, `Q3 FY27/28`, `tax year 2027`, `school year 2027/28`.

Whose they are no line says, so each that is usual is suggested, with its days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.periods import parse_period
from tracker.dates.suggestions.parse_state import ParseState, existing_period

_PART = (
    r"(?:(?P<part>[QH][1-4]|[1-4][QH]|early|mid(?:dle)?|late|first half|second half)"
    r"(?: of|[ -])? ?)"
)
_KIND = (
    r"(?P<kind>fy|fiscal(?: year)?|financial(?: year)?|tax year|(?:academic|school|university) year"
    r"|budget year|accounting year)"
)
_YEARS = r"(?P<year>[0-9]{4}|[0-9]{2})(?:[/\u2013-](?P<next>[0-9]{4}|[0-9]{2}))?"
_NAMED = re.compile(
    rf"(?:\b(?:in|through|during) )?(?<![\w-]){_PART}?(?:the )?{_KIND}[ -]?'?{_YEARS}"
    r"(?:,? (?P<behind>[QH][1-4]))?(?![\w-])",
    re.IGNORECASE,
)
#: A year and the next one, with no word for what they are.
_PAIR = re.compile(
    rf"(?:\b(?:in|through|during) )?(?<![\w/.-]){_PART}?(?P<kind>)(?P<year>[0-9]{{4}})"
    r"[/\u2013-](?P<next>[0-9]{2})(?P<behind>)(?![\w/.-])",
    re.IGNORECASE,
)
_FIRST, _LAST = 1, 9998  # years whose fiscal years lie in the calendar
#: The months of a year of 12 that a part of it has: from the first to before the other.
_PARTS = {
    "early": (0, 3), "mid": (3, 9), "middle": (3, 9), "late": (9, 12), "first half": (0, 6),
    "second half": (6, 12),
}  # fmt: skip


_ENDING = re.compile(
    r"(?:in )?(?:the )?(?:fye|fy|(?:fiscal |financial |business )?year)[ -]?"
    r"(?:end(?:ed|ing|s)? |(?<=fye) ?)(?:in |on )?"
    r"(?P<last>[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?|[0-9]{4}$)(?![\w-])",
    re.IGNORECASE,
)


def year_ending(state: ParseState) -> Diagnostic | None:
    """`year ended 2027-12-31`, `FYE 2027-03`: the twelve months to that day."""
    match = _ENDING.search(state.text)
    name = existing_period(match["last"]) if match else None
    if match is None or name is None:
        return None
    last = parse_period(name).last
    if len(name) == 4 and re.search("fy|fiscal|financial", match[0], re.IGNORECASE):
        return _ends_of(state, match, int(name))
    if last.year < _FIRST + 1 or last.year > _LAST:
        return None
    following = last + timedelta(days=1)
    first = _months_later(following.replace(day=1), -12)
    first += timedelta(days=min(following.day, 28) - 1)
    line = state.line_with(match.span(), f"between {first} and {last}")
    return Diagnostic("fiscal-year", match.span(), (), (Suggestion(line, "an-unknown-day"),))


def _ends_of(state: ParseState, match: re.Match[str], year: int) -> Diagnostic | None:
    """`FYE 2027`, `fiscal year-end 2027`: the last day of each year of that name."""
    if not _FIRST < year < _LAST:
        return None
    suggestions = tuple(
        Suggestion(
            state.line_with(match.span(), str(_months_later(begins, 12) - timedelta(days=1))),
            reason,
        )
        for begins, reason in _begins("fy", year, pair=False)
    )
    return Diagnostic("fiscal-year", match.span(), (), suggestions)


def is_year_and_next(text: str) -> bool:
    """Whether it is a year that begins in one and ends in the next, and no month.

    >>> is_year_and_next("2027-28"), is_year_and_next("2027-13"), is_year_and_next("2009-10")
    (True, False, True)
    """
    match = _PAIR.fullmatch(text)
    return match is not None and int(match["next"]) == (int(match["year"]) + 1) % 100


def fiscal_year(state: ParseState) -> Diagnostic | None:
    """`FY2027`, `FY27/28`: no calendar says whose year it is; the days of the usual ones."""
    match = _NAMED.search(state.text) or _PAIR.search(state.text)
    if match is None:
        return None
    year = _four_digits(match["year"])
    pair = match["next"] is not None
    if pair and int(match["next"]) % 100 != (year + 1) % 100:
        return None
    if not _FIRST < year < _LAST:
        return Diagnostic("fiscal-year", match.span())
    months = _months_of(match["part"] or match["behind"])
    suggestions = tuple(
        Suggestion(state.line_with(match.span(), _days(begins, months)), reason)
        for begins, reason in _begins(match["kind"].lower(), year, pair)
    )
    return Diagnostic("fiscal-year", match.span(), (), suggestions)


def _four_digits(year: str) -> int:
    return int(year) + (2000 if len(year) == 2 else 0)


def _begins(kind: str, year: int, pair: bool) -> Iterator[tuple[date, str]]:
    """The first days that a year of that name can have, each with whose year it is."""
    if kind == "tax year":
        if not pair:
            yield date(year, 1, 1), "fiscal-calendar"
        yield date(year, 4, 6), "fiscal-british"
    elif kind in ("academic year", "school year", "university year"):
        yield date(year, 9, 1), "fiscal-from-september"
        yield date(year, 4, 1), "fiscal-from-april"
    elif pair:
        yield date(year, 4, 1), "fiscal-from-april"
        yield date(year, 7, 1), "fiscal-from-july"
        yield date(year, 10, 1), "fiscal-from-october"
    else:
        yield date(year - 1, 10, 1), "fiscal-to-september"
        yield date(year, 4, 1), "fiscal-from-april"


def _months_of(part: str | None) -> tuple[int, int]:
    """Which of its months are meant: Q3 is the seventh to the ninth."""
    name = (part or "").lower()
    if name in _PARTS:
        return _PARTS[name]
    if not name:
        return 0, 12
    length = 3 if "q" in name else 6
    number = min(int(name.strip("qh")), 12 // length)
    return length * (number - 1), length * number


def _days(begins: date, months: tuple[int, int]) -> str:
    first, following = (_months_later(begins, number) for number in months)
    return f"between {first} and {following - timedelta(days=1)}"


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return day.replace(year=day.year + years, month=month + 1)
