"""The picture in characters, for a terminal or a mail: a line for each event."""

from __future__ import annotations

from tracker.feeds.picture.layout import Wanted
from tracker.feeds.picture.scale import Scale, range_of, ticks_of
from tracker.feeds.picture.tracks import Span, Track, all_tracks, tracks_of
from tracker.timeline.points import Timeline
from tracker.wording.columns import cut, filled, width_of, wrapped
from tracker.wording.sentences import Language, say

#: What a mark is drawn with.
MARKS = {"occurred": "●", "exact": "◆", "may-move": "◇", "passed": "✗", "term": "┼"}
WAITS, TODAY, BAND, FADING, WINDOW, REACH, OPEN = "○", "│", "━", "┅", "▒", "·", "→"
_NARROWEST = 24


def picture_text(timeline: Timeline, language: Language, wanted: Wanted, columns: int) -> list[str]:
    """The lines of the picture, no wider than that many columns."""
    found = tracks_of(timeline, language, wanted.by)
    tracks = list(all_tracks(found.groups))
    first, last = range_of(
        (day for one in tracks for day in one.days()), timeline.as_of, wanted.first, wanted.last
    )
    names = min(max((width_of(one.title) for one in tracks), default=0), max(16, columns * 2 // 5))
    drawing = _Drawing(Scale(first, last, max(columns - names - 5, _NARROWEST)), timeline, language)
    lines = [f"{'':{names}}  {drawing.axis()}".rstrip()]
    outside = 0
    for group in found.groups:
        shown = [one for one in group.tracks if drawing.shows(one)]
        outside += len(group.tracks) - len(shown)
        if group.heading is not None and shown:
            lines += ["", group.heading]
        lines += [
            f"{filled(cut(one.title, names), names)}  {drawing.line(one)}".rstrip() for one in shown
        ]
    lines += ["", *wrapped(drawing.legend(), columns)]
    if outside:
        lines.append(say(language, "picture.outside", count=outside))
    if found.never:
        lines.append(say(language, "picture.never", count=found.never))
    return lines


class _Drawing:
    """Draws lines on a scale; its last column is the open end."""

    def __init__(self, scale: Scale, timeline: Timeline, language: Language) -> None:
        self._scale = scale
        self._language = language
        self._columns = int(scale.length)
        today = timeline.as_of
        self._today = self._at(today) if scale.first <= today <= scale.last else None

    def axis(self) -> str:
        """The days that are named, each at its place."""
        letters = ""
        for tick in ticks_of(self._scale, 8, self._language):
            at = int(tick.at)
            if at >= width_of(letters) + (1 if letters else 0) and at + 4 < self._columns:
                letters = filled(letters, at) + tick.label
        return letters

    def shows(self, track: Track) -> bool:
        """Whether anything of it is on the scale."""
        return (
            track.waits
            or any(self._scale.shows(one.day, one.day) for one in track.marks)
            or any(self._scale.shows(one.first, one.last) for one in track.spans)
        )

    def line(self, track: Track) -> str:
        """The line of a track."""
        letters = [" "] * (self._columns + 3)
        for span in track.spans:
            if self._scale.shows(span.first, span.last):
                self._draw(span, letters)
        if self._today is not None:
            letters[self._today] = TODAY
        for mark in track.marks:
            if self._scale.first <= mark.day <= self._scale.last:
                letters[self._at(mark.day)] = MARKS[mark.kind]
        if not track.waits:
            return "".join(letters)
        room = self._columns - (0 if self._today is None else self._today + 2)
        words = cut(track.when, max(room, 8))
        line = "".join(letters[: self._columns - width_of(words)])
        return f"{line}{words} {WAITS}"

    def _draw(self, span: Span, letters: list[str]) -> None:
        left = 0 if span.first is None else self._at(span.first)
        right = self._columns if span.last is None else self._at(span.last)
        fades = right + 1 if span.fades is None else self._at(span.fades)
        solid = left if span.solid is None else self._at(span.solid)
        sign = {"window": WINDOW, "reach": REACH}.get(span.kind, BAND)
        for at in range(left, right + 1):
            fading = span.kind == "band" and (at < solid or at > fades)
            letters[at] = FADING if fading else sign
        if span.last is None:
            letters[self._columns + 1] = OPEN

    def legend(self) -> str:
        """What the signs mean."""
        marks = {name.replace("-", "_"): sign for name, sign in MARKS.items()}
        spans = {"band": BAND, "fading": FADING, "window": WINDOW, "reach": REACH}
        others = {"waits": WAITS, "open": OPEN, "today": TODAY}
        return say(self._language, "picture.legend", **marks, **spans, **others)

    def _at(self, day: object) -> int:
        return min(int(self._scale.at(day)), self._columns - 1)  # type: ignore[arg-type]
