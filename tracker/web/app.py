"""What is served: a page, /calendar.ics, /api/events and /healthz. Everything is read-only."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracker.feeds.json_form import points_json
from tracker.timeline.agenda import listed
from tracker.timeline.points import Timeline
from tracker.web.page import STYLE_HASH, page_of
from tracker.wording.sentences import LANGUAGES, Language, language_of, say

#: Gives the last good timeline as of today; None where there never was one.
Current = Callable[[], Timeline | None]
Render = Callable[[Timeline, Language, bool], bytes | None]
#: Makes the feed; None where there is none that could be stood by.
Calendar = Callable[[Timeline, Language], bytes | None]

LOOPBACK = frozenset(("127.0.0.1", "localhost", "[::1]"))
RETRY_AFTER = "30"
_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"content-security-policy": f"default-src 'none'; style-src '{STYLE_HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'".encode(),
}


def make_app(current: Current, hosts: frozenset[str], calendar: Calendar) -> Starlette:
    """The application; `hosts` are names, beside loopback, under which it may be asked for.

    `calendar` makes the bytes of the feed.
    """
    served = _Served(current, calendar)
    routes = [
        Route("/", served.page),
        Route("/calendar.ics", served.calendar),
        Route("/api/events", served.events),
        Route("/healthz", served.health),
    ]
    return Starlette(routes=routes, middleware=[Middleware(_Guard, hosts=hosts)])


class _BadQuery(ValueError):
    """A parameter with a value that it does not take."""


class _Served:
    """Answers from the current timeline, each rendered once until the timeline changes."""

    def __init__(self, current: Current, calendar: Calendar) -> None:
        self._current = current
        self._calendar = calendar
        self._timeline: Timeline | None = None
        self._rendered: dict[tuple[object, ...], tuple[bytes, str]] = {}

    async def calendar(self, request: Request) -> Response:
        headers = {"content-disposition": 'inline; filename="calendar.ics"'}

        def render(timeline: Timeline, language: Language, _all: bool) -> bytes | None:
            return self._calendar(timeline, language)

        return self._answer(request, "text/calendar; charset=utf-8", render, headers)

    async def events(self, request: Request) -> Response:
        return self._answer(request, "application/json", _events, {})

    async def page(self, request: Request) -> Response:
        base = str(request.base_url)

        def render(timeline: Timeline, language: Language, _all: bool) -> bytes:
            return page_of(timeline, language, base).encode()

        return self._answer(request, "text/html; charset=utf-8", render, {}, base)

    async def health(self, request: Request) -> Response:
        if self._current() is None:
            return PlainTextResponse("no timeline\n", 503)
        return PlainTextResponse("ok\n")

    def _answer(
        self,
        request: Request,
        media_type: str,
        render: Render,
        headers: dict[str, str],
        variant: str = "",
    ) -> Response:
        timeline = self._current()
        try:
            language, everything = _language(request, timeline), _everything(request)
        except _BadQuery as error:
            return PlainTextResponse(f"{error}\n", 400)
        if timeline is None:
            return _not_now()
        key = (request.url.path, language, everything, variant)
        found = self._body(timeline, key, lambda: render(timeline, language, everything))
        if found is None:
            return _not_now()
        body, tag = found
        headers = {
            **headers,
            "etag": tag,
            "cache-control": "public, max-age=300",
            "content-language": language,
            "vary": "Accept-Language",
        }
        if _matches(request.headers.get("if-none-match", ""), tag):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=media_type, headers=headers)

    def _body(
        self, timeline: Timeline, key: tuple[object, ...], render: Callable[[], bytes | None]
    ) -> tuple[bytes, str] | None:
        """What was rendered of this very timeline; a new one lets go of all that was."""
        if timeline is not self._timeline:
            self._timeline, self._rendered = timeline, {}
        if key not in self._rendered:
            body = render()
            if body is None:
                return None
            self._rendered[key] = (body, f'"{sha256(body).hexdigest()[:32]}"')
        return self._rendered[key]


def _not_now() -> Response:
    lines = [say(language, "page.no-timeline") for language in LANGUAGES]
    return PlainTextResponse("\n".join(lines) + "\n", 503, {"retry-after": RETRY_AFTER})


def _events(timeline: Timeline, language: Language, everything: bool) -> bytes:
    points = points_json(listed(timeline, everything), timeline, language)
    return json.dumps(points, ensure_ascii=False, indent=1).encode()


def _matches(asked: str, tag: str) -> bool:
    """RFC 9110, section 13.1.2: weak comparison."""
    tags = [one.strip().removeprefix("W/") for one in asked.split(",")]
    return "*" in tags or tag in tags


def _language(request: Request, timeline: Timeline | None) -> Language:
    """?lang=; else for the page the first of Accept-Language that there is; else the agreement's.

    A feed's language never hangs on a header: a calendar that is asked for by two programs, or by
    one after an update, must not change its words.
    """
    asked = request.query_params.get("lang")
    if asked is not None:
        if asked not in LANGUAGES:
            raise _BadQuery(f"lang: {' | '.join(LANGUAGES)}")
        return asked
    if request.url.path == "/":
        for part in request.headers.get("accept-language", "").split(","):
            if language := language_of(part.strip()):
                return language
    return (timeline and language_of(timeline.agreements[0].language)) or "en"


def _everything(request: Request) -> bool:
    asked = request.query_params.get("all", "no")
    if asked not in ("yes", "no"):
        raise _BadQuery("all: yes | no")
    return asked == "yes"


class _Guard:
    """Refuses requests for a host that is not ours (DNS rebinding), and adds the headers."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_HEADERS.items()]
            await send(message)

        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if name in LOOPBACK or host in self.hosts or name in self.hosts:
            await self.app(scope, receive, send_guarded)
        else:
            refusal = PlainTextResponse("This host is not served here.\n", 400)
            await refusal(scope, receive, send_guarded)
