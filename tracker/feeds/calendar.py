"""The timeline as an iCalendar feed (RFC 5545, RFC 7986).

What clients make of it: Google refreshes every 8 to 24 hours, and drops alarms and CANCELLED
events; Apple honours REFRESH-INTERVAL; Outlook wants X-PUBLISHED-TTL and BUSYSTATUS; a METHOD line
makes some treat a feed as an invitation, so there is none. Nothing here moves with today: two
builds from the same facts are the same bytes.

drafts() makes the entry of each point, publication() joins them with what was published before, and
calendar_form() writes what one subscriber asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from icalendar import Calendar, vDuration

from tracker.agreements.keys import PointKey, split_name
from tracker.agreements.model import RECORDED, Agreement, ByOccurrence
from tracker.dates.calendars import Uncovered
from tracker.dates.instants import Moment, day_in, is_zone
from tracker.feeds.alarms import AlarmWriter
from tracker.feeds.cancelled import cancelled_content
from tracker.feeds.entries import (
    CalendarPoint,
    content_of,
    labels_in,
    todo_uid_of,
    uid_of,
)
from tracker.feeds.history import CANCELLED_FOR, Entry, merge_entries, utc_day
from tracker.feeds.query import FeedChoice
from tracker.feeds.zones import rules_of, timezone_component
from tracker.i18n.dates import long_day
from tracker.i18n.directions import without_isolates
from tracker.i18n.points import titles_text
from tracker.i18n.translate import Language, comma_list, translate
from tracker.timeline.filters import Labels, all_admit, labels_of, narrow
from tracker.timeline.points import Point, Timeline
from tracker.timeline.resolver import resolve

REFRESH = timedelta(hours=12)
_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)
_END = b"END:VCALENDAR\r\n"
_ZONED = re.compile(rb"^DTSTART;TZID=([^:;\r]+):", re.MULTILINE)


class Draft(NamedTuple):
    """The entry that one point is to have."""

    point: Point
    entry: Entry | None  #: None: nothing, for it can no longer come


class Drafts(NamedTuple):
    """The entries that the points of a timeline are to have, in one language."""

    agreements: Mapping[str, tuple[object, ...]]  #: what entries take from their agreement
    by_key: Mapping[PointKey, Draft]


class Publication(NamedTuple):
    """What is published of a timeline in one language: every form is made from this."""

    timeline: Timeline
    language: Language
    drafts: Drafts
    entries: tuple[Entry, ...]  #: by UID, those of the past and the cancelled ones too


def drafts(timeline: Timeline, language: Language, before: Drafts | None = None) -> Drafts:
    """The draft of each point; where nothing changed it is the one of `before`."""
    agreements = {agreement.id: agreement for agreement in timeline.agreements}
    used = {
        name: (agreement.language, agreement.sources, agreement.zone)
        for name, agreement in agreements.items()
    }
    same = {
        name for name in used if before is not None and before.agreements.get(name) == used[name]
    }
    old = before.by_key if before is not None else {}
    gone = _RecentlyGone(timeline)
    by_key: dict[PointKey, Draft] = {}
    for point in timeline.points:
        key, event = point.key, point.event
        draft = old.get(key) if event.agreement in same else None
        is_gone = event.withdrawn or point.has_lapsed
        if draft is not None and draft.point == point and not is_gone:
            by_key[key] = draft
            continue
        shown = _calendar_point(point, gone)
        entry = None
        if shown is not None:
            agreement = agreements[event.agreement]
            content = content_of(shown, agreement, language)
            if point.counts_to is None and shown.moment is not None:
                content = cancelled_content(content, language, _withdrawal_text(point, language))
            uid = todo_uid_of(point) if shown.moment is None else uid_of(point)
            entry = Entry(uid, event.name, content, utc_day(shown.moment), 0, _UNKNOWN)
        by_key[key] = Draft(point, entry)
    return Drafts(used, by_key)


def publication(
    timeline: Timeline,
    language: Language,
    earlier: Mapping[str, Entry] | None = None,
    now: datetime | None = None,
    before: Drafts | None = None,
) -> Publication:
    """What is to be published of a timeline.

    `earlier` are the entries that were published last, by UID, and `now` is the instant at which it
    is published again, in UTC. Without them there is no history.
    """
    current = drafts(timeline, language, before)
    entries = [draft.entry for draft in current.by_key.values() if draft.entry is not None]
    names = {agreement.id for agreement in timeline.agreements}
    ours = {uid: entry for uid, entry in (earlier or {}).items() if entry.agreement in names}
    if not ours:
        stamps = {
            agreement.id: _stamp(agreement, timeline.as_of) for agreement in timeline.agreements
        }
        entries = [entry._replace(modified=stamps[entry.agreement]) for entry in entries]
    if now is None:
        entries.sort(key=lambda entry: entry.uid)
    else:
        events = frozenset(event.name for event in timeline.events)
        entries = merge_entries(entries, ours, events, language, now)
    return Publication(timeline, language, current, tuple(entries))


def _calendar_point(point: Point, gone: _RecentlyGone) -> CalendarPoint | None:
    """The point as its entry has it; None where it has no entry."""
    if point.counts_to is not None:
        return CalendarPoint(point, point.counts_to, _status(point))
    if (before := gone.point(point)) is not None and before.counts_to is not None:
        shown = before._replace(status="never") if point.has_lapsed else before
        return CalendarPoint(shown, before.counts_to, _status(shown))
    waits = point.status in ("waiting", "option")
    return CalendarPoint(point, None, "NEEDS-ACTION") if waits else None


def _withdrawal_text(point: Point, language: Language) -> str | None:
    """Since when a point is withdrawn; None: it has lapsed, which its entry says itself."""
    withdrawn = point.event.withdrawal(point.occurrence)
    if point.has_lapsed or withdrawn is None:
        return None
    return translate(language, "feed.cancelled.withdrawn", day=long_day(withdrawn, language))


def _status(point: Point) -> str:
    """RFC 5545, section 3.8.1.11: what may still move is tentative, and what need not happen."""
    return "TENTATIVE" if point.status in ("window", "may-move", "option") else "CONFIRMED"


# -- what one subscriber asked for


def calendar_form(published: Publication, choice: FeedChoice) -> bytes:
    """The feed of what was chosen."""
    entries = list(chosen_entries(published, choice))
    bodies = [entry.to_ical() for entry in entries]
    head = _head(published, choice, _zones(bodies))
    if choice.alarms:
        alarms = AlarmWriter(choice.alarms, choice.language)
        bodies = [alarms.add_to(body, entry) for entry, body in zip(entries, bodies, strict=True)]
    return b"".join((head, *bodies, _END))


def publications_by_event(published: Publication) -> dict[str, Publication]:
    """The publication of each event alone, of those too that are gone and still shown."""
    timeline = published.timeline
    agreements = {agreement.id: agreement for agreement in timeline.agreements}
    entries: dict[str, list[Entry]] = {event.name: [] for event in timeline.events}
    for entry in published.entries:
        entries.setdefault(entry.event, []).append(entry)
    drafts_by_event: dict[str, dict[PointKey, Draft]] = {}
    for key, draft in published.drafts.by_key.items():
        drafts_by_event.setdefault(draft.point.event.name, {})[key] = draft
    return {
        name: published._replace(
            timeline=timeline._replace(
                agreements=tuple(
                    agreement
                    for agreement in (agreements.get(split_name(name)[0]),)
                    if agreement is not None
                ),
                events=(),
                points=(),
            ),
            drafts=Drafts(published.drafts.agreements, drafts_by_event.get(name, {})),
            entries=tuple(of_event),
        )
        for name, of_event in entries.items()
    }


class EntryWrapper:
    """Puts single entries of a timeline into calendars of their own."""

    def __init__(self, timeline: Timeline, language: Language) -> None:
        self._timeline = timeline
        self._language = language
        self._heads: dict[tuple[tuple[str, ...], tuple[str, ...]], bytes] = {}

    def wrap(self, entry: Entry) -> bytes:
        """A calendar that holds that entry."""
        return self.wrap_all([entry])

    def wrap_all(self, entries: Sequence[Entry]) -> bytes:
        """A calendar that holds those entries; nothing where there are none."""
        if not entries:
            return b""
        bodies = [entry.to_ical() for entry in entries]
        names = tuple(sorted({entry.agreement for entry in entries}))
        key = names, tuple(_zones(bodies))
        if key not in self._heads:
            agreements = tuple(
                agreement for agreement in self._timeline.agreements if agreement.id in names
            )
            timeline = self._timeline._replace(agreements=agreements)
            published = Publication(timeline, self._language, Drafts({}, {}), ())
            self._heads[key] = _head(published, FeedChoice(self._language), list(key[1]))
        return b"".join((self._heads[key], *bodies, _END))


def entry_of(point: Point, agreement: Agreement, language: Language) -> Entry | None:
    """The entry of a point, without history; None where it has no day."""
    if point.counts_to is None:
        return None
    content = content_of(CalendarPoint(point, point.counts_to, _status(point)), agreement, language)
    return Entry(uid_of(point), point.event.name, content, utc_day(point.counts_to), 0, _UNKNOWN)


def chosen_entries(published: Publication, choice: FeedChoice) -> Iterator[Entry]:
    """The entries of what was chosen, by UID."""
    today = published.timeline.as_of
    entries = (
        entry
        for entry in published.entries
        if (choice.waiting or not entry.is_todo) and (choice.cancelled or not entry.is_cancelled)
    )
    if not choice.where and choice.past:
        yield from entries
        return
    points = _points_by_uid(published)
    events = {event.name: event for event in published.timeline.events}
    for entry in entries:
        point = points.get(entry.uid)
        event = events.get(entry.event) if point is None else point.event
        labels = labels_in(entry.content) if event is None else labels_of(event)
        past = entry.day < today if point is None else point.is_behind
        if all_admit(choice.where, labels) and (choice.past or not past):
            yield entry


def published_labels(published: Publication) -> list[Labels]:
    """The labels of each event, and of those that are gone and still shown."""
    events = published.timeline.events
    names = {event.name for event in events}
    gone = (entry for entry in published.entries if entry.event not in names)
    return [*map(labels_of, events), *(labels_in(entry.content) for entry in gone)]


def _points_by_uid(published: Publication) -> dict[str, Point]:
    return {
        draft.entry.uid: draft.point
        for draft in published.drafts.by_key.values()
        if draft.entry is not None
    }


def _zones(bodies: Iterable[bytes]) -> list[str]:
    """The zones by whose clocks entries state their time, those of cancelled ones too."""
    zoned = (body for body in bodies if b"\nDTSTART;TZID=" in body)
    names = {match[1].decode() for body in zoned for match in _ZONED.finditer(body)}
    return sorted(name for name in names if is_zone(name) and rules_of(name) is not None)


def _head(published: Publication, choice: FeedChoice, zones: list[str]) -> bytes:
    """All that stands before the entries: RFC 5545, section 3.7, and RFC 7986, section 5."""
    calendar = Calendar()
    calendar.add("PRODID", "-//tracker//tracker//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    name = without_isolates(title_of_feed(published, choice))
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("REFRESH-INTERVAL", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH))
    for zone in zones:
        calendar.add_component(timezone_component(zone))
    content: bytes = calendar.to_ical()
    return content.removesuffix(_END)  # the last one: a title may hold these words as well


def title_of_feed(published: Publication, choice: FeedChoice) -> str:
    """What a feed is called: its agreements, and what was chosen of them."""
    language = published.language
    agreements = narrow(published.timeline, choice.where).agreements
    if not agreements:  # what was chosen is gone, and may still be shown
        gone = {entry.agreement for entry in chosen_entries(published, choice)}
        there = published.timeline.agreements
        agreements = tuple(agreement for agreement in there if agreement.id in gone)
    name = titles_text(sorted(agreements, key=lambda agreement: agreement.id), language)
    chosen_names = dict.fromkeys(
        name for where in choice.where for name in (*where.parties, *where.tags, *where.ids)
    )
    if not chosen_names:
        return name
    if not name:
        return comma_list(chosen_names, language)
    return translate(language, "feed.of", title=name, names=comma_list(chosen_names, language))


def _stamp(agreement: Agreement, as_of: date) -> datetime:
    """00:00Z of the newest day that the file itself names as past, else 1970-01-01."""
    days: list[Moment | None] = [amendment.on for amendment in agreement.amendments]
    recorded = [getattr(event, name) for event in agreement.events for name in RECORDED]
    recorded += [
        value
        for amendment in agreement.amendments
        for change in amendment.changes
        for name, value in change.sets
        if name in RECORDED
    ]
    for record in recorded:
        days += [day for _, day in record.days] if isinstance(record, ByOccurrence) else [record]
    zone = agreement.timezone
    past = [day for moment in days if moment and (day := day_in(moment, zone)) <= as_of]
    return datetime.combine(max(past, default=date(1970, 1, 1)), time(), UTC)


class _RecentlyGone:
    """Points as they were before they were withdrawn or lapsed, for a year after that."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._views: dict[date, dict[PointKey, Point]] = {}

    def point(self, point: Point) -> Point | None:
        """The point as it was; None where it has not gone within the last year."""
        last, as_of = _last_day_of(point), self._timeline.as_of
        if last is None or last > as_of or as_of - last > CANCELLED_FOR:
            return None
        if last == as_of and not point.has_lapsed:  # what lapses at an instant does within its day
            return None
        if last not in self._views:
            self._views[last] = self._view(last)
        return self._views[last].get(point.key)

    def _view(self, day: date) -> dict[PointKey, Point]:
        """The points of that day; none where business days had no data in that view."""
        try:
            points = resolve(self._timeline.agreements, day).points
        except Uncovered:
            return {}
        return {point.key: point for point in points}


def _last_day_of(point: Point) -> date | None:
    """The last on which a point was there that was withdrawn, or has lapsed; None of any other."""
    if point.has_lapsed and point.last_day is not None:
        return day_in(point.last_day, point.zone)
    withdrawn = point.event.withdrawal(point.occurrence)
    return None if withdrawn is None or withdrawn == date.min else withdrawn - timedelta(days=1)
