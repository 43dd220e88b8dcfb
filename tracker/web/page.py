"""What every page is made with: its frame and the templates."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from tracker.agreements.model import Event
from tracker.dates.instants import Instant, Moment, zone_of
from tracker.feeds.atom import News
from tracker.feeds.json import moment_json
from tracker.feeds.query import BadParameter
from tracker.i18n.channels import channel_text, without_mailbox
from tracker.i18n.dates import days_in, long_day
from tracker.i18n.directions import BEGIN, close_isolates, isolate, may_turn
from tracker.i18n.instants import ReaderClock, moments_in, own_clock_text
from tracker.i18n.points import countdown_text, countdowns_around, titles_text
from tracker.i18n.reasons import read_reason
from tracker.i18n.translate import Language, catalogue, translate
from tracker.store.undelivered import UndeliveredSummary
from tracker.timeline.filters import Search, Where, agreements_in, all_admit, labels_of, narrow
from tracker.timeline.points import Point, Timeline
from tracker.web.addresses import ATOM_FEED, Addresses
from tracker.web.assets import (
    ICON_ASSET,
    PICTURE_ASSET,
    SCRIPT_ASSET,
    STYLE_ASSET,
    TEMPLATES,
    Asset,
)
from tracker.web.query import BadParameters, carried_query, followed_query

#: The templates of pages with a picture.
_PICTURED = ("timeline",)
#: So many channels that do not take alerts are named.
_MOST_CHANNELS = 3
_EVERYTHING = Search()


class Frame(NamedTuple):
    """What every page of a site is made with."""

    whole: Timeline  #: with what its reader may not see, which counts too
    timeline: Timeline  #: of what its reader may see
    language: Language
    addresses: Addresses
    nav: Sequence[str]  #: the names of the pages that every page leads to
    news: Callable[[], Sequence[News]]  #: the changes that its reader may see, the newest first
    within: tuple[Where, ...] = ()  #: what its reader may see
    trouble: str | None = None  #: what is wrong, by its name; None: nothing is
    undelivered: UndeliveredSummary | None = None  #: which its reader may know of

    @classmethod
    def of(
        cls,
        whole: Timeline,
        language: Language,
        addresses: Addresses,
        *,
        nav: Sequence[str],
        news: Callable[[], Sequence[News]],
        within: tuple[Where, ...] = (),
        trouble: str | None = None,
        undelivered: UndeliveredSummary | None = None,
    ) -> Frame:
        """Of a page for whoever may see that much of a timeline."""
        timeline = narrow(whole, within)
        return cls(whole, timeline, language, addresses, nav, news, within, trouble, undelivered)

    def sees(self, event: Event) -> bool:
        """Whether its reader may see that event."""
        return all_admit(self.within, labels_of(event))

    @property
    def clock(self) -> ReaderClock:
        """By which clock it is read until the browser's is known: the agreement's."""
        of_reader = agreements_in(self.whole, self.within)
        zone = next((agreement.timezone for agreement in of_reader), "UTC")
        return ReaderClock(zone, self.whole.now)

    def dated(self, moment: Moment, text: str) -> Dated:
        """A moment under those words, and an instant by the clock of who reads."""
        own = None
        if isinstance(moment, Instant):
            own = own_clock_text(moment, self.language, self.clock.zone) or ""
        return Dated(moment_json(moment) or "", text, own)

    def countdown(self, point: Point) -> Countdown | None:
        """How far away a point is, also where another day is today."""
        as_of, language = self.timeline.as_of, self.language
        text = countdown_text(point, as_of, language, self.clock)
        if not text:
            return None
        around = countdowns_around(point, as_of, language, self.clock)
        if around is None:
            return Countdown(text)
        return Countdown(text, around[0], json.dumps(around[1], ensure_ascii=False))

    def translate(self, name: str, /, **values: object) -> str:
        """The sentence of the page of that name."""
        return translate(self.language, f"page.{name}", **values)

    def render(
        self, name: str, here: str | None, *, search: Search = _EVERYTHING, **values: Any
    ) -> str:
        """The page of that template; `here` is its name, if it is one of `nav`.

        `search`: what it is narrowed to, which goes along to the pages and feeds it leads to.
        """
        language, addresses = self.language, self.addresses
        followed = followed_query(search)
        titles = titles_text(self.timeline.agreements, language)
        return template(f"{name}.html").render(
            translate=self.translate,
            language=language,
            zone=self.clock.zone,
            clock=_clock_words(language),
            is_live=self.whole.now is not None,
            addresses=addresses,
            site_title=titles or self.translate("nav.agenda"),
            nav=[
                (
                    self.translate(f"nav.{page or 'agenda'}"),
                    addresses.page(page, carried_query(page, search)),
                    page == here,
                )
                for page in self.nav
            ],
            site_feeds=[
                ("iCalendar", addresses.feed(query=followed)),
                ("Atom", addresses.feed(ATOM_FEED.file, followed)),
                ("JSON", addresses.data(followed)),
            ],
            switch=[
                (other_language, href, translate(other_language, "page.language"))
                for other_language, href in addresses.switch
                if other_language != language
            ],
            as_of=self.timeline.as_of,
            as_of_text=translate(
                language, "agenda.as-of", day=long_day(self.timeline.as_of, language)
            ),
            notice=self.trouble and self.translate(f"trouble.{self.trouble}"),
            undelivered=self.undelivered and self._undelivered_texts(self.undelivered),
            styles=[addresses.asset(style.name) for style in _styles_of(name)],
            script=addresses.asset(SCRIPT_ASSET.name),
            icon=addresses.asset(ICON_ASSET.name),
            **values,
        )

    def _undelivered_texts(self, summary: UndeliveredSummary) -> tuple[str, list[str]]:
        """How many alerts did not arrive, and which channels do not take them."""
        since = summary.since.astimezone(zone_of(self.clock.zone))
        head = self.translate(
            "undelivered",
            count=summary.number,
            day=long_day(since.date(), self.language),
            time=f"{since:%H:%M}",
        )
        channels = []
        for alerts in summary.groups[:_MOST_CHANNELS]:
            name = without_mailbox(alerts.channel, channel_text(alerts.channel, self.language))
            reason = read_reason(alerts.reason).text(self.language)
            reason = without_mailbox(alerts.channel, reason)
            values = {
                "channel": name,
                "recipient": isolate(alerts.recipient),
                "reason": isolate(reason),
            }
            channels.append(self.translate("undelivered.channel", **values))
        if rest := len(summary.groups) - len(channels):
            channels.append(self.translate("undelivered.more", count=rest))
        return head, channels


def _styles_of(name: str) -> tuple[Asset, ...]:
    """What the page of that template looks by; the picture's style comes first, and gives way."""
    return (PICTURE_ASSET, STYLE_ASSET) if name in _PICTURED else (STYLE_ASSET,)


class Dated(NamedTuple):
    """A day or instant: as a machine reads it, and in words."""

    iso: str
    text: str
    #: Of an instant, what the clocks of the agreement show, "" where that is what is stated; the
    #: page's script puts those of the browser in its place.
    own: str | None = None

    @classmethod
    def of(cls, day: date, text: str) -> Dated:
        """A day under those words."""
        return cls(day.isoformat(), text)


class Countdown(NamedTuple):
    """How far away something is."""

    text: str
    days: int | None = None  #: how many days that is; None: whatever day is today, it is the text
    texts: str = ""  #: the same for up to three days less and more, as JSON


class Pager(NamedTuple):
    """Which part of a list is shown, and where the parts beside it are."""

    first: int  #: counted from 1
    last: int
    total: int
    before: str | None
    after: str | None

    @classmethod
    def of(cls, total: int, page: int, size: int, href: Callable[[int], str]) -> Pager:
        """Of a list of so many; raises BadParameters for a page past its end."""
        first = (page - 1) * size
        if page > 1 and first >= total:
            raise BadParameters((BadParameter("page", f"1 … {max(1, -(-total // size))}"),))
        last = min(first + size, total)
        return cls(
            first + 1,
            last,
            total,
            href(page - 1) if page > 1 else None,
            href(page + 1) if last < total else None,
        )


def with_times(
    text: str, language: Language, zone: str | None = None, beside: Dated | None = None
) -> Markup:
    """The text, with each day and instant in it as a machine reads it too.

    With a zone an instant is told by its clock as well, which the page's script then sets anew;
    not the one that is told beside the text.
    """
    text = close_isolates(text)
    instants = {begin: (end, moment) for begin, end, moment in moments_in(text, language)}
    parts, at = [], 0
    for begin, day_end, day in days_in(text, language):
        end, moment = instants.get(begin, (day_end, day))
        parts.append(escape(text[at:begin]))
        iso = moment_json(moment)
        parts.append(Markup('<time datetime="{}">{}</time>').format(iso, text[begin:end]))
        is_told = beside is not None and beside.iso == iso
        if zone is not None and isinstance(moment, Instant) and not is_told:
            own = own_clock_text(moment, language, zone)
            behind = own and translate(language, "instant.and-own", stated="", own=own)
            parts.append(Markup('<span class="own">{}</span>').format(behind or ""))
        at = end
    return Markup("").join([*parts, escape(text[at:])])


def direction(text: str) -> Markup:
    """Lets an element that holds a title, or a text of the file, run as that text does.

    Not one that holds a sentence about it: browsers go by its first letter, which is the title's.
    """
    return Markup(' dir="auto"') if may_turn(text) and BEGIN not in text else Markup()


def apart(text: str) -> str:
    """A text that has an element of its own, out of which none of its signs reach."""
    return isolate(text) if BEGIN in text else close_isolates(text)


@cache
def _clock_words(language: Language) -> str:
    """What the script tells an instant and today with by the browser's clock, as JSON."""
    sentences = catalogue(language)
    names = {"day": "day.long", "own": "instant.own", "same": "instant.own.same-day"}
    words: dict[str, object] = {name: sentences[of] for name, of in names.items()}
    words["behind"] = sentences["instant.and-own"].removeprefix("{stated}")
    words["today"] = sentences["agenda.as-of.own"].removeprefix("{as_of}")
    words["months"] = [sentences[f"month.{number}"] for number in range(1, 13)]
    words["weekdays"] = [sentences[f"weekday.{number}"] for number in range(7)]
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))


def template(name: str) -> Template:
    """The template of that name; what stands in it is escaped."""
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["with_times"] = with_times
    environment.filters["apart"] = apart
    environment.filters["isolate"] = isolate
    environment.globals["direction"] = direction
    return environment
