"""The timeline as an iCalendar feed (RFC 5545, RFC 7986).

What clients make of it: Google refreshes every 8 to 24 hours, and drops alarms and CANCELLED
events; Apple honours REFRESH-INTERVAL; Outlook wants X-PUBLISHED-TTL and BUSYSTATUS; a METHOD line
makes some treat a feed as an invitation, so there is none. Nothing here moves with today: two
builds from the same facts are the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

from icalendar import Calendar, Event, vDuration

from tracker.dates.business_days import Uncovered
from tracker.dates.moments import Instant, Moment, day_in
from tracker.feeds.history import CANCELLED_FOR, Entry, merged
from tracker.timeline.events import Agreement, ByOccurrence, Key, text_in
from tracker.timeline.points import Point, Timeline
from tracker.timeline.resolve import resolve
from tracker.wording.points import grounds_of, label_of, moves_text, remark_on
from tracker.wording.sentences import Language, say

#: The namespace of every UID, for ever: whoever changes it duplicates every subscriber's calendar.
NAMESPACE = UUID("6f0d3c1e-4b57-5c0a-9a43-0c6a2f1b7d52")
REFRESH = timedelta(hours=12)


class Feed(NamedTuple):
    """The bytes of a feed, and what is and is not in it."""

    content: bytes
    shown: int
    left_out: dict[str, int]  #: points without a day, by status: waiting, never
    entries: tuple[Entry, ...] = ()  #: to be remembered, for the next time


def uid_of(point: Point) -> str:
    """The identity of a point's entry, for ever: of agreement/event/point and the occurrence.

    Of a renamed event it is that of the id that it had first (`was`, the oldest first). RFC 7986,
    section 5.3, asks for a globally unique value that tells nothing of its maker.
    """
    event = point.event
    name = f"{event.agreement}/{event.was[0]}" if event.was else event.name
    occurrence = f"/{point.occurrence}" if point.occurrence is not None else ""
    return str(uuid5(NAMESPACE, f"{name}/{point.side}{occurrence}"))


def calendar_of(
    timeline: Timeline,
    language: Language,
    known: Mapping[str, Entry] | None = None,
    now: datetime | None = None,
) -> Feed:
    """The feed of a timeline, its texts in that language.

    `known` are the entries that this feed had when it was made last, by UID, and `now` is the
    instant at which it is made again, in UTC. Without them the feed has no history.
    """
    stamps = {one.id: _stamp(one, timeline.as_of) for one in timeline.agreements}
    agreements = {one.id: one for one in timeline.agreements}
    lately = _WithdrawnLately(timeline)
    built = []
    left_out: Counter[str] = Counter()
    for point in timeline.points:
        agreement = agreements[point.event.agreement]
        shown, status = point, _status(point)
        if point.counts_to is None and (before := lately.point(point)):
            shown, status = before, "CANCELLED"
        if shown.counts_to is None:
            left_out[point.status] += 1
            continue
        about = _Shown(shown, shown.counts_to, status)
        built.append(_entry(about, agreement, language, stamps[agreement.id]))
    if known is None or now is None:
        entries = sorted(built, key=lambda entry: entry.uid)
    else:
        events = frozenset(event.name for event in timeline.events)
        ours = {uid: one for uid, one in known.items() if one.event.split("/")[0] in agreements}
        entries = merged(built, ours, events, now)
    head, end = _head(timeline, language).to_ical().split(b"END:VCALENDAR")
    content = head + b"".join(entry.printed() for entry in entries) + b"END:VCALENDAR" + end
    return Feed(content, len(built), dict(sorted(left_out.items())), tuple(entries))


def _head(timeline: Timeline, language: Language) -> Calendar:
    """RFC 5545, section 3.7, and RFC 7986, section 5."""
    calendar = Calendar()
    calendar.add("PRODID", "-//tracker//tracker//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    ordered = sorted(timeline.agreements, key=lambda agreement: agreement.id)
    name = say(language, "comma").join(
        text_in(agreement.title, language, agreement.language) for agreement in ordered
    )
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("REFRESH-INTERVAL", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH))
    return calendar


class _Shown(NamedTuple):
    """What an entry says of a point: its day and status in the calendar."""

    point: Point
    moment: Moment
    status: str


def _entry(shown: _Shown, agreement: Agreement, language: Language, stamp: datetime) -> Entry:
    """One VEVENT, a day long, or at an instant (RFC 5545, section 3.6.1)."""
    point, moment, status = shown
    entry = Event()
    uid = uid_of(point)
    entry.add("UID", uid)
    if isinstance(moment, Instant):  # in UTC, which needs no zone of its own: it ends as it begins
        entry.add("DTSTART", moment.utc)
    else:
        entry.add("DTSTART", moment)
        if moment != date.max:
            entry.add("DTEND", moment + timedelta(days=1))
    spoken: dict[str, str] = {"LANGUAGE": language}
    entry.add("SUMMARY", _summary(point, agreement, status, language), parameters=spoken)
    entry.add("DESCRIPTION", _description(point, agreement, language), parameters=spoken)
    if point.event.tags:
        entry.add("CATEGORIES", list(point.event.tags))
    if point.event.url:
        entry.add("URL", point.event.url)
    entry.add("STATUS", status)
    entry.add("TRANSP", "TRANSPARENT")
    entry.add("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
    day = moment.utc.date() if isinstance(moment, Instant) else moment
    return Entry(uid, point.event.name, entry.to_ical(), day, 0, stamp)


def _status(point: Point) -> str:
    """RFC 5545, section 3.8.1.11: what may still move is tentative."""
    return "TENTATIVE" if point.status in ("window", "may-move") else "CONFIRMED"


def _summary(point: Point, agreement: Agreement, status: str, language: Language) -> str:
    label = label_of(point, agreement, language)
    if status == "TENTATIVE":
        remark = moves_text(point, language) if point.waits_for else remark_on(point, language)
        return say(language, "feed.tentative", label=label, remark=remark)
    return label


def _description(point: Point, agreement: Agreement, language: Language) -> str:
    """What is stated, what may move it, and the sentence and the source that it rests on."""
    return "\n".join(_sentences(point, agreement, language))


def _sentences(point: Point, agreement: Agreement, language: Language) -> Iterator[str]:
    event = point.event
    if point.stated is not None:
        yield say(language, "feed.stated", stated=point.stated)
    remark = remark_on(point, language)
    if remark:
        yield remark
    yield from grounds_of(event, agreement, language)
    yield event.name


_RECORDS = ("occurred", "started", "ended", "withdrawn")


def _stamp(agreement: Agreement, as_of: date) -> datetime:
    """00:00Z of the newest day that the file itself names as past, else 1970-01-01."""
    days: list[Moment | None] = [amendment.on for amendment in agreement.amendments]
    recorded = [getattr(event, name) for event in agreement.events for name in _RECORDS]
    recorded += [
        value
        for amendment in agreement.amendments
        for change in amendment.changes
        for name, value in change.sets
        if name in _RECORDS
    ]
    for one in recorded:
        days += [day for _, day in one.days] if isinstance(one, ByOccurrence) else [one]
    zone = agreement.timezone
    past = [day for one in days if one and (day := day_in(one, zone)) <= as_of]
    return datetime.combine(max(past, default=date(1970, 1, 1)), time(), UTC)


class _WithdrawnLately:
    """Points as they were on the day before their event was withdrawn, for a year after that."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._views: dict[date, dict[Key, Point]] = {}

    def point(self, point: Point) -> Point | None:
        """The point as it was, None where its event was not withdrawn lately."""
        withdrawn = point.event.withdrawal(point.occurrence)
        as_of = self._timeline.as_of
        if withdrawn is None or withdrawn > as_of or withdrawn == date.min:
            return None
        if as_of - withdrawn >= CANCELLED_FOR:
            return None
        if withdrawn not in self._views:
            self._views[withdrawn] = self._view(withdrawn - timedelta(days=1))
        return self._views[withdrawn].get(point.key)

    def _view(self, day: date) -> dict[Key, Point]:
        """The points of that day; none where business days had no data in that view."""
        try:
            return {one.key: one for one in resolve(self._timeline.agreements, day).points}
        except Uncovered:
            return {}
