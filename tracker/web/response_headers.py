"""The headers of responses: what a browser may do with them, and how long they may be kept."""

from __future__ import annotations

from tracker.web.access import Visit
from tracker.web.assets import STYLE_HASH

#: Of every response: its type is not guessed, and no address is handed on to other sites. Without
#: any referrer a browser would send our own forms with `Origin: null` (Fetch, section 3.2).
SAFE = {"x-content-type-options": "nosniff", "referrer-policy": "same-origin"}
#: Of a page: nothing that stands in it may load, run or send anything but ours.
PAGE = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
}
#: Of a picture that somebody opens by itself: its style stands in it, and nothing else runs.
PICTURE = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
#: Of a page that loads nothing: its style stands in it.
ALONE = {
    "content-security-policy": f"default-src 'none'; style-src '{STYLE_HASH}'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "x-robots-tag": "noindex",
}
#: Of a public feed: a page of any site may read it (Fetch, section 3.3), with the tag to ask by.
SHARED = {"access-control-allow-origin": "*", "access-control-expose-headers": "ETag, Retry-After"}
#: That it may be asked for with headers of one's own, as `If-None-Match` is to a browser.
PREFLIGHT = {
    **SAFE,
    **SHARED,
    "access-control-allow-methods": "GET, HEAD",
    "access-control-allow-headers": "*",
    "access-control-max-age": "86400",
}
#: For so many seconds a program need not ask again.
FRESH = "max-age=300"
#: Whoever goes back to a page sees what is so now: it is asked for again, and mostly a 304.
ALWAYS_ASK = "no-cache"
FOR_EVER = "public, max-age=31536000, immutable"


def cacheable_headers(
    visit: Visit, headers: dict[str, str], lifetime: str = FRESH
) -> dict[str, str]:
    """Those of a response that may be kept: behind a secret link by its reader alone."""
    keeper = "public" if visit.link is None else "private"
    return {
        "vary": "Accept-Encoding",
        **SAFE,
        **(SHARED if visit.is_shared else {}),
        "cache-control": f"{keeper}, {lifetime}",
        **headers,
    }
