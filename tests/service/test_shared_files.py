"""Machines with a copy of the files each say the same, whichever got its copy first."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Collection, Iterator
from functools import partial
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.end_to_end.processes import SECONDS, until
from tests.reminders.scene import HEAD, LEGAL, NOTICE
from tests.store.databases import Server
from tracker import clock
from tracker.config import Config
from tracker.service import file_settling
from tracker.service import process as module
from tracker.service.log import Log
from tracker.service.process import Process
from tracker.service.wiring import build_parts
from tracker.store.database import Database, LedgerError
from tracker.store.feed_history import FeedHistory, LastPublication
from tracker.store.secret_links import LinkRegistry

OLD, NEW = HEAD + NOTICE, HEAD + NOTICE.replace("2030-12-31", "2031-06-30")
AN_HOUR = 3600

Begin: TypeAlias = Callable[..., Process]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is taken up by the first look at it: what is waited for here are machines."""
    monkeypatch.setattr(file_settling, "STILL", 0.0)


@pytest.fixture(params=["told", "polled"])
def way_of_hearing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How a machine hears of what another one has written; the other way is shut."""
    if request.param == "told":
        monkeypatch.setattr(module, "POLL", module.POLL * 60)
    else:
        monkeypatch.setattr("tracker.store.notifications.Listener.start", lambda _self: None)
        monkeypatch.setattr("tracker.store.notifications.Listener.close", lambda _self: None)
    return str(request.param)


@pytest.fixture
def begin(postgresql: Server, tmp_path: Path) -> Iterator[Begin]:
    """Begins a machine with that text in its file, written so many seconds ago."""
    url, machines = postgresql.database(), list[Process]()

    def begin_machine(text: str, ago: int = 0) -> Process:
        file = tmp_path / f"{len(machines)}.toml"
        write(file, text, ago)
        machines.append(machine := serve(file, url))
        return machine

    yield begin_machine
    for process in machines:
        process.close()


def serve(files: Path, url: str) -> Process:
    """Begins a machine that follows that file or folder."""
    config = Config("", (LEGAL,), True, frozenset())
    process = Process(build_parts([files], config, Database(url), Log("en"), role="serve"))
    process.start()
    return process


def write(file: Path, text: str, ago: int = 0) -> None:
    file.write_text(text, encoding="utf-8")
    written = clock.now().timestamp() - ago
    os.utime(file, (written, written))


def day_of(process: Process) -> str:
    """The day that a machine's calendar says now."""
    timeline = process.parts.publisher.timeline
    assert timeline is not None
    return str(timeline.points[0].counts_to)


def says(process: Process, day: str) -> bool:
    return day_of(process) == day


def alerts(process: Process) -> int:
    return sum(process.parts.ledger.counts(process.parts.files.ids).values())


def feeds(*processes: Process) -> list[bytes]:
    found = []
    for process in processes:
        edition = process.parts.publisher.edition("en")
        assert edition is not None
        found.append(b"".join(entry.content for entry in edition.published.entries))
    return found


def test_a_change_on_one_machine_is_seen_on_all(begin: Begin, way_of_hearing: str) -> None:
    first, second = begin(OLD), begin(OLD)

    write(first.parts.files.named[0], NEW)

    for process in (first, second):
        until(partial(says, process, "2031-06-30"))
    until(lambda: len(set(feeds(first, second))) == 1)
    assert alerts(first) == 1  # that it has moved, said once
    write(second.parts.files.named[0], NEW)  # its own copy comes later
    second.follow_files()
    assert (day_of(second), alerts(second)) == ("2031-06-30", 1)


def test_a_machine_that_begins_with_older_files_takes_nothing_back(
    begin: Begin, capfd: pytest.CaptureFixture[str]
) -> None:
    first = begin(OLD, AN_HOUR)
    write(first.parts.files.named[0], NEW)
    until(lambda: alerts(first) == 1)  # published

    behind = begin(OLD, AN_HOUR)

    assert (day_of(behind), day_of(first)) == ("2031-06-30", "2031-06-30")
    assert alerts(first) == 1
    assert "older than the edition that another machine has published" in capfd.readouterr().err


def test_files_that_were_set_back_on_purpose_are_published(begin: Begin) -> None:
    first = begin(OLD, AN_HOUR)
    write(first.parts.files.named[0], NEW)
    until(lambda: alerts(first) == 1)  # published

    second = begin(OLD)  # written just now

    until(partial(says, first, "2030-12-31"))
    assert day_of(second) == "2030-12-31"


def test_files_that_nobody_has_published_are_new_however_old_they_are(begin: Begin) -> None:
    first = begin(OLD)

    begin(NEW, AN_HOUR)

    until(partial(says, first, "2031-06-30"))


def test_a_link_that_is_closed_on_one_machine_is_closed_on_all(
    begin: Begin, way_of_hearing: str
) -> None:
    process = begin(OLD)
    links = LinkRegistry(process.parts.database)
    secret = links.add("board", (), ["a"], clock.now())
    assert secret is not None
    process.parts.links.look()
    assert process.parts.links.filter_of_secret(secret) is not None

    links.revoke("board", ["a"], clock.now())

    process.parts.links.look()
    assert process.parts.links.filter_of_secret(secret) is None


def test_a_copy_that_arrives_one_file_after_the_other_takes_nothing_back(
    postgresql: Server, tmp_path: Path
) -> None:
    url, moved = postgresql.database(), NOTICE.replace("2030-12-31", "2031-06-30")
    old, new = (
        [HEAD + NOTICE, NOTICE.replace('"notice"', '"x"')],
        [
            HEAD + moved,
            moved.replace('"notice"', '"x"'),
        ],
    )
    machines = []
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        for number, text in enumerate(old):
            write(folder / f"{number}.toml", text)
        machines.append(serve(folder, url))
    first, second = machines
    try:
        for number, text in enumerate(new):
            write(tmp_path / "first" / f"{number}.toml", text)
        for process in machines:
            until(partial(says_all, process, "2031-06-30"))
        told = alerts(first)

        for number, text in enumerate(new):
            write(tmp_path / "second" / f"{number}.toml", text)
            second.follow_files()
            first.follow_database()
            assert says_all(first, "2031-06-30")
            assert says_all(second, "2031-06-30")

        assert alerts(first) == told
    finally:
        for process in machines:
            process.close()


def says_all(process: Process, day: str) -> bool:
    timeline = process.parts.publisher.timeline
    assert timeline is not None
    return {str(point.counts_to) for point in timeline.points} == {day}


def test_a_look_that_failed_is_made_again(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = begin(OLD), begin(OLD)
    published, failed = FeedHistory.last_publication, list[int]()

    def fails_once(
        self: FeedHistory, agreements: Collection[str], recipients: Collection[str] = ()
    ) -> LastPublication:
        if not failed and self is second.parts.history:
            failed.append(1)
            raise LedgerError("ledger.unusable", url="x", reason="cut")
        return published(self, agreements, recipients)

    monkeypatch.setattr(FeedHistory, "last_publication", fails_once)
    write(first.parts.files.named[0], NEW)

    until(partial(says, second, "2031-06-30"))
    assert failed
    until(lambda: second.parts.health.trouble() is None)


def test_a_machine_that_is_to_end_ends_at_once_though_nobody_says_anything(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    listens = threading.Event()
    monkeypatch.setattr("tracker.store.notifications._QUIET", 60.0)
    monkeypatch.setattr("tracker.store.notifications._PATIENCE", 40.0)
    monkeypatch.setattr(module, "POLL", module.POLL * 60)
    monkeypatch.setattr(Process, "follow_database", lambda _self: listens.set())
    process = begin(OLD)
    assert listens.wait(SECONDS)
    began = time.monotonic()

    process.close()

    assert time.monotonic() - began < 20  # a listener that does not hear of it is given 40 s
