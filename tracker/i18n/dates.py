"""What a day, a window, a length and a countdown are called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from functools import cache

from tracker.agreements.keys import Occurrence
from tracker.dates.bounds import Bounds, Window
from tracker.dates.instants import Instant, Moment, is_aoe_day, local_day
from tracker.dates.months import calendar_distance
from tracker.i18n.translate import Language, catalogue, translate


def long_day(day: date, language: Language) -> str:
    """A day in a sentence.

    >>> long_day(date(2030, 12, 31), "en"), long_day(date(2030, 12, 31), "ja")
    ('31 December 2030', '2030年12月31日')
    """
    month = catalogue(language)[f"month.{day.month}"]
    return translate(
        language, "day.long", day=day.day, month=month, number=day.month, year=day.year
    )


def occurrence_text(occurrence: Occurrence, language: Language) -> str:
    """Which of several it is.

    >>> occurrence_text(2, "en"), occurrence_text(2, "ja"), occurrence_text("breach-7", "en")
    ('no. 2', '第2回', 'breach-7')
    """
    if isinstance(occurrence, int):
        return translate(language, "occurrence.number", number=occurrence)
    return occurrence if isinstance(occurrence, str) else long_day(occurrence, language)


def days_in(text: str, language: Language) -> list[tuple[int, int, date]]:
    """Where days stand in a sentence as long_day() writes them: from where to where, and which.

    >>> days_in("until 31 December 2030, or sooner", "en")
    [(6, 22, datetime.date(2030, 12, 31))]
    """
    days = []
    for match in _pattern(language).finditer(text):
        year, day = int(match["year"]), int(match["day"])
        month = match["month"] if "month" in match.re.groupindex else match["number"]
        number = _months(language).get(month) or int(month)
        with suppress(ValueError):
            days.append((*match.span(), date(year, number, day)))
    return days


@cache
def _months(language: Language) -> dict[str, int]:
    return {catalogue(language)[f"month.{number}"]: number for number in range(1, 13)}


@cache
def _pattern(language: Language) -> re.Pattern[str]:
    """A day as `day.long` has it, in numbers and the names of months."""
    months = "|".join(map(re.escape, _months(language)))
    holes = {"day": "[0-9]{1,2}", "number": "[0-9]{1,2}", "year": "[0-9]{1,4}", "month": months}
    named = {name: f"(?P<{name}>{pattern})" for name, pattern in holes.items()}
    return re.compile(f"(?<![0-9]){catalogue(language)['day.long'].format_map(named)}")


def month_text(day: date, language: Language) -> str:
    """The month of a day, above all of its days.

    >>> month_text(date(2030, 12, 31), "en"), month_text(date(2030, 12, 31), "ja")
    ('December 2030', '2030年12月')
    """
    month = catalogue(language)[f"month.{day.month}"]
    return translate(language, "day.month", month=month, number=day.month, year=day.year)


def day_of_month(day: date, language: Language) -> str:
    """A day below its month, in a column.

    >>> day_of_month(date(2030, 12, 31), "en"), day_of_month(date(2030, 12, 31), "ja")
    ('31 Dec', '12月31日')
    """
    month = catalogue(language)[f"month.{day.month}.short"]
    return translate(language, "day.of-month", day=day.day, month=month, number=day.month)


def short_day(day: date, language: Language) -> str:
    """A day in a column, always as wide as any other.

    >>> short_day(date(2030, 2, 1), "en"), short_day(date(2030, 2, 1), "ja")
    (' 1 Feb 2030', '2030-02-01')
    """
    month = catalogue(language)[f"month.{day.month}.short"]
    return translate(
        language, "day.short", day=day.day, month=month, number=day.month, year=day.year
    )


def long_moment(moment: Moment, language: Language) -> str:
    """A day, or an instant by the clock that it was stated by, in a sentence.

    >>> from tracker.dates.parser import parse
    >>> from tracker.dates.expressions import Place
    >>> form = parse("2028-03-15 17:00 AoE")
    >>> long_moment(form.bounds(Place(date.min, lambda ref: None)).earliest, "en")
    '15 March 2028, 17:00 (AoE)'
    """
    if not isinstance(moment, Instant):
        return long_day(moment, language)
    local = moment.local
    if is_aoe_day(moment):
        return translate(language, "day.aoe", day=long_day(local.date(), language))
    day, clock = long_day(local.date(), language), f"{local:%H:%M}"
    return translate(language, "instant", day=day, clock=clock, zone=moment.zone)


def window_text(window: Window, language: Language) -> str:
    """A window in a sentence; one day where both ends are the same."""
    if window.earliest == window.latest:
        return long_moment(window.earliest, language)
    first, last = long_moment(window.earliest, language), long_moment(window.latest, language)
    return translate(language, "window", first=first, last=last)


def bounds_text(bounds: Bounds, language: Language, last_day: Moment | None = None) -> str:
    """In words: one day, some days, or from a day on; and where that stands if it can move.

    `last_day` is the one on which an option can be used, as things stand.
    """
    if bounds.earliest is None:
        return translate(language, "bounds.never")
    first = long_moment(bounds.earliest, language)
    stands = bounds.stands and window_text(bounds.stands, language)
    if last_day is not None:
        last = long_moment(last_day, language)
        # On its last day, which may be over where the view is from: 15 January AoE on the 16th.
        is_last = local_day(bounds.earliest) >= local_day(last_day)
        name = "bounds.option.last" if is_last else "bounds.option"
        return translate(language, name, first=first, last=last)
    if bounds.latest is None:
        name = "bounds.open.stands" if stands else "bounds.open"
        return translate(language, name, first=first, stands=stands)
    window = Window(bounds.earliest, bounds.latest)
    text = window_text(window, language)
    if stands is None or stands == text:
        return text
    return translate(language, "bounds.moves", window=text, stands=stands)


def countdown(as_of: date, day: date, language: Language) -> str:
    """How far away a day is, as people say it: never more than it is.

    >>> countdown(date(2026, 11, 25), date(2030, 12, 31), "en")
    'in 4 years 1 month'
    >>> countdown(date(2026, 11, 25), date(2030, 12, 31), "ja")
    '4年1か月後'
    """
    if day == as_of:
        return translate(language, "countdown.today")
    if day > as_of:
        if (day - as_of).days == 1:
            return translate(language, "countdown.tomorrow")
        return _distance("countdown", as_of, day, language)
    if (as_of - day).days == 1:
        return translate(language, "countdown.yesterday")
    return _distance("ago", day, as_of, language)


def _distance(which: str, earlier: date, later: date, language: Language) -> str:
    years, months, days = calendar_distance(earlier, later)
    if years:
        spans = (("year", years), ("month", months))
    elif months:
        spans = (("month", months), ("day", days if months < 3 else 0))
    else:
        return translate(language, f"{which}.days", count=days)
    return translate(language, which, span=spans_text(spans, language))


def spans_text(spans: Iterable[tuple[str, int]], language: Language) -> str:
    """Years, months and days, as far as there are any: `4 years 1 month`, `4年1か月`."""
    texts = [translate(language, f"span.{unit}", count=count) for unit, count in spans if count]
    text = texts[0]
    for second in texts[1:]:
        text = translate(language, "span.two", first=text, second=second)
    return text
