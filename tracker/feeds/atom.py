"""The Atom feed (RFC 4287): what changed, and reminders as they fall due, each with its cause.

Whoever reads it is alerted without mail, from a static site too. A change is told once, with the
instant at which it was seen, and is kept as it was told (notices_of). Reminders are computed: each
is there from the instant at which it falls due, for SHOWN_FOR.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import uuid5
from xml.etree import ElementTree as ET

from tracker.agreements.model import Agreement
from tracker.feeds.calendar import Publication, title_of_feed
from tracker.feeds.entries import NAMESPACE, identity_of, uid_of
from tracker.feeds.query import FeedChoice, Kind
from tracker.feeds.xml_text import xml_text
from tracker.i18n.changes import causes_text, sentences_on
from tracker.i18n.dates import long_day, long_moment
from tracker.i18n.points import grounds_of, label_of, lead_text, remark_on
from tracker.i18n.translate import Language, comma_list, translate
from tracker.reminders.plan import Reminder, all_reminders
from tracker.reminders.recipients import Recipient
from tracker.timeline.differences import Changes, Difference
from tracker.timeline.filters import Labels, admitted, labels_of, narrowed
from tracker.timeline.points import Point, Timeline

ATOM = "http://www.w3.org/2005/Atom"
SHOWN_FOR = timedelta(days=90)
MOST = 200
ET.register_namespace("", ATOM)


class Notice(NamedTuple):
    """One entry of the feed."""

    id: str  #: a UUID
    updated: datetime
    content: bytes  #: the entry's XML


class News(NamedTuple):
    """What an entry of the feed says, to be shown elsewhere."""

    title: str
    updated: datetime
    lines: tuple[str, ...]
    labels: Labels


class AtomFeed(NamedTuple):
    """The bytes of a feed, and until when they are right."""

    content: bytes
    updated: datetime
    until: datetime | None  #: a reminder falls due; None: nothing is ahead


def notices_of(found: Changes, language: Language, now: datetime, since: str) -> list[Notice]:
    """What is told of the changes between two views, in one language, seen at that instant.

    `since` is a digest of what was published before: the same change told again is the same notice.
    """
    before = {one.id: one for one in found.before.agreements}
    after = {one.id: one for one in found.after.agreements}
    notices = []
    for one in found.changed:
        sentences = sentences_on(one, language)
        if not sentences:
            continue
        agreement = (before if one.after is None else after)[one.point.event.agreement]
        told = comma_list(sentences, language)
        label = label_of(one.point, agreement, language)
        because = causes_text(one.causes, (before | after).values(), language)
        lines = [told, because, *_grounds(one.point, agreement, language)]
        identity = str(uuid5(NAMESPACE, f"{since}/{_state(one)}/{language}"))
        title = translate(language, "atom.change", label=label, sentence=sentences[0])
        notices.append(_notice(identity, now, _Told(title, lines, one.point, "change")))
    return notices


def _state(one: Difference) -> str:
    """What tells this change of a point from any other: the point and how it is now."""
    after = "" if one.after is None else f"{one.after.counts_to}/{one.after.status}"
    return f"{identity_of(one.point)}/{','.join(one.kinds)}/{after}"


def _grounds(point: Point, agreement: Agreement, language: Language) -> Iterator[str]:
    if point.stated is not None:
        yield translate(language, "feed.stated", stated=point.stated)
    yield from grounds_of(point.event, agreement, language)


# -- reminders


def _reminders(published: Publication, timeline: Timeline) -> list[Reminder]:
    """Every reminder of what was chosen, at nine in the agreement's zone."""
    theirs: dict[str, list[Point]] = {one.id: [] for one in timeline.agreements}
    for point in timeline.points:
        theirs[point.event.agreement].append(point)
    found: list[Reminder] = []
    for agreement in timeline.agreements:
        reader = Recipient("feed", agreement.timezone, language=published.language)
        found += all_reminders(timeline._replace(points=tuple(theirs[agreement.id])), [reader])
    return sorted(found, key=lambda one: one.due)


def _due(
    reminders: Iterable[Reminder], known: Mapping[str, datetime], now: datetime
) -> Iterator[Reminder]:
    """Those that have fallen due lately, of days that were known by then."""
    for one in reminders:
        since = known.get(uid_of(one.point), now)
        if since <= one.due <= now and now - one.due < SHOWN_FOR:
            yield one


def _told(one: Reminder, timeline: Timeline, language: Language) -> Notice:
    point = one.point
    agreement = timeline.agreement(point.event.agreement)
    identity = str(
        uuid5(
            NAMESPACE,
            f"{identity_of(point)}/{point.counts_to}/{one.lead or one.key.kind}/{language}",
        )
    )
    title = translate(
        language,
        "atom.reminder",
        label=label_of(point, agreement, language),
        day=long_day(one.day, language),
    )
    moment = point.counts_to
    shown = long_moment(moment, language) if moment is not None else ""
    lead = one.lead
    lines = [
        None
        if lead is None  # a last call
        else translate(language, "atom.because", lead=lead_text(lead, language), day=shown),
        remark_on(point, language),
        *_grounds(point, agreement, language),
    ]
    return _notice(identity, one.due, _Told(title, lines, point, "reminder"))


# -- the feed


def atom_form(
    published: Publication,
    choice: FeedChoice,
    told: Sequence[bytes],
    now: datetime,
    address: str | None = None,
) -> AtomFeed:
    """The feed of what was chosen, the newest first.

    `told` are the changes that were told, as entries; `address` is where the feed is read.
    """
    language = published.language
    timeline = narrowed(published.timeline, choice.where)
    notices: list[Notice] = []
    if "change" in choice.kinds:
        notices += [one for one in map(notice_in, told) if admitted(choice.where, _labels(one))]
    until = None
    if "reminder" in choice.kinds:
        reminders = _reminders(published, timeline)
        known = {entry.uid: entry.modified for entry in published.entries}
        notices += [_told(one, timeline, language) for one in _due(reminders, known, now)]
        until = next((one.due for one in reminders if one.due > now), None)
    notices.sort(key=lambda one: (one.updated, one.id), reverse=True)
    notices = notices[:MOST]
    updated = notices[0].updated if notices else datetime(1970, 1, 1, tzinfo=UTC)
    feed = _element(None, "feed")
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", language)
    _element(feed, "id", f"urn:uuid:{_feed_id(published, choice)}")
    _element(feed, "title", title_of_feed(published, choice))
    _element(feed, "updated", _instant(updated))
    _element(_element(feed, "author"), "name", "tracker")
    if address is not None:
        _element(feed, "link").attrib.update(rel="self", href=address)
    feed.extend(ET.fromstring(one.content) for one in notices)  # noqa: S314 - we wrote it
    return AtomFeed(_printed(feed), updated, until)


def _feed_id(published: Publication, choice: FeedChoice) -> str:
    agreements = sorted(one.id for one in published.timeline.agreements)
    return str(
        uuid5(NAMESPACE, f"atom/{agreements}/{choice.language}/{choice.where}/{choice.kinds}")
    )


def notice_in(content: bytes) -> Notice:
    """The notice that an entry's XML holds."""
    entry = ET.fromstring(content)  # noqa: S314 - what we wrote ourselves
    identity = entry.findtext(f"{{{ATOM}}}id", "").removeprefix("urn:uuid:")
    updated = datetime.fromisoformat(entry.findtext(f"{{{ATOM}}}updated", ""))
    return Notice(identity, updated, content)


def newest_first(told: Iterable[bytes]) -> list[News]:
    """What those entries say, the newest first; of one moment by event, in every language alike."""
    found = sorted(map(news_in, told), key=lambda one: (one.labels.event, one.title))
    return sorted(found, key=lambda one: one.updated, reverse=True)


def news_in(content: bytes) -> News:
    """What an entry's XML says."""
    notice = notice_in(content)
    entry = ET.fromstring(content)  # noqa: S314 - what we wrote ourselves
    text = entry.findtext(f"{{{ATOM}}}content", "")
    title = entry.findtext(f"{{{ATOM}}}title", "")
    return News(title, notice.updated, tuple(text.splitlines()), _labels(notice))


def changes_in(feed: bytes) -> list[bytes]:
    """The changes that a feed told, as entries, the oldest first."""
    root = ET.fromstring(feed)  # noqa: S314 - what we published ourselves
    found = [
        _printed(entry)
        for entry in root.iter(f"{{{ATOM}}}entry")
        if any(one.get("term") == "change" for one in _categories(entry, "kind"))
    ]
    return found[::-1]


def _labels(notice: Notice) -> Labels:
    entry = ET.fromstring(notice.content)  # noqa: S314 - we wrote it
    terms = {
        scheme: tuple(one.get("term", "") for one in _categories(entry, scheme))
        for scheme in ("event", "party", "tag")
    }
    return Labels(terms["event"][0] if terms["event"] else "", terms["party"], terms["tag"])


def _categories(entry: ET.Element, scheme: str) -> list[ET.Element]:
    found = entry.findall(f"{{{ATOM}}}category")
    return [one for one in found if one.get("scheme") == f"urn:tracker:{scheme}"]


class _Told(NamedTuple):
    """What an entry says."""

    title: str
    lines: Iterable[str | None]
    point: Point
    kind: Kind


def _notice(identity: str, updated: datetime, told: _Told) -> Notice:
    """One atom:entry (RFC 4287, section 4.1.2); text is text, never markup."""
    title, lines, point, kind = told
    entry = _element(None, "entry")
    _element(entry, "id", f"urn:uuid:{identity}")
    _element(entry, "title", title)
    _element(entry, "updated", _instant(updated))
    labels = labels_of(point.event)
    terms = [("kind", kind), ("event", labels.event)]
    terms += [("party", one) for one in labels.parties] + [("tag", one) for one in labels.tags]
    for scheme, term in terms:
        _element(entry, "category").attrib.update(
            scheme=f"urn:tracker:{scheme}", term=xml_text(term)
        )
    _element(entry, "content", "\n".join(line for line in lines if line)).set("type", "text")
    return Notice(identity, updated, _printed(entry))


def _element(parent: ET.Element | None, name: str, text: str | None = None) -> ET.Element:
    tag = f"{{{ATOM}}}{name}"
    element = ET.Element(tag) if parent is None else ET.SubElement(parent, tag)
    if text is not None:
        element.text = xml_text(text)
    return element


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def _printed(element: ET.Element) -> bytes:
    found: bytes = ET.tostring(
        element, encoding="utf-8", xml_declaration=element.tag == f"{{{ATOM}}}feed"
    )
    return found
