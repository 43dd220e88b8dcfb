"""What was changed between two days, and what follows from the later day alone.

Between the two views stand two others, so that each step has one reason:

    known on the first day, seen on it
      → as amended and edited by the last day, seen on the first    what was changed
      → the same, seen on the last                                  what follows from the day alone
      → with what was recorded since, seen on the last              what was changed

So an option that was extended and has lapsed since is told as moved, because of the amendment, and
apart from that as lapsed; a file in which it had always stood so tells of the same lapse. What a
record of something else has set is told likewise: no longer waiting, because of the record, and
apart from that passed.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from datetime import date

from tracker.agreements.amendments import agreement_known_on, agreement_without_records
from tracker.agreements.keys import PointKey
from tracker.agreements.model import Agreement, Event
from tracker.timeline.causes import found_causes
from tracker.timeline.differences import (
    PASSING,
    Changes,
    Difference,
    DifferenceKind,
    compare,
    differences,
    events_in_both,
    kinds_between,
    with_causes,
)
from tracker.timeline.points import Point, Timeline
from tracker.timeline.resolver import resolve


def changes(
    before: Sequence[Agreement], after: Sequence[Agreement], first: date, last: date
) -> Changes:
    """What changed from agreements as known on one day to those as known on another.

    Raises what resolve() raises.
    """
    old = [agreement_known_on(agreement, first) for agreement in before]
    new = [agreement_known_on(agreement, last) for agreement in after]
    end = resolve(new, last)
    start = rename_events(resolve(old, first), new)
    causes = found_causes(start, end, new)
    if first == last:
        return Changes(start, end, differences(start, end, causes), ())
    stated = [agreement_without_records(agreement, first) for agreement in new]
    steps = _Steps(start, resolve(stated, first), resolve(stated, last), end)
    changed = with_causes(steps.changed(), (start, end), causes)
    return Changes(start, end, tuple(changed), tuple(steps.passing()))


class _Steps:
    """The views between two days, and what each step makes of each point."""

    def __init__(self, start: Timeline, stated: Timeline, passed: Timeline, end: Timeline) -> None:
        self._kept = events_in_both(start, end)
        self._families = end.families
        self._start, self._stated, self._passed, self._end = (
            {point.key: point for point in view.points} for view in (start, stated, passed, end)
        )
        self._edited = compare(start, stated)
        self._aged = compare(stated, passed)
        self._recorded = compare(passed, end)
        happened = {key for key, step in self._recorded.items() if "occurred" in step.kinds}
        self._still_so = {
            key: tuple(self._kinds_still_so(step, happened)) for key, step in self._aged.items()
        }
        since = ((key, tuple(self._kinds_since_record(key))) for key in self._recorded)
        self._since_record = {key: kinds for key, kinds in since if kinds}

    def _kinds_still_so(
        self, step: Difference, happened: Container[PointKey]
    ) -> Iterator[DifferenceKind]:
        """What the later day alone made of a point, as far as records have left it so.

        Of what was recorded in between, and of what it set or moved that had waited for it, only
        the record is told: that it would have passed, or lapsed, without one never was so.
        """
        waited_for = () if step.before is None else step.before.waits_for
        recorded = self._recorded.get(step.key)
        is_set = recorded is not None and recorded.kinds
        if step.key in happened or (is_set and any(key in happened for key in waited_for)):
            return
        now = self._end.get(step.key)
        yield from (kind for kind in step.kinds if _holds(kind, step.after, now))

    def _is_set_by_record(self, key: PointKey) -> bool:
        """Whether a record says something of a point, or undoes what days would have made of it."""
        recorded = self._recorded.get(key)
        return recorded is not None and (bool(recorded.kinds) or self._is_undone(key))

    def _is_undone(self, key: PointKey) -> bool:
        """Whether a record has left nothing of what days alone would have made of a point."""
        aged = self._aged.get(key)
        return aged is not None and aged.kinds != self._still_so.get(key, ())

    def _kinds_since_record(self, key: PointKey) -> Iterator[DifferenceKind]:
        """What days have made of a point whose day a record of another has set or moved."""
        was, passed, now = self._stated.get(key), self._passed.get(key), self._end.get(key)
        if now is None or not self._is_set_by_record(key) or _is_recorded(passed, now):
            return
        if was is None:
            if now.has_passed or now.has_lapsed:
                yield "passed" if now.has_passed else "lapsed"
            return
        still_so = self._still_so.get(key, ())
        for kind in kinds_between(was, now, self._kept, self._families):
            if kind in _BY_THE_DAY and kind not in still_so:
                yield kind

    def passing(self) -> Iterator[Difference]:
        """What follows from the later day alone."""
        for key in dict.fromkeys((*self._aged, *self._since_record)):
            step, now = self._aged.get(key), self._end.get(key)
            if now is not None or (step is not None and step.after is None):
                kinds = (*self._still_so.get(key, ()), *self._since_record.get(key, ()))
                yield Difference(key, self._stated.get(key), now, kinds)

    def changed(self) -> dict[PointKey, Difference]:
        """What was amended, edited and recorded, without its causes."""
        keys = dict.fromkeys((*self._end, *self._start, *self._stated))
        told = {key: self._change(key) for key in keys}
        return {key: change for key, change in told.items() if change is not None}

    def _change(self, key: PointKey) -> Difference | None:
        edited, recorded = self._edited.get(key), self._recorded.get(key)
        if self._is_set_by_record(key):
            return self._change_with_record(key)
        if edited is None:
            return recorded
        if recorded is not None and recorded.after is None:  # a series that has occurrences now
            return self._change_with_record(key)
        aged = PASSING.intersection(self._still_so.get(key, ()))
        if aged or edited.after is None:
            return edited
        return edited._replace(after=self._end.get(key, edited.after))

    def _change_with_record(self, key: PointKey) -> Difference | None:
        """What became of a point with what was recorded since.

        It is told from what the later day alone had made of it, where that still holds and nothing
        else was changed; else from what it was on the first day.
        """
        edited = self._edited.get(key)
        undone = self._is_undone(key)
        passing = PASSING.intersection(self._still_so.get(key, ()))
        before, after = self._start.get(key), self._end.get(key)
        is_alone = passing and not undone and (edited is None or not edited.kinds)
        if is_alone or (before is None and key not in self._stated):
            before = self._passed.get(key)
        if before is None and after is None:
            return None
        passing |= set(self._since_record.get(key, ()))
        if "lapsed" in passing and after is not None:
            after = after._replace(status="option")  # as it was told while it could be used
        kinds = kinds_between(before, after, self._kept, self._families)
        return Difference(key, before, after, tuple(kind for kind in kinds if kind not in passing))


#: What days make of a point once something else has said when it is.
_BY_THE_DAY: frozenset[DifferenceKind] = frozenset(("passed", "lapsed", "starts", "ends"))


def _is_recorded(before: Point | None, now: Point) -> bool:
    """Whether something was recorded of that very point, or of its term."""
    if now.status == "occurred" or now.event.withdrawal(now.occurrence) is not None:
        return True
    event = now.event if before is None else before.event
    return (event.started, event.ended) != (now.event.started, now.event.ended)


def _holds(kind: DifferenceKind, passed: Point | None, now: Point | None) -> bool:
    """Whether what the passing of days alone would have made of a point is so in the later view."""
    if kind not in PASSING or passed is None:
        return True
    if now is None:
        return False
    match kind:
        case "passed":
            return now.has_passed
        case "never":
            return now.status == "never"
        case "lapsed":
            return now.has_lapsed and now.last_day == passed.last_day
        case "starts" | "ends":
            return now.state == passed.state
        case "settled":
            return now.counts_to == passed.counts_to and now.status != "may-move"
        case _:
            return now.counts_to == passed.counts_to


def rename_events(timeline: Timeline, agreements: Sequence[Agreement]) -> Timeline:
    """The view with each event under the id that it has in those agreements (`was`)."""
    there = {event.event_key for agreement in agreements for event in agreement.events}
    now = {
        (event.agreement, old): event
        for agreement in agreements
        for event in agreement.events
        for old in event.was
        if (event.agreement, old) not in there
    }
    if not now:
        return timeline

    def rename(event: Event) -> Event:
        current = now.get(event.event_key)
        return event if current is None else event._replace(id=current.id, was=current.was)

    def rename_key(key: PointKey) -> PointKey:
        current = now.get(key.event_key)
        return key if current is None else key._replace(event=current.id)

    return timeline._replace(
        events=tuple(map(rename, timeline.events)),
        points=tuple(
            point._replace(
                event=rename(point.event), waits_for=tuple(map(rename_key, point.waits_for))
            )
            for point in timeline.points
        ),
    )
