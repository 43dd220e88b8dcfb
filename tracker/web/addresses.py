"""Where the pages' links lead: relative to the page, so that they hold behind any proxy and link.

Served, a page is a path with parameters (`timeline?tag=ip`), and only a feed's address says its
language always. As files, each language has a folder, a page is a file of its own, and there are
no parameters: nobody is there to read them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias
from urllib.parse import quote, urlencode

from tracker.agreements.model import Event
from tracker.feeds.edition import ATOM, CALENDAR, CSV, JSON, OMITTED, PublishedForm
from tracker.i18n.translate import LANGUAGES, Language
from tracker.timeline.slugs import slug_of

Query: TypeAlias = Iterable[tuple[str, str]]


class WholeFeed(NamedTuple):
    """Everything in one form: where it is served, and which file it is; below the site's home."""

    form: PublishedForm
    path: str
    file: str


#: Of a published site, in which a feed takes no parameters: the calendar as `cancelled=no` has it.
WITHOUT_CANCELLED = "calendar-without-cancelled.ics"
CALENDAR_FEED = WholeFeed(CALENDAR, "calendar.ics", "calendar.ics")
ATOM_FEED = WholeFeed(ATOM, "feed.atom", "feed.atom")
JSON_FEED = WholeFeed(JSON, "api/events", "events.json")
WHOLE_FEEDS = (
    CALENDAR_FEED,
    JSON_FEED,
    WholeFeed(CSV, "api/events.csv", "events.csv"),
    ATOM_FEED,
    WholeFeed(OMITTED, "api/left-out", "left-out.json"),
)


class Addresses(NamedTuple):
    """The links of one page."""

    language: Language
    root: str  #: from the page to where style and script are
    home: str  #: from the page to where its language's pages and feeds are
    base: str | None  #: the whole address of `home`; None: not known
    chosen_language: Language | None = None  #: the one that stands in the page's address
    static: bool = False
    switch: tuple[tuple[Language, str], ...] = ()  #: the same page in each language

    @classmethod
    def for_path(
        cls,
        path: str,
        base: str,
        language: Language,
        chosen_language: Language | None,
        query: Query,
    ) -> Addresses:
        """Of the page served at that path, on a site at that address, which ends with a slash."""
        up = "../" * (path.count("/") - 1)
        kept = [(name, value) for name, value in query if name != "lang" and value]
        switch = tuple(
            (other_language, f"?{urlencode([*kept, ('lang', other_language)])}")
            for other_language in LANGUAGES
        )
        return cls(language, up, up, base, chosen_language, switch=switch)

    @classmethod
    def for_file(cls, file: str, own: Language, language: Language, url: str | None) -> Addresses:
        """Of the page that is that file of a language; the site's own stands at the root."""
        folder = folder_of(language, own)
        home = "../" * file.count("/")
        root = home + ("../" if folder else "")
        switch = tuple(
            (other_language, f"{root}{folder_of(other_language, own)}{file}")
            for other_language in LANGUAGES
        )
        base = None if url is None else f"{url}{folder}"
        return cls(language, root, home, base, None, True, switch)

    def page(self, name: str, query: Query = ()) -> str:
        """The page of that name; of a long list the part that `page` names."""
        if self.static:
            return self.home + page_file(name, int(dict(query).get("page", "1")))
        return (f"{self.home}{name}" or "./") + self._query_text(query)

    def event(self, event: Event) -> str:
        """The page of an event."""
        path = f"{self.home}{event_path(event)}"
        return f"{path}.html" if self.static else f"{path}{self._query_text(())}"

    def asset(self, name: str) -> str:
        """A file of ASSETS."""
        return f"{self.root}assets/{name}"

    def feed(self, file: str = CALENDAR_FEED.file, query: Query = ()) -> str:
        """A feed, from this page."""
        return self.home + self._feed(file, query)

    def feed_url(self, file: str = CALENDAR_FEED.file, query: Query = ()) -> str | None:
        """A feed's whole address; None where it is not known."""
        return None if self.base is None else self.base + self._feed(file, query)

    def data(self, query: Query = ()) -> str:
        """The events as JSON."""
        return self.feed(JSON_FEED.file if self.static else JSON_FEED.path, query)

    @property
    def without_cancelled(self) -> str | None:
        """The calendar without what was cancelled, as a file; None: an address asks for it."""
        return f"{self.home}{WITHOUT_CANCELLED}" if self.static else None

    def feed_of_event(self, event: Event) -> tuple[str, Query]:
        """Which file, with which parameters, is an event's own feed."""
        if self.static:
            return f"{event_path(event)}.ics", ()
        return CALENDAR_FEED.file, (("id", event.name),)

    def feed_of_label(self, name: str, form: PublishedForm) -> str:
        """The feed of a tag or a party."""
        return self.feed(f"feeds/{slug_of(name)}.{form.ending}")

    def _feed(self, file: str, query: Query) -> str:
        if self.static:
            return file
        return f"{file}?{urlencode([('lang', self.language), *query], safe='/')}"

    def _query_text(self, query: Query) -> str:
        parameters = [(name, value) for name, value in query if value]
        if self.chosen_language is not None:
            parameters.append(("lang", self.chosen_language))
        return f"?{urlencode(parameters, safe='/')}" if parameters else ""


def event_path(event: Event) -> str:
    """Where an event's page is, below the pages' home."""
    return f"events/{quote(event.agreement)}/{quote(event.id)}"


def page_file(name: str, number: int = 1) -> str:
    """The file that a page is, or that part of it."""
    part = f"-{number}" if number > 1 else ""
    return f"{name or 'index'}{part}.html"


def folder_of(language: Language, own: Language) -> str:
    """Where a language's files are: at the root, or in a folder of their own."""
    return "" if language == own else f"{language}/"
