"""What a form of ours sends, that it is ours, and where its reader goes on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import TypeAlias
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tracker.web.error_pages import error_response
from tracker.web.site import Site

#: A form of ours is shorter.
_MOST_BYTES = 4096

Handler: TypeAlias = Callable[[Request], Awaitable[Response]]


def own_forms_only(site: Site, handler: Handler) -> Handler:
    """Refuses a form that another site has sent (its browser says so in Origin)."""

    @wraps(handler)
    async def handle(request: Request) -> Response:
        if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            return error_response(request.scope, "http.origin", 403)
        origin = request.headers.get("origin")
        if origin is not None:
            scheme, _, host = origin.partition("://")
            is_ours = host in site.hosts or host == request.headers.get("host")
            if scheme not in ("http", "https") or not is_ours:
                return error_response(request.scope, "http.origin", 403)
        return await handler(request)

    return handle


async def read_fields(
    request: Request, most_bytes: int = _MOST_BYTES, most_fields: int = 10
) -> dict[str, str]:
    """The fields of a small form; of a field that is there twice, the last."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            raise HTTPException(413)
    try:
        fields = parse_qs(
            body.decode("utf-8", errors="replace"),
            max_num_fields=most_fields,
            keep_blank_values=True,
        )
    except ValueError:  # more fields than any form of ours has
        raise HTTPException(413) from None
    return {name: values[-1] for name, values in fields.items()}


def see_other(name: str, query: str, headers: Mapping[str, str]) -> Response:
    """To the page that the form stood on: to load that again sends nothing again.

    By its last part alone: what stands before it, a proxy may have taken away.
    """
    here = f"./{name}"
    return RedirectResponse(f"{here}?{query}" if query else here, 303, headers=headers)
