"""Times of a year, and of ten years: `early 2028`, `spring 2028`, `winter 2027/28`, `the 2030s`.

Also the seasons that feasts make: Ramadan, the Golden Week.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.suggestions.parse_state import ParseState

_PARTS_OF_YEAR = {
    "early": ("Q1", "H1"), "mid": ("Q2", "Q3"), "middle": ("Q2", "Q3"), "late": ("Q4", "H2"),
    "spring": ("Q1", "Q2"), "summer": ("Q2", "Q3"), "autumn": ("Q3", "Q4"), "fall": ("Q3", "Q4"),
    "winter": ("Q4", "Q1"),
}  # fmt: skip
_PART = re.compile(
    rf"(?<![\w./-])(?:in )?(?:the )?(?P<word>{'|'.join(_PARTS_OF_YEAR)})[ -](?:of |in )?(?:the )?"
    r"(?:calendar )?(?:year )?(?P<year>[0-9]{4}|'[0-9]{2}|[0-9]{2}(?=$|[,)]))(?![\w/-])",
    re.IGNORECASE,
)
_OVER_NEW_YEAR = re.compile(
    r"(?<![\w./-])(?:in )?(?:the )?(?P<word>winter|turn of the year|year-end)(?: of)?"
    r" (?P<year>[0-9]{4})(?:/|-|\u2013| to )(?P<next>[0-9]{4}|[0-9]{2})(?![\w/-])",
    re.IGNORECASE,
)


def part_of_year(state: ParseState) -> Diagnostic | None:
    """`early 2028`, `mid-2028`, `spring of 2028`, `winter 2027/28`"""
    if match := _OVER_NEW_YEAR.search(state.text):
        return _over_new_year(state, match)
    match = _PART.search(state.text)
    if match is None:
        return None
    parts = _PARTS_OF_YEAR[match["word"].lower()]
    year = match["year"].removeprefix("'").rjust(4, "*").replace("**", "20")
    suggestions = tuple(
        Suggestion(state.line_with(match.span(), f"in {year}-{part}")) for part in parts
    )
    return Diagnostic("part-of-year", match.span(), (("word", match["word"]),), suggestions)


def _over_new_year(state: ParseState, match: re.Match[str]) -> Diagnostic | None:
    """A winter, from December to February; the turn of the year, its last day and the first."""
    year = int(match["year"])
    if int(match["next"]) % 100 != (year + 1) % 100 or not 0 < year < 9999:
        return None
    if match["word"].lower() == "winter":
        first, last = date(year, 12, 1), date(year + 1, 3, 1) - timedelta(days=1)
    else:
        first, last = date(year, 12, 31), date(year + 1, 1, 1)
    line = state.line_with(match.span(), f"between {first} and {last}")
    values = (("word", match["word"]),)
    return Diagnostic("part-of-year", match.span(), values, (Suggestion(line),))


_DECADE = re.compile(
    r"(?<![\w./-])(?:in )?(?:the )?(?:(?P<part>early|mid|middle|late|first half|second half)"
    r"(?: of)?[ -](?:the )?)?"
    r"(?:(?P<decade>[0-9]{3}0)'?s|(?P<century>[0-9]{2})(?:st|nd|rd|th)[ -]century)(?![\w-])",
    re.IGNORECASE,
)
_PARTS_OF_TEN = {
    "early": (0, 3), "mid": (4, 6), "middle": (4, 6), "late": (7, 9), "first half": (0, 4),
    "second half": (5, 9),
}  # fmt: skip


def decade(state: ParseState) -> Diagnostic | None:
    """`the 2030s`, `the late 2030s`, `the 21st century`: from its first year to its last."""
    match = _DECADE.search(state.text)
    if match is None:
        return None
    size = 1 if match["decade"] else 10
    start = int(match["decade"]) if match["decade"] else 100 * (int(match["century"]) - 1) + 1
    first, last = _PARTS_OF_TEN.get((match["part"] or "").lower(), (0, 9))
    years = start + size * first, start + size * (last + 1) - 1
    if not 1 <= years[0] <= years[1] <= 9999:
        return None
    write = f"between {years[0]:04} and {years[1]:04}"
    suggestions = (Suggestion(state.line_with(match.span(), write), "an-unknown-day"),)
    return Diagnostic("part-of-year", match.span(), (("word", match[0]),), suggestions)


_SEASON = re.compile(
    r"(?<![\w./-])(?:in |during )?(?:the )?(?:(?P<part>start|beginning|end) of )?"
    r"(?P<name>ramadan|ramadhan|golden week|lent|advent|holiday season|christmas holidays|holidays)"
    r",? (?:of |in )?(?P<year>[0-9]{4})(?![\w/-])",
    re.IGNORECASE,
)


def season_of_feasts(state: ParseState) -> Diagnostic | None:
    """`Ramadan 2028`: from its first day to the day before the feast that ends it."""
    match = _SEASON.search(state.text)
    if match is None or not 1900 <= int(match["year"]) <= 2100:
        return None
    year, name = int(match["year"]), match["name"].lower()
    if name in ("ramadan", "ramadhan"):
        windows, reason = tuple(_ramadans(year)), "estimated-by-the-moon"
    else:
        windows, reason = (_season(name, year),), "an-unknown-day"
    suggestions = tuple(
        Suggestion(state.line_with(match.span(), _window(*window, match["part"])), reason)
        for window in windows
    )
    return Diagnostic("part-of-year", match.span(), (("word", match[0]),), suggestions)


def _window(first: date, last: date, part: str | None) -> str:
    if part is None:
        return f"between {first} and {last}"
    return str(last if part.lower() == "end" else first)


def _season(name: str, year: int) -> tuple[date, date]:
    if name == "golden week":
        return date(year, 4, 29), date(year, 5, 5)
    if name == "lent":
        from tracker.dates.suggestions.feasts import easter

        return easter(year) - timedelta(days=46), easter(year) - timedelta(days=1)
    if name == "advent":
        last = date(year, 12, 24)
        return last - timedelta(days=21 + (last.weekday() + 1) % 7), last
    return date(year, 12, 24), date(year + 1, 1, 1)


def _ramadans(year: int) -> Iterator[tuple[date, date]]:
    """Those that begin in the year; as a year of the moon is shorter, there may be two."""
    import holidays

    begins = holidays.country_holidays("MV", years=year, language="en_US")
    ends = holidays.country_holidays("AE", years=(year, year + 1), language="en_US")
    feasts = sorted(day for day, name in ends.items() if name.startswith("Eid al-Fitr"))
    for first, name in sorted(begins.items()):
        if "First Day of Ramadan" in name and first.year == year:
            following = next((day for day in feasts if day > first), first + timedelta(days=30))
            yield first, following - timedelta(days=1)
