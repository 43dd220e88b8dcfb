"""The pages over HTTP: what is asked is read, the page is made, and kept while it holds.

A page hangs on its address, its reader's language and the host that it was asked of; gateway.py
keeps it by these. An event's page with a button in it is made anew each time: an answer changes
it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from tracker.agreements.model import Event
from tracker.feeds.atom import News, newest_first
from tracker.timeline.filters import admitted, narrowed
from tracker.timeline.points import Point, Timeline
from tracker.web.access import visit_of
from tracker.web.addresses import Addresses, event_path
from tracker.web.assets import ASSETS
from tracker.web.cached_response import LONG_AGO, CachedResponse
from tracker.web.error_pages import bad_parameters_response, error_response, no_timeline_response
from tracker.web.forms import fields_of, from_us
from tracker.web.page import Frame
from tracker.web.pages import agenda, changes, subscribe, what_if
from tracker.web.pages import timeline as pictures
from tracker.web.pages.event import KEY, Deed, answer_key, event_page
from tracker.web.query import BadParameters, Parameters
from tracker.web.request_headers import preferred_language
from tracker.web.response_headers import ALWAYS_ASK, FOR_EVER, PAGE, SAFE, cacheable_headers
from tracker.web.site import Site

#: Makes a page's HTML.
Make: TypeAlias = Callable[[Request, Frame], str]
Handler: TypeAlias = Callable[[Request], Awaitable[Response | CachedResponse]]


def page_routes(site: Site) -> list[Route]:
    """The routes of the pages, and of what they load."""
    pages = _Pages(site)
    event = "/events/{agreement}/{id}"
    return [
        Route("/", pages.page(pages.agenda)),
        Route("/timeline", pages.page(pages.timeline)),
        Route("/what-if", pages.what_if),
        Route("/changes", pages.page(pages.changes)),
        Route("/subscribe", pages.page(pages.subscribe)),
        Route(event, pages.event),
        Route(event, from_us(site, pages.answer), methods=["POST"]),
        Route("/assets/{name}", _asset),
    ]


async def _asset(request: Request) -> CachedResponse:
    asset = ASSETS.get(request.path_params["name"])
    if asset is None:
        raise HTTPException(404)
    headers = {"vary": "Accept-Encoding", **SAFE, "cache-control": FOR_EVER}
    return CachedResponse(asset.content, asset.media_type, LONG_AGO, headers)


class _Pages:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._what_if = self.page(self._supposing)

    def page(self, make: Make) -> Handler:
        """The handler of a page that is made of what is published alone."""

        async def serve(request: Request) -> Response | CachedResponse:
            timeline = self._site.source.timeline
            if timeline is None:
                return no_timeline_response(request.scope)
            try:
                frame = await run_in_threadpool(self._frame, request, timeline)
                body = await run_in_threadpool(make, request, frame)
            except BadParameters as error:
                return bad_parameters_response(request.scope, error.faults)
            return self._answer(request, frame, body)

        return serve

    def _frame(self, request: Request, timeline: Timeline) -> Frame:
        parameters = Parameters([one for one in _given(request) if one[0] == "lang"], ())
        asked = parameters.language()
        parameters.check()
        language = asked or preferred_language(dict(request.scope["headers"]))
        base = self._site.url or str(request.base_url)
        base = base.rstrip("/") + (visit_of(request).link or "") + "/"
        links = Addresses.served(request.url.path, base, language, asked, _given(request))
        trouble = (self._site.trouble() or "").removeprefix("health.") or None
        return Frame.of(timeline, language, links, visit_of(request).within, trouble)

    def _answer(self, request: Request, frame: Frame, body: str) -> CachedResponse:
        headers = {
            **PAGE,
            "content-language": frame.language,
            "vary": "Accept-Encoding, Accept-Language",
        }
        headers = cacheable_headers(visit_of(request), headers, ALWAYS_ASK)
        return CachedResponse(body.encode(), "text/html; charset=utf-8", self._site.now(), headers)

    # -- the pages

    def agenda(self, request: Request, frame: Frame) -> str:
        return agenda.agenda_page(frame, Parameters(_given(request), agenda.TAKES))

    def timeline(self, request: Request, frame: Frame) -> str:
        asked = pictures.read_asked(frame, Parameters(_given(request), pictures.TAKES))
        return pictures.timeline_page(frame, asked)

    def subscribe(self, request: Request, frame: Frame) -> str:
        return subscribe.subscribe_page(frame, Parameters(_given(request), subscribe.TAKES))

    def changes(self, request: Request, frame: Frame) -> str:
        asked = changes.read_asked(frame.timeline, Parameters(_given(request), changes.TAKES))
        news = [one for one in self._news(frame) if admitted(frame.within, one.labels)]
        return changes.changes_page(frame, news, asked)

    async def what_if(self, request: Request) -> Response | CachedResponse:
        """What a form sends has empty fields too: the address to be shared is without them."""
        given = _given(request)
        kept = what_if.said_once(given)
        if kept != given:
            query = urlencode(kept, safe="/")
            return RedirectResponse(f"what-if?{query}" if query else "what-if", 302, headers=SAFE)
        return await self._what_if(request)

    def _supposing(self, request: Request, frame: Frame) -> str:
        given = [one for one in _given(request) if one[0] != "lang"]
        return what_if.what_if_page(frame, what_if.read_asked(frame, given))

    def _news(self, frame: Frame) -> list[News]:
        """What was told of changes in the reader's language, the newest first."""
        return newest_first(self._site.source.notices(frame.language))

    # -- one event

    async def event(self, request: Request) -> Response | CachedResponse:
        timeline = self._site.source.timeline
        if timeline is None:
            return no_timeline_response(request.scope)
        try:
            Parameters(_given(request), ()).check()
            frame = await run_in_threadpool(self._frame, request, timeline)
        except BadParameters as error:
            return bad_parameters_response(request.scope, error.faults)
        event = _named(request, frame.timeline)
        if event is None:
            raise HTTPException(404)
        if request.url.path != f"/{event_path(event)}":
            return RedirectResponse(frame.addresses.event(event), 301, headers=SAFE)
        deed = await run_in_threadpool(self._deed, request, event, frame.timeline)
        body = await run_in_threadpool(self._event, frame, event, deed)
        if deed is None:
            return self._answer(request, frame, body)
        headers = {**SAFE, **PAGE, "cache-control": "no-store"}
        return HTMLResponse(body, headers={**headers, "content-language": frame.language})

    def _event(self, frame: Frame, event: Event, deed: Deed | None) -> str:
        news = [one for one in self._news(frame) if one.labels.event == event.name]
        return event_page(frame, event, news, deed)

    def _may_answer(self, request: Request) -> bool:
        """Whether an answer for everyone is taken: by a secret link, or on this machine alone."""
        return self._site.acknowledgements is not None and (
            self._site.is_local or visit_of(request).link is not None
        )

    def _deed(self, request: Request, event: Event, timeline: Timeline) -> Deed | None:
        answers = self._site.acknowledgements
        if answers is None or not self._may_answer(request):
            return None
        points = [point for point in timeline.of(event) if _can_be_answered(point)]
        return Deed(answers.acknowledged_keys(points), {point.key for point in points})

    async def answer(self, request: Request) -> Response:
        """Acknowledges a point for everyone, or takes that back."""
        timeline, answers = self._site.source.timeline, self._site.acknowledgements
        if timeline is None:
            return no_timeline_response(request.scope)
        if answers is None or not self._may_answer(request):
            return error_response(request.scope, "http.method", 405)
        timeline = narrowed(timeline, visit_of(request).within)
        event, form = _named(request, timeline), await fields_of(request)
        wanted = {name: form.get(name, "") for name in KEY}
        points = [] if event is None else timeline.of(event)
        point = next((one for one in points if answer_key(one) == wanted), None)
        action = form.get("action")
        if action not in ("acknowledge", "undo"):
            return error_response(request.scope, "http.form", 400)
        if event is None or point is None or not _can_be_answered(point):
            raise HTTPException(404)
        if action == "acknowledge":
            await run_in_threadpool(answers.acknowledge, point, self._site.now())
        else:
            await run_in_threadpool(answers.take_back, point)
        query = request.url.query
        here = f"./{request.path_params['id']}"
        return RedirectResponse(f"{here}?{query}" if query else here, 303, headers=SAFE)


def _can_be_answered(point: Point) -> bool:
    """Whether anybody is still reminded of it."""
    if point.counts_to is None or point.status in ("occurred", "never"):
        return False
    return point.passed or not point.past


def _named(request: Request, timeline: Timeline) -> Event | None:
    """The event of the address, by its id or by one that it had before."""
    agreement, name = request.path_params["agreement"], request.path_params["id"]
    ours: Sequence[Event] = [one for one in timeline.events if one.agreement == agreement]
    found = next((one for one in ours if one.id == name), None)
    return found or next((one for one in ours if name in one.was), None)


def _given(request: Request) -> list[tuple[str, str]]:
    return request.query_params.multi_items()
