"""The one day from which a series or a term is counted, though an estimated holiday may move it.

What repeats goes on from the day as estimated, so that each occurrence has its identity; each may
then be as far off as that day may be.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from tracker.agreements.model import Event, Line
from tracker.dates.bounds import Bounds, Window, exact_bounds
from tracker.dates.expressions import Place
from tracker.dates.instants import Instant, Moment, local_day
from tracker.timeline.points import roll_off_closed

#: By as many days more may two days differ a number of months later: the lengths of months differ.
_MONTHS_DIFFER = 3


class Anchor(NamedTuple):
    """The day that is counted from, by the estimates, and the days on which it may be."""

    day: date
    first: date
    last: date

    def widened(self, moment: Moment) -> Bounds:
        """The bounds of what is counted from it and comes to that moment by the estimates."""
        day = local_day(moment)
        more = 0 if day == self.day else _MONTHS_DIFFER
        early = timedelta(days=(self.day - self.first).days + more)
        late = timedelta(days=(self.last - self.day).days + more)
        return Bounds(_moved(moment, -early), _moved(moment, late), Window(moment, moment))


def _moved(moment: Moment, by: timedelta) -> Moment:
    try:
        if isinstance(moment, Instant):
            return moment._replace(utc=moment.utc + by)
        return moment + by
    except OverflowError:
        return moment


def anchor_of(origin: Bounds, waits: bool) -> Anchor | None:
    """The anchor where one day stands that only estimated holidays can move; else None."""
    earliest, latest, stands = origin[:3]
    if waits or origin.exact or earliest is None or latest is None or stands is None:
        return None
    if stands.earliest != stands.latest:
        return None
    return Anchor(local_day(stands.latest), local_day(earliest), local_day(latest))


def bounds_from(
    anchor: Anchor | None, moment: Moment, event: Event, line: Line, place: Place
) -> Bounds:
    """What is counted from an anchor (None: from a day that is certain), moved off closed days."""
    plain = exact_bounds(moment) if anchor is None else anchor.widened(moment)
    return roll_off_closed(plain, event, line, place)
