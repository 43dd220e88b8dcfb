"""One event: the answer for each of its points, why, what it rests on, and how to follow it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from tracker.agreements.keys import PointKey
from tracker.agreements.model import Event, Texts, language_in, text_in
from tracker.agreements.references import References, references_among
from tracker.dates.instants import Instant, is_aoe_day, local_day, zone_of
from tracker.feeds.json import moment_json, occurrence_json
from tracker.i18n.dates import long_day, occurrence_text
from tracker.i18n.directions import without_isolates
from tracker.i18n.event_fields import fields_of
from tracker.i18n.explanation import (
    ExplanationStep,
    answer_text,
    counted_text,
    explanation_tree,
)
from tracker.i18n.points import (
    answer_bounds_text,
    counted_day_text,
    day_text,
    foreign_language,
    is_some_day,
    label_of,
    possible_days_text,
    remark_on,
    title_of,
)
from tracker.i18n.translate import Language, comma_list, translate
from tracker.timeline.agenda import next_of_each
from tracker.timeline.points import Point
from tracker.web.addresses import ATOM_FEED
from tracker.web.event_links import EventLink, EventLinks
from tracker.web.page import Countdown, Dated, Frame
from tracker.web.pages.edit import EventWork
from tracker.web.pages.subscribe import webcal_url
from tracker.web.pages.what_if import WHAT_IF

#: Points below one another in an explanation; each has a page of its own to go on with.
DEEPEST = 8
MOST_LINKS = 50
#: The fields of point_fields().
POINT_FIELDS = ("point", "occurrence", "day")
#: So many points that have passed with nothing recorded are answered one by one.
MOST_PASSED = 5
_GOOGLE = "https://calendar.google.com/calendar/render"
_OUTLOOK = "https://outlook.live.com/calendar/0/action/compose"
#: What a page says elsewhere than in the list of fields.
_ELSEWHERE = frozenset(("show.quote", "show.source", "show.note", "show.url"))


class PointAnswer(NamedTuple):
    """What can be said of one point."""

    label: str
    sentences: list[str]
    day: Dated | None
    countdown: Countdown | None
    why: ExplanationStep
    google: str | None
    outlook: str | None
    has_button: bool  #: whether it can be acknowledged here
    acknowledged: bool  #: nobody is reminded of it
    fields: dict[str, str]  #: what names it in a form


class LinkList(NamedTuple):
    """Other events, and how many more there are."""

    shown: list[EventLink]
    more: int


class PastChange(NamedTuple):
    """Something that changed."""

    day: Dated
    title: str
    lines: Sequence[str]


class Buttons(NamedTuple):
    """What its reader may do on the page."""

    acknowledged: Collection[PointKey]  #: the points that are
    available: Collection[PointKey]  #: those that can be


def event_page(
    frame: Frame,
    event: Event,
    buttons: Buttons | None = None,
    references: References | None = None,
    work: EventWork | None = None,
) -> str:
    """The page; `references` says who names whom, where that is known already."""
    language, timeline, addresses = frame.language, frame.timeline, frame.addresses
    agreement = timeline.agreement(event.agreement)
    source = agreement.source(event.source)
    points = timeline.of(event)
    unrecorded = [point for point in points if point.has_passed][-MOST_PASSED:]
    ahead = [point for point in next_of_each(points) if point not in unrecorded]
    feed, query = addresses.feed_of_event(event)
    feed_url = addresses.feed_url(feed, query)
    references = references or references_among(timeline.events)
    return frame.render(
        "event",
        None,
        title=title_of(event, agreement, language),
        foreign=foreign_language(event, agreement, language),
        note_foreign=event.note and language_in(event.note, language, agreement.language),
        source_foreign=source and language_in(source.title, language, agreement.language),
        event=event,
        work=work,
        answers=[_answer(point, frame, buttons, feed_url) for point in (*unrecorded, *ahead)],
        fields=_fields(event, points, frame),
        quote=event.quote,
        quote_language=source.language if source and source.language else agreement.language,
        source=source,
        source_title=source and text_in(source.title, language, agreement.language),
        note=event.note and text_in(event.note, language, agreement.language),
        names=_links(references.names.get(event.name, ()), frame),
        named_by=_links(references.named_by.get(event.name, ()), frame),
        history=[*_reported_changes(event, frame), *_amendments(event, frame)],
        feed=addresses.feed(feed, query),
        webcal=None if feed_url is None else webcal_url(feed_url),
        atom=None if addresses.static else addresses.feed(ATOM_FEED.file, query),
        what_if=_what_if(event, points, frame),
    )


def _answer(
    point: Point, frame: Frame, buttons: Buttons | None, feed_url: str | None
) -> PointAnswer:
    language, moment = frame.language, point.counts_to
    return PointAnswer(
        _heading(point, language),
        list(_sentences(point, language)),
        None if moment is None else frame.dated(moment, _big_day(point, language)),
        frame.countdown(point),
        explanation_tree(point, frame.timeline, language, DEEPEST),
        *_add_links(point, frame, feed_url),
        buttons is not None and point.key in buttons.available,
        buttons is not None and point.key in buttons.acknowledged,
        point_fields(point),
    )


def _big_day(point: Point, language: Language) -> str:
    """The day that the answer is headed by; of a forecast all of its days."""
    return day_text(point, language) if is_some_day(point) else counted_day_text(point, language)


def point_fields(point: Point) -> dict[str, str]:
    """What names a point, and the day that it counts to, in a form of ours."""
    occurrence, day = occurrence_json(point.occurrence), moment_json(point.counts_to)
    return dict(zip(POINT_FIELDS, (point.side, occurrence or "", day or ""), strict=True))


def _heading(point: Point, language: Language) -> str:
    """What tells a point of the event from its others; nothing where there is one alone."""
    side = translate(language, f"side.{point.side}") if point.event.is_term else ""
    which = "" if point.occurrence is None else occurrence_text(point.occurrence, language)
    last = translate(language, "show.last-day") if point.status == "option" and point.day else ""
    heading = comma_list((part for part in (side, which, last) if part), language)
    if heading.startswith(str(point.occurrence)):
        return heading  # a name is as it was given
    return heading[:1].upper() + heading[1:]


def _sentences(point: Point, language: Language) -> Iterator[str]:
    """What is to be known beside the day that stands."""
    if point.has_passed:
        yield translate(language, "agenda.passed")
    if remark := remark_on(point, language):
        yield remark
    # What is headed by all of its days needs no line for them.
    is_told = is_some_day(point) and point.stands == (point.earliest, point.latest)
    if not (point.has_lapsed or is_told) and (point.day is None or not point.bounds.exact):
        yield answer_bounds_text(point, language)
    if (counted := counted_text(point, language)) is not None:
        yield counted


def _add_links(point: Point, frame: Frame, feed_url: str | None) -> tuple[str | None, str | None]:
    """Where Google and Outlook write one entry down, once and for all, as it stands today."""
    moment = point.counts_to
    if moment is None or point.past:
        return None, None
    agreement = frame.timeline.agreement(point.event.agreement)
    title = label_of(point, agreement, frame.language)
    if is_some_day(point) and (remark := possible_days_text(point, frame.language)):
        title = translate(frame.language, "feed.tentative", label=title, remark=remark)
    about = "\n".join(
        [*answer_text(point, frame.timeline, frame.language), *([feed_url] if feed_url else ())]
    )
    title, about = without_isolates(title), without_isolates(about)
    if is_aoe_day(moment):
        title, moment = f"{title} (AoE)", local_day(moment)
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
    fields = fields_of(event, points, frame.timeline, frame.language, "page.occurrences.more")
    return [
        (
            translate(frame.language, field.name) if field.name else "",
            field.value,
            moment_json(field.moment) or "",
        )
        for field in fields
        if field.name not in _ELSEWHERE
    ]


def _links(names: Sequence[str], frame: Frame) -> LinkList:
    events = {event.name: event for event in frame.timeline.events}
    links = EventLinks(frame)
    shown = [links.to_event(events[name]) for name in names[:MOST_LINKS]]
    return LinkList(shown, len(names) - len(shown))


def _reported_changes(event: Event, frame: Frame) -> Iterator[PastChange]:
    zone = frame.timeline.agreements[0].timezone
    for change in frame.news():
        if change.labels.event in event.names:
            day = change.updated.astimezone(zone_of(zone)).date()
            dated = Dated.of(day, long_day(day, frame.language))
            yield PastChange(dated, change.title, change.lines[:2])


def _amendments(event: Event, frame: Frame) -> Iterator[PastChange]:
    """The amendments that changed it, the newest first."""
    language = frame.language
    agreement = frame.timeline.agreement(event.agreement)
    amendments = [
        amendment
        for amendment in agreement.amendments
        if amendment.on <= frame.timeline.as_of
        and any(change.event == event.id for change in amendment.changes)
    ]

    def text(texts: Texts) -> str:
        return text_in(texts, language, agreement.language)

    for amendment in reversed(amendments):
        title = amendment.id if amendment.title is None else text(amendment.title)
        note = [] if amendment.note is None else [text(amendment.note)]
        dated = Dated.of(amendment.on, long_day(amendment.on, language))
        yield PastChange(dated, frame.translate("amended", title=title), note)


def _what_if(event: Event, points: Sequence[Point], frame: Frame) -> str | None:
    """Where something is supposed of it; None where that says nothing."""
    if frame.addresses.static or any(point.status == "occurred" for point in points):
        return None
    if event.is_term or event.repeating:  # of what it waits for, then
        return frame.addresses.page(WHAT_IF) if any(point.waits_for for point in points) else None
    name = event.id if len(frame.whole.agreements) == 1 else event.name
    return frame.addresses.page(WHAT_IF, [("also", name)])
