"""The ZIP around a workbook: what it really inflates to, and what its parts claim, looked at first.

The library that reads the cells makes room for every cell between the first and the last, and
inflates what it is given. So a file is refused here before it costs anything.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from typing import NamedTuple

from tracker.imports.foreign import Unreadable

#: A sheet of 200,000 rows has a tenth of it.
MOST_INFLATED = 300_000_000
_MOST_PARTS = 5_000
#: Cells between the first and the last, in any sheet.
MOST_CELLS = 12_000_000
_PIECE = 1 << 20
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_CELL = re.compile(rb'<(?:\w+:)?c\s(?:[^>]*?\s)?r="([A-Z]{1,3})([0-9]{1,7})"')
_TAG_NAME = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)\s*=\s*"([^"]*)"')
_ROW_REPEATED = re.compile(rb"<table:table-row\b([^>]*)>(.*?)</table:table-row>", re.DOTALL)
_CELL_REPEATED = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*?)(/?)>")
_ROWS_REPEATED = re.compile(rb'number-rows-repeated="([0-9]+)"')
_COLUMNS_REPEATED = re.compile(rb'number-columns-repeated="([0-9]+)"')


class Package(NamedTuple):
    """The parts that tell of sheets."""

    kind: str  #: xlsx, ods
    parts: dict[str, bytes]


def open_package(content: bytes) -> Package:
    """Inflates it once, within bounds. Raises Unreadable."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            infos = archive.infolist()
            names = {info.filename for info in infos}
            kind = _kind(archive, names)
            if len(infos) > _MOST_PARTS:
                raise Unreadable("too-large-inside", (("most", f"{MOST_INFLATED // 10**6}"),))
            if any(info.flag_bits & 1 for info in infos):
                raise Unreadable("encrypted")
            parts = _inflate(archive, infos)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        KeyError,
    ) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("broken-workbook") from None  # fmt: skip
    package = Package(kind, parts)
    _refuse_hazards(package)
    return package


def _kind(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "xl/workbook.xml" in names or (
        "[Content_Types].xml" in names
        and any(name.startswith("xl/") and name.endswith(".xml") for name in names)
    ):
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise Unreadable("other-workbook", (("name", "xlsb"),))
    if "content.xml" in names:
        return "ods"
    raise Unreadable("no-workbook")


def _inflate(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    """What each part really holds, not what it says of itself; pictures count, and are not kept."""
    left, parts = MOST_INFLATED, {}
    for info in infos:
        pieces = []
        with archive.open(info) as part:
            while piece := part.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    most = MOST_INFLATED // 10**6
                    raise Unreadable("too-large-inside", (("most", str(most)),))
                if info.filename.endswith((".xml", ".rels")):
                    pieces.append(piece)
        if pieces:
            parts[info.filename] = b"".join(pieces)
    return parts


def _refuse_hazards(package: Package) -> None:
    for name, part in package.parts.items():
        if _DECLARATION.search(part):
            raise Unreadable("entities", (("part", name),))
        if (package.kind == "xlsx" and b"<sheetData" in part) or b":sheetData" in part:
            _refuse_far_cells(part)
    if package.kind == "ods":
        if b"manifest:encryption-data" in package.parts.get("META-INF/manifest.xml", b""):
            raise Unreadable("encrypted")
        _refuse_repeated_cells(package.parts.get("content.xml", b""))


def _refuse_far_cells(part: bytes) -> None:
    """Two cells in the outermost corners are a table of 17 billion."""
    least_row, last_row, least_column, last_column = 1 << 30, 0, 1 << 30, 0
    for letters, digits in _CELL.findall(part):
        row = int(digits)
        least_row, last_row = min(least_row, row), max(last_row, row)
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        least_column, last_column = min(least_column, column), max(last_column, column)
    if last_row and (last_row - least_row + 1) * (last_column - least_column + 1) > MOST_CELLS:
        raise Unreadable("too-many-cells", (("most", f"{MOST_CELLS}"),))


def _refuse_repeated_cells(content: bytes) -> None:
    """A cell that says something, and is said to stand there a million times."""
    cells = 0
    for row in _ROW_REPEATED.finditer(content):
        width, last = 0, 0
        for cell in _CELL_REPEATED.finditer(row[2]):
            repeated = _COLUMNS_REPEATED.search(cell[1])
            width += int(repeated[1][:9]) if repeated else 1
            if b"value" in cell[1] or not cell[2]:
                last = width
        repeated = _ROWS_REPEATED.search(row[1])
        cells += last * (int(repeated[1][:9]) if repeated else 1)
        if cells > MOST_CELLS:
            raise Unreadable("too-many-cells", (("most", f"{MOST_CELLS}"),))


_FAR_NUMBER = re.compile(
    rb'<c\s([^>]*?)\s?s="[0-9]+"([^>]*)>\s*<v>\s*'
    rb"(-?[0-9]{9,}[^<]*|[^<]*[0-9.][eE]\+?[0-9]{2,}[^<]*)</v>"
)


def with_far_numbers_as_texts(content: bytes, package: Package) -> bytes:
    """The workbook, in which no number is a day beyond all years: calamine would give up on it.

    Such a number stands there as the text that it is.
    """
    changed = {}
    for name, part in package.parts.items():
        if b"<sheetData" in part and _FAR_NUMBER.search(part):
            changed[name] = _FAR_NUMBER.sub(rb'<c \1\2 t="str"><v>\3</v>', part)
    if not changed:
        return content
    written = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as archive,
        zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as target,
    ):
        for info in archive.infolist():
            name = info.filename
            target.writestr(name, changed.get(name) or package.parts.get(name, b""))
    return written.getvalue()


def parts_of_sheets(package: Package) -> dict[str, bytes]:
    """Each sheet's own part, by the sheet's name."""
    if package.kind == "ods":
        return dict(_tables_of_ods(package.parts.get("content.xml", b"")))
    targets = {}
    for tag in re.findall(rb"<Relationship\s[^>]*>", _part(package, "xl/_rels/workbook.xml.rels")):
        attributes = dict(_ATTRIBUTE.findall(tag))
        targets[attributes.get(b"Id", b"")] = attributes.get(b"Target", b"").decode(
            "utf-8", "replace"
        )
    sheets = {}
    for tag in _TAG_NAME.findall(_part(package, "xl/workbook.xml")):
        attributes = dict(_ATTRIBUTE.findall(tag))
        relation = next((value for key, value in attributes.items() if key.endswith(b":id")), b"")
        target = targets.get(relation, "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        name = unescape(attributes.get(b"name", b"").decode("utf-8", "replace"))
        sheets[name] = package.parts.get(path, b"")
    return sheets


def _part(package: Package, name: str) -> bytes:
    return package.parts.get(name, b"")


def _tables_of_ods(content: bytes) -> Iterator[tuple[str, bytes]]:
    for table in re.finditer(rb"<table:table\s([^>]*)>(.*?)</table:table>", content, re.DOTALL):
        name = dict(_ATTRIBUTE.findall(table[1])).get(b"table:name", b"")
        yield unescape(name.decode("utf-8", "replace")), table[2]


def counts_from_1904(package: Package) -> bool:
    """Whether the workbook's numbers of days begin in 1904, as of old Macs."""
    workbook = _part(package, "xl/workbook.xml")
    return re.search(rb'date1904="(?:1|true)"', workbook) is not None
