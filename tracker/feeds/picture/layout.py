"""Tracks in lanes: where each label, mark and span stands, so that no two labels touch.

Tracks go into lanes by where they begin, each into the lane that has been free for longest; a lane
holds what leaves room between its labels, marks and bars. So many lanes make a panel, which has an
axis of its own: a long picture is read, and printed, a panel at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from heapq import heappop, heappush
from typing import NamedTuple

from tracker.feeds.picture.extent import Extent
from tracker.feeds.picture.scale import Scale, Tick, ticks_of
from tracker.feeds.picture.tracks import Span, Track, TrackGroup
from tracker.i18n.columns import width_of
from tracker.i18n.translate import Language

#: Heights, in pixels.
AXIS, LANE, LABEL, BAR, BAR_AT = 36, 36, 14, 8, 23
FONT, SMALL_FONT = 13, 12
#: Lanes on one axis: a panel is no higher than a printed page.
MOST_LANES = 22
_GAP = 14
#: From here on a picture is so narrow that less stands beside a label.
NARROW = 500
WIDE_WIDTH, NARROW_WIDTH = 880, 330


class Bar(NamedTuple):
    """A span from left to right; it fades in up to `solid`, and out from `fades`."""

    kind: str
    left: float
    right: float
    solid: float
    fades: float
    open: bool  #: it goes on past the right edge


class Dot(NamedTuple):
    """A mark."""

    kind: str
    at: float


class PlacedTrack(NamedTuple):
    """A track in its place; everything is measured from the panel's left edge and lane's top."""

    track: Track
    lane: int
    title: str  #: cut to what there is room for
    when: str
    label_at: float  #: the label's left edge
    label_width: float
    left: float  #: of all that belongs to it
    right: float
    bars: tuple[Bar, ...]
    dots: tuple[Dot, ...]
    anchor: float  #: where its lines to other events begin


class Panel(NamedTuple):
    """Some lanes on an axis."""

    heading: str | None
    again: bool  #: whether its group began in the panel before
    tracks: tuple[PlacedTrack, ...]
    lanes: int

    @property
    def height(self) -> int:
        return AXIS + self.lanes * LANE


class Picture(NamedTuple):
    """The whole."""

    width: int
    axis: float  #: how far the axis goes; what is right of it is the open end
    today: float | None  #: None: it is not in the picture
    ticks: tuple[Tick, ...]
    panels: tuple[Panel, ...]


def picture_of(extent: Extent, language: Language, width: int) -> Picture:
    """The picture at that width."""
    open_width = 56 if width > NARROW else 26
    scale = Scale(extent.first, extent.last, width - open_width)
    placer = _Placer(scale, width)
    panels = [panel for group in extent.groups for panel in placer.panels(group)]
    is_shown = extent.first <= extent.today <= extent.last
    ticks = ticks_of(scale, 64 if width > NARROW else 44, language)
    today = scale.at(extent.today) if is_shown else None
    return Picture(width, scale.length, today, tuple(ticks), tuple(panels))


class _Placer:
    """Gives tracks their places on a scale."""

    def __init__(self, scale: Scale, width: int) -> None:
        self._scale = scale
        self._width = width

    def panels(self, group: TrackGroup) -> list[Panel]:
        """A group's tracks in lanes, and the lanes on axes."""
        tracks = self._assign_lanes([self._place(track) for track in group.tracks])
        panels: list[Panel] = []
        for first in range(0, max((placed.lane + 1 for placed in tracks), default=0), MOST_LANES):
            within = tuple(
                placed._replace(lane=placed.lane - first)
                for placed in tracks
                if first <= placed.lane < first + MOST_LANES
            )
            lanes = max(placed.lane for placed in within) + 1
            panels.append(Panel(group.heading, first > 0, within, lanes))
        return panels

    def _assign_lanes(self, tracks: Iterable[PlacedTrack]) -> list[PlacedTrack]:
        """Each track in the lane that has been free for longest, where it is free by now."""
        free: list[tuple[float, int]] = []
        in_lanes: list[PlacedTrack] = []
        lanes = 0
        for placed in tracks:
            if free and free[0][0] + _GAP <= placed.left and not placed.track.waits:
                _, lane = heappop(free)
            else:
                lane, lanes = lanes, lanes + 1
            in_lanes.append(placed._replace(lane=lane))
            heappush(free, (placed.right, lane))
        return in_lanes

    def _place(self, track: Track) -> PlacedTrack:
        """The track with all that belongs to it, not yet in a lane."""
        bars = tuple(self._bar(span) for span in track.spans if self._shows(span))
        dots = tuple(
            Dot(mark.kind, self._scale.at(mark.day))
            for mark in track.marks
            if self._scale.first <= mark.day <= self._scale.last
        )
        if track.waits:
            dots = (Dot("waits", self._width - 8.0),)
        title, when, width = self._label(track)
        edges = [(dot.at - 6, dot.at + 6) for dot in dots] + [(bar.left, bar.right) for bar in bars]
        begin, end = min(left for left, _ in edges), max(right for _, right in edges)
        at = max(0.0, min(begin, self._width - width))
        anchor = dots[-1].at if dots else _anchor(bars[0])
        return PlacedTrack(
            track,
            0,
            title,
            when,
            at,
            width,
            min(begin, at),
            max(end, at + width),
            bars,
            dots,
            anchor,
        )

    def _shows(self, span: Span) -> bool:
        return self._scale.shows(span.first, span.last)

    def _bar(self, span: Span) -> Bar:
        at, width = self._scale.at, float(self._width)
        left = 0.0 if span.first is None else at(span.first)
        right = width if span.last is None else at(_after(span.last))
        solid = left if span.solid is None else at(span.solid)
        if span.first is None:
            solid = min(24.0, right)
        fades = right if span.fades is None else min(max(at(span.fades), solid), right)
        if right - left < 3:
            right = left + 3
        return Bar(span.kind, left, right, solid, max(fades, left), span.last is None)

    def _label(self, track: Track) -> tuple[str, str, float]:
        """Title and day in the room that there is, and how wide both are; the title gives way."""
        when = _cut(track.when, self._width * (0.45 if self._width > NARROW else 0.5), SMALL_FONT)
        beside = _width(when, SMALL_FONT) + 10 if when else 0.0
        title = _cut(track.title, self._width - beside, FONT)
        return title, when, _width(title, FONT) + beside


def _anchor(bar: Bar) -> float:
    """Its end, where that is in the picture or hangs on something; else its beginning."""
    if not bar.open:
        return bar.right
    return bar.right - 8 if bar.fades < bar.right else bar.left


def _after(day: date) -> date:
    return min(day, date.max - timedelta(days=1)) + timedelta(days=1)


# -- how wide a text is. No font is known here: wide enough for the usual ones of every system.

_NARROW_LETTERS = frozenset("ijl.,:;'|!()[]ftrI -’‘")
_BROAD_LETTERS = frozenset("mwMW@%—…")


def _width(text: str, size: int) -> float:
    return sum(map(_ems, text)) * size


@cache
def _ems(letter: str) -> float:
    if not letter.isascii() and width_of(letter) > 1:
        return 1.03
    if letter in _NARROW_LETTERS:
        return 0.42
    if letter in _BROAD_LETTERS:
        return 1.02
    return 0.74 if letter.isupper() else 0.645


def _cut(text: str, room: float, size: int) -> str:
    """The text with an ellipsis where it does not fit."""
    if _width(text, size) <= room:
        return text
    room -= _width("…", size)
    beginning = ""
    width = 0.0
    for letter in text:
        width += _ems(letter) * size
        if width > room:
            break
        beginning += letter
    return beginning.rstrip() + "…"
