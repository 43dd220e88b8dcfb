"""The pages over HTTP: each is rendered of its address, and kept while it holds.

A page depends on its address, its reader's language and the host that it was asked of: the gateway
keeps it by these.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple, TypeAlias
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tracker.feeds.atom import newest_first
from tracker.feeds.visible_news import visible_changes
from tracker.timeline.filters import restrictions_in
from tracker.timeline.points import Timeline
from tracker.web.access import undelivered_for, visit_of
from tracker.web.addresses import Addresses
from tracker.web.assets import ASSETS
from tracker.web.cached_response import LONG_AGO, CachedResponse
from tracker.web.error_pages import bad_parameters_response, no_timeline_response
from tracker.web.page import Frame
from tracker.web.page_table import NAV, PAGES, Page
from tracker.web.page_work import PageWork
from tracker.web.query import BadParameters, Parameters
from tracker.web.request_headers import preferred_language
from tracker.web.response_headers import ALWAYS_ASK, FOR_EVER, PAGE, SAFE, cacheable_headers
from tracker.web.site import Site

_Handler: TypeAlias = Callable[[Request], Awaitable[Response | CachedResponse]]


def page_routes(site: Site, work: PageWork) -> list[Route]:
    """The routes of the pages in PAGES, and of what all pages load."""
    routes = [Route(f"/{page.name}", _page_handler(site, page, work)) for page in PAGES]
    return [*routes, Route("/assets/{name}", _asset_response)]


def _page_handler(site: Site, page: Page, work: PageWork) -> _Handler:
    async def handle(request: Request) -> Response | CachedResponse:
        def render(timeline: Timeline) -> tuple[Frame, str]:
            frame = frame_for(site, request, timeline)
            return frame, page.render(frame, query)

        query = request.query_params.multi_items()
        shareable = page.shareable(query)
        if shareable != query:
            text = urlencode(shareable, safe="/")
            href = f"{page.name}?{text}" if text else page.name
            return RedirectResponse(href, 302, headers=SAFE)
        timeline = site.source.timeline
        if timeline is None:
            return no_timeline_response(request.scope)
        try:
            frame, body = await work.run(request.scope, render, timeline)
        except BadParameters as error:
            return bad_parameters_response(request.scope, error.parameters)
        return page_response(site, request, frame, body)

    return handle


def frame_for(site: Site, request: Request, timeline: Timeline) -> Frame:
    """The frame of the page that is asked for; raises BadParameters."""
    query = request.query_params.multi_items()
    parameters = Parameters([(name, value) for name, value in query if name == "lang"], ())
    chosen_language = parameters.language()
    parameters.check()
    language = chosen_language or preferred_language(dict(request.scope["headers"]))
    visit = visit_of(request)
    within = restrictions_in(timeline, visit.within)
    base = (site.url or str(request.base_url)).rstrip("/") + (visit.link or "") + "/"
    addresses = Addresses.for_path(request.url.path, base, language, chosen_language, query)
    return Frame.of(
        timeline,
        language,
        addresses,
        nav=NAV,
        news=lambda: newest_first(visible_changes(site.source.notices(language), within, timeline)),
        within=within,
        undelivered=undelivered_for(site, visit, request.scope, dict(request.scope["headers"])),
        trouble=(site.trouble() or "").removeprefix("health.") or None,
    )


class MadeFile(NamedTuple):
    """What was made for one address: a page, or a file."""

    content: bytes
    media_type: str
    headers: dict[str, str]


def page_response(site: Site, request: Request, frame: Frame, body: str) -> CachedResponse:
    """The response with that page."""
    page = MadeFile(body.encode(), "text/html; charset=utf-8", PAGE)
    return made_response(site, request, frame, page)


def made_response(site: Site, request: Request, frame: Frame, file: MadeFile) -> CachedResponse:
    """The response with what was made of a frame."""
    headers = {
        **file.headers,
        "content-language": frame.language,
        "vary": "Accept-Encoding, Accept-Language",
    }
    visit = visit_of(request)
    headers = cacheable_headers(visit, headers, ALWAYS_ASK)
    made_at = None if frame.within else site.now()  # it is made anew with whatever has changed
    return CachedResponse(file.content, file.media_type, made_at, headers)


async def _asset_response(request: Request) -> CachedResponse:
    asset = ASSETS.get(request.path_params["name"])
    if asset is None:
        raise HTTPException(404)
    headers = {"vary": "Accept-Encoding", **SAFE, "cache-control": FOR_EVER}
    return CachedResponse(asset.content, asset.media_type, LONG_AGO, headers)
