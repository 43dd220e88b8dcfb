"""How it is watched from outside: when /healthz fails, and which monitor hears of it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, NamedTuple

from tracker.config.keys import keys_of
from tracker.config.variables import from_environment
from tracker.dates.diagnostics import Diagnostic
from tracker.files.links import with_small_scheme
from tracker.files.problems import KeyPath
from tracker.files.values import Reader

#: A mail server that is started anew at night wakes nobody; a deadline of that day is still told.
OUTAGE = timedelta(hours=1)
NEVER = "never"
#: Where the reason goes in an address that is asked for with a GET.
REASON = "{reason}"
_LENGTH = re.compile(r"([0-9]{1,4}) (minute|hour|day)s?")


class WatchSettings(NamedTuple):
    """What [health] and [heartbeat] say."""

    fail_after: timedelta | None = OUTAGE  #: what is undelivered for longer is no health; or never
    heartbeat: str | None = None  #: the address that is asked for while all is well
    heartbeat_fail: str | None = None  #: the one that is asked for otherwise; None: none is

    @property
    def outage(self) -> timedelta:
        """For how long something is missed before anybody is told of it elsewhere."""
        return OUTAGE if self.fail_after is None else self.fail_after


def read_watch_settings(data: dict[str, Any], reader: Reader, sends: bool) -> WatchSettings:
    """What those tables say; what is missing in the environment matters only to who sends."""
    health = reader.table(data.get("health", {}), ("health",))
    reader.keys(health, ("health",), keys_of("health"))
    fail_after: timedelta | None = OUTAGE
    if "fail_after" in health:
        fail_after = _length(health["fail_after"], ("health", "fail_after"), reader)
    beat = reader.table(data.get("heartbeat", {}), ("heartbeat",))
    reader.keys(beat, ("heartbeat",), keys_of("heartbeat"))
    if "fail" in beat and "url" not in beat:
        reader.report(Diagnostic("missing-key", values=(("key", "url"),)), ("heartbeat",))
    url, fail = (
        _address(beat[key], ("heartbeat", key), reader, sends) if key in beat else None
        for key in ("url", "fail")
    )
    return WatchSettings(fail_after, url, fail)


def _length(value: object, path: KeyPath, reader: Reader) -> timedelta | None:
    """`1 hour`, `30 minutes`, `2 days`; None: never."""
    if value is False or value == NEVER:
        return None
    match = _LENGTH.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if match is None or not int(match[1]):
        reader.report(Diagnostic("bad-fail-after"), path)
        return OUTAGE
    return timedelta(**{f"{match[2]}s": int(match[1])})


def _address(value: object, path: KeyPath, reader: Reader, sends: bool) -> str | None:
    text, _ = from_environment(value, path, reader, sends)
    return None if text is None else reader.url(with_small_scheme(text), path)
