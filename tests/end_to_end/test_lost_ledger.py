"""A ledger that is missing: who only reads says so and begins none, and a start owns up to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.processes import tracker
from tests.end_to_end.test_faults import events


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "events.toml"
    file.write_text(events(1), encoding="utf-8")
    return file


def test_a_ledger_that_is_missing_is_told_of_and_begun_by_a_start_alone(
    file: Path, tmp_path: Path
) -> None:
    ledger = tmp_path / "state" / "tracker" / "ledger.sqlite3"

    def ask(*words: str) -> str:
        done = tracker(*words, "-f", str(file), home=tmp_path, at="2030-11-15 12:00:00")
        return done.stdout + done.stderr

    missing = f"there is no ledger at sqlite:///{ledger}"
    for words in (["alerts", "list"], ["alerts", "retry"], ["token", "list"], ["doctor"]):
        assert missing in ask(*words)
        assert not ledger.exists()
    first = ask("run", "--until-idle")
    ledger.unlink()
    again = ask("run", "--until-idle")

    assert "ledger" not in first
    assert f"there was a ledger at sqlite:///{ledger} before: a new one is begun" in again
