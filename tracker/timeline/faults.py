"""What is wrong with agreements as stated, and what is doubtful as of a day.

Every view that there ever is is checked: as first stated, and on each day on which amendments were
signed. A fault names the event and the field in which it stands; the files know where that is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any, NamedTuple, TypeAlias

from tracker.dates.faults import Fault, Offer
from tracker.dates.forms import Offset, Open, Ref, Side, references
from tracker.dates.refusals import habit_of_name
from tracker.timeline.bounds import Reach, reach_of
from tracker.timeline.compared import stated_reach
from tracker.timeline.cycles import cycles
from tracker.timeline.events import Agreement, Event, Key, Line, key_of
from tracker.timeline.resolve import Timeline, resolve, sides
from tracker.timeline.view import events_on

_Events: TypeAlias = dict[tuple[str, str], Event]

#: Names are held against one another so often: nobody reads the thousandth suggestion.
MOST_COMPARED = 30_000

FIELDS: dict[Side, str] = {"when": "when", "start": "starts", "end": "ends"}
RECORDS: dict[Side, str] = {"when": "occurred", "start": "started", "end": "ended"}


class Placed(NamedTuple):
    """A fault, and the field of the event in which it stands, as seen on a day."""

    fault: Fault
    event: Event
    field: str
    seen: date | None = None  #: None: already as first stated


def check(agreements: Sequence[Agreement]) -> list[Placed]:
    """All that is wrong with the agreements, in any view of them.

    An empty list means that resolve() has an answer for every day.
    """
    found: dict[tuple[str, str, Fault], Placed] = {}
    for day in _view_days(agreements):
        view = [_viewed(agreement, day) for agreement in agreements]
        for placed in _faults(view):
            identity = (placed.event.name, placed.field, placed.fault)
            found.setdefault(identity, placed._replace(seen=day))
    return list(found.values())


def _view_days(agreements: Sequence[Agreement]) -> list[date | None]:
    signed = {amendment.on for agreement in agreements for amendment in agreement.amendments}
    return [None, *sorted(signed)]


def _viewed(agreement: Agreement, day: date | None) -> Agreement:
    """The agreement as first stated, or as amended by a day, with nothing left to amend."""
    if not agreement.amendments:
        return agreement
    events = agreement.events if day is None else events_on(agreement, day)
    return Agreement(
        agreement.id,
        agreement.title,
        agreement.language,
        agreement.timezone,
        sources=agreement.sources,
        events=events,
    )


def _faults(view: Sequence[Agreement]) -> list[Placed]:
    """What is wrong in one view."""
    events = {(event.agreement, event.id): event for one in view for event in one.events}
    found = [placed for event in events.values() for placed in _shape(event)]
    unsound: set[Key] = set()  # points whose lines name what is not there, or themselves
    hangs_on: dict[Key, list[Key]] = {}
    for event in events.values():
        for side, line in sides(event):
            if line is None or not line.refs:
                continue
            key = (event.agreement, event.id, side)
            hangs_on[key] = [key_of(ref, event.agreement) for ref in line.refs]
            helped = events if len(found) * len(events) < MOST_COMPARED else {}
            if wrong := list(_names(event, side, line, events, helped)):
                unsound.add(key)
                found.extend(wrong)
    circles, knotted = cycles(hangs_on)
    found.extend(_circle(circle, events) for circle in circles)
    found.extend(_impossible(view, unsound | knotted))
    return found


def _shape(event: Event) -> Iterator[Placed]:
    """An event happens or lasts, never both, and its records are of the same kind."""
    if event.when is not None:
        for field in ("starts", "ends", "started", "ended"):
            if getattr(event, field) is not None:
                yield Placed(Fault("when-and-lasts", values=(("key", field),)), event, field)
    elif event.occurred is not None:
        lasting = event.starts is not None or event.ends is not None
        offers = (Offer("started"), Offer("ended")) if lasting else ()
        yield Placed(Fault("occurred-of-term", offers=offers), event, "occurred")
    if not sides(event) and event.occurred is None:
        yield Placed(Fault("no-day-stated", values=(("id", event.id),)), event, "id")


def _names(
    event: Event, side: Side, line: Line, events: _Events, helped: _Events
) -> Iterator[Placed]:
    """Every point that a line names is there, and is named by the right side.

    Names that are like an unknown one are looked for in `helped`.
    """
    for ref in line.refs:
        named = events.get((ref.agreement or event.agreement, ref.id))
        unknown = named is None and _unknown(event, line, ref, helped)
        fault = unknown or (named and _wrong_side(line, ref, named))
        if fault is not None:
            yield Placed(fault, event, FIELDS[side])


def _with(line: Line, ref: Ref, text: str) -> str:
    return " ".join((line.text[: ref.span[0]] + text + line.text[ref.span[1] :]).split())


def _unknown(event: Event, line: Line, ref: Ref, events: dict[tuple[str, str], Event]) -> Fault:
    if habit := habit_of_name(line.text, ref.span):
        return habit
    home = ref.agreement or event.agreement
    known = sorted(name for agreement, name in events if agreement == home)
    values = (("ref", str(Ref(ref.agreement, ref.id, "when"))),)
    near = get_close_matches(ref.id, known, n=2, cutoff=0.6)
    elsewhere = sorted(agreement for agreement, name in events if name == ref.id)
    names = [str(Ref(ref.agreement, name, ref.side)) for name in near]
    names += [str(Ref(agreement, ref.id, ref.side)) for agreement in elsewhere]
    offers = tuple(Offer(_with(line, ref, name)) for name in names)
    return Fault("unknown-ref", ref.span, values, offers)


def _wrong_side(line: Line, ref: Ref, named: Event) -> Fault | None:
    """`end of x` where x has `when`; `x` where x lasts; a side that is nowhere stated."""
    bare = str(Ref(ref.agreement, ref.id, "when"))
    values = (("ref", bare),)
    there = [side for side, _ in sides(named)]
    if ref.side in there:
        return None
    rights = [str(Ref(ref.agreement, ref.id, side)) for side in there]
    offers = tuple(Offer(_with(line, ref, right)) for right in rights)
    if ref.side == "when":
        return Fault("bare-ref-of-term", ref.span, values, offers)
    if named.when is not None:
        return Fault("edge-of-moment", ref.span, values, offers)
    field = FIELDS[ref.side]
    return Fault("side-not-stated", ref.span, (*values, ("key", field)), offers)


def _circle(circle: Sequence[Key], events: dict[tuple[str, str], Event]) -> Placed:
    agreement, name, side = circle[0]
    event = events[agreement, name]
    several = len({of for of, _, _ in circle}) > 1
    refs = [str(Ref(of if several else None, name, side)) for of, name, side in circle]
    values = (("circle", " → ".join([*refs, refs[0]])),)
    line = event.line(side)
    following = circle[1 % len(circle)]
    span = next(
        (ref.span for ref in line.refs if key_of(ref, agreement) == following)
        if line
        else iter(()),
        (0, 0),
    )
    return Placed(Fault("cycle", span, values), event, FIELDS[side])


def _impossible(view: Sequence[Agreement], unsound: set[Key]) -> Iterator[Placed]:
    """What no turn of events can make true: judged from the first day, with nothing recorded."""
    stated = [
        Agreement(one.id, one.title, events=tuple(_as_stated(e, unsound) for e in one.events))
        for one in view
    ]
    timeline = resolve(stated, date.min)
    for event in timeline.events:
        for side, line in sides(event):
            if line is not None and line.refs and (fault := _off_calendar(event, line, timeline)):
                yield Placed(fault, event, FIELDS[side])
        yield from _ends_before_start(event, timeline)


_ANY_DAY = Line.of("open", Open())


def _as_stated(event: Event, unsound: set[Key]) -> Event:
    """The event without what was recorded; lines that cannot be worked out may be any day.

    A side that was only recorded keeps its record: nothing else is said of it.
    """
    if unsound:
        lines: dict[str, Any] = {
            FIELDS[side]: _ANY_DAY
            for side, _ in sides(event)
            if (event.agreement, event.id, side) in unsound
        }
        event = event._replace(**lines) if lines else event
    if event.when is not None:
        return event._replace(occurred=None, withdrawn=None)
    started = event.started if event.starts is None else None
    ended = event.ended if event.ends is None else None
    return event._replace(started=started, ended=ended, withdrawn=None)


def _off_calendar(event: Event, line: Line, timeline: Timeline) -> Fault | None:
    """An offset that leaves the years 0001 to 9999 whatever its operand does."""
    parts = [line.form]
    while parts:
        form = parts.pop()
        if isinstance(form, Offset):
            reach = _reach(form.operand, event, timeline)
            day = reach.earliest if form.direction == "after" else reach.latest
            try:
                if day is not None:
                    form.shift(day)
            except OverflowError:
                return Fault("off-calendar", form.span)
        parts.extend(getattr(form, "items", ()))
        if operand := getattr(form, "operand", None):
            parts.append(operand)
    return None


def _reach(form: object, event: Event, timeline: Timeline) -> Reach:
    def named(ref: Ref) -> Reach:
        return timeline.reaches[key_of(ref, event.agreement)]

    return reach_of(form, timeline.as_of, named)  # type: ignore[arg-type]  # parts of a form


def _ends_before_start(event: Event, timeline: Timeline) -> Iterator[Placed]:
    if event.starts is not None and _counted_forward_from(event, event.starts, "end"):
        yield Placed(Fault("start-after-end", event.starts.form.span), event, "starts")
    start = timeline.reaches.get((event.agreement, event.id, "start"))
    end = timeline.reaches.get((event.agreement, event.id, "end"))
    if start is None or end is None or event.ends is None or event.starts is None:
        return
    if start.earliest is not None and end.latest is not None and end.latest < start.earliest:
        values = (("end", str(end.latest)), ("start", str(start.earliest)))
        yield Placed(Fault("end-before-start", event.ends.form.span, values), event, "ends")


def _counted_forward_from(event: Event, line: Line, side: Side) -> int | None:
    """By how much a line counts forward from that side of its own event; None: it does not.

    The unit is no matter (months and days are added up): only whether it is nothing is asked.
    """
    form = line.form
    forward = 0
    while isinstance(form, Offset) and form.direction == "after":
        forward += form.duration.months + form.duration.days
        form = form.operand
    own = isinstance(form, Ref) and key_of(form, event.agreement) == (*_identity(event), side)
    return forward if own else None


def _identity(event: Event) -> tuple[str, str]:
    return event.agreement, event.id


# -- what is doubtful


def doubts(timeline: Timeline) -> list[Placed]:
    """What is no error and yet wants a look, as of the day of the timeline."""
    found: list[Placed] = []
    for point in timeline.points:
        if point.passed:
            day = str(point.stands.latest) if point.stands else ""
            fault = Fault("passed", values=(("day", day),), severity="warning")
            found.append(Placed(fault, point.event, FIELDS[point.side]))
    for event in timeline.events:
        found.extend(_record_doubts(event, timeline))
        found.extend(_order_doubts(event, timeline))
    return found


def _record_doubts(event: Event, timeline: Timeline) -> Iterator[Placed]:
    """Records of days to come, and records that contradict what is stated."""
    for side, line in sides(event):
        record = event.record(side)
        if record is None:
            continue
        day = (("day", str(record)),)
        if record > timeline.as_of:
            yield Placed(Fault("record-ahead", (0, 0), day, (), "warning"), event, RECORDS[side])
        elif line is not None:
            reach = stated_reach(line, event, timeline)
            if reach.earliest is not None and record < reach.earliest and _after_named(line):
                values = (*day, ("stated", str(reach.earliest)))
                fault = Fault("record-too-early", (0, 0), values, (), "warning")
                yield Placed(fault, event, RECORDS[side])


def _after_named(line: Line) -> bool:
    return bool(references(line.form)) and not isinstance(line.form, Open)


def _order_doubts(event: Event, timeline: Timeline) -> Iterator[Placed]:
    """An end that today's bounds let come before its start."""
    start = timeline.reaches.get((*_identity(event), "start"))
    end = timeline.reaches.get((*_identity(event), "end"))
    if start is None or end is None or end.earliest is None or start.earliest is None:
        return
    if event.ends is not None and _counted_forward_from(event, event.ends, "start") is not None:
        return
    if start.latest is None or end.earliest < start.latest:
        fault = Fault("may-end-before-start", (0, 0), (), (), "warning")
        yield Placed(fault, event, "ends" if event.ends is not None else "ended")
