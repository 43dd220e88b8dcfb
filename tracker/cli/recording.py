"""How `occurred`, `withdraw`, `add` and `amend` edit the file.

What is written, and what follows from it, is shown first. `--undo` takes the last record back.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from stat import S_ISREG
from typing import Annotated, Any

import typer

from tracker.agreements.amendments import events_on
from tracker.agreements.keys import Occurrence, PointKey
from tracker.agreements.model import Agreement, Event
from tracker.cli.differences import PrintedChanges, difference_lines
from tracker.cli.inputs import load_agreements, reader_clock, unreadable, unwritable, view_day
from tracker.cli.options import CallError, Request, refuse_suppositions
from tracker.cli.output import print_json
from tracker.cli.questions import agrees, can_ask
from tracker.dates.instants import Moment
from tracker.files.problems import FileErrors
from tracker.files.reading import read_file, real_path
from tracker.files.record_edits import (
    EventFiles,
    FileEdit,
    agreements_after,
    edit_between,
    states_nothing,
)
from tracker.files.toml_edits import NoRoom
from tracker.files.undo_log import UndoEntry, UndoLog
from tracker.files.writing import FileChanged, write_together
from tracker.i18n.controls import spell_controls
from tracker.i18n.directions import isolate
from tracker.i18n.translate import Language, translate
from tracker.timeline.comparison import changes
from tracker.timeline.differences import Changes, reportable
from tracker.timeline.point_names import Misnamed, check_occurrence, event_named, moment_said
from tracker.timeline.points import Timeline

Yes = Annotated[bool, typer.Option("--yes", "-y")]
Undo = Annotated[bool, typer.Option("--undo")]
Day = Annotated[str | None, typer.Argument(metavar="DAY")]


# -- what is meant


def read_files(request: Request) -> tuple[EventFiles, date]:
    """The files that are to be edited, and the day on which they are."""
    refuse_suppositions(request)
    try:
        contents = tuple(map(read_file, request.files))
    except OSError as error:
        raise unreadable(error) from None
    agreements = load_agreements(request)
    names = tuple(str(file) for file in request.files)
    return EventFiles(names, contents, agreements), view_day(request, agreements)


def files_to_begin(request: Request) -> EventFiles | None:
    """The one file that was asked for, where it is not there or states nothing; else None."""
    refuse_suppositions(request)
    if len(request.files) != 1:
        return None
    (file,) = request.files
    try:
        if not S_ISREG(file.stat().st_mode):
            return None
        content = read_file(file)
    except FileNotFoundError:
        if not file.absolute().parent.is_dir():
            return None
        content = b""
    except OSError as error:
        raise unreadable(error) from None
    return EventFiles((str(file),), (content,), ()) if states_nothing(content) else None


def required_point(point: str | None, command: str) -> str:
    """The point that was named; raises CallError where none was."""
    if point is None:
        raise CallError("call.which-point", command=command)
    return point


def event_on(name: str, files: EventFiles, as_of: date) -> Event:
    """The event of that id, as amended by the day."""
    events = [event for agreement in files.agreements for event in events_on(agreement, as_of)]
    return event_named(name, events)


def read_moment(day: str | None, event: Event, files: EventFiles, as_of: date) -> Moment:
    """The day or instant that was named; today, where none was."""
    if day is None:
        return as_of
    moment = moment_said(day, files.agreement(event.agreement).timezone, as_of)
    if moment is None:
        raise CallError("call.never-recorded", id=event.id)
    return moment


def check_there(
    point: str, key: PointKey, occurrence: Occurrence, files: EventFiles, as_of: date
) -> None:
    """Raises Misnamed where there is no such occurrence, neither today nor on its own day.

    Of what happens each day, those that are past are listed no longer.
    """
    from tracker.timeline.resolver import resolve

    try:
        check_occurrence(point, key, occurrence, resolve(files.agreements, as_of))
    except Misnamed:
        if not isinstance(occurrence, date) or occurrence >= as_of:
            raise
        with suppress(Misnamed):
            check_occurrence(point, key, occurrence, resolve(files.agreements, occurrence))
            return
        raise


# -- showing, asking, writing


def record(
    request: Request,
    yes: bool,
    make_edit: Callable[[], FileEdit],
    files: EventFiles,
    event: Event | None = None,
) -> None:
    """Shows an edit and what follows from it, asks, and writes it.

    `event` is the one of which something is recorded: what is doubtful in that is printed too.
    """
    language = request.language
    if not files.agreements:
        print(translate(language, "record.begins", file=files.names[0]), file=sys.stderr)
    try:
        edit = make_edit()
    except NoRoom as reason:
        raise CallError("call.no-room", key=str(reason)) from None
    after = _check([edit], files, language)
    if edit.after == edit.before:
        print(translate(language, "record.same"), file=sys.stderr)
        return
    as_of = view_day(request, after)
    differences = changes(files.agreements, after, as_of, as_of)
    _show(edit, differences, request)
    if event is not None:
        _warn(event.name, after, differences.after, language)
    write_edits(request, yes, [edit])


def write_edits(request: Request, yes: bool, edits: Sequence[FileEdit]) -> None:
    """Asks whether edits that were shown are to be written, and writes all of them or none."""
    language = request.language
    _confirm(yes, language)
    _write([(Path(edit.file), edit.before, edit.after) for edit in edits])
    call = secrets.token_hex(8) if len(edits) > 1 else ""
    beside = [Path(edit.file) for edit in edits] if call else []

    def note(log: UndoLog) -> None:
        for edit in edits:
            place = f"{edit.file}:{edit.line}"
            log.note(Path(edit.file), edit.before, edit.after, place, call=call, beside=beside)

    name = "record.written" if _update_log(language, note) else "record.written-for-good"
    for edit in edits:
        print(translate(language, name, file=edit.file), file=sys.stderr)


def undo_last(request: Request, yes: bool) -> None:
    """Takes back the last record that was made in one of the files, and what it made in others."""
    language = request.language
    entries = _last_entries(request)
    files, as_of = read_files(request)
    edits = []
    for file, entry in entries:
        content = files.contents[files.names.index(str(file))]
        edits.append(edit_between(files, str(file), _content_before(file, entry, content)))
    after = _check(edits, files, language)
    differences = changes(files.agreements, after, as_of, as_of)
    for edit in edits:
        _show(edit, differences, request)
    _confirm(yes, language)
    _write([(Path(edit.file), edit.before, edit.after) for edit in edits])

    def drop(log: UndoLog) -> None:
        for file, _ in entries:
            log.drop(file)

    _update_log(language, drop)
    for file, _ in entries:
        print(translate(language, "record.taken-back", file=str(file)), file=sys.stderr)


def _last_entries(request: Request) -> list[tuple[Path, UndoEntry]]:
    """The last record, in each of the files in which it was made."""
    log = _undo_log()
    newest = log.newest(request.files)
    if newest is None:
        raise CallError("call.undo.none")
    if not newest[1].call:
        return [newest]
    by_path = {str(real_path(file)): file for file in request.files}
    entries = []
    for path in newest[1].beside:
        file = by_path.get(path)
        if file is None:
            raise CallError("call.undo.beside", file=path)
        entry = log.last(file)
        if entry is None or entry.call != newest[1].call:
            raise CallError("call.undo.changed", file=str(file), what=newest[1].what)
        entries.append((file, entry))
    return entries


def _content_before(file: Path, entry: UndoEntry, content: bytes) -> bytes:
    try:
        return entry.undo(content)
    except FileChanged:
        raise CallError("call.undo.changed", file=str(file), what=entry.what) from None


def _check(
    edits: Sequence[FileEdit], files: EventFiles, language: Language
) -> tuple[Agreement, ...]:
    """What the files state after edits; where that has errors, says that nothing is written."""
    try:
        return agreements_after(files, edits)
    except FileErrors:
        print(translate(language, "record.refused"), file=sys.stderr)
        raise


def _show(edit: FileEdit, differences: Changes, request: Request) -> None:
    """The lines that change, and what differs then."""
    language = request.language
    if request.as_json:
        from tracker.feeds.changes_json import changes_json

        lines: dict[str, Any] = {"file": edit.file, "line": edit.line}
        lines |= {"removed": list(edit.removed), "added": list(edit.added)}
        print_json({"edit": lines, **changes_json(differences, language)})
        return
    print(f"{isolate(spell_controls(edit.file))}:{edit.line}")
    edited = [*(f"- {line}" for line in edit.removed), *(f"+ {line}" for line in edit.added)]
    print("\n".join(line.rstrip() for line in edited))
    texts = PrintedChanges(differences, language, reader_clock(request, differences.after).zone)
    following = list(difference_lines(reportable(differences.changed), texts))
    print("\n".join(following or ["", translate(language, "record.no-change")]), flush=True)


def _warn(
    name: str, agreements: Sequence[Agreement], timeline: Timeline, language: Language
) -> None:
    """Says what is doubtful in an event's records: a day to come, a notice that was late.

    The timeline knows nothing of days to come; the agreements do.
    """
    from tracker.i18n.diagnostics import message_of
    from tracker.timeline.validation.warnings import record_warnings

    for agreement in agreements:
        for event in events_on(agreement, timeline.as_of):
            for located in record_warnings(event, timeline) if event.name == name else ():
                message = message_of(located.diagnostic, language)
                print(translate(language, "check.warning", message=message), file=sys.stderr)


def _confirm(yes: bool, language: Language) -> None:
    """Asks whether it is to be written; ends where not, or where nobody can be asked."""
    if yes:
        return
    if not can_ask():
        raise CallError("call.confirm")
    if not agrees(translate(language, "record.question")):
        print(translate(language, "record.left"), file=sys.stderr)
        raise typer.Exit(1)


def _write(edits: Sequence[tuple[Path, bytes, bytes]]) -> None:
    try:
        write_together(edits)
    except FileChanged as changed:
        raise CallError("call.changed", file=str(changed)) from None
    except OSError as error:
        raise unwritable(Path(error.filename or edits[0][0]), error) from None


def _update_log(language: Language, update: Callable[[UndoLog], None]) -> bool:
    """Notes what was done; where that cannot be written, the record stands all the same."""
    try:
        update(_undo_log())
    except OSError as error:
        from tracker.failures.exceptions import reason_of

        reason = reason_of(error).text(language)
        print(translate(language, "record.no-journal", reason=reason), file=sys.stderr)
        return False
    return True


def _undo_log() -> UndoLog:
    """What was recorded by this user."""
    from platformdirs import user_state_path

    return UndoLog(user_state_path("tracker") / "records")
