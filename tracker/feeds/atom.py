"""The Atom feed (RFC 4287): what changed, and reminders as they fall due, each with its cause.

Whoever reads it is alerted without mail, from a static site too. A change is reported once, with
the instant at which it was seen, and its entry is kept as it was (notices_of). Reminders are
computed: each is there from the instant at which it falls due, for SHOWN_FOR.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import uuid5
from xml.etree import ElementTree as ET

from tracker.agreements.keys import split_name
from tracker.agreements.model import Agreement
from tracker.feeds.calendar import Publication, title_of_feed
from tracker.feeds.entries import NAMESPACE, uid_of
from tracker.feeds.query import FeedChoice, NewsKind
from tracker.feeds.xml_text import xml_text
from tracker.i18n.changes import causes_text, sentences_on
from tracker.i18n.dates import long_day
from tracker.i18n.instants import own_moment_text
from tracker.i18n.points import day_text, grounds_of, is_some_day, label_of, lead_text, remark_on
from tracker.i18n.translate import Language, comma_list, translate
from tracker.reminders.plan import Reminder, all_reminders, is_on_eve
from tracker.reminders.recipients import Recipient
from tracker.timeline.causes import Cause
from tracker.timeline.differences import Changes, Difference
from tracker.timeline.filters import (
    Labels,
    Where,
    agreements_in,
    all_admit,
    labels_of,
    narrow,
)
from tracker.timeline.points import Point, Timeline

ATOM = "http://www.w3.org/2005/Atom"
SHOWN_FOR = timedelta(days=90)
MOST_ENTRIES = 200
ET.register_namespace("", ATOM)


class Notice(NamedTuple):
    """One entry of the feed."""

    id: str  #: a UUID
    updated: datetime
    content: bytes  #: the entry's XML
    agreement: str  #: of which it tells


class News(NamedTuple):
    """What an entry of the feed says, to be shown elsewhere."""

    title: str
    updated: datetime
    lines: tuple[str, ...]
    labels: Labels


class AtomFeed(NamedTuple):
    """A feed as it is now, and until when it stays so."""

    content: bytes
    updated: datetime
    until: datetime | None  #: when the next reminder falls due; None: none is ahead


def notices_of(changes: Changes, language: Language, now: datetime, since: str) -> list[Notice]:
    """The entries that report what changed between two views, seen at that instant.

    `since` is a digest of what was published before: the same change has the same id.
    """
    before = {agreement.id: agreement for agreement in changes.before.agreements}
    after = {agreement.id: agreement for agreement in changes.after.agreements}
    notices = []
    for difference in changes.changed:
        sentences = sentences_on(difference, changes.timeline_of(difference), language)
        if not sentences:
            continue
        point = difference.point
        agreement = (before if difference.after is None else after)[point.event.agreement]
        lines = [
            comma_list(sentences, language),
            causes_text(difference.causes, (before | after).values(), language),
            *_grounds(point, agreement, language),
        ]
        identity = str(uuid5(NAMESPACE, f"{since}/{_state(difference)}/{language}"))
        label = label_of(point, agreement, language)
        title = translate(language, "atom.change", label=label, sentence=sentences[0])
        causes = dict.fromkeys(map(_name_of_cause, difference.causes))
        text = _EntryText(title, lines, point, "change", tuple(causes))
        notices.append(_notice(identity, now, text))
    return notices


def _name_of_cause(cause: Cause) -> str:
    """The event that was changed; at the head of a file, the agreement."""
    return f"{cause.key.agreement}/{cause.key.event}" if cause.key.event else cause.key.agreement


def _state(difference: Difference) -> str:
    """What tells this change of a point from any other: the point and how it is now."""
    point = difference.after
    state = "" if point is None else f"{point.counts_to}/{point.status}"
    return f"{difference.point.first_key.path}/{','.join(difference.kinds)}/{state}"


def _grounds(point: Point, agreement: Agreement, language: Language) -> Iterator[str]:
    if point.statement is not None:
        yield translate(language, "feed.stated", stated=point.statement)
    yield from grounds_of(point.event, agreement, language)


# -- reminders


def _reminders(published: Publication, timeline: Timeline) -> list[Reminder]:
    """Every reminder of what was chosen, at nine in the agreement's zone, the earliest first."""
    points: dict[str, list[Point]] = {agreement.id: [] for agreement in timeline.agreements}
    for point in timeline.points:
        points[point.event.agreement].append(point)
    reminders: list[Reminder] = []
    for agreement in timeline.agreements:
        reader = Recipient("feed", agreement.timezone, language=published.language)
        of_agreement = timeline._replace(points=tuple(points[agreement.id]))
        reminders += all_reminders(of_agreement, [reader])
    return sorted(reminders, key=lambda reminder: reminder.due)


def _due_reminders(
    reminders: Iterable[Reminder], known_since: Mapping[str, datetime], now: datetime
) -> Iterator[Reminder]:
    """Those that have fallen due lately, of days that were known by then."""
    for reminder in reminders:
        since = known_since.get(uid_of(reminder.point), now)
        if since <= reminder.due <= now and now - reminder.due < SHOWN_FOR:
            yield reminder


def _day_of(reminder: Reminder, language: Language) -> str:
    """The day that it is about; of a forecast, before its last call, all of its days."""
    point, moment = reminder.point, reminder.point.counts_to
    if reminder.lead is not None and is_some_day(point):
        return day_text(point, language)
    if reminder.lead is not None and moment is not None:
        return own_moment_text(moment, language, reminder.recipient.timezone)
    return long_day(reminder.day, language)


def _reminder_notice(reminder: Reminder, timeline: Timeline, language: Language) -> Notice:
    point, lead = reminder.point, reminder.lead
    agreement = timeline.agreement(point.event.agreement)
    what = lead or reminder.key.kind
    moment = point.counts_to or point.last_day
    identity = uuid5(NAMESPACE, f"{point.first_key.path}/{moment}/{what}/{language}")
    some_day = is_some_day(point)
    name = "atom.reminder.last" if some_day and lead is None else "atom.reminder"
    title = translate(
        language,
        "atom.lapsed" if point.has_lapsed else name,
        label=label_of(point, agreement, language),
        day=_day_of(reminder, language),
    )
    zone = reminder.recipient.timezone
    shown = own_moment_text(moment, language, zone) if moment is not None else ""
    because = None  # a last call
    if lead is not None:
        on_eve = is_on_eve(lead, moment, reminder.recipient)
        because = (
            translate(language, "atom.because.eve", day=shown)
            if on_eve
            else translate(language, "atom.because", lead=lead_text(lead, language), day=shown)
        )
    lines = [
        because,
        remark_on(point, language, zone),
        *_grounds(point, agreement, language),
    ]
    return _notice(str(identity), reminder.due, _EntryText(title, lines, point, "reminder"))


# -- the feed


def atom_form(
    published: Publication,
    choice: FeedChoice,
    reported_changes: Iterable[bytes],
    now: datetime,
    address: str | None = None,
) -> AtomFeed:
    """The feed of what was chosen, the newest first.

    `reported_changes` are entries as they were written (notices_of); `address` is where the feed is
    read.
    """
    language = published.language
    timeline = narrow(published.timeline, choice.where)
    notices: list[Notice] = []
    if "change" in choice.kinds:
        changes = map(notice_in, reported_changes)
        renamed = {old: event.name for event in timeline.events for old in event.names[1:]}
        notices += [
            notice for notice in changes if all_admit(choice.where, _labels(notice, renamed))
        ]
    until = None
    if "reminder" in choice.kinds:
        reminders = _reminders(published, timeline)
        known_since = {entry.uid: entry.modified for entry in published.entries}
        notices += [
            _reminder_notice(reminder, timeline, language)
            for reminder in _due_reminders(reminders, known_since, now)
        ]
        until = next((reminder.due for reminder in reminders if reminder.due > now), None)
    notices.sort(key=lambda notice: (notice.updated, notice.id), reverse=True)
    notices = notices[:MOST_ENTRIES]
    updated = notices[0].updated if notices else datetime(1970, 1, 1, tzinfo=UTC)
    feed = _element(None, "feed")
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", language)
    _element(feed, "id", f"urn:uuid:{_feed_id(published, choice)}")
    _element(feed, "title", title_of_feed(published, choice))
    _element(feed, "updated", _instant(updated))
    _element(_element(feed, "author"), "name", "tracker")
    if address is not None:
        _element(feed, "link").attrib.update(rel="self", href=address)
    feed.extend(ET.fromstring(notice.content) for notice in notices)  # noqa: S314 - we wrote it
    return AtomFeed(_to_xml(feed), updated, until)


def _feed_id(published: Publication, choice: FeedChoice) -> str:
    """Of the agreements that are shown: the same whatever is loaded beside them."""
    names = sorted(agreement.id for agreement in agreements_in(published.timeline, choice.where))
    wheres = (where._replace(agreements=()) for where in choice.where)
    chosen = [
        f"Where(parties={where.parties}, tags={where.tags}, ids={where.ids})"
        for where in wheres
        if where != Where()
    ]
    where = f"({', '.join(chosen)}{',' if len(chosen) == 1 else ''})"
    return str(uuid5(NAMESPACE, f"atom/{names}/{choice.language}/{where}/{choice.kinds}"))


def notice_in(content: bytes) -> Notice:
    """The notice that an entry's XML holds."""
    entry = ET.fromstring(content)  # noqa: S314 - what we wrote ourselves
    identity = entry.findtext(f"{{{ATOM}}}id", "").removeprefix("urn:uuid:")
    updated = datetime.fromisoformat(entry.findtext(f"{{{ATOM}}}updated", ""))
    return Notice(identity, updated, content, split_name(labels_of_entry(entry).event)[0])


def newest_first(entries: Iterable[bytes]) -> list[News]:
    """What those entries say, the newest first; of one moment by event, in every language alike."""
    news = sorted(map(news_in, entries), key=lambda entry: (entry.labels.event, entry.title))
    return sorted(news, key=lambda entry: entry.updated, reverse=True)


def news_in(content: bytes) -> News:
    """What an entry's XML says."""
    notice = notice_in(content)
    entry = ET.fromstring(content)  # noqa: S314 - what we wrote ourselves
    text = entry.findtext(f"{{{ATOM}}}content", "")
    title = entry.findtext(f"{{{ATOM}}}title", "")
    return News(title, notice.updated, tuple(text.splitlines()), labels_of_entry(entry))


def changes_in(feed: bytes) -> list[bytes]:
    """The changes that a feed reports, as entries, the oldest first."""
    root = ET.fromstring(feed)  # noqa: S314 - what we published ourselves
    entries = [
        entry_xml(entry)
        for entry in root.iter(f"{{{ATOM}}}entry")
        if "change" in terms_of(entry, "kind")
    ]
    return entries[::-1]


def _labels(notice: Notice, renamed: Mapping[str, str]) -> Labels:
    """By the name that its event has now."""
    labels = labels_of_entry(ET.fromstring(notice.content))  # noqa: S314 - we wrote it
    return labels._replace(event=renamed.get(labels.event, labels.event))


def labels_of_entry(entry: ET.Element) -> Labels:
    """What the event of an entry was chosen by when the entry was written."""
    events = terms_of(entry, "event")
    return Labels(events[0] if events else "", terms_of(entry, "party"), terms_of(entry, "tag"))


def terms_of(entry: ET.Element, scheme: str) -> tuple[str, ...]:
    """The categories of an entry under that scheme."""
    return tuple(
        category.get("term", "")
        for category in entry.findall(f"{{{ATOM}}}category")
        if category.get("scheme") == f"urn:tracker:{scheme}"
    )


class _EntryText(NamedTuple):
    """What an entry says."""

    title: str
    lines: Iterable[str | None]
    point: Point
    kind: NewsKind
    causes: tuple[str, ...] = ()  #: the events because of which it is so


def _notice(identity: str, updated: datetime, text: _EntryText) -> Notice:
    """One atom:entry (RFC 4287, section 4.1.2); text is text, never markup."""
    entry = _element(None, "entry")
    _element(entry, "id", f"urn:uuid:{identity}")
    _element(entry, "title", text.title)
    _element(entry, "updated", _instant(updated))
    labels = labels_of(text.point.event)
    terms = [("kind", text.kind), ("event", labels.event)]
    terms += [("party", party) for party in labels.parties]
    terms += [("tag", tag) for tag in labels.tags]
    terms += [("cause", name) for name in text.causes]
    for scheme, term in terms:
        _element(entry, "category").attrib.update(
            scheme=f"urn:tracker:{scheme}", term=xml_text(term)
        )
    _element(entry, "content", "\n".join(line for line in text.lines if line)).set("type", "text")
    return Notice(identity, updated, entry_xml(entry), text.point.event.agreement)


def _element(parent: ET.Element | None, name: str, text: str | None = None) -> ET.Element:
    tag = f"{{{ATOM}}}{name}"
    element = ET.Element(tag) if parent is None else ET.SubElement(parent, tag)
    if text is not None:
        element.text = xml_text(text)
    return element


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def entry_xml(entry: ET.Element) -> bytes:
    """An entry as it is kept."""
    return _to_xml(entry)


def _to_xml(element: ET.Element) -> bytes:
    xml: bytes = ET.tostring(
        element, encoding="utf-8", xml_declaration=element.tag == f"{{{ATOM}}}feed"
    )
    return xml
