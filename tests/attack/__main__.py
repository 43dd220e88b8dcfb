"""Runs the attack: `make attack`, or `python -m tests.attack`.

    python -m tests.attack --minutes 10 --seed 7     # each kind has its share of the time
    python -m tests.attack --cases 500               # or so many cases of a cheap kind
    python -m tests.attack --kind files --kind calls
    python -m tests.attack --kind files --case .attack/files-1.toml   # a case that was kept

It prints the seed: with the same one, each kind tries the same cases in the same order. It ends with
1 where there was any fault.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.attack.kind import Kind
from tests.attack.kinds import KINDS
from tests.attack.reports import Tally, table
from tests.attack.running import attempts_apart, case_of
from tests.attack.shrinking import smallest_like

#: For the smallest form of a case, of which there may be many.
_SHRINKING_SECONDS = 10.0
_MOST_SHRUNK = 10


def main() -> int:
    """Attacks, and tells what came of it."""
    asked = _arguments()
    kinds = [kind for kind in KINDS if not asked.kind or kind.name in asked.kind]
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    if asked.case is not None:
        return _repeat(kinds, asked.case)
    seed = random.randrange(10**9) if asked.seed is None else asked.seed
    print(f"Seed {seed}; the same inputs once more: make attack SEED={seed}", flush=True)
    tallies = []
    for kind in kinds:
        tally = Tally(kind.name)
        tallies.append(tally)
        _attack(kind, seed, asked, len(kinds), tally)
        print(f"{tally.line()}", flush=True)
    print(f"\n{table(tallies)}")
    for tally in tallies:
        for fault in tally.kept:
            print(f"\n{fault}")
    return 1 if any(tally.faults for tally in tallies) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.attack")
    names = [kind.name for kind in KINDS]
    parser.add_argument("--minutes", type=float, default=5.0, help="for all kinds together")
    parser.add_argument("--cases", type=int, help="of each kind, in place of minutes")
    parser.add_argument("--seed", type=int, help="that of an earlier attack")
    parser.add_argument("--kind", action="append", choices=names, help="may be repeated")
    parser.add_argument("--case", type=Path, help="a file that was kept, with its one kind")
    parser.add_argument("--faults", type=Path, default=Path(".attack"), help="where they are kept")
    asked = parser.parse_args()
    if asked.case is not None and len(asked.kind or ()) != 1:
        parser.error("--case needs its one --kind")
    return asked


def _attack(kind: Kind, seed: int, asked: argparse.Namespace, shares: int, tally: Tally) -> None:
    """Tries the kind's cases until its share of time, or of cases, is used up."""
    end = time.monotonic() + 60 * asked.minutes / shares
    most = None if asked.cases is None else max(round(asked.cases * kind.share), 1)

    def cases(first: int) -> Iterator[tuple[int, bytes]]:
        number = first
        while number < most if most is not None else time.monotonic() < end:
            yield number, case_of(kind, seed, number)
            number += 1

    for outcome in attempts_apart(kind, cases):
        if tally.count(outcome):
            case = case_of(kind, seed, outcome.number)
            if len(tally.causes) <= _MOST_SHRUNK:
                case = smallest_like(kind, case, outcome, _SHRINKING_SECONDS)
            tally.keep(outcome, case, asked.faults, kind.form.ending)


def _repeat(kinds: list[Kind], file: Path) -> int:
    """Tries a case that was kept."""
    case = file.read_bytes()
    (outcome,) = attempts_apart(kinds[0], lambda first: [(0, case)][first:])
    print(f"{outcome.seconds:.1f} s, {outcome.megabytes:.0f} MB\n{outcome.fault or 'no fault'}")
    return 1 if outcome.fault else 0


if __name__ == "__main__":
    sys.exit(main())
