"""Writing a file that people own: whole or not at all, and never over what another wrote.

Two of our own commands wait for one another. An editor that has the file open knows nothing of
that: what it wrote before we look is seen, and what it writes after is its own.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

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


def begin_files(contents: Sequence[tuple[Path, bytes]]) -> None:
    """Writes files that are not there yet: all of them, or none.

    Raises as write_if_unchanged() does; what was written of them before is then taken away.
    """
    write_together([(file, b"", content) for file, content in contents])


def write_together(edits: Sequence[tuple[Path, bytes, bytes]]) -> None:
    """Puts each file's new bytes in the place of its old ones: in all files, or in none.

    Raises as write_if_unchanged() does; what was written before is then as it was.
    """
    try:
        for file, before, after in edits:
            write_if_unchanged(file, before, after)
    except BaseException:
        for file, before, after in edits:
            with suppress(OSError, FileChanged):  # it was not written, or is no longer as it was
                write_if_unchanged(file, after, before)
        raise


def _mode_of_new_files() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask


def replace_file(file: Path, content: bytes, mode: int) -> None:
    """Writes the file whole or not at all, and waits until the disk has it."""
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        replace_in(folder, file.name, content, mode)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(file)) from None
    finally:
        os.close(folder)


def replace_in(folder: int, name: str, content: bytes, mode: int) -> None:
    """The same in a folder that is open: whatever becomes of its path, it is written there."""
    draft = write_draft(folder, name, content, mode)
    try:
        place_draft(folder, draft)
    except BaseException:
        remove_draft(folder, draft)
        raise
    with suppress(OSError):  # some file systems cannot be asked for it
        os.fsync(folder)  # the new name is on the disk as well


class FileDraft(NamedTuple):
    """A file that is written whole, and on the disk, under a name that nobody looks for."""

    name: str  #: the one that it is to have
    hidden_name: str
    written: os.stat_result


def write_draft(folder: int, name: str, content: bytes, mode: int) -> FileDraft:
    """Writes a draft of a file beside it, whole or not at all."""
    hidden_name = f".{name}.{secrets.token_hex(4)}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    number = os.open(hidden_name, flags, 0o600, dir_fd=folder)
    try:
        with os.fdopen(number, "wb") as out:
            out.write(content)
            out.flush()
            os.fchmod(out.fileno(), mode)
            os.fsync(out.fileno())
            return FileDraft(name, hidden_name, os.fstat(out.fileno()))
    except BaseException:
        with suppress(OSError):
            os.unlink(hidden_name, dir_fd=folder)
        raise


def place_draft(folder: int, draft: FileDraft) -> None:
    """Gives the draft its name. A network share may have done so, and say that it has not.

    It lost its first answer, and is asked again for what is no longer there.
    """
    try:
        os.replace(draft.hidden_name, draft.name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        try:
            there = os.stat(draft.name, dir_fd=folder, follow_symlinks=False)
        except OSError:
            there = None
        if there is None or not os.path.samestat(there, draft.written):
            raise


def remove_draft(folder: int, draft: FileDraft) -> None:
    """Takes away a draft that is not wanted any more."""
    with suppress(OSError):
        os.unlink(draft.hidden_name, dir_fd=folder)


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """While it lasts, no other of our commands writes in that folder."""
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)
