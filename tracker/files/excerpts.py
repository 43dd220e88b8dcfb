"""Problems as people read them: each with its line, its column and the way out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from tracker.files.offered_edits import offered_edits
from tracker.files.problems import KeyPath, Problem, suggested_key
from tracker.files.toml_positions import LineIndex, TomlPlace, inside, positions
from tracker.i18n.controls import spell_controls
from tracker.i18n.diagnostics import MarkedLine, report
from tracker.i18n.directions import isolate
from tracker.i18n.translate import Language, translate

#: How many problems are shown with their lines; the rest are only counted.
MOST_SHOWN = 200

_Span: TypeAlias = tuple[int, int]


def reports(
    problems: Sequence[Problem], texts: dict[str, str], language: Language
) -> Iterator[str]:
    """The problems in the order of the files and of their lines, as text."""
    ordered = _in_order(problems, texts)
    for problem, span, places in ordered[:MOST_SHOWN]:
        yield _report(problem, span, places, language)
    if len(ordered) > MOST_SHOWN:
        yield translate(language, "check.more", count=len(ordered) - MOST_SHOWN)


class Region(NamedTuple):
    """A part of a text: lines and columns from 1; `end_column` is behind its last character."""

    line: int
    column: int
    end_line: int
    end_column: int


class OfferedEdit(NamedTuple):
    """A suggestion that a program can carry out: what comes in place of a part of the text."""

    title: str
    region: Region
    new: str


class ProblemPlace(NamedTuple):
    """A problem, the part of the text that it means (None: of no line), and what mends it."""

    problem: Problem
    region: Region | None
    edits: tuple[OfferedEdit, ...]


def problem_places(problems: Sequence[Problem], texts: dict[str, str]) -> Iterator[ProblemPlace]:
    """The problems in the same order, each with its place."""
    for problem, span, places in _in_order(problems, texts):
        if places is None:
            yield ProblemPlace(problem, None, ())
        else:
            yield ProblemPlace(problem, places.region(span), tuple(places.edits(problem)))


def _in_order(
    problems: Sequence[Problem], texts: dict[str, str]
) -> list[tuple[Problem, _Span, _Places | None]]:
    places = {file: _Places(text) for file, text in texts.items()}
    names = dict.fromkeys([*texts, *(problem.file for problem in problems)])
    order = {name: number for number, name in enumerate(names)}
    spans = []
    for problem in problems:
        of_file = places.get(problem.file)
        spans.append((problem, of_file.span(problem) if of_file else (0, 0), of_file))
    return sorted(spans, key=lambda row: (order[row[0].file], row[1]))


class _Places:
    """Where things stand in one text; worked out only where something is to be shown."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = LineIndex(text)
        self._positions: dict[KeyPath, TomlPlace] | None = None

    def span(self, problem: Problem) -> _Span:
        """The part of the text that a problem means."""
        if problem.part == "offset":
            return problem.diagnostic.span
        place = self._place(problem.path)
        if place is None:
            return 0, 0
        if problem.part == "key":
            return place.key_start, place.key_end
        if problem.part == "inside":
            start, end = problem.diagnostic.span
            first = inside(self.text, place, start)
            return first, max(inside(self.text, place, end), first + 1)
        return place.start, place.end

    def region(self, span: _Span) -> Region:
        """A part of the text by its lines and columns."""
        start, end = span
        return Region(*self.lines.line_and_column(start), *self.lines.line_and_column(end))

    def edits(self, problem: Problem) -> Iterator[OfferedEdit]:
        """The suggestions of a problem that one edit carries out."""
        if problem.part != "offset":  # then the text may be no TOML, and has no places
            self._place(())
        for title, edit in offered_edits(problem, self.text, self._positions or {}):
            yield OfferedEdit(title, self.region((edit.start, edit.end)), edit.new)

    def _place(self, path: KeyPath) -> TomlPlace | None:
        """The place of that path, or of the nearest table that holds it."""
        if self._positions is None:
            self._positions = positions(self.text)
        while path and path not in self._positions:
            path = path[:-1]
        return self._positions.get(path)


def _report(problem: Problem, span: _Span, places: _Places | None, language: Language) -> str:
    file = isolate(spell_controls(problem.file))
    if places is None:
        return report(problem.diagnostic, file, None, None, language)
    number, column = places.lines.line_and_column(span[0])
    text = places.lines.line(number)
    width = max(1, min(span[1] - span[0], len(text) - column + 1))
    place = f"{file}:{number}:{column}"
    excerpt = MarkedLine(number, text, column, width)
    return report(problem.diagnostic, place, excerpt, suggested_key(problem), language)
