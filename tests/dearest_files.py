"""Which files of tests take most: told at the end of a run, so that what has become dear is seen."""

from __future__ import annotations

import os
from collections import defaultdict

import pytest

SHOWN = 10
#: Of runs that take less processor time nobody asks.
_LEAST = 60.0


class Clock:
    """Processor time of this process, and of those that it began and that have ended."""

    def __init__(self) -> None:
        self._before = sum(os.times()[:4])

    def lap(self) -> float:
        """Seconds since it was asked last."""
        before, self._before = self._before, sum(os.times()[:4])
        return self._before - before


def dearest_files(reports: list[pytest.TestReport]) -> list[str]:
    """Lines that tell of the dearest files, and of all; none where the run was cheap."""
    files: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for report in reports:
        file = report.nodeid.split("::")[0]
        seconds, waited = files[file]
        files[file] = (seconds + getattr(report, "processor", 0.0), waited + report.duration)
    total = sum(seconds for seconds, _ in files.values())
    if total < _LEAST:
        return []
    dearest = sorted(files.items(), key=lambda entry: -entry[1][0])[:SHOWN]
    return [
        *(f"{seconds:7.1f} s of {waited:5.0f} s  {file}" for file, (seconds, waited) in dearest),
        f"{total:7.1f} s  all files together",
    ]
