"""The whole site as files, for any web host: what is served, made once in every language.

The agreement's own language stands at the root, each other in a folder of its name. A feed that was
published stays, empty if need be, since somebody may have subscribed to it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from itertools import count
from typing import NamedTuple

from tracker.agreements.model import Event
from tracker.agreements.references import references_among
from tracker.feeds.atom import News, newest_first
from tracker.feeds.calendar import Drafts, Publication, calendar_form, publications_by_event
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
    json_bytes,
)
from tracker.feeds.json_schema import POINTS_SCHEMA
from tracker.feeds.query import FeedChoice
from tracker.i18n.translate import Language
from tracker.timeline.filters import Where
from tracker.timeline.points import Point, Timeline
from tracker.timeline.slugs import where_of
from tracker.web.addresses import Addresses, event_path, folder_of
from tracker.web.assets import ASSETS
from tracker.web.page import Frame
from tracker.web.pages.agenda import agenda_page
from tracker.web.pages.changes import Asked as ChangesAsked
from tracker.web.pages.changes import changes_page
from tracker.web.pages.event import DEEPEST, MOST_LINKS, event_page
from tracker.web.pages.subscribe import subscribe_page
from tracker.web.pages.timeline import Asked as TimelineAsked
from tracker.web.pages.timeline import timeline_page
from tracker.web.pages.what_if import Asked as WhatIfAsked
from tracker.web.pages.what_if import what_if_page
from tracker.web.query import BadParameters, Parameters

#: The forms of the whole, by the name of their file.
WHOLE: Mapping[str, Form] = {
    "calendar.ics": CALENDAR,
    "events.json": JSON,
    "events.csv": CSV,
    "feed.atom": ATOM,
    "left-out.json": OMITTED,
}
SCHEMA = "events.schema.json"


class Stated(NamedTuple):
    """What is published beside the timeline itself."""

    feeds: Mapping[str, tuple[str, str]]  #: the tags and parties by slug, of long ago too
    events: Collection[str]  #: the events that have a feed of their own, of long ago too
    now: datetime
    url: str | None  #: where the site will stand, with a slash at its end; None: not known


def files_of(editions: Mapping[Language, Edition], stated: Stated) -> dict[str, bytes]:
    """Every file by its name; the first of the editions is in the agreement's own language."""
    own = next(iter(editions))
    files = {SCHEMA: json_bytes(POINTS_SCHEMA)}
    files |= {f"assets/{one.name}": one.content for one in ASSETS.values()}
    for language, edition in editions.items():
        folder = folder_of(language, own)
        files |= dict(_feeds(edition, language, folder, stated))
        files |= dict(_event_feeds(edition.published, language, folder, stated))
        files |= dict(_pages(edition, language, own, stated))
    return files


def _feeds(
    edition: Edition, language: Language, folder: str, stated: Stated
) -> Iterator[tuple[str, bytes]]:
    wanted: list[tuple[str, Form, tuple[Where, ...]]]
    wanted = [(f"{folder}{name}", form, ()) for name, form in WHOLE.items()]
    wanted += [
        (f"{folder}feeds/{slug}.{ending}", form, (where_of(kind, value),))
        for slug, (kind, value) in stated.feeds.items()
        for ending, form in FORMS.items()
    ]
    for name, form, where in wanted:
        choice = FeedChoice(language, where, past=form.parameters.past_by_default)
        address = None if stated.url is None else f"{stated.url}{name}"
        yield name, form.render(edition, EditionQuery(choice, stated.now, address)).content


def _event_feeds(
    published: Publication, language: Language, folder: str, stated: Stated
) -> Iterator[tuple[str, bytes]]:
    """Each event's own calendar; of one that is long gone an empty one."""
    alone = publications_by_event(published)
    nothing = published._replace(drafts=Drafts({}, {}), entries=())
    now = {old: event.name for event in published.timeline.events for old in event.names[1:]}
    for file in (*stated.events, *now):
        name = now.get(file, file)
        choice = FeedChoice(language, (Where(ids=(name,)),))
        content = calendar_form(alone.get(name, nothing), choice)
        yield f"{folder}events/{file}.ics", content


def _pages(
    edition: Edition, language: Language, own: Language, stated: Stated
) -> Iterator[tuple[str, bytes]]:
    timeline, folder = edition.published.timeline, folder_of(language, own)
    news = newest_first(edition.reported_changes)

    def frame(file: str) -> Frame:
        links = Addresses.published(file, own, language, stated.url)
        return Frame.of(timeline, language, links)

    pages: dict[str, Callable[[Frame], str]] = {
        "index.html": lambda one: agenda_page(one, Parameters((), ())),
        "what-if.html": lambda one: what_if_page(one, WhatIfAsked()),
        "subscribe.html": lambda one: subscribe_page(one, Parameters((), ())),
    }
    for file, make in pages.items():
        yield f"{folder}{file}", make(frame(file)).encode()
    in_parts: dict[str, Callable[[Frame, int], str]] = {
        "timeline": lambda one, part: timeline_page(one, TimelineAsked(page=part)),
        "changes": lambda one, part: changes_page(one, news, ChangesAsked(page=part)),
    }
    for name, make_part in in_parts.items():
        with suppress(BadParameters):  # behind the last part there is none
            for number in count(1):
                file = f"{name}-{number}.html" if number > 1 else f"{name}.html"
                yield f"{folder}{file}", make_part(frame(file), number).encode()
    told: dict[str, list[News]] = {}
    for one in news:
        told.setdefault(one.labels.event, []).append(one)
    around = _Around(timeline)
    there = {event.name for event in timeline.events}
    for event in timeline.events:
        file = f"{event_path(event)}.html"
        near = frame(file)._replace(timeline=around.narrowed(event))
        page = event_page(near, event, told.get(event.name, ()), links=around.links).encode()
        for name in event.names:  # all of one agreement's folder: the links hold in each
            if name == event.name or name not in there:
                yield f"{folder}events/{name}.html", page


class _Around:
    """Of a timeline what an event's page tells of: no page looks at ten thousand events."""

    def __init__(self, timeline: Timeline) -> None:
        self.links = references_among(timeline.events)
        self._timeline = timeline
        self._events = {event.name: event for event in timeline.events}
        self._points: dict[str, list[Point]] = {}
        for point in timeline.points:
            self._points.setdefault(point.event.name, []).append(point)

    def narrowed(self, event: Event) -> Timeline:
        names = self.links.within(event.name, DEEPEST + 1)
        names |= set(self.links.named_by.get(event.name, ())[:MOST_LINKS])
        return self._timeline._replace(
            events=tuple(self._events[name] for name in names),
            points=tuple(self._points.get(event.name, ())),
        )
