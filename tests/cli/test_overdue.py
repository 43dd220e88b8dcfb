"""What fell due while no tracker looked: alerts list and doctor name it before the next start."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.cli.calls import Caller
from tests.service.settings_desk import HEAD, RIGHT, Desk

PLAIN = HEAD[: HEAD.index("[web]")]
SETTINGS = PLAIN + (
    f'[[recipient]]\nname = "legal"\nto = ["{RIGHT}"]\ntimezone = "UTC"\nat = "09:00"\n'
    'digest = "weekly"\n'
)
BEFORE, AFTER = "2030-12-01 08:58", "2030-12-01 09:10"


class OutageDesk(Desk):
    """A desk at which somebody looks while no process does."""

    call: Caller

    def asks(self, at: str, *words: str) -> list[dict[str, Any]]:
        self.now = datetime.fromisoformat(at).replace(tzinfo=UTC)
        self.write(SETTINGS)
        rows: list[dict[str, Any]] = json.loads(self.call(*words, "--json").out)
        return rows

    def overdue(self, at: str) -> list[tuple[str, str]]:
        rows = self.asks(at, "alerts", "list")
        return [(row["kind"], row["due"][:16]) for row in rows if row["status"] == "overdue"]

    def finding(self, at: str) -> tuple[bool, str] | None:
        rows = [row for row in self.asks(at, "doctor") if row["check"] == "overdue"]
        return (rows[0]["ok"], rows[0]["text"]) if rows else None


@pytest.fixture
def desk(call: Caller, monkeypatch: pytest.MonkeyPatch) -> Iterator[OutageDesk]:
    url = f"sqlite:///{call.folder / 'ledger.sqlite3'}"
    with OutageDesk(call.folder, url, monkeypatch) as desk:
        desk.call = call
        desk.run(SETTINGS, "2030-11-20 12:00", BEFORE)
        yield desk


def test_what_fell_due_while_nobody_looked_is_named_until_it_goes_out(desk: OutageDesk) -> None:
    assert desk.overdue(BEFORE) == []
    assert desk.finding(BEFORE) is None

    assert desk.overdue(AFTER) == [("reminder", "2030-12-01T09:00")]
    at_once = desk.finding(AFTER)
    assert at_once is not None
    assert at_once[0] is True
    assert at_once[1].startswith("an alert has been due since 1 December 2030 at 09:00, and nobody")
    later = desk.finding("2030-12-02 10:00")  # with Monday's digest
    assert later is not None
    assert (later[0], later[1][:8]) == (False, "2 alerts")
    assert [kind for kind, _ in desk.overdue("2030-12-02 10:00")] == ["reminder", "digest"]
    assert "OVERDUE  Notice is due" in desk.call("alerts", "list").out

    desk.run(SETTINGS, "2030-12-02 10:01")
    assert desk.overdue("2030-12-02 10:02") == []
    assert desk.finding("2030-12-02 10:02") is None


def test_a_process_that_cannot_write_it_down_is_said_to_run(desk: OutageDesk) -> None:
    process = desk.process(SETTINGS)
    with closing(sqlite3.connect(desk.folder / "ledger.sqlite3")) as keeper:
        keeper.execute("BEGIN EXCLUSIVE")
        assert desk.overdue(AFTER) == [("reminder", "2030-12-01T09:00")]
        keeper.rollback()
    finding = desk.finding(AFTER)
    process.close()

    assert finding is not None
    assert finding[0] is False


def test_what_was_acknowledged_is_not_overdue(desk: OutageDesk) -> None:
    desk.asks(BEFORE, "alerts", "list")
    assert desk.call("alerts", "ack", "notice").code == 0

    assert desk.overdue(AFTER) == []
