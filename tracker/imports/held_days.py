"""The days on which a conference is held, as people write them: `July 21-27, 2024`."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

_NAMES = "january february march april may june july august september october november december"
_MONTHS = {name[:3]: number for number, name in enumerate(_NAMES.split(), 1)}
_MONTH = r"(?P<{0}>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = r"(?P<{0}>[0-9]{{1,2}})(?:st|nd|rd|th)?"
_YEAR = r"(?:,? ?(?P<{0}>[0-9]{{4}}))?"


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("".join(parts))


_BETWEEN = " ?- ?"
_M1, _M2 = _MONTH.format("m1"), _MONTH.format("m2")
_D1, _D2 = _DAY.format("d1"), _DAY.format("d2")
_Y1, _Y2 = _YEAR.format("y1"), _YEAR.format("y2")
_OF_DAYS = (
    _pattern(_M1, " ", _D1, _Y1, _BETWEEN, _M2, " ", _D2, _Y2),  # May 31 - June 4, 2020
    _pattern(_M1, " ", _D1, _BETWEEN, _D2, _Y2),  # July 21-27, 2024
    _pattern(_D1, " ", _M1, _Y1, _BETWEEN, _D2, " ", _M2, _Y2),  # 31 May - 4 June 2020
    _pattern(_M1, " ", _D1, _BETWEEN, _D2, " ", _M2, _Y2),  # January 31 - 4 February 2026
    _pattern(_D1, _BETWEEN, _D2, " ", _M2, _Y2),  # 21-27 July 2024
    _pattern(_M1, " ", _D1, _Y2),  # January 27, 2020
    _pattern(_D1, " ", _M1, _Y2),  # 27 January 2020
)
_OF_MONTHS = _pattern(_M1, rf"(?:{_BETWEEN}{_M2})?", _Y2)
_WHOLE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_PLAIN = re.compile(rf"(?P<first>{_WHOLE})(?: ?(?:-|/|\.\.) ?(?P<last>{_WHOLE}))?")


class HeldDays(NamedTuple):
    """From when to when; or a line, where no day is known yet but a month is."""

    first: date | None = None
    last: date | None = None
    line: str = ""


def held_days(text: str, year: int | None) -> HeldDays | None:
    """The days that the words mean; `year` is that of the conference, where they have none.

    >>> held_days("Dec. 30 - January 3, 2027", None)[:2]
    (datetime.date(2026, 12, 30), datetime.date(2027, 1, 3))
    >>> held_days("June 2026 (exact dates TBD)", None).line, held_days("Vienna", 2026)
    ('in 2026-06', None)
    """
    words = re.sub(r"\([^()]*\)", " ", text[:200].lower())
    words = re.sub(r"[‐-―−~]|\b(?:to|through|until)\b", "-", words)
    words = " ".join(re.sub(r" *, *", ", ", words).split()).strip(" ,.")
    if plain := _PLAIN.fullmatch(words):
        return _whole(plain["first"], plain["last"] or plain["first"])
    for pattern in _OF_DAYS:
        if match := pattern.fullmatch(words):
            return _days(match.groupdict(), year)
    if match := _OF_MONTHS.fullmatch(words):
        return _months(match, year)
    if re.fullmatch("[12][0-9]{3}", words):
        return HeldDays(line=f"in {words}")
    return None


def _whole(first: str, last: str) -> HeldDays | None:
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
    return HeldDays(*days) if days[0] <= days[1] else None


def _days(parts: dict[str, str | None], year: int | None) -> HeldDays | None:
    """A year behind both days is that of the last, and of the first where that is not after it."""
    first_month = parts.get("m1") or parts["m2"]
    last_month = parts.get("m2") or parts["m1"]
    first_day, last_day = str(parts["d1"]), str(parts.get("d2") or parts["d1"])
    stated = parts.get("y2") or parts.get("y1")
    if not (stated or year) or first_month is None or last_month is None:
        return None
    last_year = int(stated or year or 0)
    try:
        last = date(last_year, _MONTHS[last_month], int(last_day))
        first = date(int(parts.get("y1") or last_year), _MONTHS[first_month], int(first_day))
        if first > last and stated and not parts.get("y1"):  # over the turn of the year
            first = first.replace(year=last_year - 1)
    except ValueError:
        return None
    return HeldDays(first, last) if first <= last and (last - first).days < 200 else None


def _months(match: re.Match[str], year: int | None) -> HeldDays | None:
    stated = match["y2"] or year
    if not stated:
        return None
    months = [f"{int(stated):04}-{_MONTHS[name]:02}" for name in (match["m1"], match["m2"]) if name]
    if len(months) == 1:
        return HeldDays(line=f"in {months[0]}")
    return HeldDays(line=f"between {months[0]} and {months[1]}") if months[0] < months[1] else None
