"""Which rule decided a count, where one did that a reader would not expect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime

from tracker.dates.arithmetic import shift_moment
from tracker.dates.bounds import Bounds, Window
from tracker.dates.calendars import OpenDays
from tracker.dates.expressions import Direction, Duration, Place
from tracker.dates.instants import Instant, Moment, ambiguous_instants, local_day
from tracker.dates.months import add_months, is_month_end
from tracker.dates.notes import Note

#: So many closed days are named; a reader who wants more counts on.
MOST_DAYS = 12


def term_notes(duration: Duration, start: Bounds) -> Iterator[Note]:
    """Whether the months of a term that begins then were clamped."""
    if start.earliest is not None:
        day = local_day(start.earliest)
        if _is_clamped(day, duration.months):
            yield Note("term-clamped", (("day", day),))


def _is_clamped(day: date, months: int) -> bool:
    try:
        return add_months(day, months).day != day.day
    except OverflowError:
        return False


def count_notes(
    duration: Duration, direction: Direction, moment: Moment, place: Place
) -> Iterator[Note]:
    """Which rules decided where so long after (or before) that moment is."""
    before = direction == "before"
    day = local_day(moment)
    months = -duration.months if before else duration.months
    if place.law is not None and not duration.is_nothing:
        from tracker.dates.law_notes import law_notes

        yield from law_notes(place.law, duration, direction, moment, place)
    if months and not _is_kept_at_end(day, before, place):
        if _is_clamped(day, months):
            reached = add_months(day, months)
            yield Note("clamped", (("day", day), ("reached", reached)))
        elif is_month_end(day) and not is_month_end(_safely(lambda: add_months(day, months), day)):
            yield Note("day-kept", (("day", day), ("reached", add_months(day, months))))
    if duration.has_clear_days:
        first = Duration(tuple(part for part in duration.parts if part[1] != "clear day"))
        keeps = place.law is not None and place.law.keeps_month_end
        near, act = (
            shift_moment(length, before, day, place.zone, None, keeps_end=keeps)[0]
            for length in (first, duration)
        )
        yield Note("clear-days", (("day", near), ("reached", act)))
    if duration.business_days and place.open_days is not None:
        yield from _closed_notes(duration, before, moment, place, place.open_days)
    if duration.hours and not isinstance(moment, Instant):
        yield Note("hours-of-a-day", (("day", moment),))
    if isinstance(moment, Instant):
        yield from _clock_notes(duration, before, moment, place)


def law_notes_of_window(
    duration: Duration, direction: Direction, stands: Window | None, place: Place
) -> Iterator[Note]:
    """By which law is counted from an unknown day; and what it says of the last that stands."""
    if place.law is None or duration.is_nothing:
        return
    from tracker.dates.law_notes import law_notes, naming_note

    if stands is None:
        yield naming_note(place.law, duration)
    else:
        yield from law_notes(place.law, duration, direction, stands.latest, place)


def _is_kept_at_end(day: date, before: bool, place: Place) -> bool:
    """Whether the law keeps months at a month's end."""
    return place.law is not None and place.law.keeps_month_end and not before and is_month_end(day)


def _safely(count: Callable[[], date], otherwise: date) -> date:
    try:
        return count()
    except OverflowError:
        return otherwise


def _closed_notes(
    duration: Duration, before: bool, moment: Moment, place: Place, days: OpenDays
) -> Iterator[Note]:
    """The holidays that the count passed over, beside weekends."""
    plain = Duration(tuple(part for part in duration.parts if part[1] != "business day"))
    whole = Duration(tuple(part for part in duration.parts if part[1] != "hour"))
    plain = Duration(tuple(part for part in plain.parts if part[1] != "hour"))
    start = local_day(shift_moment(plain, before, local_day(moment), place.zone, None)[0])
    end = local_day(shift_moment(whole, before, local_day(moment), place.zone, days)[0])
    first, last = min(start, end), max(start, end)
    passed = [
        day
        for number in range(first.toordinal(), min(last.toordinal(), first.toordinal() + 800) + 1)
        if days.is_named(day := date.fromordinal(number)) and day != start and not days.is_open(day)
    ]
    if passed:
        closed = tuple(passed[:MOST_DAYS])
        besides = tuple(day for day in closed if days.is_closed_besides(day))
        yield Note("passed-closed", calendar=days.name, closed=closed, besides=besides)
    else:
        yield Note("passed-weekends", calendar=days.name)


def _clock_notes(duration: Duration, before: bool, moment: Instant, place: Place) -> Iterator[Note]:
    """A wall clock that was kept and shows a time that the zone skips, or has twice."""
    if duration.hours:
        return
    reached = shift_moment(duration, before, moment, place.zone, place.open_days)[0]
    if not isinstance(reached, Instant):
        return
    plain = Duration(duration.parts)
    day = local_day(shift_moment(plain, before, local_day(moment), place.zone, place.open_days)[0])
    clock = moment.local.time().replace(fold=0)
    if ambiguous_instants(day, clock, moment.zone):
        skipped = reached.local.replace(tzinfo=None) != datetime.combine(day, clock)
        yield Note("clock-skipped" if skipped else "clock-doubled", (("day", reached),))
