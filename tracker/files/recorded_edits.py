"""Edits that are shown first, then written, noted, and can be taken back: by a command or a page.

What follows from an edit is worked out before it is written. It is written only where the files are
as they were read, and noted in the user's state folder.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from tracker.agreements.amendments import events_on
from tracker.agreements.model import Agreement
from tracker.dates.diagnostics import Diagnostic
from tracker.files.reading import real_path
from tracker.files.record_edits import EventFiles, FileEdit, agreements_after, edit_between
from tracker.files.undo_log import UndoEntry, UndoLog
from tracker.files.writing import FileChanged, write_together
from tracker.timeline.comparison import changes
from tracker.timeline.differences import Changes
from tracker.timeline.points import Timeline


class CannotUndo(Exception):
    """The last record cannot be taken back; `name` names the sentence that says why."""

    def __init__(self, name: str, **values: str) -> None:
        super().__init__(name)
        self.name = name
        self.values = values


def what_follows(files: EventFiles, edits: Sequence[FileEdit], as_of: date) -> Changes:
    """What differs on that day once the edits are written.

    Raises FileErrors where the files would have errors then.
    """
    return changes(files.agreements, agreements_after(files, edits), as_of, as_of)


def doubts_about(
    name: str, agreements: Sequence[Agreement], timeline: Timeline
) -> Iterator[Diagnostic]:
    """What is doubtful in an event's records: a day to come, a notice that was late.

    The timeline knows nothing of days to come; the agreements do.
    """
    from tracker.timeline.validation.warnings import record_warnings

    for agreement in agreements:
        for event in events_on(agreement, timeline.as_of):
            for located in record_warnings(event, timeline) if event.name == name else ():
                yield located.diagnostic


def user_undo_log() -> UndoLog:
    """What was recorded by this user."""
    from platformdirs import user_state_path

    return UndoLog(user_state_path("tracker") / "records")


def write_edits(edits: Sequence[FileEdit], by: str = "") -> OSError | None:
    """Writes all of the edits or none, and notes that they were made, and by whom.

    Raises FileChanged where a file is no longer as it was read, OSError where it cannot be written.
    What is given kept them from being noted: they stand all the same.
    """
    _write(edits)
    call = secrets.token_hex(8) if len(edits) > 1 else ""
    beside = [Path(edit.file) for edit in edits] if call else []
    try:
        log = user_undo_log()
        for edit in edits:
            place = f"{edit.file}:{edit.line}"
            log.note(
                Path(edit.file), edit.before, edit.after, place, call=call, beside=beside, by=by
            )
    except OSError as error:
        return error
    return None


def last_entries(files: Sequence[Path]) -> list[tuple[Path, UndoEntry]]:
    """The last record in these files, in each of the files in which it was made.

    Raises CannotUndo.
    """
    log = user_undo_log()
    newest = log.newest(files)
    if newest is None:
        raise CannotUndo("call.undo.none")
    if not newest[1].call:
        return [newest]
    by_path = {str(real_path(file)): file for file in files}
    entries = []
    for path in newest[1].beside:
        file = by_path.get(path)
        if file is None:
            raise CannotUndo("call.undo.beside", file=path)
        entry = log.last(file)
        if entry is None or entry.call != newest[1].call:
            raise CannotUndo("call.undo.changed", file=str(file), what=newest[1].what)
        entries.append((file, entry))
    return entries


def undo_edits(files: EventFiles, entries: Sequence[tuple[Path, UndoEntry]]) -> list[FileEdit]:
    """The edits that take those records back, to the byte; raises CannotUndo."""
    edits = []
    for file, entry in entries:
        content = files.contents[files.names.index(str(file))]
        try:
            before = entry.undo(content)
        except FileChanged:
            raise CannotUndo("call.undo.changed", file=str(file), what=entry.what) from None
        edits.append(edit_between(files, str(file), before))
    return edits


def take_back(edits: Sequence[FileEdit]) -> OSError | None:
    """Writes edits that take records back, and forgets those; raises and gives as write_edits()."""
    _write(edits)
    try:
        log = user_undo_log()
        for edit in edits:
            log.drop(Path(edit.file))
    except OSError as error:
        return error
    return None


def _write(edits: Sequence[FileEdit]) -> None:
    try:
        write_together([(Path(edit.file), edit.before, edit.after) for edit in edits])
    except OSError as error:
        error.filename = error.filename or edits[0].file
        raise
