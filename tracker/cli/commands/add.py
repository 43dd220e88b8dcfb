"""`tracker add`: a new event, written into the file."""

from __future__ import annotations

from typing import Annotated, Unpack

import typer

from tracker.cli.event_keys import EventKeys, agreement_named, keys_in_file
from tracker.cli.options import CallError, Request
from tracker.cli.recording import Undo, Yes, read_files, record, undo_last
from tracker.files.record_edits import add_event


def command(
    request: Request,
    *,
    event_id: Annotated[str | None, typer.Argument(metavar="ID")] = None,
    title: Annotated[str | None, typer.Argument(metavar="TITLE")] = None,
    agreement: Annotated[str | None, typer.Option("--agreement", metavar="ID")] = None,
    yes: Yes = False,
    undo: Undo = False,
    **keys: Unpack[EventKeys],
) -> None:
    if undo:
        undo_last(request, yes)
        return
    if event_id is None or title is None:
        raise CallError("call.add.what")
    files, _ = read_files(request)
    home = agreement_named(agreement, files)
    fields = {"id": event_id, "title": title, **keys_in_file(keys)}
    record(request, yes, lambda: add_event(files, home.id, fields), files)
