"""The schema of what `tracker list --json`, /api/events and the published JSON hold.

JSON Schema, draft 2020-12. Every key is always there; an absent value is null. Keys may be added
one day, so a reader passes over what it does not know; none is renamed or taken away.
"""

from __future__ import annotations

from typing import Any

_MOMENT = {
    "description": "A day (YYYY-MM-DD), or an instant (RFC 3339, with the offset of its zone).",
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2}))?$",
}


def _absent(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}


def _texts(description: str) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string"}, "description": description}


_POINT: dict[str, Any] = {
    "agreement": _text("The agreement's id."),
    "id": _text("The event's id: agreement/id is its identity, for ever."),
    "point": {"enum": ["when", "start", "end"], "description": "Which point of the event."},
    "occurrence": _absent(
        _text("Of what repeats: its own day, its number, or the name that it was given.")
    ),
    "title": _text("In the language that was asked for, else in the agreement's."),
    "status": {
        "enum": ["occurred", "never", "option", "waiting", "exact", "may-move", "window"],
        "description": "What can be said of the day. The first that fits.",
    },
    "state": _absent(
        {
            "enum": ["ahead", "in force", "over"],
            "description": "Of an event that lasts; null where it happens.",
        }
    ),
    "earliest": _absent({**_MOMENT, "title": "The first day on which it can be; null: never."}),
    "latest": _absent({**_MOMENT, "title": "The last; null: it may never come."}),
    "stands": _absent(
        {
            "type": "object",
            "description": "When it is, if no open event ever happens; null: it waits.",
            "required": ["earliest", "latest"],
            "properties": {"earliest": _MOMENT, "latest": _MOMENT},
        }
    ),
    "counts_to": _absent({**_MOMENT, "title": "What order, countdown, reminders and feed use."}),
    "waits_for": _texts("Points that can still move it."),
    "estimated": {
        "type": "array",
        "description": "Holidays that are estimated and may fall a day or two off: it then moves.",
        "items": {
            "type": "object",
            "required": ["holiday", "calendar", "first", "last"],
            "properties": {
                "holiday": _text("Its name."),
                "calendar": _text("The calendar that has it."),
                "first": {"type": "string", "format": "date"},
                "last": {"type": "string", "format": "date"},
            },
        },
    },
    "as_stated": _absent(_text("The line, as the agreement states it.")),
    "parties": _texts("Whom it concerns."),
    "tags": _texts("What it is about."),
    "source": _absent(_text("The id of the source.")),
    "quote": _absent(_text("The source's own words.")),
    "group": {
        "enum": ["passed", "upcoming", "waiting", "past", "never"],
        "description": "Where the agenda has it: passed with nothing recorded, ahead with a day,"
        " waiting for one, behind, or no longer coming.",
    },
}

POINTS_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:uuid:5d1f2d7a-9f0a-5e4b-8a35-6b1f0d6f7c11",
    "title": "Points of agreements, as tracker lists them",
    "type": "array",
    "items": {"type": "object", "required": list(_POINT), "properties": _POINT},
}
