"""The compound file around an .xls, and how far apart the cells of its sheets stand.

The library that reads the cells makes room for every one between the first and the last of a
sheet. So a file is refused here before it costs anything ([MS-CFB], [MS-XLS] 2.4).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from tracker.imports.foreign import Unreadable

#: Cells between the first and the last of a sheet: 65,536 rows of 61 columns.
MOST_CELLS = 4_000_000
_END = 0xFFFF_FFFA  # from here on a number of a sector says that there is none
_FREE = 0xFFFF_FFFF
_MINI_STREAM_BELOW = 4096
_STREAMS = ("Workbook", "Book")
_BEGINS = (0x0809, 0x0409, 0x0209, 0x0009)  # BOF: a sheet, a chart, or the workbook itself
#: Records of one cell, by row and column: numbers, texts, formulas, errors, blanks.
_CELLS = frozenset((
    0x0006, 0x0206, 0x0406, 0x0203, 0x0003, 0x0204, 0x0004, 0x0205, 0x0005, 0x027E, 0x00FD,
    0x00D6, 0x0201, 0x0001,
))  # fmt: skip
_SEVERAL = (0x00BD, 0x00BE)  # MULRK, MULBLANK: the last column stands at the end


def refuse_far_cells(content: bytes) -> None:
    """Raises Unreadable where two cells of a sheet stand too far apart."""
    try:
        stream = _workbook_stream(content)
    except (struct.error, IndexError):
        raise Unreadable("broken-workbook") from None
    rows: list[int] = []
    columns: list[int] = []
    for kind, at, size in _records(stream):
        if kind in _BEGINS:
            rows, columns = [], []
        elif (kind in _CELLS or kind in _SEVERAL) and size >= 6:
            row, column = struct.unpack_from("<HH", stream, at)
            last = (
                struct.unpack_from("<H", stream, at + size - 2)[0] if kind in _SEVERAL else column
            )
            rows = [min([*rows[:1], row]), max([*rows[1:], row])]
            columns = [min([*columns[:1], column]), max([*columns[1:], column, last])]
            if (rows[1] - rows[0] + 1) * (columns[1] - columns[0] + 1) > MOST_CELLS:
                raise Unreadable("too-many-cells", (("most", f"{MOST_CELLS}"),))


def _records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """Each record: its kind, where it stands, and how long it is."""
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        at += 4
        if at + size > len(stream):
            return
        yield kind, at, size
        at += size


def _workbook_stream(content: bytes) -> bytes:
    """The stream with the sheets; empty where there is none that cells can be far apart in."""
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    if size not in (512, 4096):
        raise IndexError
    table = _sector_table(content, size)
    directory = _chain(content, table, struct.unpack_from("<I", content, 48)[0], size)
    for at in range(0, len(directory) - 127, 128):
        entry = directory[at : at + 128]
        length = struct.unpack_from("<H", entry, 64)[0]
        name = entry[: max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
        first, held = struct.unpack_from("<II", entry, 116)
        if name in _STREAMS and held >= _MINI_STREAM_BELOW:
            return _chain(content, table, first, size)[:held]
    return b""


def _sector_table(content: bytes, size: int) -> list[int]:
    """Which sector follows each: the table is itself in sectors, those listed in the head first."""
    parts = list(struct.unpack_from("<109I", content, 76))
    following = struct.unpack_from("<I", content, 68)[0]
    per_sector = size // 4
    seen = 0
    while following < _END and seen * size < len(content):
        listed = struct.unpack_from(f"<{per_sector}I", content, (following + 1) * size)
        parts += listed[:-1]
        following, seen = listed[-1], seen + 1
    table: list[int] = []
    for part in parts[: len(content) // size + 1]:
        if part != _FREE:
            table += struct.unpack_from(f"<{per_sector}I", content, (part + 1) * size)
    return table


def _chain(content: bytes, table: list[int], first: int, size: int) -> bytes:
    """The sectors that follow one another from that one on; a circle ends with the file."""
    pieces: list[bytes] = []
    sector = first
    while sector < _END and len(pieces) * size <= len(content):
        pieces.append(content[(sector + 1) * size : (sector + 2) * size])
        sector = table[sector]
    return b"".join(pieces)
