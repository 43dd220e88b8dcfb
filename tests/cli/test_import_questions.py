"""What a sheet leaves open is asked on a terminal, and a wrong answer is asked again with a word."""

from __future__ import annotations

import pytest

from tests.cli.calls import Caller
from tests.cli.test_init import terminal

SHEET = "Task;Due\nRent;03/04/2027\nReport;05/06/2027\n"


@pytest.mark.parametrize("wrong", ["9", "0", "x", "-1", "1.5", "2027-01-01"])
def test_a_number_that_is_none_of_them_is_asked_for_again(
    call: Caller, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    call.write("plan.csv", SHEET)

    with terminal(monkeypatch, f"{wrong}\n1\ny\n"):
        called = call("import", "plan.csv", "--as-of", "2026-12-01")

    assert called.code == 0, called.err
    assert called.err.count("write one of the numbers 1–") == 1
    assert 'when = "2027-04-03"' in (call.folder / "events.toml").read_text("utf-8")


@pytest.mark.parametrize("typed", ["\n", "\x04", "9\n\x04", "1\nn\n", "1\n\x04"])
def test_whoever_stops_has_nothing_written(
    call: Caller, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    call.write("plan.csv", SHEET)

    with terminal(monkeypatch, typed):
        called = call("import", "plan.csv", "--as-of", "2026-12-01")

    assert called.code == 1
    assert not (call.folder / "events.toml").exists()
