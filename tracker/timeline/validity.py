"""How long a timeline holds within its day: until an instant passes that is somebody's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from tracker.dates.instants import Instant
from tracker.timeline.points import Timeline

#: From the first instant to the last: of a timeline in which none passes.
ALWAYS = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def valid_between(timeline: Timeline, now: datetime) -> tuple[datetime, datetime]:
    """From when and until when, around `now`, no instant of its points passes.

    At the first it has passed already; at the last it will have.
    """
    first, last = ALWAYS
    for instant in _instants(timeline):
        if instant <= now:
            first = max(first, instant)
        else:
            last = min(last, instant)
    return first, last


def _instants(timeline: Timeline) -> Iterator[datetime]:
    """When points pass, begin and lapse that do so at an instant."""
    for point in timeline.points:
        stands = point.bounds.stands
        if stands is not None and isinstance(stands.latest, Instant):
            yield stands.latest.utc
        if isinstance(point.last_day, Instant):
            yield point.last_day.utc
