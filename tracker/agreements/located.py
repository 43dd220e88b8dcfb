"""A diagnostic of an event, and the field in which it stands."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from tracker.agreements.model import Event
from tracker.dates.diagnostics import Diagnostic
from tracker.dates.expressions import Side

FIELDS: dict[Side, str] = {
    "when": "when",
    "due": "when",
    "start": "starts",
    "end": "ends",
    "first end": "ends",
}
RECORDS: dict[Side, str] = {"when": "occurred", "start": "started", "end": "ended"}


class LocatedDiagnostic(NamedTuple):
    """A diagnostic, and the field of the event in which it stands, as seen on a day."""

    diagnostic: Diagnostic
    event: Event
    field: str
    seen: date | None = None  #: None: already as first stated
    entry: str | None = None  #: of a field that holds a table: the entry whose key is meant


def field_of(event: Event, side: Side) -> str:
    """The field that states that side."""
    if side == "end" and event.ends is None and event.lasts is not None:
        return "lasts"
    return FIELDS[side]
