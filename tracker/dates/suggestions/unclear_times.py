"""Times that a zone skips or has twice, and what could be meant by them."""

from __future__ import annotations

from datetime import date, datetime, time

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.expressions import Span
from tracker.dates.instants import Instant, ambiguous_instants, instant, zone_of
from tracker.dates.tokens import collapse_spaces

#: What the database of zones has under the English letters.
_ENGLISH = {"MEZ": "CET", "MESZ": "CEST"}


def unclear(text: str, day: date, clock: time, zone: str, span: Span) -> Diagnostic | None:
    """A time that the zone skips or has twice, or that lies outside the calendar."""
    try:
        instant(day, clock, zone)
        two = ambiguous_instants(day, clock, zone)
    except OverflowError:
        return Diagnostic("off-calendar", span)
    return unclear_time(text, span, two) if two else None


def unclear_time(text: str, span: Span, two: tuple[Instant, Instant]) -> Diagnostic:
    """A stated time that its zone skips or has twice: the two instants that it could mean.

    Of a skipped time both have a wall clock of their own there; of a doubled one only UTC tells
    them apart.
    """
    first, second = two
    doubled = first.local.replace(tzinfo=None) == second.local.replace(tzinfo=None)
    zone = first.zone
    if doubled:
        first, second = Instant(first.utc, "UTC"), Instant(second.utc, "UTC")
    suggestions = tuple(
        Suggestion(collapse_spaces(f"{text[: span[0]]}{moment}{text[span[1] :]}"))
        for moment in (first, second)
    )
    return Diagnostic(
        "doubled-time" if doubled else "skipped-time", span, (("zone", zone),), suggestions
    )


def instant_by_abbreviation(day: date, clock: time, zone: str, short: str) -> Instant | None:
    """Of the two instants of an unclear time, the one of which the zone's clocks say that.

    None where the time is clear, and where they say it of neither.

    >>> print(instant_by_abbreviation(date(2027, 10, 31), time(2, 30), "Europe/Berlin", "CET"))
    2027-10-31 01:30 UTC
    >>> print(instant_by_abbreviation(date(2027, 3, 28), time(2, 30), "Europe/Berlin", "CET"))
    2027-03-28 03:30 Europe/Berlin
    """
    try:
        two = ambiguous_instants(day, clock, zone)
    except OverflowError:
        return None
    for fold, moment in enumerate(two or ()):
        stated = datetime.combine(day, clock, zone_of(zone)).replace(fold=fold)
        if stated.tzname() == _ENGLISH.get(short.upper(), short.upper()):
            is_doubled = moment.local.replace(tzinfo=None) == stated.replace(tzinfo=None)
            return Instant(moment.utc, "UTC") if is_doubled else moment
    return None
