"""Zones as calendars hold them: a VTIMEZONE of rules (RFC 5545, section 3.6.5).

Clients do not look a TZID up: they follow the rules beside it, and some (Outlook, for one) follow
only a yearly RRULE, not a list of dates. So a zone is written as the rules that it follows from
some year on; an instant before that, or in a zone without such rules, is written in UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

from tracker.dates.instants import Instant, Moment, zone_of

_FIRST, _LAST = 1970, 2100
#: A rule is read off these years, in which each date falls on each day of the week.
_SAMPLE = range(_LAST - 40, _LAST + 1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class _Onset(NamedTuple):
    """A change of the clocks: when, by the clocks as they were before, and from what to what."""

    local: datetime
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool


class ClockRule(NamedTuple):
    """A change of the clocks that comes every year."""

    first: _Onset
    month: int
    weekday: int  #: Monday is 0
    days: tuple[int, int]  #: of the month: the first and the last on which it falls


class ZoneRules(NamedTuple):
    """How a zone changes its clocks, from the beginning of a year on."""

    since: int
    rules: tuple[ClockRule, ...]  #: none: it never does
    offset: timedelta  #: where it never does: the one that it has
    name: str


def zone_in(moment: Moment | None) -> str | None:
    """The zone by whose rules an entry writes that moment; None: in UTC, or it is a day."""
    if not isinstance(moment, Instant) or moment.zone in ("UTC", "AoE"):
        return None
    local = moment.local
    # Of an hour that comes twice, the second cannot be written with a TZID (section 3.3.5).
    rules = rules_of(moment.zone)
    is_covered = rules is not None and rules.since <= local.year <= _LAST and not local.fold
    return moment.zone if is_covered else None


@lru_cache(maxsize=64)
def rules_of(name: str) -> ZoneRules | None:
    """The rules of a zone; None where it has none that would hold till 2100."""
    zone = zone_of(name)
    sample = [_onsets(zone, year) for year in _SAMPLE]
    if len({len(onsets) for onsets in sample}) != 1:
        return None
    series = list(zip(*sample, strict=True))
    if not all(map(_is_regular, series)):
        return None
    since = _SAMPLE[0]
    while since > _FIRST and all(
        _fits(onset, yearly)
        for onset, yearly in zip(_onsets(zone, since - 1), series, strict=False)
    ):
        if len(_onsets(zone, since - 1)) != len(series) or not _joins(zone, since - 1):
            break
        since -= 1
    rules = tuple(
        ClockRule(onset, yearly[0].local.month, yearly[0].local.weekday(), _days(yearly))
        for onset, yearly in zip(_onsets(zone, since), series, strict=True)
    )
    late = datetime(_LAST, 7, 1, tzinfo=zone)
    # The year in which the rules begin has a part before the first of them.
    return ZoneRules(since + 1, rules, late.utcoffset() or timedelta(), late.tzname() or name)


def _joins(zone: tzinfo, year: int) -> bool:
    """Whether that year ends with the offset with which the next begins."""
    end = datetime(year, 12, 31, 12, tzinfo=zone).utcoffset()
    return end == datetime(year + 1, 1, 1, 12, tzinfo=zone).utcoffset()


def _onsets(zone: tzinfo, year: int) -> list[_Onset]:
    """The changes of the clocks in a year."""
    first = datetime(year, 1, 1, tzinfo=UTC)
    days = [first + timedelta(days=at) for at in range(367)]
    onsets = []
    for before, after in pairwise(days):
        if before.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            onset = _onset(zone, before, after)
            if onset.local.year == year:
                onsets.append(onset)
    return onsets


def _onset(zone: tzinfo, before: datetime, after: datetime) -> _Onset:
    """The change of the clocks between two instants, found to the second."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    there = after.astimezone(zone)
    offset, new = old or timedelta(), there.utcoffset() or timedelta()
    clocks = (after + offset).replace(tzinfo=None)
    # Clocks that go forward are what clients take for summer, whatever a zone calls it (Dublin).
    return _Onset(clocks, offset, new, there.tzname() or "", new > offset)


def _is_regular(yearly: Sequence[_Onset]) -> bool:
    first, last = _days(yearly)
    return last - first <= 6 and all(_fits(onset, yearly) for onset in yearly)


def _fits(onset: _Onset, yearly: Sequence[_Onset]) -> bool:
    """Whether a change of the clocks belongs to that yearly series."""
    model, (first, last) = yearly[0], _days(yearly)
    is_same = onset._replace(local=model.local) == model
    local = onset.local
    return (
        is_same
        and (local.month, local.weekday(), local.time())
        == (model.local.month, model.local.weekday(), model.local.time())
        and first <= local.day <= last
    )


def _days(yearly: Sequence[_Onset]) -> tuple[int, int]:
    days = [onset.local.day for onset in yearly]
    return min(days), max(days)


@lru_cache(maxsize=64)
def timezone_component(name: str) -> Timezone:
    """The VTIMEZONE of a zone that has rules."""
    rules = rules_of(name)
    if rules is None:
        raise ValueError(f"{name} has no rules")
    zone = Timezone()
    zone.add("TZID", name)
    if not rules.rules:
        still = TimezoneStandard()
        still.add("DTSTART", datetime(_FIRST, 1, 1))  # noqa: DTZ001 - by the zone's own clocks
        still.add("TZOFFSETFROM", rules.offset)
        still.add("TZOFFSETTO", rules.offset)
        still.add("TZNAME", rules.name)
        zone.add_component(still)
    for rule in rules.rules:
        part = TimezoneDaylight() if rule.first.is_summer else TimezoneStandard()
        part.add("DTSTART", rule.first.local)
        part.add("TZOFFSETFROM", rule.first.before)
        part.add("TZOFFSETTO", rule.first.after)
        part.add("TZNAME", rule.first.name)
        part.add("RRULE", _yearly(rule))
        zone.add_component(part)
    return zone


def _yearly(rule: ClockRule) -> vRecur:
    """The rule as an RRULE: the nth or the last such day of the month, where it is one."""
    first, last = rule.days
    weekday = _WEEKDAYS[rule.weekday]
    parts: dict[str, object] = {"FREQ": "YEARLY", "BYMONTH": rule.month}
    if last == _length(rule.month) and last - first == 6:
        return vRecur(parts, BYDAY=f"-1{weekday}")
    if first % 7 == 1 and last - first == 6:
        return vRecur(parts, BYDAY=f"{first // 7 + 1}{weekday}")
    return vRecur(parts, BYMONTHDAY=list(range(first, last + 1)), BYDAY=weekday)


def _length(month: int) -> int:
    """How many days a month has in most years."""
    return (date(2100 + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
