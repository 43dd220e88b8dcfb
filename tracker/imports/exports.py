"""What `tracker export` writes: the statements of a file, beside them the day that each comes to.

People who have no tracker can work with it, and `tracker import` reads it back. Each event has with
it which one it is, and a fingerprint of each of its keys: so the way back tells what was edited
there from what was edited in the file meanwhile.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from io import BytesIO

from tracker.failures.extras import libraries_of
from tracker.files.schema import EVENT_KEYS
from tracker.imports.cells import cells_of
from tracker.imports.export_values import Export
from tracker.imports.exported_calendar import calendar_of
from tracker.imports.statements import agreement_fields

#: The name of the column, key or property that says which event of tracker it is.
MARK_COLUMN = "tracker"
#: The column that has the head of the file, in its first row.
HEAD_COLUMN = "tracker-file"
#: What is worked out, and passed over on the way back.
WORKED_OUT_COLUMNS = ("day", "until", "status")
_ALWAYS = ("id", "title", "when", "starts", "ends", "lasts", "repeats", "parties", "tags", "note")
#: Of a cell, in Excel.
MOST_IN_CELL = 32_767


class CellTooLongError(ValueError):
    """A text that no cell of a workbook holds."""

    def __init__(self, event: str, key: str) -> None:
        super().__init__(event, key)
        self.event, self.key = event, key


# -- the forms


def rows_of(export: Export) -> list[list[str]]:
    """The headings, and a row for each event: all of its keys, and what is worked out."""
    language = export.agreement.language
    rows = [cells_of(exported.fields, language) for exported in export.events]
    used = {column for row in rows for column in row}
    columns = [
        column
        for key in EVENT_KEYS
        for column in (key, *sorted(name for name in used if name.startswith(f"{key} (")))
        if column in used or column in _ALWAYS
    ]
    head = json.dumps(agreement_fields(export.agreement), ensure_ascii=False)
    table = [[*columns[:2], *WORKED_OUT_COLUMNS, *columns[2:], MARK_COLUMN, HEAD_COLUMN]]
    for number, (exported, row) in enumerate(zip(export.events, rows, strict=True)):
        cells = [row.get(column, "") for column in columns]
        worked_out = [exported.day, exported.until, exported.status]
        ends = [exported.mark, head if number == 0 else ""]
        table.append([*cells[:2], *worked_out, *cells[2:], *ends])
    return table


class _Written(list[str]):
    """Where a csv.writer writes to."""

    def write(self, text: str) -> None:
        self.append(text)


def csv_form(export: Export) -> bytes:
    """As CSV (RFC 4180), with the byte order mark by which Excel knows UTF-8."""
    written = _Written()
    csv.writer(written, lineterminator="\r\n").writerows(rows_of(export))
    return b"\xef\xbb\xbf" + "".join(written).encode()


def xlsx_form(export: Export) -> bytes:
    """As a workbook; raises CellTooLongError."""
    with libraries_of("import"):
        import xlsxwriter

    stream = BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    sheet = workbook.add_worksheet("tracker")
    rows = rows_of(export)
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            if len(text) > MOST_IN_CELL:
                raise CellTooLongError(row[0], rows[0][column])
            sheet.write_string(number, column, text)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(rows) - 1, 1), len(rows[0]) - 1)
    sheet.set_column(1, 1, 40)
    sheet.set_column(len(rows[0]) - 2, len(rows[0]) - 1, 12, None, {"hidden": True})
    workbook.close()
    return stream.getvalue()


def json_form(export: Export) -> bytes:
    """As JSON: the head of the file, and of each event what is stated and what is worked out."""
    value = {
        "tracker-export": 1,
        "as_of": export.as_of,
        "file": agreement_fields(export.agreement),
        "events": [
            {
                "stated": exported.fields,
                "day": exported.day or None,
                "until": exported.until or None,
                "status": exported.status,
                MARK_COLUMN: exported.mark,
            }
            for exported in export.events
        ],
    }
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


EXPORT_FORMS: Mapping[str, Callable[[Export], bytes]] = {
    "csv": csv_form,
    "xlsx": xlsx_form,
    "ics": calendar_of,
    "json": json_form,
}
