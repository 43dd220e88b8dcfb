"""`tracker add`: a new event, written into the file."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.event_keys import EventKeys, agreement_named, keys_in_file
from tracker.cli.options import CallError, Request
from tracker.cli.recording import Undo, Yes, files_to_begin, read_files, record, undo_last
from tracker.files.homes import name_like
from tracker.files.record_edits import add_event, begin_file


def command(
    request: Request,
    *,
    new_id: Annotated[str | None, typer.Argument(metavar="ID")] = None,
    title: Annotated[str | None, typer.Argument(metavar="TITLE")] = None,
    agreement: Annotated[str | None, typer.Option("--agreement", metavar="ID")] = None,
    yes: Yes = False,
    undo: Undo = False,
    **keys: EventKeys,
) -> None:
    if undo:
        undo_last(request, yes)
        return
    if new_id is None or title is None:
        raise CallError("call.add.what")
    home, _, new_id = new_id.rpartition("/")
    home = agreement or home
    fields = {"id": new_id, "title": title, **keys_in_file(keys)}
    begun = files_to_begin(request)
    if begun is not None:
        name = home or name_like(str(request.files[0].absolute()))
        record(request, yes, lambda: begin_file(begun, name, fields), begun)
        return
    files, _ = read_files(request)
    known = agreement_named(home, files, "call.which-agreement")
    record(request, yes, lambda: add_event(files, known.id, fields), files)
