"""The way in: whose requests are answered, what a secret link opens, and answers that are kept."""

from __future__ import annotations

from typing import NamedTuple

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracker.timeline.filters import Where
from tracker.web.accept_language import language_for
from tracker.web.cached_response import Asked, CachedResponse, WireResponse
from tracker.web.error_pages import SAFE, said
from tracker.web.site import Site

LOOPBACK = frozenset(("127.0.0.1", "localhost", "[::1]"))
BEHIND_LINK = "/s/"
#: There without a secret link: links in alerts are signed, each for itself.
OPEN = ("/healthz", "/alert/", "/unsubscribe/")
#: What hangs on its address alone. A page hangs on its reader's language, on the host that it was
#: asked of, and on the trouble that there is.
DATA = ("/calendar.ics", "/feed.atom", "/feeds/", "/api/", "/assets/", "/healthz")
#: Counts of everything, for whoever asks on this machine, or by a link that shows everything.
METRICS = "/metrics"
FEEDS = ("/calendar.ics", "/feed.atom", "/feeds/")
#: So many seconds may pass until somebody asks again.
FRESH = 300
MOST_ANSWERS, MOST_BYTES = 256, 64 * 1024 * 1024
_ALL = Where()
#: What proxies add, each in its own way.
_FORWARDED = frozenset((b"forwarded", b"x-forwarded-for", b"x-real-ip", b"via"))


def within_of(request: Request) -> tuple[Where, ...]:
    """What the link shows that the request came by; nothing: everything."""
    found: tuple[Where, ...] = request.scope["tracker.within"]
    return found


def headers_for(
    request: Request, headers: dict[str, str], kept_for: str = f"max-age={FRESH}"
) -> dict[str, str]:
    """Those of every answer that may be kept, and how long by whom."""
    kept = "public" if request.scope["tracker.link"] is None else "private"
    return {
        "vary": "Accept-Encoding",
        **SAFE,
        "cache-control": f"{kept}, {kept_for}",
        **headers,
    }


class _Way(NamedTuple):
    """What is asked for, by whom."""

    path: str  #: behind a secret link, where there is one
    query: bytes
    within: Where  #: what the link shows
    link: str | None  #: the link's own path
    beside: tuple[object, ...]  #: what else the answer hangs on


class _Refused(Exception):
    """Nothing is there for who asks so; `name` names the sentence."""

    def __init__(self, name: str, status: int) -> None:
        super().__init__(name)
        self.name = name
        self.status = status


def _name_in(host: bytes) -> str:
    text = host.decode("latin-1")
    return text if text.endswith("]") else text.rpartition(":")[0] or text


class Gateway:
    """Refuses hosts that are not ours (DNS rebinding), opens secret links, sends what is kept."""

    def __init__(self, site: Site, app: ASGIApp) -> None:
        self._site = site
        self._app = app
        self._revision = -1
        self._kept: dict[_Way, CachedResponse] = {}
        self._hosts: set[bytes] = set()  #: those that were found to be ours

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = dict(scope["headers"])
        try:
            way = self._way(scope, asked)
        except _Refused as refused:
            await said(scope, refused.name, refused.status)(scope, receive, send)
            return
        if way.path.startswith(FEEDS):
            send = self._counting(send)
        answer = self._answer(way, scope)
        if answer is not None:
            await answer.send_to(scope, asked, send)
            return
        revision = self._revision
        scope["tracker.language"] = language_for(asked)
        scope["tracker.keep"] = lambda made: self._keep(way, made, revision)
        scope["tracker.link"] = way.link
        scope["tracker.within"] = () if way.within == _ALL else (way.within,)
        scope["path"], scope["raw_path"] = way.path, way.path.encode()
        await self._app(scope, receive, send)

    def immediate_response(self, scope: Scope) -> WireResponse | None:
        """What is sent at once, where nothing has to be made and nobody is refused."""
        asked = dict(scope["headers"])
        try:
            way = self._way(scope, asked)
        except _Refused:
            return None
        answer = self._answer(way, scope)
        if answer is None:
            return None
        sent = answer.picked(scope["method"], asked)
        if way.path.startswith(FEEDS):
            self._site.count_feed_request(sent.status)
        return sent

    def _counting(self, send: Send) -> Send:
        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._site.count_feed_request(message["status"])
            await send(message)

        return counted

    def _way(self, scope: Scope, asked: Asked) -> _Way:
        host = asked.get(b"host", b"")
        if (
            len(asked) < len(scope["headers"])
            and sum(name == b"host" for name, _ in scope["headers"]) != 1
        ):  # RFC 9112, section 3.2: of two, each of us might believe another one
            raise _Refused("http.host", 400)
        if b"%2f" in scope.get("raw_path", b"").lower():  # the links of a page would lead elsewhere
            raise _Refused("http.nothing", 404)
        if host not in self._hosts and not self._is_ours(host):
            raise _Refused("http.host", 400)
        path: str = scope["path"]
        within, link = _ALL, None
        if path.startswith(BEHIND_LINK):
            secret, slash, rest = path.removeprefix(BEHIND_LINK).partition("/")
            opened = self._site.filter_of_secret(secret)
            if opened is None or not slash:
                raise _Refused("http.nothing", 404)
            path, within, link = f"/{rest}", opened, f"{BEHIND_LINK}{secret}"
        elif not self._site.public and not path.startswith((*OPEN, METRICS)):
            raise _Refused("http.nothing", 404)
        if path == METRICS and not self._may_measure(host, asked, within, link):
            raise _Refused("http.nothing", 404)
        beside: tuple[object, ...] = ()
        if not path.startswith(DATA):
            beside = language_for(asked), host, self._site.trouble()
        return _Way(path, scope["query_string"], within, link, beside)

    def _may_measure(self, host: bytes, asked: Asked, within: Where, link: str | None) -> bool:
        """By a link that shows everything; else on this machine, and not through a proxy on it."""
        if link is not None:
            return within == _ALL
        return _name_in(host) in LOOPBACK and _FORWARDED.isdisjoint(asked)

    def _is_ours(self, host: bytes) -> bool:
        text, name = host.decode("latin-1"), _name_in(host)
        if name in LOOPBACK or text in self._site.hosts or name in self._site.hosts:
            if len(self._hosts) < MOST_ANSWERS:
                self._hosts.add(host)
            return True
        return False

    def _answer(self, way: _Way, scope: Scope) -> CachedResponse | None:
        """What is kept, unless there is something new; for who only reads."""
        if self._site.source.revision != self._revision:
            self._revision = self._site.source.revision
            self._kept.clear()
        answer = self._kept.get(way)
        if answer is None or scope["method"] not in ("GET", "HEAD"):
            return None
        if answer.until is not None and self._site.now() >= answer.until:
            return None
        return answer

    def _keep(self, way: _Way, answer: CachedResponse, revision: int) -> None:
        """Keeps an answer, and lets go of the oldest where they are too many or too big."""
        if revision != self._site.source.revision:  # something new came while it was made
            return
        self._kept.pop(way, None)
        self._kept[way] = answer
        size = sum(one.size for one in self._kept.values())
        while len(self._kept) > MOST_ANSWERS or (size > MOST_BYTES and len(self._kept) > 1):
            size -= self._kept.pop(next(iter(self._kept))).size
