"""The part of an edition that a tag or a party chooses, of all of them in one pass.

Each has feeds of its own on a published site. Looked for one by one, a thousand tags would cost a
thousand passes over all that is published.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias
from xml.etree import ElementTree as ET

from tracker.feeds.atom import labels_of_entry
from tracker.feeds.calendar import Draft, Drafts
from tracker.feeds.edition import Edition
from tracker.feeds.entries import labels_in
from tracker.feeds.history import Entry
from tracker.timeline.filters import Labels, labels_of
from tracker.timeline.points import Point

#: "tag" or "party", and its name.
Label: TypeAlias = tuple[str, str]


class _Labelled(NamedTuple):
    """What has one label."""

    events: list[str]
    entries: list[Entry]
    changes: list[bytes]

    @classmethod
    def empty(cls) -> _Labelled:
        return cls([], [], [])


def editions_by_label(edition: Edition, wanted: Iterable[Label]) -> Mapping[Label, Edition]:
    """Of each label the edition with what has it, in which a feed of that label is the same."""
    published, timeline = edition.published, edition.published.timeline
    events = {event.name: event for event in timeline.events}
    points: dict[str, list[Point]] = {}
    for point in timeline.points:
        points.setdefault(point.event.name, []).append(point)
    drafts: dict[str, list[Draft]] = {}
    for draft in published.drafts.by_key.values():
        drafts.setdefault(draft.point.event.name, []).append(draft)
    parts = _parts_of(edition)
    nothing = _Labelled.empty()
    editions = {}
    for label in wanted:
        part = parts.get(label, nothing)
        narrowed = timeline._replace(
            events=tuple(events[name] for name in part.events),
            points=tuple(point for name in part.events for point in points.get(name, ())),
        )
        kept = (draft for name in part.events for draft in drafts.get(name, ()))
        by_key = {draft.point.key: draft for draft in kept}
        editions[label] = edition._replace(
            published=published._replace(
                timeline=narrowed,
                drafts=Drafts(published.drafts.agreements, by_key),
                entries=tuple(part.entries),
            ),
            reported_changes=tuple(part.changes),
        )
    return editions


def _parts_of(edition: Edition) -> dict[Label, _Labelled]:
    published = edition.published
    labels = {event.name: labels_of(event) for event in published.timeline.events}
    parts: dict[Label, _Labelled] = {}

    def parts_with(labelled: Labels) -> Iterator[_Labelled]:
        for label in dict.fromkeys(_names_in(labelled)):
            yield parts.setdefault(label, _Labelled.empty())

    for name, labelled in labels.items():
        for part in parts_with(labelled):
            part.events.append(name)
    by_uid = {
        draft.entry.uid: draft.point.event.name
        for draft in published.drafts.by_key.values()
        if draft.entry is not None
    }
    for entry in published.entries:
        now = labels.get(by_uid.get(entry.uid, entry.event))
        for part in parts_with(labels_in(entry.content) if now is None else now):
            part.entries.append(entry)
    for change in edition.reported_changes:
        for part in parts_with(labels_of_entry(ET.fromstring(change))):  # noqa: S314 - we wrote it
            part.changes.append(change)
    return parts


def _names_in(labelled: Labels) -> Iterator[Label]:
    yield from (("tag", tag) for tag in labelled.tags)
    yield from (("party", party) for party in labelled.parties)
