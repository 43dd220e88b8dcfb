"""A clock that is watched, since APScheduler sleeps until its next job by the clock as it was.

(Its issues 182, 292 and 339.)
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

from tracker import clock

#: Seconds between two looks at the clock.
_LOOK = 1.0
#: By so many seconds a clock may be corrected at once without being said to have jumped.
_JUMP = 2.0


class ClockWatch:
    """Notices that the clock was set, or the machine was suspended, within a second of it."""

    def __init__(
        self, on_jump: Callable[[float], None], on_error: Callable[[BaseException], None]
    ) -> None:
        self._on_jump = on_jump  #: by how many seconds; below 0: backwards
        self._on_error = on_error
        self._offset = _offset()
        self._ended = Event()
        self._thread = Thread(target=self._run, name="clock", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Once this returns, no jump is told of any more."""
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(_LOOK):
            offset = _offset()
            jump, self._offset = offset - self._offset, offset
            if abs(jump) > _JUMP:
                try:
                    self._on_jump(jump)
                except Exception as error:  # noqa: BLE001 - the next jump is noticed as well
                    self._on_error(error)


def _offset() -> float:
    """By how much the clock is ahead of the seconds that have gone by."""
    return clock.now().timestamp() - clock.steady()
