"""Which days a picture shows, and which tracks lie within them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from tracker.feeds.picture.scale import Scale, range_of
from tracker.feeds.picture.track_texts import TrackTexts
from tracker.feeds.picture.tracks import Grouping, Track, TrackGroup, tracks_of
from tracker.i18n.translate import Language, translate
from tracker.timeline.points import Timeline


class PictureOptions(NamedTuple):
    """What a picture is to show."""

    by: Grouping | None = None  #: how tracks are put together
    first: date | None = None  #: None: from the first day that there is
    last: date | None = None


class Extent(NamedTuple):
    """What is shown: from one day to another, and the tracks that have something there."""

    groups: tuple[TrackGroup, ...]
    first: date
    last: date
    today: date
    outside: int  #: so many events lie outside the days
    never: int  #: so many can no longer come
    texts: TrackTexts

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The tracks of every group."""
        return tuple(track for group in self.groups for track in group.tracks)

    def part(self, first: int, last: int) -> Extent:
        """The tracks from one number to before another, counted from 0 over all groups."""
        return self._replace(groups=tuple(_part(self.groups, first, last)))

    def omission_lines(self, language: Language) -> list[str]:
        """How many events are not shown, and why."""
        lines = []
        if self.outside:
            lines.append(translate(language, "picture.outside", count=self.outside))
        if self.never:
            lines.append(translate(language, "picture.never", count=self.never))
        return lines


def extent_of(timeline: Timeline, language: Language, options: PictureOptions) -> Extent:
    """What a picture of that timeline shows."""
    groups, never = tracks_of(timeline, language, options.by)
    days = (day for group in groups for track in group.tracks for day in track.days())
    first, last = range_of(days, timeline.as_of, options.first, options.last)
    scale = Scale(first, last, 1)
    shown = [
        group._replace(tracks=tuple(track for track in group.tracks if _is_shown(track, scale)))
        for group in groups
    ]
    outside = sum(len(group.tracks) for group in groups) - sum(len(group.tracks) for group in shown)
    texts = TrackTexts(timeline, language)
    filled = tuple(group for group in shown if group.tracks)
    return Extent(filled, first, last, timeline.as_of, outside, never, texts)


def _is_shown(track: Track, scale: Scale) -> bool:
    if track.waits:
        return True
    marks = any(scale.shows(mark.day, mark.day) for mark in track.marks)
    return marks or any(scale.shows(span.first, span.last) for span in track.spans)


def _part(groups: tuple[TrackGroup, ...], first: int, last: int) -> Iterator[TrackGroup]:
    before = 0
    for group in groups:
        tracks = group.tracks[max(first - before, 0) : max(last - before, 0)]
        before += len(group.tracks)
        if tracks:
            yield group._replace(tracks=tracks)
