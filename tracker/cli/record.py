"""`tracker occurred` and `tracker withdraw`: what happened, written into the file.

What is written, and what follows from it, is shown first. `--undo` takes the last record back.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from tracker.agreements.amendments import events_on
from tracker.agreements.located import RECORDS
from tracker.agreements.model import Agreement, Event
from tracker.cli.changes import entries
from tracker.cli.options import CallError, Request
from tracker.cli.output import (
    loaded,
    refuse_uncovered,
    say_problems,
    show_json,
    today_of,
    unreadable,
)
from tracker.dates.calendars import Uncovered
from tracker.dates.instants import Moment
from tracker.files.problems import FileErrors
from tracker.files.record_edits import EventFiles, FileEdit, edit_between, record_moment
from tracker.files.toml_edits import NoRoom
from tracker.files.undo_log import UndoEntry, UndoLog
from tracker.files.writing import FileChanged, write_if_unchanged
from tracker.i18n.translate import translate
from tracker.timeline.differences import Changes, changes, said
from tracker.timeline.point_names import (
    check_occurrence,
    event_named,
    key_named,
    moment_said,
    point_and_occurrence,
    side_and_name,
)
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve

Yes = Annotated[bool, typer.Option("--yes", "-y")]
Undo = Annotated[bool, typer.Option("--undo")]
Day = Annotated[str | None, typer.Argument(metavar="DAY")]
#: So many occurrences are offered to choose from.
MOST_OFFERED = 5


def occurred(
    request: Request,
    point: Annotated[str | None, typer.Argument(metavar="POINT")] = None,
    day: Day = None,
    yes: Yes = False,
    undo: Undo = False,
) -> None:
    if undo:
        take_back(request, yes)
        return
    files, as_of = read_files(request)
    named, occurrence = point_and_occurrence(_wanted(point, "occurred"))
    side, name = side_and_name(named)
    event = _event(name, files, as_of)
    key = key_named(event, side, named)
    if event.repeating and occurrence is None:
        occurrence = _chosen(event, viewed(files.agreements, as_of, request), yes)
    elif occurrence is not None:
        if key[2] != "when":
            raise CallError("call.term-recorded", point=point, id=event.id)
        check_occurrence(str(point), key, occurrence, viewed(files.agreements, as_of, request))
    moment = _moment(day, event, files, as_of)
    make = partial(record_moment, files, event, RECORDS[key[2]], moment, occurrence)
    apply(request, yes, make, files, event)


def withdraw(
    request: Request,
    point: Annotated[str | None, typer.Argument(metavar="ID")] = None,
    day: Day = None,
    yes: Yes = False,
    undo: Undo = False,
) -> None:
    if undo:
        take_back(request, yes)
        return
    files, as_of = read_files(request)
    named, occurrence = point_and_occurrence(_wanted(point, "withdraw"))
    event = _event(named, files, as_of)
    if occurrence is not None:
        key = key_named(event, None, named)
        check_occurrence(str(point), key, occurrence, viewed(files.agreements, as_of, request))
    moment = _moment(day, event, files, as_of)
    if not isinstance(moment, date):
        raise CallError("call.day", day=day)
    make = partial(record_moment, files, event, "withdrawn", moment, occurrence)
    apply(request, yes, make, files, event)


def _wanted(point: str | None, command: str) -> str:
    if point is None:
        raise CallError("call.which-point", command=command)
    return point


def _event(name: str, files: EventFiles, as_of: date) -> Event:
    """The event of that id, as amended by the day."""
    return event_named(name, [one for each in files.agreements for one in events_on(each, as_of)])


def _moment(day: str | None, event: Event, files: EventFiles, as_of: date) -> Moment:
    """The day or instant that was said; today, where none was."""
    if day is None:
        return as_of
    moment = moment_said(day, files.agreement(event.agreement).timezone)
    if moment is None:
        raise CallError("call.never-recorded", id=event.id)
    return moment


def _chosen(event: Event, timeline: Timeline, yes: bool) -> date:
    """The occurrence that is meant, asked for; raises CallError where nobody can be asked."""
    days: list[date] = [
        point.occurrence
        for point in timeline.of(event)
        if point.occurrence is not None and point.status not in ("occurred", "never")
    ]
    if not days:
        raise CallError("call.no-occurrences", point=event.id, id=event.id)
    nearest = sorted(days, key=lambda day: abs((day - timeline.as_of).days))[:MOST_OFFERED]
    if yes or not sys.stdin.isatty():
        raise CallError("call.which-occurrence", point=event.id, near=nearest[0])
    offered = sorted(nearest)
    for number, day in enumerate(offered, 1):
        print(f"  {number}  {event.id}@{day}", file=sys.stderr)
    answer: int = typer.prompt("?", type=int, default=offered.index(nearest[0]) + 1, err=True)
    if not 1 <= answer <= len(offered):
        raise CallError("call.which-occurrence", point=event.id, near=nearest[0])
    return offered[answer - 1]


# -- showing, asking, writing


def read_files(request: Request) -> tuple[EventFiles, date]:
    """The files that are to be edited, and the day on which they are."""
    try:
        contents = tuple(file.read_bytes() for file in request.files)
    except OSError as error:
        raise unreadable(error) from None
    agreements = loaded(request)
    names = tuple(str(file) for file in request.files)
    return EventFiles(names, contents, agreements), request.as_of or today_of(agreements)


def viewed(agreements: tuple[Agreement, ...], as_of: date, request: Request) -> Timeline:
    """The timeline of that day."""
    try:
        return resolve(agreements, as_of)
    except Uncovered as missing:
        refuse_uncovered(missing, request)


def apply(
    request: Request,
    yes: bool,
    make: Callable[[], FileEdit],
    files: EventFiles,
    event: Event | None = None,
) -> None:
    """Shows an edit and what follows from it, asks, and writes it.

    `event` is the one of which something is recorded: what of that wants a look is said too.
    """
    try:
        edit = make()
        after = edit.agreements_after(files)
    except NoRoom as reason:
        raise CallError("call.no-room", key=str(reason)) from None
    except FileErrors as errors:
        print(translate(request.language, "record.refused"), file=sys.stderr)
        say_problems(errors, request, sys.stderr)
        raise typer.Exit(1) from None
    if edit.after == edit.before:
        print(translate(request.language, "record.same"), file=sys.stderr)
        return
    as_of = request.as_of or today_of(after)
    found = _following(files.agreements, after, as_of, request)
    _show(edit, found, request)
    if event is not None:
        _warn(event.name, after, found.after, request)
    _agree(request, yes)
    _write(Path(edit.file), edit.before, edit.after)
    what = f"{edit.file}:{edit.line}"
    _journal(request, lambda journal: journal.note(Path(edit.file), edit.before, edit.after, what))
    print(translate(request.language, "record.written", file=edit.file), file=sys.stderr)


def _warn(name: str, agreements: Sequence[Agreement], timeline: Timeline, request: Request) -> None:
    """Says what of an event's records wants a look: a day to come, a notice that was late.

    The timeline knows nothing of days to come; the agreements do.
    """
    from tracker.i18n.diagnostics import message_of
    from tracker.timeline.validation.warnings import record_doubts

    events = (event for one in agreements for event in events_on(one, timeline.as_of))
    for event in events:
        if event.name == name:
            for placed in record_doubts(event, timeline):
                message = message_of(placed.diagnostic, request.language)
                print(
                    translate(request.language, "check.warning", message=message), file=sys.stderr
                )


def _following(
    before: Sequence[Agreement], after: Sequence[Agreement], as_of: date, request: Request
) -> Changes:
    try:
        return changes(before, after, as_of, as_of)
    except Uncovered as missing:
        refuse_uncovered(missing, request)


def _show(edit: FileEdit, found: Changes, request: Request) -> None:
    """The lines that change, and what differs then."""
    language = request.language
    if request.as_json:
        from tracker.feeds.changes_json import changes_json

        lines: dict[str, Any] = {"file": edit.file, "line": edit.line}
        lines |= {"removed": list(edit.removed), "added": list(edit.added)}
        show_json({"edit": lines, **changes_json(found, language)})
        return
    print(f"{edit.file}:{edit.line}")
    changed = [*(f"- {one}" for one in edit.removed), *(f"+ {one}" for one in edit.added)]
    print("\n".join(line.rstrip() for line in changed))
    shown = said(found.changed)
    lines_of = list(entries(shown, found, language))
    print("\n".join(lines_of or ["", translate(language, "record.no-change")]), flush=True)


def _agree(request: Request, yes: bool) -> None:
    """Asks whether it is to be written; ends where not, or where nobody can be asked."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise CallError("call.confirm")
    question = translate(request.language, "record.question")
    if not typer.confirm(question, default=False, err=True):
        print(translate(request.language, "record.left"), file=sys.stderr)
        raise typer.Exit(1)


def _write(file: Path, before: bytes, after: bytes) -> None:
    try:
        write_if_unchanged(file, before, after)
    except FileChanged:
        raise CallError("call.changed", file=str(file)) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CallError("call.unwritable", file=str(file), reason=reason) from None


def _journal(request: Request, use: Callable[[UndoLog], None]) -> None:
    """Remembers what was done; where that cannot be written, the record stands all the same."""
    try:
        use(journal())
    except OSError as error:
        reason = error.strerror or type(error).__name__
        print(translate(request.language, "record.no-journal", reason=reason), file=sys.stderr)


def journal() -> UndoLog:
    """What was recorded by this user."""
    from platformdirs import user_state_path

    return UndoLog(user_state_path("tracker") / "records")


def take_back(request: Request, yes: bool) -> None:
    """Takes back the last record that was made in one of the files."""
    found = journal().newest(request.files)
    if found is None:
        raise CallError("call.undo.none")
    file, entry = found
    try:
        content = file.read_bytes()
    except OSError as error:
        raise unreadable(error) from None
    before = _undone(file, entry, content)
    files, as_of = read_files(request)
    edit = edit_between(files, str(file), before)
    try:
        after = edit.agreements_after(files)
    except FileErrors as errors:
        _refused_undo(errors, request)
    _show(edit, _following(files.agreements, after, as_of, request), request)
    _agree(request, yes)
    _write(file, content, before)
    _journal(request, lambda journal: journal.drop(file))
    print(translate(request.language, "record.taken-back", file=str(file)), file=sys.stderr)


def _undone(file: Path, entry: UndoEntry, content: bytes) -> bytes:
    try:
        return entry.undo(content)
    except FileChanged:
        raise CallError("call.undo.changed", file=str(file), what=entry.what) from None


def _refused_undo(errors: FileErrors, request: Request) -> NoReturn:
    print(translate(request.language, "record.refused"), file=sys.stderr)
    say_problems(errors, request, sys.stderr)
    raise typer.Exit(1) from None
