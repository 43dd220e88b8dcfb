"""Whether an open SQLite file is still the one that its path names.

SQLite writes on into a file that was deleted, moved or replaced, as if nothing had happened. A look
at the path costs a µs.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

#: Beside a file that is open: what is not in it yet, and what its processes share to find it.
_PARTS = ("-wal", "-shm")
#: What ends the names of those parts while another file stands at the path.
_ASIDE = ".earlier"


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
        self._stamp = stamp_of(file)
        self._parts: dict[Path, Stamp] = {}
        self.owners = 0  #: of connections that are kept: while there is one, the parts stay
        self._are_aside = False

    def trouble(self) -> tuple[str, Path] | None:
        """Names the sentence that says what is wrong, of which file. Raises OSError."""
        stamp = stamp_of(self._file)
        if stamp is None:
            return "ledger.gone", self._file
        if not stamp.is_same_file(self._stamp):
            self._set_parts_aside()
            return "ledger.replaced", self._file
        if self._are_aside:
            self._put_parts_back()
        if not self.owners:
            self._parts.clear()
            return None
        for part in parts_of(self._file):
            stamp = stamp_of(part)
            if part not in self._parts and stamp is not None:
                self._parts[part] = stamp
            elif part in self._parts and not self._parts[part].is_same_file(stamp):
                return "ledger.wal", part
        return None

    def _set_parts_aside(self) -> None:
        """SQLite would play them into the file that is there now, and ruin it: they are of the
        earlier one (https://www.sqlite.org/howtocorrupt.html, 1.4).
        """
        for part, stamp in self._parts.items():
            with suppress(FileNotFoundError):  # another thread was faster
                if stamp.is_same_file(stamp_of(part)):
                    part.rename(aside(part))
        self._are_aside = True

    def _put_parts_back(self) -> None:
        for part, stamp in self._parts.items():
            with suppress(FileNotFoundError):
                if stamp.is_same_file(stamp_of(aside(part))) and stamp_of(part) is None:
                    aside(part).rename(part)
        self._are_aside = False


def aside(part: Path) -> Path:
    """Where a part of an earlier file is, while another one stands in that file's place."""
    return part.with_name(part.name + _ASIDE)


def parts_of(file: Path) -> list[Path]:
    """What SQLite has beside that file while somebody has it open."""
    return [file.with_name(file.name + part) for part in _PARTS]


def locks_of(file: Path) -> Path:
    """The folder in which each process that sends by that file holds a lock."""
    return file.with_name(f"{file.name}.running")


def is_held(file: Path) -> bool:
    """Whether a process that sends has that file open."""
    paths = list(locks_of(file).glob("*"))
    if not paths:
        return False
    from filelock import FileLock, Timeout

    for path in paths:
        lock = FileLock(path, mode=0o600)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return True
        lock.release()
    return False


def lost_part(file: Path) -> Path | None:
    """A part of that file that was deleted while a process has it open.

    SQLite would make another one, and what is written by that the process never sees.
    """
    for part in parts_of(file):
        # Looked for once more: a process that has just begun makes it before it holds its lock.
        if not part.exists() and _has_parts(file) and is_held(file) and not part.exists():
            return part
    return None


def _has_parts(file: Path) -> bool:
    """Whether it is written by a WAL at all (SQLite's file format, 1.3.3); not on some networks."""
    try:
        with file.open("rb") as head:
            return head.read(19)[18:] == b"\2"
    except OSError:
        return False
