"""From what is stated to what can be said of each point, as of one day.

One pass: points whose lines name no other are settled where they stand, the rest in topological
order, each from those that it names. What was recorded by the day, or is supposed, settles a point
before its line is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from tracker.agreements.amendments import events_on
from tracker.agreements.keys import PointKey, key_of
from tracker.agreements.model import Agreement, Event, Line, sides
from tracker.agreements.references import prerequisites
from tracker.dates.bounds import NEVER, Bounds
from tracker.dates.calendars import Uncovered
from tracker.dates.expressions import Side
from tracker.dates.instants import Instant, Moment, day_in
from tracker.dates.words.openings import NotAfter, Open
from tracker.timeline.points import (
    Point,
    State,
    Status,
    Supposed,
    Timeline,
    as_option,
    status_of,
    with_estimates,
)
from tracker.timeline.resolver_state import ResolverState
from tracker.timeline.waits import waits


def resolve(
    agreements: Sequence[Agreement],
    as_of: date,
    suppose: Supposed | None = None,
    lenient: bool = False,
    now: datetime | None = None,
    *,
    most_names: int | None = None,
) -> Timeline:
    """What can be said of each point as of that day.

    `now` is an instant of it, by which other instants have passed; without it they pass with their
    day, as in a view of a whole day.

    `lenient` takes all days as open of years of which a calendar knows nothing: the bounds are then
    no narrower than they could be.

    Raises ValueError where points hang on one another in a circle, KeyError where a line names a
    point that is not there: checks.check() tells of both beforehand. Raises Uncovered where
    business days are counted in years of which nothing is known, unless lenient, and
    TooManyNames where what points wait for comes to more than `most_names`.
    """
    events = tuple(event for agreement in agreements for event in events_on(agreement, as_of))
    state = ResolverState(
        agreements, events, as_of, suppose or {}, lenient, now=now, most_names=most_names
    )
    resolver = _Resolver(state)
    fixed: list[Point] = []
    rest: list[tuple[int, Event]] = []  #: with how many fixed points stand before each
    for event in events:
        line = event.when
        if line is not None and line.fixed is not None and resolver.is_as_stated(event):
            # The commonest by far: a day that hangs on nothing. take() would come to the same.
            fixed.append(_fixed_point(event, line, line.fixed, as_of))
        else:
            rest.append((len(fixed), event))
            for side, stated in sides(event):
                resolver.take(event, side, stated)
    resolver.take_fixed(fixed)
    resolver.take_due_days()
    resolver.settle_rest()
    return _timeline(resolver, tuple(_in_order(fixed, rest, resolver)))


def _timeline(resolver: _Resolver, points: tuple[Point, ...]) -> Timeline:
    state = resolver.state
    return Timeline(
        state.as_of,
        tuple(state.agreements.values()),
        tuple(state.events),
        points,
        state.bounds_by_key,
        frozenset(state.settled),
        state.families,
        state.suppose,
        state.named,
        state.now,
    )


def _in_order(
    fixed: Sequence[Point], rest: Sequence[tuple[int, Event]], resolver: _Resolver
) -> list[Point]:
    """The points in the order of the files: those of the rest behind so many fixed ones each."""
    points: list[Point] = []
    taken = 0
    for before, event in rest:
        points += fixed[taken:before]
        points += resolver.points(event)
        taken = before
    return [*points, *fixed[taken:]]


class _Resolver:
    """Settles the points of a view, each after those that its line names."""

    def __init__(self, state: ResolverState) -> None:
        self.state = state
        self._any_day = Bounds(state.as_of, None, None, opens=True)  #: of every open event
        self._rest: dict[PointKey, tuple[Event, Line]] = {}  #: lines that name other points
        self._due: set[PointKey] = set()  #: due days and first ends that lines name
        self._options: list[tuple[PointKey, Event, NotAfter]] = []

    def is_as_stated(self, event: Event) -> bool:
        """Whether nothing but its line says when the event happens."""
        suppose = self.state.suppose
        return (
            event.occurred is None
            and event.withdrawn is None
            and event.repeats is None
            and event.roll is None
            and (not suppose or event.key() not in suppose)
        )

    def take_fixed(self, points: Sequence[Point]) -> None:
        """Takes points up that hang on nothing: their bounds are their own."""
        self.state.bounds_by_key.update((point.key, point.bounds) for point in points)

    def take(self, event: Event, side: Side, line: Line | None) -> None:
        """Takes a point up, and settles it unless its line names others."""
        state, key = self.state, event.key(side)
        if line is not None:
            for ref in line.refs:
                if ref.side in ("due", "first end"):
                    self._due.add(key_of(ref, event.agreement))
        if line is not None and (event.renews if side == "end" else event.repeating):
            self._rest[key] = (event, line)
            return
        settled = state.settled_bounds(key, event)
        if line is None and key not in state.recorded and key not in state.suppose:
            return  # recorded on a later day, and nothing was stated: there is nothing of it yet
        if settled is not None:
            state.settled.add(key)
            state.bounds_by_key[key] = settled
        elif line is not None:
            self._take_line(key, event, line)

    def _take_line(self, key: PointKey, event: Event, line: Line) -> None:
        state = self.state
        if line.fixed is not None and event.roll is None:
            state.bounds_by_key[key] = line.fixed
            return
        if line.fixed is None and line.form.OPEN:
            state.open.add(key)
            if isinstance(line.form, NotAfter):
                self._options.append((key, event, line.form))
        if line.refs:
            self._rest[key] = (event, line)
        elif event.roll is None and isinstance(line.tree, Open):
            state.bounds_by_key[key] = self._any_day
        else:
            state.bounds_by_key[key] = state.line_bounds(event, line)
            state.note_estimates(key, event, line, state.place(event))

    def take_due_days(self) -> None:
        """Takes up due days and first ends that lines name: as stated, whatever was recorded."""
        for key in self._due:
            event = self.state.events_by_key[key.event_key]
            line = event.line(key.side)
            if line is None:
                raise KeyError(key)
            if key.side == "first end" or event.repeating:
                self._rest[key] = (event, line)
            else:
                self._take_line(key, event, line)

    def settle_rest(self) -> None:
        """Settles the lines that name other points, each after those that it names."""
        bounds_by_key = self.state.bounds_by_key
        begun: set[PointKey] = set()
        for first in self._rest:
            stack = [first]
            while stack:
                key = stack[-1]
                if key in bounds_by_key:
                    stack.pop()
                    continue
                event, line = self._rest[key]
                named = self._prerequisites(key, event, line)
                missing = [
                    behind
                    for behind in named
                    if behind not in bounds_by_key and not self._is_not_there_yet(behind)
                ]
                if not missing:
                    self._settle(key, event, line)
                    stack.pop()
                elif key in begun:
                    raise ValueError(f"{key} hangs on itself")
                else:
                    begun.add(key)
                    stack.extend(missing)
        self._take_last_days()

    def _is_not_there_yet(self, key: PointKey) -> bool:
        """Whether it is a start or end that no line states, and that is recorded on a later day.

        What is known by a day has nothing of a later record (agreement_known_on), and lines may
        name such a point all the same: until it is recorded it never comes.
        """
        return (
            key not in self._rest
            and key.side in ("start", "end")
            and self.state.events_by_key[key.event_key].is_term
        )

    def _take_last_days(self) -> None:
        """Takes up until when each option can be used, once all bounds are known."""
        for key, event, form in self._options:
            self.state.last_days[key] = form.last_day(self.state.place(event))

    def _prerequisites(self, key: PointKey, event: Event, line: Line) -> list[PointKey]:
        if key.side == "due" and event.repeating:
            return [event.key("when")]
        if event.during is None and event.renews is None:
            return [key_of(ref, key.agreement) for ref in line.refs]
        return prerequisites(event, key.side, line, self.state.events_by_key)

    def _settle(self, key: PointKey, event: Event, line: Line) -> None:
        state = self.state
        try:
            if key.side == "end" and event.renews is not None:
                from tracker.timeline.renewals import settle_terms  # many files have none

                settle_terms(state, event, line, event.renews)
                return
            if key.side in ("when", "due") and event.repeating:
                _settle_series(state, key, event, line)
                return
        except Uncovered as missing:
            missing.point = missing.point or event.name
            raise
        if key.side == "first end" and state.is_withdrawn(event):
            bounds = state.stated_bounds(event, "end") or NEVER
        else:
            bounds = state.line_bounds(event, line)
        state.bounds_by_key[key] = bounds
        if bounds.earliest is not None and not bounds.exact:
            place = state.place(event)
            state.note_waits(key, waits(line.form, key.agreement, place, state.waits_of))
            state.note_estimates(key, event, line, place)

    def points(self, event: Event) -> Iterator[Point]:
        """The points of an event that are there on the day of the view."""
        state = self.state
        term_state = None if event.when is not None else self._term_state(event)
        zone = state.zone(event)
        for side, line in sides(event):
            key = event.key(side)
            if line is None and key not in state.settled:
                continue
            if state.families and key in state.families:
                from tracker.timeline.occurrence_points import family_points

                yield from family_points(state, event, side, term_state)
                if side == "when" and key not in state.waits and key not in state.open:
                    continue
            bounds = state.bounds_by_key[key]
            waiting = state.waits.get(key) if state.waits else None
            estimates = state.estimates.get(key) if state.estimates else None
            status: Status = (
                "occurred" if key in state.recorded else status_of(bounds, waiting, estimates)
            )
            past = bounds.stands is not None and state.is_behind(bounds.stands.latest, event)
            waits_for = state.in_order(waiting) if waiting else ()
            point = Point(event, side, line, bounds, status, term_state, past, waits_for, zone)
            if state.last_days and key in state.last_days:
                point = as_option(point, state.last_days[key], state.as_of, state.now)
            yield with_estimates(point, estimates) if estimates else point

    def _term_state(self, event: Event) -> State:
        """Ahead, in force or over, judged by the last day of `stands`."""
        state = self.state
        start = state.bounds_by_key.get(event.key("start"))
        end = state.bounds_by_key.get(event.key("end"))
        zone = state.zone(event)
        if state.is_withdrawn(event):
            return "over"
        if start is not None:
            if start.earliest is None:
                return "over"
            if start.stands is None or not _has_begun(start.stands.latest, state, zone):
                return "ahead"
        if end is not None and end.stands and state.is_behind(end.stands.latest, event):
            return "over"
        return "in force"


def _has_begun(start: Moment, state: ResolverState, zone: str) -> bool:
    """Whether what starts then has: at its instant, or on its day."""
    if state.now is not None and isinstance(start, Instant):
        return start.utc <= state.now
    return day_in(start, zone) <= state.as_of


def _settle_series(state: ResolverState, key: PointKey, event: Event, line: Line) -> None:
    """Settles what happens more than once, by what its occurrences are known by."""
    from tracker.timeline.recurring import settle_due_days, settle_occurrences

    known_by = "day" if event.repeats is None else event.repeats.named_by
    if key.side == "due":
        settle_due_days(state, event, line)
    elif known_by == "name":
        from tracker.timeline.happenings import settle_happenings  # few files have any

        settle_happenings(state, event, line)
    elif known_by == "number":
        from tracker.timeline.after_done import settle_after_done

        settle_after_done(state, event, line)
    else:
        settle_occurrences(state, event, line)


def _fixed_point(event: Event, line: Line, fixed: Bounds, as_of: date) -> Point:
    """The point of an event whose line hangs on nothing, and of which nothing was recorded."""
    status: Status = "exact" if fixed.earliest == fixed.latest else "window"
    past = fixed.stands is not None and day_in(fixed.stands.latest, "UTC") < as_of  # only days
    return Point(event, "when", line, fixed, status, None, past)
