"""Workbooks of spreadsheets: xlsx, xls and ods, their cells read by calamine, nothing computed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from tracker.failures.extras import libraries_of
from tracker.failures.panics import panics_unseen
from tracker.imports.foreign import ForeignPlace, LeftOut, Remark, Unreadable
from tracker.imports.sheets.compound import refuse_far_cells
from tracker.imports.sheets.packages import (
    Package,
    counts_from_1904,
    open_package,
    parts_of_sheets,
    with_far_numbers_as_texts,
)
from tracker.imports.sheets.tables import (
    MOST_COLUMNS,
    MOST_ROWS,
    CellValue,
    SheetRow,
    SheetTable,
)

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

ZIP_MARK = b"PK\x03\x04"
#: Compound files: xls, and any workbook that has a password.
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MOST_PLACES = 3
_HIDDEN_ROW = re.compile(
    rb'<row\s[^>]*hidden="(?:1|true)"|<table:table-row\s[^>]*visibility="(?:collapse|filter)"'
)
_HIDDEN_COLUMN = re.compile(
    rb'<col\s[^>]*hidden="(?:1|true)"|<table:table-column\s[^>]*visibility="(?:collapse|filter)"'
)
_ERROR = re.compile(
    rb'<c\s(?:[^>]*\s)?r="[A-Z]+([0-9]+)"[^>]*\st="e"[^>]*>(?:<f[^/]*?</f>)?<v>([^<]*)<'
)
_WITHOUT_VALUE = re.compile(
    rb'<c\s(?:[^>]*\s)?r="[A-Z]+([0-9]+)"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)


def read_workbook(content: bytes) -> list[SheetTable]:
    """The sheets that are shown and hold something. Raises Unreadable, ImportError."""
    with libraries_of("import"):
        import python_calamine

    package = None
    if content.startswith(ZIP_MARK):
        package = open_package(content)
        content = with_far_numbers_as_texts(content, package)
    elif _ENCRYPTED in content:
        raise Unreadable("encrypted")
    else:
        refuse_far_cells(content)
    try:
        with panics_unseen():
            workbook = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
            tables = list(_tables(workbook, package))
    except python_calamine.PasswordError:
        raise Unreadable("encrypted") from None
    except (python_calamine.CalamineError, ValueError, OverflowError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("broken-workbook") from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # a fault of its own, in a file of nonsense
            raise Unreadable("broken-workbook") from None
        raise
    if not tables:
        raise Unreadable("no-rows")
    return tables


def _tables(workbook: CalamineWorkbook, package: Package | None) -> Iterator[SheetTable]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    parts = parts_of_sheets(package) if package else {}
    from_1904 = package is not None and counts_from_1904(package)
    hidden = []
    tables = []
    for at, about in enumerate(workbook.sheets_metadata):
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        if about.visible != SheetVisibleEnum.Visible:
            hidden.append(about.name)
            continue
        table = SheetTable(about.name, [], "row", counts_from_1904=from_1904)
        sheet = workbook.get_sheet_by_index(at)
        _read_cells(table, sheet)
        if table.rows:
            _tell_of_part(table, parts.get(about.name, b""))
            tables.append(table)
    for table in tables:
        table.left_out += [LeftOut(name, "hidden-sheet") for name in hidden]
    yield from tables


def _read_cells(table: SheetTable, sheet: CalamineSheet) -> None:
    if sheet.start is None:
        return
    first_row, first_column = sheet.start
    before: tuple[CellValue, ...] = ("",) * min(first_column, MOST_COLUMNS)
    rows: list[list[CellValue]] = []
    for at, cells in enumerate(sheet.iter_rows()):
        # iter_rows() begins at the first row of the sheet, to_python() where something stands
        rows.append([*before, *cells][:MOST_COLUMNS] if any(c != "" for c in cells) else [])
        if at > 2_000_000:
            break
    offset = first_row if len(rows) <= sheet.height else 0
    _fill_merged(table, sheet, rows, offset)
    for at, row in enumerate(rows):
        if any(cell != "" for cell in row):
            table.rows.append(SheetRow(at + offset + 1, tuple(row)))
    if len(table.rows) > MOST_ROWS:
        raise Unreadable("too-many-rows", (("most", str(MOST_ROWS)),))


def _fill_merged(
    table: SheetTable, sheet: CalamineSheet, rows: list[list[CellValue]], offset: int
) -> None:
    """A cell that is merged over several rows is each row's."""
    merged = 0
    for (top, left), (bottom, _) in (sheet.merged_cell_ranges or ())[:10_000]:
        at = top - offset
        if bottom == top or not 0 <= at < len(rows) or left >= len(rows[at]):
            continue
        for row in rows[at + 1 : min(bottom - offset + 1, at + 1000)]:
            if left < len(row) and row[left] == "":
                row[left] = rows[at][left]
                merged += 1
    if merged:
        table.remarks.append(Remark("merged-cells", (("cells", str(merged)),)))


def _tell_of_part(table: SheetTable, part: bytes) -> None:
    """What calamine does not say: what is hidden, errors, and formulas without a value."""
    rows, columns = len(_HIDDEN_ROW.findall(part)), len(_HIDDEN_COLUMN.findall(part))
    if rows:
        table.remarks.append(Remark("hidden-rows", (("cells", str(rows)),)))
    if columns:
        table.remarks.append(Remark("hidden-columns", (("cells", str(columns)),)))
    errors: dict[str, list[int]] = {}
    if b't="e"' in part:
        for number, error in _ERROR.findall(part):
            errors.setdefault(error.decode("utf-8", "replace"), []).append(int(number))
    for name, numbers in errors.items():
        _leave_out(table, name[:20], "error-cell", numbers)
    if b"<f" in part and (without := [int(n) for n in _WITHOUT_VALUE.findall(part)]):
        _leave_out(table, "=…", "formula-without-value", without)


def _leave_out(table: SheetTable, what: str, reason: str, numbers: list[int]) -> None:
    places: tuple[ForeignPlace, ...] = tuple(table.place(n) for n in numbers[:_MOST_PLACES])
    table.left_out.append(LeftOut(what, reason, (), places, len(numbers)))
