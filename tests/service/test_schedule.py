"""Jobs come when their time has come, whatever is done to the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from queue import Queue

import pytest

from tests.end_to_end.processes import SECONDS
from tests.service.machine import Machine
from tracker import clock
from tracker.failures.supervision import Supervisor
from tracker.service import schedule as module
from tracker.service.schedule import Schedule

YEARS = timedelta(days=10_000)
HOUR = timedelta(hours=1)
MOMENT = timedelta(seconds=0.05)


@pytest.fixture
def schedule() -> Iterator[Schedule]:
    supervisor = Supervisor(clock.steady)
    schedule = Schedule(supervisor)
    schedule.start()
    yield schedule
    schedule.close()
    assert supervisor.faults == ()


@pytest.mark.parametrize("by", [HOUR, -HOUR, YEARS, -YEARS], ids=str)
def test_whatever_jobs_there_are_all_come_again_once_the_clock_was_set(
    by: timedelta, machine: Machine, schedule: Schedule
) -> None:
    runs: Queue[str] = Queue()
    for name in ("a", "b", "added later"):
        schedule.every(MOMENT, lambda name=name: runs.put(name), name)  # type: ignore[misc]
    schedule.once(clock.now() + HOUR, lambda: runs.put("once"), "once")

    machine.ahead = by
    schedule.run_all()

    missing = ["a", "b", "added later", "once", "a", "b", "added later"]
    while missing:
        name = runs.get(timeout=SECONDS)
        if name in missing:
            missing.remove(name)


def test_a_clock_that_was_set_forwards_by_years_is_not_made_up_for_second_by_second(
    machine: Machine, schedule: Schedule
) -> None:
    runs: Queue[None] = Queue()
    schedule.every(timedelta(seconds=0.2), lambda: runs.put(None), "job")
    runs.get(timeout=SECONDS)

    machine.ahead = YEARS

    for _ in range(2):
        runs.get(timeout=SECONDS)


def test_what_has_come_due_on_a_machine_that_slept_waits_no_longer_than_the_longest_sleep(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert timedelta(seconds=30) == module.LONGEST_SLEEP
    monkeypatch.setattr(module, "LONGEST_SLEEP", MOMENT)
    schedule, runs = Schedule(Supervisor(clock.steady)), Queue[str]()
    schedule.start()
    schedule.once(clock.now() + HOUR, lambda: runs.put("due"), "due")

    machine.ahead = HOUR  # nobody says so

    assert runs.get(timeout=SECONDS) == "due"
    schedule.close()
