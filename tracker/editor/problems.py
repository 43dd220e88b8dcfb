"""What is wrong in a text, each with its span, and the edits that would mend it."""

from __future__ import annotations

from typing import NamedTuple

from tracker.dates.diagnostics import Diagnostic
from tracker.editor.readings import FolderReading
from tracker.files.offered_edits import offered_edits
from tracker.files.problems import KeyPath, Problem
from tracker.files.toml_edits import Replacement
from tracker.files.toml_positions import TomlPlace, inside


class Fix(NamedTuple):
    """An edit that mends a problem, and how it is called."""

    title: str
    edit: Replacement


class PlacedProblem(NamedTuple):
    """What is wrong, and where: from a character to another."""

    diagnostic: Diagnostic
    start: int
    end: int
    fixes: tuple[Fix, ...]


def placed_problems(reading: FolderReading, name: str) -> list[PlacedProblem]:
    """All that is wrong in one of the texts."""
    text, places = reading.texts[name], reading.places[name]
    return [
        problem_in_text(problem, text, places)
        for problem in reading.problems
        if problem.file == name
    ]


def problem_in_text(problem: Problem, text: str, places: dict[KeyPath, TomlPlace]) -> PlacedProblem:
    """A problem of a text in which everything has its place."""
    span = _span(problem, text, places)
    return PlacedProblem(problem.diagnostic, *span, _fixes(problem, text, places))


def _span(problem: Problem, text: str, places: dict[KeyPath, TomlPlace]) -> tuple[int, int]:
    if problem.part == "offset":
        start, end = problem.diagnostic.span
        return min(start, len(text)), min(end, len(text))
    path = problem.path
    while path and path not in places:
        path = path[:-1]
    place = places.get(path)
    if place is None:
        return 0, 0
    if problem.part == "key" or path != problem.path:
        return place.key_start, place.key_end
    if problem.part == "inside":
        start, end = problem.diagnostic.span
        first = inside(text, place, start)
        return first, max(inside(text, place, end), first + 1)
    return place.start, place.end


def _fixes(problem: Problem, text: str, places: dict[KeyPath, TomlPlace]) -> tuple[Fix, ...]:
    return tuple(Fix(title, edit) for title, edit in offered_edits(problem, text, places))
