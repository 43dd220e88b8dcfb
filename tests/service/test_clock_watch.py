"""The watch on the clock goes on, whatever comes of a jump."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from queue import Queue

import pytest

from tracker import clock
from tracker.service.clock_watch import ClockWatch


def test_a_jump_of_which_something_goes_wrong_is_not_the_last_that_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ahead = timedelta(0)
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + ahead)
    jumps: Queue[int] = Queue()
    errors: list[str] = []

    def on_jump(seconds: float) -> None:
        jumps.put(round(seconds / 3600))
        raise RuntimeError("a job is gone")

    watch = ClockWatch(on_jump, lambda error: errors.append(str(error)))
    watch.start()
    noticed = []
    for hours in (24, 20):
        ahead = timedelta(hours=hours)
        noticed.append(jumps.get(timeout=60))
    watch.stop()

    assert noticed == [24, -4]
    assert errors == ["a job is gone"] * 2
