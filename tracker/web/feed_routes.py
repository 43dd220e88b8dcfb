"""The feeds over HTTP: of everything in every form, and of each tag and party."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.feeds.calendar import published_labels
from tracker.feeds.edition import (
    FORMS,
    Edition,
    EditionQuery,
    PublishedForm,
    default_language,
    json_bytes,
)
from tracker.feeds.json_schema import POINTS_SCHEMA
from tracker.feeds.query import BadParameter, filter_values, read_choice, with_current_ids
from tracker.i18n.translate import Language
from tracker.timeline.filters import Labels, Where, all_admit, restrictions_in
from tracker.timeline.slugs import names_of, where_of
from tracker.web.access import visit_of
from tracker.web.addresses import WHOLE_FEEDS, WholeFeed
from tracker.web.cached_response import LONG_AGO, CachedResponse
from tracker.web.error_pages import bad_parameters_response, no_timeline_response
from tracker.web.file_schemas import FILE_SCHEMAS
from tracker.web.page_work import PageWork
from tracker.web.response_headers import cacheable_headers
from tracker.web.site import Site

_Handler: TypeAlias = Callable[[Request], Awaitable[CachedResponse | Response]]


def feed_routes(site: Site, work: PageWork) -> list[Route]:
    """The routes of the feeds, and of the schema of the JSON ones."""
    handlers = _FeedHandlers(site, work)
    return [
        *(Route(f"/{feed.path}", handlers.whole_feed(feed)) for feed in WHOLE_FEEDS),
        Route("/feeds/{slug}.{ending}", handlers.label_feed),
        Route("/api/schema", _schema_handler(lambda: POINTS_SCHEMA)),
        *(Route(f"/api/{path}", _schema_handler(make)) for path, make in FILE_SCHEMAS.items()),
    ]


class _FeedHandlers:
    """Answers with what is published, as the address asks for it."""

    def __init__(self, site: Site, work: PageWork) -> None:
        self._site = site
        self._work = work
        self._labels: tuple[object, list[Labels]] | None = None

    def whole_feed(self, feed: WholeFeed) -> _Handler:
        """The handler of everything in one form."""

        async def handle(request: Request) -> CachedResponse | Response:
            return await self._feed(feed.form, request, feed.file)

        return handle

    async def label_feed(self, request: Request) -> CachedResponse | Response:
        """The feed of one tag or party, in the form that its ending names."""
        form = FORMS.get(request.path_params["ending"])
        slug = request.path_params["slug"]
        edition = await self._edition(request)
        if edition is None:
            return no_timeline_response(request.scope)
        names = names_of(self._visible_labels(edition, _limits_of(request, edition)))
        if form is None or slug not in names:
            raise HTTPException(404)
        return await self._feed(form, request, f"{slug}.{form.ending}", where_of(*names[slug]))

    async def _feed(
        self, form: PublishedForm, request: Request, file: str, where: Where | None = None
    ) -> CachedResponse | Response:
        edition = await self._edition(request)
        if edition is None:
            return no_timeline_response(request.scope)
        visit, within = visit_of(request), _limits_of(request, edition)
        parameters = request.query_params.multi_items()
        try:
            choice = read_choice(
                with_current_ids(parameters, edition.published.timeline.events),
                edition.published.language,
                filter_values(self._visible_labels(edition, within)),
                form.parameters,
                (*within, where) if where is not None else within,
            )
        except BadParameter as error:
            return bad_parameters_response(request.scope, (error,))
        end = self._work.end_of_now()
        edition = await self._edition(request, choice.language, end)
        if edition is None:
            return no_timeline_response(request.scope)
        query = EditionQuery(choice, self._site.now(), self._own_url(request), within)
        headers = {
            "content-language": choice.language,
            "content-disposition": f'inline; filename="{file}"',
        }
        headers = cacheable_headers(visit, headers)
        asked = form, edition, query, headers
        return await self._work.run(request.scope, _feed_response, *asked, end=end)

    async def _edition(
        self, request: Request, language: Language | None = None, end: float | None = None
    ) -> Edition | None:
        """What is published in that language, else in that of the first agreement that is shown.

        A feed's language never depends on a header: a calendar that is asked for by two programs,
        or by one after an update, must not change its words.
        """
        source = self._site.source
        if source.timeline is None:
            return None
        within = visit_of(request).within
        language = language or default_language(source.timeline, within)
        # It is everybody's: who waits for it no longer leaves it to the next who asks.
        return await self._work.run(request.scope, source.edition, language, stops=False, end=end)

    def _visible_labels(self, edition: Edition, within: tuple[Where, ...]) -> list[Labels]:
        """What there is to choose from, of what the secret link shows."""
        key = (self._site.source.revision, within)
        if self._labels is None or self._labels[0] != key:
            published = published_labels(edition.published)
            self._labels = (key, [labels for labels in published if all_admit(within, labels)])
        return self._labels[1]

    def _own_url(self, request: Request) -> str | None:
        """The whole address that was asked for, a secret link's with its secret."""
        if not self._site.url:
            return None
        path = f"{visit_of(request).link or ''}{request.url.path}"
        query = request.url.query
        return f"{self._site.url.rstrip('/')}{path}" + (f"?{query}" if query else "")


def _limits_of(request: Request, edition: Edition) -> tuple[Where, ...]:
    """What of that edition the secret link leaves out."""
    return restrictions_in(edition.published.timeline, visit_of(request).within)


def _feed_response(
    form: PublishedForm, edition: Edition, query: EditionQuery, headers: dict[str, str]
) -> CachedResponse:
    rendered = form.render(edition, query)
    return CachedResponse(
        rendered.content,
        form.media_type,
        None if query.within else rendered.modified,  # it is of the whole edition
        headers,
        rendered.until,
    )


def _schema_handler(schema: Callable[[], dict[str, Any]]) -> _Handler:
    """The handler of a schema, which is made when it is asked for."""

    async def handle(request: Request) -> CachedResponse:
        headers = cacheable_headers(visit_of(request), {})
        return CachedResponse(json_bytes(schema()), "application/schema+json", LONG_AGO, headers)

    return handle
