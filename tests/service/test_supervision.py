"""Whatever is raised in whatever a process does again and again: it goes on, and says what fails.

Each row is a place in a real process, in which something is raised once while a reminder falls due.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tests.alerts.servers import HookSink
from tests.end_to_end.processes import until
from tests.reminders.scene import HEAD, NOTICE, at
from tests.service.machine import Machine
from tests.store.databases import Server
from tracker import clock
from tracker.config import read_config
from tracker.config.recipients import Defaults
from tracker.failures import supervision
from tracker.failures.supervision import Duty, Fault, Supervisor
from tracker.service.faults import FaultLog
from tracker.service.log import Log
from tracker.service.process import Process
from tracker.service.schedule import _Interval
from tracker.service.wiring import Role, build_parts
from tracker.store.database import Database
from tracker.web.status import HealthReport, health_of

EMFILE = OSError(errno.EMFILE, "Too many open files")
SETTINGS = """\
database = "{database}"
[webhook]
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
[heartbeat]
url = "{url}"
[[recipient]]
name = "legal"
to = "{url}"
timezone = "UTC"
changes = false
"""
#: Of a process: where something is raised, and what the sign of it names.
Place = Callable[[Process], tuple[Any, str]]
PLACES: dict[str, Place] = {
    "look": lambda process: (process, "_arm"),
    "timeline": lambda process: (process.parts.files, "timeline"),
    "publish": lambda process: (process.parts.publisher, "publish"),
    "plan": lambda process: (process.parts.planner, "write_due"),
    "outages": lambda process: (process.parts.outage_planner, "write_due"),
    "files": lambda process: (process.parts.files, "look"),
    "settings": lambda process: (process.parts.settings, "look"),
    "follow": lambda process: (process._pipeline, "follow_database"),
    "ledger": lambda process: (process._identity, "check"),
    "view": lambda process: (process, "_arm_view"),
    "beat": lambda process: (process.parts.heartbeat, "beat"),
    "clock": lambda process: (process._clock_watch, "look"),
    "jobs": lambda process: (_Interval, "get_next_fire_time"),
    "deliver": lambda process: (process.parts.outbox, "claim"),
}
RAISED = {
    "no descriptor": EMFILE,
    "a fault of ours": KeyError("notice"),
    "a library that ends": SystemExit(3),
    "no memory": MemoryError(),
}


class Watched:
    """A process that runs, and who looks at it."""

    def __init__(self, process: Process, log: StringIO) -> None:
        self.process = process
        self.log = log
        self.signs: list[tuple[str, tuple[int, str]]] = []  #: at each fault, of what, and /healthz
        report, begin = process.parts.faults, process.parts.faults.begin

        def note(fault: Fault) -> None:
            begin(fault)
            self.signs.append((fault.duty.name, self.health))

        report.begin = note  # type: ignore[method-assign]

    @property
    def health(self) -> tuple[int, str]:
        status, text = health_of(self.process.parts.health.report())
        return status, text.splitlines()[0]


@contextmanager
def running(
    folder: Path, url: str, database: str, machine: Machine, role: Role = "all"
) -> Iterator[Watched]:
    """A process of that role, about to begin a moment before a reminder falls due."""
    file, settings = folder / "events.toml", folder / "tracker.toml"
    file.write_text(HEAD + NOTICE, encoding="utf-8")
    settings.write_text(SETTINGS.format(database=database, url=url), encoding="utf-8")
    config = read_config(None, [file], Defaults("UTC", "en"))
    log = StringIO()
    process = Process(
        build_parts([file], config, Database(database), Log("en", out=log), role=role)
    )
    machine.ahead = at("2030-11-29 09:00") - clock.now() + machine.ahead
    process.tick()  # the day is known since then
    machine.ahead = at("2030-12-01 08:59:59") - clock.now() + machine.ahead
    try:
        yield Watched(process, log)
    finally:
        process.close()


def raise_once(owner: Any, name: str, error: BaseException, patch: pytest.MonkeyPatch) -> None:
    """What is called there fails, the first time alone."""
    works, left = getattr(owner, name), [error]

    def work(*arguments: Any, **named: Any) -> Any:
        if left:
            raise left.pop()
        return works(*arguments, **named)

    patch.setattr(owner, name, work)


@pytest.fixture
def hooks(monkeypatch: pytest.MonkeyPatch) -> Iterator[HookSink]:
    monkeypatch.setattr(supervision, "PAUSES", (0.3, 0.5))
    with HookSink() as hooks:
        yield hooks


def check_goes_on(watched: Watched, hooks: HookSink, duty: str) -> None:
    """It says what fails, tries again, delivers the reminder once, and is well again."""
    until(lambda: len(hooks.requests) == 1)
    until(lambda: bool(watched.signs) and watched.health[0] == 200)

    assert [name for name, _ in watched.signs] == [duty]
    status, text = watched.signs[0][1]
    assert (status, "is tried again: " in text) == (503, True)
    assert len(hooks.requests) == 1
    lines = watched.log.getvalue().splitlines()
    assert len([line for line in lines if "has failed, and is tried again: " in line]) == 1
    assert len([line for line in lines if " works again, after " in line]) == 1
    assert "Traceback" not in watched.log.getvalue()


@pytest.mark.parametrize("duty", PLACES)
def test_whatever_fails_once_is_told_of_and_tried_again_and_the_reminder_arrives(
    duty: str,
    tmp_path: Path,
    hooks: HookSink,
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    error = list(RAISED.values())[list(PLACES).index(duty) % len(RAISED)]
    database = f"sqlite:///{tmp_path}/ledger.sqlite3"
    with running(tmp_path, hooks.url, database, machine) as watched:
        if duty == "jobs":  # it has to be asked once before there are any
            watched.process.start()
        raise_once(*PLACES[duty](watched.process), error, monkeypatch)
        if duty != "jobs":
            watched.process.start()

        check_goes_on(watched, hooks, duty)


def test_a_listener_that_fails_once_listens_again(
    tmp_path: Path,
    hooks: HookSink,
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    postgresql: Server,
) -> None:
    with running(tmp_path, hooks.url, postgresql.database(), machine) as watched:
        raise_once(watched.process._listener, "_listen", EMFILE, monkeypatch)
        watched.process.start()

        check_goes_on(watched, hooks, "listen")


def test_a_fault_that_lasts_is_one_line_and_one_that_comes_and_goes_is_one_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds = [0]
    monkeypatch.setattr(clock, "steady", lambda: seconds[0])
    log = StringIO()
    supervisor, plan = Supervisor(clock.steady, FaultLog(Log("ja", out=log))), Duty("plan")
    for seconds[0] in range(0, 7200, 30):
        supervisor.note(plan, EMFILE)
    lasting = log.getvalue().splitlines()
    for seconds[0] in range(7200, 7320, 10):
        supervisor.note_success(plan)
        supervisor.note(plan, EMFILE)

    assert len(lasting) == 1
    assert lasting[0].startswith("通知の計画に失敗しました")
    assert len(log.getvalue().splitlines()) <= 1 + 2 * 3


def test_what_an_exception_says_stands_in_the_log_and_not_in_the_health() -> None:
    log = StringIO()
    supervisor = Supervisor(clock.steady, FaultLog(Log("en", out=log)))
    supervisor.note(Duty("deliver", ("mailto:legal@example.org",)), KeyError("Merger"))

    text = HealthReport("health.fault", None, supervisor.faults[0]).text("en")

    assert "legal@example.org" in log.getvalue()
    assert "Merger" in log.getvalue()
    assert text == "sending fails, and is tried again: a fault in tracker itself (KeyError)"


def test_a_look_that_comes_to_no_end_is_told_of() -> None:
    seconds = [0.0]
    supervisor = Supervisor(lambda: seconds[0])
    supervisor.expect(Duty("files"), 91)
    before = supervisor.stuck

    seconds[0] = 92

    assert (before, supervisor.stuck) == (None, Duty("files"))
