"""One event: the answer for each of its points, why, what it rests on, and how to follow it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from tracker.agreements.keys import PointKey
from tracker.agreements.model import Amendment, Event, language_in, text_in
from tracker.agreements.references import References, references_among
from tracker.dates.instants import Instant, zone_of
from tracker.feeds.atom import News
from tracker.feeds.json import moment_json
from tracker.i18n.dates import bounds_text, countdown, long_day
from tracker.i18n.event_fields import Field, fields_of
from tracker.i18n.explanation import (
    ExplanationStep,
    answer_text,
    counted_text,
    explanation_tree,
)
from tracker.i18n.points import foreign_language, label_of, remark_on, title_of
from tracker.i18n.translate import Language, comma_list, translate
from tracker.timeline.agenda import next_of_each
from tracker.timeline.points import Point
from tracker.web.addresses import ATOM, WHAT_IF
from tracker.web.page import Dated, Frame, dated
from tracker.web.pages.subscribe import webcal

#: Points below one another in an explanation; each has a page of its own to go on with.
DEEPEST = 8
MOST_LINKS = 50
#: The fields of answer_key().
KEY = ("point", "occurrence", "day")
#: So many points that have passed with nothing recorded are answered one by one.
MOST_PASSED = 5
_GOOGLE = "https://calendar.google.com/calendar/render"
_OUTLOOK = "https://outlook.live.com/calendar/0/action/compose"
#: What a page says elsewhere than in the list of fields.
_ELSEWHERE = frozenset(("show.quote", "show.source", "show.note", "show.url"))


class Answer(NamedTuple):
    """What can be said of one point."""

    label: str
    sentences: list[str]
    day: Dated | None
    countdown: str | None
    why: ExplanationStep
    google: str | None
    outlook: str | None
    open: bool  #: whether it can be answered here
    silent: bool  #: acknowledged: nobody is reminded of it
    key: dict[str, str]  #: what names it in a form


class Link(NamedTuple):
    """Another event."""

    title: str
    foreign: str | None  #: the title's language, where it is another
    href: str


class Links(NamedTuple):
    """Other events, and how many more there are."""

    shown: list[Link]
    more: int


class Past(NamedTuple):
    """Something that changed."""

    day: Dated
    title: str
    lines: Sequence[str]


class Deed(NamedTuple):
    """What its reader may do on the page."""

    silent: Collection[PointKey]  #: the points that are acknowledged
    open: Collection[PointKey]  #: those that can be


def event_page(
    frame: Frame,
    event: Event,
    news: Sequence[News] = (),
    deed: Deed | None = None,
    links: References | None = None,
) -> str:
    """The page.

    `news` are the changes that were told of this event, the newest first; `links` what hangs on
    what, where that is known already.
    """
    language, timeline, addresses = frame.language, frame.timeline, frame.addresses
    agreement = timeline.agreement(event.agreement)
    source = agreement.source(event.source)
    points = timeline.of(event)
    unrecorded = [point for point in points if point.passed][-MOST_PASSED:]
    shown = [*unrecorded, *(one for one in next_of_each(points) if one not in unrecorded)]
    feed, query = addresses.of_event(event)
    whole = addresses.whole(feed, query)
    title = title_of(event, agreement, language)
    links = links or references_among(timeline.events)
    return frame.rendered(
        "event",
        None,
        title=title,
        foreign=foreign_language(event, agreement, language),
        note_foreign=event.note and language_in(event.note, language, agreement.language),
        source_foreign=source and language_in(source.title, language, agreement.language),
        event=event,
        answers=[_answer(point, frame, deed, whole) for point in shown],
        fields=_fields(event, points, frame),
        quote=event.quote,
        quote_language=source.language if source and source.language else agreement.language,
        source=source,
        source_title=source and text_in(source.title, language, agreement.language),
        note=event.note and text_in(event.note, language, agreement.language),
        on=_links(links.names.get(event.name, ()), frame),
        of=_links(links.named_by.get(event.name, ()), frame),
        history=[*_news(news, frame), *_amendments(event, frame)],
        feed=addresses.feed(feed, query),
        webcal=None if whole is None else webcal(whole),
        atom=None if addresses.static else addresses.feed(ATOM, query),
        what_if=_what_if(event, points, frame),
    )


def _answer(point: Point, frame: Frame, deed: Deed | None, feed: str | None) -> Answer:
    language, day = frame.language, point.day
    return Answer(
        _heading(point, language),
        list(_said(point, language)),
        None if day is None else dated(day, long_day(day, language)),
        None if day is None else countdown(frame.timeline.as_of, day, language),
        explanation_tree(point, frame.timeline, language, DEEPEST),
        *_added(point, frame, feed),
        deed is not None and point.key in deed.open,
        deed is not None and point.key in deed.silent,
        answer_key(point),
    )


def answer_key(point: Point) -> dict[str, str]:
    """What names a point, and the day that it counts to, in a form of ours."""
    moments = moment_json(point.occurrence), moment_json(point.counts_to)
    return dict(zip(KEY, (point.side, *(one or "" for one in moments)), strict=True))


def _heading(point: Point, language: Language) -> str:
    """What tells a point of the event from its others; nothing where there is one alone."""
    side = translate(language, f"side.{point.side}") if point.event.is_term else ""
    day = "" if point.occurrence is None else long_day(point.occurrence, language)
    return comma_list((part for part in (side, day) if part), language)


def _said(point: Point, language: Language) -> Iterator[str]:
    """What is to be known beside the day that stands."""
    if point.passed:
        yield translate(language, "agenda.passed")
    if remark := remark_on(point, language):
        yield remark
    if point.day is None or not point.bounds.exact:
        yield bounds_text(point.bounds, language)
    if (counted := counted_text(point, language)) is not None:
        yield counted


def _added(point: Point, frame: Frame, feed: str | None) -> tuple[str | None, str | None]:
    """Where Google and Outlook write one entry down, once and for all, as it stands today."""
    moment = point.counts_to
    if moment is None or point.past:
        return None, None
    agreement = frame.timeline.agreement(point.event.agreement)
    title = label_of(point, agreement, frame.language)
    about = "\n".join(
        [*answer_text(point, frame.timeline, frame.language), *([feed] if feed else ())]
    )
    if isinstance(moment, Instant):
        first = last = f"{moment.utc:%Y%m%dT%H%M%SZ}"
        start = f"{moment.utc:%Y-%m-%dT%H:%M:%SZ}"
        beside = {"startdt": start, "enddt": start}
    else:
        following = min(moment, moment.max - timedelta(days=1)) + timedelta(days=1)
        first, last = f"{moment:%Y%m%d}", f"{following:%Y%m%d}"
        beside = {"startdt": str(moment), "enddt": str(following), "allday": "true"}
    google = {"action": "TEMPLATE", "text": title, "dates": f"{first}/{last}", "details": about}
    outlook = {"rru": "addevent", "subject": title, "body": about, **beside}
    return f"{_GOOGLE}?{urlencode(google)}", f"{_OUTLOOK}?{urlencode(outlook)}"


def _fields(event: Event, points: Sequence[Point], frame: Frame) -> list[tuple[str, str, str]]:
    """Name, value, and the value as a machine reads it; without a name, a block begins."""
    found: list[Field] = fields_of(
        event, points, frame.timeline, frame.language, "page.occurrences.more"
    )
    return [
        (
            translate(frame.language, field.name) if field.name else "",
            field.value,
            moment_json(field.moment) or "",
        )
        for field in found
        if field.name not in _ELSEWHERE
    ]


def _links(names: Sequence[str], frame: Frame) -> Links:
    events = {event.name: event for event in frame.timeline.events}
    agreements = {one.id: one for one in frame.timeline.agreements}
    shown = [
        Link(
            title_of(events[name], agreements[events[name].agreement], frame.language),
            foreign_language(events[name], agreements[events[name].agreement], frame.language),
            frame.addresses.event(events[name]),
        )
        for name in names[:MOST_LINKS]
    ]
    return Links(shown, len(names) - len(shown))


def _news(news: Sequence[News], frame: Frame) -> Iterator[Past]:
    zone = frame.timeline.agreements[0].timezone
    for one in news:
        day = one.updated.astimezone(zone_of(zone)).date()
        yield Past(dated(day, long_day(day, frame.language)), one.title, one.lines[:2])


def _amendments(event: Event, frame: Frame) -> Iterator[Past]:
    """The amendments that changed it, the newest first."""
    language = frame.language
    agreement = frame.timeline.agreement(event.agreement)
    signed: list[Amendment] = [
        one
        for one in agreement.amendments
        if one.on <= frame.timeline.as_of and any(c.event == event.id for c in one.changes)
    ]
    for one in reversed(signed):
        title = one.id if one.title is None else text_in(one.title, language, agreement.language)
        note = [] if one.note is None else [text_in(one.note, language, agreement.language)]
        text = frame.translate("amended", title=title)
        yield Past(dated(one.on, long_day(one.on, language)), text, note)


def _what_if(event: Event, points: Sequence[Point], frame: Frame) -> str | None:
    """Where something is supposed of it; None where that says nothing."""
    if frame.addresses.static or any(point.status == "occurred" for point in points):
        return None
    if event.is_term or event.repeating:  # of what it waits for, then
        return frame.addresses.page(WHAT_IF) if any(one.waits_for for one in points) else None
    name = event.id if len(frame.whole.agreements) == 1 else event.name
    return frame.addresses.page(WHAT_IF, [("also", name)])
