"""To what a line comes: behind its value, and with its reason where one looks at it."""

from __future__ import annotations

from bisect import bisect_left
from operator import itemgetter
from typing import NamedTuple

from tracker.dates.expressions import Span
from tracker.editor.readings import FolderReading, Shift
from tracker.i18n.columns import without_controls
from tracker.i18n.explanation import explanation_lines
from tracker.i18n.points import answer_bounds_text
from tracker.i18n.translate import Language

_LONGEST = 120


class Hint(NamedTuple):
    """What a line comes to, and behind which character that stands."""

    offset: int
    text: str


def hints(
    reading: FolderReading, name: str, shift: Shift, span: Span, language: Language
) -> list[Hint]:
    """The hints in a span of the text as it is now; none behind a line that was edited since."""
    shown: list[Hint] = []
    for stated, begun, point in reading.ends_of_lines.get(name, ()):
        now = shift.now(stated)
        if now is not None and shift.keeps(begun, stated) and span[0] <= now <= span[1]:
            answer = without_controls(answer_bounds_text(point, language))
            shown.append(Hint(now, answer[:_LONGEST]))
    return shown


def hover(reading: FolderReading, name: str, offset: int, language: Language) -> str | None:
    """How the days came about whose line stands there; None where none does."""
    if reading.timeline is None:
        return None
    at = bisect_left(reading.ends_of_lines.get(name, ()), offset, key=itemgetter(0))
    ends = reading.ends_of_lines.get(name, ())[at : at + 3]
    places = [
        place for place in reading.places[name].values() if place.key_start <= offset <= place.end
    ]
    blocks = []
    for end, _, point in ends:
        if any(place.end == end for place in places):
            lines = explanation_lines(point, reading.timeline, language)
            blocks.append("\n".join(map(without_controls, lines)))
    return "\n\n".join(blocks) or None
