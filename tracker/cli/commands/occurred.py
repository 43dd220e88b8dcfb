"""`tracker occurred`: that something happened, written into the file."""

from __future__ import annotations

import sys
from datetime import date
from functools import partial
from typing import Annotated

import typer

from tracker.agreements.located import RECORDS
from tracker.agreements.model import Event
from tracker.cli.options import CallError, Request
from tracker.cli.recording import (
    Day,
    Undo,
    Yes,
    event_on,
    read_files,
    read_moment,
    record,
    required_point,
    undo_last,
)
from tracker.files.record_edits import record_moment
from tracker.timeline.point_names import (
    check_occurrence,
    key_named,
    point_and_occurrence,
    side_and_name,
)
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve

#: So many occurrences are suggested to choose from.
MOST_SUGGESTED = 5


def command(
    request: Request,
    point: Annotated[str | None, typer.Argument(metavar="POINT")] = None,
    day: Day = None,
    yes: Yes = False,
    undo: Undo = False,
) -> None:
    if undo:
        undo_last(request, yes)
        return
    files, as_of = read_files(request)
    point_name, occurrence = point_and_occurrence(required_point(point, "occurred"))
    side, event_name = side_and_name(point_name)
    event = event_on(event_name, files, as_of)
    key = key_named(event, side, point_name)
    if event.repeating and occurrence is None:
        occurrence = _ask_occurrence(event, resolve(files.agreements, as_of), yes)
    elif occurrence is not None:
        if key.side != "when":
            raise CallError("call.term-recorded", point=point, id=event.id)
        check_occurrence(str(point), key, occurrence, resolve(files.agreements, as_of))
    moment = read_moment(day, event, files, as_of)
    make_edit = partial(record_moment, files, event, RECORDS[key.side], moment, occurrence)
    record(request, yes, make_edit, files, event)


def _ask_occurrence(event: Event, timeline: Timeline, yes: bool) -> date:
    """The occurrence that is meant, asked for; raises CallError where nobody can be asked."""
    days: list[date] = [
        point.occurrence
        for point in timeline.of(event)
        if point.occurrence is not None and point.status not in ("occurred", "never")
    ]
    if not days:
        raise CallError("call.no-occurrences", point=event.id, id=event.id)
    nearest = sorted(days, key=lambda day: abs((day - timeline.as_of).days))[:MOST_SUGGESTED]
    if yes or not sys.stdin.isatty():
        raise CallError("call.which-occurrence", point=event.id, near=nearest[0])
    choices = sorted(nearest)
    for number, day in enumerate(choices, 1):
        print(f"  {number}  {event.id}@{day}", file=sys.stderr)
    choice: int = typer.prompt("?", type=int, default=choices.index(nearest[0]) + 1, err=True)
    if not 1 <= choice <= len(choices):
        raise CallError("call.which-occurrence", point=event.id, near=nearest[0])
    return choices[choice - 1]
