"""A machine whose clock is set while a process runs on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers import base

from tracker import clock


class Machine:
    """A machine whose clock is set, without a word to anybody."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = timedelta(0)
        machine = self

        class Clock(datetime):
            @classmethod
            def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
                return datetime.now(UTC) + machine.ahead

        monkeypatch.setattr(base, "datetime", Clock)
        monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + self.ahead)
