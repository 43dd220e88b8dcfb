"""The whole site as files, for any web host: what is served, made once in every language.

The agreement's own language stands at the root, each other in a folder of its name. A feed that was
published stays, empty if need be, since somebody may have subscribed to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tracker.feeds.choice import Choice
from tracker.feeds.edition import (
    ATOM,
    CALENDAR,
    CSV,
    FORMS,
    JSON,
    LEFT_OUT,
    Asked,
    Edition,
    Form,
    json_bytes,
)
from tracker.feeds.json_schema import POINTS_SCHEMA
from tracker.timeline.selection import Where
from tracker.timeline.slugs import where_of
from tracker.web.page import Addresses, page_of
from tracker.wording.sentences import Language

#: The forms of the whole, by the name of their file.
WHOLE: Mapping[str, Form] = {
    "calendar.ics": CALENDAR,
    "events.json": JSON,
    "events.csv": CSV,
    "feed.atom": ATOM,
    "left-out.json": LEFT_OUT,
}
SCHEMA = "events.schema.json"


def folder_of(language: Language, own: Language) -> str:
    """Where a language's files are: at the root, or in a folder of their own."""
    return "" if language == own else f"{language}/"


def files_of(
    editions: Mapping[Language, Edition],
    feeds: Mapping[str, tuple[str, str]],
    now: datetime,
    url: str | None,
) -> dict[str, bytes]:
    """Every file by its name; the first of the editions is in the agreement's own language.

    `feeds` are the tags and parties by slug; `url` is where the site will stand, if that is known.
    """
    languages = tuple(editions)
    base = None if url is None else f"{url.rstrip('/')}/"
    files = {SCHEMA: json_bytes(POINTS_SCHEMA)}
    for language, edition in editions.items():
        folder = folder_of(language, languages[0])
        wanted: list[tuple[str, Form, tuple[Where, ...]]]
        wanted = [(f"{folder}{name}", form, ()) for name, form in WHOLE.items()]
        wanted += [
            (f"{folder}feeds/{slug}.{ending}", form, (where_of(kind, value),))
            for slug, (kind, value) in feeds.items()
            for ending, form in FORMS.items()
        ]
        for name, form, where in wanted:
            choice = Choice(language, where, past=form.takes.with_past)
            address = None if base is None else f"{base}{name}"
            files[name] = form.make(edition, Asked(choice, now, address)).content
        pages = tuple((one, _page(one, languages[0], folder)) for one in languages)
        addresses = Addresses.published(base, folder, pages)
        page = page_of(edition.published.timeline, language, addresses)
        files[f"{folder}index.html"] = page.encode()
    return files


def _page(language: Language, own: Language, here: str) -> str:
    """The page in that language, as seen from a language's folder."""
    return f"{'../' if here else ''}{folder_of(language, own)}index.html"
