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
