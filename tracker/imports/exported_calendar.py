"""What is exported as a calendar: an entry an event, with its statements in properties of its own.

What a calendar program moves or renames is an edit: DTSTART is held against the day that was
written. A program that drops X- properties (RFC 5545, section 3.8.8.2) leaves a plain entry.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from uuid import uuid5

from icalendar import Calendar, Event, Todo

from tracker.agreements.model import text_in
from tracker.dates.instants import Instant
from tracker.feeds.entries import NAMESPACE
from tracker.imports.export_values import Export, ExportedEvent
from tracker.imports.statements import agreement_fields

STATED_PROPERTY, MARK_PROPERTY, DAY_PROPERTY, HEAD_PROPERTY = (
    "X-TRACKER-STATED_PROPERTY", "X-TRACKER-EVENT", "X-TRACKER-DAY_PROPERTY", "X-TRACKER-FILE",
)  # fmt: skip


def calendar_of(export: Export) -> bytes:
    """The calendar; two exports of the same on one day are the same bytes."""
    agreement = export.agreement
    calendar = Calendar()
    calendar.add("PRODID", "-//tracker//export//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("X-WR-CALNAME", text_in(agreement.title, agreement.language, agreement.language))
    calendar.add(HEAD_PROPERTY, json.dumps(agreement_fields(agreement), ensure_ascii=True))
    stamp = datetime.combine(date.fromisoformat(export.as_of), datetime.min.time(), UTC)
    for exported in export.events:
        calendar.add_component(_entry(exported, export, stamp))
    return bytes(calendar.to_ical())


def _entry(exported: ExportedEvent, export: Export, stamp: datetime) -> Event | Todo:
    agreement, event = export.agreement, exported.event
    entry: Event | Todo = Event() if exported.day or exported.until else Todo()
    entry.add("UID", str(uuid5(NAMESPACE, f"export/{event.agreement}/{event.first_id}")))
    entry.add("DTSTAMP", stamp)
    entry.add("SUMMARY", text_in(event.title, agreement.language, agreement.language))
    if event.note is not None:
        entry.add("DESCRIPTION", text_in(event.note, agreement.language, agreement.language))
    if event.url:
        entry.add("URL", event.url)
    if event.tags:
        entry.add("CATEGORIES", list(event.tags))
    if isinstance(entry, Event):
        _add_days(entry, exported)
    entry.add(STATED_PROPERTY, json.dumps(exported.fields, ensure_ascii=True))
    entry.add(MARK_PROPERTY, exported.mark)
    return entry


def _add_days(entry: Event, exported: ExportedEvent) -> None:
    """Its day or time, or its first and last day; and beside them, what was written there."""
    moment = exported.moment
    if isinstance(moment, Instant):
        entry.add("DTSTART", moment.utc)
        entry.add(DAY_PROPERTY, stated_moment(moment.utc))
        return
    first = date.fromisoformat(exported.day or exported.until)
    entry.add("DTSTART", first)
    last = date.fromisoformat(exported.until) if exported.until else first
    if last > first:
        entry.add("DTEND", last + timedelta(days=1))
    entry.add(DAY_PROPERTY, f"{first} {max(first, last)}")


def stated_moment(moment: date) -> str:
    """A day or a time, to compare: 2027-03-31, 2027-03-31T13:30Z.

    >>> stated_moment(date(2027, 3, 31))
    '2027-03-31'
    """
    if not isinstance(moment, datetime):
        return moment.isoformat()
    utc = moment.astimezone(UTC) if moment.tzinfo else moment
    return f"{utc:%Y-%m-%dT%H:%MZ}"
