"""A port of its own for whoever watches over the process: /healthz and /metrics, nothing else.

It is served as the page is, with a few connections that are kept for it alone: whoever takes all
others hides nothing from those who watch.
"""

from __future__ import annotations

import socket
from threading import Thread

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tracker.service.metrics import Metrics
from tracker.web.connection import LimitedProtocol
from tracker.web.server import WebLimits, WebServer
from tracker.web.status import status_routes

_PATHS = "/healthz\n/metrics\n"


class StatusServer:
    """Answers in a thread of its own, until it is closed."""

    def __init__(
        self, listening: socket.socket, url: str, metrics: Metrics, limits: WebLimits
    ) -> None:
        self.url = url
        routes = [Route("/", _paths), *status_routes(metrics.report, metrics.text)]
        app = Starlette(routes=routes, exception_handlers={HTTPException: _refuse})  # type: ignore[dict-item]
        self._listening = listening
        self._server = WebServer(app, LimitedProtocol, limits)
        self._thread = Thread(target=self._serve, name="status", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with self._listening:
            self._server.run(sockets=[self._listening])

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join()


async def _paths(_request: Request) -> Response:
    """For who only wants to know whether anybody is there."""
    return PlainTextResponse(_PATHS)


async def _refuse(_request: Request, error: HTTPException) -> Response:
    return PlainTextResponse(_PATHS, error.status_code, error.headers)
