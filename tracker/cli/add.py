"""`tracker add` and `tracker amend`: new events, and what parties change, written into the file."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

from tracker.agreements.model import Agreement
from tracker.cli.options import CallError, Request, day_said
from tracker.cli.record import Undo, Yes, apply, read_files, take_back
from tracker.files.record_edits import EventFiles, add_event, amend_event
from tracker.timeline.point_names import event_named

#: The keys of an event that these commands write, each an option; texts and lists of texts.
TEXTS = {
    "when": "LINE", "starts": "LINE", "ends": "LINE", "lasts": "LENGTH", "renews": "LENGTH",
    "repeats": "LENGTH", "during": "ID", "roll": "WAY", "calendar": "NAME",
    "source": "NAME", "quote": "TEXT", "note": "TEXT", "url": "URL",
}  # fmt: skip
LISTS = {"party": "parties", "tag": "tags", "reminder": "reminders"}


def _with_fields(function: Callable[..., None]) -> Callable[..., None]:
    """The command with an option for each key of an event."""
    own = list(inspect.signature(function, eval_str=True).parameters.values())
    given = [one for one in own if one.kind is not inspect.Parameter.VAR_KEYWORD]
    options: list[tuple[str, Any]] = [
        (name, Annotated[str | None, typer.Option(metavar=what)]) for name, what in TEXTS.items()
    ]
    options += [(name, Annotated[list[str] | None, typer.Option(metavar="NAME")]) for name in LISTS]
    keyword = inspect.Parameter.KEYWORD_ONLY
    fields = [
        inspect.Parameter(name, keyword, default=None, annotation=kind) for name, kind in options
    ]
    function.__signature__ = inspect.Signature([*given, *fields])  # type: ignore[attr-defined]
    return function


@_with_fields
def add(
    request: Request,
    *,
    event_id: Annotated[str | None, typer.Argument(metavar="ID")] = None,
    title: Annotated[str | None, typer.Argument(metavar="TITLE")] = None,
    agreement: Annotated[str | None, typer.Option("--agreement", metavar="ID")] = None,
    yes: Yes = False,
    undo: Undo = False,
    **fields: Any,
) -> None:
    if undo:
        take_back(request, yes)
        return
    if event_id is None or title is None:
        raise CallError("call.add.what")
    files, _ = read_files(request)
    home = _home(files, agreement)
    stated = {"id": event_id, "title": title, **_stated(fields)}
    apply(request, yes, lambda: add_event(files, home.id, stated), files)


@_with_fields
def amend(
    request: Request,
    *,
    amendment: Annotated[str | None, typer.Argument(metavar="AMENDMENT")] = None,
    event_id: Annotated[str | None, typer.Argument(metavar="ID")] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DAY")] = None,
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT")] = None,
    remove: Annotated[list[str] | None, typer.Option("--remove", metavar="KEY")] = None,
    yes: Yes = False,
    undo: Undo = False,
    **fields: Any,
) -> None:
    if undo:
        take_back(request, yes)
        return
    if amendment is None or event_id is None:
        raise CallError("call.amend.what")
    files, as_of = read_files(request)
    events = [event for one in files.agreements for event in one.events]
    known = any(event_id in (event.id, event.name) for event in events)
    home = files.agreement(event_named(event_id, events).agreement) if known else _home(files, None)
    bare = event_id.rpartition("/")[2]
    named = {"title": title} if title else {}
    removed = {"remove": remove} if remove else {}
    stated = {"id": bare, **named, **_stated(fields), **removed}
    header = {"id": amendment, "on": day_said(on) if on else as_of}
    apply(request, yes, lambda: amend_event(files, home.id, header, stated), files)


def _home(files: EventFiles, agreement: str | None) -> Agreement:
    """The agreement that is meant; the only one, where none is named."""
    if agreement is not None:
        found = [one for one in files.agreements if one.id == agreement]
    else:
        found = list(files.agreements)
    if len(found) != 1:
        names = ", ".join(one.id for one in files.agreements)
        raise CallError("call.which-agreement", names=names)
    return found[0]


def _stated(fields: dict[str, Any]) -> dict[str, object]:
    """The keys that were given, as the file names them."""
    return {LISTS.get(name, name): value for name, value in fields.items() if value}
