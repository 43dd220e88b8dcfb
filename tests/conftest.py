"""What holds for every test."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.cli.calls import Caller
from tests.dearest_files import Clock, dearest_files
from tests.end_to_end.processes import kill_leftovers
from tests.store.databases import Server, share_statements
from tracker.store.database import Database

# Tests guard counts, not clocks: a busy machine is no fault of the code.
settings.register_profile("tracker", deadline=None, max_examples=50)
settings.register_profile("soak", deadline=None, max_examples=2000)
settings.load_profile("tracker")
_clock = Clock()


def pytest_configure() -> None:
    """A shell has what it begins in the background ignore Ctrl-C, and so would all that tests begin."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A real PostgreSQL, one for each process of tests that asks for it."""
    server = Server()
    yield server
    server.stop()


@pytest.fixture
def call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Caller:
    """Calls commands within this process, in a folder of its own."""
    folder = tmp_path / "mill-street"
    folder.mkdir()
    return Caller(folder, monkeypatch, capsys)


@pytest.fixture(autouse=True)
def no_process_outlives_its_test() -> Iterator[None]:
    """A test that fails in the middle leaves nothing behind that slows the others."""
    yield
    kill_leftovers()


@pytest.fixture(autouse=True)
def no_database_outlives_its_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test opens is closed: from Python 3.13 on, a connection that is lost is a warning."""
    opened: list[Database] = []
    begin = Database.__init__

    def remember(self: Database, *arguments: Any, **options: Any) -> None:
        begin(self, *arguments, **options)
        opened.append(self)
        share_statements(self.engine)

    monkeypatch.setattr(Database, "__init__", remember)
    yield
    for database in opened:
        database.close()


def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are cores: many tests wait for processes of their own."""
    cores = os.cpu_count() or 1
    return cores + cores // 2


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: no search for garbage has to look at it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    _clock.lap()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: who begins one last is waited for by all."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    vars(report)["processor"] = _clock.lap()
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for kind in terminalreporter.stats.values() for report in kind]
    lines = dearest_files([report for report in reports if isinstance(report, pytest.TestReport)])
    if lines:
        terminalreporter.section("processor time, and how long they took, of the dearest files")
        terminalreporter.write_line("\n".join(lines))
