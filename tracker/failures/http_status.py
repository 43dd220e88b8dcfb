"""What an answer over HTTP says that is not yes (RFC 9110, section 15)."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from tracker.i18n.reasons import Reason

#: Statuses that have a sentence of their own, `reason.http-STATUS`.
_OWN = frozenset({
    "400", "401", "402", "403", "404", "405", "407", "408", "409", "410", "411", "413", "414",
    "415", "421", "422", "429", "451", "500", "501", "502", "503", "504", "507", "511",
})  # fmt: skip
_MOVED = (301, 302, 303, 307, 308)


def reason_of_status(status: int, words: str = "", url: str = "", location: str = "") -> Reason:
    """Why an answer of that status is none that helps.

    `url` is what was asked, and `location` where the answer says that it is now. Of an address
    only the host is told: what stands behind it can be secret.

    >>> reason_of_status(503, "try later").text("en")
    'the server is overloaded or down (503); in its own words: “try later”'
    >>> reason_of_status(
    ...     301, "", "http://example.org/hook/abc", "https://example.org/hook/abc"
    ... ).text("en")
    'the address has moved to https://example.org/… (301): write that address'
    >>> reason_of_status(301, "", "http://example.org/", "http://[").case
    'http-moved'
    """
    number = ("status", status)
    if status in _MOVED:
        place = _host_of(url, location) if location else ""
        if place:
            return Reason("http-moved.to", words, (number, ("address", place)))
        return Reason("http-moved", words, (number,))
    if str(status) in _OWN:
        return Reason(f"http-{status}", words)
    case = {4: "http-4xx", 5: "http-5xx"}.get(status // 100, "http-other")
    return Reason(case, words, (number,))


def place_of(url: str) -> str:
    """Host and port of an address, as connections name them.

    >>> place_of("https://user:secret@hooks.example.org/T0/B1")
    'hooks.example.org:443'
    """
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return ""
    host = parts.hostname or ""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _host_of(url: str, location: str) -> str:
    """Where an address leads from another, without what in it can be secret; "": nowhere."""
    try:
        parts = urlsplit(urljoin(url, location))
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}/{'…' if parts.path.strip('/') or parts.query else ''}"
