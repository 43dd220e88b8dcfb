"""Conditional requests: whether who asks has the bytes already (RFC 9110, section 13)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256

from tracker.web.request_headers import RequestHeaders


class Validators:
    """The tags and the date by which a program knows the bytes again.

    The tags are strong ones (RFC 9110, section 8.8.3): compressed, the bytes have another.
    """

    def __init__(self, body: bytes, modified: datetime | None) -> None:
        """`modified`: None where the tags alone are to tell."""
        digest = sha256(body).hexdigest()[:32]
        self.plain_tag = f'"{digest}"'.encode()
        self.gzip_tag = f'"{digest}-gz"'.encode()
        self._tags = self.gzip_tag, self.plain_tag
        self._modified = modified and modified.astimezone(UTC).replace(microsecond=0)
        self.last_modified: bytes | None = None
        if self._modified is not None:
            self.last_modified = format_datetime(self._modified, usegmt=True).encode()

    def match(self, headers: RequestHeaders) -> bool:
        """Whether they are named in the request: If-Modified-Since counts only without a tag."""
        tags = headers.get(b"if-none-match")
        if tags is not None:
            return tags in self._tags or self._is_among(tags)
        since = headers.get(b"if-modified-since")
        if since is None or self._modified is None:
            return False
        return since == self.last_modified or _is_before(self._modified, since)

    def _is_among(self, tags: bytes) -> bool:
        named = [tag.strip().removeprefix(b"W/") for tag in tags.split(b",")]
        return not {b"*", *self._tags}.isdisjoint(named)


def _is_before(modified: datetime, date: bytes) -> bool:
    """Whether nothing has changed since that date of a header."""
    try:
        return modified <= parsedate_to_datetime(date.decode("latin-1"))
    except (ValueError, TypeError):  # no date, or one without a zone
        return False
