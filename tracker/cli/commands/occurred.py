"""`tracker occurred`: that something happened, written into the file."""

from __future__ import annotations

import sys
from datetime import date
from functools import partial
from typing import Annotated

import typer

from tracker.agreements.keys import Occurrence, occurrence_order
from tracker.agreements.located import RECORDS
from tracker.agreements.model import Event
from tracker.cli.options import CallError, Request
from tracker.cli.questions import ask, can_ask
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
from tracker.dates.instants import day_in
from tracker.files.record_edits import record_moment
from tracker.timeline.point_names import (
    check_name,
    check_there,
    free_name,
    happens,
    key_named,
    point_and_occurrence,
    side_and_name,
)
from tracker.timeline.points import Point, Timeline
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
    point_name, occurrence = point_and_occurrence(required_point(point, "occurred"), as_of)
    side, event_name = side_and_name(point_name)
    event = event_on(event_name, files, as_of)
    key = key_named(event, side, point_name)
    moment = read_moment(day, event, files, as_of)
    if occurrence is not None and key.side != "when":
        raise CallError("call.term-recorded", point=point, id=event.id)
    if happens(event):
        occurrence = occurrence or free_name(event, day_in(moment, files.zone(event)))
        check_name(str(point), event, occurrence)
    elif occurrence is None and event.repeats is not None and event.repeats.named_by == "number":
        occurrence = _due_occurrence(event, resolve(files.agreements, as_of))
    elif event.repeating and occurrence is None:
        occurrence = _ask_occurrence(event, resolve(files.agreements, as_of), yes)
    elif occurrence is not None:
        check_there(str(point), key, occurrence, files.agreements, as_of)
    make_edit = partial(record_moment, files, event, RECORDS[key.side], moment, occurrence)
    record(request, yes, make_edit, files, event)


def _due_occurrence(event: Event, timeline: Timeline) -> Occurrence:
    """The one that is due, of what is counted from when the one before was done."""
    points = [point for point in timeline.of(event) if point.occurrence is not None]
    due = [point for point in points if point.status not in ("occurred", "never")]
    if not due or due[0].occurrence is None:
        last = points[-1].occurrence if points else 1
        raise CallError("call.nothing-due", point=event.id, near=f"{event.id}@{last}")
    return due[0].occurrence


def _ask_occurrence(event: Event, timeline: Timeline, yes: bool) -> Occurrence:
    """The occurrence that is meant, asked for; raises CallError where nobody can be asked."""
    all_points = [point for point in timeline.of(event) if point.occurrence is not None]
    open_points = [point for point in all_points if point.status not in ("occurred", "never")]
    points = open_points or all_points

    def distance(point: Point) -> int:
        own = point.occurrence if isinstance(point.occurrence, date) else point.day
        return abs(((own or date.max) - timeline.as_of).days)

    nearest = sorted(points, key=distance)[:MOST_SUGGESTED]
    there = [point.occurrence for point in nearest if point.occurrence is not None]
    if not there:
        raise CallError("call.no-occurrence-yet", point=event.id, id=event.id)
    if yes or not can_ask():
        raise CallError("call.which-occurrence", point=event.id, near=there[0])
    choices = sorted(there, key=occurrence_order)
    for number, occurrence in enumerate(choices, 1):
        print(f"  {number}  {event.id}@{occurrence}", file=sys.stderr)
    nearest_number = str(choices.index(there[0]) + 1)
    answer = ask(f"? [{nearest_number}]:")
    if answer is None:
        raise typer.Exit(1)
    by_number = {str(number): occurrence for number, occurrence in enumerate(choices, 1)}
    if (answer or nearest_number) not in by_number:
        raise CallError("call.which-occurrence", point=event.id, near=there[0])
    return by_number[answer or nearest_number]
