"""A few events in a few words, for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from tracker.agreements.model import Agreement, Amendment, Event, Line
from tracker.dates.parser import parse
from tracker.timeline.points import Point, Timeline
from tracker.timeline.resolver import resolve

TODAY = date(2026, 11, 25)
LINES = ("when", "starts", "ends")


def line(text: str) -> Line:
    return Line.of(text, parse(text))


def event(name: str, agreement: str = "a", **fields: Any) -> Event:
    """An event whose lines are given as text."""
    values: dict[str, Any] = {
        key: line(value) if key in LINES else value for key, value in fields.items()
    }
    return Event(agreement, name, (("en", name.upper()),), **values)


def agreement(*events: Event, amendments: tuple[Amendment, ...] = ()) -> Agreement:
    return Agreement("a", (("en", "A"),), events=events, amendments=amendments)


def timeline(*events: Event, as_of: date = TODAY, **fields: Any) -> Timeline:
    return resolve([agreement(*events, **fields)], as_of)


def point(found: Timeline, name: str) -> Point:
    """The point of that name: x, start of x, end of x."""
    side, _, event_id = name.rpartition(" of ")
    return next(p for p in found.points if p.event.id == event_id and p.side == (side or "when"))
