"""What is put together of one row, before it is an event."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tracker.imports.foreign import ForeignPlace
from tracker.imports.sheets.day_readings import NOTHING, day_text_of
from tracker.imports.sheets.tables import CellValue, SheetRow, cell_text

_DAY = timedelta(days=1)
_PART_OF_DAY = re.compile(r"0?\.[0-9]+")
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
    term: tuple[str, str] | None = None  #: of a range of days in one cell
    waits: bool = False  #: for an answer: it is no event yet
    is_refused: bool = False  #: it is no event, as was told


def combined_time(line: str, cell: CellValue) -> str | None:
    """A day with the time of another cell; None: what stands there is no time of that day.

    >>> combined_time("2027-03-31", "5:00:00 PM"), combined_time("2027-03-31", "17.30")
    ('2027-03-31 17:00', '2027-03-31 17:30')
    >>> combined_time("2027-03-31", "25:00"), combined_time("2027-03-31", 0.5)
    (None, '2027-03-31 12:00')
    """
    if isinstance(cell, datetime):
        cell = cell.time()
    if isinstance(cell, timedelta | float):  # the part of a day that is over by then
        minutes = round((cell / _DAY if isinstance(cell, timedelta) else cell) * 24 * 60)
        if not 0 <= minutes < 24 * 60:
            return None
        cell = time(*divmod(minutes, 60))
    if isinstance(cell, time):
        return f"{line} {cell:%H:%M}"
    text = cell_text(cell)
    if not text or text.casefold() in NOTHING:
        return line
    if _PART_OF_DAY.fullmatch(text):
        return combined_time(line, float(text))
    day = day_text_of(f"{line} {_SECONDS.sub('', text)}")
    if len(day.readings) == 1 and day.is_same and day.readings[0].line.startswith(f"{line} "):
        return day.readings[0].line
    return None


def day_before(line: str) -> str:
    """The last day of what lasts whole days, of which a program names the midnight after it.

    >>> day_before("2027-04-16")
    '2027-04-15'
    """
    return str(date.fromisoformat(line) - timedelta(days=1))
