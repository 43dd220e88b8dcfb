"""What an agreement looks like as of a day: amendments signed by then are applied."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tracker.timeline.events import Agreement, Amendment, Change, Event


def events_on(agreement: Agreement, as_of: date) -> tuple[Event, ...]:
    """The agreement's events with every amendment signed on or before that day."""
    signed = [amendment for amendment in agreement.amendments if amendment.on <= as_of]
    return amended(agreement, signed) if signed else agreement.events


def amended(agreement: Agreement, amendments: Iterable[Amendment]) -> tuple[Event, ...]:
    """The agreement's events after those amendments, in the order of the files, new ones last."""
    events = {event.id: event for event in agreement.events}
    for amendment in amendments:
        for change in amendment.changes:
            old = events.get(change.event)
            events[change.event] = _changed(old or _new(agreement, change), change)
    return tuple(events.values())


def _new(agreement: Agreement, change: Change) -> Event:
    return Event(agreement.id, change.event, ((agreement.language, change.event),))


def _changed(event: Event, change: Change) -> Event:
    removed = {field: Event._field_defaults[field] for field in change.removes}
    return event._replace(**{**removed, **dict(change.sets)})
