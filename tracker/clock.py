"""The only place that asks what time it is."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from time import monotonic
from warnings import catch_warnings, simplefilter
from zoneinfo import ZoneInfo

from tracker.dates.instants import is_zone


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The day that it is now in that zone (an IANA name)."""
    return datetime.now(ZoneInfo(zone)).date()


def steady() -> float:
    """Seconds that only ever go forward, whatever is done to the clock; not while suspended."""
    return monotonic()


def zone_name() -> str | None:
    """The name of this machine's zone, as its user set it; None where it has none that is known."""
    named = os.environ.get("TZ")
    if named is None:
        from tzlocal import get_localzone_name

        try:
            with catch_warnings():
                simplefilter("ignore")  # of a machine that says nothing of its zone
                named = get_localzone_name()
        except (OSError, ValueError, KeyError):
            return None
    named = named.removeprefix(":").rpartition("zoneinfo/")[2]
    if named in ("", "GMT", "Etc/UTC", "Etc/GMT", "Etc/Universal", "Etc/Zulu", "Zulu"):
        return "UTC"
    return named if is_zone(named) and named != "AoE" else None


def machine_zone(now: datetime) -> str:
    """What this machine takes for its zone: TZ, else its name or its offset."""
    local = now.astimezone()
    return os.environ.get("TZ", "").removeprefix(":") or local.tzname() or f"{local:%:z}"
