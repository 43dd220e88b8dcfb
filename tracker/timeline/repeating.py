"""Settling what happens more than once: occurrences, and the terms of what renews."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from tracker.agreements.model import (
    ByOccurrence,
    Event,
    Key,
    Line,
    key_of,
    occurrence_key,
    occurrence_keys,
)
from tracker.dates.arithmetic import at_clock_of
from tracker.dates.bounds import NEVER, Bounds, Place, Window, exact_bounds
from tracker.dates.calendars import Uncovered
from tracker.dates.evaluation import bounds_of, map_moments
from tracker.dates.expressions import Side
from tracker.dates.instants import Instant, Moment, day_in, local_day
from tracker.timeline.occurrences import MOST, Limits, edges_after, edges_before, listed, waiting
from tracker.timeline.points import Point, State, Timeline, rolled_off, status_of
from tracker.timeline.renewal_terms import Notices, Terms
from tracker.timeline.waits import NONE, Keys, names, waits

if TYPE_CHECKING:
    from tracker.dates.renewals import Renewal
    from tracker.timeline.resolver_state import Scene


def settle_occurrences(scene: Scene, event: Event, line: Line) -> None:
    """Settles the occurrences of an event; or its one point, while their days are not known."""
    repeating = _Repeating(scene, event, line)
    withdrawn = event.withdrawal()
    if withdrawn is not None and withdrawn <= scene.as_of:
        scene.settled.add(repeating.key)
        scene.bounds_by_key[repeating.key] = NEVER
        repeating.settle_recorded()
        return
    repeating.settle_from_origin()


class _Repeating:
    """An event that repeats, while its occurrences are worked out."""

    def __init__(self, scene: Scene, event: Event, line: Line) -> None:
        self.scene = scene
        self.event = event
        self.line = line
        self.key: Key = (event.agreement, event.id, "when")
        self.place = scene.place(event)
        self.during: Key = self.key if event.during is None else key_of(event.during, self.key[0])
        self.limits = self._limits()

    def _of_during(self, side: Side) -> Key:
        return self.during[0], self.during[1], side

    def _limits(self) -> Limits:
        scene = self.scene
        if self.event.during is None:
            return Limits()
        during = scene.named[self.during[:2]]
        zone = scene.zone(during)
        start = scene.bounds_by_key.get(self._of_during("start"))
        end = scene.bounds_by_key.get(self._of_during("end"))
        withdrawn = during.withdrawal()
        if withdrawn is not None and withdrawn <= scene.as_of and end == NEVER:
            end = exact_bounds(withdrawn)
        first = None if start is None or start.earliest is None else day_in(start.earliest, zone)
        return Limits(first, end, zone)

    def settle_from_origin(self) -> None:
        """Settles the occurrences, once the day that they are counted from is one day."""
        scene, key = self.scene, self.key
        if key in scene.suppose:
            scene.settled.add(key)
        origin, held_up = self._origin()
        scene.bounds_by_key[key] = NEVER if origin.earliest is None else waiting(origin)
        if origin.earliest is None:
            self.settle_recorded()
        elif held_up is not None or not origin.exact:
            found = waits(self.line.form, key[0], self.place, scene.waits_of)
            scene.waits[key] = found | (held_up or NONE)
            self.settle_recorded()
        elif days := self._days(local_day(origin.earliest)):
            self.settle(days, origin.earliest)
        else:
            scene.bounds_by_key[key] = NEVER

    def settle_recorded(self) -> None:
        """Settles what was recorded, though nothing says any more that there is more of it."""
        if days := recorded_days(self.scene, self.event):
            self.settle(days, None)

    def _origin(self) -> tuple[Bounds, Keys | None]:
        """The day that is counted from; and while something else holds it up, what for."""
        scene, key, each = self.scene, self.key, self.line.each
        start = scene.bounds_by_key.get(self._of_during("start")) if self.event.during else None
        if each is not None and each.of is not None:
            of = key_of(each.of, key[0])
            there = scene.families.get(of)
            origin = exact_bounds(next(iter(there))) if there else scene.bounds_by_key[of]
            if there is None and origin.earliest is not None:
                place = self.place._replace(each=origin)
                return bounds_of(self.line.form, place), scene.waits_of(of)
        elif each is not None:
            origin = start or NEVER
        elif key in scene.suppose:
            moment = scene.suppose[key]
            origin = NEVER if moment is None else exact_bounds(moment)
        else:
            origin = self.line.fixed or bounds_of(self.line.form, self.place)
        if start is None or start.exact or origin.earliest is None:
            return origin, None
        if start.earliest is None:
            return NEVER, None
        return origin, scene.waits_of(self._of_during("start"))

    def _days(self, anchor: date) -> tuple[date, ...]:
        """The days of the occurrences that are listed, and of those that were recorded."""
        as_of, each = self.scene.as_of, self.line.each
        if each is not None and each.of is not None:
            there = self.scene.families[key_of(each.of, self.key[0])]
            ahead = iter([day for day in there if day >= as_of])
            behind = iter([day for day in reversed(there) if day < as_of])
        elif each is not None:
            ahead = edges_after(each.edge, each.unit, max(as_of, anchor))
            behind = edges_before(each.edge, each.unit, as_of)
        elif self.event.repeats is not None:
            ahead = self.event.repeats.after(anchor, as_of)
            behind = self.event.repeats.before(anchor, as_of)
        else:
            raise ValueError(f"{self.key} does not repeat")
        days = listed(ahead, behind, self.limits, as_of)
        recorded = recorded_days(self.scene, self.event)
        if recorded:
            days = sorted({*days, *recorded})[-MOST:]
        return tuple(days)

    def settle(self, days: Sequence[date], first: Moment | None) -> None:
        """Settles each occurrence: its day, what may cut it off, and what was recorded of it."""
        scene, event = self.scene, self.event
        keys = scene.families[self.key] = occurrence_keys(self.key, days)
        if self._is_plain() and not isinstance(first, Instant):
            # The commonest by far; the rest would come to the same.
            bounds_by_key = scene.bounds_by_key
            for day, key in keys.items():
                bounds_by_key[key] = Bounds(day, day, Window(day, day))
            return
        may_be_settled = bool(scene.suppose) or self._is_recorded()
        cut_waits = scene.waits_of(self._of_during("end")) if event.during else NONE
        ahead = False  #: whether the next one is settled
        for day, key in list(keys.items()):
            settled = scene.settled_bounds(key, event, day) if may_be_settled else None
            if settled is not None:
                scene.settled.add(key)
                scene.bounds_by_key[key] = settled
            else:
                try:
                    bounds, found = self._stated(day, first)
                except Uncovered:
                    if day >= scene.as_of and not ahead:
                        raise
                    del keys[day]  # listed as far as the calendar's data goes
                    continue
                scene.bounds_by_key[key] = cut = self.limits.cut(day, bounds)
                found |= cut_waits if cut is not bounds else NONE
                if found and not cut.exact:
                    scene.waits[key] = found
            ahead = ahead or day >= scene.as_of

    def _is_plain(self) -> bool:
        stated = self.event.roll is None and self.line.each is None and self.limits.end is None
        return stated and not self._is_recorded() and not self.scene.suppose

    def _is_recorded(self) -> bool:
        return self.event.occurred is not None or self.event.withdrawn is not None

    def _stated(self, day: date, first: Moment | None) -> tuple[Bounds, Keys]:
        """What an occurrence comes to by its line, and what it waits for."""
        scene, each, found = self.scene, self.line.each, NONE
        if each is None and self.event.roll is None:
            return exact_bounds(_at_clock(first, day)), NONE
        place = placed_for(self.event, day, self.place, scene.bounds_by_key)
        bounds = occurrence_bounds(self.event, self.line, day, place, first)
        if each is not None and not bounds.exact:
            found = waits(self.line.form, self.key[0], self.place, scene.waits_of)
            if each.of is not None:
                found |= scene.waits_of(occurrence_key(key_of(each.of, self.key[0]), day))
        return bounds, found


def placed_for(event: Event, day: date, place: Place, bounds_by_key: Mapping[Key, Bounds]) -> Place:
    """The place of an event's line for the occurrence of that day."""
    each = event.when and event.when.each
    if not each:
        return place
    if each.of is None:
        return place._replace(each=exact_bounds(day))
    of = key_of(each.of, event.agreement)
    return place._replace(each=bounds_by_key.get(occurrence_key(of, day), NEVER))


def occurrence_bounds(event: Event, line: Line, day: date, place: Place, first: object) -> Bounds:
    """What an occurrence comes to by its line alone, in its own place.

    `first` is the moment that is counted from: where it has a time, so have all.
    """
    if line.each is None:
        bounds = exact_bounds(_at_clock(first, day))
    else:
        bounds = bounds_of(line.form, place)
    return rolled_off(bounds, event, line, place)


def _at_clock(first: object, day: date) -> Moment:
    """That day; at the clock of the first moment, where that has one."""
    if not isinstance(first, Instant):
        return day
    try:
        return at_clock_of(first, day)
    except OverflowError:  # at the very edges of the calendar
        return day


def nearest_occurrence(event: Event, line: Line, day: date, timeline: Timeline) -> date | None:
    """The occurrence nearest to that day, whatever was recorded; None where there is none."""
    each = line.each
    if each is not None and each.of is not None:
        days = list(timeline.families.get(key_of(each.of, event.agreement), ()))
    elif each is not None:
        days = [next(edges_after(each.edge, each.unit, day), day)]
        days += islice(edges_before(each.edge, each.unit, day), 1)
    elif event.repeats is not None:
        first = timeline.bounds_by_key[event.agreement, event.id, "when"].earliest
        if first is None:
            return None
        days = [*islice(event.repeats.after(local_day(first), day), 1)]
        days += islice(event.repeats.before(local_day(first), day), 1)
    else:
        return None
    return min(days, key=lambda one: abs((one - day).days), default=None)


def recorded_days(scene: Scene, event: Event) -> tuple[date, ...]:
    """The occurrences that are recorded by the day of the view."""
    if not isinstance(event.occurred, ByOccurrence):
        return ()
    return tuple(day for day, moment in event.occurred.days if scene.is_seen(moment, event))


# -- terms


def settle_terms(scene: Scene, event: Event, line: Line, renewal: Renewal) -> None:
    """Settles the end of each term, and the end for good."""
    key: Key = (event.agreement, event.id, "end")
    place = scene.place(event)
    stated = line.fixed or bounds_of(line.form, place)
    settled = scene.settled_bounds(key, event)
    if settled is not None:
        scene.settled.add(key)
    never = settled == NEVER and key in scene.suppose  # it renews for ever
    if stated.earliest is None or (settled == NEVER and not never):
        scene.bounds_by_key[key] = settled or NEVER
    elif not stated.exact:
        scene.bounds_by_key[key] = settled or waiting(stated)
        if settled is None:
            scene.waits[key] = waits(line.form, event.agreement, place, scene.waits_of)
    else:
        moment = _ends(event, line, place, stated.earliest)
        notices = None if never else _notices(scene, event, renewal, moment)
        terms = Terms(local_day(stated.earliest), renewal, notices, scene.as_of)
        scene.bounds_by_key[key] = settled or map_moments(terms.for_good(), moment)
        _settle_terms(scene, event, terms, moment, settled)


def _ends(event: Event, line: Line, place: Place, first: Moment) -> Callable[[Moment], Moment]:
    """The moment of a term's end: at the clock of the stated one, moved off closed days."""

    def moment(end: Moment) -> Moment:
        day = local_day(end)
        plain = exact_bounds(_at_clock(first, day))
        return rolled_off(plain, event, line, place).earliest or day

    return moment


def _settle_terms(
    scene: Scene,
    event: Event,
    terms: Terms,
    moment: Callable[[Moment], Moment],
    settled: Bounds | None,
) -> None:
    """Settles the terms that there can be; all up to the end for good, once that is settled."""
    key: Key = (event.agreement, event.id, "end")
    pending = None if terms.pending is None else terms.end(terms.pending)
    for_notice = NONE
    if pending is not None and terms.renewal.unless is not None:
        notice = key_of(terms.renewal.unless, event.agreement)
        for_notice = frozenset((occurrence_key(notice, pending),))
    if settled is None and not scene.bounds_by_key[key].exact:
        scene.waits[key] = for_notice
    ended = settled if settled is not None and settled.earliest is not None else None
    limits = Limits(end=ended, zone=scene.zone(event))
    days = listed(terms.after(scene.as_of), terms.before(scene.as_of), limits, scene.as_of)
    keys = scene.families[key] = occurrence_keys(key, days)
    for day, occurrence in keys.items():
        supposed = scene.settled_bounds(occurrence, event, day) if scene.suppose else None
        if supposed is not None:
            scene.settled.add(occurrence)
            scene.bounds_by_key[occurrence] = supposed
        elif ended is not None or pending is None or day <= pending:
            scene.bounds_by_key[occurrence] = exact_bounds(moment(day))
        else:
            last = moment(day)
            scene.bounds_by_key[occurrence] = Bounds(last, None, Window(last, last))
            scene.waits[occurrence] = for_notice


def _notices(
    scene: Scene, event: Event, renewal: Renewal, moment: Callable[[Moment], Moment]
) -> Notices | None:
    """What is known of the notices that end the event for good."""
    if renewal.unless is None:
        return None
    key = key_of(renewal.unless, event.agreement)
    notice = scene.named[key[:2]]
    line = notice.when
    withdrawn = notice.withdrawal()
    given = set(recorded_days(scene, notice))
    if line is None or (withdrawn is not None and withdrawn <= scene.as_of):
        return Notices(lambda _end: date.min, given)
    place, zone = scene.place(notice), scene.zone(notice)

    def day(end: date) -> date | None:
        bounds = bounds_of(line.form, place._replace(each=exact_bounds(moment(end))))
        stands = rolled_off(bounds, notice, line, place).stands
        return None if stands is None else day_in(stands.latest, zone)

    ruled_out = {
        occurrence
        for occurrence in notice.recorded
        if (gone := notice.withdrawal(occurrence)) is not None and gone <= scene.as_of
    }
    for (agreement, name, _), supposed in scene.suppose.items():
        if agreement == notice.agreement and name.startswith(f"{notice.id}@"):
            end = date.fromisoformat(name[-len("2028-12-31") :])
            (ruled_out if supposed is None else given).add(end)
            (given if supposed is None else ruled_out).discard(end)
    return Notices(day, given, ruled_out - given)


# -- points


def family_points(scene: Scene, event: Event, side: Side, state: State | None) -> Iterator[Point]:
    """The points of the occurrences, by their days."""
    key: Key = (event.agreement, event.id, side)
    line, zone, as_of = event.line(side), scene.zone(event), scene.as_of
    bounds_by_key, waits_of, recorded = scene.bounds_by_key, scene.waits.get, scene.recorded
    found = []
    told: dict[Keys, tuple[str, ...]] = {NONE: ()}  #: what occurrences wait for is mostly the same
    for day, occurrence in scene.families[key].items():
        bounds = bounds_by_key[occurrence]
        waiting_for = waits_of(occurrence)
        status = "occurred" if occurrence in recorded else status_of(bounds, waiting_for)
        past = bounds.stands is not None and day_in(bounds.stands.latest, zone) < as_of
        waits_for = told.get(waiting_for or NONE)
        if waits_for is None:
            waits_for = told[waiting_for or NONE] = names(waiting_for or NONE, event.agreement)
        found.append(
            Point(event, side, line, bounds, status, state, past, waits_for, zone, day, past)
        )
    over = (at for at in range(len(found) - 1, -1, -1) if found[at].past or _occurred(found[at]))
    last = next(over, None)
    if last is not None and side == "when" and key not in scene.notices:
        found[last] = found[last]._replace(moot=False)
    return iter(found)


def _occurred(point: Point) -> bool:
    return point.status == "occurred"
