"""How a process is: for whoever watches over it, a person or Prometheus."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tracker.wording.sentences import LANGUAGES, say

_KEEP = {"cache-control": "no-store"}
#: The text format of Prometheus, as its own client names it.
_METRICS = "text/plain; version=1.0.0; charset=utf-8"


def status_routes(
    trouble: Callable[[], str | None], metrics: Callable[[], bytes] | None
) -> list[Route]:
    """/healthz, and /metrics where there are any."""

    async def health(_request: Request) -> Response:
        name = trouble()
        lines = [say(language, name or "health.fine") for language in LANGUAGES]
        return PlainTextResponse("\n".join(lines) + "\n", 503 if name else 200, _KEEP)

    routes = [Route("/healthz", health)]
    if metrics is not None:

        async def measured(_request: Request) -> Response:
            content = await run_in_threadpool(metrics)
            return Response(content, 200, {**_KEEP, "content-type": _METRICS})

        routes.append(Route("/metrics", measured))
    return routes


def status_app(trouble: Callable[[], str | None], metrics: Callable[[], bytes]) -> Starlette:
    """These alone, of a process that serves nothing else."""
    return Starlette(routes=status_routes(trouble, metrics))
