"""How bounds add up.

One idea makes it simple: never is later than every day. So `earliest of` is min and `latest of` is
max, and a point's bounds are computed from those of what it names, part by part. None stands for
never; only what compares moments knows it (here and in bounds.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from tracker.dates.arithmetic import at_clock_of, edge_of, end_of_term, shift_moment
from tracker.dates.bounds import (
    NEVER,
    Bounds,
    Place,
    Window,
    exact_bounds,
    later,
    order_key,
    pick_moment,
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
from tracker.dates.instants import Instant, Moment, instant, local_day, start_of_day


def fixed_bounds(form: Form) -> Bounds | None:
    """The bounds of a form that hangs on nothing but the calendar; None of any other."""
    match form:
        case Exact(day, None):
            return exact_bounds(day)
        case Through(period):
            return exact_bounds(period.last)
        case Before(period):
            return exact_bounds(date.fromordinal(period.first.toordinal() - 1))
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
            return place.lookup(form)
        case Offset(duration, direction, operand):
            return _shift(duration, direction, bounds_of(operand, place), place)
        case Choice(which, items):
            return _choose([bounds_of(item, place) for item in items], which, place.zone)
        case Open():
            return Bounds(place.as_of, None, None, opens=True)
        case NotBefore(operand):
            return _not_before(bounds_of(operand, place), place)
        case Between(first, last):
            return _between(first_bound(first, place), last_bound(last, place), place.zone)
        case Within(duration, direction, operand):
            return _within(duration, direction, bounds_of(operand, place), place)
        case Edge(edge, unit, operand):
            return map_moments(bounds_of(operand, place), lambda moment: _edge(edge, unit, moment))
        case Lasts(duration, start):
            return map_moments(place.lookup(start), lambda moment: _end_of_term(duration, moment))
        case Exact(day, clock, zone) if clock is not None:
            return exact_bounds(instant(day, clock, zone or place.zone))
        case Each():
            return place.each or Bounds(place.as_of, None, None, opens=True)
        case OrIf():
            return or_if(form, place).bounds
        case _:
            return fixed_bounds(form) or NEVER


def map_moments(bounds: Bounds, move: Callable[[Moment], Moment]) -> Bounds:
    """The bounds after each of its moments was moved; later ones never before earlier."""
    earliest = bounds.earliest and move(bounds.earliest)
    latest = bounds.latest and move(bounds.latest)
    stands = bounds.stands and Window(move(bounds.stands.earliest), move(bounds.stands.latest))
    return Bounds(earliest, latest, stands, bounds.forecast)


def _edge(edge: str, unit: object, moment: Moment) -> date:
    """The first or last day, kept at the last there is (`check` reports such lines)."""
    try:
        return edge_of(edge, unit, local_day(moment))  # type: ignore[arg-type]  # a form's own unit
    except OverflowError:
        return date.max


def _end_of_term(duration: Duration, moment: Moment) -> date:
    try:
        return end_of_term(duration, local_day(moment))
    except OverflowError:
        return date.max


def roll_bounds(bounds: Bounds, roll: Callable[[date], date], as_of: date | None) -> Bounds:
    """The bounds with each possible day moved off a closed one; `as_of` is given of an open event.

    Instants keep their wall clock.
    """

    def move(moment: Moment) -> Moment:
        day = roll(local_day(moment))
        if isinstance(moment, Instant):
            return moment if day == local_day(moment) else at_clock_of(moment, day)
        return day

    if bounds.exact and bounds.stands is not None and bounds.stands == bounds[:2]:
        return exact_bounds(move(bounds.stands.earliest))._replace(forecast=bounds.forecast)
    earliest = bounds.earliest and move(bounds.earliest)
    if as_of is not None and earliest is not None and local_day(earliest) < as_of:
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
    if earliest.utc <= start_of_day(place.as_of, place.zone):
        return Bounds(place.as_of, None, None, opens=True)
    return Bounds(earliest, None, None)


def first_bound(bound: Bound, place: Place) -> Bounds:
    """The bounds of what stands behind `between`: a period counts from its first day."""
    return exact_bounds(bound.first) if isinstance(bound, Period) else bounds_of(bound, place)


def last_bound(bound: Bound, place: Place) -> Bounds:
    """The bounds of what stands behind its `and`: a period counts to its last day."""
    return exact_bounds(bound.last) if isinstance(bound, Period) else bounds_of(bound, place)


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
    far = _shift(duration, direction, bounds, place)
    first, last = (far, bounds) if direction == "before" else (bounds, far)
    stands = None
    if first.stands is not None and last.stands is not None:
        stands = Window(first.stands.earliest, last.stands.latest)
    return Bounds(first.earliest, last.latest, stands, opens=first.opens)


def _shift(
    duration: Duration, direction: Literal["before", "after"], bounds: Bounds, place: Place
) -> Bounds:
    """The bounds so long after (or before) those."""
    earliest, latest, stands, forecast, opens = bounds
    if earliest is None:
        return NEVER

    def shift(moment: Moment) -> tuple[Moment, Moment]:
        return _shift_moment(duration, direction, moment, place)

    first, last = shift(earliest)
    if latest is not None and latest == earliest and stands == (earliest, latest):
        return Bounds(first, last, Window(first, last), forecast)
    if stands is not None:
        stands = Window(shift(stands.earliest)[0], shift(stands.latest)[1])
    return Bounds(first, latest and shift(latest)[1], stands, forecast, opens)


def _shift_moment(
    duration: Duration, direction: Literal["before", "after"], moment: Moment, place: Place
) -> tuple[Moment, Moment]:
    """As shift_moment(), kept at the first or last day there is (`check` reports such lines)."""
    try:
        if not (duration.hours or duration.business_days or isinstance(moment, Instant)):
            # The commonest by far; shift_moment() would come to the same.
            day = duration.after(moment) if direction == "after" else duration.before(moment)
            return day, day
        return shift_moment(duration, direction == "before", moment, place.zone, place.open_days)
    except OverflowError:
        day = date.max if direction == "after" else date.min
        return day, day


class OrIfOutcome(NamedTuple):
    """What an `or … if` comes to, and what of it can still matter."""

    bounds: Bounds
    live: tuple[Form, ...]  #: points and events that can still change it, in the order of the line
    stands: int | None  #: which stands: 0 the first point, 1 the first clause's; None: none does


def or_if(form: OrIf, place: Place) -> OrIfOutcome:
    """The first point, or that of a clause whose event comes on or before the day that then stands.

    Clauses are taken in order. Bounds span those that can still come in time: not monotone, so they
    may be wider than the truth where both sides hang on one event, and never narrower.
    """
    bounds, live, stands = bounds_of(form.first, place), [form.first], 0
    for number, (point, event) in enumerate(form.clauses, 1):
        comes, clause_bounds = place.lookup(event), bounds_of(point, place)
        if _is_in_time(comes, bounds, place.zone):
            bounds, live, stands = clause_bounds, [point], number
        elif _can_come_in_time(comes, bounds, place.zone):
            takes_over = _stands_in_time(comes, bounds, place.zone)
            bounds = _either(bounds, clause_bounds, takes_over, place.zone)
            live += [point, event]
            stands = number if takes_over else stands
    return OrIfOutcome(bounds, tuple(live), stands if bounds.stands is not None else None)


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
        return order_key(comes.earliest, zone, comes.opens)[0] <= order_key(bounds.latest, zone)[0]
    return comes.earliest <= bounds.latest


def _stands_in_time(comes: Bounds, bounds: Bounds, zone: str) -> bool:
    """Whether the event comes in time, supposing that no open event ever happens."""
    if comes.stands is None:
        return False
    day = bounds.counts_to
    return day is None or not precedes(day, comes.stands.latest, zone)


def _either(before: Bounds, clause: Bounds, takes_over: bool, zone: str) -> Bounds:
    """What spans both; what stands is the clause's where it takes over."""
    earliest, opens = pick_moment(
        ((before.earliest, before.opens), (clause.earliest, clause.opens)), "earliest", zone
    )
    latest = later(before.latest, clause.latest, zone)
    standing = clause if takes_over else before
    return Bounds(earliest, latest, standing.stands, standing.forecast, opens)


def _choose(
    candidates: Sequence[Bounds], which: Literal["earliest", "latest"], zone: str
) -> Bounds:
    """The bounds of the earliest or the latest of those."""
    if any(map(_has_instant, candidates)) and _mixes_kinds(candidates):
        return _choose_of_both_kinds(candidates, which, zone)
    return _choose_of_one_kind(candidates, which)


def _has_instant(bounds: Bounds) -> bool:
    earliest, latest, stands, _, _ = bounds
    if isinstance(earliest, Instant) or isinstance(latest, Instant):
        return True
    return stands is not None and (isinstance(stands[0], Instant) or isinstance(stands[1], Instant))


def _mixes_kinds(candidates: Sequence[Bounds]) -> bool:
    """Whether a day would be held against an instant, which Python does not order."""
    moments = [
        (bounds.earliest, bounds.latest, *(bounds.stands or _NEVER_STANDS)) for bounds in candidates
    ]
    return any(
        len({isinstance(moment, Instant) for moment in column if moment is not None}) > 1
        for column in zip(*moments, strict=True)
    )


_NEVER_STANDS = (None, None)


def _earlier(first: Any, second: Any) -> Any:
    """The earlier of two moments of one kind, where None is never."""
    if first is None or second is None:
        return first or second
    return second if second < first else first  # noqa: FURB136 - min() takes twice as long


def _later(first: Any, second: Any) -> Any:
    if first is None or second is None:
        return None
    return second if second > first else first  # noqa: FURB136 - as above


def _choose_of_one_kind(
    candidates: Sequence[Bounds], which: Literal["earliest", "latest"]
) -> Bounds:
    """The choice among days alone, which most are, or among instants alone."""
    pick = _earlier if which == "earliest" else _later
    earliest, latest, stands, _, opens = candidates[0]
    first, last = stands or _NEVER_STANDS
    for bounds in candidates[1:]:
        next_earliest, next_latest, stands, _, next_opens = bounds
        next_first, next_last = stands or _NEVER_STANDS
        earliest, latest = pick(earliest, next_earliest), pick(latest, next_latest)
        first, last = pick(first, next_first), pick(last, next_last)
        opens = opens or next_opens
    if opens:
        giving = [bounds.opens for bounds in candidates if bounds.earliest == earliest]
        opens = any(giving) if which == "earliest" else all(giving)
    if first is None or last is None:
        return Bounds(earliest, latest, None, opens=opens)
    # The part that gives the last standing day decides what is counted to; on a tie, the deadline.
    deciding = [
        bounds.forecast for bounds in candidates if bounds.stands and bounds.stands[1] == last
    ]
    return Bounds(earliest, latest, Window(first, last), all(deciding), opens)


def _choose_of_both_kinds(
    candidates: Sequence[Bounds], which: Literal["earliest", "latest"], zone: str
) -> Bounds:
    """As _choose(), where days are held against instants."""
    firsts = [(bounds.earliest, bounds.opens) for bounds in candidates]
    earliest, opens = pick_moment(firsts, which, zone)
    latest, _ = pick_moment([(bounds.latest, False) for bounds in candidates], which, zone)
    windows = [bounds.stands or (None, None) for bounds in candidates]
    first, _ = pick_moment([(window[0], False) for window in windows], which, zone)
    last, _ = pick_moment([(window[1], False) for window in windows], which, zone)
    if first is None or last is None:
        return Bounds(earliest, latest, None, opens=opens)
    deciding = [
        bounds
        for bounds in candidates
        if bounds.stands and order_key(bounds.stands.latest, zone)[0] == order_key(last, zone)[0]
    ]
    forecast = all(bounds.forecast for bounds in deciding)
    return Bounds(earliest, latest, Window(first, last), forecast, opens)
