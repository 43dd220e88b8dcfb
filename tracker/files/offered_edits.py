"""What a problem's suggestions are as edits of the text, so that a program can make them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping

from tracker.files.problems import KeyPath, Problem, suggested_key
from tracker.files.toml_edits import Replacement, quoted_key, toml_text
from tracker.files.toml_positions import TomlPlace


def offered_edits(
    problem: Problem, text: str, places: Mapping[KeyPath, TomlPlace]
) -> Iterator[tuple[str, Replacement]]:
    """Each suggestion that one edit carries out: as it is called, and the edit.

    Where something would have to be put in a place of its own there is none, nor where the text
    would be no TOML after it.
    """
    for title, edit in _edits(problem, places):
        if problem.part != "offset" or _is_toml(edit.apply(text)):
            yield title, edit


def _edits(
    problem: Problem, places: Mapping[KeyPath, TomlPlace]
) -> Iterator[tuple[str, Replacement]]:
    place = places.get(problem.path)
    for suggestion in problem.diagnostic.suggestions:
        write = suggestion.write
        if problem.part == "offset":
            if problem.diagnostic.span != (0, 0):
                yield write, Replacement(*problem.diagnostic.span, write)
        elif place is None:
            continue
        elif problem.part == "key":
            if problem.diagnostic.case == "unknown-key":
                yield write, Replacement(place.key_start, place.key_end, quoted_key(write))
        elif isinstance(problem.path[-1], int):
            yield write, Replacement(place.start, place.end, toml_text(write))
        elif key := suggestion.key or suggested_key(problem):
            line = f"{key} = {toml_text(write)}"
            yield line, Replacement(place.key_start, place.end, line)


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
