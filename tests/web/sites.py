"""A site as the web room is given it, for tests: nothing is remembered, and time stands still."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starlette.testclient import TestClient

from tests.shipped import TODAY
from tracker.feeds.calendar import publication
from tracker.feeds.edition import Edition
from tracker.i18n.translate import Language
from tracker.timeline.points import Timeline
from tracker.web.app import make_app
from tracker.web.site import Site

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 9, 30, 15, tzinfo=UTC)


#: Who asks, as a rule.
HERE = ("127.0.0.1", 50_000)


class FixedSource:
    """Where what is served comes from; it changes when a test says so."""

    def __init__(self, timeline: Timeline | None) -> None:
        self.revision = 0
        self.timeline = timeline
        self.now = NOW
        self.made = 0  #: how many editions were made
        self.news: dict[Language, list[bytes]] = {}  #: what was told of changes
        self._editions: dict[Language, Edition] = {}

    def change(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.revision += 1
        self._editions.clear()

    def notices(self, language: Language) -> list[bytes]:
        return self.news.get(language, [])

    def edition(self, language: Language) -> Edition | None:
        if self.timeline is None:
            return None
        if language not in self._editions:
            self.made += 1
            published = publication(self.timeline, language)
            self._editions[language] = Edition(published, self.now, self.now)
        return self._editions[language]


def site_of(source: FixedSource, **fields: Any) -> Site:
    site = Site(
        source,
        lambda: source.now,
        lambda: None if source.timeline is not None else "health.no-timeline",
        lambda _secret: None,
        frozenset(("deadlines.example.org",)),
    )
    return site._replace(**fields)


def client_of(
    found: Timeline | FixedSource | None,
    host: str = "127.0.0.1:8765",
    follow: bool = True,
    **fields: Any,
) -> TestClient:
    source = found if isinstance(found, FixedSource) else FixedSource(found)
    app = make_app(site_of(source, **fields))
    return TestClient(app, base_url=f"http://{host}", follow_redirects=follow, client=HERE)
