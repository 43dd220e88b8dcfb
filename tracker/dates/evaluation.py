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
    Bounds,
    Place,
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


def fixed_bounds(form: Form) -> Bounds | None:
    """The bounds of a form that hangs on nothing but the calendar; None of any other."""
    match form:
        case Exact(day, None):
            return certain(day)
        case Through(period):
            return certain(period.last)
        case Before(period):
            return certain(date.fromordinal(period.first.toordinal() - 1))
        case In(period):
            stands = Window(period.first, period.last)
            return Bounds(period.first, period.last, stands, forecast=True)
        case _:
            return bounds_of(form, _NOWHERE) if _is_fixed(form) else None


def _nothing_named(ref: Ref) -> Bounds:
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


def bounds_of(form: Form, place: Place) -> Bounds:
    """The bounds of a form that stands in that place.

    Raises Uncovered where it counts business days of a year of which nothing is known.
    """
    match form:
        case Ref():
            return place.named(form)
        case Offset(duration, direction, operand):
            return _shifted(duration, direction, bounds_of(operand, place), place)
        case Choice(which, items):
            return _chosen([bounds_of(item, place) for item in items], which, place.zone)
        case Open():
            return Bounds(place.as_of, None, None, opens=True)
        case NotBefore(operand):
            return _not_before(bounds_of(operand, place), place)
        case Between(first, last):
            return _between(_first_bound(first, place), _last_bound(last, place), place.zone)
        case Within(duration, direction, operand):
            return _within(duration, direction, bounds_of(operand, place), place)
        case Edge(edge, unit, operand):
            return moved(bounds_of(operand, place), lambda moment: _edge(edge, unit, moment))
        case Lasts(duration, start):
            return moved(place.named(start), lambda moment: _end_of_term(duration, moment))
        case Exact(day, clock, zone) if clock is not None:
            return certain(instant(day, clock, zone or place.zone))
        case Each():
            return place.each or Bounds(place.as_of, None, None, opens=True)
        case OrIf():
            return or_if(form, place).bounds
        case _:
            return fixed_bounds(form) or NEVER


def moved(bounds: Bounds, move: Callable[[Moment], Moment]) -> Bounds:
    """The bounds after each of its moments was moved; later ones never before earlier."""
    earliest = bounds.earliest and move(bounds.earliest)
    latest = bounds.latest and move(bounds.latest)
    stands = bounds.stands and Window(move(bounds.stands.earliest), move(bounds.stands.latest))
    return Bounds(earliest, latest, stands, bounds.forecast)


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


def rolled(bounds: Bounds, roll: Callable[[date], date], as_of: date | None) -> Bounds:
    """The bounds with each possible day moved off a closed one; `as_of` is given of an open event.

    Instants keep their wall clock.
    """

    def move(moment: Moment) -> Moment:
        day = roll(own_day(moment))
        if isinstance(moment, Instant):
            return moment if day == own_day(moment) else at_clock_of(moment, day)
        return day

    if bounds.exact and bounds.stands is not None and bounds.stands == bounds[:2]:
        return certain(move(bounds.stands.earliest))._replace(forecast=bounds.forecast)
    earliest = bounds.earliest and move(bounds.earliest)
    if as_of is not None and earliest is not None and own_day(earliest) < as_of:
        earliest = as_of  # what has not happened by today cannot lie before it
    stands = bounds.stands and Window(move(bounds.stands.earliest), move(bounds.stands.latest))
    return bounds._replace(
        earliest=earliest, latest=bounds.latest and move(bounds.latest), stands=stands
    )


# -- the words


def _not_before(bounds: Bounds, place: Place) -> Bounds:
    """From that moment on, or from today if that is later, without a last day."""
    earliest = bounds.earliest
    if earliest is None:
        return NEVER
    if not isinstance(earliest, Instant):
        return Bounds(max(place.as_of, earliest), None, None, opens=True)
    if earliest.utc <= start_of(place.as_of, place.zone):
        return Bounds(place.as_of, None, None, opens=True)
    return Bounds(earliest, None, None)


def _first_bound(bound: Bound, place: Place) -> Bounds:
    return certain(bound.first) if isinstance(bound, Period) else bounds_of(bound, place)


def _last_bound(bound: Bound, place: Place) -> Bounds:
    return certain(bound.last) if isinstance(bound, Period) else bounds_of(bound, place)


def _between(first: Bounds, last: Bounds, zone: str) -> Bounds:
    """From the earliest of the first bound; a last bound that comes before the first is the first.

    Lines whose second day is earlier whatever happens are refused before (diagnostics.py).
    """
    latest = later(first.latest, last.latest, zone)
    stands: Window | None = None
    if first.stands is not None and last.stands is not None:
        final = later(first.stands.latest, last.stands.latest, zone)
        stands = None if final is None else Window(first.stands.earliest, final)
    return Bounds(first.earliest, latest, stands, forecast=True, opens=first.opens)


def _within(
    duration: Duration, direction: Literal["before", "after"], bounds: Bounds, place: Place
) -> Bounds:
    """From the operand to so long after it (before it: from so long before), both included."""
    far = _shifted(duration, direction, bounds, place)
    first, last = (far, bounds) if direction == "before" else (bounds, far)
    stands = None
    if first.stands is not None and last.stands is not None:
        stands = Window(first.stands.earliest, last.stands.latest)
    return Bounds(first.earliest, last.latest, stands, opens=first.opens)


def _shifted(
    duration: Duration, direction: Literal["before", "after"], bounds: Bounds, place: Place
) -> Bounds:
    earliest, latest, stands, forecast, opens = bounds
    if earliest is None:
        return NEVER

    def reached(moment: Moment) -> tuple[Moment, Moment]:
        return _reached(duration, direction, moment, place)

    first, last = reached(earliest)
    if latest is not None and latest == earliest and stands == (earliest, latest):
        return Bounds(first, last, Window(first, last), forecast)
    if stands is not None:
        stands = Window(reached(stands.earliest)[0], reached(stands.latest)[1])
    return Bounds(first, latest and reached(latest)[1], stands, forecast, opens)


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

    bounds: Bounds
    live: tuple[Form, ...]  #: points and events that can still change it, in the order of the line
    stands: int | None  #: which stands: 0 the first point, 1 the first clause's; None: none does


def or_if(form: OrIf, place: Place) -> Outcome:
    """The first point, or that of a clause whose event comes on or before the day that then stands.

    Clauses are taken in order. Bounds span those that can still come in time: not monotone, so they
    may be wider than the truth where both sides hang on one event, and never narrower.
    """
    bounds, live, stands = bounds_of(form.first, place), [form.first], 0
    for number, (point, event) in enumerate(form.clauses, 1):
        comes, other = place.named(event), bounds_of(point, place)
        if _is_in_time(comes, bounds, place.zone):
            bounds, live, stands = other, [point], number
        elif _can_come_in_time(comes, bounds, place.zone):
            taken = _stands_in_time(comes, bounds, place.zone)
            bounds = _spanning(bounds, other, taken, place.zone)
            live += [point, event]
            stands = number if taken else stands
    return Outcome(bounds, tuple(live), stands if bounds.stands is not None else None)


def _is_in_time(comes: Bounds, bounds: Bounds, zone: str) -> bool:
    """Whether the event comes on or before that day, whatever happens."""
    if comes.latest is None:
        return False
    day = bounds.earliest
    if bounds.stands is not None and bounds.latest == bounds.stands.latest:
        # Of a window that nothing moves the last day is the one that stands.
        day = bounds.earliest if bounds.forecast else bounds.latest
    return day is not None and not precedes(day, comes.latest, zone, bounds.opens)


def _can_come_in_time(comes: Bounds, bounds: Bounds, zone: str) -> bool:
    if comes.earliest is None:
        return False
    if bounds.latest is None:
        return True
    if isinstance(bounds.latest, Instant) or isinstance(comes.earliest, Instant):
        return order(comes.earliest, zone, comes.opens)[0] <= order(bounds.latest, zone)[0]
    return comes.earliest <= bounds.latest


def _stands_in_time(comes: Bounds, bounds: Bounds, zone: str) -> bool:
    """Whether the event comes in time, supposing that no open event ever happens."""
    if comes.stands is None:
        return False
    day = bounds.counts_to
    return day is None or not precedes(day, comes.stands.latest, zone)


def _spanning(one: Bounds, other: Bounds, taken: bool, zone: str) -> Bounds:
    """Either of the two; what stands is the other's where that is taken, else the one's."""
    earliest, opens = picked(
        ((one.earliest, one.opens), (other.earliest, other.opens)), "earliest", zone
    )
    latest = later(one.latest, other.latest, zone)
    chosen = other if taken else one
    return Bounds(earliest, latest, chosen.stands, chosen.forecast, opens)


def _chosen(
    candidates: Sequence[Bounds], which: Literal["earliest", "latest"], zone: str
) -> Bounds:
    try:
        return _chosen_of_days(candidates, which)
    except TypeError:  # a day was held against an instant, which Python does not order
        return _chosen_of_instants(candidates, which, zone)


def _sooner(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return one or other
    return min(one, other)  # raises TypeError: see _chosen


def _later(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return None
    return max(one, other)  # as above


def _chosen_of_days(candidates: Sequence[Bounds], which: Literal["earliest", "latest"]) -> Bounds:
    """The choice among days alone, which most are, or among instants alone."""
    pick = _sooner if which == "earliest" else _later
    earliest, latest, stands, _, opens = candidates[0]
    first, last = stands or (None, None)
    for bounds in candidates[1:]:
        earliest, latest = pick(earliest, bounds.earliest), pick(latest, bounds.latest)
        other_first, other_last = bounds.stands or (None, None)
        first, last = pick(first, other_first), pick(last, other_last)
        opens = opens or bounds.opens
    if opens:
        giving = [bounds.opens for bounds in candidates if bounds.earliest == earliest]
        opens = any(giving) if which == "earliest" else all(giving)
    if first is None or last is None:
        return Bounds(earliest, latest, None, opens=opens)
    # The item that gives the last standing day decides what is counted to; on a tie, the deadline.
    deciding = [bounds for bounds in candidates if bounds.stands and bounds.stands.latest == last]
    forecast = all(bounds.forecast for bounds in deciding)
    return Bounds(earliest, latest, Window(first, last), forecast, opens)


def _chosen_of_instants(
    candidates: Sequence[Bounds], which: Literal["earliest", "latest"], zone: str
) -> Bounds:
    """As _chosen, where days are held against instants."""
    firsts = [(bounds.earliest, bounds.opens) for bounds in candidates]
    earliest, opens = picked(firsts, which, zone)
    latest, _ = picked([(bounds.latest, False) for bounds in candidates], which, zone)
    windows = [bounds.stands or (None, None) for bounds in candidates]
    first, _ = picked([(window[0], False) for window in windows], which, zone)
    last, _ = picked([(window[1], False) for window in windows], which, zone)
    if first is None or last is None:
        return Bounds(earliest, latest, None, opens=opens)
    deciding = [
        bounds
        for bounds in candidates
        if bounds.stands and order(bounds.stands.latest, zone)[0] == order(last, zone)[0]
    ]
    forecast = all(bounds.forecast for bounds in deciding)
    return Bounds(earliest, latest, Window(first, last), forecast, opens)
