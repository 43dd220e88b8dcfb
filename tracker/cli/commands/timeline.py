"""`tracker timeline`: the timeline as a picture, in characters, as SVG, or as what is drawn."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from tracker.cli.inputs import timeline_of
from tracker.cli.options import CallError, Request, read_day
from tracker.cli.output import print_json, spelled, width
from tracker.cli.streams import write_bytes

#: In a pipe, where nobody says how wide a line may be.
PIPED = 100


def command(  # noqa: PLR0917 - typer hands them over by name
    request: Request,
    svg: Annotated[bool, typer.Option("--svg")] = False,
    png: Annotated[bool, typer.Option("--png")] = False,
    pdf: Annotated[bool, typer.Option("--pdf")] = False,
    text: Annotated[bool, typer.Option("--text")] = False,
    from_day: Annotated[str | None, typer.Option("--from", metavar="DAY")] = None,
    to_day: Annotated[str | None, typer.Option("--to", metavar="DAY")] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="agreement|party|tag|status")] = None,
    pixels: Annotated[int, typer.Option("--width", metavar="N", min=300, max=10_000)] = 1120,
) -> None:
    from tracker.feeds.picture.extent import PictureOptions, extent_of
    from tracker.feeds.picture.files import PictureFile, picture_bytes
    from tracker.feeds.picture.text import picture_text
    from tracker.feeds.picture.tracks import grouping_named

    forms = [name for name, is_wanted in (("svg", svg), ("png", png), ("pdf", pdf)) if is_wanted]
    if len(forms) + text > 1:
        raise CallError("call.timeline.forms")
    if (png or pdf) and sys.stdout.isatty():
        raise CallError("call.timeline.terminal", form=forms[0])
    if by is not None and grouping_named(by) is None:
        raise CallError("call.timeline.by", by=by)
    timeline, language = timeline_of(request), request.language
    first = None if from_day is None else read_day(from_day, timeline.as_of)
    last = None if to_day is None else read_day(to_day, timeline.as_of)
    if first is not None and last is not None and first >= last:
        raise CallError("call.timeline.order", first=first, last=last)
    options = PictureOptions(grouping_named(by), first, last)
    extent = extent_of(timeline, language, options)
    if request.as_json:
        from tracker.feeds.picture.json import picture_json

        print_json(picture_json(extent))
        return
    if not forms:
        print("\n".join(picture_text(extent, language, width() or PIPED, spelled)))
        return
    write_bytes(picture_bytes(PictureFile(timeline, extent, language), forms[0], pixels))
    for line in extent.omission_lines(language):
        print(line, file=sys.stderr)
