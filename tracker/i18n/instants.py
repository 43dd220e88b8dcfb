"""An instant as it is stated and, where it differs, by the clock of who reads it.

Every place that tells an instant has it from here: a list and a page as it is stated first, a
message, which says beside it how far away it is, by the reader's clock first. A day is a day
wherever one reads: of it no clock is told.
"""

from __future__ import annotations

from datetime import UTC, datetime

from tracker.dates.instants import Instant, Moment, is_aoe_day, zone_of
from tracker.i18n.dates import long_day, long_moment
from tracker.i18n.translate import Language, catalogue, translate


def moment_text(moment: Moment, language: Language, zone: str | None) -> str:
    """A moment as it is stated, and by the clock of who reads it in that zone; None: of nobody.

    >>> from datetime import date
    >>> from tracker.dates.instants import LAST_MINUTE, instant
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
    values = {"day": day, "weekday": weekday, "clock": f"{own:%H:%M}"}
    return translate(language, "instant.own", zone=_zone_and_offset(own, zone), **values)


def _zone_and_offset(own: datetime, zone: str | None) -> str:
    """The zone's name; of a time that it shows twice that night with the offset, which tells it."""
    again = own.replace(fold=1 - own.fold)
    is_doubled = again.utcoffset() != own.utcoffset() and again.astimezone(UTC) != own
    return f"{zone}, UTC{own.isoformat()[-6:]}" if is_doubled else f"{zone}"


def own_moment_text(moment: Moment, language: Language, zone: str) -> str:
    """A moment by the clock of who reads it in that zone, and as it is stated where that differs.

    >>> from datetime import date, time
    >>> from tracker.dates.instants import instant
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
