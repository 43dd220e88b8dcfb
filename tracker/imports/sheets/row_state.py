"""What is put together of one row, before it is an event."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tracker.imports.foreign import ForeignPlace
from tracker.imports.sheets.day_readings import day_text_of
from tracker.imports.sheets.tables import CellValue, SheetRow

_SECONDS = re.compile(r"(?<=:[0-9]{2}):[0-9]{2}")


@dataclass
class RowState:
    """What is put together of one row."""

    row: SheetRow
    place: ForeignPlace
    title: str
    lines: dict[str, str] = field(default_factory=dict)  #: of each key of days
    notes: list[str] = field(default_factory=list)
    is_done: bool = False
    is_cancelled: bool = False
    waits: bool = False  #: for an answer: it is no event yet


def combined_time(line: str, cell: CellValue) -> str:
    """A day with the time of another cell, where that is one.

    >>> combined_time("2027-03-31", "5:00:00 PM"), combined_time("2027-03-31", "all day")
    ('2027-03-31 17:00', '2027-03-31')
    """
    if isinstance(cell, datetime):
        cell = cell.time()
    if isinstance(cell, time):
        return f"{line} {cell:%H:%M}"
    if isinstance(cell, str) and ":" in cell:
        clock = _SECONDS.sub("", cell.strip())
        readings = day_text_of(f"{line} {clock}").readings
        if len(readings) == 1 and readings[0].line.startswith(line):
            return readings[0].line
    return line


def day_before(line: str) -> str:
    """The last day of what lasts whole days, of which a program names the midnight after it.

    >>> day_before("2027-04-16")
    '2027-04-15'
    """
    return str(date.fromisoformat(line) - timedelta(days=1))
