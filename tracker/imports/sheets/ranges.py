"""Two days in one cell: `1–3 May 2027`, `2027-05-01 to 2027-05-03`, `du 1 au 3 mai 2027`."""

from __future__ import annotations

import re
from itertools import islice, product

from tracker.imports.sheets.day_readings import day_text_of
from tracker.imports.sheets.weekdays import without_weekday

_LONGEST = 100
_MOST_TRIES = 8
_FIRST_WORDS = re.compile(r"(?:from|vom|von|du|de|del|dal|desde el|van|between) ", re.IGNORECASE)
_LAST_WORDS = re.compile(r" ?(?:まで)$")
#: What parts two days; of a hyphen without spaces it has to be tried.
_BETWEEN = re.compile(
    r" (?:to|until|till|through|and|bis|au|al|a|tot|t/m) | ?(?:–|—|〜|～|から|to) ?| - ?"
    r"|(?<=[0-9.日])-|(?<=[0-9])/(?=[0-9]{4}-)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![0-9])[12][0-9]{3}(?![0-9])")
_YEAR_IN_SIGNS = re.compile(r"(?:[12][0-9]{3}|令和[0-9元]+)年")
_MONTH_IN_SIGNS = re.compile(r"[0-9]{1,2}月")
_BARE_DAY = re.compile(r"[0-9]{1,2}(?:\.|st|nd|rd|th|er|º)?")
_WORD = re.compile(r"[^\W\d_]{3,}\.?")
_DAY_AND_YEAR = re.compile(r"(?P<day>[0-9]{1,2}),? (?P<year>[12][0-9]{3})")
_YEAR_FIRST = re.compile(r"(?P<year>[12][0-9]{3}[/.-])[0-9]")
_DAY_OF_NUMBERS = re.compile(r"[0-9]{1,2}(?P<more>(?P<mark>[./])(?:[0-9]{1,2}(?P=mark))?[0-9]{4})")


def days_of_range(text: str) -> tuple[str, str] | None:
    """The first and the last day, each whole; None: it is no range of days.

    >>> days_of_range("1–3 May 2027"), days_of_range("30 Apr – 3 May 2027")
    (('1 May 2027', '3 May 2027'), ('30 Apr 2027', '3 May 2027'))
    >>> days_of_range("1.-3.5.2027"), days_of_range("2027-05-01"), days_of_range("Q1-Q2 2027")
    (('1.5.2027', '3.5.2027'), None, None)
    """
    if len(text) > _LONGEST:
        return None
    bare = _LAST_WORDS.sub("", _FIRST_WORDS.sub("", text, count=1))
    for between in islice(_BETWEEN.finditer(bare), _MOST_TRIES):
        left, right = bare[: between.start()].strip(" ,"), bare[between.end() :].strip(" ,")
        if not left or not right or not any(map(str.isdigit, left)) or not _has_day(right):
            continue
        for first, last in product(_completed(left, right), _completed(right, left)):
            if _is_one_day(first) and _is_one_day(last):
                return first, last
    return None


def _has_day(text: str) -> bool:
    return any(map(str.isdigit, text))


def _completed(part: str, beside: str) -> list[str]:
    """A part as it stands, and with the month and the year that stand at the other one alone."""
    ways = [part]
    year, month = _YEAR.search(beside), _WORD.search(beside)
    if _BARE_DAY.fullmatch(part):
        if month:  # 1–3 May 2027; May 1–3, 2027
            ways.append(f"{part} {month[0]} {year[0] if year else ''}".strip())
        if numbers := _DAY_OF_NUMBERS.fullmatch(beside):  # 1.-3.5.2027
            ways.append(f"{part.rstrip('.')}{numbers['more']}")
    elif (alone := _DAY_AND_YEAR.fullmatch(part)) and month:  # May 1–3, 2027
        ways.append(f"{alone['day']} {month[0]} {alone['year']}")
    elif year and not _YEAR.search(part) and (ahead := _YEAR_FIRST.match(beside)):
        ways = [f"{ahead['year']}{part}"]  # 2027/05/01–05/03
    elif year and not _YEAR.search(part):  # 30 Apr – 3 May 2027; 30.04. – 03.05.2027
        ways += [f"{part} {year[0]}", f"{part.rstrip('.')}.{year[0]}", f"{part}/{year[0]}"]
    if (signs := _YEAR_IN_SIGNS.search(beside)) and not _YEAR_IN_SIGNS.search(part):
        of_month = _MONTH_IN_SIGNS.search(beside)
        bare = "" if _MONTH_IN_SIGNS.search(part) or not of_month else of_month[0]
        ways.append(f"{signs[0]}{bare}{part}")
    return ways


def _is_one_day(text: str) -> bool:
    """Whether it is a day, in whatever order its numbers stand; no period, and no time."""
    weekday = without_weekday(text)
    day = day_text_of(weekday.rest if weekday else text)
    return bool(day.readings) and all(
        re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", reading.line) for reading in day.readings
    )
