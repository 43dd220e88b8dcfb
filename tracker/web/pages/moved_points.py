"""Points that differ between two timelines, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from tracker.agreements.keys import EventKey
from tracker.i18n.changes import change_lines, full_name_on
from tracker.i18n.headings import list_heading
from tracker.i18n.points import day_text, foreign_language, status_text
from tracker.timeline.differences import Changes, Difference
from tracker.timeline.points import Point
from tracker.web.event_links import EventLink
from tracker.web.page import Dated, Frame

#: A difference, and those that are alike.
Group: TypeAlias = tuple[Difference, list[Difference]]


class MovedPoint(NamedTuple):
    """One point that differs."""

    link: EventLink
    name: str
    before: Dated
    after: Dated
    sentences: list[str]


def moved_points(groups: Sequence[Group], changes: Changes, frame: Frame) -> Iterator[MovedPoint]:
    """What differs, in words."""
    language = frame.language
    seen = {event.event_key for event in frame.timeline.events} if frame.within else None
    for difference, alike in groups:
        point = difference.point
        agreement = changes.timeline_of(difference).agreement(point.event.agreement)
        yield MovedPoint(
            EventLink(
                list_heading(point, agreement, language),
                foreign_language(point.event, agreement, language),
                frame.addresses.event(point.event),
            ),
            full_name_on(difference, frame.whole),
            _day_or_status(difference.before, frame),
            _day_or_status(difference.after, frame),
            list(change_lines(_with_visible_causes(difference, seen), alike, changes, language)),
        )


def _with_visible_causes(difference: Difference, seen: Collection[EventKey] | None) -> Difference:
    """The difference, without causes that its reader may not see; what it supposes, it may."""
    if seen is None:
        return difference
    causes = tuple(
        cause
        for cause in difference.causes
        if cause.kind == "supposed"
        or cause.key.event_key in seen
        or cause.key.event_key == difference.key.event_key
    )
    return difference._replace(causes=causes)


def _day_or_status(point: Point | None, frame: Frame) -> Dated:
    if point is None:
        return Dated("", "—")
    if point.counts_to is None:
        return Dated("", status_text(point, frame.language))
    return frame.dated(point.counts_to, day_text(point, frame.language))
