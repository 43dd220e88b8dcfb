"""The copies of sources that an events file names: regular files beside it, and not too large."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

from tracker.dates.faults import Fault
from tracker.files.problems import Problem

MOST_BYTES = 10 * 1024 * 1024


def missing_sources(files: Sequence[Path], contents: Sequence[bytes]) -> list[Problem]:
    """What is wrong with the `text` of any source in those files, which are sound themselves."""
    problems = []
    for file, content in zip(files, contents, strict=True):
        data = tomllib.loads(content.decode("utf-8-sig"))
        for name, source in data.get("sources", {}).items():
            text = source.get("text")
            if text is not None and not _is_there(file, text):
                path = ("sources", name, "text")
                problems.append(Problem(str(file), Fault("no-such-file"), path))
    return problems


def _is_there(file: Path, text: str) -> bool:
    """Whether the name leads, after symlinks, to a regular file in the events file's folder."""
    folder = file.resolve().parent
    target = (folder / text).resolve()
    inside = target.is_relative_to(folder) and target.is_file()
    return inside and target.stat().st_size <= MOST_BYTES
