"""Days and instants, side by side: what a point can fall on.

A day is a day wherever one stands. An instant knows the zone in which it was stated, so that its
wall clock can be kept. Where the two are compared, the day counts as its end in the file's zone.
"""

from __future__ import annotations

import errno
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple, TypeAlias

AOE = timezone(timedelta(hours=-12), "AoE")  # anywhere on earth: the last zone to end a day
LAST_MINUTE = time(23, 59)  # by which a day of AoE is written: all of it, anywhere on earth
#: What opening the file of a zone says of its name alone: there is none, or it is no file.
_NO_FILE_OF_A_ZONE = (
    errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.EINVAL, errno.EACCES,
    errno.ELOOP,
)  # fmt: skip
_LAST = datetime.max.replace(tzinfo=UTC)


class Instant(NamedTuple):
    """A moment of time, and the zone whose clocks it was stated by."""

    utc: datetime  #: aware, in UTC
    zone: str  #: an IANA name, UTC or AoE

    @property
    def local(self) -> datetime:
        """As the clocks of its zone show it."""
        return self.utc.astimezone(zone_of(self.zone))

    def isoformat(self) -> str:
        """As RFC 3339 (section 5.6) writes it, with the offset of its zone.

        >>> instant(date(2028, 3, 15), time(23, 59), "AoE").isoformat()
        '2028-03-15T23:59:00-12:00'
        """
        local = self.local
        offset = local.utcoffset()
        if offset and offset % timedelta(minutes=1):  # before 1900 some zones count seconds
            local = self.utc
        return local.isoformat(timespec="seconds")

    def __str__(self) -> str:
        """As a line writes it: `2028-03-15 23:59 AoE`."""
        local = self.local
        return f"{local.date()} {local:%H:%M} {self.zone}"


class UnstatedInstant(Instant):
    """An instant that no line states: it was computed or recorded. It equals one that is stated."""

    __slots__ = ()


#: What a point falls on.
Moment: TypeAlias = date | Instant


@lru_cache(maxsize=64)
def zone_of(name: str) -> tzinfo:
    """The zone of that name; raises KeyError or ValueError where there is none."""
    if name == "UTC":
        return UTC
    if name == "AoE":
        return AOE
    from zoneinfo import ZoneInfo  # only what states times pays for it

    return ZoneInfo(name)


def is_zone(name: str) -> bool:
    """Whether it names a zone: UTC, AoE, or an IANA name with a "/" in it.

    Raises OSError where that cannot be looked up now: too many files are open, a disk fails.
    """
    if name in ("UTC", "AoE"):
        return True
    if "/" not in name or name.startswith(("posix/", "right/")):
        return False
    try:
        return bool(zone_of(name))
    except (ValueError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return False
    except OSError as error:
        if error.errno not in _NO_FILE_OF_A_ZONE:
            raise
        return False


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """Every name that is_zone() takes."""
    from zoneinfo import available_timezones

    return ("AoE", *sorted(name for name in available_timezones() if "/" in name or name == "UTC"))


def instant(day: date, clock: time, zone: str) -> Instant:
    """The instant at which the zone's clocks show that time on that day.

    A time that the zone skips goes forward by what was skipped, of one that comes twice the first
    is taken (PEP 495 with fold 0).

    >>> instant(date(2028, 3, 26), time(2, 30), "Europe/Berlin").isoformat()
    '2028-03-26T03:30:00+02:00'

    Raises OverflowError outside the years 0001 to 9999 in UTC.
    """
    return Instant(datetime.combine(day, clock, zone_of(zone)).astimezone(UTC), zone)


def ambiguous_instants(day: date, clock: time, zone: str) -> tuple[Instant, Instant] | None:
    """The two instants that a skipped or doubled time could mean; None where it is one.

    >>> print(*ambiguous_instants(date(2028, 3, 26), time(2, 30), "Europe/Berlin"), sep=", ")
    2028-03-26 03:30 Europe/Berlin, 2028-03-26 01:30 Europe/Berlin
    """
    first = datetime.combine(day, clock, zone_of(zone))
    second = first.replace(fold=1)
    if first.utcoffset() == second.utcoffset():
        return None
    return Instant(first.astimezone(UTC), zone), Instant(second.astimezone(UTC), zone)


def start_of_day(day: date, zone: str) -> datetime:
    """The first instant of the day in that zone, in UTC."""
    try:
        return instant(day, time(), zone).utc
    except OverflowError:
        return datetime.combine(day, time(), UTC)


def end_of_day(day: date, zone: str) -> datetime:
    """The first instant, in UTC, that is no longer of the day in that zone."""
    return _LAST if day == date.max else start_of_day(day + timedelta(days=1), zone)


def day_in(moment: Moment, zone: str) -> date:
    """The day that the moment belongs to in that zone; a day is itself anywhere."""
    if not isinstance(moment, Instant):
        return moment
    try:
        return moment.utc.astimezone(zone_of(zone)).date()
    except OverflowError:  # at the very edges of the calendar
        return moment.utc.date()


def is_behind(moment: Moment, zone: str, as_of: date, now: datetime | None) -> bool:
    """Whether it lies before a view: an instant before `now`, where the view is of one."""
    if now is not None and isinstance(moment, Instant):
        return moment.utc <= now
    return day_in(moment, zone) < as_of


def has_passed(moment: Moment | None, now: datetime, zone: str) -> bool:
    """Whether it is behind who reads it in that zone: an instant at once, a day with its end."""
    if isinstance(moment, Instant):
        return moment.utc <= now
    return moment is not None and end_of_day(moment, zone) <= now


def local_day(moment: Moment) -> date:
    """The day on the clocks by which the moment was stated."""
    return moment.local.date() if isinstance(moment, Instant) else moment


def civil_day(moment: Moment, zone: str) -> date:
    """The day of a moment without its time; `zone` is the file's.

    Of an instant that a line states, by the clocks of its zone, else by those of the file's.
    """
    stated = isinstance(moment, Instant) and not isinstance(moment, UnstatedInstant)
    return local_day(moment) if stated else day_in(moment, zone)


def is_aoe_day(moment: Moment | None) -> bool:
    """Whether it is the end of a day anywhere on earth: `2028-03-15 AoE`."""
    if not isinstance(moment, Instant) or moment.zone != "AoE":
        return False
    return moment.local.time() == LAST_MINUTE


def shown_day(moment: Moment, zone: str) -> date:
    """The day under which it is shown: of a day anywhere on earth that day, wherever one reads.

    >>> shown_day(instant(date(2028, 3, 15), LAST_MINUTE, "AoE"), "Asia/Tokyo")
    datetime.date(2028, 3, 15)
    """
    return local_day(moment) if is_aoe_day(moment) else day_in(moment, zone)
