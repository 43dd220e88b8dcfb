"""A port of its own for whoever watches over the process: /healthz and /metrics, nothing else.

It is served as the page is, with a few connections that are kept for it alone: whoever takes all
others hides nothing from those who watch.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tracker.failures.supervision import Duty, SupervisedThread, Supervisor
from tracker.web.connection import LimitedProtocol
from tracker.web.server import WebLimits, WebServer
from tracker.web.status import status_routes

if TYPE_CHECKING:
    from tracker.service.metrics import Metrics

_PATHS = "/healthz\n/metrics\n"


class StatusServer:
    """Answers in a thread of its own, until it is closed."""

    def __init__(
        self,
        listening: socket.socket,
        url: str,
        metrics: Metrics,
        limits: WebLimits,
        supervisor: Supervisor,
    ) -> None:
        self.url = url
        self._supervisor, self._duty = supervisor, Duty("status")
        routes = [Route("/", _paths), *status_routes(metrics.report, metrics.text)]
        self._app = Starlette(routes=routes, exception_handlers={HTTPException: _refuse})  # type: ignore[dict-item]
        self._listening, self._limits = listening, limits
        self._server: WebServer | None = None
        self._thread = SupervisedThread("status", supervisor, self._duty, self._serve)
        self._thread.start()

    def _serve(self) -> bool:
        with self._listening.dup() as listening:  # a server closes what it is given
            self._server = server = WebServer(
                self._app, LimitedProtocol, self._limits, self._supervisor, self._duty
            )
            if not self._thread.stopping.is_set():
                server.run(sockets=[listening])
        return False

    def close(self) -> None:
        self._thread.stop()
        if self._server is not None:
            self._server.should_exit = True
        self._thread.join()
        self._listening.close()


async def _paths(_request: Request) -> Response:
    """For who only wants to know whether anybody is there."""
    return PlainTextResponse(_PATHS)


async def _refuse(_request: Request, error: HTTPException) -> Response:
    return PlainTextResponse(_PATHS, error.status_code, error.headers)
