"""`tracker run`: reminders, feeds and the page in one process, until it is stopped."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from tracker.cli.options import Request
from tracker.cli.serving import (
    Host,
    LogForm,
    MetricsAddress,
    Port,
    build_process,
    close_at_end,
    metrics_place,
    serve_until_stopped,
)


def command(  # noqa: PLR0917 - its options
    request: Request,
    host: Host = "127.0.0.1",
    port: Port = 8765,
    until_idle: Annotated[bool, typer.Option("--until-idle")] = False,
    metrics: MetricsAddress = None,
    log: LogForm = "text",
) -> None:
    if metrics is not None:
        metrics_place(metrics)  # what is none is refused, also where nobody would be answered there
    process = build_process(request, host, log, until_idle=until_idle)
    if until_idle:
        with closing(process):
            process.once()
            is_left = process.log_what_is_left()
            is_left = is_left or not process.parts.files.is_sound  # which its log says
        if is_left:
            raise typer.Exit(1)
        return
    with close_at_end(process, metrics) as room:
        serve_until_stopped(process, host, port, room)
