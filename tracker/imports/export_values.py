"""What is written out: the events of an agreement as stated, and the days that they come to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from tracker.agreements.model import Agreement, Event
from tracker.dates.instants import Instant, Moment, local_day
from tracker.files.imported import fingerprint, wrote_text
from tracker.i18n.points import status_text
from tracker.i18n.translate import Language
from tracker.imports.statements import event_fields
from tracker.timeline.points import Point, Timeline


class ExportedEvent(NamedTuple):
    """An event as it is written out."""

    event: Event
    fields: Mapping[str, Any]  #: its keys, as TOML has them
    day: str  #: on which it counts; of what lasts, its start
    until: str  #: of what lasts, its end
    status: str
    moment: Moment | None = None  #: the same as `day`, with its hour

    @property
    def mark(self) -> str:
        """Which event it is, and what was written of it."""
        marks = ((key, fingerprint(value)) for key, value in self.fields.items() if key != "id")
        return f"{self.event.name} {wrote_text(marks)}"


class Export(NamedTuple):
    """What is written out: the events of one agreement, as of a day."""

    agreement: Agreement
    as_of: str
    events: tuple[ExportedEvent, ...]


def export_of(timeline: Timeline, agreement: Agreement, language: Language) -> Export:
    """The events of that agreement that the timeline has, in their order in the file."""
    points: dict[str, list[Point]] = {}
    for point in timeline.points:
        points.setdefault(point.event.name, []).append(point)
    events = tuple(
        _export_event(event, agreement, points.get(event.name, []), language)
        for event in timeline.events
        if event.agreement == agreement.id
    )
    return Export(agreement, str(timeline.as_of), events)


def _export_event(
    event: Event, agreement: Agreement, points: list[Point], language: Language
) -> ExportedEvent:
    ahead = [point for point in points if not point.is_behind] or points[-1:]
    starts = [point for point in ahead if point.side != "end"] or [
        point for point in points if point.side == "start"
    ]
    ends = [point for point in ahead if point.side == "end"]
    shown = (starts or ends)[:1]
    return ExportedEvent(
        event,
        event_fields(event, agreement),
        _day(starts),
        _day(ends),
        status_text(shown[0], language) if shown else "",
        starts[0].counts_to if starts else None,
    )


def _day(points: list[Point]) -> str:
    """The day that the first of them counts to."""
    moment = points[0].counts_to if points else None
    if moment is None:
        return ""
    return str(local_day(moment)) if isinstance(moment, Instant) else str(moment)
