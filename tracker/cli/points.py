"""Points as commands name them, and days that are supposed of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from tracker.cli.request import CallError
from tracker.dates.forms import Side
from tracker.dates.moments import Moment
from tracker.timeline.events import Agreement, Event, Key
from tracker.timeline.resolve import Supposed, sides
from tracker.timeline.view import events_on


def side_and_name(text: str) -> tuple[Literal["start", "end"] | None, str]:
    """The side (None: none is named) and the event of `x`, `start of x`, `end of x`."""
    words = text.split()
    if len(words) == 3 and words[1] == "of":
        if words[0] == "start":
            return "start", words[2]
        if words[0] == "end":
            return "end", words[2]
    return None, words[-1] if words else ""


def event_named(name: str, events: Sequence[Event]) -> Event:
    """The event of that id (`x`, `agreement/x`, or an id that it had before).

    Raises CallError where there is none, or more than one.
    """
    found = [event for event in events if name in (event.id, event.name) or name in event.was]
    if not found:
        raise _unknown(name, events)
    if len(found) > 1:
        names = ", ".join(event.name for event in found)
        raise CallError("call.several-events", id=name, names=names)
    return found[0]


def _unknown(name: str, events: Sequence[Event]) -> CallError:
    from difflib import get_close_matches

    near = get_close_matches(name, [event.id for event in events], n=1, cutoff=0.5)
    if near:
        return CallError("call.no-event.near", id=name, near=near[0])
    return CallError("call.no-event", id=name)


def supposed(texts: Sequence[str], agreements: Sequence[Agreement], as_of: date) -> Supposed:
    """What `--suppose` says: `x=2029-05-01`, `"end of x=never"`.

    Raises CallError with the right form.
    """
    events = [event for agreement in agreements for event in events_on(agreement, as_of)]
    zones = {agreement.id: agreement.timezone for agreement in agreements}
    found: dict[Key, Moment | None] = {}
    for text in texts:
        name, equals, day = (part.strip() for part in text.partition("="))
        if not (name and equals and day):
            raise CallError("call.suppose.form", text=text)
        if "@" in name:
            raise CallError("call.suppose.occurrence", point=name)
        side, bare = side_and_name(name)
        event = event_named(bare, events)
        key = _key(event, side, name)
        if key in found:
            raise CallError("call.suppose.twice", point=name)
        found[key] = _moment(day, name, zones[event.agreement])
    return found


def _key(event: Event, side: Side | None, name: str) -> Key:
    there = [one for one, _ in sides(event)]
    if side is None and event.is_term:
        raise CallError("call.suppose.term", id=event.id, side=there[-1] if there else "end")
    if side is not None and not event.is_term:
        raise CallError("call.suppose.moment", point=name, id=event.id)
    if (side or "when") not in there:
        raise CallError("call.no-point", point=name, id=event.id)
    return event.agreement, event.id, side or "when"


def _moment(text: str, name: str, zone: str) -> Moment | None:
    """The day or instant, None for `never`."""
    from tracker.dates.faults import LineError
    from tracker.dates.forms import Exact
    from tracker.dates.moments import instant
    from tracker.dates.parser import parse
    from tracker.dates.time_habits import unclear

    if text == "never":
        return None
    try:
        form = parse(text)
    except LineError as refused:
        near = next((offer.write for offer in refused.fault.offers), "2029-05-01")
        raise CallError("call.suppose.day", day=text, point=name, near=near) from None
    if not isinstance(form, Exact):
        raise CallError("call.suppose.day", day=text, point=name, near="2029-05-01")
    if form.clock is None:
        return form.day
    if form.zone is None and (fault := unclear(text, form, zone)):
        near = next((offer.write for offer in fault.offers), "2029-05-01")
        raise CallError("call.suppose.day", day=text, point=name, near=near)
    return instant(form.day, form.clock, form.zone or zone)
