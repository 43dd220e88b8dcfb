"""Whether an open SQLite file is still the one that its path names.

SQLite writes on into a file that was deleted, moved or replaced, as if nothing had happened. A look
at the path costs a µs.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Stamp(NamedTuple):
    """Which file it is, and what differs once it was written."""

    device: int
    inode: int
    size: int
    modified: int

    def is_same_file(self, file: Stamp | None) -> bool:
        return file is not None and self[:2] == file[:2]


def stamp_of(file: Path) -> Stamp | None:
    """None: it is not there. Raises OSError where nobody can say."""
    try:
        status = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return Stamp(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


class OpenFile:
    """The file of a database that is open."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._wal_file = file.with_name(f"{file.name}-wal")
        self._stamp = stamp_of(file)
        self._wal: Stamp | None = None  #: of what was written last, and is not in the file yet
        self.owners = 0  #: of connections that are kept: while there is one, the WAL stays

    def trouble(self) -> tuple[str, Path] | None:
        """Names the sentence that says what is wrong, of which file. Raises OSError."""
        stamp = stamp_of(self._file)
        if stamp is None:
            return "ledger.gone", self._file
        if not stamp.is_same_file(self._stamp):
            return "ledger.replaced", self._file
        if not self.owners:
            self._wal = None
            return None
        wal = stamp_of(self._wal_file)
        if self._wal is None:
            self._wal = wal
        elif not self._wal.is_same_file(wal):
            return "ledger.wal", self._wal_file
        return None
