"""Texts whose cells are parted by a sign: CSV, TSV, and what Excel writes under these names."""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterator
from itertools import islice

from tracker.imports.foreign import ForeignPlace, LeftOut, Remark, Unreadable
from tracker.imports.sheets.encodings import NAMES, decode_text
from tracker.imports.sheets.tables import MOST_COLUMNS, MOST_ROWS, SheetRow, SheetTable
from tracker.imports.texts import one_line

SEPARATORS = (",", ";", "\t", "|")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
#: The line by which Excel is told the separator, whatever its settings.
_SEP = re.compile(r'\A"?sep=(?P<sign>.)"?[ ;,\t]*(?:\r\n|\r|\n)', re.IGNORECASE)
_SAMPLE_ROWS = 60
_MOST_PLACES = 3


def read_separated(
    content: bytes, encoding: str | None = None, separator: str | None = None
) -> SheetTable:
    """The rows of a text. Raises Unreadable.

    >>> read_separated(b"Task;Due\\nRent;31.03.2027\\n").rows[1].cells
    ('Rent', '31.03.2027')
    """
    decoded = decode_text(content, encoding)
    text, first_line = decoded.text, 1
    if sep := _SEP.match(text):
        separator = separator or sep["sign"]
        text, first_line = text[sep.end() :], 2
    if not text.strip(" \t\r\n\0,;|"):
        raise Unreadable("empty")
    lines = _LINE.findall(text)
    if separator is None:
        separator = find_separator(lines)
    table = SheetTable("", [], "line")
    if decoded.is_guessed:
        name = NAMES.get(decoded.encoding, decoded.encoding)
        table.remarks.append(Remark("letters", (("name", name),)))
    _read_rows(table, lines, separator, first_line)
    return table


def find_separator(lines: list[str]) -> str:
    """The sign that parts most rows into equally many cells.

    >>> find_separator(["a;b,c;d\\n", "1;2,0;3\\n"])
    ';'
    """
    best, best_score = ",", 0.0
    for separator in SEPARATORS:
        widths = Counter(
            len(cells)
            for cells in islice(_cells(lines[: 4 * _SAMPLE_ROWS], separator), _SAMPLE_ROWS)
            if any(cells)
        )
        if not widths:
            continue
        width, times = max(widths.items(), key=lambda pair: (pair[1] * (pair[0] > 1), pair[0]))
        # A row above the headings has cells of its own; a sign within sentences parts few alike.
        score = times / widths.total() + min(width, 30) / 1000 if width > 1 else 0.0
        if score > best_score:
            best, best_score = separator, score
    return best


def _cells(lines: list[str], separator: str) -> Iterator[list[str]]:
    rows = csv.reader(lines, delimiter=separator)
    while True:
        try:
            yield next(rows)
        except (csv.Error, StopIteration):
            return


def _read_rows(table: SheetTable, lines: list[str], separator: str, first_line: int) -> None:
    rows = csv.reader(lines, delimiter=separator)
    wide: list[ForeignPlace] = []
    begins = 0
    while True:
        begins = rows.line_num
        place = ForeignPlace("line", begins + first_line)
        try:
            cells = next(rows)
        except StopIteration:
            break
        except csv.Error:  # a cell longer than csv takes: mostly a quote that is never closed
            _leave_out_rest(table, place, "")
            break
        if len(cells) > MOST_COLUMNS:
            if any(cells[MOST_COLUMNS:]):
                wide.append(place)
                continue
            cells = cells[:MOST_COLUMNS]
        if any(cells):
            table.rows.append(SheetRow(place.number, tuple(cells)))
        if len(table.rows) > MOST_ROWS:
            raise Unreadable("too-many-rows", (("most", f"{MOST_ROWS}"),))
    _look_for_open_quote(table, lines, separator, first_line)
    if wide:
        values = (("most", str(MOST_COLUMNS)),)
        places = tuple(wide[:_MOST_PLACES])
        table.left_out.append(LeftOut("…", "too-wide", values, places, len(wide)))
    if not table.rows:
        raise Unreadable("no-rows")


def _look_for_open_quote(
    table: SheetTable, lines: list[str], separator: str, first_line: int
) -> None:
    """A quote that is not closed takes in all that follows it; that row says nothing."""
    if not table.rows:
        return
    number = table.rows[-1].number
    rows = csv.reader(lines[number - first_line :], delimiter=separator, strict=True)
    try:
        deque(rows, maxlen=0)
    except csv.Error as error:
        if "end of data" in str(error):  # other faults of quoting are read as they stand
            cells = table.rows.pop().cells
            text = next((str(cell) for cell in cells if cell), "")
            _leave_out_rest(table, ForeignPlace("line", number), one_line(text, 40))


def _leave_out_rest(table: SheetTable, place: ForeignPlace, text: str) -> None:
    table.left_out.append(LeftOut(text or "…", "quote-not-closed", (), (place,)))
