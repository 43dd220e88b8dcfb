"""To what a line comes: behind its value, and with its reason where one looks at it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
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


class LineAnswers(NamedTuple):
    """Where the lines of dates of a text end and begin, in their order, and what each comes to.

    Columns, not rows: a client's keystroke waits while thousands of rows are unpacked, and while
    Python looks through them for garbage.
    """

    ends: tuple[int, ...]
    starts: tuple[int, ...]
    answers: tuple[str, ...]


def line_answers(reading: FolderReading, name: str, language: Language) -> LineAnswers:
    """What the lines of a text come to."""
    rows = reading.ends_of_lines.get(name, ())
    return LineAnswers(
        tuple(end for end, _, _ in rows),
        tuple(start for _, start, _ in rows),
        tuple(
            without_controls(answer_bounds_text(point, language))[:_LONGEST] for _, _, point in rows
        ),
    )


def hints(lines: LineAnswers, shift: Shift, span: Span) -> list[Hint]:
    """The hints in a span of the text as it is now; none behind a line that was edited since."""
    first = bisect_left(lines.ends, min(span[0], span[0] - shift.growth))
    last = bisect_right(lines.ends, max(span[1], span[1] - shift.growth))
    return [
        Hint(now, lines.answers[row])
        for row in range(first, last)
        if shift.keeps(lines.starts[row], lines.ends[row])
        and (now := shift.now(lines.ends[row])) is not None
        and span[0] <= now <= span[1]
    ]


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
