"""What an attack came to: figures for each kind, and its faults, each kept in a file."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.attack.running import Outcome

_LINES_TOLD = 25


class Tally:
    """The figures of a kind."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cases, self.faults = 0, 0
        self.slowest, self.largest = Outcome(0), Outcome(0)
        self.causes: Counter[str] = Counter()
        self.kept: list[str] = []
        self._began = time.monotonic()
        self.took = 0.0

    def count(self, outcome: Outcome) -> bool:
        """Adds a case; gives whether it is the first fault of its cause."""
        self.cases += 1
        self.took = time.monotonic() - self._began
        self.slowest = max(self.slowest, outcome, key=lambda each: each.seconds)
        self.largest = max(self.largest, outcome, key=lambda each: each.megabytes)
        if not outcome.fault:
            return False
        self.faults += 1
        self.causes[outcome.cause] += 1
        return self.causes[outcome.cause] == 1

    def keep(self, outcome: Outcome, case: bytes, folder: Path, ending: str) -> None:
        """Writes a case into a file, and remembers what is to be said of it."""
        folder.mkdir(exist_ok=True)
        file = folder / f"{self.name}-{len(self.causes)}.{ending}"
        file.write_bytes(case)
        told = outcome.fault.strip().splitlines()[-_LINES_TOLD:]
        self.kept.append(
            f"{self.name}: case {outcome.number}, {outcome.cause}\n"
            + "\n".join(f"    {line}" for line in told)
            + f"\n  again: python -m tests.attack --kind {self.name} --case {file}"
        )

    def line(self) -> str:
        """The figures as one line."""
        return (
            f"{self.name:9} {self.cases:7,} cases {self.faults:5,} faults of {len(self.causes)} causes"
            f"  {self.took:5.0f} s  slowest {self.slowest.seconds:.2f} s (case {self.slowest.number},"
            f" {self.slowest.size:,} bytes)  most memory {self.largest.megabytes:.0f} MB"
            f" (case {self.largest.number})"
        )


def table(tallies: Sequence[Tally]) -> str:
    """All figures, a line for each kind, and their sum."""
    lines = [tally.line() for tally in tallies]
    cases, faults = (sum(getattr(tally, name) for tally in tallies) for name in ("cases", "faults"))
    return "\n".join((*lines, f"{'together':9} {cases:7,} cases {faults:5,} faults"))
