"""The only place that asks what time it is."""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime
from time import monotonic
from warnings import catch_warnings, simplefilter

from tracker.dates.instants import is_zone, zone_of

#: UTC by its other names in the zone database.
_UTC = frozenset(
    ("", "GMT", "GMT0", "UCT", "Zulu", "Universal", "Greenwich", "Etc/UTC", "Etc/UCT", "Etc/GMT",
     "Etc/GMT0", "Etc/Universal", "Etc/Zulu", "Etc/Greenwich")
)  # fmt: skip
#: A name of its own and how far it is: `JST-9`, `<+09>-9`.
_OFFSET = re.compile(
    r"(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)(?P<sign>[+-]?)0?(?P<hours>[0-9]{1,2})(?::00){0,2}"
)


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The day that it is now in that zone (an IANA name)."""
    return datetime.now(zone_of(zone)).date()


def steady() -> float:
    """Seconds that only ever go forward, whatever is done to the clock; not while suspended."""
    return monotonic()


def machine_day(now: datetime) -> date:
    """The day on this machine's own clock."""
    return now.astimezone().date()


def zone_name() -> str | None:
    """The name of this machine's zone, as its user set it; None where it has none that is known.

    So it is with a rule (`CET-1CEST,M3.5.0,M10.5.0/3`, POSIX.1-2024, 8.3): no zone's own name.
    """
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
    named = named.removeprefix("posix/").removeprefix("right/")
    if offset := _OFFSET.fullmatch(named):  # west of Greenwich as in the names of Etc, not as ISO's
        sign, hours = offset["sign"] or "+", int(offset["hours"])
        named = f"Etc/GMT{sign}{hours}" if hours else "UTC"
    if named in _UTC:
        return "UTC"
    return named if _is_in_database(named) else None


def _is_in_database(name: str) -> bool:
    """Whether it is a zone there: also `EST5EDT` and `Japan`, by which no file may name one."""
    from zoneinfo import ZoneInfo  # what asks for no zone does not wait for it

    try:
        if is_zone(name):
            return name != "AoE"
        return name not in ("localtime", "posixrules", "Factory") and bool(ZoneInfo(name))
    except (OSError, ValueError, KeyError):
        return False


def machine_zone(now: datetime) -> str:
    """What this machine takes for its zone: TZ, else its name or its offset."""
    local = now.astimezone()
    return os.environ.get("TZ", "").removeprefix(":") or local.tzname() or f"{local:%:z}"
