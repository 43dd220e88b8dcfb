"""A clock that is watched, since APScheduler sleeps until its next job by the clock as it was.

(Its issues 182, 292 and 339.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tracker import clock
from tracker.failures.supervision import Duty, SupervisedThread, Supervisor

#: Seconds between two looks at the clock.
_LOOK = 1.0
#: By so many seconds a clock may be corrected, at once or little by little, before it matters.
_JUMP = 2.0


class Jump(NamedTuple):
    """By how much the clock is another than it was."""

    seconds: float  #: below 0: it was set back
    at_once: bool  #: and not in many small steps, as the clock of a machine is corrected


class ClockWatch:
    """Notices that the clock was set, or the machine was suspended, within a second of it."""

    def __init__(self, on_jump: Callable[[Jump], None], supervisor: Supervisor) -> None:
        self._on_jump = on_jump
        self._offset = self._last_offset = _offset()  #: at the last jump; when it was looked last
        self._thread = SupervisedThread("clock", supervisor, Duty("clock"), self._wait_and_look)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Once this returns, no jump is told of any more."""
        self._thread.stop()
        self._thread.join()

    def _wait_and_look(self) -> bool:
        if self._thread.stopping.wait(_LOOK):
            return False
        jump = self.look()
        if jump is not None:
            try:
                self._on_jump(jump)
            except BaseException:  # it is told of again
                self._offset -= jump.seconds
                self._last_offset = self._offset
                raise
        return True

    def look(self) -> Jump | None:
        """By how much the clock was set since the last jump; None: by so little that it is none."""
        offset = _offset()
        jump = Jump(offset - self._offset, at_once=abs(offset - self._last_offset) > _JUMP)
        self._last_offset = offset
        if abs(jump.seconds) <= _JUMP:
            return None
        self._offset = offset
        return jump


def _offset() -> float:
    """By how much the clock is ahead of the seconds that have gone by."""
    return clock.now().timestamp() - clock.steady()
