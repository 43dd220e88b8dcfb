"""Points as people name them, and days that are supposed of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from itertools import count
from typing import Literal

from tracker.agreements.amendments import events_on
from tracker.agreements.keys import Occurrence, PointKey
from tracker.agreements.model import Agreement, Event, sides
from tracker.agreements.occurrence_names import nearest_name, occurrence_named
from tracker.dates.diagnostics import Diagnostic, LineError
from tracker.dates.expressions import Side
from tracker.dates.instants import Moment, day_in
from tracker.dates.near_days import near_day, with_date
from tracker.timeline.points import Supposed, Timeline
from tracker.timeline.resolver import resolve


class Misnamed(Exception):
    """What is named is not there, or is no day: `name` names the sentence that says how."""

    def __init__(self, name: str, **values: object) -> None:
        super().__init__(name)
        self.name = name
        self.values = values


#: What is said of a day that is supposed, for what is said of any day.
_SUPPOSED_CASES = {
    "call.other-day": "call.suppose.other-day",
    "call.either-day": "call.suppose.either-day",
    "call.no-such-day": "call.suppose.no-such-day",
}


def point_and_occurrence(text: str, today: date) -> tuple[str, Occurrence | None]:
    """The point of `x@2028-12-31`, `x@2`, `x@breach-7`, and what stands behind the "@", if any.

    `x@today` is that of the day: the name alone would be another one's tomorrow. Raises Misnamed
    where it is no day, no number and no name.
    """
    name, at, which = (part.strip() for part in text.partition("@"))
    if not at:
        return text, None
    occurrence = near_day(which, today) or occurrence_named(which)
    if occurrence is None:
        near = nearest_name(which)
        if near is None or which[:1].isdigit():
            raise Misnamed("call.occurrence-day", point=text, day=which)
        raise Misnamed("call.occurrence-name", point=text, which=which, near=f"{name}@{near}")
    return name, occurrence


def check_name(point: str, event: Event, occurrence: Occurrence) -> None:
    """Raises Misnamed where a happening would be known by a number, which is no name."""
    if isinstance(occurrence, int) and happens(event):
        name = point.partition("@")[0].strip()
        near = f"{name}@no-{occurrence}"
        raise Misnamed("call.occurrence-name", point=point, which=occurrence, near=near)


def happens(event: Event) -> bool:
    """Whether it happens any number of times, each of which has a name."""
    return event.repeats is not None and event.repeats.named_by == "name"


def free_name(event: Event, day: date, taken: Iterable[Occurrence] = ()) -> Occurrence:
    """The name of a happening that was given none: its day; of a second one, `2027-03-01-2`."""
    names = set(map(str, (*event.recorded_occurrences, *taken)))
    if str(day) not in names:
        return day
    return next(name for at in count(2) if (name := f"{day}-{at}") not in names)


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
    occurrences: list[tuple[str, PointKey, Occurrence]] = []
    for text in texts:
        name, equals, day = (part.strip() for part in text.partition("="))
        if not (name and equals and day):
            raise Misnamed("call.suppose.form", text=text)
        point, occurrence = point_and_occurrence(name, as_of)
        side, bare = side_and_name(point)
        event = event_named(bare, events)
        key = key_named(event, side, point)
        try:
            moment = moment_said(day, zones[event.agreement], as_of)
        except Misnamed as refused:
            values = {"near": "2029-05-01", **refused.values, "day": day, "point": name}
            case = _SUPPOSED_CASES.get(refused.name, "call.suppose.day")
            raise Misnamed(case, **values) from None
        if occurrence is not None:
            check_name(name, event, occurrence)
            occurrences.append((name, key, occurrence))
            key = key.at(occurrence)
        elif moment is not None and happens(event):  # one more of them
            there = (other.occurrence for other in suppose if other.series == key)
            own_day = day_in(moment, zones[event.agreement])
            key = key.at(free_name(event, own_day, filter(None, there)))
        if key in suppose:
            raise Misnamed("call.suppose.twice", point=name)
        suppose[key] = moment
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
    named: Sequence[tuple[str, PointKey, Occurrence]], suppose: Supposed, timeline: Timeline
) -> None:
    """Each occurrence that is named is there, and what repeats is named by its occurrence."""
    for name, key, occurrence in named:
        check_occurrence(name, key, occurrence, timeline)
    for key in suppose:
        event = timeline.event_of(key)
        if key.side != "when" or (event is not None and happens(event)):
            continue  # that it never happens again can be supposed of the series
        if there := timeline.families.get(key):
            from tracker.timeline.nearest_occurrences import nearest_of

            near = nearest_of(there, timeline.as_of) or [*there][-1]
            raise Misnamed("call.which-occurrence", point=key.event, near=near)


def check_occurrence(name: str, key: PointKey, occurrence: Occurrence, timeline: Timeline) -> None:
    """Raises Misnamed where that point has no such occurrence, with the nearest that it has."""
    there = timeline.families.get(key, {})
    if not there:
        event = timeline.event_of(key)
        again = event is not None and (event.repeating or event.renews is not None)
        case = "call.no-occurrence-yet" if again else "call.no-occurrences"
        raise Misnamed(case, point=name, id=key.event)
    if occurrence not in there:
        from tracker.timeline.nearest_occurrences import nearest_of

        point = name.partition("@")[0].strip()
        near = nearest_of(there, occurrence) or [*there][-1]
        raise Misnamed("call.no-occurrence", point=name, near=f"{point}@{near}")


def check_there(
    point: str, key: PointKey, occurrence: Occurrence, agreements: Sequence[Agreement], as_of: date
) -> None:
    """Raises Misnamed where there is no such occurrence, neither today nor on its own day.

    Of what happens each day, those that are past are listed no longer.
    """
    try:
        check_occurrence(point, key, occurrence, resolve(agreements, as_of))
    except Misnamed:
        if not isinstance(occurrence, date) or occurrence >= as_of:
            raise
        with suppress(Misnamed):
            check_occurrence(point, key, occurrence, resolve(agreements, occurrence))
            return
        raise


def moment_said(text: str, zone: str, today: date) -> Moment | None:
    """The day or instant, None for `never`; raises Misnamed where it is neither."""
    from tracker.dates.instants import instant
    from tracker.dates.parser import parse
    from tracker.dates.suggestions.unclear_times import unclear
    from tracker.dates.words.days import Exact

    if text == "never":
        return None
    text = with_date(text, today)
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
