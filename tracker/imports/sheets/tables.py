"""Rows and cells as a sheet has them, whatever kind of file it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple, TypeAlias

from tracker.imports.foreign import ForeignPlace, LeftOut, Remark
from tracker.imports.texts import several_lines

#: What stands in a cell; nothing is "".
CellValue: TypeAlias = str | int | float | bool | date | time | timedelta

#: More than any program exports; a spreadsheet has 16,384.
MOST_COLUMNS = 1000
#: Ten seconds have 50,000; a sheet with more is a database's.
MOST_ROWS = 200_000
#: Of a cell: Excel has 32,767, and nobody writes a title or a note of more.
MOST_CHARACTERS = 100_000


class SheetRow(NamedTuple):
    """A row that has something in it."""

    number: int  #: as its program counts it: the row of a workbook, the first line in a text
    cells: tuple[CellValue, ...]


@dataclass
class SheetTable:
    """A sheet of a workbook, or all of a text."""

    name: str  #: empty: it is a text
    rows: list[SheetRow]
    counted_by: Literal["line", "row"]
    remarks: list[Remark] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    counts_from_1904: bool = False  #: the day that the number 0 is there

    def place(self, number: int) -> ForeignPlace:
        """Where a row stands, for people."""
        return ForeignPlace(self.counted_by, number, self.name)


def cell_text(value: CellValue) -> str:
    """What a cell says, as a person would write it.

    >>> cell_text(12.0), cell_text(True), cell_text(date(2027, 3, 31)), cell_text(" a\\xa0b ")
    ('12', 'yes', '2027-03-31', 'a b')
    """
    match value:
        case str() if value.isprintable():  # nearly all are
            return value.replace("\xa0", " ").strip()
        case str():
            return several_lines(value.replace("\xa0", " "), MOST_CHARACTERS)
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime():
            return iso_text(value)
        case timedelta():
            return f"{value / timedelta(days=1):g} days"
        case time():
            return f"{value:%H:%M}"
        case _:
            return str(value)


def iso_text(moment: date) -> str:
    """A day as lines write it; with its time where it has one.

    >>> iso_text(datetime(2027, 3, 31)), iso_text(datetime(2027, 3, 31, 17, 30))
    ('2027-03-31', '2027-03-31 17:30')
    """
    if isinstance(moment, datetime) and moment.time().replace(second=0, microsecond=0) != time():
        return f"{moment:%Y-%m-%d %H:%M}"
    return f"{moment:%Y-%m-%d}"


def column_letters(at: int) -> str:
    """How spreadsheets name a column, counted from 0.

    >>> column_letters(0), column_letters(25), column_letters(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    at += 1
    while at:
        at, last = divmod(at - 1, 26)
        letters = chr(ord("A") + last) + letters
    return letters
