"""What is served: the pages, feeds in every form, the API, /healthz, and answers to alerts.

An answer is made once and kept until there is something new; gateway.py sends those that are kept,
and only what is not goes through Starlette. A secret link is an address that begins with
/s/SECRET/: all that stands behind it is what is served without, of what its filter admits.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.feeds.calendar import published_labels
from tracker.feeds.edition import (
    ATOM,
    CALENDAR,
    CSV,
    FORMS,
    JSON,
    OMITTED,
    Edition,
    EditionQuery,
    Form,
    default_language,
    json_bytes,
)
from tracker.feeds.json_schema import POINTS_SCHEMA
from tracker.feeds.query import BadParameter, filter_values, read_choice, with_current_ids
from tracker.i18n.translate import Language
from tracker.store.database import LedgerError
from tracker.timeline.filters import Labels, Where, admitted
from tracker.timeline.slugs import names_of, where_of
from tracker.web.access import visit_of
from tracker.web.alert_links import answer_routes
from tracker.web.cached_response import LONG_AGO, CachedResponse
from tracker.web.error_pages import (
    RETRY_AFTER,
    bad_parameters_response,
    error_response,
    no_timeline_response,
)
from tracker.web.gateway import Gateway
from tracker.web.page_routes import page_routes
from tracker.web.response_headers import cacheable_headers
from tracker.web.site import Site
from tracker.web.status import status_routes


def make_app(site: Site) -> Gateway:
    """The application."""
    served = _Served(site)
    routes = [
        *page_routes(site),
        Route("/calendar.ics", served.form(CALENDAR, "calendar.ics")),
        Route("/feed.atom", served.form(ATOM, "feed.atom")),
        Route("/api/events", served.form(JSON, "events.json")),
        Route("/api/events.csv", served.form(CSV, "events.csv")),
        Route("/api/left-out", served.form(OMITTED, "left-out.json")),
        Route("/api/schema", served.schema),
        Route("/feeds/{slug}.{ending}", served.feed),
        *status_routes(site.trouble, site.metrics),
    ]
    if site.desk is not None:
        routes += answer_routes(site, site.desk)
    refused = {HTTPException: _refused, LedgerError: _unusable}
    app = Starlette(routes=routes, exception_handlers=refused)  # type: ignore[arg-type]
    app.router.redirect_slashes = False  # it knows nothing of the link that a path stands behind
    return Gateway(site, app)


class _Served:
    """Makes answers from what is published."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._labels: tuple[object, list[Labels]] | None = None

    def form(self, form: Form, file: str) -> Callable[[Request], object]:
        async def serve(request: Request) -> CachedResponse | Response:
            return await self._form(form, request, file)

        return serve

    async def feed(self, request: Request) -> CachedResponse | Response:
        """The feed of one tag or party, in the form that its ending names."""
        form = FORMS.get(request.path_params["ending"])
        slug = request.path_params["slug"]
        edition = await self._edition()
        if edition is None:
            return no_timeline_response(request.scope)
        names = names_of(self._shown(edition, visit_of(request).within))
        if form is None or slug not in names:
            raise HTTPException(404)
        return await self._form(form, request, f"{slug}.{form.ending}", where_of(*names[slug]))

    async def _form(
        self, form: Form, request: Request, file: str, where: Where | None = None
    ) -> CachedResponse | Response:
        edition = await self._edition()
        if edition is None:
            return no_timeline_response(request.scope)
        within = visit_of(request).within
        try:
            choice = read_choice(
                with_current_ids(
                    request.query_params.multi_items(), edition.published.timeline.events
                ),
                edition.published.language,
                filter_values(self._shown(edition, within)),
                form.parameters,
                (*within, where) if where is not None else within,
            )
        except BadParameter as error:
            return bad_parameters_response(request.scope, (error,))
        edition = await self._edition(choice.language)
        if edition is None:
            return no_timeline_response(request.scope)
        address = f"{self._site.url.rstrip('/')}{_path(request)}" if self._site.url else None
        asked = EditionQuery(choice, self._site.now(), address, within)
        return await run_in_threadpool(_answer, form, edition, asked, file, request)

    async def _edition(self, language: Language | None = None) -> Edition | None:
        """What is published in that language, else in the agreement's own.

        A feed's language never hangs on a header: a calendar that is asked for by two programs, or
        by one after an update, must not change its words.
        """
        source = self._site.source
        if source.timeline is None:
            return None
        return await run_in_threadpool(
            source.edition, language or default_language(source.timeline)
        )

    def _shown(self, edition: Edition, within: tuple[Where, ...]) -> list[Labels]:
        """What there is to choose from, of what the secret link shows."""
        key = (self._site.source.revision, within)
        if self._labels is None or self._labels[0] != key:
            found = published_labels(edition.published)
            self._labels = (key, [one for one in found if admitted(within, one)])
        return self._labels[1]

    async def schema(self, request: Request) -> CachedResponse:
        body = json_bytes(POINTS_SCHEMA)
        return CachedResponse(
            body, "application/schema+json", LONG_AGO, cacheable_headers(visit_of(request), {})
        )


def _answer(
    form: Form, edition: Edition, asked: EditionQuery, file: str, request: Request
) -> CachedResponse:
    made = form.render(edition, asked)
    headers = {
        "content-language": asked.choice.language,
        "content-disposition": f'inline; filename="{file}"',
    }
    headers = cacheable_headers(visit_of(request), headers)
    return CachedResponse(made.content, form.media_type, made.modified, headers, made.until)


def _path(request: Request) -> str:
    """The address as it was asked for, a secret link's with its secret: only its reader sees it."""
    query = request.url.query
    path: str = (visit_of(request).link or "") + request.url.path
    return f"{path}?{query}" if query else path


async def _unusable(request: Request, _error: LedgerError) -> Response:
    """An answer could not be written down: it is to be given again."""
    return error_response(request.scope, "http.ledger", 503, {"retry-after": RETRY_AFTER})


async def _refused(request: Request, error: HTTPException) -> Response:
    """Nothing there, or nothing to be done to it: one answer, whatever was asked for."""
    name = "http.method" if error.status_code == 405 else "http.nothing"
    return error_response(request.scope, name, error.status_code, dict(error.headers or {}))
