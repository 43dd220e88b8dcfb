"""The picture in characters, for a terminal or a mail: a line for each event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tracker.feeds.picture.extent import Extent
from tracker.feeds.picture.scale import Scale, ticks_of
from tracker.feeds.picture.tracks import Span, Track
from tracker.i18n.columns import cut, pad, width_of, wrap
from tracker.i18n.directions import isolate
from tracker.i18n.translate import Language, translate

#: What a mark is drawn with.
MARKS = {
    "occurred": "●", "exact": "◆", "may-move": "◇", "passed": "✗", "past": "◈", "term": "┼",
    "option": "◁", "lapsed": "⊘",
}  # fmt: skip
WAITS, TODAY, BAND, FADING, WINDOW, REACH, OPEN = "○", "│", "━", "┅", "▒", "·", "→"
_NARROWEST = 12


def picture_text(
    extent: Extent, language: Language, columns: int, spelled: Callable[[str], str] = str
) -> list[str]:
    """The lines of the picture, no wider than that many columns.

    `spelled` is how a text comes out where the picture is shown: a mark stands below the day that
    it is at, whatever has to stand for a title's letters.
    """
    titles = {track.event.name: spelled(extent.texts.title(track)) for track in extent.tracks}
    widest = max(map(width_of, titles.values()), default=0)
    names = min(widest, max(16, columns * 2 // 5))
    drawing = _Drawing(extent, max(columns - names - 5, _NARROWEST), language, spelled)
    lines = [f"{'':{names}}  {drawing.axis()}".rstrip()]
    for group in extent.groups:
        if group.heading is not None:
            lines += ["", *wrap(isolate(group.heading), columns)]
        for track in group.tracks:
            title = pad(isolate(_fitting(titles[track.event.name], names, spelled)), names)
            lines.append(f"{title}  {drawing.line(track)}".rstrip())
    return [*lines, "", *wrap(drawing.legend(), columns), *extent.omission_lines(language)]


def _fitting(text: str, room: int, spelled: Callable[[str], str]) -> str:
    """A text that is spelled out, cut where it has no room; the sign of that may take more too."""
    if width_of(text) <= room:
        return text
    return spelled(cut(text, room + 1 - width_of(spelled("…"))))


class _Drawing:
    """Draws lines on a scale; its last column is the open end."""

    def __init__(
        self, extent: Extent, columns: int, language: Language, spelled: Callable[[str], str]
    ) -> None:
        self._scale = Scale(extent.first, extent.last, columns)
        self._language = language
        self._spelled = spelled
        self._columns = columns
        self._texts = extent.texts
        is_shown = extent.first <= extent.today <= extent.last
        self._today = self._at(extent.today) if is_shown else None
        kinds = {mark.kind for track in extent.tracks for mark in track.marks}
        self._has_options = not kinds.isdisjoint(("option", "lapsed"))

    def axis(self) -> str:
        """The days that are named, each at its place."""
        letters = ""
        for tick in ticks_of(self._scale, 8, self._language):
            at = int(tick.at)
            if at >= width_of(letters) + (1 if letters else 0) and at + 4 < self._columns:
                letters = pad(letters, at) + self._spelled(tick.label)
        return letters

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
        words = _fitting(self._spelled(self._texts.when(track)), max(room, 8), self._spelled)
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
        edges = {"waits": WAITS, "open": OPEN, "today": TODAY}
        legend = translate(self._language, "picture.legend", **marks, **spans, **edges)
        if not self._has_options:
            return legend
        return f"{legend}  {translate(self._language, 'picture.legend.option', **marks)}"

    def _at(self, day: date) -> int:
        return min(int(self._scale.at(day)), self._columns - 1)
