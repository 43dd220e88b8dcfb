"""What is said of a point that was counted by a holiday whose day is an estimate."""

from __future__ import annotations

from datetime import date

from tracker.dates.calendars import open_days
from tracker.dates.estimated_holidays import MOST_DAYS_OFF
from tracker.dates.instants import local_day
from tracker.i18n.dates import long_day
from tracker.i18n.translate import Language, comma_list, translate
from tracker.timeline.points import Point

#: So many holidays are named; a count over many years passes dozens.
MOST_HOLIDAYS = 3


def estimated_text(point: Point, language: Language) -> str:
    """By how much a point may move as holidays are estimated, and which ones those are."""
    names, days, stands = estimates_text(point, language), 0, point.stands
    if stands is not None and point.earliest is not None and point.latest is not None:
        early = local_day(stands.earliest) - local_day(point.earliest)
        late = local_day(point.latest) - local_day(stands.latest)
        days = max(early, late).days
    if days > MOST_DAYS_OFF:
        return translate(language, "moves.estimated.days", count=days, names=names)
    return translate(language, "moves.estimated", names=names)


def estimates_text(point: Point, language: Language) -> str:
    """The estimated holidays by which a point may move, each with its calendar; the first few."""
    names = {
        translate(
            language,
            "estimate.name",
            name=festival_name(estimate.calendar, estimate.festival.first, language),
            calendar=estimate.calendar,
        ): None
        for estimate in point.estimates
    }
    return comma_list(list(names)[:MOST_HOLIDAYS], language)


def festival_name(calendar: str, day: date, language: Language) -> str:
    """The name of the estimated holiday on that day; where that is not known, the day."""
    return open_days(calendar).festival_name(day, language) or long_day(day, language)
