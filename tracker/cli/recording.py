"""How `occurred`, `withdraw`, `add` and `amend` edit the file.

What is written, and what follows from it, is shown first. `--undo` takes the last record back.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from stat import S_ISREG
from typing import Annotated, Any

import typer

from tracker.agreements.amendments import events_on
from tracker.agreements.model import Agreement, Event
from tracker.cli.differences import PrintedChanges, difference_lines
from tracker.cli.inputs import load_agreements, reader_clock, unreadable, unwritable, view_day
from tracker.cli.options import CallError, Request, refuse_suppositions
from tracker.cli.output import print_json
from tracker.cli.questions import agrees, can_ask
from tracker.dates.instants import Moment
from tracker.files import recorded_edits
from tracker.files.problems import FileErrors
from tracker.files.reading import read_file
from tracker.files.record_edits import EventFiles, FileEdit, agreements_after, states_nothing
from tracker.files.toml_edits import NoRoom
from tracker.files.writing import FileChanged
from tracker.i18n.controls import spell_controls
from tracker.i18n.directions import isolate
from tracker.i18n.translate import Language, translate
from tracker.timeline.differences import Changes, reportable
from tracker.timeline.point_names import event_named, moment_said
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
    differences = _follow([edit], files, request)
    if edit.after == edit.before:
        print(translate(language, "record.same"), file=sys.stderr)
        return
    _show(edit, differences, request)
    if event is not None:
        _warn(event.name, agreements_after(files, [edit]), differences.after, language)
    write_edits(request, yes, [edit])


def write_edits(request: Request, yes: bool, edits: Sequence[FileEdit]) -> None:
    """Asks whether edits that were shown are to be written, and writes all of them or none."""
    language = request.language
    _confirm(yes, language)
    is_noted = _write(recorded_edits.write_edits, edits, language)
    name = "record.written" if is_noted else "record.written-for-good"
    for edit in edits:
        print(translate(language, name, file=edit.file), file=sys.stderr)


def undo_last(request: Request, yes: bool) -> None:
    """Takes back the last record that was made in one of the files, and what it made in others."""
    language = request.language
    try:
        entries = recorded_edits.last_entries(request.files)
        files, _ = read_files(request)
        edits = recorded_edits.undo_edits(files, entries)
    except recorded_edits.CannotUndo as reason:
        raise CallError(reason.name, **reason.values) from None
    differences = _follow(edits, files, request)
    for edit in edits:
        _show(edit, differences, request)
    _confirm(yes, language)
    _write(recorded_edits.take_back, edits, language)
    for edit in edits:
        print(translate(language, "record.taken-back", file=edit.file), file=sys.stderr)


def _follow(edits: Sequence[FileEdit], files: EventFiles, request: Request) -> Changes:
    """What follows from edits; where the files would have errors, says that nothing is written."""
    try:
        as_of = view_day(request, agreements_after(files, edits) or files.agreements)
        return recorded_edits.what_follows(files, edits, as_of)
    except FileErrors:
        print(translate(request.language, "record.refused"), file=sys.stderr)
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
    """Says what is doubtful in an event's records."""
    from tracker.i18n.diagnostics import message_of

    for diagnostic in recorded_edits.doubts_about(name, agreements, timeline):
        message = message_of(diagnostic, language)
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


def _write(
    write: Callable[[Sequence[FileEdit]], OSError | None],
    edits: Sequence[FileEdit],
    language: Language,
) -> bool:
    """Whether it is noted what was done; where that cannot be written, the record stands."""
    try:
        unnoted = write(edits)
    except FileChanged as changed:
        raise CallError("call.changed", file=str(changed)) from None
    except OSError as error:
        raise unwritable(Path(error.filename), error) from None
    if unnoted is not None:
        from tracker.failures.exceptions import reason_of

        reason = reason_of(unnoted).text(language)
        print(translate(language, "record.no-journal", reason=reason), file=sys.stderr)
    return unnoted is None
