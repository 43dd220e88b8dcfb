"""How the entries of a feed go on from those that were published before.

An entry's SEQUENCE and LAST-MODIFIED rise when, and only when, what it says has changed (RFC 5545,
sections 3.8.7.3 and 3.8.7.4). What is no longer there stays as CANCELLED for a year, so that
whoever subscribed sees it go; an entry of a past day stays as it was, unless it said that something
happened, of which the record is gone. What was cancelled before its title said so says it from the
next publication on: that is one more change of it, and no news.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from tracker.agreements.keys import split_name
from tracker.dates.instants import Instant, Moment, is_zone, zone_of
from tracker.feeds.cancelled import CancelReason, cancelled_content
from tracker.feeds.entries import COLORS, labels_in
from tracker.i18n.translate import Language, translate
from tracker.timeline.occurrences import MOST

CANCELLED_FOR = timedelta(days=365)
_STAMPED = re.compile(
    rb"(BEGIN:VEVENT|BEGIN:VTODO)\r\nDTSTAMP:([0-9T]{15}Z)\r\nLAST-MODIFIED:[0-9T]{15}Z\r\n"
    rb"SEQUENCE:([0-9]{1,9})\r\n(.*?\r\nEND:(?:VEVENT|VTODO)\r\n)",
    re.DOTALL,
)
_START = re.compile(
    rb"^DTSTART(?:;TZID=([^:;]+)|;VALUE=DATE)?:([0-9]{8})(T[0-9]{6})?", re.MULTILINE
)
_UID = re.compile(rb"^UID:(.+)\r$", re.MULTILINE)


class Entry(NamedTuple):
    """One VEVENT or VTODO: what it says, and since when."""

    uid: str
    event: str  #: agreement/event
    content: bytes  #: the component without DTSTAMP, LAST-MODIFIED and SEQUENCE
    day: date  #: on which it begins, in UTC; of a to-do, which has none, the last there is
    sequence: int
    modified: datetime  #: in UTC
    cancelled: date | None = None  #: since when it is CANCELLED

    @property
    def agreement(self) -> str:
        return split_name(self.event)[0]

    @property
    def is_cancelled(self) -> bool:
        return b"\r\nSTATUS:CANCELLED\r\n" in self.content

    @property
    def is_recorded(self) -> bool:
        """Whether it says that something happened."""
        return f"\r\nCOLOR:{COLORS['occurred']}\r\n".encode() in self.content

    @property
    def moment(self) -> Moment | None:
        """On which day or at which instant the calendar has it; None: it is a to-do."""
        return _moment_in(self.content)

    @property
    def is_todo(self) -> bool:
        return self.content.startswith(b"BEGIN:VTODO")

    def to_ical(self) -> bytes:
        """The whole of it. DTSTAMP is the last change: there is no METHOD (section 3.8.7.2)."""
        after = self.content.index(b"\n") + 1
        stamps = _stamps(self.modified, self.sequence)
        return self.content[:after] + stamps + self.content[after:]


@lru_cache(maxsize=1024)
def _stamps(modified: datetime, sequence: int) -> bytes:
    stamp = f"{modified:%Y%m%dT%H%M%SZ}"
    lines = f"DTSTAMP:{stamp}\r\nLAST-MODIFIED:{stamp}\r\nSEQUENCE:{sequence}\r\n"
    return lines.encode()


def merge_entries(
    current: Iterable[Entry],
    earlier: Mapping[str, Entry],
    events: frozenset[str],
    language: Language,
    now: datetime,
) -> list[Entry]:
    """The entries as they are to be published now in that language, by UID.

    `current` are those of the present timeline, whose sequence and stamp count where nothing was
    published before; `events` are the events that there still are.
    """
    today = now.date()
    current = list(current)
    entries = {entry.uid: _next_version(entry, earlier, now) for entry in current}
    counts = Counter(entry.event for entry in current)
    for uid, before in earlier.items():
        if uid not in entries:
            has_event = before.event in events
            stays = has_event and before.day < today and not before.is_cancelled
            # Of what repeats so often, what happened long ago is no longer listed.
            if stays and (not before.is_recorded or counts[before.event] >= MOST):
                entries[uid] = before
                continue
            rest = _after_removal(before, has_event, language, now)
            if rest is not None:
                entries[uid] = rest
    shown = (entry for entry in entries.values() if not _is_old(entry, today))
    return sorted(shown, key=lambda entry: entry.uid)


def _next_version(entry: Entry, earlier: Mapping[str, Entry], now: datetime) -> Entry:
    before = earlier.get(entry.uid)
    if before is not None and before.content == entry.content:
        return before
    cancelled = now.date() if entry.is_cancelled else None
    if before is None:
        modified = now if earlier else entry.modified
        return entry._replace(modified=modified, cancelled=cancelled)
    if before.cancelled is not None and cancelled is not None:
        cancelled = before.cancelled
    return entry._replace(
        sequence=before.sequence + 1, modified=max(now, before.modified), cancelled=cancelled
    )


def _after_removal(
    before: Entry, has_event: bool, language: Language, now: datetime
) -> Entry | None:
    """What is left of an entry whose point is no longer there; None: nothing."""
    if before.is_todo and not before.is_cancelled:
        return None  # it was never in a calendar's grid: that it is gone says enough
    reason: CancelReason = "removed"
    if has_event:
        reason = "unrecorded" if before.is_recorded else "gone"
    sentence = translate(language, f"feed.cancelled.{reason}")
    content = cancelled_content(before.content, language, sentence)
    if content == before.content:
        return before
    return before._replace(
        content=content,
        sequence=before.sequence + 1,
        modified=max(now, before.modified),
        cancelled=before.cancelled or now.date(),
    )


def _is_old(entry: Entry, today: date) -> bool:
    return entry.cancelled is not None and today - entry.cancelled >= CANCELLED_FOR


def entries_in(content: bytes) -> dict[str, Entry]:
    """The entries of a feed that we wrote, by UID; whatever else it holds is passed over."""
    entries = {}
    for begin, stamp, sequence, rest in _STAMPED.findall(content):
        body = begin + b"\r\n" + rest
        uid, event = _UID.search(body), labels_in(body).event
        modified = datetime.strptime(f"{stamp.decode()}+0000", "%Y%m%dT%H%M%SZ%z").astimezone(UTC)
        if uid is None or not event:
            continue
        entry = Entry(
            uid[1].decode(), event, body, utc_day(_moment_in(body)), int(sequence), modified
        )
        if entry.is_cancelled:
            entry = entry._replace(cancelled=modified.date())
        entries[entry.uid] = entry
    return entries


def _moment_in(body: bytes) -> Moment | None:
    start = _START.search(body)
    if start is None:
        return None
    zone, day, clock = (part.decode() if part else "" for part in start.groups())
    zone = zone or "UTC"
    if not clock or not is_zone(zone):
        return date.fromisoformat(day)
    local = datetime.fromisoformat(day + clock).replace(tzinfo=zone_of(zone))
    return Instant(local.astimezone(UTC), zone)


def utc_day(moment: Moment | None) -> date:
    """On which day it begins, in UTC; the last there is where it has none."""
    if moment is None:
        return date.max
    return moment.utc.date() if isinstance(moment, Instant) else moment
