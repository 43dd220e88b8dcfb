"""The watch on the clock goes on, whatever comes of a jump."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from queue import Queue

import pytest

from tracker import clock
from tracker.failures.supervision import Supervisor
from tracker.service.clock_watch import ClockWatch, Jump


def test_a_jump_of_which_something_goes_wrong_is_told_of_again_and_is_not_the_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ahead = timedelta(0)
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + ahead)
    jumps: Queue[int] = Queue()
    supervisor = Supervisor(clock.steady)

    def on_jump(jump: Jump) -> None:
        is_first = jumps.empty() and not noticed
        jumps.put(round(jump.seconds / 3600))
        if is_first:
            raise RuntimeError("a job is gone")

    noticed: list[int] = []
    watch = ClockWatch(on_jump, supervisor)
    watch.start()
    for hours in (24, 24, 20):
        ahead = timedelta(hours=hours)
        noticed.append(jumps.get(timeout=60))
    watch.stop()

    assert noticed == [24, 24, -4]
    assert supervisor.faults == ()


@pytest.mark.parametrize(
    ("steps", "noticed"),
    [
        ([3600], [(3600, True)]),
        ([-3600], [(-3600, True)]),
        ([0.9] * 5, [(2.7, False)]),
        ([-1.5, -1.5, -1.5, -1.5], [(-3, False), (-3, False)]),
        ([1.5, -1.5] * 10, []),
        ([1.5, 86400], [(86401.5, True)]),
    ],
)
def test_a_clock_that_is_set_in_small_steps_is_noticed_once_they_add_up(
    steps: list[float], noticed: list[tuple[float, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    start, ahead = datetime(2026, 11, 30, tzinfo=UTC), timedelta(0)
    monkeypatch.setattr(clock, "now", lambda: start + ahead)
    monkeypatch.setattr(clock, "steady", lambda: 0.0)
    watch = ClockWatch(lambda _jump: None, Supervisor(clock.steady))
    jumps = []
    for seconds in steps:
        ahead += timedelta(seconds=seconds)
        jumps.append(watch.look())

    found = [(round(jump.seconds, 1), jump.at_once) for jump in jumps if jump is not None]
    assert found == noticed
