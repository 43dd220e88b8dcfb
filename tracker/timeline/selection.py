"""Which points somebody wants: by party, tag and id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tracker.timeline.events import Event
from tracker.timeline.points import Timeline


class Labels(NamedTuple):
    """What an event is chosen by."""

    event: str  #: agreement/event
    parties: tuple[str, ...]
    tags: tuple[str, ...]


class Where(NamedTuple):
    """A choice of events: any value within a key, all keys; an empty key asks for nothing.

    >>> Where(tags=("ip", "api")).admits(Labels("a/x", ("OpenAI",), ("api",)))
    True
    >>> Where(parties=("Microsoft",), tags=("api",)).admits(Labels("a/x", ("OpenAI",), ("api",)))
    False
    """

    parties: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()  #: `event` or `agreement/event`

    def admits(self, labels: Labels) -> bool:
        """Whether an event with these labels is wanted."""
        if self.ids and not {labels.event, labels.event.partition("/")[2]} & set(self.ids):
            return False
        if self.tags and not set(self.tags) & set(labels.tags):
            return False
        return not self.parties or bool(set(self.parties) & set(labels.parties))


def labels_of(event: Event) -> Labels:
    """What that event is chosen by."""
    return Labels(event.name, event.parties, event.tags)


def admitted(wheres: Iterable[Where], labels: Labels) -> bool:
    """Whether each of the choices admits an event with these labels."""
    return all(where.admits(labels) for where in wheres)


def narrowed(timeline: Timeline, wheres: Sequence[Where]) -> Timeline:
    """The timeline of what those choices admit, to be shown: what was computed stays as it is."""
    wheres = [where for where in wheres if where != Where()]
    if not wheres:
        return timeline
    events = tuple(one for one in timeline.events if admitted(wheres, labels_of(one)))
    names = {event.name for event in events}
    agreements = {event.agreement for event in events}
    return timeline._replace(
        agreements=tuple(one for one in timeline.agreements if one.id in agreements),
        events=events,
        points=tuple(point for point in timeline.points if point.event.name in names),
    )
