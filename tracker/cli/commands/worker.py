"""`tracker worker`: plans and delivers together with other machines, on a ledger that all share."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
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
    with _stop_signals() as signals, close_at_end(process, metrics):
        process.start()
        process.parts.log.write("run.working", channels=sorted(process.parts.config.addresses))
        signals.recv(1)


@contextmanager
def _stop_signals() -> Iterator[socket.socket]:
    """A socket that has something to read from the first Ctrl-C or SIGTERM on.

    Who waits for a lock misses a signal that the system gives to another thread, or that comes just
    before the wait begins: Python calls a handler only between two steps of the main thread.
    """
    receiving, sending = socket.socketpair()
    with receiving, sending:
        sending.setblocking(False)
        signal.set_wakeup_fd(sending.fileno())
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _signal, _frame: None)
        try:
            yield receiving
        finally:
            signal.set_wakeup_fd(-1)
