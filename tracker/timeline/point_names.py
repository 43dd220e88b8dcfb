"""Points as people name them, and days that are supposed of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from tracker.agreements.amendments import events_on
from tracker.agreements.keys import PointKey
from tracker.agreements.model import Agreement, Event, sides
from tracker.dates.diagnostics import Diagnostic, LineError
from tracker.dates.expressions import Side
from tracker.dates.instants import Moment
from tracker.timeline.points import Supposed, Timeline
from tracker.timeline.resolver import resolve


class Misnamed(Exception):
    """What is named is not there, or is no day: `name` names the sentence that says how."""

    def __init__(self, name: str, **values: object) -> None:
        super().__init__(name)
        self.name = name
        self.values = values


def point_and_occurrence(text: str) -> tuple[str, date | None]:
    """The point of `x@2028-12-31`, and the day behind the "@"; None where there is none.

    Raises Misnamed where no day stands there.
    """
    name, at, day = text.partition("@")
    if not at:
        return text, None
    try:
        return name, date.fromisoformat(day.strip())
    except ValueError:
        raise Misnamed("call.occurrence-day", point=text, day=day.strip()) from None


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

    Raises Misnamed where there is none, or more than one.
    """
    matching = [event for event in events if name in (event.id, event.name) or name in event.was]
    if not matching:
        raise _unknown(name, events)
    if len(matching) > 1:
        names = ", ".join(event.name for event in matching)
        raise Misnamed("call.several-events", id=name, names=names)
    return matching[0]


def _unknown(name: str, events: Sequence[Event]) -> Misnamed:
    from difflib import get_close_matches

    near = get_close_matches(name, [event.id for event in events], n=1, cutoff=0.5)
    if near:
        return Misnamed("call.no-event.near", id=name, near=near[0])
    return Misnamed("call.no-event", id=name)


def parse_suppositions(
    texts: Sequence[str], agreements: Sequence[Agreement], as_of: date
) -> Supposed:
    """What `--suppose` says: `x=2029-05-01`, `"end of x=never"`.

    Raises Misnamed with the right form.
    """
    events = [event for agreement in agreements for event in events_on(agreement, as_of)]
    zones = {agreement.id: agreement.timezone for agreement in agreements}
    suppose: dict[PointKey, Moment | None] = {}
    occurrences: list[tuple[str, PointKey, date]] = []
    for text in texts:
        name, equals, day = (part.strip() for part in text.partition("="))
        if not (name and equals and day):
            raise Misnamed("call.suppose.form", text=text)
        point, occurrence = point_and_occurrence(name)
        side, bare = side_and_name(point)
        event = event_named(bare, events)
        key = key_named(event, side, point)
        if occurrence is not None:
            occurrences.append((name, key, occurrence))
            key = key.at(occurrence)
        if key in suppose:
            raise Misnamed("call.suppose.twice", point=name)
        try:
            suppose[key] = moment_said(day, zones[event.agreement])
        except Misnamed as refused:
            near = refused.values.get("near", "2029-05-01")
            is_other = refused.name in ("call.other-day", "call.either-day")
            case = "call.suppose.other-day" if is_other else "call.suppose.day"
            raise Misnamed(case, day=day, point=name, near=near) from None
    if occurrences or any(event.repeating for event in events):
        _check_occurrences(occurrences, suppose, resolve(agreements, as_of, suppose))
    return suppose


def key_named(event: Event, side: Side | None, name: str) -> PointKey:
    """The key of that side of an event; raises Misnamed where it has no such point."""
    there = [its_side for its_side, _ in sides(event)]
    if side is None and event.is_term:
        raise Misnamed("call.point.term", id=event.id, side=there[-1] if there else "end")
    if side is not None and not event.is_term:
        raise Misnamed("call.point.moment", point=name, id=event.id)
    if (side or "when") not in there:
        raise Misnamed("call.no-point", point=name, id=event.id)
    return event.key(side or "when")


def _check_occurrences(
    named: Sequence[tuple[str, PointKey, date]], suppose: Supposed, timeline: Timeline
) -> None:
    """Each occurrence that is named is there, and what repeats is named by its occurrence."""
    for name, key, day in named:
        check_occurrence(name, key, day, timeline)
    for key in suppose:
        if key.side == "when" and (days := timeline.families.get(key)):
            raise Misnamed(
                "call.which-occurrence", point=key.event, near=_near(days, timeline.as_of)
            )


def check_occurrence(name: str, key: PointKey, day: date, timeline: Timeline) -> None:
    """Raises Misnamed where that point has no occurrence of that day, with the nearest it has."""
    days = list(timeline.families.get(key, ()))
    if not days:
        raise Misnamed("call.no-occurrences", point=name, id=key.event)
    if day not in days:
        point = name.partition("@")[0].strip()
        raise Misnamed("call.no-occurrence", point=name, near=f"{point}@{_near(days, day)}")


def _near(days: Iterable[date], day: date) -> date:
    return min(days, key=lambda occurrence: abs((occurrence - day).days))


def moment_said(text: str, zone: str) -> Moment | None:
    """The day or instant, None for `never`; raises Misnamed where it is neither."""
    from tracker.dates.instants import instant
    from tracker.dates.parser import parse
    from tracker.dates.suggestions.unclear_times import unclear
    from tracker.dates.words.days import Exact

    if text == "never":
        return None
    try:
        form = parse(text)
    except LineError as refused:
        raise _no_moment(text, refused.diagnostic) from None
    if not isinstance(form, Exact):
        raise Misnamed("call.day", day=text)
    if form.clock is None:
        return form.day
    if form.zone is None and (diagnostic := unclear(text, form.day, form.clock, zone, form.span)):
        raise _no_moment(text, diagnostic)
    return instant(form.day, form.clock, form.zone or zone)


def misnamed_day(text: str) -> Misnamed:
    """Why a text is no day, with the one or two days that it can mean."""
    from tracker.dates.parser import parse_day

    try:
        parse_day(text)
    except LineError as refused:
        return _no_moment(text, refused.diagnostic)
    raise ValueError(f"{text} is a day")


def _no_moment(text: str, diagnostic: Diagnostic) -> Misnamed:
    """Why a text is no day and no instant, with the one or two that it can mean."""
    meant = [suggestion.write for suggestion in diagnostic.suggestions]
    meant = [write for write in meant if write[:4].isdigit()]
    if not meant:
        return Misnamed("call.day", day=text)
    if diagnostic.case == "no-such-period":
        return Misnamed("call.no-such-day", day=text, near=meant[0])
    if len(meant) > 1:
        return Misnamed("call.either-day", day=text, near=meant[0], further=meant[1])
    return Misnamed("call.other-day", day=text, near=meant[0])
