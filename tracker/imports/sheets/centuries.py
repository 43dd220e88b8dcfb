"""Years of two digits: 00 to 49 are 2000 to 2049 in every program, 50 to 99 in some 19 hundred."""

from __future__ import annotations

import re
import unicodedata

from tracker.dates.diagnostics import LineError
from tracker.dates.parser import parse
from tracker.imports.sheets.day_readings import is_day

#: How a call says which hundred years are meant.
CENTURIES = ("1900s", "2000s")
_LATE = re.compile(r"(?<![0-9])20(?P<year>[5-9][0-9])(?![0-9])")
_YEAR = re.compile(r"(?<![0-9])2[01][0-9]{2}(?![0-9])")
#: Years of a Japanese era are no years of a century: S60, 昭和60年.
_ERA = re.compile(r"[明大昭平令]|\b[MTSHRmtshr]\.?[0-9]")


def has_two_centuries(text: str, line: str) -> bool:
    """Whether the year of a text is two digits that stand for one of two years.

    >>> has_two_centuries("31.12.99", "2099-12-31"), has_two_centuries("31.12.2099", "2099-12-31")
    (True, False)
    >>> has_two_centuries("31.12.27", "2027-12-31")
    False
    """
    years = {match["year"] for match in _LATE.finditer(line)}
    digits = unicodedata.normalize("NFKC", text)
    return any(f"20{year}" not in digits and year in digits for year in years) and not (
        _ERA.search(digits)
    )


def in_century(line: str, century: str) -> str:
    """The line in one of both.

    >>> in_century("through 2099-12", "1900s")
    'through 1999-12'
    """
    return _YEAR.sub(_hundred_before, line) if century == CENTURIES[0] else line


def _hundred_before(year: re.Match[str]) -> str:
    return str(int(year[0]) - 100)


def possible_centuries(line: str, weekdays: frozenset[int]) -> list[str]:
    """In which of both there is such a day, with such a weekday.

    >>> possible_centuries("2099-12-31", frozenset({4}))  # a Thursday; in 1999 it was a Friday
    ['1900s']
    """
    possible = []
    for century in CENTURIES:
        dated = in_century(line, century)
        try:
            parse(dated)
        except LineError:
            continue
        day = is_day(dated)
        if day is None or not weekdays or day.weekday() in weekdays:
            possible.append(century)
    return possible
