"""What differs between two timelines, point by point, and because of what."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from tracker.agreements.keys import PointKey
from tracker.agreements.model import Agreement
from tracker.timeline.causes import Cause, causes_of, supposed_causes
from tracker.timeline.points import Point, Supposed, Timeline
from tracker.timeline.resolver import resolve

#: What can be said of a difference, in the order in which it is said.
DifferenceKind: TypeAlias = Literal[
    "added",  # its event is new
    "removed",  # its event is no longer there
    "returned",  # its agreement was not loaded, as it was told, and is again
    "listed",  # an occurrence that was not there yet, of an event that was
    "cut-off",  # an occurrence that is no longer there, of an event that is
    "occurred",  # it was recorded
    "unrecorded",  # its record was taken back
    "withdrawn",  # it never comes: its event was withdrawn
    "lapsed",  # it never comes: the last day of an option passed with nothing recorded
    "never",  # it never comes, for any other reason
    "option-now",  # it may be used or not, and was no option
    "option-no-more",  # it was an option
    "moved",  # it counts to another day
    "has-day",  # it counts to a day, and had none while it waited
    "possible-again",  # it had lapsed, was withdrawn or could not come, and can come after all
    "waits-now",  # it counted to a day, and does no longer
    "settled",  # nothing can move it any more
    "may-move",  # something can move it now
    "bounds",  # it counts to the same day, between other days
    "waits-for-less",
    "waits-for-other",
    "starts",  # its event is in force from now on
    "ends",  # its event is over from now on
    "resumes",  # its event was over, and is in force again
    "passed",  # its day has passed, and nothing was recorded
    "restated",  # its line was changed
    "retold",  # what is told of its event beside the days was changed
]


class Difference(NamedTuple):
    """One point that differs: as it was, as it is, and because of what."""

    key: PointKey
    before: Point | None  #: None: it was not there
    after: Point | None  #: None: it is no longer there
    kinds: tuple[DifferenceKind, ...]  #: none: only how far ahead it is differs
    causes: tuple[Cause, ...] = ()

    @property
    def point(self) -> Point:
        """The point as it is, or was."""
        there = self.after or self.before
        if there is None:
            raise ValueError("a difference of no point")
        return there

    @property
    def agreements(self) -> frozenset[str]:
        """Those that what is said of it may name: its own, its causes', of what it waits for."""
        views = [point for point in (self.before, self.after) if point is not None]
        waits_for = (key.agreement for point in views for key in point.waits_for)
        causes = (cause.key.agreement for cause in self.causes)
        return frozenset((self.point.event.agreement, *causes, *waits_for))

    @property
    def days(self) -> int | None:
        """By how many days it moved, sooner: negative; None where it did not."""
        if self.before is None or self.after is None or "moved" not in self.kinds:
            return None
        old, new = self.before.day, self.after.day
        return None if old is None or new is None else (new - old).days


class Changes(NamedTuple):
    """What was changed between two views, and what follows from a later day alone."""

    before: Timeline
    after: Timeline
    changed: tuple[Difference, ...]
    passing: tuple[Difference, ...]

    def timeline_of(self, difference: Difference) -> Timeline:
        """The view in which that point is: the later one, unless it is gone."""
        return self.before if difference.after is None else self.after


def what_if(agreements: Sequence[Agreement], as_of: date, suppose: Supposed) -> Changes:
    """What would change, if that were so. Raises what resolve() raises."""
    before, after = resolve(agreements, as_of), resolve(agreements, as_of, suppose)
    compared = differences(before, after, supposed_causes(suppose, after))
    return Changes(before, after, compared, ())


def differences(
    before: Timeline, after: Timeline, causes: Iterable[Cause] = ()
) -> tuple[Difference, ...]:
    """The points that differ, in the order of the later timeline, those that are gone last."""
    return tuple(with_causes(compare(before, after), (before, after), causes))


def compare(before: Timeline, after: Timeline) -> dict[PointKey, Difference]:
    """The same by their points, without a cause, each as if it were alone."""
    old = {point.key: point for point in before.points}
    new = {point.key: point for point in after.points}
    differ = _Comparison().differ
    differing: dict[PointKey, tuple[Point | None, Point | None]] = {
        key: (old.get(key), point) for key, point in new.items() if differ(old.get(key), point)
    }
    differing |= {key: (point, None) for key, point in old.items() if key not in new}
    kept = events_in_both(before, after)
    return {
        key: Difference(key, *points, tuple(kinds_between(*points, kept, after.families)))
        for key, points in differing.items()
    }


def with_causes(
    compared: Mapping[PointKey, Difference],
    timelines: tuple[Timeline, Timeline],
    causes: Iterable[Cause],
) -> Iterator[Difference]:
    """Each with what caused it; what is said of an event as a whole, with one of its points."""
    differing = {key: (each.before, each.after) for key, each in compared.items()}
    because = causes_of(differing, timelines, tuple(causes))
    return _report_once(
        [each._replace(causes=because.get(key, ())) for key, each in compared.items()]
    )


def events_in_both(before: Timeline, after: Timeline) -> frozenset[str]:
    """The names of the events that both views have."""
    return frozenset(event.name for event in before.events).intersection(
        event.name for event in after.events
    )


class _Comparison:
    """Compares points, and each two events once: what happened of one may be ten thousand records.

    Events are held to be compared as long as this is there.
    """

    def __init__(self) -> None:
        self._same: dict[tuple[int, int], bool] = {}  #: by the identities of two events

    def differ(self, old: Point | None, new: Point) -> bool:
        """Whether a point differs from what it was."""
        if old is None or old.event is new.event or old.occurrence is None:
            return old != new
        pair = id(old.event), id(new.event)
        same = self._same.get(pair)
        if same is None:
            same = self._same[pair] = old.event == new.event
        return not same or old[1:] != new[1:]


def _report_once(compared: Sequence[Difference]) -> Iterator[Difference]:
    """What is said of an event was changed for all its points, and is told with one of them."""
    reported = {
        difference.point.event.name for difference in compared if set(difference.kinds) > {"retold"}
    }
    for difference in compared:
        if difference.kinds != ("retold",):
            yield difference
        elif difference.point.event.name in reported:
            yield difference._replace(kinds=())
        else:
            reported.add(difference.point.event.name)
            yield difference


def apply_differences(
    points: Iterable[Point], changes: Iterable[Difference]
) -> dict[PointKey, Point]:
    """The points after those differences: of the one view, those of the other."""
    result = {point.key: point for point in points}
    for difference in changes:
        if difference.after is None:
            del result[difference.key]
        else:
            result[difference.key] = difference.after
    return result


def kinds_between(
    before: Point | None,
    after: Point | None,
    kept: Container[str],
    series: Container[PointKey],
) -> Iterator[DifferenceKind]:
    """What is said of a difference; `kept` are the events that both views have.

    `series` are those of which the later view has occurrences.
    """
    if before is None and after is not None:
        if after.status == "never":
            yield "never"
            return
        happened = after.status == "occurred"
        yield "added" if after.event.name not in kept else "occurred" if happened else "listed"
    elif after is None and before is not None:
        if before.occurrence is None and before.key in series:
            return  # it stood for occurrences that are there now
        yield "cut-off" if before.event.name in kept else "removed"
    elif before is not None and after is not None:
        yield from _of_days(before, after)
        yield from _of_waiting(before, after)
        yield from _of_state(before, after)
        if before.statement != after.statement:
            yield "restated"
        if _texts(before) != _texts(after):
            yield "retold"


def _of_days(before: Point, after: Point) -> Iterator[DifferenceKind]:
    """How the days differ: the first that fits says it."""
    if after.status == "occurred" and before.status != "occurred":
        yield "occurred"
    elif before.status == "occurred" and after.status != "occurred":
        withdrawn = after.status == "never" and after.record is not None
        if not withdrawn:
            yield "unrecorded"
    if after.status == "never" and before.status != "never":
        gone = after.event.withdrawal(after.occurrence)
        yield "withdrawn" if gone is not None else "lapsed" if after.has_lapsed else "never"
    elif (before.status == "option") != (after.status == "option") and _is_there(before, after):
        yield "option-now" if after.status == "option" else "option-no-more"
    elif before.counts_to is not None and after.counts_to is not None:
        if before.counts_to != after.counts_to:
            yield "moved"
        elif _may_move(before) and not _may_move(after):
            yield "settled"
        elif _may_move(after) and not _may_move(before):
            yield "may-move"
        elif before.stands != after.stands or before.latest != after.latest:
            yield "bounds"
    elif before.status == "never":
        if after.status not in ("never", "occurred"):
            yield "possible-again"
    elif after.counts_to is not None:
        yield "has-day"
    elif before.counts_to is not None:
        yield "waits-now"


def _is_there(*points: Point) -> bool:
    """Whether none of them was recorded, or can no longer come."""
    return not any(point.status in ("occurred", "never") for point in points)


def _may_move(point: Point) -> bool:
    return point.status == "may-move"


def _of_waiting(before: Point, after: Point) -> Iterator[DifferenceKind]:
    if before.waits_for == after.waits_for:
        return
    if set(after.waits_for) < set(before.waits_for):
        yield "waits-for-less"
    elif after.waits_for:
        yield "waits-for-other"


def _of_state(before: Point, after: Point) -> Iterator[DifferenceKind]:
    """What starts and what ends; told where it starts and where it ends."""
    if before.state != after.state and after.occurrence is None:
        if after.state == "in force" and after.side == "start":
            yield "starts" if before.state == "ahead" else "resumes"
        elif after.state == "over" and after.side == "end":
            yield "ends"
    if after.has_passed and not before.has_passed:
        yield "passed"


def _texts(point: Point) -> tuple[object, ...]:
    """What is said of the event beside its days."""
    event = point.event
    said = (event.title, event.parties, event.tags, event.source, event.quote, event.note)
    return (*said, event.url, event.reminders)


# -- what is worth saying


#: What the passing of days alone makes worth saying.
PASSING: frozenset[DifferenceKind] = frozenset(
    ("starts", "ends", "passed", "never", "lapsed", "moved", "settled", "has-day")
)


def reportable(compared: Iterable[Difference]) -> list[Difference]:
    """The differences that there is something to report of."""
    return [difference for difference in compared if difference.kinds]


def passing(changes: Changes) -> list[Difference]:
    """What the passing of days alone made so, as far as it is worth saying."""
    return reportable(
        difference._replace(kinds=tuple(kind for kind in difference.kinds if kind in PASSING))
        for difference in changes.passing
    )


def group_alike(compared: Sequence[Difference]) -> list[tuple[Difference, list[Difference]]]:
    """Each difference, and the occurrences after it of which the same is to be said."""
    groups: list[tuple[Difference, list[Difference]]] = []
    for difference in compared:
        if groups and _is_alike(groups[-1][0], difference):
            groups[-1][1].append(difference)
        else:
            groups.append((difference, []))
    return groups


def _is_alike(first: Difference, second: Difference) -> bool:
    points = first.point, second.point
    same = points[0].event.name == points[1].event.name and points[0].side == points[1].side
    both = None not in (points[0].occurrence, points[1].occurrence)
    if "occurred" in first.kinds:  # each record has a day of its own, early or late
        return False
    return same and both and (first.kinds, first.causes) == (second.kinds, second.causes)
