"""What the agenda groups: next, what may move, what waits, what is in force, what has passed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from tracker.agreements.keys import PointKey
from tracker.agreements.model import Event
from tracker.dates.expressions import Side
from tracker.dates.instants import Instant, Moment, day_in
from tracker.timeline.points import Point, Timeline


class Agenda(NamedTuple):
    """The groups, each in the order in which people want it."""

    upcoming: tuple[Point, ...]  #: ahead, with a day that waits for nothing; by that day
    may_move: tuple[Point, ...]  #: ahead, with a day that something can still move; by that day
    waiting: tuple[Point, ...]  #: no day yet; by id
    in_force: tuple[Event, ...]  #: terms and standing provisions; in the order of the files
    passed: tuple[Point, ...]  #: should have happened, and nothing is recorded; by day
    past: tuple[Point, ...]  #: the others whose day is behind; by day
    never: tuple[Point, ...]  #: what can no longer come


def agenda_of(timeline: Timeline, zone: str | None = None) -> Agenda:
    """The groups of a timeline; by the days of who reads it in that zone, None: of each file's."""
    groups: dict[str, list[Point]] = {
        name: [] for name in ("upcoming", "may_move", "waiting", "passed", "past", "never")
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
        if point.past:
            groups["passed" if point.has_passed else "past"].append(point)
        elif status == "never":
            groups["never"].append(point)
        elif status == "waiting" or (status == "option" and point.last_day is None):
            groups["waiting"].append(point)
        else:
            moves = status == "may-move" or (
                status == "option" and (point.waits_for or point.estimates)
            )
            groups["may_move" if moves else "upcoming"].append(point)
        if point.state == "in force":
            in_force[id(point.event)] = point.event
    for name, points in groups.items():
        points.sort(key=_by_id if name in ("waiting", "never") else lambda p: _by_day(p, zone))
    return Agenda(
        tuple(groups["upcoming"]),
        tuple(groups["may_move"]),
        tuple(groups["waiting"]),
        tuple(in_force.values()),
        tuple(groups["passed"]),
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


def _is_gone(point: Point) -> bool:
    return point.status == "never"


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
