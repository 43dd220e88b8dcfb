"""What of a login is shown nowhere, also where a mail server repeats it in its answer.

Servers do: "authentication failed for bob with password …", or what was sent last, in base64.
"""

from __future__ import annotations

from collections.abc import Callable

from tracker.failures.secrets import hider


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
    login = b"%b\0%b" % (user.encode(), password.encode())
    # PLAIN (RFC 4616), with and without the name twice, and the password of LOGIN.
    return hider([password], sent=(b"\0" + login, user.encode() + b"\0" + login, password.encode()))
