"""What was recorded in a file last, so that it can be taken back to the byte.

A small file for each events file, in the user's state folder: for every edit where it was made and
what stood there, with the hashes of the whole before and after. Damage to it costs the history and
nothing else.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tracker.files.reading import MOST_OWN_BYTES, read_regular_file, real_path
from tracker.files.writing import FileChanged, replace_file

MOST = 100


class UndoEntry(NamedTuple):
    """One edit: from `start` on, `old` became `new`."""

    what: str  #: the command, as it was called
    start: int
    old: bytes
    new: bytes
    before: str  #: SHA-256 of the whole file
    after: str
    call: str = ""  #: the same of all files that one call edited together; empty: it was one alone
    beside: tuple[str, ...] = ()  #: those files
    by: str = ""  #: the secret link behind which it was made; empty: on the machine itself

    def undo(self, content: bytes) -> bytes:
        """The file before the edit; raises FileChanged where it was edited otherwise since."""
        if _hash(content) != self.after:
            raise FileChanged(self.what)
        end = self.start + len(self.new)
        before = content[: self.start] + self.old + content[end:]
        if _hash(before) != self.before:  # the log is not what it was
            raise FileChanged(self.what)
        return before


class UndoLog:
    """The edits of all files, each file's apart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def note(
        self,
        file: Path,
        before: bytes,
        after: bytes,
        what: str,
        *,
        call: str = "",
        beside: Sequence[Path] = (),
        by: str = "",
    ) -> None:
        """Remembers an edit, the newest last; `beside` are the files that `call` edited with it."""
        start = _common_length(before, after)
        room = min(len(before), len(after)) - start
        tail = min(_common_length(before[::-1], after[::-1]), room)
        old, new = before[start : len(before) - tail], after[start : len(after) - tail]
        files = tuple(str(real_path(each)) for each in beside)
        entry = UndoEntry(what, start, old, new, _hash(before), _hash(after), call, files, by)
        self._write(file, [*self._read(file), entry][-MOST:])

    def last(self, file: Path) -> UndoEntry | None:
        """The newest edit; None: there is none that is remembered."""
        entries = self._read(file)
        return entries[-1] if entries else None

    def newest(self, files: Sequence[Path]) -> tuple[Path, UndoEntry] | None:
        """The newest edit of any of these files, and of which."""
        places = [(self._place(file), file) for file in files]
        times = [(place.stat().st_mtime_ns, file) for place, file in places if place.exists()]
        for _, file in sorted(times, key=lambda row: row[0], reverse=True):
            if (entry := self.last(file)) is not None:
                return file, entry
        return None

    def drop(self, file: Path) -> None:
        """Forgets the newest edit."""
        self._write(file, self._read(file)[:-1])

    def _place(self, file: Path) -> Path:
        return self.folder / f"{_hash(os.fsencode(real_path(file)))}.json"

    def _read(self, file: Path) -> list[UndoEntry]:
        try:
            rows = json.loads(read_regular_file(self._place(file), MOST_OWN_BYTES))
            return [
                UndoEntry(
                    str(row["what"]),
                    int(row["start"]),
                    b64decode(row["old"]),
                    b64decode(row["new"]),
                    str(row["before"]),
                    str(row["after"]),
                    str(row.get("call", "")),
                    tuple(map(str, row.get("beside", ()))),
                    str(row.get("by", "")),
                )
                for row in rows
            ]
        except (OSError, ValueError, TypeError, KeyError):
            return []

    def _write(self, file: Path, entries: list[UndoEntry]) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        rows = [
            {
                **entry._asdict(),
                "old": b64encode(entry.old).decode(),
                "new": b64encode(entry.new).decode(),
            }
            for entry in entries
        ]
        replace_file(self._place(file), json.dumps(rows).encode(), 0o600)


def _common_length(first: bytes, second: bytes) -> int:
    """How many bytes both begin with."""
    low, high = 0, min(len(first), len(second))
    while low < high:
        middle = (low + high + 1) // 2
        if first[low:middle] == second[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()
