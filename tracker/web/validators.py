"""Conditional requests: whether who asks has the bytes already (RFC 9110, section 13)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256

from tracker.web.request_headers import RequestHeaders

#: An entity-tag without its weakness, and a list of them, which may have empty parts (RFC 9110,
#: sections 8.8.3 and 5.6.1). A run of blanks has one reading, so that a long one costs no more.
_TAG = re.compile(rb'"[\x21\x23-\x7e\x80-\xff]*"')
_WEAK = b"(?:W/)?" + _TAG.pattern
_TAGS = re.compile(rb"[ \t,]*%b(?:[ \t]*,[ \t,]*%b)*[ \t,]*" % (_WEAK, _WEAK))
#: The longest form has 33 characters.
_LONGEST_DATE = 64


class Validators:
    """The tags and the date by which a program knows the bytes again.

    The tags are strong ones (RFC 9110, section 8.8.3): compressed, the bytes have another.
    """

    def __init__(self, body: bytes, modified: datetime | None) -> None:
        """`modified`: None where the tags alone are to tell."""
        digest = sha256(body).hexdigest()[:32]
        self.plain_tag = f'"{digest}"'.encode()
        self.gzip_tag = f'"{digest}-gz"'.encode()
        self._modified = modified and modified.astimezone(UTC).replace(microsecond=0)
        self.last_modified: bytes | None = None
        if self._modified is not None:
            self.last_modified = format_datetime(self._modified, usegmt=True).encode()

    def match(self, headers: RequestHeaders, tag: bytes) -> bool:
        """Whether the bytes of that tag, which would be sent, are named in the request.

        If-Modified-Since counts only without a tag (RFC 9110, section 13.2.2). A tag of the same
        text in the other encoding is that of other bytes: a 304 would give those this one's name.
        """
        tags = headers.get(b"if-none-match")
        if tags is not None:
            return tags == tag or _is_among(tag, tags)
        since = headers.get(b"if-modified-since")
        if since is None or self._modified is None:
            return False
        return since == self.last_modified or _is_before(self._modified, since)


def _is_among(tag: bytes, tags: bytes) -> bool:
    """Whether a header's list has that tag, by the weak comparison (section 13.1.2).

    >>> _is_among(b'"a"', b'"x", W/"a"'), _is_among(b'"a"', b"*")
    (True, True)

    The star stands alone, and what is no tag names nothing: neither what was cut, nor a part of
    somebody else's.

    >>> [_is_among(b'"a"', tags) for tags in (b'"a', b"a", b'"x,*,y"', b'"x", *', b'"x,"a",y"')]
    [False, False, False, False, False]
    """
    if tags.strip(b" \t") == b"*":
        return True
    return _TAGS.fullmatch(tags) is not None and tag in _TAG.findall(tags)


def _is_before(modified: datetime, date: bytes) -> bool:
    """Whether nothing has changed since that date of a header.

    What is no date of section 5.6.7 counts for nothing (section 13.1.3).
    """
    if len(date) > _LONGEST_DATE:
        return False
    try:
        return modified <= parsedate_to_datetime(date.decode("latin-1"))
    except (ValueError, TypeError, OverflowError, IndexError):  # none, or of no zone or no calendar
        return False
