"""`tracker explain ID`: how an event's days came about, down to the sentences they rest on."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.inputs import reader_clock, timeline_of
from tracker.cli.named_points import event_and_points
from tracker.cli.options import Request
from tracker.cli.output import print_json, width
from tracker.i18n.columns import wrap
from tracker.i18n.instants import with_own_clock
from tracker.timeline.agenda import next_of_each


def command(request: Request, event_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    from tracker.i18n.explanation import explanation_lines

    timeline = timeline_of(request)
    _, points = event_and_points(event_id, timeline)
    points = next_of_each(points)
    if request.as_json:
        from tracker.feeds.json import why_json

        print_json([why_json(point, timeline, request.language) for point in points])
        return
    columns, zone = width(), reader_clock(request, timeline).zone
    blocks = []
    for point in points:
        lines = explanation_lines(point, timeline, request.language)
        lines[0] = with_own_clock(lines[0], request.language, zone)
        blocks.append("\n".join(part for line in lines for part in _wrap_indented(line, columns)))
    print("\n\n".join(blocks))


def _wrap_indented(line: str, columns: int | None) -> list[str]:
    """A line wrapped below its own indentation."""
    text = line.lstrip(" ")
    margin = " " * (len(line) - len(text))
    room = None if columns is None else columns - len(margin) - 2
    first, *rest = wrap(text, room)
    return [margin + first, *(f"{margin}  {part}" for part in rest)]
