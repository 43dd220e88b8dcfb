"""`tracker worker`: plans and delivers together with other machines, on a ledger that all share."""

from __future__ import annotations

import signal
from threading import Event
from typing import Annotated

import typer

from tracker.cli.options import Request
from tracker.cli.serving import LogForm, MetricsAddress, build_process, close_at_end


def command(
    request: Request,
    concurrency: Annotated[int | None, typer.Option("--concurrency", metavar="N", min=1)] = None,
    metrics: MetricsAddress = None,
    log: LogForm = "text",
) -> None:
    process = build_process(request, "localhost", log, role="work", most=concurrency)
    stopped = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _signal, _frame: stopped.set())
    with close_at_end(process, metrics):
        process.start()
        process.parts.log.write("run.working", channels=sorted(process.parts.config.addresses))
        stopped.wait()
