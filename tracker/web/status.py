"""How a process is: for whoever watches over it, a person or Prometheus."""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.i18n.translate import LANGUAGES, translate

TEXT_TYPE = "text/plain; charset=utf-8"
#: The text format of Prometheus, as its own client names it.
METRICS_TYPE = "text/plain; version=1.0.0; charset=utf-8"


def health_of(trouble: str | None) -> tuple[int, str]:
    """The status of /healthz, and what it says, in each language."""
    lines = [translate(language, trouble or "health.fine") for language in LANGUAGES]
    return 503 if trouble else 200, "\n".join(lines) + "\n"


def status_routes(
    trouble: Callable[[], str | None], metrics: Callable[[], bytes] | None
) -> list[Route]:
    """/healthz, and /metrics where there are any."""

    async def serve_health(_request: Request) -> Response:
        status, text = health_of(trouble())
        return _response(text.encode(), TEXT_TYPE, status)

    routes = [Route("/healthz", serve_health)]
    if metrics is not None:

        async def serve_metrics(_request: Request) -> Response:
            return _response(await run_in_threadpool(metrics), METRICS_TYPE)

        routes.append(Route("/metrics", serve_metrics))
    return routes


def _response(content: bytes, kind: str, status: int = 200) -> Response:
    return Response(content, status, {"content-type": kind, "cache-control": "no-store"})
