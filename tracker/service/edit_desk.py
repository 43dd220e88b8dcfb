"""Writes into the events files what is decided at a page: one edit after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock

from tracker.agreements.model import Agreement
from tracker.files import recorded_edits
from tracker.files.commits import NotCommitted, commit_files
from tracker.files.folders import files_in
from tracker.files.loading import load_parsed
from tracker.files.reading import read_regular_file
from tracker.files.record_edits import EventFiles, FileEdit
from tracker.files.undo_log import UndoEntry
from tracker.service.file_watcher import WatchedFiles


class EditDesk:
    """The files of this machine, as pages edit them."""

    def __init__(
        self,
        files: WatchedFiles,
        take_up: Callable[[], None],
        *,
        is_shared: bool,
        commits: bool = False,
    ) -> None:
        """`take_up` has the process read the files at once.

        `is_shared`: whether several machines have these files: what one of them writes would not
        reach the others. `commits`: whether each write is a commit, in a work tree of git.
        """
        self._files = files
        self._take_up = take_up
        self._writing = Lock()  #: the journal has them in their order
        self._known: tuple[tuple[bytes, ...], tuple[Agreement, ...]] = ((), ())
        self._before: tuple[tuple[bytes, ...], tuple[Agreement, ...]] = ((), ())
        self._read: EventFiles | None = None
        self._commits = commits
        self.uncommitted: str | None = None
        self.refusal = "edit.shared" if is_shared else None

    def read(self) -> EventFiles:
        """The files as they are now; raises FileErrors, OSError."""
        files = files_in(self._files.named)
        names = tuple(map(str, files))
        contents = tuple(map(read_regular_file, files))
        self._read = EventFiles(names, contents, self._agreements(names, contents))
        return self._read

    def _agreements(
        self, names: Sequence[str], contents: tuple[bytes, ...]
    ) -> tuple[Agreement, ...]:
        for known, agreements in ((self._files.contents, self._files.agreements), self._known):
            if agreements and contents == known:
                return agreements
        agreements = tuple(part.agreement for part in load_parsed(names, contents))
        self._known = contents, agreements
        return agreements

    def undo_edits(
        self, files: EventFiles, entries: Sequence[tuple[Path, UndoEntry]]
    ) -> list[FileEdit]:
        """The edits that take those records back; raises CannotUndo.

        What a file said before it was written in here need not be read again.
        """
        edits = recorded_edits.undo_edits(files, entries)
        contents, agreements = self._before
        if len(edits) == 1:
            (edit,) = edits
            place = files.names.index(edit.file)
            after = (*files.contents[:place], edit.after, *files.contents[place + 1 :])
            if after == contents:
                return [replace(edit, known=agreements)]
        return edits

    def write(self, edits: Sequence[FileEdit], by: str) -> OSError | None:
        """Writes all of the edits or none; raises and gives as recorded_edits.write_edits()."""
        with self._writing:
            unnoted = recorded_edits.write_edits(edits, by)
            self._remember(edits)
            self._commit(edits, by)
        self._take_up()
        return unnoted

    def last_entries(self) -> list[tuple[Path, UndoEntry]]:
        """What was written last, in each of the files; raises CannotUndo."""
        return recorded_edits.last_entries(files_in(self._files.named))

    def _remember(self, edits: Sequence[FileEdit]) -> None:
        """What the files said, and say now, where it was worked out already."""
        files = self._read
        if files is None or len(edits) != 1 or edits[0].known is None:
            return
        (edit,) = edits
        place = files.names.index(edit.file)
        if files.contents[place] == edit.before:
            after = (*files.contents[:place], edit.after, *files.contents[place + 1 :])
            self._before = files.contents, files.agreements
            self._known = after, edit.known or ()

    def take_back(self, edits: Sequence[FileEdit], by: str) -> OSError | None:
        """Writes edits that take back what was written last; raises and gives as write() does."""
        with self._writing:
            unnoted = recorded_edits.take_back(edits)
            self._commit(edits, by)
        self._take_up()
        return unnoted

    def _commit(self, edits: Sequence[FileEdit], by: str) -> None:
        """Commits what was written; where git refuses, it stands all the same, and that is told."""
        self.uncommitted = None
        if not self._commits:
            return
        try:
            commit_files([Path(edit.file) for edit in edits], _message(edits), by)
        except NotCommitted as error:
            self.uncommitted = str(error)


def _message(edits: Sequence[FileEdit]) -> str:
    """What a commit says: the place, and the lines that changed."""
    places = ", ".join(f"{Path(edit.file).name}:{edit.line}" for edit in edits)
    lines = [f"+ {line}" for edit in edits for line in edit.added]
    lines = [*(f"- {line}" for edit in edits for line in edit.removed), *lines]
    return "\n".join([places, "", *lines])
