"""Workers on a real PostgreSQL: what they take over, and what they hear of."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from procrastinate import periodic

from tests.alerts.servers import HookSink
from tests.end_to_end.processes import until
from tests.service.test_delivery import DUE, Post, Runner, let_pass
from tests.service.test_supervision import raise_once
from tests.store.databases import Server, count_connections
from tracker.alerts.channel import ChannelSettings
from tracker.alerts.composer import Composer
from tracker.alerts.delivery_context import DeliveryContext
from tracker.failures.supervision import Fault, Supervisor
from tracker.files.loading import read
from tracker.service import workers as module
from tracker.service.workers import Upkeep, Workers
from tracker.store.database import LedgerError
from tracker.timeline.resolver import resolve


@pytest.fixture
def sink() -> Iterator[HookSink]:
    with HookSink() as sink:
        yield sink


class Shift:
    """Workers that have begun, and what was told of their database."""

    def __init__(self, post: Post, failing: bool = False, starts: bool = True) -> None:
        self.post, self.failing = post, failing
        self.lost: list[LedgerError] = []
        self.planned = 0
        context = DeliveryContext(
            post.outbox,
            ChannelSettings(post.sending, lambda: post.scene.now),
            post.scene.planner.composer,
            lambda *_: None,
            Supervisor(time.monotonic, self),
        )
        self.faults: list[Fault] = []
        self.recovered: list[Fault] = []
        upkeep = Upkeep(self._plan, self.lost.append, lambda: None)
        self.workers = Workers(context, post.addresses, post.scene.database, upkeep)
        if starts:
            self.workers.start()

    def begin(self, fault: Fault) -> None:
        self.faults.append(fault)

    def end(self, fault: Fault, _seconds: float) -> None:
        self.recovered.append(fault)

    def _plan(self) -> None:
        self.planned += 1
        if self.planned == 1 and self.failing:
            raise ValueError("an error of ours")


@pytest.fixture
def shifts() -> Iterator[list[Shift]]:
    found: list[Shift] = []
    yield found
    for shift in found:
        shift.workers.close()
        shift.post.close()


@pytest.mark.long
def test_what_a_dead_machine_had_under_way_is_taken_over(
    postgresql: Server, tmp_path: Path, sink: HookSink, shifts: list[Shift]
) -> None:
    url = postgresql.database()
    post = Post(tmp_path, 3, sink.url, runner=Runner(True, url))
    post.scene.look(DUE)
    with psycopg.connect(url) as connection:  # it died with all of this, an hour ago
        connection.execute("""
            INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')
        """)
        connection.execute("""
            INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args)
                VALUES ('plan', 'plan', 'plan', '{"timestamp": 1}'),
                    ('rescue', 'rescue', 'rescue', '{"timestamp": 1}')
        """)
        connection.execute("""
            UPDATE procrastinate_jobs SET status = 'doing',
                worker_id = (SELECT id FROM procrastinate_workers)
        """)
        connection.execute("""
            UPDATE alert SET status = 'sending', claimed_by = 'job ' || job.id
                FROM procrastinate_jobs AS job WHERE job.args->>'alert' = alert.id::text
        """)

    shifts.append(shift := Shift(post))

    until(lambda: len(sink.requests) == 3)
    until(lambda: post.statuses() == {"sent": 3})
    until(lambda: shift.planned > 0)
    with psycopg.connect(url) as connection:
        left = "SELECT count(*) FROM procrastinate_jobs WHERE args->>'timestamp' = '1'"
        assert connection.execute(left).fetchone() == (0,)


def test_workers_go_on_planning_where_the_clock_was_set_back(
    postgresql: Server,
    tmp_path: Path,
    sink: HookSink,
    shifts: list[Shift],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    post = Post(tmp_path, 1, sink.url, runner=Runner(True, postgresql.database()))
    shifts.append(shift := Shift(post))
    until(lambda: shift.planned > 0)
    for hours in (1, 2):
        behind = SimpleNamespace(time=lambda hours=hours: time.time() - hours * 3600)
        monkeypatch.setattr(periodic, "time", behind)
        before = shift.planned

        shift.workers.follow_clock()

        until(lambda before=before: shift.planned > before)  # type: ignore[misc]


@pytest.mark.long
def test_new_jobs_are_heard_of_at_once_also_after_the_database_was_restarted(
    server: Server,
    tmp_path: Path,
    sink: HookSink,
    shifts: list[Shift],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "POLL", 60.0)
    post = Post(tmp_path, 2, sink.url, runner=Runner(True, server.database()))
    shifts.append(shift := Shift(post))
    until(lambda: shift.planned > 0)  # all of them are there
    server.kill()
    until(lambda: len(shift.lost) > 0)
    server.start()
    planned = shift.planned
    until(lambda: shift.planned > planned)

    post.scene.look(DUE)
    began = time.monotonic()
    until(lambda: len(sink.requests) == 2)

    assert time.monotonic() - began < 40  # below the 60 s, however busy the machine


@pytest.mark.long
def test_an_error_in_planning_is_reported_and_keeps_nothing_else_from_its_turn(
    postgresql: Server, tmp_path: Path, sink: HookSink, shifts: list[Shift]
) -> None:
    post = Post(tmp_path, 2, sink.url, runner=Runner(True, postgresql.database()))
    post.scene.look(DUE)

    shifts.append(shift := Shift(post, failing=True))

    until(lambda: shift.planned > 1)
    until(lambda: post.statuses() == {"sent": 2})
    assert [fault.reason.words for fault in shift.faults] == ["an error of ours"]
    until(lambda: [fault.duty.name for fault in shift.recovered] == ["look"])


@pytest.mark.parametrize("behind", ["files", "recipients"])
def test_a_machine_that_is_behind_leaves_an_alert_to_others(
    behind: str, postgresql: Server, tmp_path: Path, sink: HookSink
) -> None:
    runner = Runner(True, postgresql.database())
    post = Post(tmp_path, 1, sink.url, runner=runner)
    post.scene.look(DUE)
    composer = post.scene.planner.composer
    if behind == "files":  # here the point has moved, and another machine has published since
        post.scene.text = post.scene.text.replace("2030-12-31", "2030-12-30")
        agreements, _ = read(["f"], [post.scene.text.encode()])
        timeline = resolve(agreements, post.scene.now.date())
        old = Composer(timeline, post.scene.config.recipients, [], None, lambda _language: {})
    else:
        now = post.scene.publisher.timeline
        assert now is not None
        old = Composer(now, [], [], None, lambda _language: {})
    current = [False]
    context = DeliveryContext(
        post.outbox,
        ChannelSettings(post.sending, lambda: post.scene.now),
        lambda: composer() if current[0] else old,
        lambda *_: None,
        post.supervisor,
        is_current=lambda: current[0],
    )
    upkeep = Upkeep(lambda: None, lambda _error: None, lambda: None)
    workers = Workers(context, post.addresses, post.scene.database, upkeep)
    workers.finish()
    left = post.statuses()

    current[0] = True
    let_pass(runner.url, timedelta(seconds=10))
    workers.finish()

    assert left == {"written": 1}
    assert post.statuses() == {"sent": 1}
    workers.close()
    post.close()


def test_workers_that_are_to_end_while_they_begin_end_at_once_and_leave_no_connection(
    postgresql: Server, tmp_path: Path, sink: HookSink
) -> None:
    url = postgresql.database()
    began = time.monotonic()
    for number in range(3):
        post = Post(tmp_path / str(number), 1, sink.url, runner=Runner(True, url))
        shift = Shift(post)
        shift.workers.close()
        shift.workers.close()  # once more does nothing
        post.close()

    assert time.monotonic() - began < 20  # each would be waited for twice as long as that
    until(lambda: count_connections(url) == 0)


PLACES: dict[str, Callable[[Workers], tuple[Any, str]]] = {
    "look": lambda workers: (workers, "_add_missing_jobs"),
    "rescue": lambda workers: (workers, "_put_back_stalled"),
    "workers": lambda workers: (workers, "_make_workers"),
    "listen": lambda workers: (workers._listener, "_listen"),
    "deliver": lambda workers: (workers._senders[0], "_deliver_claimed"),
}


@pytest.mark.long
@pytest.mark.parametrize("duty", PLACES)
def test_whatever_fails_once_in_a_worker_is_told_of_and_tried_again_and_all_arrives(  # noqa: PLR0917 - fixtures
    duty: str,
    postgresql: Server,
    tmp_path: Path,
    sink: HookSink,
    shifts: list[Shift],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    post = Post(tmp_path, 2, sink.url, runner=Runner(True, postgresql.database()))
    post.scene.look(DUE)
    shift = Shift(post, starts=False)
    shifts.append(shift)
    error = SystemExit(3) if duty in ("workers", "deliver") else OSError(24, "")  # EMFILE
    raise_once(*PLACES[duty](shift.workers), error, monkeypatch)

    shift.workers.start()

    until(lambda: post.statuses() == {"sent": 2})
    until(lambda: duty in {fault.duty.name for fault in shift.recovered})
    assert {fault.duty.name for fault in shift.faults} == {duty}
    assert len(sink.requests) == 2
