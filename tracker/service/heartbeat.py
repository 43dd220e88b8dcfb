"""A sign of life to a monitor outside, which alarms when none comes."""

from __future__ import annotations

from collections.abc import Callable

from tracker import __version__
from tracker.service.log import Log

#: Seconds for a ping; a monitor that is down is no reason to be late.
_TIMEOUT = 10.0


class Heartbeat:
    """Pings the monitor while all is well."""

    def __init__(self, url: str, trouble: Callable[[], str | None], log: Log) -> None:
        self._url = url
        self._trouble = trouble
        self._log = log
        self._failed = False  #: whether the last ping did, which is logged once

    def beat(self) -> None:
        """One ping, unless something is wrong here."""
        if self._trouble() is not None:
            return
        reason = _ping(self._url)
        if reason is not None and not self._failed:
            self._log.write("run.no-beat", "warning", reason=reason)
        self._failed = reason is not None


def _ping(url: str) -> str | None:
    """What went wrong; None: nothing did."""
    import httpx2

    headers = {"user-agent": f"tracker/{__version__}"}
    try:
        response = httpx2.get(url, timeout=_TIMEOUT, headers=headers, follow_redirects=False)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        return str(error) or type(error).__name__
    return None if response.is_success else f"HTTP {response.status_code}"
