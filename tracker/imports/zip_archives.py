"""ZIP archives of calendars and sheets, such as Google's: each file in them is read by itself.

Nothing is unpacked to a disk, so a name in an archive is words to be shown, and never a path.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from io import BytesIO
from typing import NamedTuple

from tracker.imports.archives import DAMAGED
from tracker.imports.foreign import ForeignFile, Unreadable
from tracker.imports.texts import one_line

_MARK = b"PK\x03\x04"
#: What is a ZIP itself, and is read as a whole: workbooks, and the export of Vikunja.
_WHOLE = {"[Content_Types].xml", "content.xml", "mimetype", "xl/workbook.bin", "data.json"}
_READ = (
    ".ics", ".ical", ".icalendar", ".ifb", ".vcs", ".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".xls",
    ".ods",
)  # fmt: skip
_ARCHIVES = (".zip", ".tgz", ".tar.gz", ".tar", ".7z", ".rar")
_MOST_FILES = 1_000
MOST_FILE_BYTES = 50 * 1024 * 1024
MOST_BYTES = 200 * 1024 * 1024
#: Text packs to a tenth, calendars of one entry again and again to a hundredth.
_MOST_RATIO = 300
_PIECE = 1 << 18
#: The mark of each name in its list; more of them are not even listed.
_ENTRY = b"PK\x01\x02"
_MOST_NAMES = 20_000
#: So many files that cannot be read are named.
_MOST_UNREAD = 12


class Archive(NamedTuple):
    """What an archive holds."""

    files: tuple[ForeignFile, ...]
    unread: tuple[tuple[str, Unreadable], ...]  #: files that were meant to be read, and cannot be
    passed_over: tuple[str, ...]  #: names of what is neither a calendar nor a sheet


def is_archive(file: ForeignFile) -> bool:
    """Whether it is a ZIP of files, and not a workbook or an export that is a ZIP by itself."""
    if not file.content.startswith((_MARK, b"PK\x05\x06")) or file.ending in _READ:
        return False
    if file.content.count(_ENTRY) > _MOST_NAMES:
        return True
    try:
        with zipfile.ZipFile(BytesIO(file.content)) as archive:
            return not _WHOLE & set(archive.namelist()[:_MOST_FILES])
    except DAMAGED:
        return file.ending == ".zip"


def open_archive(file: ForeignFile) -> Archive:
    """Its files, unpacked within bounds; raises Unreadable where nothing of it can be read."""
    if file.content.count(_ENTRY) > _MOST_NAMES:
        raise Unreadable("archive-many", (("most", str(_MOST_FILES)),))
    try:
        with zipfile.ZipFile(BytesIO(file.content)) as archive:
            return _Opening(file, archive).open()
    except Unreadable:
        raise
    except DAMAGED:
        raise Unreadable("archive-damaged") from None


class _Opening:
    """An archive while its files are unpacked."""

    def __init__(self, file: ForeignFile, archive: zipfile.ZipFile) -> None:
        self._file = file
        self._archive = archive
        self._left = min(MOST_BYTES, max(len(file.content) * _MOST_RATIO, _PIECE))
        infos = [info for info in archive.infolist() if _is_of_people(info)]
        self._read = [info for info in infos if _is_read(info.filename.lower())]
        self._nested = [info for info in infos if info.filename.lower().endswith(_ARCHIVES)]
        meant = {id(info) for info in (*self._read, *self._nested)}
        self._passed_over = [info.filename for info in infos if id(info) not in meant]
        self._names = Counter(_last(info.filename) for info in self._read)

    def open(self) -> Archive:
        """All that it holds."""
        if len(self._read) > _MOST_FILES:
            raise Unreadable("archive-many", (("most", str(_MOST_FILES)),))
        if not self._read and not self._nested:
            raise Unreadable("archive-empty")
        files: list[ForeignFile] = []
        unread = [(self._name(info), Unreadable("archive-nested")) for info in self._nested]
        for info in self._read:
            try:
                files.append(ForeignFile(self._name(info), self._unpack(info)))
            except Unreadable as fault:
                if self._left < 0:
                    raise
                unread.append((self._name(info), fault))
            except DAMAGED:
                unread.append((self._name(info), Unreadable("archive-damaged-file")))
        if len(unread) > _MOST_UNREAD:
            more = (("number", str(len(unread) - _MOST_UNREAD)),)
            unread[_MOST_UNREAD:] = [(f"{self._file.name}/…", Unreadable("archive-more", more))]
        names = tuple(one_line(name, 100) for name in self._passed_over)
        return Archive(tuple(files), tuple(unread), names)

    def _unpack(self, info: zipfile.ZipInfo) -> bytes:
        """What it really unpacks to, whatever it says of its size."""
        if info.flag_bits & 1:
            raise Unreadable("encrypted")
        content = bytearray()
        with self._archive.open(info) as packed:
            while piece := packed.read(_PIECE):
                self._left -= len(piece)
                content += piece
                if self._left < 0:  # a bomb: none of it is worth reading
                    raise _too_large(MOST_BYTES)
                if len(content) > MOST_FILE_BYTES:
                    raise _too_large(MOST_FILE_BYTES)
        return bytes(content)

    def _name(self, info: zipfile.ZipInfo) -> str:
        """By which it is told of, and remembered: its last part, where no other has the same."""
        path = one_line(info.filename.replace("\\", "/"), 200)
        if self._names[_last(info.filename)] > 1:
            path = path.replace("/", "-")
        return f"{self._file.name}/{path}"


def _is_read(name: str) -> bool:
    return name.removesuffix(".gz").endswith(_READ)


def _last(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2]


def _is_of_people(info: zipfile.ZipInfo) -> bool:
    """Whether it is a file, and none that a system puts there for itself."""
    name = info.filename.replace("\\", "/")
    return not name.endswith("/") and "__MACOSX/" not in name and not _last(name).startswith(".")


def _too_large(most: int) -> Unreadable:
    return Unreadable("archive-too-large", (("most", str(most // 1_048_576)),))
