"""Which points somebody wants: by party, tag and id, by status and by words."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tracker.agreements.keys import split_name
from tracker.agreements.model import Agreement, Event
from tracker.timeline.points import Point, Status, Timeline


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
    agreements: tuple[str, ...] = ()  #: their ids

    def admits(self, labels: Labels) -> bool:
        """Whether an event with these labels is wanted."""
        if self.agreements and split_name(labels.event)[0] not in self.agreements:
            return False
        if self.ids and not {labels.event, split_name(labels.event)[1]} & set(self.ids):
            return False
        if self.tags and not set(self.tags) & set(labels.tags):
            return False
        return not self.parties or bool(set(self.parties) & set(labels.parties))


def labels_of(event: Event) -> Labels:
    """What that event is chosen by."""
    return Labels(event.name, event.parties, event.tags)


def all_admit(wheres: Iterable[Where], labels: Labels) -> bool:
    """Whether each of the choices admits an event with these labels."""
    return all(where.admits(labels) for where in wheres)


def restrictions_in(timeline: Timeline, wheres: Iterable[Where]) -> tuple[Where, ...]:
    """Those of the choices that leave something out: naming all agreements does not."""
    loaded = {agreement.id for agreement in timeline.agreements}
    needed = (
        where._replace(agreements=()) if loaded.issubset(where.agreements) else where
        for where in wheres
    )
    return tuple(where for where in needed if where != Where())


def agreements_in(timeline: Timeline, wheres: Sequence[Where]) -> tuple[Agreement, ...]:
    """The agreements that those choices are of, whether or not any of their events is chosen."""
    return tuple(
        agreement
        for agreement in timeline.agreements
        if all(not where.agreements or agreement.id in where.agreements for where in wheres)
    )


def narrow(timeline: Timeline, wheres: Sequence[Where]) -> Timeline:
    """The timeline of what those choices admit, to be shown: what was computed stays as it is."""
    wheres = restrictions_in(timeline, wheres)
    if not wheres:
        return timeline
    return _of(timeline, lambda event: all_admit(wheres, labels_of(event)))


def _of(timeline: Timeline, wanted: Callable[[Event], bool]) -> Timeline:
    """The timeline of the events that are wanted."""
    events = tuple(event for event in timeline.events if wanted(event))
    names = {event.name for event in events}
    agreements = {event.agreement for event in events}
    return timeline._replace(
        agreements=tuple(event for event in timeline.agreements if event.id in agreements),
        events=events,
        points=tuple(point for point in timeline.points if point.event.name in names),
    )


class Search(NamedTuple):
    """What somebody looks for: all of it has to hold; what is empty asks for nothing."""

    where: Where = Where()
    statuses: tuple[Status, ...] = ()  #: any of them
    text: str = ""  #: words, each of which is somewhere in what is said of the event

    def finds(self, event: Event) -> bool:
        """Whether the words are in what is said of the event, in any language."""
        there = _plain(" ".join(_searchable_texts(event)))
        return all(word in there for word in _plain(self.text).split())


def search_timeline(timeline: Timeline, search: Search) -> Timeline:
    """The timeline of what was looked for; its agreements stay, whatever was found."""
    if search == Search():
        return timeline

    def has_status(point: Point) -> bool:
        return not search.statuses or point.status in search.statuses

    matching = _of(
        timeline,
        lambda event: (
            search.where.admits(labels_of(event)) and (not search.text or search.finds(event))
        ),
    )
    points = tuple(filter(has_status, matching.points))
    return matching._replace(points=points, agreements=timeline.agreements)


def _searchable_texts(event: Event) -> Iterable[str]:
    yield event.name
    yield from (text for _, text in (*event.title, *(event.note or ())))
    yield from (event.quote or "", *event.parties, *event.tags)


def _plain(text: str) -> str:
    """Letters that are written in several ways are one: full width, capitals (Unicode UAX 15)."""
    return unicodedata.normalize("NFKC", text).casefold()
