"""The short form of the attack, with one seed; the long one is `make attack`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attack.kind import Kind
from tests.attack.kinds import KINDS
from tests.attack.running import attempts, case_of

SEED = 23
#: Of each kind so many that all together take seconds. 2,000 addresses more take ten of them alone.
CASES = {
    "files": 25, "settings": 40, "calls": 40, "requests": 60, "texts": 12, "records": 4, "edits": 2,
    "answers": 2, "kills": 4,
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_no_user_meets_a_fault(name: str, tmp_path: Path) -> None:
    (kind,) = (kind for kind in KINDS if kind.name == name)
    cases = ((number, case_of(kind, SEED, number)) for number in range(CASES[name]))

    outcomes = list(attempts(kind, cases, tmp_path))

    # What a case takes is measured where nothing else runs.
    faults = [outcome for outcome in outcomes if outcome.cause not in ("", "time", "memory")]
    assert len(outcomes) == CASES[name]
    assert not faults, "\n\n".join(f"case {fault.number}: {fault.fault}" for fault in faults)


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_a_seed_is_the_same_inputs_once_more(kind: Kind) -> None:
    numbers = range(5)

    first, again = ([case_of(kind, SEED, number) for number in numbers] for _ in range(2))

    assert first == again
    assert first != [case_of(kind, SEED + 1, number) for number in numbers]
