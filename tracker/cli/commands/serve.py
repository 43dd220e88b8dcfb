"""`tracker serve`: feeds and the page alone; nothing is sent."""

from __future__ import annotations

from tracker.cli.options import Request
from tracker.cli.serving import (
    Host,
    LogForm,
    MetricsAddress,
    Port,
    build_process,
    close_at_end,
    serve_until_stopped,
)


def command(
    request: Request,
    host: Host = "127.0.0.1",
    port: Port = 8765,
    metrics: MetricsAddress = None,
    log: LogForm = "text",
) -> None:
    process = build_process(request, host, log, role="serve")
    with close_at_end(process, metrics) as room:
        serve_until_stopped(process, host, port, room)
