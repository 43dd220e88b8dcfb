"""What waits, grouped by what it waits for: what happens, what comes before that, what follows.

A group is one set of open points that others wait for. Each point that waits for something is in
the group of just that set; what waits for nothing, and nothing for it, is in the last group, which
has no triggers. So each waiting point stands in one group: as what would then happen, as a trigger,
or in the chain of what has to happen before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from tracker.agreements.keys import PointKey
from tracker.timeline.agenda import Agenda
from tracker.timeline.points import Point, Timeline

#: So many triggers a group tells, and so many points before them; what is further back has a group
#: of its own, or stands in the last.
MOST_TOLD = 8

_Sets: TypeAlias = Mapping[tuple[PointKey, ...], Sequence[Point]]
_Link: TypeAlias = tuple[PointKey, PointKey]  #: a point, and what it waits for


class WaitingGroup(NamedTuple):
    """What would happen if something else did."""

    triggers: tuple[PointKey, ...]  #: what is waited for; none: of the last group
    then: tuple[Point, ...]  #: waiting points that would then have a day; in file order
    moved: tuple[Point, ...]  #: points that have a day, and would then have another; by that day
    before: tuple[tuple[PointKey, ...], ...] = ()  #: what triggers wait for, step by step back
    is_cut: bool = False  #: whether more comes before than `before` tells
    opening: tuple[Point, ...] = ()  #: of the triggers those that wait for nothing


def waiting_groups(timeline: Timeline, agenda: Agenda) -> tuple[WaitingGroup, ...]:
    """The groups of what waits in an agenda of that timeline, in file order.

    Where all that hangs on something are triggers in whose chain it stands, it needs no group of
    its own: it is read there.
    """
    waiting = {id(point) for point in agenda.waiting}
    listed = [point for point in timeline.points if id(point) in waiting]
    then, moved = _by_awaited(listed), _by_awaited(agenda.upcoming)
    moved.pop((), None)
    triggers = _triggers_among(listed, {key for keys in (*then, *moved) for key in keys})
    shown = _with_chains(then, moved, triggers)
    told = {key for group in shown for key in group.triggers[:MOST_TOLD]}
    told.update(key for group in shown for step in group.before for key in step)
    free = then.get((), [])
    left = tuple(point for point in free if triggers.key_of(point) not in told)
    return (*shown, WaitingGroup((), left, ())) if left else tuple(shown)


def _by_awaited(points: Iterable[Point]) -> dict[tuple[PointKey, ...], list[Point]]:
    """The points by all that each waits for."""
    sets: dict[tuple[PointKey, ...], list[Point]] = {}
    for point in points:
        sets.setdefault(point.waits_for, []).append(point)
    return sets


class _Triggers(NamedTuple):
    """What is waited for, of what waits itself: few of many, so that few keys are made."""

    points: Mapping[PointKey, Point]  #: in file order
    keys: Mapping[int, PointKey]  #: by the identity of the point

    def key_of(self, point: Point) -> PointKey | None:
        """The key of a point that is waited for; None where nothing waits for it."""
        return self.keys.get(id(point))


def _triggers_among(points: Iterable[Point], awaited: Collection[PointKey]) -> _Triggers:
    events = {key.event_key for key in awaited}
    keyed = [
        (point.key, point) for point in points if (point.event.agreement, point.event.id) in events
    ]
    of_triggers = {key: point for key, point in keyed if key in awaited}
    return _Triggers(of_triggers, {id(point): key for key, point in of_triggers.items()})


def _with_chains(then: _Sets, moved: _Sets, triggers: _Triggers) -> list[WaitingGroup]:
    """The groups that are needed, each with what comes before it.

    What hangs on a trigger is decided before the trigger: only then is it known what chains tell.
    """
    told: set[_Link] = set()
    groups: dict[tuple[PointKey, ...], WaitingGroup] = {}
    has_chains = any(point.waits_for for point in triggers.points.values())
    sets = dict.fromkeys([*then, *moved])
    for awaited in _dependents_first(sets, then, triggers) if has_chains else sets:
        below = then.get(awaited, ())
        if not awaited or (awaited not in moved and _is_told(below, awaited, triggers, told)):
            continue
        opening = tuple(
            triggers.points[key]
            for key in awaited[:MOST_TOLD]
            if key in triggers.points and not triggers.points[key].waits_for
        )
        group = WaitingGroup(awaited, tuple(below), tuple(moved.get(awaited, ())), opening=opening)
        if has_chains and len(opening) < len(awaited):
            group, of_chain = _with_chain(group, triggers.points)
            told.update(of_chain)
        groups[awaited] = group
    places = {key: place for place, key in enumerate(triggers.points)}
    return sorted(groups.values(), key=lambda group: _place_in_file(group.triggers, places))


def _is_told(
    below: Iterable[Point],
    awaited: tuple[PointKey, ...],
    triggers: _Triggers,
    told: Collection[_Link],
) -> bool:
    """Whether chains tell of all these points that they wait for that."""
    for point in below:
        key = triggers.key_of(point)
        if key is None or any((key, before) not in told for before in awaited):
            return False
    return True


def _with_chain(
    group: WaitingGroup, points: Mapping[PointKey, Point]
) -> tuple[WaitingGroup, list[_Link]]:
    """The group with what its triggers wait for, step by step, and the links that this tells."""
    at = group.triggers[:MOST_TOLD]
    steps: list[tuple[PointKey, ...]] = []
    links: list[_Link] = []
    seen, room, is_cut = set(at), MOST_TOLD, False
    while at:
        step: dict[PointKey, None] = {}
        for key in at:
            for before in points[key].waits_for if key in points else ():
                if before not in seen and before not in step and len(step) == room:
                    is_cut = True
                    break
                if before not in seen:
                    step[before] = None
                    links.append((key, before))
        at, room = tuple(step), room - len(step)
        seen.update(at)
        if at:
            steps.append(at)
    return group._replace(before=tuple(steps), is_cut=is_cut), links


def _place_in_file(
    triggers: tuple[PointKey, ...], places: Mapping[PointKey, int]
) -> tuple[int, int]:
    """By the first of the triggers that is there; a group of none comes last."""
    return min(places.get(key, len(places)) for key in triggers), len(triggers)


def _dependents_first(
    sets: Iterable[tuple[PointKey, ...]], then: _Sets, triggers: _Triggers
) -> Iterator[tuple[PointKey, ...]]:
    """What is waited for, each set behind those one of whose triggers waits for it."""
    of_trigger: dict[PointKey, list[tuple[PointKey, ...]]] = {}
    for awaited in sets:
        for key in awaited:
            of_trigger.setdefault(key, []).append(awaited)
    begun: set[tuple[PointKey, ...]] = set()
    for first in sets:
        stack = [(first, False)]
        while stack:
            awaited, is_done = stack.pop()
            if is_done:
                yield awaited
            elif awaited not in begun:
                begun.add(awaited)
                stack.append((awaited, True))
                keys = filter(None, map(triggers.key_of, then.get(awaited, ())))
                for key in keys:
                    stack += [(behind, False) for behind in of_trigger[key] if behind not in begun]
