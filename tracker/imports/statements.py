"""What is stated of an event and of its agreement, as TOML would hold it."""

from __future__ import annotations

from datetime import date
from typing import Any

from tracker.agreements.model import Agreement, ByOccurrence, Event, Recorded, Source, Texts
from tracker.dates.calendars import Spans
from tracker.dates.instants import Moment

#: Keys whose value is a text or, where there are several languages or occurrences, a table.
TEXTS = ("title", "note")
RECORD_KEYS = ("occurred", "started", "ended", "withdrawn")
LISTS = ("parties", "tags", "reminders", "was")


def event_fields(event: Event, agreement: Agreement) -> dict[str, Any]:
    """The keys of its `[[event]]`, as of the view that the event is of."""
    fields: dict[str, Any] = {"id": event.id, "title": _texts(event.title, agreement)}
    for key in ("when", "starts", "ends", "lasts"):
        line = getattr(event, key)
        fields[key] = line.text if line is not None else None
    fields["repeats"] = event.repeats.text if event.repeats is not None else None
    fields["during"] = str(event.during) if event.during is not None else None
    fields["renews"] = event.renews.text if event.renews is not None else None
    for key in ("roll", "calendar", "counting", "source", "quote", "url"):
        fields[key] = getattr(event, key)
    for key in RECORD_KEYS:
        record = getattr(event, key)
        fields[key] = _record_value(record) if record is not None else None
    fields["parties"], fields["tags"] = [*event.parties], [*event.tags]
    fields["note"] = _texts(event.note, agreement) if event.note is not None else None
    if event.reminders is not None:
        fields["reminders"] = [str(lead) for lead in event.reminders]
    fields["was"] = [*event.was]
    kept = {key: value for key, value in fields.items() if value is not None}
    return {key: value for key, value in kept.items() if value != [] or key == "reminders"}


def agreement_fields(agreement: Agreement) -> dict[str, Any]:
    """The keys at the head of its file, which say what its lines mean."""
    fields: dict[str, Any] = {
        "id": agreement.id,
        "title": _texts(agreement.title, agreement),
        "language": agreement.language,
        "timezone": agreement.zone,
        "calendar": agreement.calendar,
        "counting": agreement.counting,
        "closed": _spans(agreement.closed),
        "announced": _spans(agreement.announced),
        "reminders": [str(lead) for lead in agreement.reminders],
        "sources": {source.id: _source(source, agreement) for source in agreement.sources},
    }
    return {key: value for key, value in fields.items() if value not in (None, [], {})}


def _texts(texts: Texts, agreement: Agreement) -> str | dict[str, str]:
    """A bare text is in the file's own language."""
    if len(texts) == 1 and texts[0][0] == agreement.language:
        return texts[0][1]
    return dict(texts)


def _record_value(record: Recorded) -> Any:
    if isinstance(record, ByOccurrence):
        return {str(name): _moment(moment) for name, moment in record.days}
    return _moment(record)


def _moment(moment: Moment) -> str:
    return moment.isoformat() if isinstance(moment, date) else str(moment)


def _spans(spans: Spans) -> list[str]:
    return [str(first) if first == last else f"{first}..{last}" for first, last in spans]


def _source(source: Source, agreement: Agreement) -> dict[str, Any]:
    fields = {
        "title": _texts(source.title, agreement),
        "language": source.language,
        "url": source.url,
        "text": source.text,
    }
    return {key: value for key, value in fields.items() if value is not None}
