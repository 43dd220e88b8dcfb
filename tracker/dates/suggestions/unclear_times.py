"""Times that a zone skips or has twice, and what could be meant by them."""

from __future__ import annotations

from datetime import date, time

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.expressions import Span
from tracker.dates.instants import Instant, ambiguous_instants, instant
from tracker.dates.tokens import collapse_spaces


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
