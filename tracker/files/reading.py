"""Reading a file whole: what it is and how large it is are looked at before anything is read.

A name may lead to anything: /dev/zero has no end, a file of 10 GB may hold nothing, and a pipe may
have nobody at its other end. What people own and what tracker wrote itself is read here alone.
"""

from __future__ import annotations

import errno
import os
import stat
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # few files are none
    from tracker.i18n.reasons import Reason

#: Of an events file, tracker.toml, a source: 10,000 events have 3 MB.
MOST_BYTES = 64 * 1024 * 1024
#: Of what tracker wrote itself: feeds, the cache, what can be taken back.
MOST_OWN_BYTES = 1024 * 1024 * 1024
#: So many seconds a pipe may bring nothing.
PATIENCE = 30.0
_PIECE = 1024 * 1024


class UnfitFile(OSError):
    """What stands under a name is nothing that is read whole; `reason` says why."""

    def __init__(self, number: int, case: str, file: Path, **values: int) -> None:
        super().__init__(number, case, str(file))
        self._case = case
        self._values = tuple(values.items())

    @property
    def reason(self) -> Reason:
        """Why, for people."""
        from tracker.i18n.reasons import Reason

        return Reason(self._case, values=self._values)


def read_file(file: Path, most: int = MOST_BYTES) -> bytes:
    """What a file holds, or what comes out of a pipe or a device until it ends.

    Raises OSError, in which the file is named whatever went wrong: UnfitFile where it is a folder
    or a socket, where it has more than `most` bytes, or where a pipe brings nothing.
    """
    try:
        # A pipe to which nobody writes would be waited for without an end.
        with open(file, "rb", buffering=0, opener=_open_without_waiting) as opened:
            status = os.fstat(opened.fileno())
            if stat.S_ISREG(status.st_mode):
                if status.st_size > most:
                    raise _too_large(file, most)
                content = _read_regular(opened, status.st_size, most)
            else:
                content = _read_pipe(opened, most, file)
    except UnfitFile:
        raise
    except OSError as error:
        if error.errno == errno.ENXIO:  # nobody can open a socket as a file
            raise UnfitFile(errno.ENXIO, "not-file", file) from None
        error.filename = error.filename or str(file)
        raise
    if len(content) > most:
        raise _too_large(file, most)
    return content


def read_regular_file(file: Path, most: int = MOST_BYTES) -> bytes:
    """As read_file(), of what is to be read again and again: a pipe is read but once.

    Raises OSError, and UnfitFile where it is anything else than a regular file.
    """
    if not stat.S_ISREG(file.stat().st_mode):
        if file.is_dir():
            raise UnfitFile(errno.EISDIR, "is-folder", file)
        raise UnfitFile(errno.ENXIO, "not-file", file)
    return read_file(file, most)


def real_path(file: Path) -> Path:
    """Where its links lead. Path.resolve() raises no OSError where they lead round in a circle."""
    return Path(os.path.realpath(file))


def _open_without_waiting(name: str, flags: int) -> int:
    return os.open(name, flags | os.O_NONBLOCK | os.O_CLOEXEC)


def _too_large(file: Path, most: int) -> UnfitFile:
    return UnfitFile(errno.EFBIG, "larger-file", file, megabytes=most // (1024 * 1024))


def _read_regular(opened: FileIO, size: int, most: int) -> bytes:
    """All of it, and at most one byte more than may be: it may grow while it is read."""
    content = opened.read(size + 1) or b""
    while len(content) <= most and (more := opened.read(most + 1 - len(content))):
        content += more
    return content


def _read_pipe(opened: FileIO, most: int, file: Path) -> bytes:
    import select

    pieces: list[bytes] = []
    size = 0
    while size <= most:
        piece = opened.read(min(_PIECE, most + 1 - size))
        if piece is None:  # there is somebody, who has written nothing more yet
            if not select.select([opened], [], [], PATIENCE)[0]:
                raise UnfitFile(errno.ETIMEDOUT, "silent-pipe", file)
        elif piece:
            pieces.append(piece)
            size += len(piece)
        else:
            break
    if not pieces and stat.S_ISFIFO(os.fstat(opened.fileno()).st_mode):
        raise UnfitFile(errno.EPIPE, "silent-pipe", file)
    return b"".join(pieces)
