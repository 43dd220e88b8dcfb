"""The page: the agenda as HTML, and how to subscribe."""

from __future__ import annotations

import base64
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from tracker.timeline.agenda import agenda_of, ends_of
from tracker.timeline.events import Event, text_in
from tracker.timeline.points import Point, Timeline
from tracker.wording.dates import countdown, long_day
from tracker.wording.points import label_of, name_of, remark_on, title_of, until_text
from tracker.wording.sentences import LANGUAGES, Language, say

TEMPLATES = Path(__file__).parent / "templates"
STYLE = (TEMPLATES / "page.css").read_text(encoding="utf-8")
STYLE_HASH = "sha256-" + base64.b64encode(sha256(STYLE.encode()).digest()).decode()
PAGE_HEADERS = {
    "content-security-policy": f"default-src 'none'; style-src '{STYLE_HASH}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
}


class Entry(NamedTuple):
    """One entry of a group, in words."""

    title: str
    name: str
    day: str | None
    countdown: str | None
    remark: str | None
    stated: str | None
    quote: str | None
    source: str | None
    note: str | None
    url: str | None


class Group(NamedTuple):
    """A heading and what stands below it."""

    heading: str
    entries: list[Entry]


class Addresses(NamedTuple):
    """Where the page's links lead."""

    feed: str
    webcal: str | None  #: None: the site's own address is not known
    events: str
    changes: str
    pages: tuple[tuple[Language, str], ...]  #: the same page in each language

    @classmethod
    def served(cls, base: str, language: Language) -> Addresses:
        """Of a page that is served at that address, which has a slash at its end."""
        host = base.split("://", 1)[-1]
        return cls(
            f"{base}calendar.ics?lang={language}",
            f"webcal://{host}calendar.ics?lang={language}",
            f"api/events?lang={language}",
            f"feed.atom?lang={language}",
            tuple((one, f"?lang={one}") for one in LANGUAGES),
        )

    @classmethod
    def published(
        cls, base: str | None, folder: str, pages: tuple[tuple[Language, str], ...]
    ) -> Addresses:
        """Of a page that is a file; `base` is where the site will stand, if that is known."""
        feed = f"{base or ''}{folder if base else ''}calendar.ics"
        webcal = None if base is None else f"webcal://{feed.split('://', 1)[-1]}"
        return cls(feed, webcal, "events.json", "feed.atom", pages)


def page_of(timeline: Timeline, language: Language, addresses: Addresses) -> str:
    """The page's HTML."""
    return template("page.html").render(
        say=lambda name, **values: say(language, f"page.{name}", **values),
        language=language,
        others=[
            (one, address, say(one, "page.language"))
            for one, address in addresses.pages
            if one != language
        ],
        style=STYLE,
        title=say(language, "comma").join(
            text_in(one.title, language, one.language) for one in timeline.agreements
        ),
        as_of=say(language, "agenda.as-of", day=long_day(timeline.as_of, language)),
        groups=_groups(timeline, language),
        addresses=addresses,
    )


@lru_cache(maxsize=4)
def template(name: str) -> Template:
    """The template of that name; what stands in it is escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def _groups(timeline: Timeline, language: Language) -> list[Group]:
    agenda = agenda_of(timeline)
    ends = ends_of(timeline)
    found = []
    for name, points in (
        ("upcoming", agenda.upcoming),
        ("may-move", agenda.may_move),
        ("waiting", agenda.waiting),
        ("passed", agenda.passed),
    ):
        found.append((name, [_entry(point, timeline, language) for point in points]))
    in_force = [
        _words(
            event,
            title_of(event, timeline.agreement(event.agreement), language),
            event.id,
            timeline,
            language,
        )._replace(remark=until_text(ends.get(event.name), language))
        for event in agenda.in_force
    ]
    found.insert(3, ("in-force", in_force))
    return [Group(say(language, f"agenda.{name}"), entries) for name, entries in found if entries]


def _entry(point: Point, timeline: Timeline, language: Language) -> Entry:
    label = label_of(point, timeline.agreement(point.event.agreement), language)
    entry = _words(point.event, label, name_of(point), timeline, language)
    remark = remark_on(point, language)
    if point.stated is not None:
        stated = say(language, "feed.stated", stated=point.stated)
        entry = entry._replace(stated=stated)
    day = point.day
    if day is None:
        return entry._replace(remark=remark)
    return entry._replace(
        day=long_day(day, language),
        countdown=countdown(timeline.as_of, day, language),
        remark=remark,
    )


def _words(event: Event, title: str, name: str, timeline: Timeline, language: Language) -> Entry:
    agreement = timeline.agreement(event.agreement)
    source = agreement.source(event.source)
    return Entry(
        title,
        name,
        None,
        None,
        None,
        None,
        event.quote,
        None if source is None else text_in(source.title, language, agreement.language),
        None if event.note is None else text_in(event.note, language, agreement.language),
        event.url,
    )
