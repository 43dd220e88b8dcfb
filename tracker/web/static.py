"""The whole site as files, for any web host: what is served, made once in every language.

The agreement's own language stands at the root, each other in a folder of its name. A feed that was
published stays, empty if need be, since somebody may have subscribed to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import count
from typing import NamedTuple

from tracker.agreements.model import Event
from tracker.agreements.references import references_among
from tracker.feeds.atom import News, newest_first
from tracker.feeds.calendar import Drafts, Publication, calendar_form, publications_by_event
from tracker.feeds.edition import FORMS, Edition, EditionQuery, PublishedForm, json_bytes
from tracker.feeds.json_schema import POINTS_SCHEMA
from tracker.feeds.labelled import editions_by_label
from tracker.feeds.query import FeedChoice
from tracker.i18n.progress import Progress, each, unseen
from tracker.i18n.translate import Language
from tracker.timeline.filters import Where
from tracker.timeline.points import Point, Timeline
from tracker.timeline.slugs import where_of
from tracker.web.addresses import (
    WHOLE_FEEDS,
    WITHOUT_CANCELLED,
    Addresses,
    event_path,
    folder_of,
    page_file,
)
from tracker.web.assets import ASSETS
from tracker.web.file_schemas import FILE_SCHEMAS
from tracker.web.page import Frame
from tracker.web.page_table import NAV, PAGES, Page
from tracker.web.pages.event import DEEPEST, MOST_LINKS, event_page
from tracker.web.query import BadParameters

SCHEMA = "events.schema.json"


class StaticSite(NamedTuple):
    """What is published beside the editions themselves."""

    feeds: Mapping[str, tuple[str, str]]  #: the tags and parties by slug, of long ago too
    events: Collection[str]  #: the events that have a feed of their own, of long ago too
    now: datetime
    url: str | None  #: where the site will stand, with a slash at its end; None: not known


def files_of(
    editions: Mapping[Language, Edition], site: StaticSite, progress: Progress = unseen
) -> dict[str, bytes]:
    """Every file by its name; the first of the editions is in the agreement's own language."""
    own = next(iter(editions))
    files = {SCHEMA: json_bytes(POINTS_SCHEMA)}
    files |= {path: json_bytes(schema()) for path, schema in FILE_SCHEMAS.items()}
    files |= {f"assets/{asset.name}": asset.content for asset in ASSETS.values()}
    for language, edition in editions.items():
        folder = folder_of(language, own)
        files |= dict(_feeds(edition, language, folder, site))
        files |= dict(_event_feeds(edition.published, language, folder, site))
        pages = _LanguagePages(edition, language, own, site).pages(progress)
        files |= {f"{folder}{file}": page.encode() for file, page in pages}
    return files


def _feeds(
    edition: Edition, language: Language, folder: str, site: StaticSite
) -> Iterator[tuple[str, bytes]]:
    feeds: list[tuple[str, PublishedForm, tuple[Where, ...], Edition]]
    feeds = [(f"{folder}{feed.file}", feed.form, (), edition) for feed in WHOLE_FEEDS]
    by_label = editions_by_label(edition, site.feeds.values())
    feeds += [
        (f"{folder}feeds/{slug}.{ending}", form, (where_of(*label),), by_label[label])
        for slug, label in site.feeds.items()
        for ending, form in FORMS.items()
    ]
    for name, form, where, part in feeds:
        choice = FeedChoice(language, where, past=form.parameters.past_by_default)
        address = None if site.url is None else f"{site.url}{name}"
        yield name, form.render(part, EditionQuery(choice, site.now, address)).content
    choice = FeedChoice(language, cancelled=False)
    yield f"{folder}{WITHOUT_CANCELLED}", calendar_form(edition.published, choice)


def _event_feeds(
    published: Publication, language: Language, folder: str, site: StaticSite
) -> Iterator[tuple[str, bytes]]:
    """Each event's own calendar; of one that is long gone an empty one."""
    by_event = publications_by_event(published)
    nothing = published._replace(drafts=Drafts({}, {}), entries=())
    renamed = {old: event.name for event in published.timeline.events for old in event.names[1:]}
    for file in (*site.events, *renamed):
        name = renamed.get(file, file)
        choice = FeedChoice(language, (Where(ids=(name,)),))
        content = calendar_form(by_event.get(name, nothing), choice)
        yield f"{folder}events/{file}.ics", content


class _LanguagePages:
    """The pages in one language, by their files in its folder."""

    def __init__(
        self, edition: Edition, language: Language, own: Language, site: StaticSite
    ) -> None:
        self._timeline = edition.published.timeline
        self._news = newest_first(edition.reported_changes)
        self._language = language
        self._own = own
        self._url = site.url

    def pages(self, progress: Progress) -> Iterator[tuple[str, str]]:
        for page in PAGES:
            yield from self._parts(page)
        yield from self._event_pages(progress)

    def _parts(self, page: Page) -> Iterator[tuple[str, str]]:
        file = page_file(page.name)
        yield file, page.render(self._frame(file, self._news), ())
        if not page.has_parts:
            return
        with suppress(BadParameters):  # behind the last part there is none
            for number in count(2):
                file = page_file(page.name, number)
                query = [("page", str(number))]
                yield file, page.render(self._frame(file, self._news), query)

    def _event_pages(self, progress: Progress) -> Iterator[tuple[str, str]]:
        news: dict[str, list[News]] = {}
        for change in self._news:
            news.setdefault(change.labels.event, []).append(change)
        surroundings = _Surroundings(self._timeline)
        names = {event.name for event in self._timeline.events}
        for event in each(progress, "pages", self._timeline.events):
            frame = self._frame(f"{event_path(event)}.html", news.get(event.name, ()))
            frame = frame._replace(timeline=surroundings.of_event(event))
            page = event_page(frame, event, references=surroundings.references)
            for name in event.names:  # all of one agreement's folder: the links hold in each
                if name == event.name or name not in names:
                    yield f"events/{name}.html", page

    def _frame(self, file: str, news: Sequence[News]) -> Frame:
        addresses = Addresses.for_file(file, self._own, self._language, self._url)
        return Frame.of(self._timeline, self._language, addresses, nav=NAV, news=lambda: news)


class _Surroundings:
    """Of a timeline what an event's page tells of: no page looks at ten thousand events."""

    def __init__(self, timeline: Timeline) -> None:
        self.references = references_among(timeline.events)
        self._timeline = timeline
        self._events = {event.name: event for event in timeline.events}
        self._points: dict[str, list[Point]] = {}
        for point in timeline.points:
            self._points.setdefault(point.event.name, []).append(point)

    def of_event(self, event: Event) -> Timeline:
        names = self.references.within(event.name, DEEPEST + 1)
        names |= set(self.references.named_by.get(event.name, ())[:MOST_LINKS])
        return self._timeline._replace(
            events=tuple(self._events[name] for name in names),
            points=tuple(self._points.get(event.name, ())),
        )
