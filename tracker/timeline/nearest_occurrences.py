"""The occurrence that is most like one that is not there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from tracker.agreements.keys import Occurrence, key_of
from tracker.agreements.model import Event, Line
from tracker.dates.instants import local_day
from tracker.timeline.occurrence_bounds import rule_of
from tracker.timeline.occurrences import edges_after, edges_before
from tracker.timeline.points import Timeline

if TYPE_CHECKING:  # only what repeats pays for it
    pass


def nearest_occurrence(
    event: Event, line: Line, occurrence: Occurrence, timeline: Timeline
) -> Occurrence | None:
    """The occurrence nearest to that one, whatever was recorded; None where there is none."""
    each = line.each
    days: list[Occurrence] = []
    if each is not None and each.of is not None:
        return nearest_of(timeline.families.get(key_of(each.of, event.agreement), ()), occurrence)
    if each is not None and isinstance(occurrence, date):
        days = [next(edges_after(each.edge, each.unit, occurrence), occurrence)]
        days += islice(edges_before(each.edge, each.unit, occurrence), 1)
    elif (rule := rule_of(event)) is not None and isinstance(occurrence, date):
        first = timeline.bounds_by_key[event.key("when")].earliest
        if first is not None:
            days = [*islice(rule.after(local_day(first), occurrence), 1)]
            days += islice(rule.before(local_day(first), occurrence), 1)
    return nearest_of(days, occurrence)


def nearest_of(there: Collection[Occurrence], wanted: Occurrence) -> Occurrence | None:
    """The occurrence that is most like the one wanted: by its day, its number or its name."""
    if wanted in there:
        return wanted
    alike = [occurrence for occurrence in there if type(occurrence) is type(wanted)]
    if isinstance(wanted, str):
        from difflib import get_close_matches

        return next(iter(get_close_matches(wanted, map(str, there), n=1)), None)
    return min(alike, key=lambda occurrence: _distance(occurrence, wanted), default=None)


def _distance(first: Occurrence, second: Occurrence) -> int:
    if isinstance(first, date) and isinstance(second, date):
        return abs((first - second).days)
    return abs(first - second) if isinstance(first, int) and isinstance(second, int) else 0
