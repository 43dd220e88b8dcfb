"""Tracks in rows: where each label, mark and span stands, and the lines to what is awaited.

A row has its label in a column at its left, or above its bar where there is little room, its days
on the axis, and right of that the lanes of what may happen or not: a line down from each such event
with a branch to every row that it would set or move. So many rows make a panel, which has an axis
of its own: a long picture is read, and printed, a panel at a time. What is in force with no end
stated needs no axis: it stands below, in a block of lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from tracker.feeds.picture.extent import Extent
from tracker.feeds.picture.joins import Lanes, lanes_of
from tracker.feeds.picture.scale import Scale, Tick, ticks_of
from tracker.feeds.picture.text_widths import cut_to, text_width
from tracker.feeds.picture.track_texts import TrackTexts
from tracker.feeds.picture.tracks import Span, Track, TrackGroup
from tracker.i18n.translate import Language, translate

#: Sizes, in pixels: of the axis, of a bar, of letters.
AXIS, BAR, FONT = 34, 10, 15
#: How high a heading within a panel and a line of its block are.
HEADING, LINE = 30, 24
_GAP = 14
#: A picture narrower than this has its labels above its bars.
NARROW = 700
WIDE_WIDTH, NARROW_WIDTH = 1120, 360


class PictureForm(NamedTuple):
    """What a picture's width decides."""

    row: int  #: how high a row is
    bar_at: int  #: how far below the top of its row a bar's middle is
    label_at: int  #: … and the foot of its label
    labels: int  #: how wide the column of labels is; 0: they stand above
    lane: int  #: how far lanes are apart
    most_lanes: int
    most_rows: int  #: on one axis: a panel is no higher than a printed page
    columns: int  #: of the block below
    ticks: int  #: how far named days are apart at least


WIDE = PictureForm(28, 14, 19, 480, 14, 8, 30, 2, 64)
SLIM = PictureForm(44, 32, 17, 0, 11, 3, 22, 1, 48)


class Bar(NamedTuple):
    """A span from left to right; it is pale up to `solid`, and from `fades` on."""

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
    """A track in its row."""

    track: Track
    top: int  #: of its row, below the panel's
    title: str  #: cut to what there is room for
    foreign_language: str | None  #: of the title, where it is another than the picture's
    about: str  #: the whole answer
    short: str  #: when it is; never cut
    short_at: float  #: where its day stands: the right edge of it, above an axis the left one
    bars: tuple[Bar, ...]
    dots: tuple[Dot, ...]
    anchor: float  #: where its lines to other events begin
    letters: str  #: of what it waits for, where that has no lane


class BlockLine(NamedTuple):
    """A track of the block below the axis."""

    track: Track
    title: str
    foreign_language: str | None
    about: str
    left: float
    top: int


class Join(NamedTuple):
    """In a panel, the line of what is awaited, and its branches: from where, at which height."""

    at: float
    top: float
    bottom: float
    branches: tuple[tuple[float, float], ...]


class Panel(NamedTuple):
    """Some rows on an axis, and what stands below."""

    heading: str | None
    again: bool  #: whether its group began in the panel before
    tracks: tuple[PlacedTrack, ...]
    unsettled: int | None  #: where the heading of what waits stands; None: it does not
    joins: tuple[Join, ...]
    bottom: int  #: of the axis
    block: tuple[BlockLine, ...]
    block_at: int  #: where its heading stands
    height: int


class Picture(NamedTuple):
    """The whole."""

    width: int
    form: PictureForm
    left: float  #: where the axis begins
    right: float  #: where it ends; what is right of it is the open end
    today: float | None  #: None: it is not in the picture
    ticks: tuple[Tick, ...]
    panels: tuple[Panel, ...]


def picture_of(
    extent: Extent, language: Language, width: int, most_rows: int | None = None
) -> Picture:
    """The picture at that width, with so many rows on an axis at most."""
    form = WIDE if width >= NARROW else SLIM
    form = form if most_rows is None else form._replace(most_rows=most_rows)
    labels = min(form.labels, int(width * 0.43))
    lanes = [lanes_of(group.tracks, form.most_lanes) for group in extent.groups]
    beside = _GAP + form.lane * (1 + max((each.abreast for each in lanes), default=0))
    left = float(labels + _GAP if labels else 0)
    scale = Scale(extent.first, extent.last, max(width - beside - left, 40.0))
    placer = _Placer(scale, form, left, width, extent.texts)
    panels = [
        panel
        for group, of_group in zip(extent.groups, lanes, strict=True)
        for panel in placer.panels(group, of_group)
    ]
    is_shown = extent.first <= extent.today <= extent.last
    today = left + scale.at(extent.today) if is_shown else None
    ticks = tuple(
        tick._replace(at=left + tick.at) for tick in ticks_of(scale, form.ticks, language)
    )
    return Picture(width, form, left, left + scale.length, today, ticks, tuple(panels))


class _Placer:
    """Gives tracks their places on a scale."""

    def __init__(
        self, scale: Scale, form: PictureForm, left: float, width: int, texts: TrackTexts
    ) -> None:
        self._scale = scale
        self._form = form
        self._left = left
        self._right = left + scale.length
        self._width = width
        self._texts = texts

    def panels(self, group: TrackGroup, lanes: Lanes) -> list[Panel]:
        """A group's tracks in rows, on as many axes as they need."""
        rows = [track for track in group.tracks if not track.stays]
        block = [track for track in group.tracks if track.stays]
        most = self._form.most_rows
        parts: list[tuple[list[Track], list[Track]]] = [
            (rows[first : first + most], []) for first in range(0, len(rows), most)
        ]
        while block:
            used = len(parts[-1][0]) if parts and not parts[-1][1] else most
            room = self._lines_beside(used)
            if room < min(len(block), self._form.columns):
                used, room = 0, self._lines_beside(0)
                parts.append(([], block[:room]))
            else:
                parts[-1] = parts[-1][0], block[:room]
            block = block[room:]
        waiting = next((row for row in rows if row.waits), None)
        panels = []
        for number, (of_axis, of_block) in enumerate(parts):
            panel = self._panel(of_axis, waiting, lanes, of_block)
            panels.append(panel._replace(heading=group.heading, again=number > 0))
        return panels

    def _lines_beside(self, rows: int) -> int:
        """So many lines of a block find room in a panel with so many rows."""
        form = self._form
        return max(0, (form.most_rows - rows) * form.row - HEADING) // LINE * form.columns

    def _panel(
        self,
        rows: Sequence[Track],
        waiting: Track | None,
        lanes: Lanes,
        block: Sequence[Track],
    ) -> Panel:
        top, unsettled = AXIS, None
        placed: list[PlacedTrack] = []
        for track in rows:
            if track is waiting and placed:
                unsettled, top = top, top + HEADING
            placed.append(self._place(track, top, lanes))
            top += self._form.row
        bottom = top
        joins = tuple(self._joins(placed, lanes, bottom))
        lines, height = self._block(block, bottom)
        return Panel(None, False, tuple(placed), unsettled, joins, bottom, lines, bottom, height)

    def _joins(self, placed: Sequence[PlacedTrack], lanes: Lanes, bottom: int) -> list[Join]:
        """The lines of this panel; one goes on past its edge to what is on the next one."""
        joins = []
        heights = {row.track.event.name: row.top + self._form.bar_at for row in placed}
        for lane in lanes.lanes:
            here = [heights[name] for name in lane.names if name in heights]
            order = [lanes.order[name] for name in lane.names]
            shown = [lanes.order[row.track.event.name] for row in placed]
            if not shown or max(order) < min(shown) or min(order) > max(shown):
                continue
            branches = tuple(
                (self._branch_from(row, lane.number, lanes), self._branch_height(row, lane.name))
                for row in placed
                if lane.name in row.track.awaits and row.track.event.name != lane.name
            )
            first = AXIS if min(order) < min(shown) else min(here)
            last = bottom if max(order) > max(shown) else max(here)
            joins.append(Join(self._lane_at(lane.number), first, last, branches))
        return joins

    def _branch_from(self, row: PlacedTrack, lane: int, lanes: Lanes) -> float:
        """Where a row's branch to a lane begins: at its last mark, else at the open end."""
        if row.track.waits:
            own = lanes.numbers.get(row.track.event.name)
            return self._open_at(own) + (6 if own is None or own < lane else -6)
        ends = [dot.at + 6 for dot in row.dots if dot.kind not in ("term", "occurred")]
        if any(bar.open for bar in row.bars) or not ends:
            return max((bar.right for bar in row.bars), default=self._right)
        return ends[-1]

    def _branch_height(self, row: PlacedTrack, name: str) -> float:
        """Its height: several of one row lie beside each other, and none on another."""
        awaits = row.track.awaits
        return row.top + self._form.bar_at + (awaits.index(name) - (len(awaits) - 1) / 2) * 4

    def _lane_at(self, number: int) -> float:
        return self._right + _GAP / 2 + self._form.lane * (number + 1)

    def _open_at(self, lane: int | None) -> float:
        """Where what has no day stands: in its lane, else beside the axis."""
        return self._right + _GAP / 2 if lane is None else self._lane_at(lane)

    def _place(self, track: Track, top: int, lanes: Lanes) -> PlacedTrack:
        """The track in the row with that top."""
        bars = tuple(self._bar(span) for span in track.spans if self._shows(span))
        dots = tuple(
            Dot(mark.kind, self._at(mark.day))
            for mark in track.marks
            if self._scale.first <= mark.day <= self._scale.last
        )
        if track.waits:
            dots = (Dot("waits", self._open_at(lanes.numbers.get(track.event.name))),)
        anchor = dots[-1].at if dots else bars[0].right if bars else self._right
        room = self._left - _GAP if self._form.labels else float(self._width)
        short = self._texts.short(track)
        beside = text_width(short, FONT)
        title = cut_to(self._texts.title(track), room - beside - 12, FONT)
        short_at = room if self._form.labels else text_width(title, FONT) + 10
        return PlacedTrack(
            track,
            top,
            title,
            self._texts.foreign_language(track),
            self._texts.about(track),
            short,
            short_at,
            bars,
            dots,
            anchor,
            lanes.letters_of(track),
        )

    def _block(self, tracks: Sequence[Track], bottom: int) -> tuple[tuple[BlockLine, ...], int]:
        """What stays, in lines below its heading; and where all of it ends."""
        if not tracks:
            return (), bottom + 4
        columns = self._form.columns
        room = self._width / columns
        lines = tuple(
            BlockLine(
                track,
                cut_to(self._texts.title(track), room - _GAP, FONT),
                self._texts.foreign_language(track),
                self._texts.about(track),
                room * (number % columns),
                bottom + HEADING + number // columns * LINE,
            )
            for number, track in enumerate(tracks)
        )
        return lines, lines[-1].top + LINE + 4

    def _shows(self, span: Span) -> bool:
        return self._scale.shows(span.first, span.last)

    def _at(self, day: date) -> float:
        return self._left + self._scale.at(day)

    def _bar(self, span: Span) -> Bar:
        left = self._left if span.first is None else self._at(span.first)
        right = self._right if span.last is None else self._at(_after(span.last))
        solid = left if span.solid is None else self._at(span.solid)
        fades = right if span.fades is None else min(max(self._at(span.fades), solid), right)
        return Bar(
            span.kind, left, max(right, left + 3), solid, max(fades, left), span.last is None
        )


def _after(day: date) -> date:
    return min(day, date.max - timedelta(days=1)) + timedelta(days=1)


def block_heading(language: Language, count: int) -> str:
    """What stands over the block."""
    return f"{translate(language, 'picture.stays')} ({count})"
