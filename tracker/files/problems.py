"""A diagnostic with its place in a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from tracker.dates.diagnostics import Diagnostic

#: Where in a TOML document, as one would index the parsed result: ("event", 3, "when").
KeyPath: TypeAlias = tuple[str | int, ...]

#: What of a diagnostic's place is meant: the key, the value, a part of its string, or an offset.
ProblemPart: TypeAlias = Literal["key", "value", "inside", "offset"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One diagnostic of one file. Its line and column are looked up only where it is shown."""

    file: str
    diagnostic: Diagnostic
    path: KeyPath = ()
    part: ProblemPart = "value"


class FileErrors(Exception):
    """The files cannot be used; `problems` says why, all of it at once."""

    def __init__(self, problems: tuple[Problem, ...], texts: dict[str, str]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems
        self.texts = texts  #: by file, as far as they could be read


def suggested_key(problem: Problem) -> str | None:
    """The key before the value that a suggestion replaces; None where it stands for itself."""
    last = problem.path[-1] if problem.path else None
    if problem.part not in ("inside", "value") or not isinstance(last, str):
        return None
    return last if problem.diagnostic.case not in _SUGGESTS_NO_VALUE else None


#: Diagnostics whose suggestion is a key, or a whole line of the file, and no value.
_SUGGESTS_NO_VALUE = frozenset(
    (
        "unknown-key", "worked-out-key", "missing-key",
        "occurred-of-term", "no-agreement", "empty-file", "line-type",
        "record-of-one", "record-of-each", "which-agreement", "unknown-agreement",
        "states-and-amends",
    )
)  # fmt: skip
