"""Days, times and lengths of a calendar file (RFC 5545, sections 3.3.4 to 3.3.6)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tracker.imports.calendars.components import Property
from tracker.imports.calendars.zones import Zones

_DURATION = re.compile(
    r"(?P<sign>[+-]?)P(?:(?P<weeks>[0-9]{1,5})W)?(?:(?P<days>[0-9]{1,6})D)?"
    r"(?:T(?:(?P<hours>[0-9]{1,6})H)?(?:(?P<minutes>[0-9]{1,7})M)?(?:(?P<seconds>[0-9]{1,8})S)?)?"
)


class Time(NamedTuple):
    """A day, or a day with its time in a zone; no zone: by the clock of who reads it.

    A whole day has a zone where its program writes it from midnight to midnight there.
    """

    day: date
    clock: str = ""  #: "09:00"; empty: a whole day
    zone: str = ""
    has_seconds: bool = False

    @property
    def line(self) -> str:
        """As a line of events.toml has it."""
        if not self.clock:
            return self.day.isoformat()
        return f"{self.day.isoformat()} {self.clock}{' ' if self.zone else ''}{self.zone}"

    @property
    def naive(self) -> datetime:
        """By the clocks of its zone."""
        return datetime.fromisoformat(f"{self.day.isoformat()} {self.clock or '00:00'}")

    def later_by(self, length: timedelta) -> Time:
        """So much later by the same clocks. Raises OverflowError beyond the calendar."""
        later = self.naive + length
        clock = later.strftime("%H:%M") if self.clock else ""
        return Time(later.date(), clock, self.zone)


class NoTime(ValueError):
    """It is no day and no time of the calendar."""


def time_of(stated: Property, zones: Zones) -> Time:
    """The day or time of a property; raises NoTime, UnknownZone."""
    return time_in(stated.value.strip(), stated.parameter("TZID"), zones)


def time_in(value: str, zone: str, zones: Zones) -> Time:
    """The same of one of several values."""
    try:
        if len(value) == 8:
            return Time(date(int(value[:4]), int(value[4:6]), int(value[6:])))
        is_utc = value.endswith(("Z", "z"))
        digits = value[:-1] if is_utc else value
        if len(digits) != 15 or digits[8] not in "Tt" or not (digits[:8] + digits[9:]).isdecimal():
            raise NoTime(value)
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
        hour, minute, second = int(digits[9:11]), int(digits[11:13]), int(digits[13:])
        if hour > 23 or minute > 59 or second > 60:
            raise NoTime(value)
        has_seconds = 0 < second < 59  # the last second of a minute ends with it
        if is_utc:
            utc = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
            return _from_utc(utc, zones)._replace(has_seconds=has_seconds)
        name = zones.name_of(zone) if zone else zones.floating
        return Time(day, f"{hour:02}:{minute:02}", name, has_seconds)
    except (ValueError, OverflowError) as error:
        if isinstance(error, NoTime):
            raise
        raise NoTime(value) from None


def _from_utc(instant: datetime, zones: Zones) -> Time:
    """The instant by the clocks of the calendar's own zone, where it names one."""
    if not zones.clocks or zones.clocks == "UTC":
        return Time(instant.date(), instant.strftime("%H:%M"), "UTC")
    local = instant.astimezone(_zone(zones.clocks))
    if local.second:  # local mean time of the nineteenth century
        return Time(instant.date(), instant.strftime("%H:%M"), "UTC")
    return Time(local.date(), local.strftime("%H:%M"), zones.clocks)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def by_clocks_of(time: Time, zone: str) -> Time:
    """The same instant by the clocks of another zone; a day, or what has none, as it is."""
    if not time.clock or not time.zone or not zone or time.zone == zone:
        return time
    try:
        local = time.naive.replace(tzinfo=_zone(time.zone)).astimezone(_zone(zone))
    except (OverflowError, ValueError, KeyError):
        return time
    return Time(local.date(), local.strftime("%H:%M"), zone)


def duration_in(text: str) -> timedelta | None:
    """A length; None where it is none.

    >>> duration_in("P1DT2H"), duration_in("-PT15M"), duration_in("P")
    (datetime.timedelta(days=1, seconds=7200), datetime.timedelta(days=-1, seconds=85500), None)
    """
    match = _DURATION.fullmatch(text.strip().upper())
    if match is None or not any(match.group(*range(2, 7))):
        return None
    parts = {
        name: int(value) for name, value in match.groupdict().items() if name != "sign" and value
    }
    length = timedelta(**parts)
    return -length if match["sign"] == "-" else length
