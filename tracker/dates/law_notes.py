"""What a law of counting decided, with the article that says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tracker.dates.arithmetic import after_months_end
from tracker.dates.counting import counts_by_law
from tracker.dates.expressions import Direction, Duration, Place
from tracker.dates.instants import Moment, local_day
from tracker.dates.laws import Law
from tracker.dates.months import is_month_end
from tracker.dates.notes import Note


def naming_note(law: Law, duration: Duration) -> Note:
    """Which law it is, with its first article."""
    return Note(f"law-hours.{law.name}" if duration.hours else f"law.{law.name}")


def law_notes(
    law: Law, duration: Duration, direction: Direction, moment: Moment, place: Place
) -> Iterator[Note]:
    """By which law the count was made, and what that law says of closed days."""
    yield naming_note(law, duration)
    before = direction == "before"
    day = local_day(moment)
    if law.keeps_month_end and duration.months and not before and is_month_end(day):
        end = after_months_end(Duration(((duration.months, "month"),)), day)
        yield Note("law-month-end", (("day", day), ("reached", end)))
    count, _ = counts_by_law(law, duration, before, moment, place)
    counted, held, reached = map(local_day, count)
    if held != counted:
        yield Note("law-two-days", (("day", counted), ("reached", held)))
    if reached != held:
        way = "previous" if before else "next"
        case = f"law-hours-{way}.us-frcp" if duration.hours else f"law-{way}.{law.name}"
        yield _closed(case, held, place, (("reached", reached),))
    elif not law.open_days.is_open(reached):
        if not law.moves:
            yield _closed("law-roll", reached, place)
        elif before:
            yield _closed(f"law-stays.{law.name}", reached, place)


def _closed(
    case: str, day: date, place: Place, moments: tuple[tuple[str, Moment], ...] = ()
) -> Note:
    """A note about a day that is closed, which says why it is."""
    days = place.open_days
    besides = (day,) if days is not None and days.is_closed_besides(day) else ()
    name = days.name if days is not None else None
    return Note(case, moments, calendar=name, closed=(day,), besides=besides)
