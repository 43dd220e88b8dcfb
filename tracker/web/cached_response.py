"""One answer, made once and sent as often as it is asked for.

Strong ETags (RFC 9110, section 8.8.3), one for the bytes and another for them compressed;
Last-Modified; 304 for who has it; HEAD. All that depends on the request is decided in picked(), all
else when the answer is made.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from typing import NamedTuple, TypeAlias

from starlette.types import Message, Scope, Send

#: Below, compressing saves less than it costs.
SMALLEST = 500
_LEVEL = 6
_REFUSED = re.compile(rb"gzip\s*;\s*q=0(?:\.0*)?\s*(?:,|$)")
#: What a 304 repeats of the answer that it stands for (RFC 9110, section 15.4.5).
_OF_UNCHANGED = (b"etag", b"last-modified", b"cache-control", b"vary")

Headers: TypeAlias = list[tuple[bytes, bytes]]
#: The headers of a request by their names, in lower case.
Asked: TypeAlias = Mapping[bytes, bytes]


class WireResponse(NamedTuple):
    """What goes out: as ASGI takes it, and the lines of its head as they go over the wire."""

    head: Message
    body: Message
    status: int
    lines: bytes
    content: bytes


class _Variant(NamedTuple):
    """The same bytes, compressed or not, in the three ways in which they are asked for."""

    whole: WireResponse
    head_alone: WireResponse
    unchanged: WireResponse


class CachedResponse:
    """Status 200 with these bytes, for whoever asks."""

    def __init__(
        self,
        body: bytes,
        media_type: str,
        modified: datetime,
        headers: dict[str, str],
        until: datetime | None = None,
    ) -> None:
        self.until = until  #: from then on it is to be made anew
        self.modified = modified.astimezone(UTC).replace(microsecond=0)
        self._date = format_datetime(self.modified, usegmt=True).encode()
        tag = sha256(body).hexdigest()[:32]
        self._tags = (f'"{tag}"'.encode(), f'"{tag}-gz"'.encode())
        packed = gzip.compress(body, _LEVEL, mtime=0) if len(body) >= SMALLEST else b""
        shared = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        shared.append((b"content-type", media_type.encode()))
        shared.append((b"last-modified", self._date))
        self._plain = self._packed = _variant(body, self._tags[0], shared)
        if packed and len(packed) < len(body):
            coded = [*shared, (b"content-encoding", b"gzip")]
            self._packed = _variant(packed, self._tags[1], coded)
        self.size = len(body) + len(packed)

    async def __call__(self, scope: Scope, _receive: object, send: Send) -> None:
        """As Starlette calls a response; the way in keeps it for the next who asks."""
        scope["tracker.keep"](self)
        await self.send_to(scope, dict(scope["headers"]), send)

    async def send_to(self, scope: Scope, asked: Asked, send: Send) -> None:
        """Sends it, or that it is the one that was sent before."""
        sent = self.picked(scope["method"], asked)
        await send(sent.head)
        await send(sent.body)

    def picked(self, method: str, asked: Asked) -> WireResponse:
        """What is sent to a GET or HEAD with these headers."""
        accepted = asked.get(b"accept-encoding", b"")
        packed = b"gzip" in accepted and not (b"q=0" in accepted and _REFUSED.search(accepted))
        variant = self._packed if packed else self._plain
        if self._is_known(asked):
            return variant.unchanged
        return variant.head_alone if method == "HEAD" else variant.whole

    def _is_known(self, asked: Asked) -> bool:
        """RFC 9110, section 13.2.2: If-Modified-Since counts only where no tag is named."""
        tags = asked.get(b"if-none-match")
        if tags is not None:
            if tags in self._tags:
                return True
            named = [one.strip().removeprefix(b"W/") for one in tags.split(b",")]
            return b"*" in named or any(tag in named for tag in self._tags)
        since = asked.get(b"if-modified-since")
        if since is None:
            return False
        if since == self._date:
            return True
        try:
            return self.modified <= parsedate_to_datetime(since.decode("latin-1"))
        except (ValueError, TypeError):  # no date, or one without a zone
            return False


def _variant(body: bytes, tag: bytes, headers: Headers) -> _Variant:
    length = (b"content-length", str(len(body)).encode())
    whole = [*headers, length, (b"etag", tag)]
    unchanged = [(name, value) for name, value in whole if name in _OF_UNCHANGED]
    return _Variant(_sent(200, whole, body), _sent(200, whole, b""), _sent(304, unchanged, b""))


def _sent(status: int, headers: Headers, body: bytes) -> WireResponse:
    return WireResponse(
        {"type": "http.response.start", "status": status, "headers": headers},
        {"type": "http.response.body", "body": body},
        status,
        b"".join(name + b": " + value + b"\r\n" for name, value in headers),
        body,
    )
