"""A response that is made once and sent as often as it is asked for.

All that depends on the request is decided in choose(), all else when the response is made.
"""

from __future__ import annotations

import gzip
from datetime import datetime
from typing import NamedTuple, TypeAlias

from starlette.types import Message, Scope, Send

from tracker.web.request_headers import RequestHeaders, accepts_gzip
from tracker.web.response_headers import SHARED
from tracker.web.validators import Validators

#: Since when that has not changed which only a new release changes.
LONG_AGO = datetime.fromisoformat("2026-11-25T00:00:00+00:00")
#: Below, compressing saves less than it costs.
SMALLEST = 500
_LEVEL = 6
#: What a 304 repeats of the response that it stands for (RFC 9110, section 15.4.5).
#: With what lets a page read it: a script that asks by a tag of its own is given the 304 itself.
_OF_UNCHANGED = (
    b"etag",
    b"last-modified",
    b"cache-control",
    b"vary",
    *(name.encode() for name in SHARED),
)

_HeaderLines: TypeAlias = list[tuple[bytes, bytes]]


class WireResponse(NamedTuple):
    """What goes out: as ASGI takes it, and the lines of its head as they go over the wire."""

    head: Message
    body: Message
    status: int
    lines: bytes
    content: bytes


class _Variant(NamedTuple):
    """The same bytes, compressed or not, in the three ways in which they are asked for."""

    tag: bytes
    whole: WireResponse
    head_alone: WireResponse
    unchanged: WireResponse


class CachedResponse:
    """Status 200 with these bytes, for whoever asks."""

    def __init__(
        self,
        body: bytes,
        media_type: str,
        modified: datetime | None,
        headers: dict[str, str],
        until: datetime | None = None,
    ) -> None:
        """`modified`: None where its reader is not to know when something else has changed."""
        self.until = until  #: from then on it is to be made anew
        self._validators = validators = Validators(body, modified)
        lines = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        lines.append((b"content-type", media_type.encode()))
        if validators.last_modified is not None:
            lines.append((b"last-modified", validators.last_modified))
        self._plain = self._gzipped = _variant(body, validators.plain_tag, lines)
        gzipped = gzip.compress(body, _LEVEL, mtime=0) if len(body) >= SMALLEST else b""
        if gzipped and len(gzipped) < len(body):
            lines.append((b"content-encoding", b"gzip"))
            self._gzipped = _variant(gzipped, validators.gzip_tag, lines)
        self.size = len(body) + len(gzipped)

    async def __call__(self, scope: Scope, _receive: object, send: Send) -> None:
        """As Starlette calls a response; the gateway keeps it for the next who asks."""
        scope["tracker.keep"](self)
        await self.send_to(scope, dict(scope["headers"]), send)

    async def send_to(self, scope: Scope, headers: RequestHeaders, send: Send) -> None:
        """Sends it, or that it is the one that was sent before."""
        response = self.choose(scope["method"], headers)
        await send(response.head)
        await send(response.body)

    def choose(self, method: str, headers: RequestHeaders) -> WireResponse:
        """What is sent to a GET or HEAD with these headers."""
        variant = self._gzipped if accepts_gzip(headers) else self._plain
        if self._validators.match(headers, variant.tag):
            return variant.unchanged
        return variant.head_alone if method == "HEAD" else variant.whole


def _variant(body: bytes, tag: bytes, lines: _HeaderLines) -> _Variant:
    length = (b"content-length", str(len(body)).encode())
    whole = [*lines, length, (b"etag", tag)]
    unchanged = [(name, value) for name, value in whole if name in _OF_UNCHANGED]
    return _Variant(
        tag,
        _wire_response(200, whole, body),
        _wire_response(200, whole, b""),
        _wire_response(304, unchanged, b""),
    )


def _wire_response(status: int, lines: _HeaderLines, body: bytes) -> WireResponse:
    return WireResponse(
        {"type": "http.response.start", "status": status, "headers": lines},
        {"type": "http.response.body", "body": body},
        status,
        b"".join(name + b": " + value + b"\r\n" for name, value in lines),
        body,
    )
