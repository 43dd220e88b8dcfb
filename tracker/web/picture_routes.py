"""The picture as a file, as the address of the timeline asks for it: SVG, PNG, PDF."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.failures.extras import MissingLibrariesError
from tracker.feeds.picture.extent import extent_of
from tracker.feeds.picture.files import PICTURE_FORMS, PictureFile, picture_bytes
from tracker.timeline.filters import search_timeline
from tracker.timeline.points import Timeline
from tracker.web.cached_response import CachedResponse
from tracker.web.error_pages import (
    bad_parameters_response,
    missing_libraries_response,
    no_timeline_response,
)
from tracker.web.page import Frame
from tracker.web.page_routes import MadeFile, frame_for, made_response
from tracker.web.page_work import PageWork
from tracker.web.pages.timeline import TIMELINE, read_query
from tracker.web.query import BadParameters
from tracker.web.response_headers import PICTURE
from tracker.web.site import Site

_Handler: TypeAlias = Callable[[Request], Awaitable[Response | CachedResponse]]


def picture_routes(site: Site, work: PageWork) -> list[Route]:
    """A route for each form."""
    return [
        Route(f"/{TIMELINE}.{form}", _picture_handler(site, form, work)) for form in PICTURE_FORMS
    ]


def _picture_handler(site: Site, form: str, work: PageWork) -> _Handler:
    async def handle(request: Request) -> Response | CachedResponse:
        def draw(timeline: Timeline) -> tuple[Frame, bytes]:
            frame = frame_for(site, request, timeline)
            asked = read_query(frame, request.query_params.multi_items())
            shown = search_timeline(frame.timeline, asked.search)
            extent = extent_of(shown, frame.language, asked.options)
            file = PictureFile(frame.timeline, extent, frame.language)
            return frame, picture_bytes(file, form)

        timeline = site.source.timeline
        if timeline is None:
            return no_timeline_response(request.scope)
        try:
            frame, content = await work.run(request.scope, draw, timeline)
        except BadParameters as error:
            return bad_parameters_response(request.scope, error.parameters)
        except MissingLibrariesError as error:
            return missing_libraries_response(request.scope, error)
        headers = {**PICTURE, "content-disposition": f'inline; filename="timeline.{form}"'}
        file = MadeFile(content, PICTURE_FORMS[form], headers)
        return made_response(site, request, frame, file)

    return handle
