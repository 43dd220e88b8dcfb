"""What is packed: damaged archives raise errors of their own, and a small one may fill a disk."""

from __future__ import annotations

import gzip
import lzma
import zipfile
import zlib
from io import BytesIO

from tracker.imports.foreign import ForeignFile, Unreadable
from tracker.imports.texts import one_line

DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, KeyError, ValueError, OSError, EOFError,
    NotImplementedError, RuntimeError,
)  # fmt: skip
_GZIP = b"\x1f\x8b"
#: As much as is fetched of an address that packs nothing.
_MOST_UNPACKED = 50 * 1024 * 1024


def unpack_alone(file: ForeignFile) -> ForeignFile:
    """What a file holds that was packed alone (gzip), as servers and backups have it.

    >>> unpack_alone(ForeignFile("a.ics.gz", gzip.compress(b"BEGIN:VCALENDAR"))).content
    b'BEGIN:VCALENDAR'
    """
    if not file.content.startswith(_GZIP):
        return file
    try:
        with gzip.GzipFile(fileobj=BytesIO(file.content)) as stream:
            content = stream.read(_MOST_UNPACKED + 1)
    except DAMAGED:
        content = b""
    if not 0 < len(content) <= _MOST_UNPACKED:
        raise Unreadable("zip", (("name", one_line(file.name, 80)),))
    return ForeignFile(file.name, content)
