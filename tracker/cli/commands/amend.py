"""`tracker amend`: what parties change of an event, or add to it, written into the file."""

from __future__ import annotations

from typing import Annotated, Unpack

import typer

from tracker.cli.event_keys import EventKeys, agreement_named, keys_in_file
from tracker.cli.options import CallError, Request, read_day
from tracker.cli.recording import Undo, Yes, read_files, record, undo_last
from tracker.files.record_edits import amend_event
from tracker.timeline.point_names import event_named


def command(
    request: Request,
    *,
    amendment: Annotated[str | None, typer.Argument(metavar="AMENDMENT")] = None,
    event_id: Annotated[str | None, typer.Argument(metavar="ID")] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DAY")] = None,
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT")] = None,
    remove: Annotated[list[str] | None, typer.Option("--remove", metavar="KEY")] = None,
    yes: Yes = False,
    undo: Undo = False,
    **keys: Unpack[EventKeys],
) -> None:
    if undo:
        undo_last(request, yes)
        return
    if amendment is None or event_id is None:
        raise CallError("call.amend.what")
    files, as_of = read_files(request)
    events = [event for agreement in files.agreements for event in agreement.events]
    if any(event_id in (event.id, event.name) for event in events):
        home = files.agreement(event_named(event_id, events).agreement)
    else:
        home = agreement_named(None, files)
    fields = {
        "id": event_id.rpartition("/")[2],
        **({"title": title} if title else {}),
        **keys_in_file(keys),
        **({"remove": remove} if remove else {}),
    }
    header = {"id": amendment, "on": read_day(on) if on else as_of}
    record(request, yes, lambda: amend_event(files, home.id, header, fields), files)
