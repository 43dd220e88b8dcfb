"""`tracker amend`: what parties change of an event, or add to it, written into the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from tracker.agreements.model import Amendment
from tracker.cli.event_keys import EventKeys, agreement_named, keys_in_file
from tracker.cli.options import CallError, Request, read_day
from tracker.cli.recording import Undo, Yes, read_files, record, undo_last
from tracker.files.record_edits import amend_event
from tracker.timeline.point_names import event_named, side_and_name

AmendmentTitle = Annotated[str | None, typer.Option("--amendment-title", metavar="TEXT")]
AmendmentSource = Annotated[str | None, typer.Option("--amendment-source", metavar="NAME")]
AmendmentNote = Annotated[str | None, typer.Option("--amendment-note", metavar="TEXT")]


def command(
    request: Request,
    *,
    amendment: Annotated[str | None, typer.Argument(metavar="AMENDMENT")] = None,
    event_id: Annotated[str | None, typer.Argument(metavar="ID")] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DAY")] = None,
    amendment_title: AmendmentTitle = None,
    amendment_source: AmendmentSource = None,
    amendment_note: AmendmentNote = None,
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT")] = None,
    remove: Annotated[list[str] | None, typer.Option("--remove", metavar="KEY")] = None,
    yes: Yes = False,
    undo: Undo = False,
    **keys: EventKeys,
) -> None:
    if undo:
        undo_last(request, yes)
        return
    if amendment is None or event_id is None:
        raise CallError("call.amend.what")
    side, whole = side_and_name(event_id.partition("@")[0])
    if side is not None or "@" in event_id:
        raise CallError("call.amend.event", point=event_id, id=whole)
    files, as_of = read_files(request)
    events = [event for agreement in files.agreements for event in agreement.events]
    home, _, changed_id = event_id.rpartition("/")
    if any(event_id in (event.id, event.name) for event in events):
        home = event_named(event_id, events).agreement
    known = agreement_named(home, files, "call.which-agreement.amended")
    fields = {
        "id": changed_id,
        **keys_in_file({"title": title, **keys, "remove": remove}),
    }
    if len(fields) == 1:
        raise CallError("call.amend.what")
    said = {
        "on": read_day(on, as_of) if on else None,
        "source": amendment_source,
        "title": amendment_title,
        "note": amendment_note,
    }
    header = {"id": amendment, "on": as_of, **keys_in_file(said)}
    there = next((signed for signed in known.amendments if signed.id == amendment), None)
    if there is not None:
        _check_agrees(there, said, known.language)
        if any(change.event == changed_id for change in there.changes):
            file = files.origins.amendments[known.id, amendment].file
            raise CallError("call.amended-there", id=amendment, event=changed_id, file=file)
    record(request, yes, lambda: amend_event(files, known.id, header, fields), files)


def _check_agrees(there: Amendment, said: Mapping[str, object], language: str) -> None:
    """Raises CallError where something else is said of an amendment that is there already."""
    stated = {
        "on": there.on,
        "source": there.source,
        "title": dict(there.title or ()).get(language),
        "note": dict(there.note or ()).get(language),
    }
    for key, value in keys_in_file(said).items():
        if value != stated[key]:
            raise CallError("call.amendment-there", id=there.id, key=key)
