"""Feasts and holidays by name and year: `Thanksgiving 2028`, `Easter Monday 2028`.

Those of the Christian year, of the United States and of the United Kingdom are worked out here; all
others are looked up in the library of holidays, in the countries that have them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import TypeAlias

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.suggestions.parse_state import ParseState

_Day: TypeAlias = Callable[[int], date]


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar.

    >>> easter(2027)
    datetime.date(2027, 3, 28)

    Source: Meeus, Astronomical Algorithms, chapter 8 (the anonymous algorithm of 1876).
    """
    century, of_century = divmod(year, 100)
    leaps, rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * (year % 19) + century - leaps - correction + 15) % 30
    weekday = (32 + 2 * rest + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _fixed(month: int, day: int) -> _Day:
    return lambda year: date(year, month, day)


def _from_easter(days: int) -> _Day:
    return lambda year: easter(year) + timedelta(days=days)


def _weekday(nth: int, weekday: int, month: int, more: int = 0) -> _Day:
    """The nth such weekday of the month, the last for -1, and so many days later."""

    def day(year: int) -> date:
        if nth > 0:
            first = date(year, month, 1)
            ahead = (weekday - first.weekday()) % 7 + 7 * (nth - 1)
            return first + timedelta(days=ahead + more)
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7 - more)

    return day


def _advent(year: int) -> date:
    """The fourth Sunday before Christmas: the first from 27 November on."""
    earliest = date(year, 11, 27)
    return earliest + timedelta(days=(6 - earliest.weekday()) % 7)


_MON, _TUE, _THU, _FRI, _SUN = 0, 1, 3, 4, 6

#: By name, each with whose it is where another country means another day.
_FEASTS: dict[str, tuple[tuple[str, _Day], ...]] = {
    "new year's day|new year|new years day|new year's": (("", _fixed(1, 1)),),
    "new year's eve|new years eve|silvester|hogmanay": (("", _fixed(12, 31)),),
    "epiphany|three kings' day|twelfth night": (("", _fixed(1, 6)),),
    "martin luther king(?:,? jr\\.?)?(?: day)?|mlk day": (("US", _weekday(3, _MON, 1)),),
    "valentine's day|st\\.? valentine's day": (("", _fixed(2, 14)),),
    "presidents'? day|president's day|washington's birthday": (("US", _weekday(3, _MON, 2)),),
    "shrove tuesday|pancake day|mardi gras": (("", _from_easter(-47)),),
    "ash wednesday": (("", _from_easter(-46)),),
    "(?:st\\.?|saint) patrick's day": (("", _fixed(3, 17)),),
    "candlemas": (("", _fixed(2, 2)),),
    "lady day": (("GB", _fixed(3, 25)),),
    "midsummer(?: day)?": (("GB", _fixed(6, 24)),),
    "michaelmas(?: day)?": (("GB", _fixed(9, 29)),),
    "martinmas": (("GB", _fixed(11, 11)),),
    "palm sunday": (("", _from_easter(-7)),),
    "maundy thursday|holy thursday": (("", _from_easter(-3)),),
    "good friday|holy friday": (("", _from_easter(-2)),),
    "holy saturday|easter saturday": (("", _from_easter(-1)),),
    "easter|easter sunday|easter day": (("", easter),),
    "easter monday": (("", _from_easter(1)),),
    "ascension|ascension day|ascension thursday": (("", _from_easter(39)),),
    "pentecost|whitsun|whit sunday|pentecost sunday": (("", _from_easter(49)),),
    "whit monday|pentecost monday": (("", _from_easter(50)),),
    "trinity sunday": (("", _from_easter(56)),),
    "corpus christi": (("", _from_easter(60)),),
    "may day|international workers' day|workers' day": (("", _fixed(5, 1)),),
    "early may bank holiday": (("GB", _weekday(1, _MON, 5)),),
    "spring bank holiday": (("GB", _weekday(-1, _MON, 5)),),
    "(?:summer|august) bank holiday": (("GB", _weekday(-1, _MON, 8)),),
    "mother's day": (("US", _weekday(2, _SUN, 5)), ("GB", _from_easter(-21))),
    "father's day": (("US", _weekday(3, _SUN, 6)),),
    "memorial day": (("US", _weekday(-1, _MON, 5)),),
    "juneteenth": (("US", _fixed(6, 19)),),
    "independence day|(?:the )?fourth of july|(?:the )?4th of july": (("US", _fixed(7, 4)),),
    "canada day": (("CA", _fixed(7, 1)),),
    "bastille day": (("FR", _fixed(7, 14)),),
    "assumption|assumption day": (("", _fixed(8, 15)),),
    "labor day": (("US", _weekday(1, _MON, 9)),),
    "labour day": (("", _fixed(5, 1)), ("CA", _weekday(1, _MON, 9))),
    "german unity day|day of german unity": (("DE", _fixed(10, 3)),),
    "columbus day|indigenous peoples'? day": (("US", _weekday(2, _MON, 10)),),
    "halloween": (("", _fixed(10, 31)),),
    "reformation day": (("", _fixed(10, 31)),),
    "all saints'?(?: day)?|all hallows": (("", _fixed(11, 1)),),
    "all souls'?(?: day)?": (("", _fixed(11, 2)),),
    "guy fawkes(?: night| day)?|bonfire night": (("GB", _fixed(11, 5)),),
    "election day": (("US", _weekday(1, _MON, 11, 1)),),
    "veterans'? day": (("US", _fixed(11, 11)),),
    "armistice day|remembrance day": (("", _fixed(11, 11)),),
    "thanksgiving|thanksgiving day": (("US", _weekday(4, _THU, 11)), ("CA", _weekday(2, _MON, 10))),
    "black friday": (("US", _weekday(4, _THU, 11, 1)),),
    "cyber monday": (("US", _weekday(4, _THU, 11, 4)),),
    "advent sunday|first sunday of advent": (("", _advent),),
    "immaculate conception": (("", _fixed(12, 8)),),
    "christmas eve|xmas eve": (("", _fixed(12, 24)),),
    "christmas|christmas day|xmas|xmas day|noël|weihnachten": (("", _fixed(12, 25)),),
    "boxing day|(?:st\\.?|saint) stephen's day|second christmas day": (("", _fixed(12, 26)),),
}  # fmt: skip
#: Where other names are looked for, in this order.
_COUNTRIES = (
    "US GB CA AU IE NZ DE FR IT ES NL CH AT BE SE NO DK FI PL PT JP CN HK"
    " TW KR SG MY IN ID TH PH VN"
    " IL TR AE SA ZA BR MX AR"
).split()

_YEAR = r"(?P<year>[0-9]{4})"
_NOT_BEHIND = "".join(
    rf"(?<!{word} )"
    for word in "lunar chinese islamic orthodox jewish persian thai tamil coptic".split()
)
_BEFORE = rf"(?<![\w./-]){_NOT_BEHIND}(?:(?:on|by|until) )?(?:the )?(?:day of )?"
_KNOWN = tuple(
    (
        re.compile(
            (
                rf"{_BEFORE}(?:(?:{names})(?: day)?,? (?:of |in )?{_YEAR}"
                rf"|(?P<first>[0-9]{{4}}) (?:{names}))(?![\w-])"
            ),
            re.IGNORECASE,
        ),
        days,
    )
    for names, days in _FEASTS.items()
)
_ANY_NAME = re.compile(
    r"(?<![\w./-])(?P<name>[A-Z][A-Za-z'\u2019.-]{2,20}(?:"
    r" [A-Za-z'\u2019.-]{1,20}){0,5}?),? (?:of |in )?"
    r"(?P<year>[0-9]{4})(?![\w-])"
)


def feast(state: ParseState) -> Diagnostic | None:
    """A feast of a year: its day; each of them, where countries have it on different days."""
    text = state.text.replace("\u2019", "'")
    if not re.search(r"[0-9]{4}", text):
        return None
    for pattern, days in _KNOWN:
        match = pattern.search(text)
        if match is None:
            continue
        year = int(match["year"] or match["first"])
        if 1583 <= year <= 9998:  # the Gregorian calendar
            return _as_days(state, match, [(country, day(year)) for country, day in days])
    match = _ANY_NAME.search(text)
    if match is None or not 1900 <= int(match["year"]) <= 2100:
        return None
    days_of_name = _days_of_library(match["name"], int(match["year"]))
    return _as_days(state, match, days_of_name) if days_of_name else None


def _as_days(
    state: ParseState, match: re.Match[str], days: Sequence[tuple[str, date]]
) -> Diagnostic:
    several = len(days) > 1
    suggestions = tuple(
        Suggestion(
            state.line_with(match.span(), str(day)),
            ("in-country" if country else "in-most-countries") if several else "",
            (("country", country),) if country else (),
        )
        for country, day in days
    )
    return Diagnostic("feast", match.span(), (("words", match[0]),), suggestions)


def _days_of_library(name: str, year: int) -> tuple[tuple[str, date], ...]:
    """The days on which countries have a holiday of that name, three at most."""
    wanted = _plain(name)
    wanted = {"lunar new year": "chinese new year"}.get(wanted, wanted)
    by_day: dict[date, str] = {}
    for country, day in _holidays_of(year).get(wanted, ()):
        by_day.setdefault(day, country)
    return tuple((country, day) for day, country in by_day.items())[:3]


@lru_cache(maxsize=4)
def _holidays_of(year: int) -> dict[str, list[tuple[str, date]]]:
    """The first day of the year that each country has under each name."""
    import holidays

    by_name: dict[str, list[tuple[str, date]]] = defaultdict(list)
    for country in _COUNTRIES:
        seen = set()
        calendar = holidays.country_holidays(country, years=year, language="en_US")
        for day, names in sorted(calendar.items()):
            for name in map(_plain, names.split("; ")):
                if day.year == year and name not in seen:
                    by_name[name].append((country, day))
                    seen.add(name)
    return by_name


def _plain(name: str) -> str:
    """The name without what differs between countries: `Day`, `the`, an estimate, signs."""
    text = re.sub(r"\(.*?\)|\b(?:the|day|of|feast|festival|holiday)\b", " ", name.lower())
    return " ".join(re.sub(r"[^\w ]+", "", text).split())
