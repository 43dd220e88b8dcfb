"""The way in: each request is let in or refused, answered from what is kept, or handed on."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import suppress

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracker.failures.exceptions import reason_of
from tracker.store.database import LedgerError
from tracker.web.access import (
    DATA,
    FEEDS,
    Access,
    Refusal,
    Visit,
    is_behind_link,
    undelivered_for,
)
from tracker.web.cached_response import WireResponse
from tracker.web.error_pages import RETRY_AFTER, error_response
from tracker.web.peers import FORWARDED, peer_of
from tracker.web.request_headers import RequestHeaders, preferred_language
from tracker.web.response_cache import ResponseCache
from tracker.web.response_headers import PREFLIGHT
from tracker.web.site import Site

#: What depends on its address alone. A page depends on its reader's language too, on the host that
#: it was asked of, and on the trouble that there is, as far as its reader may know of it.
_BY_ADDRESS = (*DATA, "/assets/", "/healthz")
READING = ("GET", "HEAD")


class Gateway:
    """Answers at once what it can; only what has to be made goes on to the application."""

    def __init__(self, site: Site, app: ASGIApp) -> None:
        self._site = site
        self._app = app
        self._access = Access(site)
        self._cache = ResponseCache(site.source, site.now)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            await self._answer(scope, receive, send)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is, one request has it
            reason, kind = reason_of(error), type(error).__name__
            self._site.complain("web.fault", path=scope["path"], reason=reason, kind=kind)
            with suppress(Exception):  # an answer is under way, or was given by the application
                await error_response(scope, "http.fault", 500)(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        self._look_for_proxy(scope, headers)
        try:
            await self._look_up_links(scope["path"])
            visit = self._access.visit(scope, headers)
        except Refusal as refusal:
            later = {"retry-after": RETRY_AFTER} if refusal.status == 503 else None
            refused = error_response(scope, refusal.name, refusal.status, later)
            await refused(scope, receive, send)
            return
        if visit.path.startswith(FEEDS):
            send = _count_status(send, self._site.count_feed_request)
        key = self._key(visit, scope, headers)
        response = self._cache.find(key)
        if response is not None and scope["method"] in READING:
            await response.send_to(scope, headers, send)
            return
        if visit.is_shared and scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=PREFLIGHT)(scope, receive, send)
            return
        scope["tracker.visit"] = visit
        scope["tracker.keep"] = self._cache.keeper(key)
        scope["path"], scope["raw_path"] = visit.path, visit.path.encode()
        await self._app(scope, receive, send)

    def _look_for_proxy(self, scope: Scope, headers: RequestHeaders) -> None:
        """Says where requests come through a proxy that tracker.toml does not name."""
        if not FORWARDED.isdisjoint(headers):
            peer = peer_of(scope)
            if peer is not None and not self._site.proxies.has(peer):
                self._site.complain("web.proxy", address=str(peer))

    async def _look_up_links(self, path: str) -> None:
        """Which links are open now; raises Refusal where nobody can know."""
        if self._site.look_up_links is None or not is_behind_link(path):
            return
        try:
            await self._site.look_up_links()
        except LedgerError:
            raise Refusal("http.links", 503) from None

    def immediate_response(self, scope: Scope) -> WireResponse | None:
        """What is sent at once, where nothing has to be made and nobody is refused.

        Whatever is raised here is left to the usual way, which answers it and has it logged.
        """
        try:
            return self._find_immediate(scope)
        except (Exception, SystemExit):  # noqa: BLE001 - as said
            return None

    def _find_immediate(self, scope: Scope) -> WireResponse | None:
        if self._site.look_up_links is not None and is_behind_link(scope["path"]):
            return None
        headers = dict(scope["headers"])
        try:
            visit = self._access.visit(scope, headers)
        except Refusal:
            return None
        response = self._cache.find(self._key(visit, scope, headers))
        if response is None or scope["method"] not in READING:
            return None
        chosen = response.choose(scope["method"], headers)
        if visit.path.startswith(FEEDS):
            self._site.count_feed_request(chosen.status)
        return chosen

    def _key(self, visit: Visit, scope: Scope, headers: RequestHeaders) -> Hashable:
        """All that the response depends on, beside what is published."""
        if visit.path.startswith(_BY_ADDRESS):
            return visit, scope["query_string"]
        reader = preferred_language(headers), headers.get(b"host", b"")
        undelivered = undelivered_for(self._site, visit, scope, headers)
        return visit, scope["query_string"], reader, self._site.trouble(), undelivered


def _count_status(send: Send, count: Callable[[int], None]) -> Send:
    async def send_and_count(message: Message) -> None:
        if message["type"] == "http.response.start":
            count(message["status"])
        await send(message)

    return send_and_count
