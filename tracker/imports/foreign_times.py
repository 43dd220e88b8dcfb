"""Days, times and zones as other programs state them, as lines of events.toml."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from tracker.dates.instants import ambiguous_instants, instant, is_zone, zone_of
from tracker.dates.suggestions.zones import abbreviated_zones, zones_meant
from tracker.i18n.shell_words import shell_word
from tracker.imports.findings import Findings
from tracker.imports.foreign import ForeignPlace, Wishes

_MOMENT = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
    r"(?:[T ]+(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]+)?)?"
    r"(?: ?(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2}))?)?"
)
_OFFSET = re.compile(
    r"(?:UTC|GMT)? ?(?P<sign>[+\u2212-]) ?(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-9]{2}))?"
)
_FIRST_HOUR, _LAST_HOUR = -12, 14  # from UTC, that zones have


class StatedMoment(NamedTuple):
    """A day, and the time on it where one is stated."""

    day: date
    clock: time | None = None  #: to the minute
    has_seconds: bool = False  #: whether seconds were stated besides, and are none of a last minute
    offset: timedelta | None = None  #: from UTC, where it is stated


def moment_in(text: str) -> StatedMoment | None:
    """The day or time that a text is; None where it is none.

    >>> moment_in("2026-01-29 11:59:59").clock, moment_in("29 January")
    (datetime.time(11, 59), None)
    """
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        return None
    try:
        day = date(int(match["year"]), int(match["month"]), int(match["day"]))
        if match["hour"] is None:
            return StatedMoment(day)
        clock = time(int(match["hour"]), int(match["minute"]))
        second = int(match["second"] or 0)
        offset = None if match["offset"] is None else _stated_offset(match["offset"])
    except ValueError:
        return None
    if second > 59:
        return None
    return StatedMoment(day, clock, 0 < second < 59, offset)


def _stated_offset(text: str) -> timedelta:
    if text == "Z":
        return timedelta()
    size = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    if size > timedelta(hours=_LAST_HOUR):
        raise ValueError(text)
    return -size if text[0] == "-" else size


def argument(text: str) -> str:
    """As an argument of a command is printed: quoted where a shell would read it otherwise."""
    return text if re.fullmatch("[A-Za-z0-9_=/.:+-]+", text) else shell_word(text)


class ForeignZone(NamedTuple):
    """A zone by its name here; or one so far from UTC, of which there is no name."""

    name: str  #: an IANA name, UTC or AoE
    shift: timedelta = timedelta()  #: what its clocks are ahead of the zone of that name


def zone_stated(
    name: str, day: date, wishes: Wishes, findings: Findings, place: ForeignPlace
) -> ForeignZone | None:
    """The zone that a name means on that day. What means several is asked about: None then."""
    name = " ".join(name.split())[:60]
    answer = dict(wishes.columns).get(name)
    if answer is not None and is_zone(answer):
        return ForeignZone(answer)
    if fixed := fixed_zone(name):
        return fixed
    bare = name.removeprefix("Etc/")
    if is_zone(name):
        return ForeignZone(name)
    zones = abbreviated_zones(bare) or tuple(zone.write for zone in zones_meant(bare))
    if len(zones) == 1 and (
        bare.upper() in ("PT", "ET", "CT", "MT") or _is_called(bare, zones[0], day)
    ):
        return ForeignZone(zones[0])
    if zones:
        meanings = _with_fixed(zones, bare)
        answers = tuple(f"--map {argument(f'{name}={zone}')}" for zone in meanings)
        findings.ask("zone-name", (("zone", name),), answers, place)
    else:
        findings.leave_out(name, "unknown-zone", place)
    return None


def fixed_zone(name: str) -> ForeignZone | None:
    """AoE, UTC, UTC-12, GMT+5:30: so far from UTC all year."""
    if name.casefold() in ("aoe", "anywhere on earth"):
        return ForeignZone("AoE")
    if name.upper() in ("UTC", "GMT", "Z", "ETC/UTC", "UTC/GMT"):
        return ForeignZone("UTC")
    match = _OFFSET.fullmatch(name.upper())
    if match is None:
        return None
    ahead = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
    if match["sign"] != "+":
        ahead = -ahead
    if not timedelta(hours=_FIRST_HOUR) <= ahead <= timedelta(hours=_LAST_HOUR):
        return None
    hours, rest = divmod(ahead, timedelta(hours=1))
    if rest:
        return ForeignZone("UTC", ahead)
    if hours == _FIRST_HOUR:
        return ForeignZone("AoE")
    # The zones named Etc/GMT have their sign the other way round (POSIX).
    return ForeignZone(f"Etc/GMT{-hours:+}" if hours else "UTC")


def _is_called(name: str, zone: str, day: date) -> bool:
    """Whether its clocks go by that name on that day: EST is no name of a summer's in New York."""
    called = datetime.combine(day, time(12), zone_of(zone)).tzname()
    return called is not None and called.upper() == name.upper()


def _with_fixed(zones: tuple[str, ...], name: str) -> tuple[str, ...]:
    """Of one zone that has that name in the other half of the year: what the name says, besides."""
    fixed = {"EST": "Etc/GMT+5", "CST": "Etc/GMT+6", "MST": "Etc/GMT+7", "PST": "Etc/GMT+8"}
    also = fixed.get(name.upper())
    return (*zones[:4], *((also,) if also else ()))


def line_at(stated: StatedMoment, zone: ForeignZone) -> str | tuple[str, str]:
    """The line for a time in a zone; where its clocks show it twice or never, the two it may be.

    >>> line_at(moment_in("2026-01-29 23:59"), ForeignZone("AoE"))
    '2026-01-29 AoE'
    >>> line_at(moment_in("2026-01-29 04:00"), ForeignZone("UTC", timedelta(hours=5.5)))
    '2026-01-28 22:30 UTC'
    """
    if stated.clock is None:
        return f"{stated.day} AoE" if zone.name == "AoE" else stated.day.isoformat()
    day, clock = stated.day, stated.clock
    if zone.shift:
        moment = datetime.combine(day, clock, UTC) - zone.shift
        return f"{moment:%Y-%m-%d %H:%M} UTC"
    if zone.name == "AoE" and (clock.hour, clock.minute) == (23, 59):
        return f"{day} AoE"
    both = ambiguous_instants(day, clock, zone.name)
    if both is not None:
        return str(both[0]), str(both[1])
    return f"{day} {clock:%H:%M} {zone.name}"


_LENGTHS = (
    ("week", timedelta(weeks=1)),
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
)


def lead_of_length(length: timedelta) -> str | None:
    """So long before, as `reminders` has it; None: nothing of whole hours.

    >>> (
    ...     lead_of_length(timedelta(days=14)),
    ...     lead_of_length(timedelta(hours=1)),
    ...     lead_of_length(timedelta(0)),
    ... )
    ('2 weeks', '1 hour', None)
    """
    for name, unit in _LENGTHS:
        number, rest = divmod(length, unit)
        if not rest and 0 < number <= 99_999:
            return f"{number} {name}{'s' if number > 1 else ''}"
    return None


def line_of_instant(moment: datetime, zone: str | None) -> str:
    """The line for an instant: by that zone's clocks, else in UTC.

    >>> line_of_instant(datetime(2026, 12, 15, 13, 30, tzinfo=UTC), "Europe/Berlin")
    '2026-12-15 14:30 Europe/Berlin'
    """
    if zone is None or zone == "UTC":
        return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    local = moment.astimezone(zone_of(zone))
    again = instant(local.date(), local.time().replace(fold=0, second=0, microsecond=0), zone)
    if again.utc != moment.replace(second=0, microsecond=0):  # the second time round
        return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return f"{local:%Y-%m-%d %H:%M} {zone}"
