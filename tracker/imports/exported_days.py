"""Days of an exported sheet that a spreadsheet has written anew since, by its own settings.

Who opens a CSV and saves it has 31.03.2027 or 3/31/2027 where 2027-03-31 stood. What was written of
each key then (its fingerprint) tells that it is the same day, and so in which order its program
writes them; only in that order an edited day is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from tracker.files.imported import fingerprint
from tracker.imports.sheets.day_readings import DayReading, day_of_number, day_text_of, order_of
from tracker.imports.sheets.settings import choice_name
from tracker.imports.statements import RECORD_KEYS

_DAY_KEYS = ("when", "starts", "ends", *RECORD_KEYS)
#: A day in numbers with its marks, maybe with a time; a number of days.
_WRITTEN_ANEW = re.compile(r"[0-9]{1,4}(?P<mark>[./-])[0-9 ]|[0-9]{5}(?:\.[0-9]+)?$")
_AS_EXPORTED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9]{2}:[0-9]{2})?")


class _UnsureDay(NamedTuple):
    """A day with several readings, and the row whose it is."""

    fields: dict[str, Any]
    key: str
    readings: tuple[DayReading, ...]
    mark: str


def restore_days(rows: Iterable[tuple[dict[str, Any], Mapping[str, str]]]) -> None:
    """Puts the line in place of each such day, where it has one reading; all others stay.

    `rows` have the keys of an event, and the fingerprints of what was written of them.

    >>> rent, report = {"when": "04/03/2027"}, {"when": "05/03/2027"}
    >>> restore_days([(rent, {"when": fingerprint("2027-03-04")}), (report, {})])
    >>> rent["when"], report["when"]
    ('2027-03-04', '2027-03-05')
    """
    orders: dict[str, set[str]] = {}
    unsure: list[_UnsureDay] = []
    for fields, wrote in rows:
        for key in _DAY_KEYS:
            text = fields.get(key)
            if not isinstance(text, str) or not (written := _WRITTEN_ANEW.match(text)):
                continue
            if _AS_EXPORTED.fullmatch(text):
                continue
            readings, mark = _readings(text), written["mark"] or ""
            same = [r for r in readings if fingerprint(r.line) == wrote.get(key)]
            if sure := same or (readings if len(readings) == 1 else ()):
                fields[key] = sure[0].line
                order = _proven_order(text, sure[0])
                orders.setdefault(mark, set()).update([order] if order else [])
            elif readings:
                unsure.append(_UnsureDay(fields, key, readings, mark))
    for day in unsure:
        known = orders.get(day.mark, set())
        meant = [r.line for r in day.readings if {choice_name(r.reason)} == known]
        if len(meant) == 1:
            day.fields[day.key] = meant[0]


def _proven_order(text: str, meant: DayReading) -> str | None:
    if meant.line[5:7] == meant.line[8:10]:  # 05/05 is the same in both
        return None
    return order_of(text, meant.line) or choice_name(meant.reason)


def _readings(text: str) -> tuple[DayReading, ...]:
    if numbered := day_of_number(text):
        return (DayReading(numbered),)
    return day_text_of(text).readings
