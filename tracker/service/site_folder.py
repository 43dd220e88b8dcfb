"""The folder of a published site: nothing is read, written or taken away outside of it.

A link in it leads elsewhere, and a manifest that somebody edited may name anything. Each folder is
opened below the one before it, and never through a link: neither one that stands there, nor one
that takes its place in that moment.
"""

from __future__ import annotations

import errno
import os
import re
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from stat import S_ISREG

from tracker.files.reading import MOST_OWN_BYTES
from tracker.files.writing import FileDraft, place_draft, remove_draft, replace_in, write_draft
from tracker.i18n.progress import Progress, each, unseen

_MODE, FOLDER_MODE = 0o644, 0o755
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
#: So many files wait for the disk at once: it takes them together, each alone takes 10 ms.
_AT_ONCE = 16
#: What stands in no name of ours: control characters, which no file's name may all have, and halves
#: of characters, which are no text; and how many bytes most file systems have room for.
_NO_NAME = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_LONGEST_PART = 255
#: What is raised where a link, or what is no folder, stands in the way.
_IN_THE_WAY = (errno.ELOOP, errno.ENOTDIR)


class NotOurs(Exception):
    """Something stands in the folder that tracker did not write, and would have to write over."""

    def __init__(self, file: Path) -> None:
        super().__init__(str(file))
        self.file = file
        self.is_link = file.is_symlink()


class SiteFolder:
    """The files of a site, by their names in its manifest. All of it may raise OSError, NotOurs."""

    def __init__(self, path: Path) -> None:
        self.path = path  #: where it is itself may be a link: so it was named

    def read(self, name: str) -> bytes:
        """What a file holds; nothing where it is not there, or could not be ours."""
        if not _is_inside(name):
            return b""
        try:
            with self.folder_of(name) as folder:
                number = os.open(PurePath(name).name, _FILE, dir_fd=folder)
            with os.fdopen(number, "rb") as file:
                is_file = S_ISREG(os.fstat(number).st_mode)
                return file.read(MOST_OWN_BYTES) if is_file else b""
        except (FileNotFoundError, IsADirectoryError):
            return b""
        except OSError as error:
            raise self.reason(error, name) from None

    def is_taken(self, name: str) -> bool:
        """Whether anything stands there."""
        return os.path.lexists(self.path / name)

    def write(self, name: str, content: bytes) -> None:
        """Writes it whole or not at all, with the folders that it stands in."""
        try:
            with self.folder_of(name, make=True) as folder:
                replace_in(folder, PurePath(name).name, content, _MODE)
        except OSError as error:
            raise self.reason(error, name) from None

    @contextmanager
    def drafts(
        self, files: Mapping[str, bytes], heed: Callable[[], None], progress: Progress = unseen
    ) -> Iterator[SiteDrafts]:
        """Several files written under other names: none is seen before all of them are there.

        `heed` is called after each, and may raise what ends it. Those that are not placed by its
        end go, with the folders that were made for them.
        """
        drafts = SiteDrafts(self)
        try:
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                waiting = [pool.submit(drafts.add, *file) for file in files.items()]
                try:
                    for written in each(progress, "drafts", waiting):
                        written.result()
                        heed()
                except BaseException:
                    pool.shutdown(cancel_futures=True)
                    raise
            yield drafts
        finally:
            drafts.drop()

    def remove(self, name: str) -> None:
        """Takes it away, and the folders in which nothing is left: their names would tell of it."""
        if not _is_inside(name):
            return
        with suppress(FileNotFoundError, IsADirectoryError), self.folder_of(name) as folder:
            os.unlink(PurePath(name).name, dir_fd=folder)
        self.remove_folders_of(name)

    def remove_folders_of(self, name: str) -> None:
        """Takes away the folders of a file in which nothing is left."""
        for empty in list(PurePath(name).parents)[:-1]:
            with suppress(OSError, NotOurs), self.folder_of(str(empty)) as folder:
                os.rmdir(empty.name, dir_fd=folder)  # one that has something in it stays

    @contextmanager
    def folder_of(self, name: str, make: bool = False) -> Iterator[int]:
        """The folder in which a file stands, open."""
        number = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            reached = self.path
            for part in PurePath(name).parts[:-1]:
                reached /= part
                if make:
                    with suppress(FileExistsError):
                        os.mkdir(part, FOLDER_MODE, dir_fd=number)
                try:
                    below = os.open(part, _FOLDER, dir_fd=number)
                except OSError as error:
                    raise (NotOurs(reached) if error.errno in _IN_THE_WAY else error) from None
                os.close(number)
                number = below
            yield number
        finally:
            os.close(number)

    def reason(self, error: OSError, name: str) -> Exception:
        """What is raised where the system refuses that file."""
        if error.errno == errno.ELOOP:
            return NotOurs(self.path / name)
        return OSError(error.errno, error.strerror, str(self.path / name))


class SiteDrafts:
    """Files of a site that are written, and wait for their names."""

    def __init__(self, site: SiteFolder) -> None:
        self._site = site
        self._waiting: dict[str, FileDraft] = {}

    def add(self, name: str, content: bytes) -> None:
        """Writes one more; may be called by several threads."""
        try:
            with self._site.folder_of(name, make=True) as folder:
                self._waiting[name] = write_draft(folder, PurePath(name).name, content, _MODE)
        except OSError as error:
            raise self._site.reason(error, name) from None

    def place(self) -> None:
        """Gives all of them their names."""
        folders: dict[PurePath, str] = {}
        for name in list(self._waiting):
            try:
                with self._site.folder_of(name) as folder:
                    place_draft(folder, self._waiting[name])
            except OSError as error:
                raise self._site.reason(error, name) from None
            del self._waiting[name]
            folders[PurePath(name).parent] = name
        for name in folders.values():  # the new names are on the disk as well
            with suppress(OSError), self._site.folder_of(name) as folder:
                os.fsync(folder)

    def drop(self) -> None:
        """Takes away those that have no name yet."""
        for name, draft in self._waiting.items():
            with suppress(OSError, NotOurs), self._site.folder_of(name) as folder:
                remove_draft(folder, draft)
            self._site.remove_folders_of(name)


@contextmanager
def interrupts_held() -> Iterator[Callable[[], None]]:
    """Ctrl-C is heeded at its end, and where what it yields is called; nowhere in between."""
    heard: list[int] = []

    def heed() -> None:
        if heard:
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():  # it gets no signals
        yield heed
        return
    before = signal.signal(signal.SIGINT, lambda number, _frame: heard.append(number))
    try:
        yield heed
    finally:
        signal.signal(signal.SIGINT, before)
    heed()


def _is_inside(name: str) -> bool:
    """Whether a name of the manifest is one that we could have written."""
    path = PurePath(name)
    is_below = bool(path.parts) and not path.is_absolute() and ".." not in path.parts
    if not is_below or _NO_NAME.search(name):
        return False
    return all(len(part.encode()) <= _LONGEST_PART for part in path.parts)
