"""What an agreement looks like as of a day: amendments signed by then are applied."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from tracker.agreements.model import (
    RECORDED,
    Agreement,
    Amendment,
    ByOccurrence,
    Change,
    Event,
    Recorded,
)
from tracker.dates.instants import Instant, day_in


def agreement_known_on(agreement: Agreement, day: date) -> Agreement:
    """The agreement without what was recorded, withdrawn or signed after that day."""
    zone = agreement.timezone
    signed = tuple(
        replace(
            amendment,
            changes=tuple(_change_known(change, day, zone) for change in amendment.changes),
        )
        for amendment in agreement.amendments
        if amendment.on <= day
    )
    events = tuple(_event_known(event, day, zone) for event in agreement.events)
    return replace(agreement, events=events, amendments=signed)


def agreement_without_records(agreement: Agreement, day: date) -> Agreement:
    """The agreement as all of its amendments leave it, without what was recorded after that day."""
    events = events_after(agreement, agreement.amendments)
    known = tuple(_event_known(event, day, agreement.timezone) for event in events)
    return replace(agreement, events=known, amendments=())


def _event_known(event: Event, day: date, zone: str) -> Event:
    later: dict[str, Any] = {
        field: known
        for field in RECORDED
        if (record := getattr(event, field)) is not None
        and (known := _record_known(record, day, zone)) != record
    }
    return event._replace(**later) if later else event


def _change_known(change: Change, day: date, zone: str) -> Change:
    """A change by an amendment; a record in it may be of a later day than the amendment."""
    sets = tuple(
        (field, _record_known(value, day, zone) if field in RECORDED else value)
        for field, value in change.sets
    )
    return change if sets == change.sets else replace(change, sets=sets)


def _record_known(record: object, day: date, zone: str) -> Recorded | None:
    if isinstance(record, ByOccurrence):
        kept = tuple(recorded for recorded in record.days if day_in(recorded[1], zone) <= day)
        return ByOccurrence(kept) if kept else None
    if isinstance(record, date | Instant) and day_in(record, zone) <= day:
        return record
    return None


def events_on(agreement: Agreement, as_of: date) -> tuple[Event, ...]:
    """The agreement's events with every amendment signed on or before that day."""
    signed = [amendment for amendment in agreement.amendments if amendment.on <= as_of]
    return events_after(agreement, signed) if signed else agreement.events


def events_after(agreement: Agreement, amendments: Iterable[Amendment]) -> tuple[Event, ...]:
    """The agreement's events after those amendments, in the order of the files, new ones last."""
    events = {event.id: event for event in agreement.events}
    for amendment in amendments:
        for change in amendment.changes:
            old = events.get(change.event)
            events[change.event] = _apply_change(old or _new(agreement, change), change)
    return tuple(events.values())


class LineChange(NamedTuple):
    """The amendment that something stated of an event comes from, and the event around it."""

    amendment: Amendment
    before: Event | None  #: None: the amendment added it
    after: Event


def last_change(
    agreement: Agreement, event_id: str, as_of: date, said: Callable[[Event], object]
) -> LineChange | None:
    """The last change by a day of what `said` gives of an event; None: it is as first stated."""
    touching = [
        (amendment, change)
        for amendment in agreement.amendments
        if amendment.on <= as_of
        for change in amendment.changes
        if change.event == event_id
    ]
    if not touching:
        return None
    last: LineChange | None = None
    event = next((event for event in agreement.events if event.id == event_id), None)
    for amendment, change in touching:
        amended = _apply_change(event or _new(agreement, change), change)
        if event is None or said(event) != said(amended):
            last = LineChange(amendment, event, amended)
        event = amended
    return last


def _new(agreement: Agreement, change: Change) -> Event:
    return Event(agreement.id, change.event, ((agreement.language, change.event),))


def _apply_change(event: Event, change: Change) -> Event:
    removed = {field: Event._field_defaults[field] for field in change.removes}
    return event._replace(**{**removed, **dict(change.sets)})
