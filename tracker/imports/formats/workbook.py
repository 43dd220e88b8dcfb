"""Workbooks of Excel, LibreOffice and Google Sheets: .xlsx, .xlsm, .xls, .ods."""

from __future__ import annotations

from tracker.imports.foreign import ForeignContent, ForeignFile, Wishes
from tracker.imports.sheets.reading import read_tables
from tracker.imports.sheets.settings import settings_of
from tracker.imports.sheets.workbooks import OLE_MARK, ZIP_MARK, read_workbook

_NAMES = (".xlsx", ".xlsm", ".xltx", ".xlsb", ".ods", ".ots")
#: Names stand in a ZIP as they are.
_PARTS = (b"xl/", b"[Content_Types].xml", b"content.xml")


def recognises(file: ForeignFile) -> bool:
    """Whether it is a ZIP of such parts, as xlsx and ods are, or a compound file, as xls is."""
    if file.content.startswith(OLE_MARK):
        return True
    return file.content.startswith(ZIP_MARK) and (
        file.ending in _NAMES or any(part in file.content for part in _PARTS)
    )


def read_foreign(file: ForeignFile, wishes: Wishes) -> ForeignContent:
    """The events that its rows are. Raises Unreadable."""
    settings = settings_of(wishes)
    return read_tables(read_workbook(file.content), settings, wishes)
