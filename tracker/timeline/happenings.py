"""Settling what happens any number of times: an incident, a request, an invoice.

Each happening that is recorded, or supposed, has a point under its name. Beside them stands one
point without an occurrence while it may happen again. However many there are, all are listed: they
are facts, and a deadline that hangs on one of them is no matter of the others.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from tracker.agreements.keys import Occurrence, PointKey
from tracker.agreements.model import ByOccurrence, Event, Line
from tracker.dates.bounds import NEVER, Bounds, exact_bounds
from tracker.dates.instants import Instant, Moment, day_in, local_day
from tracker.dates.words.openings import NotAfter
from tracker.timeline.occurrences import Limits
from tracker.timeline.recurring import Repeating, occurrences_of
from tracker.timeline.resolver_state import ResolverState
from tracker.timeline.waits import NONE, Keys, waits

_WITHOUT_A_TIME = datetime.max.replace(tzinfo=UTC)  # at the end of its day


def settle_happenings(state: ResolverState, event: Event, line: Line) -> None:
    """Settles a point for each happening, and one that says whether it may happen again."""
    repeating = Repeating(state, event, line)
    key = repeating.key
    state.named[key] = "name"
    moments = _moments(state, event, key)
    if moments:
        state.families[key] = keys = occurrences_of(key, moments)
        for name, moment in moments.items():
            _settle(state, event, keys[name], moment)
    bounds, open_points = _again(state, repeating)
    state.bounds_by_key[key] = bounds
    if key in state.suppose or state.is_withdrawn(event):
        state.settled.add(key)
    if bounds.earliest is not None:
        state.open.add(key)
        if isinstance(line.form, NotAfter):
            state.last_days[key] = line.form.last_day(repeating.place)
        if open_points:
            state.note_waits(key, open_points)


def _moments(state: ResolverState, event: Event, key: PointKey) -> dict[Occurrence, Moment | None]:
    """When each of them happened, in that order; None: it is supposed that it did not."""
    moments: dict[Occurrence, Moment | None] = {}
    if isinstance(event.occurred, ByOccurrence):
        seen = (entry for entry in event.occurred.days if state.is_seen(entry[1], event))
        moments.update(seen)
    zone, recorded = state.zone(event), dict(moments)
    for supposed, moment in state.suppose.items():
        name = supposed.occurrence
        if name is not None and supposed.series == key and (moment or name in recorded):
            moments[name] = moment

    def order(name: Occurrence) -> tuple[date, datetime, str]:
        moment = moments[name] or recorded.get(name) or date.max
        clock = moment.utc if isinstance(moment, Instant) else _WITHOUT_A_TIME
        return day_in(moment, zone), clock, str(name)

    return {name: moments[name] for name in sorted(moments, key=order)}


def _settle(state: ResolverState, event: Event, key: PointKey, moment: Moment | None) -> None:
    """Settles one happening. Withdrawn it never was: what hangs on it never comes."""
    state.settled.add(key)
    if state.suppose and key in state.suppose:
        state.bounds_by_key[key] = NEVER if moment is None else exact_bounds(moment)
        return
    if is_withdrawn(event, key.occurrence, state.as_of) or moment is None:
        state.bounds_by_key[key] = NEVER
        return
    state.recorded.add(key)
    state.bounds_by_key[key] = exact_bounds(moment)


def is_withdrawn(event: Event, name: Occurrence | None, as_of: date) -> bool:
    """Whether that happening is withdrawn by a day; what it has of the whole event is no matter."""
    by_name = event.withdrawn if isinstance(event.withdrawn, ByOccurrence) else None
    withdrawn = None if by_name is None or name is None else by_name.get(name)
    return isinstance(withdrawn, date) and withdrawn <= as_of


def _again(state: ResolverState, repeating: Repeating) -> tuple[Bounds, Keys]:
    """On which days it may happen again, and what that waits for: by its line, and `during`."""
    event, line, key = repeating.event, repeating.line, repeating.key
    if state.is_withdrawn(event) or (key in state.suppose and state.suppose[key] is None):
        return NEVER, NONE
    bounds = state.line_bounds(event, line)
    if bounds.earliest is None:
        return NEVER, NONE
    open_points = waits(line.form, key.agreement, repeating.place, state.waits_of)
    start = repeating.start
    if start is not None:
        if start.earliest is None:
            return NEVER, NONE
        if not start.exact:
            open_points |= repeating.start_waits
    return _within(bounds, repeating.limits), open_points


def _within(bounds: Bounds, limits: Limits) -> Bounds:
    """Those of the days that lie between the limits."""
    first = bounds.earliest
    if first is None:
        return NEVER
    if local_day(first) < limits.first:
        first = limits.first
    if limits.last is not None and local_day(first) > limits.last:
        return NEVER
    return bounds._replace(earliest=first)
