"""How many occurrences there are ahead of all that repeats and renews in an agreement.

A few lines can bring about more than anybody can look at: two hundred daily meetings are a thousand
occurrences each, in every list, feed and message. What is judged is the same on every day: the five
years from the first day of each series on, however far it has come.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice, takewhile
from typing import NamedTuple

from tracker.agreements.keys import PointKey, key_of
from tracker.agreements.located import LocatedDiagnostic
from tracker.agreements.model import Agreement, Event
from tracker.dates.bounds import NEVER, Bounds
from tracker.dates.diagnostics import Diagnostic
from tracker.dates.expressions import Duration
from tracker.dates.instants import local_day
from tracker.dates.recurrence import Every, Rule
from tracker.timeline.occurrences import MOST, YEARS_AHEAD
from tracker.timeline.points import Timeline

#: So many occurrences of all series of an agreement lie ahead at most: 75 daily ones, 1,200
#: monthly ones, 12,500 yearly ones.
MOST_AHEAD = 75_000

_DAYS_AHEAD = 366 * YEARS_AHEAD - 4
_DAYS_OF_UNIT = {"week": 7, "month": 30, "quarter": 91, "half-year": 182, "year": 365}
_ANY_DAY = date(2027, 1, 1)


class _Series(NamedTuple):
    """An event that repeats or renews, and how often."""

    event: Event
    field: str
    times: int


def too_many_occurrences(
    timeline: Timeline, view: Sequence[Agreement]
) -> Iterator[LocatedDiagnostic]:
    """Names the series with the most, where an agreement has more than can be listed.

    The view has what was recorded of its events, which the timeline has not.
    """
    by_agreement: dict[str, list[Event]] = {}
    for event in timeline.events:
        if event.repeating or event.renews is not None:
            by_agreement.setdefault(event.agreement, []).append(event)
    counting = _SeriesCounts(timeline, view)
    for events in by_agreement.values():
        series = [_Series(event, _field(event), counting.count(event)) for event in events]
        total = sum(each.times for each in series)
        if total <= MOST_AHEAD:
            continue
        largest = max(series, key=lambda each: each.times)
        values = {
            "sum": f"{total:,}",
            "largest": f"{largest.times:,}",
            "most": f"{MOST_AHEAD:,}",
        }
        diagnostic = Diagnostic("too-many-occurrences", (0, 0), tuple(values.items()))
        yield LocatedDiagnostic(diagnostic, largest.event, largest.field)


def _field(event: Event) -> str:
    """Where it stands how often it comes."""
    if event.renews is not None:
        return "renews"
    return "when" if event.repeats is None else "repeats"


class _SeriesCounts:
    """Counts the occurrences of each series in five years, those of a line's `each` as that's."""

    def __init__(self, timeline: Timeline, view: Sequence[Agreement]) -> None:
        self._bounds_by_key = timeline.bounds_by_key
        self._events = {event.event_key: event for event in timeline.events}
        self._recorded = {
            event.event_key: len(event.recorded_occurrences)
            for agreement in view
            for event in agreement.events
            if event.repeating
        }

    def count(self, event: Event) -> int:
        """How many there are of the event at most."""
        root = self._root(event)
        days = min(self._days_during(event), self._days_during(root))
        each = root.when.each if root.when is not None else None
        repeats = root.repeats
        if repeats is not None and repeats.named_by != "day":  # facts, however many
            return self._recorded[root.event_key]
        if isinstance(repeats, Rule):
            return _of_rule(repeats, self._first_day(root), days)
        if isinstance(repeats, Every):
            return _of_length(repeats.duration, days, repeats.count)
        if root.renews is not None:
            most = None if root.renews.most is None else root.renews.most + 1
            return _of_length(root.renews.duration, days, most)
        if each is not None and each.of is None:
            return min(MOST, days // _DAYS_OF_UNIT[each.unit] + 1)
        return 1

    def _root(self, event: Event) -> Event:
        """That by which there is more than one: itself, or what its line is repeated for."""
        seen = {event.event_key}
        while event.repeats is None and event.when is not None and event.when.each is not None:
            if event.when.each.of is None:
                break
            key = key_of(event.when.each.of, event.agreement).event_key
            if key in seen or key not in self._events:
                break
            seen.add(key)
            event = self._events[key]
        return event

    def _days_during(self, event: Event) -> int:
        """How long the event after `during` goes on, as far as that is looked ahead."""
        if event.during is None:
            return _DAYS_AHEAD
        key = key_of(event.during, event.agreement)
        start = self._bounds(key._replace(side="start"))
        end = self._bounds(key._replace(side="end"))
        if start.earliest is None or end.latest is None:
            return _DAYS_AHEAD
        days = (local_day(end.latest) - local_day(start.earliest)).days
        return max(0, min(days, _DAYS_AHEAD))

    def _first_day(self, event: Event) -> date:
        fixed = event.when.fixed if event.when is not None else None
        return _ANY_DAY if fixed is None or fixed.earliest is None else local_day(fixed.earliest)

    def _bounds(self, key: PointKey) -> Bounds:
        return self._bounds_by_key.get(key, NEVER)


def _of_length(duration: Duration, days: int, most: int | None) -> int:
    length = max(1, 30 * duration.months + duration.days)
    count = min(MOST, days // length + 1)
    return count if most is None else min(count, most)


@lru_cache(maxsize=1024)
def _of_rule(rule: Rule, first: date, days: int) -> int:
    last = min(first.toordinal() + days, date.max.toordinal())
    near = takewhile(lambda day: day.toordinal() <= last, rule.after(first, first))
    return sum(1 for _ in islice(near, MOST))
