"""Explanations on the screen: each line wrapped below its own indentation."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.cli.output import width
from tracker.i18n.columns import wrap
from tracker.i18n.explanation import explanation_lines
from tracker.i18n.instants import with_own_clock
from tracker.i18n.translate import Language
from tracker.timeline.points import Point, Timeline


def print_explanations(
    points: Sequence[Point], timeline: Timeline, language: Language, zone: str
) -> None:
    """How each point came about; its head by the clock of that zone."""
    columns = width()
    blocks = []
    for point in points:
        lines = explanation_lines(point, timeline, language)
        lines[0] = with_own_clock(lines[0], language, zone)
        blocks.append("\n".join(part for line in lines for part in _wrap_indented(line, columns)))
    print("\n\n".join(blocks))


def _wrap_indented(line: str, columns: int | None) -> list[str]:
    text = line.lstrip(" ")
    margin = " " * (len(line) - len(text))
    room = None if columns is None else columns - len(margin) - 2
    first, *rest = wrap(text, room)
    return [margin + first, *(f"{margin}  {part}" for part in rest)]
