"""What is wrong in a text, each with its span, and the edits that would mend it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import NamedTuple

from tracker.dates.diagnostics import Diagnostic
from tracker.editor.readings import FolderReading
from tracker.files.excerpts import suggested_key
from tracker.files.problems import KeyPath, Problem
from tracker.files.toml_edits import Replacement, quoted_key, toml_text
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
        PlacedProblem(
            problem.diagnostic, *_span(problem, text, places), _fixes(problem, text, places)
        )
        for problem in reading.problems
        if problem.file == name
    ]


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
    return tuple(
        fix for fix in _offers(problem, places) if _is_toml(fix.edit.apply(text), problem.part)
    )


def _offers(problem: Problem, places: dict[KeyPath, TomlPlace]) -> Iterator[Fix]:
    """The suggestions as edits; where one would have to be put in a place of its own, none."""
    place = places.get(problem.path)
    for suggestion in problem.diagnostic.suggestions:
        write = suggestion.write
        if problem.part == "offset":
            if problem.diagnostic.span != (0, 0):
                yield Fix(write, Replacement(*problem.diagnostic.span, write))
        elif place is None:
            continue
        elif problem.part == "key":
            if problem.diagnostic.case == "unknown-key":
                yield Fix(write, Replacement(place.key_start, place.key_end, quoted_key(write)))
        elif isinstance(problem.path[-1], int):
            yield Fix(write, Replacement(place.start, place.end, toml_text(write)))
        elif key := suggestion.key or suggested_key(problem):
            line = f"{key} = {toml_text(write)}"
            yield Fix(line, Replacement(place.key_start, place.end, line))


def _is_toml(text: str, part: str) -> bool:
    """Whether the text could be read after an edit that is none of a value."""
    if part != "offset":
        return True
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
