"""What `tracker export` wrote, in whatever program it was opened and saved since.

Each event has with it which one it is and what was written of it. A key that says the same as then
is as it was; a day that a calendar has moved, or a cell that was typed over, is an edit.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from tracker.files.imported import read_wrote
from tracker.imports.archives import DAMAGED
from tracker.imports.cells import fields_in
from tracker.imports.exported_days import restore_days
from tracker.imports.exported_events import add_exported, head_in
from tracker.imports.exports import HEAD_COLUMN, MARK_COLUMN, WORKED_OUT_COLUMNS
from tracker.imports.findings import EntryReading, Findings
from tracker.imports.foreign import (
    ForeignContent,
    ForeignFile,
    ForeignPlace,
    Unreadable,
    Wishes,
)
from tracker.imports.json_tables import JsonTable, list_in, read_json
from tracker.imports.texts import one_line

_SIGN = b"tracker-file"
_ZIP = b"PK\x03\x04"
#: Where workbooks keep their texts, or the sheet itself.
_TEXTS = ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "content.xml")
_LOOKED_AT = 200_000
_CALENDAR = re.compile(r"\s*BEGIN:VCALENDAR\s", re.IGNORECASE)
_PROPERTY = re.compile(r"^X-TRACKER-FILE\b", re.MULTILINE)
#: What programs put above the headings: an empty line, `sep=;`.
_MOST_BEFORE, _FIRST_LINES = 3, 20_000
_PASSED_OVER = (*WORKED_OUT_COLUMNS, HEAD_COLUMN)


def recognises(file: ForeignFile) -> bool:
    """Whether it has the sign of an export in its head."""
    if file.content.startswith(_ZIP):
        return _has_sign(file.content)
    return _form(file) is not None


def _form(file: ForeignFile) -> str | None:
    """Which of the text forms it is: the sign is a key, a property or the heading of a column."""
    head = file.head[:_LOOKED_AT]
    if file.is_json:
        return "json" if "tracker-export" in file.keys else None
    if _CALENDAR.match(head):  # a cell of a sheet may have any line within it
        return "ics" if _PROPERTY.search(head) else None
    first = [line for line in head[:_FIRST_LINES].splitlines() if line.strip()][:_MOST_BEFORE]
    has_sign = any(_SIGN.decode() in line for line in first)
    return "csv" if has_sign and not head.lstrip().startswith("<") else None


def _has_sign(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for name in set(_TEXTS) & set(archive.namelist()):
                with archive.open(name) as stream:
                    if _SIGN in stream.read(_LOOKED_AT):
                        return True
    except DAMAGED:  # who reads it tells of it
        return False
    return False


def read_foreign(file: ForeignFile, wishes: Wishes) -> ForeignContent:
    """Its events with what was written of each; raises Unreadable."""
    findings = Findings()
    if file.content.startswith(_ZIP):
        from tracker.imports.sheets.workbooks import read_workbook

        head = _read_rows(read_workbook(file.content)[0], wishes, findings)
    elif _form(file) == "ics":
        from tracker.imports.exported_entries import read_entries

        head = read_entries(file, wishes, findings)
    elif _form(file) == "json":
        head = _read_json(file, wishes, findings)
    else:
        from tracker.imports.sheets.separated import read_separated

        head = _read_rows(read_separated(file.content), wishes, findings)
    content = findings.content()
    return ForeignContent(
        content.events,
        content.left_out,
        content.questions,
        head=tuple(head.items()),
        is_export=True,
    )


# -- JSON


def _read_json(file: ForeignFile, wishes: Wishes, findings: Findings) -> dict[str, Any]:
    value, broken = read_json(file)
    if not isinstance(value, JsonTable):
        raise Unreadable("no-json")
    for number, entry in enumerate(list_in(value, "events"), 1):
        at = EntryReading(wishes, findings, ForeignPlace("entry", number))
        stated = entry.get("stated") if isinstance(entry, JsonTable) else None
        if not isinstance(stated, JsonTable):
            at.leave_out(one_line(entry, 40), "no-entry")
        elif entry.is_cut or stated.is_cut or stated.doubled:
            unsound = stated if stated.doubled else entry
            at.leave_out_unsound(one_line(stated.get("id") or "?"), unsound)
        else:
            add_exported(dict(stated), entry.get(MARK_COLUMN), at)
    if broken is not None:
        findings.leave_out("…", "broken", broken)
    head = value.get("file")
    return dict(head) if isinstance(head, dict) else {}


# -- sheets


def _read_rows(table: Any, wishes: Wishes, findings: Findings) -> dict[str, Any]:
    from tracker.imports.sheets.tables import cell_text

    rows = iter(table.rows)
    headings: list[str] = []
    while HEAD_COLUMN not in headings:  # what stands above is none of ours
        try:
            headings = [str(cell).strip() for cell in next(rows).cells]
        except StopIteration:
            raise Unreadable("no-rows") from None
    entries = []
    head: dict[str, Any] = {}
    for row in rows:
        texts = [cell if isinstance(cell, str) else cell_text(cell) for cell in row.cells]
        cells = dict(zip(headings, texts, strict=False))
        head = head or head_in(cells.pop(HEAD_COLUMN, ""))
        entries.append((table.place(row.number), cells.pop(MARK_COLUMN, ""), cells))
    language = str(head.get("language", "en"))  # whoever sorts the rows moves the head as well
    stated = []
    for place, mark, cells in entries:
        kept = {key: text for key, text in cells.items() if key and key not in _PASSED_OVER}
        if fields := fields_in(kept, language):
            stated.append((EntryReading(wishes, findings, place), mark, fields))
    restore_days((fields, dict(read_wrote(mark))) for _, mark, fields in stated)
    for at, mark, fields in stated:
        add_exported(fields, mark, at)
    _tell_of_table(table.left_out, findings)
    return head


def _tell_of_table(left_out: Iterable[Any], findings: Findings) -> None:
    """What the sheet itself did not give."""
    for left in left_out:
        place = left.places[0] if left.places else ForeignPlace("row", 1)
        findings.leave_out(left.what, left.reason, place, left.times, **dict(left.values))
