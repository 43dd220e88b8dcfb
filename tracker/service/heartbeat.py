"""A sign of life to a monitor outside, which alarms when none comes, or when it is told of trouble.

Monitors take a failure in two ways. Healthchecks.io and Better Stack have another address for it
(`…/fail`), to which a POST brings the reason; Uptime Kuma and Cronitor have it in the query of the
same (`?status=down&msg={reason}`, `?state=fail&message={reason}`), asked for with a GET. Of those
that have neither, the ping stays out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

from tracker import __version__
from tracker.config.watching import REASON, WatchSettings
from tracker.failures.exceptions import reason_of
from tracker.failures.http_status import place_of, reason_of_status
from tracker.i18n.reasons import Reason
from tracker.service.log import Log
from tracker.web.status import HealthReport

if TYPE_CHECKING:
    import httpx2

#: Seconds for a ping, its answer among them; a monitor that is down is no reason to be late.
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
        request = httpx2.Request(method, url, content=content, headers=headers)
        status, location = asyncio.run(_answer_to(request))
    except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError) as error:
        return reason_of(error, place_of(url), _TIMEOUT)
    if 200 <= status < 300:
        return None
    return reason_of_status(status, "", url, location)


async def _answer_to(request: httpx2.Request) -> tuple[int, str]:
    """The status and where it leads; what stands below is not read, it may be without end."""
    import httpx2

    async with asyncio.timeout(_TIMEOUT), httpx2.AsyncClient(timeout=_TIMEOUT) as client:
        answer = await client.send(request, stream=True, follow_redirects=False)
        await answer.aclose()
        return answer.status_code, answer.headers.get("location", "")
