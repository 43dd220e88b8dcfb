"""`tracker import`: what other programs' files state, written into the file as events."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.options import CallError, Everything, Request, read_day
from tracker.cli.recording import Undo, Yes, undo_last


def command(
    request: Request,
    *,
    origins: Annotated[list[str] | None, typer.Argument(metavar="SOURCE")] = None,
    into_agreement: Annotated[str | None, typer.Option("--agreement", metavar="ID")] = None,
    columns: Annotated[list[str] | None, typer.Option("--map", metavar="KEY=COLUMN")] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DAY")] = None,
    past_too: Everything = False,
    yes: Yes = False,
    undo: Undo = False,
) -> None:
    from tracker.cli.import_values import ImportCall
    from tracker.cli.importing import import_sources, import_target

    if undo:
        undo_last(request, yes)
        return
    if not origins:
        raise CallError("call.import.what")
    target = import_target(request, into_agreement)
    day = read_day(since, target.as_of) if since else target.as_of
    call = ImportCall(tuple(origins), _pairs(columns or ()), None if past_too else day)
    if not import_sources(request, target, call, yes):
        raise typer.Exit(1)


def _pairs(columns: list[str] | tuple[()]) -> tuple[tuple[str, str], ...]:
    pairs = []
    for text in columns:
        key, equals, column = text.partition("=")
        if not equals or not key.strip() or not column.strip():
            raise CallError("call.import.map", text=text)
        pairs.append((key.strip(), column.strip()))
    return tuple(pairs)
