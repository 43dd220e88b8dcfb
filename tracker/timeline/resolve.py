"""From what is stated to what can be said of each point, as of one day.

One pass: points whose lines name no other are settled where they stand, the rest in topological
order, each from those that it names. What was recorded by the day, or is supposed, settles a point
before its line is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from tracker.dates.business_days import OpenDays, Uncovered, open_days
from tracker.dates.forms import NotBefore, Open, Ref, Side
from tracker.dates.moments import Instant, Moment, day_in
from tracker.timeline.bounds import NEVER, Place, Reach, Window, certain, reach_of, rolled
from tracker.timeline.events import Agreement, Event, Key, Line, key_of
from tracker.timeline.view import events_on
from tracker.timeline.waits import NONE, Keys, names, waits

Status: TypeAlias = Literal["occurred", "never", "waiting", "exact", "may-move", "window"]
State: TypeAlias = Literal["ahead", "in force", "over"]

#: What is supposed of points: a day or instant, or None for never.
Supposed: TypeAlias = Mapping[Key, Moment | None]


class Point(NamedTuple):
    """What can be said of one point of an event, as of one day."""

    event: Event
    side: Side
    line: Line | None  #: None: nothing stated, only recorded
    reach: Reach
    status: Status
    state: State | None = None  #: None: the event happens, it does not last
    past: bool = False  #: the last day of `stands` is before the day of the view
    waits_for: tuple[str, ...] = ()
    zone: str = "UTC"  #: the file's: in which an instant has its day
    occurrence: date | None = None

    @property
    def key(self) -> Key:
        return self.event.agreement, self.event.id, self.side

    @property
    def earliest(self) -> Moment | None:
        """The first day (or instant) on which it can be; None: it never comes."""
        return self.reach.earliest

    @property
    def latest(self) -> Moment | None:
        """The last day (or instant) on which it can be; None: it may never come."""
        return self.reach.latest

    @property
    def stands(self) -> Window | None:
        """When it is supposing that no open event ever happens; None: it waits, or never comes."""
        return self.reach.stands

    @property
    def counts_to(self) -> Moment | None:
        """The one moment that order, countdown, reminders and feed use; None: as `stands`."""
        return self.reach.counts_to

    @property
    def day(self) -> date | None:
        """The day of `counts_to`; of an instant, the day on which it falls in the file's zone."""
        moment = self.reach.counts_to
        return day_in(moment, self.zone) if isinstance(moment, Instant) else moment

    @property
    def passed(self) -> bool:
        """Whether it should have happened by now and nothing says so."""
        return self.past and self.side == "when" and self.status != "occurred"


class Timeline(NamedTuple):
    """Every point of the agreements, as of one day."""

    as_of: date
    agreements: tuple[Agreement, ...]
    events: tuple[Event, ...]  #: as amended by then, in the order of the files
    points: tuple[Point, ...]  #: in the same order, start before end
    reaches: Mapping[Key, Reach]
    settled: frozenset[Key]  #: recorded, withdrawn or supposed: their lines no longer decide
    supposed: Supposed

    def of(self, event: Event) -> tuple[Point, ...]:
        """The points of that event."""
        return tuple(point for point in self.points if point.event.name == event.name)

    def agreement(self, name: str) -> Agreement:
        """The agreement of that id; raises StopIteration where there is none."""
        return next(agreement for agreement in self.agreements if agreement.id == name)

    def place(self, event: Event, lenient: bool = False) -> Place:
        """Where the event's lines stand: what their words hang on; `lenient` as in resolve()."""

        def named(ref: Ref) -> Reach:
            return self.reaches[key_of(ref, event.agreement)]

        agreement = self.agreement(event.agreement)
        return Place(self.as_of, named, agreement.timezone, days_of(event, agreement, lenient))


def days_of(event: Event, agreement: Agreement, lenient: bool = False) -> OpenDays | None:
    """Whose days are open for that event; None where neither it nor its agreement says."""
    name = event.calendar or agreement.calendar
    return None if name is None else open_days(name, lenient)


def resolve(
    agreements: Sequence[Agreement],
    as_of: date,
    suppose: Supposed | None = None,
    lenient: bool = False,
) -> Timeline:
    """What can be said of each point as of that day.

    `lenient` takes all days as open of years of which a calendar knows nothing: the bounds are then
    no narrower than they could be.

    Raises ValueError where points hang on one another in a circle, KeyError where a line names a
    point that is not there: faults.check() tells of both beforehand. Raises Uncovered where
    business days are counted in years of which nothing is known, unless lenient.
    """
    events = tuple(event for agreement in agreements for event in events_on(agreement, as_of))
    scene = _Scene(agreements, as_of, suppose or {}, lenient)
    fixed: list[Point] = []
    others: list[tuple[int, Event]] = []  #: with how many fixed points stand before each
    for event in events:
        line = event.when
        if line is not None and line.fixed is not None and scene.is_as_stated(event):
            # The commonest by far: a day that hangs on nothing. take() would come to the same.
            scene.reaches[event.agreement, event.id, "when"] = line.fixed
            fixed.append(_fixed_point(event, line, line.fixed, as_of))
        else:
            others.append((len(fixed), event))
            for side, stated in sides(event):
                scene.take(event, side, stated)
    scene.take_due_days(events)
    scene.settle_rest()
    points: list[Point] = []
    taken = 0
    for before, event in others:
        points += fixed[taken:before]
        points += scene.points(event)
        taken = before
    points += fixed[taken:]
    settled = frozenset(scene.settled)
    return Timeline(
        as_of, tuple(agreements), events, tuple(points), scene.reaches, settled, scene.suppose
    )


def sides(event: Event) -> Sequence[tuple[Side, Line | None]]:
    """The sides of an event that are stated or recorded, with their lines."""
    if event.when is not None:
        return (("when", event.when),)
    found: list[tuple[Side, Line | None]] = []
    if event.starts is not None or event.started is not None:
        found.append(("start", event.starts))
    ends = event.line("end")
    if ends is not None or event.ended is not None:
        found.append(("end", ends))
    return found


class _Scene:
    """The reaches of all points while they are worked out."""

    def __init__(
        self, agreements: Sequence[Agreement], as_of: date, suppose: Supposed, lenient: bool
    ) -> None:
        self.as_of = as_of
        self.suppose = suppose
        self.lenient = lenient
        self.agreements = {agreement.id: agreement for agreement in agreements}
        self.any_day = Reach(as_of, None, None, opens=True)  #: of every open event
        self.reaches: dict[Key, Reach] = {}
        self.waits: dict[Key, Keys] = {}  #: of points that wait for something
        self.open: set[Key] = set()  #: open and neither recorded nor supposed
        self.settled: set[Key] = set()
        self.recorded: set[Key] = set()
        self.rest: dict[Key, tuple[Event, Line]] = {}  #: lines that name other points
        self.due: set[Key] = set()  #: due days that lines name
        self._places: dict[tuple[str, str | None], Place] = {}

    def is_as_stated(self, event: Event) -> bool:
        """Whether nothing but its line says when the event happens."""
        return (
            event.occurred is None
            and event.withdrawn is None
            and event.roll is None
            and not self.suppose
        )

    def take(self, event: Event, side: Side, line: Line | None) -> None:
        """Takes a point up, and settles it unless its line names others."""
        key = (event.agreement, event.id, side)
        if line is not None:
            for ref in line.refs:
                if ref.side == "due":
                    self.due.add(key_of(ref, event.agreement))
        settled = self._settled(key, event)
        if settled is not None:
            self.settled.add(key)
            self.reaches[key] = settled
        elif line is None:  # recorded on a later day, and nothing was stated: it never comes
            self.reaches[key] = NEVER
        else:
            self._take_line(key, event, line)

    def _take_line(self, key: Key, event: Event, line: Line) -> None:
        if line.fixed is not None and event.roll is None:
            self.reaches[key] = line.fixed
            return
        if line.fixed is None and isinstance(line.form, Open | NotBefore):
            self.open.add(key)
        if line.refs:
            self.rest[key] = (event, line)
        elif event.roll is None and isinstance(line.tree, Open):
            self.reaches[key] = self.any_day
        else:
            self.reaches[key] = self.reach(event, line)

    def take_due_days(self, events: Sequence[Event]) -> None:
        """Takes up the due days that lines name: lines as stated, whatever was recorded."""
        if not self.due:
            return
        named = {(event.agreement, event.id): event for event in events}
        for key in self.due:
            event = named[key[:2]]
            if event.when is None:
                raise KeyError(key)
            self._take_line(key, event, event.when)

    def _settled(self, key: Key, event: Event) -> Reach | None:
        """The reach that no longer hangs on the line: supposed, recorded or withdrawn."""
        if self.suppose and key in self.suppose:
            moment = self.suppose[key]
            return NEVER if moment is None else certain(moment)
        record = event.record(key[2])
        if record is not None and day_in(record, self.zone(event)) <= self.as_of:
            self.recorded.add(key)
            return certain(record)
        if event.withdrawn is not None and event.withdrawn <= self.as_of:
            return NEVER
        return None

    def zone(self, event: Event) -> str:
        """The zone of the event's file."""
        return self.agreements[event.agreement].timezone

    def settle_rest(self) -> None:
        """Settles the lines that name other points, each after those that it names."""
        begun: set[Key] = set()
        for first in self.rest:
            stack = [first]
            while stack:
                key = stack[-1]
                if key in self.reaches:
                    stack.pop()
                    continue
                event, line = self.rest[key]
                named = [key_of(ref, key[0]) for ref in line.refs]
                missing = [other for other in named if other not in self.reaches]
                if not missing:
                    self._settle(key, event, line)
                    stack.pop()
                elif key in begun:
                    raise ValueError(f"{key} hangs on itself")
                else:
                    begun.add(key)
                    stack.extend(missing)

    def _settle(self, key: Key, event: Event, line: Line) -> None:
        self.reaches[key] = result = self.reach(event, line)
        if result.earliest is not None and not result.exact:
            place = self.place(event)
            self.waits[key] = waits(line.form, key[0], place, self._waits_of)

    def reach(self, event: Event, line: Line) -> Reach:
        """What the event's line comes to, moved off closed days where it rolls."""
        place = self.place(event)
        try:
            found = line.fixed or reach_of(line.form, place)
            return found if event.roll is None else rolled_off(found, event, line, place)
        except Uncovered as missing:
            missing.point = missing.point or event.name
            raise

    def place(self, event: Event) -> Place:
        """Where the event's lines stand."""
        cached = (event.agreement, event.calendar)
        if cached not in self._places:
            agreement = self.agreements[event.agreement]
            reaches = self.reaches

            def named(ref: Ref) -> Reach:
                return reaches[key_of(ref, agreement.id)]

            days = days_of(event, agreement, self.lenient)
            self._places[cached] = Place(self.as_of, named, agreement.timezone, days)
        return self._places[cached]

    def _waits_of(self, key: Key) -> Keys:
        return frozenset((key,)) if key in self.open else self.waits.get(key, NONE)

    def points(self, event: Event) -> Iterator[Point]:
        """The points of an event that are there on the day of the view."""
        state = None if event.when is not None else self._state(event)
        zone = self.zone(event)
        for side, line in sides(event):
            key = (event.agreement, event.id, side)
            if line is None and key not in self.settled:
                continue
            reach = self.reaches[key]
            waiting = self.waits.get(key) if self.waits else None
            status: Status = "occurred" if key in self.recorded else _status(reach, waiting)
            past = reach.stands is not None and day_in(reach.stands.latest, zone) < self.as_of
            waits_for = names(waiting, event.agreement) if waiting else ()
            yield Point(event, side, line, reach, status, state, past, waits_for, zone)

    def _state(self, event: Event) -> State:
        """Ahead, in force or over, judged by the last day of `stands`."""
        start = self.reaches.get((event.agreement, event.id, "start"))
        end = self.reaches.get((event.agreement, event.id, "end"))
        zone = self.zone(event)
        if event.withdrawn is not None and event.withdrawn <= self.as_of:
            return "over"
        if start is not None:
            if start.earliest is None:
                return "over"
            if start.stands is None or day_in(start.stands.latest, zone) > self.as_of:
                return "ahead"
        if end is not None and end.stands and day_in(end.stands.latest, zone) < self.as_of:
            return "over"
        return "in force"


def rolled_off(reach: Reach, event: Event, line: Line, place: Place) -> Reach:
    """The reach of an event's line with each possible day moved off a closed one."""
    roll, days = event.roll, place.open_days
    if roll is None or days is None:
        return reach
    is_open = line.fixed is None and isinstance(line.form, Open | NotBefore)

    def move(day: date) -> date:
        try:
            return days.rolled(day, roll)
        except OverflowError:  # no open day is left in the calendar
            return day

    return rolled(reach, move, place.as_of if is_open else None)


def _fixed_point(event: Event, line: Line, fixed: Reach, as_of: date) -> Point:
    """The point of an event whose line hangs on nothing, and of which nothing was recorded."""
    status: Status = "exact" if fixed.earliest == fixed.latest else "window"
    past = fixed.stands is not None and day_in(fixed.stands.latest, "UTC") < as_of  # only days
    return Point(event, "when", line, fixed, status, None, past)


def _status(reach: Reach, waiting: Keys | None) -> Status:
    """The first that fits, of a point of which nothing was recorded."""
    if reach.earliest is None:
        return "never"
    if reach.stands is None:
        return "waiting"
    if reach.earliest == reach.latest:
        return "exact"
    return "may-move" if waiting else "window"
