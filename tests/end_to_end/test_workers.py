"""`tracker worker` on several machines: real processes on a real PostgreSQL that may be killed."""

from __future__ import annotations

import ctypes
import json
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.farm import HOST, Asking, Farm, kill_now_and_then
from tests.end_to_end.processes import SECONDS, get, tracker, until
from tests.store.databases import Server


@pytest.fixture
def durable() -> Iterator[Server]:
    server = Server(durable=True)
    yield server
    server.stop()


def test_workers_need_a_server_and_say_so(tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_text('id = "a"\n', encoding="utf-8")

    refused = tracker("worker", "-f", str(tmp_path / "events.toml"), home=tmp_path)

    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.count("\n") == 1
    assert "workers share a PostgreSQL" in refused.stderr


def test_a_worker_that_is_to_end_finishes_what_it_has_under_way(
    postgresql: Server, tmp_path: Path
) -> None:
    with Farm(tmp_path, postgresql, 4) as farm:  # one webhook, and too few to be one message
        farm.sink.hang = threading.Event()
        worker = farm.worker("--concurrency", "2")
        until(lambda: farm.sink.arrived == 2)
        worker.process.terminate()
        farm.sink.hang.set()

        assert worker.process.wait(SECONDS) == 0
        statuses = farm.statuses()
        assert set(statuses) <= {"sent", "written"}  # nothing is left half done
        assert statuses["sent"] == len(farm.delivery_counts()) == len(farm.sink.requests) >= 2


def test_a_worker_that_is_told_to_end_ends_whichever_of_its_threads_is_told(
    postgresql: Server, tmp_path: Path
) -> None:
    with Farm(tmp_path, postgresql, 1) as farm:
        worker = farm.worker("--log", "json")
        until(lambda: any("run.working" in line for line in worker.lines()))
        process = worker.process.pid
        threads = {int(task.name) for task in Path(f"/proc/{process}/task").iterdir()} - {process}

        ctypes.CDLL(None).tgkill(process, max(threads), signal.SIGTERM)

        assert worker.process.wait(SECONDS) == 0


def test_a_node_serves_and_ends_though_its_database_hangs(durable: Server, tmp_path: Path) -> None:
    with Farm(tmp_path, durable, 1) as farm:
        node = farm.node()
        address = node.address()
        with durable.frozen():
            assert get(f"{address}calendar.ics", headers=HOST).status_code == 200
            node.process.terminate()
            assert node.process.wait(SECONDS) in (0, 1)
        node.rest()


def test_what_is_acknowledged_on_one_machine_is_not_sent_by_another(
    postgresql: Server, tmp_path: Path
) -> None:
    with Farm(tmp_path, postgresql, 1) as farm:
        farm.sink.answers = [(500, {})]
        worker = farm.worker()
        until(lambda: farm.statuses() == {"written": 1} and farm.sink.arrived == 1)
        home = farm.home()
        done = tracker("alerts", "ack", "n0", "-f", str(home / "events.toml"), home=home)
        assert done.returncode == 0, done.stderr
        until(lambda: farm.statuses() == {"lapsed": 1})

        assert worker.stop() == 0
        assert farm.sink.requests == []


def test_a_worker_says_how_it_is_where_it_is_asked_to(postgresql: Server, tmp_path: Path) -> None:
    with Farm(tmp_path, postgresql, 3) as farm:
        worker = farm.worker("--metrics", "0", "--log", "json")
        until(lambda: farm.statuses() == {"sent": 3})
        (said,) = (json.loads(line) for line in worker.lines() if "run.measured" in line)
        site = said["url"].removesuffix("metrics")
        until(lambda: "tracker_alert_lateness_seconds_count 3.0" in get(f"{site}metrics").text)

        assert get(f"{site}healthz").text == "ok\n正常\n"
        assert get(f"{site}calendar.ics").status_code == 404
        assert worker.stop() == 0
        assert all(json.loads(line) for line in worker.lines())


def hold_out(farm: Farm, workers: int, kills_for: float, most: float, alone: bool = True) -> float:
    """Kills workers each second, and the server twice, while all is delivered.

    Each reminder `alone`, else twenty of them by each webhook.
    Gives in how many seconds after the last kill that was so.
    """
    for _ in range(workers):
        farm.worker()
    nodes = [farm.node() for _ in range(2)]
    asking = Asking(*(node.address() for node in nodes))
    began = time.monotonic()
    outages = threading.Thread(target=_twice_down, args=[farm.server, kills_for])
    outages.start()
    kills = kill_now_and_then(farm, farm.reminders, kills_for)
    outages.join()
    meanwhile = len(farm.arrived())
    farm.keep_up()  # whoever found no database has ended
    killed = time.monotonic()
    until(farm.is_all_sent, most)
    took, after = time.monotonic() - began, time.monotonic() - killed
    asking.end()
    delivered = farm.delivery_counts()
    said = [line for worker in farm.workers for line in worker.lines()]
    for node in nodes:
        assert node.stop() == 0
        said += node.rest()
    assert [worker.stop() for worker in farm.workers] == [0] * workers
    repeats = delivered.total() - len(delivered)

    assert len(farm.arrived()) == farm.reminders
    assert len(delivered) == (farm.reminders if alone else farm.recipients * farm.events // 20)
    assert not [line for line in said if "Traceback" in line or line.startswith("  ")]
    assert (set(asking.answers), asking.failures) == ({200}, [])
    print(
        f"{farm.reminders} reminders in {took:.0f} s, {meanwhile} of them during {kills} kills and"
        f" 2 outages: {repeats} repeats under the same identity; {asking.answers.total()} feeds were asked for, all answered"
    )
    return after


def _twice_down(server: Server, seconds: float) -> None:
    for _ in range(2):
        time.sleep(seconds / 3)
        server.kill()
        time.sleep(2)
        server.start()


@pytest.mark.timeout(300)
@pytest.mark.long
def test_workers_and_the_database_are_killed_and_each_reminder_arrives(
    durable: Server, tmp_path: Path
) -> None:
    with Farm(tmp_path, durable, 4, 75) as farm:  # from five on, those of one would be one message
        farm.sink.latency = 0.2
        after = hold_out(farm, 3, 9, 150)

    assert after < 60  # what a killed worker had under way is taken over within a minute


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_50_000_reminders_while_workers_and_the_database_are_killed(
    durable: Server, tmp_path: Path
) -> None:
    with Farm(tmp_path, durable, 500, 100) as farm:  # few events: who begins is soon at work
        hold_out(farm, 4, 300, 1800, alone=False)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_8_000_messages_while_workers_and_the_database_are_killed(
    durable: Server, tmp_path: Path
) -> None:
    with Farm(tmp_path, durable, 4, 2_000) as farm:
        hold_out(farm, 4, 120, 1800)
