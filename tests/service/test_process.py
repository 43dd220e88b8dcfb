"""Signs of life of the one process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.alerts.servers import HookSink
from tests.end_to_end.processes import until
from tests.reminders.scene import HEAD, NOTICE
from tracker import clock
from tracker.config import Config
from tracker.config.sending import DeliverySettings
from tracker.service.log import Log
from tracker.service.process import Process
from tracker.store.database import Database


@pytest.fixture
def monitor() -> Iterator[HookSink]:
    with HookSink() as monitor:
        yield monitor


@pytest.fixture
def process(tmp_path: Path, monitor: HookSink) -> Iterator[Process]:
    file = tmp_path / "events.toml"
    file.write_text(HEAD + NOTICE, encoding="utf-8")
    sending = DeliverySettings(heartbeat=monitor.url)
    config = Config("", (), None, frozenset(), None, {}, sending)
    database = Database(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    process = Process([file], config, database, Log("en"))
    process.watched.look()
    process.start()
    yield process
    process.close()


def test_health_turns_red_when_the_last_tick_is_late(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert process.trouble() is None
    now = clock.steady()

    monkeypatch.setattr(clock, "steady", lambda: now + 91)

    assert process.trouble() == "health.late"


def test_a_monitor_is_not_pinged_while_something_is_wrong(
    process: Process, monitor: HookSink, tmp_path: Path
) -> None:
    until(lambda: bool(monitor.pings))  # at the start, and then each minute
    (tmp_path / "events.toml").write_text("id = ", encoding="utf-8")
    process.watched.look()

    process.beat()

    assert len(monitor.pings) == 1


def test_a_monitor_that_is_down_is_told_of_once(
    process: Process, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.service.process.ping", lambda _url: "no route to host")

    for _ in range(3):
        process.beat()

    assert capfd.readouterr().err.count("the monitor could not be pinged: no route to host") == 1
