"""A line while it is being typed: what it comes to, or what is wrong with it.

Only the event and what it hangs on are looked at, so the answer is there before the next key,
however many events there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from difflib import get_close_matches
from typing import NamedTuple

from tracker.agreements.amendments import events_on
from tracker.agreements.keys import EventKey
from tracker.agreements.model import Agreement, Event
from tracker.agreements.references import referenced_events
from tracker.dates.calendars import Uncovered
from tracker.dates.diagnostics import Diagnostic
from tracker.files.schema import read_event
from tracker.files.values import Reader
from tracker.timeline.agenda import next_of_each
from tracker.timeline.points import Point, Timeline
from tracker.timeline.resolver import resolve
from tracker.timeline.validation.checks import check
from tracker.timeline.validation.consistency import uncovered_diagnostic

#: The id of an event that is being added.
NEW_EVENT = "this-event"
#: The fields of an event that its lines make.
_OF_LINES = ("when", "starts", "ends", "lasts", "renews", "repeats")


#: A name that was meant is about as long: to compare 10,000 names takes longer than a keystroke.
_LENGTH_APART = 1


class LiveAnswer(NamedTuple):
    """What lines come to as they are: where something is wrong, no points."""

    problems: Sequence[tuple[str, Diagnostic]]  #: each with its key
    points: Sequence[Point] = ()
    timeline: Timeline | None = None


def answer_lines(
    agreements: Sequence[Agreement],
    home: str,
    event_id: str | None,
    lines: Mapping[str, str],
    as_of: date,
    *,
    now: datetime | None = None,
) -> LiveAnswer:
    """What the lines of an event come to; None stands for an event that is being added."""
    agreement = next(known for known in agreements if known.id == home)
    reader = Reader("", agreement.language)
    reader.timezone = agreement.timezone
    table = {"id": event_id or NEW_EVENT, "title": NEW_EVENT, **lines}
    typed = read_event(table, (), reader, home)
    if reader.problems or typed is None:
        return LiveAnswer(
            [(_key_of(problem.path), problem.diagnostic) for problem in reader.problems]
        )
    events = {event.event_key: event for known in agreements for event in events_on(known, as_of)}
    there = events.get(typed.event_key)
    if there is not None:
        fields = [name for name in _OF_LINES if name in Event._fields]
        typed = there._replace(**{name: getattr(typed, name) for name in fields})
    events[typed.event_key] = typed
    around = _agreements_around(typed, events, agreements)
    problems = [located for located in check(around) if located.event.event_key == typed.event_key]
    if problems:
        return LiveAnswer([(located.field, located.diagnostic) for located in problems])
    try:
        timeline = resolve(around, as_of, now=now)
    except Uncovered as missing:
        return LiveAnswer([("", uncovered_diagnostic(missing))])
    return LiveAnswer([], next_of_each(timeline.of(typed)), timeline)


def _key_of(path: Sequence[str | int]) -> str:
    return str(path[0]) if path else ""


def _agreements_around(
    event: Event, events: Mapping[EventKey, Event], agreements: Sequence[Agreement]
) -> list[Agreement]:
    """The agreements with that event, all that it hangs on, and what is named almost like that."""
    members = {event.event_key: event}
    unread = [event]
    while unread:
        for key in referenced_events(unread.pop()):
            named = events.get(key)
            if named is None:
                members |= _events_named_like(key, events)
            elif key not in members:
                members[key] = named
                unread.append(named)
    return [
        replace(
            known,
            events=tuple(each for key, each in members.items() if each.agreement == known.id),
            amendments=(),
        )
        for known in agreements
        if known.id == event.agreement
        or any(each.agreement == known.id for each in members.values())
    ]


def _events_named_like(key: EventKey, events: Mapping[EventKey, Event]) -> dict[EventKey, Event]:
    agreement, name = key
    ids = [
        each.id
        for each in events.values()
        if each.agreement == agreement and abs(len(each.id) - len(name)) <= _LENGTH_APART
    ]
    near = get_close_matches(name, ids, n=1, cutoff=0.6)
    found = {(agreement, close): events[agreement, close] for close in near}
    return {close: each for close, each in found.items() if not referenced_events(each)}
