"""Signs of life of the one process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from tests.alerts.servers import HookSink, deaf_port
from tests.end_to_end.processes import SECONDS, until
from tests.reminders.scene import HEAD, NOTICE
from tests.service.machine import Machine
from tracker import clock
from tracker.config import Config
from tracker.config.watching import WatchSettings
from tracker.service import file_settling
from tracker.service.heartbeat import Heartbeat
from tracker.service.log import Log
from tracker.service.process import Process
from tracker.service.wiring import build_parts
from tracker.store.database import Database, LedgerError
from tracker.store.process_locks import is_in_use
from tracker.web.status import HealthReport

SECOND = timedelta(seconds=1)


@pytest.fixture
def monitor() -> Iterator[HookSink]:
    with HookSink() as monitor:
        yield monitor


@pytest.fixture
def process(
    tmp_path: Path, monitor: HookSink, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Process]:
    monkeypatch.setattr(file_settling, "STILL", 0.0)
    file = tmp_path / "events.toml"
    file.write_text(HEAD + NOTICE, encoding="utf-8")
    watching = WatchSettings(heartbeat=monitor.url)
    config = Config("", (), None, frozenset(), watching=watching)
    database = Database(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    process = Process(build_parts([file], config, database, Log("en")))
    process.start()
    yield process
    process.close()


def test_health_turns_red_when_the_last_tick_is_late(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert process.parts.health.trouble() is None
    now = clock.steady()

    monkeypatch.setattr(clock, "steady", lambda: now + 91)

    assert process.parts.health.trouble() == "health.late"


def test_what_is_served_is_another_from_the_instant_on_at_which_a_point_passes(
    process: Process, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    soon = clock.now().replace(microsecond=0) + timedelta(days=30, minutes=1)
    line = f'"{soon:%Y-%m-%d %H:%M} UTC"'
    text = HEAD + NOTICE.replace("2030-12-31", line)
    (tmp_path / "events.toml").write_text(text, encoding="utf-8")
    process.follow_files()
    publisher, until = process.parts.publisher, soon.replace(second=0)

    def served(at: datetime) -> tuple[int, list[bool]]:
        monkeypatch.setattr(clock, "now", lambda: at)
        monkeypatch.setattr(clock, "today", lambda _zone: at.date())
        process.tick()
        assert publisher.timeline is not None
        return publisher.revision, [point.past for point in publisher.timeline.points]

    (_, before), (revision, same) = served(until - timedelta(hours=1)), served(until - SECOND)
    later, passed = served(until)
    assert process.parts.files.valid_until > until
    _, back = served(until - SECOND)  # the clock was set back

    assert (before, same, passed, back) == ([False], [False], [True], [False])
    assert later > revision


def test_all_that_a_process_does_by_the_clock_it_does_again_once_the_clock_was_set(
    process: Process, monitor: HookSink, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: Counter[str] = Counter()
    parts = process.parts

    def count(what: str, part: object, name: str) -> None:
        does = getattr(part, name)

        def do_and_count(*arguments: object) -> object:
            done[what] += 1
            return does(*arguments)

        monkeypatch.setattr(part, name, do_and_count)

    count("reads", parts.files, "look")
    count("follows", parts.watch, "look")
    count("plans", parts.planner, "write_due")
    for hours in (-1, 24 * 365 * 30, 0):
        done.clear()
        pings = len(monitor.pings)

        machine.ahead = timedelta(hours=hours)

        until(lambda: min(done["reads"], done["follows"]) > 1 and done["plans"] > 0)
        until(lambda pings=pings: len(monitor.pings) > pings)  # type: ignore[misc]


def test_a_monitor_is_not_pinged_while_something_is_wrong(
    process: Process, monitor: HookSink, tmp_path: Path
) -> None:
    until(lambda: bool(monitor.pings))  # at the start, and then each minute
    (tmp_path / "events.toml").write_text("id = ", encoding="utf-8")
    process.parts.files.look()

    assert process.parts.heartbeat is not None
    process.parts.heartbeat.beat()

    assert len(monitor.pings) == 1


def test_a_monitor_that_is_down_is_told_of_once(capfd: pytest.CaptureFixture[str]) -> None:
    with deaf_port() as port:
        settings = WatchSettings(heartbeat=f"http://127.0.0.1:{port}/")
        heartbeat = Heartbeat(settings, lambda: HealthReport(None, None), Log("en"))
        for _ in range(3):
            heartbeat.beat()

    refused = (
        f"the monitor could not be pinged: connection refused: nothing listens at 127.0.0.1:{port}"
    )
    assert capfd.readouterr().err.count(refused) == 1


def test_a_worker_that_is_refused_does_not_count_as_one_that_sends(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    config = Config("", (), None, frozenset())

    with pytest.raises(LedgerError) as refused:
        Process(build_parts([], config, database, Log("en"), role="work"))

    assert refused.value.name == "worker.no-server"
    assert not is_in_use(database)
    database.close()


def test_what_is_under_way_when_it_is_to_end_is_finished_before_its_ledger_is_closed(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, closed = Event(), Event()
    too_late: list[bool] = []

    def look() -> None:  # a second's job
        begun.set()
        closed.wait(0.2)
        too_late.append(closed.is_set())

    monkeypatch.setattr(process.parts.database, "close", closed.set)
    monkeypatch.setattr(process.parts.watch, "look", look)
    assert begun.wait(SECONDS)

    process.close()

    assert too_late == [False]
    assert closed.is_set()
    monkeypatch.undo()
    process.close()  # once more does nothing
