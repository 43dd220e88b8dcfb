"""The page of an event over HTTP, and the button on it that acknowledges a point for everyone.

A page with a button is made anew each time it is asked for, since an acknowledgement changes it.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from tracker.agreements.model import Event
from tracker.timeline.filters import narrow
from tracker.timeline.points import Point, Timeline
from tracker.web.access import is_near, visit_of
from tracker.web.addresses import event_path
from tracker.web.cached_response import CachedResponse
from tracker.web.edit_access import writer_of
from tracker.web.error_pages import bad_parameters_response, error_response, no_timeline_response
from tracker.web.forms import own_forms_only, read_fields, see_other
from tracker.web.page_routes import frame_for, page_response
from tracker.web.page_work import PageWork
from tracker.web.pages.edit import event_work
from tracker.web.pages.event import POINT_FIELDS, Buttons, event_page, point_fields
from tracker.web.query import BadParameters, Parameters
from tracker.web.response_headers import PAGE, SAFE
from tracker.web.site import SharedAcknowledgements, Site


def event_routes(site: Site, work: PageWork) -> list[Route]:
    """The routes of an event's page."""
    handlers = _EventHandlers(site, work)
    path = "/events/{agreement}/{id}"
    return [
        Route(path, handlers.show),
        Route(path, own_forms_only(site, handlers.acknowledge), methods=["POST"]),
    ]


class _EventHandlers:
    """Shows an event, and takes acknowledgements where its reader may give them."""

    def __init__(self, site: Site, work: PageWork) -> None:
        self._site = site
        self._work = work

    async def show(self, request: Request) -> Response | CachedResponse:
        timeline = self._site.source.timeline
        if timeline is None:
            return no_timeline_response(request.scope)
        scope, end = request.scope, self._work.end_of_now()
        try:
            Parameters(request.query_params.multi_items(), ()).check()
            frame = await self._work.run(scope, frame_for, self._site, request, timeline, end=end)
        except BadParameters as error:
            return bad_parameters_response(request.scope, error.parameters)
        event = _event_of(request, frame.timeline)
        if event is None:
            raise HTTPException(404)
        if request.url.path != f"/{event_path(event)}":
            return RedirectResponse(frame.addresses.event(event), 301, headers=SAFE)
        buttons = await run_in_threadpool(self._buttons, request, event, frame.timeline)
        writer = writer_of(self._site, request)
        forms = None if writer is None else event_work(frame, event, writer.refusal)
        body = await self._work.run(scope, event_page, frame, event, buttons, None, forms, end=end)
        if buttons is None and forms is None:
            return page_response(self._site, request, frame, body)
        headers = {**SAFE, **PAGE, "cache-control": "no-store"}
        return HTMLResponse(body, headers={**headers, "content-language": frame.language})

    async def acknowledge(self, request: Request) -> Response:
        """Acknowledges a point for everyone, or takes that back."""
        timeline, acknowledgements = self._site.source.timeline, self._acknowledgements(request)
        if timeline is None:
            return no_timeline_response(request.scope)
        if acknowledgements is None:
            return error_response(request.scope, "http.method", 405)
        timeline = narrow(timeline, visit_of(request).within)
        event, form = _event_of(request, timeline), await read_fields(request)
        fields = {name: form.get(name, "") for name in POINT_FIELDS}
        points = [] if event is None else timeline.of(event)
        point = next((point for point in points if point_fields(point) == fields), None)
        action = form.get("action")
        if action not in ("acknowledge", "undo"):
            return error_response(request.scope, "http.form", 400)
        if point is None or not _can_be_acknowledged(point):
            raise HTTPException(404)
        if action == "acknowledge":
            await run_in_threadpool(acknowledgements.acknowledge, point, self._site.now())
        else:
            await run_in_threadpool(acknowledgements.take_back, point)
        return see_other(request.path_params["id"], request.url.query, SAFE)

    def _acknowledgements(self, request: Request) -> SharedAcknowledgements | None:
        """Where they are taken: of who has a secret link, or is on this machine alone."""
        scope = request.scope
        is_trusted = visit_of(request).link is not None or (
            self._site.is_local and is_near(scope, dict(scope["headers"]))
        )
        return self._site.acknowledgements if is_trusted else None

    def _buttons(self, request: Request, event: Event, timeline: Timeline) -> Buttons | None:
        acknowledgements = self._acknowledgements(request)
        if acknowledgements is None:
            return None
        points = [point for point in timeline.of(event) if _can_be_acknowledged(point)]
        keys = frozenset(point.key for point in points)
        return Buttons(acknowledgements.acknowledged_keys(points), keys)


def _can_be_acknowledged(point: Point) -> bool:
    """Whether anybody is still reminded of it."""
    if point.counts_to is None or point.status in ("occurred", "never"):
        return False
    return point.has_passed or not point.past


def _event_of(request: Request, timeline: Timeline) -> Event | None:
    """The event of the address, by its id or by one that it had before."""
    agreement, name = request.path_params["agreement"], request.path_params["id"]
    events = [event for event in timeline.events if event.agreement == agreement]
    by_id = (event for event in events if event.id == name)
    by_former_id = (event for event in events if name in event.was)
    return next(by_id, None) or next(by_former_id, None)
