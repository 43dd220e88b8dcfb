"""`tracker explain ID`: how an event's days came about, down to the sentences they rest on."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.inputs import reader_clock, timeline_of
from tracker.cli.named_points import event_and_points
from tracker.cli.options import Request
from tracker.cli.output import print_json
from tracker.timeline.agenda import next_of_each


def command(request: Request, event_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    from tracker.cli.explanations import print_explanations

    timeline = timeline_of(request)
    _, points = event_and_points(event_id, timeline)
    points = next_of_each(points)
    if request.as_json:
        from tracker.feeds.json import why_json

        print_json([why_json(point, timeline, request.language) for point in points])
        return
    print_explanations(points, timeline, request.language, reader_clock(request, timeline).zone)
