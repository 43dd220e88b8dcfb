"""Writing a file that people own: whole or not at all, and never over what another wrote.

Two of our own commands wait for one another. An editor that has the file open knows nothing of
that: what it wrote before we look is seen, and what it writes after is its own.
"""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tracker.files.reading import read_regular_file, real_path


class FileChanged(Exception):
    """The file is no longer as it was read."""


def write_if_unchanged(file: Path, before: bytes, after: bytes) -> None:
    """Puts `after` in the place of `before`: mode and links stay, and no half is ever seen.

    A file that is not there holds nothing, and one that is to hold nothing is taken away.
    Raises FileChanged where the file is no longer as it was, OSError where it cannot be written
    (also where it is marked as read-only); the file is then as it was.
    """
    real = real_path(file)
    with folder_lock(real.parent):
        if real.exists() and not real.is_file():  # a device or a pipe is no place for a file
            raise OSError(22, os.strerror(22), str(file))
        if (read_regular_file(real) if real.exists() else b"") != before:
            raise FileChanged(str(file))
        mode = stat.S_IMODE(real.stat().st_mode) if real.exists() else _mode_of_new_files()
        if not mode & 0o222:
            raise PermissionError(13, os.strerror(13), str(file))
        if after:
            replace_file(real, after, mode)
        else:
            real.unlink(missing_ok=True)


def _mode_of_new_files() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask


def replace_file(file: Path, content: bytes, mode: int) -> None:
    """Writes the file whole or not at all, and waits until the disk has it."""
    number, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    draft = Path(name)
    try:
        with os.fdopen(number, "wb") as out:
            out.write(content)
            out.flush()
            os.fchmod(out.fileno(), mode)
            os.fsync(out.fileno())
        draft.replace(file)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise
    _sync(file.parent)


def _sync(folder: Path) -> None:
    """The new name is on the disk as well; some file systems cannot be asked for it."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """While it lasts, no other of our commands writes in that folder."""
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)
