"""Whose days are open: countries, their parts, markets, and several of them joined.

A calendar has the public holidays with their observed days, the make-up working days and the
weekend of its country, as the library `holidays` knows them. The library has no data for some
years and then says nothing; here such a year is refused as soon as a count enters it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from holidays import HolidayBase

Roll: TypeAlias = Literal["next", "previous", "modified-next"]
ROLLS: tuple[Roll, ...] = ("next", "previous", "modified-next")
WEEKDAYS = "weekdays"


class NoSuchCalendar(ValueError):
    """No calendar has that name; `nearest` are names of those that there are."""

    def __init__(self, part: str, nearest: tuple[str, ...]) -> None:
        super().__init__(f"no calendar {part!r}")
        self.part = part
        self.nearest = nearest


class Uncovered(ValueError):
    """A count entered a year for which the calendar has no data."""

    def __init__(self, calendar: str, year: int, first: int, last: int) -> None:
        super().__init__(f"{calendar} has no data for {year}, only for {first} to {last}")
        self.calendar = calendar
        self.year = year
        self.first = first
        self.last = last
        self.point = ""  #: whose count it was, once that is known


class OpenDays:
    """The open days of a calendar. Where it is joined of several, open is what all have open."""

    def __init__(self, name: str, lenient: bool = False) -> None:
        """Raises NoSuchCalendar; `lenient` takes all days of a year without data as open."""
        self.name = name
        self.lenient = lenient
        self._parts = [_part(part) for part in name.split("+") if part != WEEKDAYS]
        self._years: dict[int, Sequence[int]] = {}

    @property
    def covers(self) -> tuple[int, int]:
        """The first and the last year for which there are data."""
        first = max((part.start_year for part in self._parts), default=1)
        return first, min((part.end_year for part in self._parts), default=9999)

    def is_open(self, day: date) -> bool:
        """Whether the day is a business day. Raises Uncovered."""
        days = self._year(day.year)
        at = bisect_left(days, day.toordinal())
        return at < len(days) and days[at] == day.toordinal()

    def after(self, day: date, count: int) -> date:
        """The count-th open day after that day; the day itself, open or not, for 0.

        >>> OpenDays("weekdays").after(date(2026, 11, 28), 1)
        datetime.date(2026, 11, 30)

        Raises Uncovered, and OverflowError after the year 9999.
        """
        if count == 0:
            return day
        if not self._parts:
            return _weekday_after(day, count)
        year = day.year
        left = count + bisect_right(self._year(year), day.toordinal())
        while left > len(self._year(year)):
            left -= len(self._year(year))
            year += 1
        return date.fromordinal(self._year(year)[left - 1])

    def before(self, day: date, count: int) -> date:
        """The count-th open day before that day; the day itself, open or not, for 0.

        Raises Uncovered, and OverflowError before the year 1.
        """
        if count == 0:
            return day
        if not self._parts:
            return _weekday_before(day, count)
        year = day.year
        left = bisect_left(self._year(year), day.toordinal()) - count
        while left < 0:
            year -= 1
            left += len(self._year(year))
        return date.fromordinal(self._year(year)[left])

    def roll(self, day: date, roll: Roll) -> date:
        """The day, moved off a closed day.

        `modified-next` is the next open day, unless that lies in another month: then the previous.

        >>> OpenDays("weekdays").roll(date(2027, 1, 31), "modified-next")
        datetime.date(2027, 1, 29)

        Raises Uncovered, and OverflowError outside the years 0001 to 9999.
        """
        if self.is_open(day):
            return day
        if roll == "previous":
            return self.before(day, 1)
        following = self.after(day, 1)
        if roll == "modified-next" and following.month != day.month:
            return self.before(day, 1)
        return following

    def holiday_name(self, day: date, language: str) -> str | None:
        """The name of the holiday on that day, None where it has none (a weekend, an open day)."""
        for part in self._parts:
            in_language = _part(part.given_name, _language_for(part, language))
            if (name := in_language.get(day)) is not None:
                return str(name)
        return None

    def _year(self, year: int) -> Sequence[int]:
        """The ordinals of the open days of a year."""
        days = self._years.get(year)
        if days is None:
            days = self._years[year] = self._open_days(year)
        return days

    def _open_days(self, year: int) -> Sequence[int]:
        if not 1 <= year <= 9999:
            raise OverflowError("outside the years 0001 to 9999")
        first, last = self.covers
        days = range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
        if not first <= year <= last:
            if self.lenient:
                return days
            raise Uncovered(self.name, year, first, last)
        if WEEKDAYS in self.name.split("+"):
            open_days = [day for day in days if (day - 1) % 7 < 5]
        else:
            open_days = list(days)
        for part in self._parts:
            open_days = [day for day in open_days if part.is_working(date.fromordinal(day))]
        return open_days


def _weekday_after(day: date, count: int) -> date:
    """The count-th weekday after that day: five a week, whatever the distance."""
    weeks, rest = divmod(count, 5)
    friday_before = max(0, day.weekday() - 4)
    weekday = day.weekday() - friday_before
    number = day.toordinal() - friday_before + 7 * weeks + rest + (2 if weekday + rest > 4 else 0)
    if number > date.max.toordinal():
        raise OverflowError("outside the years 0001 to 9999")
    return date.fromordinal(number)


def _weekday_before(day: date, count: int) -> date:
    weeks, rest = divmod(count, 5)
    monday_after = 7 - day.weekday() if day.weekday() > 4 else 0
    weekday = (day.weekday() + monday_after) % 7
    number = day.toordinal() + monday_after - 7 * weeks - rest - (2 if weekday < rest else 0)
    if number < 1:
        raise OverflowError("outside the years 0001 to 9999")
    return date.fromordinal(number)


class _Part:
    """One country, part of a country or market."""

    def __init__(self, given_name: str, holidays: HolidayBase) -> None:
        self.given_name = given_name
        self.holidays = holidays
        self.start_year: int = holidays.start_year
        self.end_year: int = holidays.end_year

    def is_working(self, day: date) -> bool:
        return bool(self.holidays.is_working_day(day))

    def get(self, day: date) -> object:
        return self.holidays.get(day)


@lru_cache(maxsize=64)
def open_days(name: str, lenient: bool = False) -> OpenDays:
    """The open days of the calendar of that name: `US`, `US-CA`, `US+JP`, `NYSE`, `weekdays`.

    Raises NoSuchCalendar.
    """
    return OpenDays(name, lenient)


@lru_cache(maxsize=64)
def _part(name: str, language: str = "en_US") -> _Part:
    import holidays  # only what counts business days pays for it

    country, _, subdivision = name.partition("-")
    countries = holidays.list_supported_countries(include_aliases=False)
    if country in countries and (not subdivision or subdivision in countries[country]):
        calendar = holidays.country_holidays(country, subdivision or None, language=language)
        return _Part(name, calendar)
    if name in holidays.list_supported_financial():
        return _Part(name, holidays.financial_holidays(name, language=language))
    raise NoSuchCalendar(name, _nearest(name, countries))


def _language_for(part: _Part, language: str) -> str:
    """The library's own tag for the language, where it has it; else English."""
    tags = getattr(part.holidays, "supported_languages", ())
    return next((tag for tag in tags if tag.split("_")[0] == language), "en_US")


_USUAL = {"USA": "US", "UK": "GB", "EU": "ECB", "TARGET": "ECB", "TARGET2": "ECB", "EN": "GB"}


def _nearest(name: str, countries: dict[str, list[str]]) -> tuple[str, ...]:
    from difflib import get_close_matches

    import holidays

    country, _, subdivision = name.upper().partition("-")
    country = _USUAL.get(country, country)
    if country in countries:
        if not subdivision:
            return (country,)
        near = get_close_matches(subdivision, countries[country], n=2, cutoff=0.3)
        return (*(f"{country}-{name}" for name in near), country)
    if country in holidays.list_supported_financial() or country == WEEKDAYS.upper():
        return (country if country != WEEKDAYS.upper() else WEEKDAYS,)
    known = [*countries, *holidays.list_supported_financial(), WEEKDAYS]
    return tuple(get_close_matches(country, known, n=2, cutoff=0.6))
