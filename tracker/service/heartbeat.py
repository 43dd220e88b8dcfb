"""A sign of life to a monitor outside, which alarms when none comes, or when it is told of trouble.

Monitors take a failure in two ways. Healthchecks.io and Better Stack have another address for it
(`…/fail`), to which a POST brings the reason; Uptime Kuma and Cronitor have it in the query of the
same (`?status=down&msg={reason}`, `?state=fail&message={reason}`), asked for with a GET. Of those
that have neither, the ping stays out.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from tracker import __version__
from tracker.config.watching import REASON, WatchSettings
from tracker.failures.exceptions import reason_of
from tracker.failures.http_status import place_of, reason_of_status
from tracker.i18n.reasons import Reason
from tracker.service.log import Log
from tracker.web.status import HealthReport

#: Seconds for a ping; a monitor that is down is no reason to be late.
_TIMEOUT = 10.0


class Heartbeat:
    """Pings the monitor while all is well, and tells it what is wrong where it can be told."""

    def __init__(
        self, settings: WatchSettings, report: Callable[[], HealthReport], log: Log
    ) -> None:
        self._settings = settings
        self._report = report
        self._log = log
        self._failed = False  #: whether the last ping did, which is logged once

    def beat(self) -> None:
        """One ping, of whichever kind fits."""
        report = self._report()
        url, wrong = self._settings.heartbeat, None
        if not report.is_well:
            url, wrong = self._settings.heartbeat_fail, report.text(self._log.language)
        if url is None:
            return
        reason = _ping(url, wrong)
        if reason is not None and not self._failed:
            self._log.write("run.no-beat", "warning", reason=reason)
        self._failed = reason is not None


def _ping(url: str, wrong: str | None) -> Reason | None:
    """What went wrong with that; None: nothing did. `wrong` is what the monitor is told."""
    import httpx2

    method, content = "GET", None
    if wrong is not None and REASON in url:
        url = url.replace(REASON, quote(wrong, safe=""))
    elif wrong is not None:
        method, content = "POST", wrong.encode()
    headers = {"user-agent": f"tracker/{__version__}"}
    if content is not None:
        headers["content-type"] = "text/plain; charset=utf-8"
    try:
        response = httpx2.request(
            method, url, content=content, timeout=_TIMEOUT, headers=headers, follow_redirects=False
        )
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        return reason_of(error, place_of(url), _TIMEOUT)
    if response.is_success:
        return None
    location = response.headers.get("location", "")
    return reason_of_status(response.status_code, "", url, location)
