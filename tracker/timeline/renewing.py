"""What becomes of a term at its end, and what a notice of it decides.

The end of a term is no end where the term renews; a notice that is not given by its day says that
it does. Both are asked here of a timeline, for whoever is told of one of these days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from tracker.agreements.keys import key_of
from tracker.dates.instants import Moment, local_day
from tracker.timeline.lookup import TimelineLookup
from tracker.timeline.points import Point


class TermEnd(NamedTuple):
    """The end of one term, and what becomes of it."""

    point: Point
    next_end: Moment | None  #: of the term after it; None: there is none, or its day is not known
    renews: bool  #: nothing can end it at this day any more
    condition: Point | None  #: what is decided of by then: a notice, or what renews it
    needs_renewal: bool  #: it ends unless it is renewed, rather than renews unless notice is given


def term_end(point: Point, lookup: TimelineLookup) -> TermEnd | None:
    """What becomes of the term whose end that point is; None: it is no term's among several."""
    event, end = point.event, point.occurrence
    if event.renews is None or point.side != "end" or not isinstance(end, date):
        return None
    condition = None
    if (ref := event.renews.condition) is not None:
        condition = lookup.point(key_of(ref, event.agreement).at(end))
    next_end = next(
        (
            later.counts_to
            for later in lookup.points_of(event.name)
            if isinstance(later.occurrence, date) and later.side == "end" and later.occurrence > end
        ),
        None,
    )
    for_good = lookup.point(event.key("end"))
    earliest = for_good.earliest if for_good is not None else None
    goes_on = earliest is not None and local_day(earliest) > end
    renews = next_end is not None and (goes_on or event.renews.condition is None)
    return TermEnd(point, next_end, renews, condition, event.renews.only_if is not None)


def terms_decided_by(point: Point, lookup: TimelineLookup) -> Iterator[TermEnd]:
    """The ends of terms that renew, or do not, by what that point is: a notice, a renewal."""
    if not isinstance(point.occurrence, date):
        return
    for event in lookup.events_naming(point.event.name):
        if event.renews is None or (ref := event.renews.condition) is None:
            continue
        if key_of(ref, event.agreement).event_key != point.event.event_key:
            continue
        end = lookup.point(event.key("end").at(point.occurrence))
        if end is not None and (decided := term_end(end, lookup)) is not None:
            yield decided
