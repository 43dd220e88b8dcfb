"""What the agenda groups: what has passed, comes, waits, is in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from tracker.agreements.keys import PointKey
from tracker.agreements.model import Event
from tracker.dates.expressions import Side
from tracker.dates.instants import Instant, Moment, day_in
from tracker.timeline.points import Point, Timeline

#: What a point is in for who looks at what comes: the first that fits.
GroupName: TypeAlias = Literal[
    "passed",  # should have happened, and nothing is recorded
    "past",  # has happened, or its day is behind
    "never",  # can no longer come
    "waiting",  # has no day yet
    "upcoming",  # has a day that counts, whatever may still move it
]


class Agenda(NamedTuple):
    """The groups, in the order in which people want them."""

    passed: tuple[Point, ...]  #: should have happened, and nothing is recorded; by day
    upcoming: tuple[Point, ...]  #: ahead, whatever may still move it; by the day that counts
    waiting: tuple[Point, ...]  #: no day yet; by id
    in_force: tuple[Event, ...]  #: terms and standing provisions; in the order of the files
    past: tuple[Point, ...]  #: what has happened, and what else is behind; by day
    never: tuple[Point, ...]  #: what can no longer come; by id


def agenda_group(point: Point) -> GroupName:
    """The one group of the agenda that a point is in."""
    status = point.status
    if status == "occurred":
        return "past"
    if point.past:
        return "passed" if point.has_passed else "past"
    if status == "never":
        return "never"
    if status == "waiting" or (status == "option" and point.last_day is None):
        return "waiting"
    return "upcoming"


def can_move(point: Point) -> bool:
    """Whether something that is open, or a holiday that is estimated, can still move its day."""
    if point.status == "option":
        return bool(point.waits_for or point.estimates)
    return point.status == "may-move"


def agenda_of(timeline: Timeline, zone: str | None = None) -> Agenda:
    """The groups of a timeline; by the days of who reads it in that zone, None: of each file's."""
    groups: dict[GroupName, list[Point]] = {
        name: [] for name in ("passed", "upcoming", "waiting", "past", "never")
    }
    in_force: dict[int, Event] = {}
    shown: set[tuple[int, Side]] = set()  #: of what repeats, whose next occurrence is there
    waits: set[tuple[int, Side]] = set()  #: … and whose next one that may never come
    twice = duplicate_ends(timeline)
    for point in timeline.points:
        status = point.status
        if twice and point.key in twice:
            continue
        if point.occurrence is not None and not point.past and not _is_apart(point, timeline):
            series = (id(point.event), point.side)
            if series in shown or (status == "waiting" and series in waits):
                continue
            if status == "waiting":
                if _begins_before(point, timeline.as_of):
                    continue
                waits.add(series)
            elif status not in ("occurred", "never"):
                shown.add(series)
        groups[agenda_group(point)].append(point)
        if point.state == "in force":
            in_force[id(point.event)] = point.event
    for name, points in groups.items():
        points.sort(key=_by_id if name in ("waiting", "never") else lambda p: _by_day(p, zone))
    return Agenda(
        tuple(groups["passed"]),
        tuple(groups["upcoming"]),
        tuple(groups["waiting"]),
        tuple(in_force.values()),
        tuple(groups["past"]),
        tuple(groups["never"]),
    )


def _is_apart(point: Point, timeline: Timeline) -> bool:
    """Whether each of its series stands for itself: each incident has a deadline of its own."""
    return bool(timeline.named) and timeline.named.get(point.key.series) == "name"


def _begins_before(point: Point, day: date) -> bool:
    """Whether its first day lies before that one."""
    return point.earliest is not None and day_in(point.earliest, point.zone) < day


def duplicate_ends(timeline: Timeline) -> frozenset[PointKey]:
    """The ends of terms that are the end for good, as far as is known, which has its own point."""
    if not timeline.families:
        return frozenset()
    last = {
        point.event.name: point.counts_to
        for point in timeline.points
        if point.side == "end"
        and point.occurrence is None
        and (point.bounds.exact or _is_only_estimated(point) or _lapses(point.event))
    }
    return frozenset(
        point.key
        for point in timeline.points
        if point.side == "end"
        and point.occurrence is not None
        and last.get(point.event.name) == point.counts_to
    )


def _is_only_estimated(point: Point) -> bool:
    """Whether nothing can move it but a holiday that is estimated."""
    return bool(point.estimates) and not point.waits_for


def _lapses(event: Event) -> bool:
    """Whether its term is the last unless it is renewed."""
    return event.renews is not None and event.renews.only_if is not None


def ends_of(timeline: Timeline) -> dict[str, Point]:
    """By the name of each event that lasts, its end; of one that renews the next term's.

    Of one that lapses unless it is renewed that of the last term that was made.
    """
    ends: dict[str, Point] = {}
    twice = duplicate_ends(timeline)
    for point in timeline.points:
        if point.side != "end" or point.event.name in ends:
            continue
        is_term = point.occurrence is not None
        if not is_term or not (point.past or point.key in twice or _lapses(point.event)):
            ends[point.event.name] = point
    return ends


def lasting_and_standing(
    events: Iterable[Event], ends: Mapping[str, Point], zone: str | None = None
) -> tuple[list[Event], list[Event]]:
    """Of what is in force what ends, the soonest first, and what has no end stated.

    `ends` as ends_of() has them; zone as in agenda_of().
    """
    lasting: list[Event] = []
    standing: list[Event] = []
    for event in events:
        end = ends.get(event.name)
        has_end = end is not None and (end.status != "never" or end.last_day is not None)
        (lasting if has_end else standing).append(event)
    lasting.sort(key=lambda event: _by_day(ends[event.name], zone)[:2])
    return lasting, standing


def day_for(point: Point, zone: str | None) -> date | None:
    """The day by which it is sorted, for who reads it in that zone; None: in its file's."""
    moment = _moment(point)
    return day_in(moment, zone or point.zone) if isinstance(moment, Instant) else moment


def next_of_each(points: Sequence[Point]) -> list[Point]:
    """Of an event's points those to be explained: of what repeats the next one, else the last."""
    if len(points) == 1:
        return list(points)
    chosen: dict[Side, Point] = {}
    for point in points:
        if point.occurrence is None:
            continue
        known = chosen.get(point.side)
        undated = known is not None and known.status in ("waiting", "never")
        if known is None or known.is_behind or (undated and known.status != point.status):
            chosen[point.side] = point
    return [point for point in points if point.occurrence is None or point is chosen[point.side]]


def in_list_order(
    timeline: Timeline, everything: bool = False, zone: str | None = None
) -> list[Point]:
    """The points as `list` shows them; without `everything`, past ones are left out.

    By the day that they count to for who reads it in that zone (None: in each file's), then id,
    start before end; then those that wait, then those that never come.
    """
    points = [
        point
        for point in timeline.points
        if everything or not (point.past or (point.last_day is not None and _is_behind(point)))
    ]
    points.sort(key=lambda point: _in_list(point, zone))
    return points


def _is_behind(point: Point) -> bool:
    """Whether of an option that can be used again and again, this time has lapsed."""
    return point.occurrence is not None and point.has_lapsed


def _moment(point: Point) -> Moment | None:
    """What it counts to, without asking twice: of thousands that are sorted."""
    return point.last_day if point.status == "option" else point.bounds.counts_to


#: Sides in the order in which they come: as it happens, "end" sorts before "start".
_SIDES: dict[Side, int] = {"when": 0, "start": 1, "end": 2}


def _by_day(point: Point, zone: str | None) -> tuple[date, str, str, str, int]:
    """By day, the instants of a day before the day itself, which counts as its end."""
    event, moment = point.event, _moment(point)
    if isinstance(moment, Instant):
        clock = f"{moment.utc:%Y-%m-%d %H:%M:%S}"
        day = day_in(moment, zone or point.zone)
        return day, clock, event.id, event.agreement, _SIDES[point.side]
    return moment or date.max, "~", event.id, event.agreement, _SIDES[point.side]


def _by_id(point: Point) -> tuple[str, str, int]:
    return point.event.id, point.event.agreement, _SIDES[point.side]


def _in_list(point: Point, zone: str | None) -> tuple[bool, bool, date, str, str, str, int]:
    return point.status == "never", _waits(point), *_by_day(point, zone)


def _waits(point: Point) -> bool:
    return point.bounds.stands is None and (point.status != "option" or point.last_day is None)
