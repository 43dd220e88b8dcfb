"""The only place that asks what time it is."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from time import monotonic
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The day that it is now in that zone (an IANA name)."""
    return datetime.now(ZoneInfo(zone)).date()


def steady() -> float:
    """Seconds that only ever go forward, whatever is done to the clock; not while suspended."""
    return monotonic()


def machine_zone(now: datetime) -> str:
    """What this machine takes for its zone: TZ, else its name or its offset."""
    local = now.astimezone()
    return os.environ.get("TZ", "").removeprefix(":") or local.tzname() or f"{local:%:z}"
