"""One answer, made once and sent as often as it is asked for.

Strong ETags (RFC 9110, section 8.8.3), one for the bytes and another for them compressed;
Last-Modified; 304 for who has it; HEAD. All that depends on the request is decided in send_to(),
all else when the answer is made.
"""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from typing import TypeAlias

from starlette.types import Message, Scope, Send

#: Below, compressing saves less than it costs.
SMALLEST = 500
_LEVEL = 6
_REFUSED = re.compile(rb"gzip\s*;\s*q=0(?:\.0*)?\s*(?:,|$)")
_KEPT_304 = (b"etag", b"last-modified", b"cache-control", b"vary")

Headers: TypeAlias = list[tuple[bytes, bytes]]
#: The head, the body, and the head of a 304.
Messages: TypeAlias = tuple[Message, Message, Message]


class Answer:
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
        plain = self._variant(body, self._tags[0], shared)
        self._plain = plain
        self._packed = plain
        if packed and len(packed) < len(body):
            coded = [*shared, (b"content-encoding", b"gzip")]
            self._packed = self._variant(packed, self._tags[1], coded)
        self.size = len(body) + len(packed)

    def _variant(
        self, body: bytes, tag: bytes, headers: Headers
    ) -> tuple[Message, Message, Message]:
        """What is sent: the head, the body, and the head of a 304."""
        whole = [
            *headers,
            (b"content-length", str(len(body)).encode()),
            (b"etag", tag),
            (b"last-modified", self._date),
        ]
        kept = [(name, value) for name, value in whole if name in _KEPT_304]
        return (
            {"type": "http.response.start", "status": 200, "headers": whole},
            {"type": "http.response.body", "body": body},
            {"type": "http.response.start", "status": 304, "headers": kept},
        )

    async def __call__(self, scope: Scope, _receive: object, send: Send) -> None:
        """As Starlette calls a response; the way in keeps it for the next who asks."""
        scope["tracker.keep"](self)
        await self.send_to(scope, dict(scope["headers"]), send)

    async def send_to(self, scope: Scope, asked: dict[bytes, bytes], send: Send) -> None:
        """Sends it, or that it is the one that was sent before."""
        accepted = asked.get(b"accept-encoding", b"")
        packed = b"gzip" in accepted and not _REFUSED.search(accepted)
        head, body, unchanged = self._packed if packed else self._plain
        if self._is_known(asked):
            await send(unchanged)
            await send(_EMPTY)
            return
        await send(head)
        await send(_EMPTY if scope["method"] == "HEAD" else body)

    def _is_known(self, asked: dict[bytes, bytes]) -> bool:
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


_EMPTY = {"type": "http.response.body", "body": b""}
