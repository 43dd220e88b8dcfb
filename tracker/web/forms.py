"""What a form of ours sends, and that it is ours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TypeAlias
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tracker.web.error_pages import error_response
from tracker.web.site import Site

#: A form of ours is shorter.
_MOST = 4096

Handler: TypeAlias = Callable[[Request], Awaitable[Response]]


def from_us(site: Site, handler: Handler) -> Handler:
    """Refuses a form that another site has sent (its browser says so in Origin)."""

    @wraps(handler)
    async def handle_own(request: Request) -> Response:
        origin = request.headers.get("origin")
        if origin is not None:
            scheme, _, host = origin.partition("://")
            ours = host in site.hosts or host == request.headers.get("host")
            if scheme not in ("http", "https") or not ours:
                return error_response(request.scope, "http.origin", 403)
        return await handler(request)

    return handle_own


async def fields_of(request: Request) -> dict[str, str]:
    """The fields of a small form; of a field that is there twice, the last."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST:
            raise HTTPException(413)
    try:
        fields = parse_qs(body.decode("utf-8", errors="replace"), max_num_fields=10)
    except ValueError:  # more fields than any form of ours has
        raise HTTPException(413) from None
    return {name: values[-1] for name, values in fields.items()}
