"""What of a login is shown nowhere, also where a mail server repeats it in its answer.

Servers do: "authentication failed for bob with password …", or what was sent last, in base64. Their
words go into the log, the ledger, onto the page and into messages to others.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable
from urllib.parse import quote

#: Runs of base64 that are as long are looked for in what was sent, also where they are cut off.
_RUN = re.compile(r"[A-Za-z0-9+/_-]{6,}={0,2}")
#: A password that is shorter is looked for as a word of its own: "a" would leave no word whole.
_SHORT = 6


def blotter(user: str, password: str) -> Callable[[str], str]:
    """Blots out the password, however it is written, and what a login sends of it.

    >>> blot = blotter("bob", "s3cr3t%word")
    >>> blot("no bob with s3cr3t%word, s3cr3t%25word, AGJvYgBzM2NyM3Qld29yZA==, czNjcjN0JXdvcmQ=")
    'no bob with …, …, …, …'
    >>> blot("authentication failed for bob: AGJvYgBzM2Ny...")
    'authentication failed for bob: …...'
    """
    if not password:
        return str
    forms = {password, quote(password), quote(password, safe=""), html.escape(password)}
    forms.add(password.encode().decode("latin-1"))  # in UTF-8, and read as if it were not
    longest_first = "|".join(sorted(map(re.escape, forms), key=len, reverse=True))
    if len(password) < _SHORT:
        longest_first = rf"(?<!\w)(?:{longest_first})(?!\w)"
    pattern = re.compile(longest_first, re.IGNORECASE)
    sent = _sent_by_login(user.encode(), password.encode())

    def blot_run(run: re.Match[str]) -> str:
        text = run[0].rstrip("=").casefold()
        return "…" if any(text in blob or blob in text for blob in sent) else run[0]

    return lambda words: _RUN.sub(blot_run, pattern.sub("…", words))


def _sent_by_login(user: bytes, password: bytes) -> list[str]:
    """PLAIN (RFC 4616), with and without the name twice, and the password of LOGIN."""
    told = (b"\0%b\0%b" % (user, password), b"%b\0%b\0%b" % (user, user, password), password)
    blobs = (base64.b64encode(text).decode().rstrip("=").casefold() for text in told)
    return [blob for blob in blobs if len(blob) >= _SHORT]
