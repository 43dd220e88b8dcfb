"""Days that stand in three columns: year, month and day, or year and month."""

from __future__ import annotations

import calendar

from tracker.imports.sheets.headings import plain
from tracker.imports.sheets.tables import SheetTable, cell_text

_NAMES = {
    "year": "year jahr année annee año anno ano jaar 年 年度",
    "month": "month monat mois mes mese mês maand 月",
    "day": "day tag jour día dia giorno dag 日",
}
_PART_OF = {name: part for part, names in _NAMES.items() for name in names.split()}


def parts_of_days(headings: dict[int, str]) -> dict[str, int] | None:
    """The columns that a day is put together of, by their headings; None: there are none.

    >>> parts_of_days({0: "Task", 1: "Jahr", 2: "Monat", 3: "Tag"})
    {'year': 1, 'month': 2, 'day': 3}
    """
    parts: dict[str, int] = {}
    for at, heading in headings.items():
        part = _PART_OF.get(plain(heading))
        if part in parts:
            return None
        if part is not None:
            parts[part] = at
    return parts if {"year", "month"} <= parts.keys() else None


def add_days_of_parts(table: SheetTable, parts: dict[str, int], first: int) -> int:
    """Adds a column with the days to the rows from the first on; which one that is."""
    width = max(len(row.cells) for row in table.rows)
    for at in range(first, len(table.rows)):
        row = table.rows[at]
        texts = {
            part: cell_text(row.cells[column]) if column < len(row.cells) else ""
            for part, column in parts.items()
        }
        day = day_of_parts(texts["year"], texts["month"], texts.get("day", ""))
        filled = (*row.cells, *("",) * (width - len(row.cells)), day)
        table.rows[at] = row._replace(cells=filled)
    return width


def day_of_parts(year: str, month: str, day: str) -> str:
    """A day as its parts say it; what they leave open the text does as well.

    >>> day_of_parts("2027", "3", "31"), day_of_parts("2027", "März", "31")
    ('2027-03-31', '31 März 2027')
    >>> day_of_parts("2027", "3", ""), day_of_parts("99", "3", "31"), day_of_parts("27", "3", "1")
    ('2027-03', '31 March 99', '2027-03-01')
    """
    if not year or not month:
        return " ".join(filter(None, (day, month, year)))
    if not year.isdigit():
        return f"{year.removesuffix('年')}年{month.removesuffix('月')}月{day.removesuffix('日')}日"
    if len(year) == 2 and int(year) < 50:
        year = f"20{year}"
    if month.isdigit() and len(year) == 4:
        return "-".join(filter(None, (year, f"{month:0>2}", f"{day:0>2}" if day else "")))
    if month.isdigit() and 1 <= int(month[:3]) <= 12:
        month = calendar.month_name[int(month)]
    return " ".join(filter(None, (day, month, year)))
