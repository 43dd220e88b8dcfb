"""`tracker feed`: the iCalendar feed, on standard output or into a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.request import CallError, Request
from tracker.cli.screen import show_json, timeline_of
from tracker.files.writing import replace
from tracker.wording.sentences import Language, say

if TYPE_CHECKING:
    from tracker.feeds.calendar import Feed


def feed(
    request: Request,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE")] = None,
) -> None:
    from tracker.feeds.calendar import calendar_of

    made = calendar_of(timeline_of(request), request.language)
    if request.as_json:
        show_json({"shown": made.shown, "left_out": made.left_out})
        return
    if output is None:
        sys.stdout.buffer.write(made.content)
        sys.stdout.buffer.flush()
    else:
        _write(output, made.content)
    print(summary(made, request.language), file=sys.stderr)


def summary(made: Feed, language: Language) -> str:
    """How many points are in the feed, and how many are not, and why."""
    text = say(language, "feed.shown", count=made.shown)
    parts = [
        say(language, f"feed.left-out.{status}", count=count)
        for status, count in made.left_out.items()
    ]
    return say(language, "comma").join([text, *parts])


def _write(file: Path, content: bytes) -> None:
    """A file is written whole or not at all; what is none (a pipe, a device) is written to."""
    try:
        if file.exists() and not file.is_file():
            file.write_bytes(content)
        else:
            real = file.resolve()
            mode = real.stat().st_mode & 0o777 if real.exists() else 0o644
            replace(real, content, mode)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CallError("call.unwritable", file=str(file), reason=reason) from None
