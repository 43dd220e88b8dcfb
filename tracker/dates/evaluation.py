"""How bounds add up.

One idea makes it simple: never is later than every day. So `earliest of` is min and `latest of` is
max, and a point's bounds are computed from those of what it names, item by item. Here None stands
for never; only `sooner` and `later` know it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from tracker.dates.arithmetic import at_clock_of, counted, edge_of, end_of_term
from tracker.dates.bounds import (
    NEVER,
    Place,
    Reach,
    Window,
    certain,
    later,
    order,
    picked,
    precedes,
)
from tracker.dates.expressions import (
    Before,
    Between,
    Bound,
    Choice,
    Duration,
    Each,
    Edge,
    Exact,
    Form,
    In,
    Lasts,
    NotBefore,
    Offset,
    Open,
    OrIf,
    Period,
    Ref,
    Through,
    Within,
    parts,
)
from tracker.dates.instants import Instant, Moment, instant, own_day, start_of


def fixed_reach(form: Form) -> Reach | None:
    """The reach of a form that hangs on nothing but the calendar; None of any other."""
    match form:
        case Exact(day, None):
            return certain(day)
        case Through(period):
            return certain(period.last)
        case Before(period):
            return certain(date.fromordinal(period.first.toordinal() - 1))
        case In(period):
            stands = Window(period.first, period.last)
            return Reach(period.first, period.last, stands, forecast=True)
        case _:
            return reach_of(form, _NOWHERE) if _is_fixed(form) else None


def _nothing_named(ref: Ref) -> Reach:
    raise KeyError(str(ref))


_NOWHERE = Place(date.min, _nothing_named)


def _is_fixed(form: Form) -> bool:
    """Whether a form hangs on no event, no zone and no calendar of business days."""
    match form:
        case Ref() | Each() | Open() | NotBefore() | Lasts() | Exact(_, _, str()):
            return False
        case Exact(_, clock):
            return clock is None
        case Offset(duration) | Within(duration):
            return duration.plain and _is_fixed(form.operand)
        case _:
            return all(_is_fixed(part) for part in parts(form))


def reach_of(form: Form, place: Place) -> Reach:
    """The reach of a form that stands in that place.

    Raises Uncovered where it counts business days of a year of which nothing is known.
    """
    match form:
        case Ref():
            return place.named(form)
        case Offset(duration, direction, operand):
            return _shifted(duration, direction, reach_of(operand, place), place)
        case Choice(which, items):
            return _chosen([reach_of(item, place) for item in items], which, place.zone)
        case Open():
            return Reach(place.as_of, None, None, opens=True)
        case NotBefore(operand):
            return _not_before(reach_of(operand, place), place)
        case Between(first, last):
            return _between(_first_bound(first, place), _last_bound(last, place), place.zone)
        case Within(duration, direction, operand):
            return _within(duration, direction, reach_of(operand, place), place)
        case Edge(edge, unit, operand):
            return moved(reach_of(operand, place), lambda moment: _edge(edge, unit, moment))
        case Lasts(duration, start):
            return moved(place.named(start), lambda moment: _end_of_term(duration, moment))
        case Exact(day, clock, zone) if clock is not None:
            return certain(instant(day, clock, zone or place.zone))
        case Each():
            return place.each or Reach(place.as_of, None, None, opens=True)
        case OrIf():
            return or_if(form, place).reach
        case _:
            return fixed_reach(form) or NEVER


def moved(reach: Reach, move: Callable[[Moment], Moment]) -> Reach:
    """The reach after each of its moments was moved; later ones never before earlier."""
    earliest = reach.earliest and move(reach.earliest)
    latest = reach.latest and move(reach.latest)
    stands = reach.stands and Window(move(reach.stands.earliest), move(reach.stands.latest))
    return Reach(earliest, latest, stands, reach.forecast)


def _edge(edge: str, unit: object, moment: Moment) -> date:
    """The first or last day, kept at the last there is (`check` reports such lines)."""
    try:
        return edge_of(edge, unit, own_day(moment))  # type: ignore[arg-type]  # a form's own unit
    except OverflowError:
        return date.max


def _end_of_term(duration: Duration, moment: Moment) -> date:
    try:
        return end_of_term(duration, own_day(moment))
    except OverflowError:
        return date.max


def rolled(reach: Reach, roll: Callable[[date], date], as_of: date | None) -> Reach:
    """The reach with each possible day moved off a closed one; `as_of` is given of an open event.

    Instants keep their wall clock.
    """

    def move(moment: Moment) -> Moment:
        day = roll(own_day(moment))
        if isinstance(moment, Instant):
            return moment if day == own_day(moment) else at_clock_of(moment, day)
        return day

    if reach.exact and reach.stands is not None and reach.stands == reach[:2]:
        return certain(move(reach.stands.earliest))._replace(forecast=reach.forecast)
    earliest = reach.earliest and move(reach.earliest)
    if as_of is not None and earliest is not None and own_day(earliest) < as_of:
        earliest = as_of  # what has not happened by today cannot lie before it
    stands = reach.stands and Window(move(reach.stands.earliest), move(reach.stands.latest))
    return reach._replace(
        earliest=earliest, latest=reach.latest and move(reach.latest), stands=stands
    )


# -- the words


def _not_before(reach: Reach, place: Place) -> Reach:
    """From that moment on, or from today if that is later, without a last day."""
    earliest = reach.earliest
    if earliest is None:
        return NEVER
    if not isinstance(earliest, Instant):
        return Reach(max(place.as_of, earliest), None, None, opens=True)
    if earliest.utc <= start_of(place.as_of, place.zone):
        return Reach(place.as_of, None, None, opens=True)
    return Reach(earliest, None, None)


def _first_bound(bound: Bound, place: Place) -> Reach:
    return certain(bound.first) if isinstance(bound, Period) else reach_of(bound, place)


def _last_bound(bound: Bound, place: Place) -> Reach:
    return certain(bound.last) if isinstance(bound, Period) else reach_of(bound, place)


def _between(first: Reach, last: Reach, zone: str) -> Reach:
    """From the earliest of the first bound; a last bound that comes before the first is the first.

    Lines whose second day is earlier whatever happens are refused before (diagnostics.py).
    """
    latest = later(first.latest, last.latest, zone)
    stands: Window | None = None
    if first.stands is not None and last.stands is not None:
        final = later(first.stands.latest, last.stands.latest, zone)
        stands = None if final is None else Window(first.stands.earliest, final)
    return Reach(first.earliest, latest, stands, forecast=True, opens=first.opens)


def _within(
    duration: Duration, direction: Literal["before", "after"], reach: Reach, place: Place
) -> Reach:
    """From the operand to so long after it (before it: from so long before), both included."""
    far = _shifted(duration, direction, reach, place)
    first, last = (far, reach) if direction == "before" else (reach, far)
    stands = None
    if first.stands is not None and last.stands is not None:
        stands = Window(first.stands.earliest, last.stands.latest)
    return Reach(first.earliest, last.latest, stands, opens=first.opens)


def _shifted(
    duration: Duration, direction: Literal["before", "after"], reach: Reach, place: Place
) -> Reach:
    earliest, latest, stands, forecast, opens = reach
    if earliest is None:
        return NEVER

    def reached(moment: Moment) -> tuple[Moment, Moment]:
        return _reached(duration, direction, moment, place)

    first, last = reached(earliest)
    if latest is not None and latest == earliest and stands == (earliest, latest):
        return Reach(first, last, Window(first, last), forecast)
    if stands is not None:
        stands = Window(reached(stands.earliest)[0], reached(stands.latest)[1])
    return Reach(first, latest and reached(latest)[1], stands, forecast, opens)


def _reached(
    duration: Duration, direction: Literal["before", "after"], moment: Moment, place: Place
) -> tuple[Moment, Moment]:
    """The moments reached, kept at the first or last day there is (`check` reports such lines)."""
    try:
        if not (duration.hours or duration.business_days or isinstance(moment, Instant)):
            # The commonest by far; counted() would come to the same.
            day = duration.after(moment) if direction == "after" else duration.before(moment)
            return day, day
        return counted(duration, direction == "before", moment, place.zone, place.open_days)
    except OverflowError:
        day = date.max if direction == "after" else date.min
        return day, day


class Outcome(NamedTuple):
    """What an `or … if` comes to, and what of it can still matter."""

    reach: Reach
    live: tuple[Form, ...]  #: points and events that can still change it, in the order of the line
    stands: int | None  #: which stands: 0 the first point, 1 the first clause's; None: none does


def or_if(form: OrIf, place: Place) -> Outcome:
    """The first point, or that of a clause whose event comes on or before the day that then stands.

    Clauses are taken in order. Bounds span those that can still come in time: not monotone, so they
    may be wider than the truth where both sides hang on one event, and never narrower.
    """
    reach, live, stands = reach_of(form.first, place), [form.first], 0
    for number, (point, event) in enumerate(form.clauses, 1):
        comes, other = place.named(event), reach_of(point, place)
        if _is_in_time(comes, reach, place.zone):
            reach, live, stands = other, [point], number
        elif _can_come_in_time(comes, reach, place.zone):
            taken = _stands_in_time(comes, reach, place.zone)
            reach = _spanning(reach, other, taken, place.zone)
            live += [point, event]
            stands = number if taken else stands
    return Outcome(reach, tuple(live), stands if reach.stands is not None else None)


def _is_in_time(comes: Reach, reach: Reach, zone: str) -> bool:
    """Whether the event comes on or before that day, whatever happens."""
    if comes.latest is None:
        return False
    day = reach.earliest
    if reach.stands is not None and reach.latest == reach.stands.latest:
        # Of a window that nothing moves the last day is the one that stands.
        day = reach.earliest if reach.forecast else reach.latest
    return day is not None and not precedes(day, comes.latest, zone, reach.opens)


def _can_come_in_time(comes: Reach, reach: Reach, zone: str) -> bool:
    if comes.earliest is None:
        return False
    if reach.latest is None:
        return True
    if isinstance(reach.latest, Instant) or isinstance(comes.earliest, Instant):
        return order(comes.earliest, zone, comes.opens)[0] <= order(reach.latest, zone)[0]
    return comes.earliest <= reach.latest


def _stands_in_time(comes: Reach, reach: Reach, zone: str) -> bool:
    """Whether the event comes in time, supposing that no open event ever happens."""
    if comes.stands is None:
        return False
    day = reach.counts_to
    return day is None or not precedes(day, comes.stands.latest, zone)


def _spanning(one: Reach, other: Reach, taken: bool, zone: str) -> Reach:
    """Either of the two; what stands is the other's where that is taken, else the one's."""
    earliest, opens = picked(
        ((one.earliest, one.opens), (other.earliest, other.opens)), "earliest", zone
    )
    latest = later(one.latest, other.latest, zone)
    chosen = other if taken else one
    return Reach(earliest, latest, chosen.stands, chosen.forecast, opens)


def _chosen(reaches: Sequence[Reach], which: Literal["earliest", "latest"], zone: str) -> Reach:
    try:
        return _chosen_of_days(reaches, which)
    except TypeError:  # a day was held against an instant, which Python does not order
        return _chosen_of_instants(reaches, which, zone)


def _sooner(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return one or other
    return min(one, other)  # raises TypeError: see _chosen


def _later(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return None
    return max(one, other)  # as above


def _chosen_of_days(reaches: Sequence[Reach], which: Literal["earliest", "latest"]) -> Reach:
    """The choice among days alone, which most are, or among instants alone."""
    pick = _sooner if which == "earliest" else _later
    earliest, latest, stands, _, opens = reaches[0]
    first, last = stands or (None, None)
    for reach in reaches[1:]:
        earliest, latest = pick(earliest, reach.earliest), pick(latest, reach.latest)
        other_first, other_last = reach.stands or (None, None)
        first, last = pick(first, other_first), pick(last, other_last)
        opens = opens or reach.opens
    if opens:
        giving = [reach.opens for reach in reaches if reach.earliest == earliest]
        opens = any(giving) if which == "earliest" else all(giving)
    if first is None or last is None:
        return Reach(earliest, latest, None, opens=opens)
    # The item that gives the last standing day decides what is counted to; on a tie, the deadline.
    deciding = [reach for reach in reaches if reach.stands and reach.stands.latest == last]
    forecast = all(reach.forecast for reach in deciding)
    return Reach(earliest, latest, Window(first, last), forecast, opens)


def _chosen_of_instants(
    reaches: Sequence[Reach], which: Literal["earliest", "latest"], zone: str
) -> Reach:
    """As _chosen, where days are held against instants."""
    firsts = [(reach.earliest, reach.opens) for reach in reaches]
    earliest, opens = picked(firsts, which, zone)
    latest, _ = picked([(reach.latest, False) for reach in reaches], which, zone)
    windows = [reach.stands or (None, None) for reach in reaches]
    first, _ = picked([(window[0], False) for window in windows], which, zone)
    last, _ = picked([(window[1], False) for window in windows], which, zone)
    if first is None or last is None:
        return Reach(earliest, latest, None, opens=opens)
    deciding = [
        reach
        for reach in reaches
        if reach.stands and order(reach.stands.latest, zone)[0] == order(last, zone)[0]
    ]
    forecast = all(reach.forecast for reach in deciding)
    return Reach(earliest, latest, Window(first, last), forecast, opens)
