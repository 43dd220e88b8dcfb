"""What can be said of points, as of one day: values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from tracker.agreements.keys import Occurrence, OccurrenceKind, PointKey, key_of, make_key
from tracker.agreements.model import Agreement, Event, Line
from tracker.dates.arithmetic import roll_bounds
from tracker.dates.bounds import NEVER, Bounds, Window
from tracker.dates.calendars import OpenDays, Roll, open_days
from tracker.dates.estimated_holidays import Estimate
from tracker.dates.expressions import Place, Ref, Side
from tracker.dates.instants import Instant, Moment, is_behind, shown_day
from tracker.dates.laws import Law, law_of

if TYPE_CHECKING:
    from tracker.dates.estimates import Widened

#: What can be said of a point: the first that fits.
Status: TypeAlias = Literal[
    "occurred",  # it was recorded by the day of the view
    "never",  # it can no longer come
    "option",  # it may be used through some day, or not at all
    "waiting",  # it does not stand: no day is known unless something happens
    "exact",  # its first day is its last
    "may-move",  # it stands, and something open, or a holiday that is estimated, can move it
    "window",  # it stands, on an unknown day of several
]

#: What can be said of an event that lasts, by the last days on which its ends stand.
State: TypeAlias = Literal[
    "ahead",  # its start is still to come, or waits
    "in force",  # from its start through its end, or while that waits
    "over",  # after its end, once it is withdrawn, or where its start can never come
]

#: What is supposed of points: a day or instant, or None for never.
Supposed: TypeAlias = Mapping[PointKey, Moment | None]


class Point(NamedTuple):
    """What can be said of one point of an event, as of one day."""

    event: Event
    side: Side
    line: Line | None  #: None: nothing stated, only recorded
    bounds: Bounds
    status: Status
    state: State | None = None  #: None: the event happens, it does not last
    past: bool = False  #: the last day of `stands` is before the day of the view
    waits_for: tuple[PointKey, ...] = ()
    zone: str = "UTC"  #: the file's: in which an instant has its day
    occurrence: Occurrence | None = None  #: its own day, number or name: known by it for ever
    moot: bool = False  #: nobody misses its record: a notice not given, or a later one has passed
    last_day: Moment | None = None  #: of an option, also of one that has lapsed
    estimates: tuple[Estimate, ...] = ()  #: estimated holidays by which it may still move

    @property
    def key(self) -> PointKey:
        """Which point it is."""
        event = self.event
        return make_key((event.agreement, event.id, self.side, self.occurrence))

    @property
    def first_key(self) -> PointKey:
        """The same by the id that its event had first: by this what is stored knows it."""
        event = self.event
        return make_key((event.agreement, event.first_id, self.side, self.occurrence))

    @property
    def waits_for_names(self) -> tuple[str, ...]:
        """What it waits for, as its agreement's files name it."""
        return tuple(key.name_in(self.event.agreement) for key in self.waits_for)

    @property
    def statement(self) -> str | None:
        """What is stated of it, with how it goes on; None: nothing, it was only recorded."""
        return self.event.statement(self.side) if self.line is not None else None

    @property
    def record(self) -> Moment | None:
        """What was recorded for it, whether or not it is seen yet."""
        return self.event.record(self.side, self.occurrence)

    @property
    def earliest(self) -> Moment | None:
        """The first day (or instant) on which it can be; None: it never comes."""
        return self.bounds.earliest

    @property
    def latest(self) -> Moment | None:
        """The last day (or instant) on which it can be; None: it may never come."""
        return self.bounds.latest

    @property
    def stands(self) -> Window | None:
        """When it is supposing that no open event ever happens; None: it waits, or never comes."""
        return self.bounds.stands

    @property
    def counts_to(self) -> Moment | None:
        """The one moment that order, countdown, reminders and feed use; None: it has none yet.

        Of an option, which does not stand, the last on which it can be used.
        """
        if self.bounds.stands is None and self.status == "option":
            return self.last_day
        return self.bounds.counts_to

    @property
    def day(self) -> date | None:
        """The day of `counts_to`; of an instant, the day on which it falls in the file's zone."""
        moment = self.counts_to
        return shown_day(moment, self.zone) if isinstance(moment, Instant) else moment

    @property
    def has_lapsed(self) -> bool:
        """Whether it was an option, and its last day has passed with nothing recorded."""
        return self.last_day is not None and self.status == "never"

    @property
    def is_behind(self) -> bool:
        """Whether it is no longer looked forward to: it is past, or has lapsed."""
        return self.past or self.has_lapsed

    @property
    def has_passed(self) -> bool:
        """Whether it should have happened by now and nothing says so."""
        unrecorded = self.past and self.side == "when" and self.status != "occurred"
        return unrecorded and not self.moot


class Timeline(NamedTuple):
    """Every point of the agreements, as of one day."""

    as_of: date
    agreements: tuple[Agreement, ...]
    events: tuple[Event, ...]  #: as amended by then, in the order of the files
    points: tuple[Point, ...]  #: in the same order, start before end
    bounds_by_key: Mapping[PointKey, Bounds]
    settled: frozenset[PointKey]  #: recorded, withdrawn or supposed: their lines no longer decide
    families: Mapping[
        PointKey, Mapping[Occurrence, PointKey]
    ]  #: the occurrences of what repeats or renews
    supposed: Supposed
    named: Mapping[PointKey, OccurrenceKind] = {}  #: series of numbers or names, not of days
    now: datetime | None = None  #: by which instants have passed; None: with their day

    def of(self, event: Event) -> tuple[Point, ...]:
        """The points of that event."""
        return tuple(point for point in self.points if point.event.name == event.name)

    def event_of(self, key: PointKey) -> Event | None:
        """The event whose point that is; None where it is not shown."""
        agreement, name = key.event_key
        return next(
            (event for event in self.events if event.id == name and event.agreement == agreement),
            None,
        )

    def agreement(self, name: str) -> Agreement:
        """The agreement of that id; raises StopIteration where there is none."""
        return next(agreement for agreement in self.agreements if agreement.id == name)

    def place(self, event: Event, lenient: bool = False) -> Place:
        """Where the event's lines stand: what their words hang on; `lenient` as in resolve()."""

        def bounds_of_ref(ref: Ref) -> Bounds:
            return self.bounds_by_key.get(key_of(ref, event.agreement), NEVER)

        agreement = self.agreement(event.agreement)
        days = days_of(event, agreement, lenient)
        law = law_over(event, agreement, lenient)
        return Place(self.as_of, bounds_of_ref, agreement.timezone, days, law=law, now=self.now)


def days_of(event: Event, agreement: Agreement, lenient: bool = False) -> OpenDays | None:
    """Whose days are open for that event; None where neither it nor its agreement says."""
    name = event.calendar or agreement.calendar
    return (
        None
        if name is None
        else open_days(name, lenient, agreement.closed, announced=agreement.announced)
    )


def law_over(event: Event, agreement: Agreement, lenient: bool = False) -> Law | None:
    """The law by which that event's days are counted; its own `roll` decides of closed days."""
    name, calendar = event.counting or agreement.counting, event.calendar or agreement.calendar
    if name is None or calendar is None:
        return None
    return law_of(
        name,
        calendar,
        agreement.closed,
        agreement.announced,
        lenient=lenient,
        moves=event.roll is None,
    )


def roll_off_closed(bounds: Bounds, event: Event, line: Line, place: Place) -> Bounds:
    """The bounds of an event's line with each possible day moved off a closed one."""
    if event.roll is None or event.roll == "none":
        return bounds
    return roll_by(event.roll, bounds, place, line.fixed is None and line.form.OPEN)


def roll_by(roll: Roll, bounds: Bounds, place: Place, is_open: bool = False) -> Bounds:
    """The same by that roll; `is_open`: of what may happen on any day, or never."""
    days = place.open_days
    if days is None:
        return bounds
    rolled = _roll_by_estimates(roll, bounds, is_open, place)
    return _rolled_wide(roll, bounds, is_open, place).bounds if days.has_estimates else rolled


def estimates_of_roll(
    roll: Roll | None, bounds: Bounds, place: Place, is_open: bool = False
) -> frozenset[Estimate]:
    """The estimated holidays by which roll_by() may come to other days."""
    if roll in (None, "none") or place.open_days is None or not place.open_days.has_estimates:
        return frozenset()
    return _rolled_wide(roll, bounds, is_open, place).estimates


def _rolled_wide(roll: Roll, bounds: Bounds, is_open: bool, place: Place) -> Widened:
    from tracker.dates.estimates import widened  # few calendars have any

    return widened(partial(_roll_by_estimates, roll, bounds, is_open), place)


def _roll_by_estimates(roll: Roll, bounds: Bounds, is_open: bool, place: Place) -> Bounds:
    """The bounds moved off closed days, with each holiday on the day that is known."""
    days = place.open_days

    def move(day: date) -> date:
        try:
            return day if days is None else days.roll(day, roll)
        except OverflowError:  # no open day is left in the calendar
            return day

    return roll_bounds(bounds, move, place.as_of if is_open else None)


def as_option(
    point: Point, last_day: Moment | None, as_of: date, now: datetime | None = None
) -> Point:
    """The point of a line that is an option: with its last day while it can be used, and after."""
    if point.status == "waiting":
        return point._replace(status="option", last_day=last_day)
    is_over = last_day is not None and is_behind(last_day, point.zone, as_of, now)
    if point.status == "never" and is_over:
        return point._replace(last_day=last_day)
    return point


def with_estimates(point: Point, estimates: Collection[Estimate]) -> Point:
    """The point with the holidays by which it may still move, where anything may move it."""
    if point.status not in ("may-move", "option"):
        return point
    return point._replace(estimates=tuple(sorted(estimates)))


def status_of(
    bounds: Bounds,
    waiting: Collection[PointKey] | None,
    estimates: Collection[Estimate] | None = None,
) -> Status:
    """The first that fits, of a point of which nothing was recorded."""
    if bounds.earliest is None:
        return "never"
    if bounds.stands is None:
        return "waiting"
    if bounds.earliest == bounds.latest:
        return "exact"
    return "may-move" if waiting or estimates else "window"
