"""Zones by the names that calendar programs have for them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tracker.dates.instants import is_zone
from tracker.dates.suggestions.zones import zones_meant
from tracker.imports.calendars.components import Component

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: So many years from the one of the view on, a zone of a calendar's own is held against others.
_YEARS = 3
#: So many names are looked up; no calendar has more zones than the world.
_MOST_NAMES = 100
#: Which zones it is held against first: of those with the same clocks the best known is written.
_USUAL = (
    "UTC", "Europe/London", "Europe/Berlin", "Europe/Athens", "Europe/Moscow", "Europe/Istanbul",
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix",
    "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu", "America/Halifax",
    "America/St_Johns", "America/Sao_Paulo", "America/Argentina/Buenos_Aires", "America/Bogota",
    "America/Caracas", "Africa/Lagos", "Africa/Johannesburg", "Africa/Cairo", "Asia/Jerusalem",
    "Asia/Dubai", "Asia/Tehran", "Asia/Karachi", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Dhaka",
    "Asia/Yangon", "Asia/Bangkok", "Asia/Shanghai", "Asia/Tokyo", "Australia/Perth",
    "Australia/Darwin", "Australia/Adelaide", "Australia/Brisbane", "Australia/Sydney",
    "Pacific/Noumea", "Pacific/Auckland", "Pacific/Tongatapu", "Atlantic/Azores",
)  # fmt: skip


class UnknownZone(Exception):
    """A zone's name says nothing, and its file says too little of it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Zones:
    """The zones of one file, each looked up once."""

    def __init__(
        self, parts: Iterable[Component], year: int, own: str, said: Mapping[str, str]
    ) -> None:
        """`own` is the zone of the calendar, if any; `said` what the call says of names."""
        self._parts = {part.value("TZID").strip('"'): part for part in parts}
        self._year = year
        self._said = said
        self._known: dict[str, str] = {}
        self._own_name = own
        self.like: dict[str, str] = {}  #: zones of its own, and those whose clocks agree with them
        self.own = self._own(own)
        self.floating = self.own
        #: By whose clocks an instant is written: its own, else those of the only one it describes.
        self.clocks = self.own or (
            self._own(next(iter(self._parts))) if len(self._parts) == 1 else ""
        )

    def _own(self, name: str) -> str:
        try:
            return self.name_of(name) if name else ""
        except UnknownZone:
            return ""

    def name_of(self, name: str) -> str:
        """The zone by a name of the zone database; raises UnknownZone."""
        known = self._known.get(name)
        if known is None and len(self._known) >= _MOST_NAMES:
            raise UnknownZone(name)
        if known is None:
            known = self._known[name] = self._look_up(name)
        if not known:
            raise UnknownZone(name)
        return known

    def _look_up(self, name: str) -> str:
        if name in self._said:
            return self._said[name] if is_zone(self._said[name]) else ""
        part = self._parts.get(name)
        stated = [name, *_tails(name)]
        if part is not None:
            stated += [part.value("X-LIC-LOCATION"), part.value("X-MICROSOFT-CDO-TZID")]
        for text in stated:
            if text and is_zone(text):
                return text
        meant = zones_meant(name)
        if len(meant) == 1:
            return meant[0].write
        if part is None:
            return ""
        like = _zone_like(part, self._year, [zone.write for zone in meant])
        if like:
            self.like[name] = like
        return like


def _tails(name: str) -> list[str]:
    """`/mozilla.org/20050126_1/Europe/Berlin` is Europe/Berlin."""
    parts = name.strip("/").split("/")
    return ["/".join(parts[-size:]) for size in (3, 2) if len(parts) > size]


def _zone_like(part: Component, year: int, meant: list[str]) -> str:
    """The zone whose clocks go as a calendar's own says; empty: there is none."""
    rules = _Rules(part)
    if not rules.observances:
        return ""
    samples = rules.samples(year)
    for name in dict.fromkeys((*meant, *_USUAL)):
        zone = ZoneInfo(name)
        if all(local.replace(tzinfo=zone).utcoffset() == offset for local, offset in samples):
            return name
    return ""


class _Rules:
    """The observances of a VTIMEZONE (RFC 5545, section 3.6.5)."""

    def __init__(self, part: Component) -> None:
        offsets = ((inner, _offset(inner.value("TZOFFSETTO"))) for inner in part.parts)
        self.observances = [(inner, offset) for inner, offset in offsets if offset is not None]

    def samples(self, year: int) -> list[tuple[datetime, timedelta]]:
        """Noon of each day of some years, with what the clocks are then ahead of UTC."""
        changes: list[tuple[datetime, timedelta]] = []
        for inner, offset in self.observances:
            changes += [(moment, offset) for moment in _onsets(inner, year - 1, year + _YEARS)]
        changes.sort()
        samples = []
        noon, at = datetime.combine(date(year, 1, 1), time(12)), -1
        while noon.year < year + _YEARS:
            while at + 1 < len(changes) and changes[at + 1][0] <= noon:
                at += 1
            if at >= 0:
                samples.append((noon, changes[at][1]))
            noon += timedelta(days=1)
        return samples


def _onsets(inner: Component, first: int, last: int) -> list[datetime]:
    """When an observance begins: by its rule, its own beginning, and its dates."""
    from tracker.dates.diagnostics import LineError
    from tracker.dates.recurrence_parser import parse_rule

    start = _naive(inner.value("DTSTART"))
    if start is None:
        return []
    onsets = [start]
    for dates in inner.properties.get("RDATE", ())[:100]:
        onsets += filter(None, map(_naive, dates.value.split(",")[:100]))
    if rule_text := inner.value("RRULE"):
        try:
            rule = parse_rule(rule_text)
        except LineError:
            return onsets
        for day in rule.after(start.date(), max(start.date(), date(first, 1, 1))):
            if day.year > last:
                break
            onsets.append(datetime.combine(day, start.time()))
    return onsets


def _naive(text: str) -> datetime | None:
    try:
        return datetime.strptime(text[:15], "%Y%m%dT%H%M%S")  # noqa: DTZ007 - by clocks of no zone
    except ValueError:
        return None


def _offset(text: str) -> timedelta | None:
    digits = text[1:]
    if text[:1] not in ("+", "-") or len(digits) not in (4, 6) or not digits.isdecimal():
        return None
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]))
    return -size if text[0] == "-" else size
