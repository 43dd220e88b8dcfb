"""One cell of a column of days: its day, and the weekday and the zone that stand beside it."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import UTC, date, datetime
from typing import NamedTuple

from tracker.dates.suggestions.zones import abbreviated_zones
from tracker.imports.sheets.day_readings import (
    DayReading,
    DayText,
    day_text_of,
    is_day,
    lacks_year,
)
from tracker.imports.sheets.weekdays import without_weekday

_LONGEST = 80
UNIX_TIME = "unix-time"
#: Seconds, or thousandths, from 2001 on: less is a number of something else.
_UNIX = re.compile(r"[1-4][0-9]{9}(?P<thousandths>[0-9]{3})?(?:\.0+)?")
_NAMES_UNIX_TIME = re.compile(r"unix|epoch|timestamp|zeitstempel|タイムスタンプ", re.IGNORECASE)
_CLOCK = r"(?:[0-9]{1,2}[:.h][0-9]{2}(?::[0-9]{2})?|[0-9]{1,2})(?: ?[ap]\.?m\.?| ?Uhr)?"
_WITH_ZONE = re.compile(rf"(?P<rest>(?:.*\s|T)?{_CLOCK}) ?[(\[]?(?P<zone>[A-Za-z]{{2,5}})[)\]]?")
_SECONDS = re.compile(r"[0-9]{2}:[0-9]{2}:(?!00|59)[0-9]{2}")
_TIMED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}")
#: Years in which somebody can have agreed on a day. Others stand for "none" (9999-12-31), for an
#: empty cell that a spreadsheet shows as a day (1899-12-31, 1900-01-00), or are slips (0027).
_FIRST_YEAR, _LAST_YEAR = 1901, 2199


class DayCellText(NamedTuple):
    """What a text says, by its parts."""

    bare: str  #: the day alone
    day: DayText
    weekdays: frozenset[int] = frozenset()
    zone: str = ""  #: the abbreviation of a zone, as it stands there


def read_day_cell(text: str, names: Container[str] = ()) -> DayCellText:
    """What a text of a column of days says.

    >>> read_day_cell("Mi, 31. März 2027").day.readings[0].line
    '2027-03-31'
    >>> read_day_cell("Di, 31. März 2027").day.fault
    'other-weekday'
    >>> read_day_cell("31.03.2027 5 pm EST").zone
    'EST'
    """
    bare, zone = split_zone(text)
    weekday = without_weekday(bare)
    if weekday is not None:
        day = _day_text(weekday.rest, names)
        if day.readings or day.fault in ("no-year", "no-such-day"):
            day = fitting(day, weekday.weekdays)
            return _with_zone(DayCellText(weekday.rest, day, weekday.weekdays, zone), text, names)
    return _with_zone(DayCellText(bare, _day_text(bare, names), zone=zone), text, names)


def _with_zone(cell: DayCellText, text: str, names: Container[str]) -> DayCellText:
    """Where what stands before the zone is no time, it is no zone."""
    is_timed = all(_TIMED.fullmatch(reading.line) for reading in cell.day.readings)
    if cell.zone and not (cell.day.readings and is_timed):
        return DayCellText(text, _day_text(text, names))
    return cell


def split_zone(text: str) -> tuple[str, str]:
    """A text with a time, and the abbreviation of a zone behind it; empty: there is none.

    >>> split_zone("17:30 CET"), split_zone("17:30 UTC"), split_zone("5 pm")
    (('17:30', 'CET'), ('17:30 UTC', ''), ('5 pm', ''))
    """
    match = _WITH_ZONE.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return text, ""
    zones = abbreviated_zones(match["zone"])
    return (match["rest"], match["zone"]) if zones not in ((), ("UTC",), ("AoE",)) else (text, "")


def _day_text(text: str, names: Container[str]) -> DayText:
    day = day_text_of(text, names)
    if not day.readings and (unix := unix_time(text)):
        return DayText((DayReading(unix, UNIX_TIME),))
    if day.fault == "no-day" and lacks_year(text, names):
        return DayText((), "no-year")
    if any(is_far(reading.line) for reading in day.readings):
        return DayText((), "far-day")
    if _SECONDS.search(text):
        return day._replace(is_same=False)
    return day


def unix_time(text: str) -> str | None:
    """The line of a number of seconds since 1970 in UTC; None: it is no such number.

    >>> unix_time("1806512400"), unix_time("1806512400000"), unix_time("46477")
    ('2027-03-31 17:00 UTC', '2027-03-31 17:00 UTC', None)
    """
    match = _UNIX.fullmatch(text)
    if match is None:
        return None
    seconds = int(text.partition(".")[0]) // (1000 if match["thousandths"] else 1)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"


def names_unix_time(heading: str) -> bool:
    """Whether a column is called so that its numbers are seconds since 1970.

    >>> names_unix_time("Due (Unix)"), names_unix_time("Due")
    (True, False)
    """
    return _NAMES_UNIX_TIME.search(heading) is not None


def is_far(line: str) -> bool:
    """Whether a day is one that nobody agrees on.

    >>> is_far("9999-12-31"), is_far("1899-12-31"), is_far("2027-03-31"), is_far("in 2027")
    (True, True, False, False)
    """
    day = is_day(line)
    return day is not None and not _FIRST_YEAR <= day.year <= _LAST_YEAR


def fitting(day: DayText, weekdays: frozenset[int]) -> DayText:
    """What a text says, of which the weekday is one of these."""
    if not weekdays or not day.readings:
        return day
    fit = tuple(r for r in day.readings if _fits(r.line, weekdays))
    return day._replace(readings=fit) if fit else DayText((), "other-weekday")


def _fits(line: str, weekdays: frozenset[int]) -> bool:
    """Whether the day has that weekday, in this century or the one before, where both can be."""
    day = is_day(line)
    if day is None:
        return False
    before = date(day.year - 100, day.month, day.day) if day.year >= 2050 else day
    return day.weekday() in weekdays or before.weekday() in weekdays
