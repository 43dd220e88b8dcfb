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
from tracker.i18n.translate import LANGUAGES, Language
from tracker.timeline.slugs import slug_of

Query: TypeAlias = Iterable[tuple[str, str]]

#: The pages, beside the agenda and those of events.
AGENDA, TIMELINE, WHAT_IF, CHANGES, SUBSCRIBE = "", "timeline", "what-if", "changes", "subscribe"
PAGES = (AGENDA, TIMELINE, WHAT_IF, CHANGES, SUBSCRIBE)
CALENDAR, ATOM = "calendar.ics", "feed.atom"
#: Where data is, served and as a file.
_JSON = ("api/events", "events.json")


class Addresses(NamedTuple):
    """The links of one page."""

    language: Language
    root: str  #: from the page to where style and script are
    home: str  #: from the page to where its language's pages and feeds are
    base: str | None  #: the whole address of `home`; None: not known
    asked: Language | None = None  #: the language that stands in the page's address
    static: bool = False
    switch: tuple[tuple[Language, str], ...] = ()  #: the same page in each language

    @classmethod
    def served(
        cls, path: str, base: str, language: Language, asked: Language | None, query: Query
    ) -> Addresses:
        """Of the page at that path, on a site at that address, which ends with a slash."""
        up = "../" * (path.count("/") - 1)
        kept = [(name, value) for name, value in query if name != "lang" and value]
        switch = tuple((one, f"?{urlencode([*kept, ('lang', one)])}") for one in LANGUAGES)
        return cls(language, up, up, base, asked, switch=switch)

    @classmethod
    def published(cls, file: str, own: Language, language: Language, url: str | None) -> Addresses:
        """Of the page that is that file of a language; its own language stands at the root."""
        folder = folder_of(language, own)
        home = "../" * file.count("/")
        root = home + ("../" if folder else "")
        switch = tuple((one, f"{root}{folder_of(one, own)}{file}") for one in LANGUAGES)
        base = None if url is None else f"{url}{folder}"
        return cls(language, root, home, base, None, True, switch)

    def page(self, name: str, query: Query = ()) -> str:
        """One of PAGES; of a long list the part that `page` names."""
        if self.static:
            number = dict(query).get("page", "1")
            part = "" if number == "1" else f"-{number}"
            return f"{self.home}{name or 'index'}{part}.html"
        return (f"{self.home}{name}" or "./") + self._query(query)

    def event(self, event: Event) -> str:
        """The page of an event."""
        path = f"{self.home}{event_path(event)}"
        return f"{path}.html" if self.static else f"{path}{self._query(())}"

    def asset(self, name: str) -> str:
        """A file of ASSETS."""
        return f"{self.root}assets/{name}"

    def feed(self, file: str = CALENDAR, query: Query = ()) -> str:
        """A feed, from this page."""
        return self.home + self._feed(file, query)

    def whole(self, file: str = CALENDAR, query: Query = ()) -> str | None:
        """A feed's whole address; None where it is not known."""
        return None if self.base is None else self.base + self._feed(file, query)

    @property
    def data(self) -> str:
        """The events as JSON."""
        return self.home + (_JSON[1] if self.static else f"{_JSON[0]}?lang={self.language}")

    def of_event(self, event: Event) -> tuple[str, Query]:
        """Which file, with which parameters, is an event's own feed."""
        if self.static:
            return f"{event_path(event)}.ics", ()
        return CALENDAR, (("id", event.name),)

    def of_label(self, name: str, ending: str = "ics") -> str:
        """The file that is the feed of a tag or a party."""
        return f"feeds/{slug_of(name)}.{ending}"

    def _feed(self, file: str, query: Query) -> str:
        if self.static:
            return file
        return f"{file}?{urlencode([('lang', self.language), *query], safe='/')}"

    def _query(self, query: Query) -> str:
        given = [(name, value) for name, value in query if value]
        if self.asked is not None:
            given.append(("lang", self.asked))
        return f"?{urlencode(given, safe='/')}" if given else ""


def event_path(event: Event) -> str:
    """Where an event's page is, below the pages' home."""
    return f"events/{quote(event.agreement)}/{quote(event.id)}"


def folder_of(language: Language, own: Language) -> str:
    """Where a language's files are: at the root, or in a folder of their own."""
    return "" if language == own else f"{language}/"
