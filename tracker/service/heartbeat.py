"""Signs of life: a clock that is watched, and a monitor outside that is pinged."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

from tracker import __version__, clock

#: Seconds between two looks at the clock.
LOOK = 1.0
#: By so many seconds a clock may be corrected at once without being said to have jumped.
_JUMP = 2.0
#: Seconds for a ping; a monitor that is down is no reason to be late.
_TIMEOUT = 10.0


class ClockWatch:
    """Notices that the clock was set, or the machine was suspended, within a second of it.

    APScheduler sleeps until its next job is due by the clock as it was (its issues 182, 292, 339).
    """

    def __init__(self, jumped: Callable[[float], None]) -> None:
        self._jumped = jumped  #: by how many seconds; below 0: backwards
        self._offset = self._now()
        self._ended = Event()
        self._thread = Thread(target=self._run, name="clock", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()

    def _run(self) -> None:
        while not self._ended.wait(LOOK):
            offset = self._now()
            jump, self._offset = offset - self._offset, offset
            if abs(jump) > _JUMP:
                self._jumped(jump)

    def _now(self) -> float:
        """By how much the clock is ahead of the seconds that have gone by."""
        return clock.now().timestamp() - clock.steady()


def ping(url: str) -> str | None:
    """Tells a monitor that all is well; gives what went wrong, None where nothing did."""
    import httpx2

    headers = {"user-agent": f"tracker/{__version__}"}
    try:
        answer = httpx2.get(url, timeout=_TIMEOUT, headers=headers, follow_redirects=False)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        return str(error) or type(error).__name__
    return None if answer.is_success else f"HTTP {answer.status_code}"
