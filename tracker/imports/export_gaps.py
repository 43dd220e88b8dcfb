"""What an agreement states and its export does not hold: it is said, not left to be missed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from tracker.agreements.references import referenced_events
from tracker.imports.export_values import Export


class ExportGap(NamedTuple):
    """A kind of statement that is missing: names the sentence `export.without.NAME`."""

    name: str
    values: dict[str, str | int]


def gaps_of(export: Export) -> Iterator[ExportGap]:
    """Each kind once: later amendments, events that lines hang on, where events came from."""
    agreement = export.agreement
    day = date.fromisoformat(export.as_of)
    if later := [amendment.id for amendment in agreement.amendments if amendment.on > day]:
        yield ExportGap("amendments", {"names": ", ".join(later), "day": export.as_of})
    there = {exported.event.event_key for exported in export.events}
    there |= {(agreement.id, old) for exported in export.events for old in exported.event.was}
    missing = {
        (home, ident): None
        for exported in export.events
        for home, ident in referenced_events(exported.event)
        if (home, ident) not in there
    }
    if missing:
        names = (
            ident if home == agreement.id else f"{home}/{ident}"
            for home, ident in list(missing)[:_MOST_NAMES]
        )
        more = " …" if len(missing) > _MOST_NAMES else ""
        yield ExportGap("references", {"names": ", ".join(names) + more})
    if times := sum(exported.event.imported is not None for exported in export.events):
        yield ExportGap("imported", {"count": times})


_MOST_NAMES = 5
