"""`tracker withdraw`: that an event is withdrawn from a day on, written into the file."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated

import typer

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
from tracker.timeline.point_names import check_there, key_named, point_and_occurrence


def command(
    request: Request,
    withdrawn: Annotated[str | None, typer.Argument(metavar="ID")] = None,
    day: Day = None,
    yes: Yes = False,
    undo: Undo = False,
) -> None:
    if undo:
        undo_last(request, yes)
        return
    files, as_of = read_files(request)
    event_name, occurrence = point_and_occurrence(required_point(withdrawn, "withdraw"), as_of)
    event = event_on(event_name, files, as_of)
    if occurrence is not None:
        key = key_named(event, None, event_name)
        check_there(str(withdrawn), key, occurrence, files.agreements, as_of)
    moment = read_moment(day, event, files, as_of)
    if not isinstance(moment, date):
        raise CallError("call.day", day=day)
    make_edit = partial(record_moment, files, event, "withdrawn", moment, occurrence)
    record(request, yes, make_edit, files, event)
