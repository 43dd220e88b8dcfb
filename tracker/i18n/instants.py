"""An instant as it is stated and, where it differs, by the clock of who reads it.

Every place that tells an instant has it from here: a list and a page as it is stated first, a
message, which says beside it how far away it is, by the reader's clock first. A day is a day
wherever one reads: of it no clock is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from functools import cache
from typing import NamedTuple

from tracker.dates.instants import (
    LAST_MINUTE,
    Instant,
    Moment,
    day_in,
    instant,
    is_aoe_day,
    is_zone,
    zone_of,
)
from tracker.i18n.dates import days_in, long_day, long_moment
from tracker.i18n.translate import Language, catalogue, translate


class ReaderClock(NamedTuple):
    """By which clock a list is read."""

    zone: str
    now: datetime | None = None  #: None: the list is of another day than today

    def today(self, as_of: date) -> date:
        """The day from which it is counted how far away a day or an instant is."""
        return as_of if self.now is None else day_in(Instant(self.now, "UTC"), self.zone)


def moment_text(moment: Moment, language: Language, zone: str | None) -> str:
    """A moment as it is stated, and by the clock of who reads it in that zone; None: of nobody.

    >>> aoe = instant(date(2027, 1, 15), LAST_MINUTE, "AoE")
    >>> moment_text(aoe, "en", "America/Toronto")
    '15 January 2027 AoE, which is Saturday, 16 January 2027, 06:59 (America/Toronto)'
    >>> moment_text(date(2027, 1, 15), "en", "America/Toronto")
    '15 January 2027'
    """
    stated = long_moment(moment, language)
    own = own_clock_text(moment, language, zone)
    return stated if own is None else translate(language, "instant.and-own", stated=stated, own=own)


def own_clock_text(moment: Moment, language: Language, zone: str | None) -> str | None:
    """What the clocks of a zone show at an instant; None where they show what is stated."""
    own = _own_clock(moment, zone)
    if own is None:
        return None
    day, weekday = long_day(own.date(), language), catalogue(language)[f"weekday.{own.weekday()}"]
    values = {"clock": f"{own:%H:%M}", "zone": _zone_and_offset(own, zone)}
    if isinstance(moment, Instant) and own.date() == moment.local.date():
        return translate(language, "instant.own.same-day", **values)
    return translate(language, "instant.own", day=day, weekday=weekday, **values)


def _zone_and_offset(own: datetime, zone: str | None) -> str:
    """The zone's name; of a time that it shows twice that night with the offset, which tells it."""
    offset = doubled_offset(own)
    return f"{zone}, {offset}" if offset else f"{zone}"


def doubled_offset(own: datetime) -> str | None:
    """The offset of a time that its clock shows twice that night, as `UTC-04:00`; else None."""
    again = own.replace(fold=1 - own.fold)
    is_doubled = again.utcoffset() != own.utcoffset() and again.astimezone(UTC) != own
    return f"UTC{own.isoformat()[-6:]}" if is_doubled else None


def own_moment_text(moment: Moment, language: Language, zone: str) -> str:
    """A moment by the clock of who reads it in that zone, and as it is stated where that differs.

    >>> call = instant(date(2027, 1, 15), time(17), "Europe/Berlin")
    >>> own_moment_text(call, "en", "Asia/Tokyo")
    '16 January 2027, 01:00 (15 January 2027, 17:00 Europe/Berlin)'
    >>> own_moment_text(call, "en", "Europe/Paris")
    '15 January 2027, 17:00 (Europe/Berlin)'
    """
    own = _own_clock(moment, zone)
    if own is None or not isinstance(moment, Instant):
        return long_moment(moment, language)
    stated = _bare_moment(moment, language)
    day, clock = long_day(own.date(), language), f"{own:%H:%M}"
    return translate(language, "instant.own-and-stated", day=day, clock=clock, stated=stated)


def own_zone_text(moment: Moment, language: Language, zone: str) -> str:
    """A moment by the clock of who reads it in that zone, which is named, and by no other.

    >>> call = instant(date(2027, 1, 15), time(17), "Europe/Berlin")
    >>> own_zone_text(call, "en", "Asia/Tokyo")
    '16 January 2027, 01:00 (Asia/Tokyo)'
    """
    own = _own_clock(moment, zone)
    if own is None:
        return long_moment(moment, language)
    day, clock = long_day(own.date(), language), f"{own:%H:%M}"
    return translate(language, "instant", day=day, clock=clock, zone=_zone_and_offset(own, zone))


def own_clock_of(moment: Moment, zone: str) -> str | None:
    """The time of the day by the clock of that zone; None where there is none to tell.

    >>> own_clock_of(instant(date(2027, 1, 15), time(17), "Europe/Berlin"), "Asia/Tokyo")
    '01:00'
    """
    if not isinstance(moment, Instant):
        return None
    own = _own_clock(moment, zone)
    if own is None:
        return None if is_aoe_day(moment) else f"{moment.local:%H:%M}"
    offset = doubled_offset(own)
    return f"{own:%H:%M} {offset}" if offset else f"{own:%H:%M}"


def differs_in(moment: Moment, zone: str) -> bool:
    """Whether the clocks of that zone show something else than what is stated."""
    return _own_clock(moment, zone) is not None


def with_own_clock(text: str, language: Language, zone: str | None) -> str:
    """The text, with each instant in it as moment_text() tells it; without a zone the text.

    >>> with_own_clock("by 15 January 2027 AoE, or never", "en", "Asia/Tokyo")
    'by 15 January 2027 AoE, which is Saturday, 16 January 2027, 20:59 (Asia/Tokyo), or never'
    """
    parts: list[str] = []
    at = 0
    for begin, end, moment in () if zone is None else moments_in(text, language):
        parts += [text[at:begin], moment_text(moment, language, zone)]
        at = end
    return "".join([*parts, text[at:]]) if parts else text


def with_own_clock_alone(text: str, language: Language, zone: str) -> str:
    """The text, with each instant in it by the clock of who reads it in that zone, unnamed.

    >>> with_own_clock_alone("by 15 January 2027 AoE, or never", "en", "Asia/Tokyo")
    'by 16 January 2027, 20:59, or never'
    """
    parts: list[str] = []
    at = 0
    for begin, end, moment in moments_in(text, language):
        if (clock := own_clock_of(moment, zone)) is not None:
            day = long_day(day_in(moment, zone), language)
            parts += [text[at:begin], translate(language, "instant.subject", day=day, clock=clock)]
            at = end
    return "".join([*parts, text[at:]])


def moments_in(text: str, language: Language) -> Iterator[tuple[int, int, Instant]]:
    """Where instants stand in a sentence as long_moment() writes them."""
    timed, aoe = _tails(language)
    for begin, end, day in days_in(text, language):
        if match := timed.match(text, end):
            if is_zone(match["zone"]):
                clock = time.fromisoformat(match["clock"])
                yield begin, match.end(), instant(day, clock, match["zone"])
        elif match := aoe.match(text, end):
            yield begin, match.end(), instant(day, LAST_MINUTE, "AoE")


@cache
def _tails(language: Language) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What stands behind the day of an instant, and behind that of one anywhere on earth."""
    sentences = catalogue(language)
    timed, aoe = (
        re.escape(sentences[name].removeprefix("{day}")) for name in ("instant", "day.aoe")
    )
    holes = {"clock": "[0-9]{2}:[0-9]{2}", "zone": "[A-Za-z0-9_+/-]+"}
    for name, pattern in holes.items():
        timed = timed.replace(re.escape(f"{{{name}}}"), f"(?P<{name}>{pattern})")
    return re.compile(timed), re.compile(aoe + "(?![A-Za-z])")


def _bare_moment(moment: Instant, language: Language) -> str:
    """An instant as it is stated, to stand in brackets."""
    if is_aoe_day(moment):
        return long_moment(moment, language)
    local = moment.local
    day, clock = long_day(local.date(), language), f"{local:%H:%M}"
    return translate(language, "instant.bare", day=day, clock=clock, zone=moment.zone)


def _own_clock(moment: Moment, zone: str | None) -> datetime | None:
    """What the clocks of a zone show at an instant; None where that is what is stated, or a day.

    At the very edges of the calendar a zone may show a year that there is not.
    """
    if zone is None or not isinstance(moment, Instant):
        return None
    try:
        own, stated = moment.utc.astimezone(zone_of(zone)), moment.local
    except OverflowError:
        return None
    return None if own.replace(tzinfo=None) == stated.replace(tzinfo=None) else own
