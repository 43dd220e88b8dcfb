"""Whose days are open: countries, their parts, markets, and several of them joined.

A calendar has the public holidays with their observed days, the make-up working days and the
weekend of its country, as the library `holidays` knows them. The library has no data for some
years and then says nothing; here such a year is refused as soon as a count enters it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from tracker.dates.estimated_holidays import AS_ESTIMATED, MOST_DAYS_OFF, Estimates, Fall, Festival

if TYPE_CHECKING:
    from holidays import HolidayBase

#: `none`: a closed day stays, whatever the law says by which it is counted.
Roll: TypeAlias = Literal["next", "previous", "modified-next", "none"]
ROLLS: tuple[Roll, ...] = ("next", "previous", "modified-next", "none")
#: Days that a file closes: from a day to a day, both included, in order and apart.
Spans: TypeAlias = tuple[tuple[date, date], ...]
WEEKDAYS = "weekdays"
SATURDAY = 5
SATURDAY_OPEN = "saturday-open"  #: joined to others: their Saturdays are open, save holidays


class NoSuchCalendar(ValueError):
    """No calendar has that name; `nearest` are names of those that there are.

    `categories` are those that the calendar has, where it is asked for one that it has not.
    """

    def __init__(
        self, part: str, nearest: tuple[str, ...], categories: tuple[str, ...] | None = None
    ) -> None:
        super().__init__(f"no calendar {part!r}")
        self.part = part
        self.nearest = nearest
        self.categories = categories


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

    #: Whether an estimated holiday may fall in a year that was asked for.
    has_estimates = False

    def __init__(
        self,
        name: str,
        lenient: bool = False,
        closed: Spans = (),
        stated: str | None = None,
        *,
        announced: Spans = (),
    ) -> None:
        """`closed` are days that are closed besides, `stated` the name by which it is spoken of.

        Raises NoSuchCalendar; `lenient` takes all days of a year without data as open. Days that
        are `announced` are closed in place of the estimated holidays that they are near.
        """
        self.name = name
        self.stated = name if stated is None else stated
        self.lenient = lenient
        self.closed = closed
        names = name.split("+")
        try:
            places = [part for part in names if part not in (WEEKDAYS, SATURDAY_OPEN)]
            settled = [_settled(part, announced) for part in places]
            #: Those that it is joined of, without words such as `weekdays`.
            self.parts: list[CalendarPart] = [
                _part(part, fall=Fall(left_out=festivals))
                for part, festivals in zip(places, settled, strict=True)
            ]
        except NoSuchCalendar as missing:
            raise _joined_category(names, missing.part) or missing from None
        self._weekdays = WEEKDAYS in names
        self._saturdays = SATURDAY_OPEN in names
        if self._saturdays and len(names) == 1:  # whose Saturdays?
            raise NoSuchCalendar(name, (f"{WEEKDAYS}+{name}",))
        #: Of those days, the ones that are announced of this very calendar.
        self.announced = tuple(
            span
            for span in announced
            if any(festival.may_meet(*span) for part in settled for festival in part)
        )
        self._besides = (*closed, *self.announced)
        first = max((part.start_year for part in self.parts), default=1)
        #: The years that the library has, though not all holidays of each, it may be.
        self._supported = first, min((part.end_year for part in self.parts), default=9999)
        self._plain = not self.parts and not self._saturdays and not self._besides
        self._years: dict[int, Sequence[int]] = {}

    def has_holiday_near(self, first: date, last: date) -> bool:
        """Whether a holiday lies on those days, or on one that such a holiday may be moved from."""
        days = range(first.toordinal() - MOST_DAYS_OFF, last.toordinal() + MOST_DAYS_OFF + 1)
        return any(part.get(date.fromordinal(day)) for part in self.parts for day in days)

    @property
    def covers(self) -> tuple[int, int]:
        """The first and the last year for which there are data of all holidays."""
        first, last = begin, end = self._supported
        while first < end and not self.is_covered(first):
            first += 1
        while last > begin and not self.is_covered(last):
            last -= 1
        return (first, last) if first <= last else (begin, end)

    def is_open(self, day: date) -> bool:
        """Whether the day is a business day. Raises Uncovered."""
        days = self.open_in(day.year)
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
        if self._plain:
            return _weekday_after(day, count)
        year = day.year
        left = count + bisect_right(self.open_in(year), day.toordinal())
        while left > len(self.open_in(year)):
            left -= len(self.open_in(year))
            year += 1
        return date.fromordinal(self.open_in(year)[left - 1])

    def before(self, day: date, count: int) -> date:
        """The count-th open day before that day; the day itself, open or not, for 0.

        Raises Uncovered, and OverflowError before the year 1.
        """
        if count == 0:
            return day
        if self._plain:
            return _weekday_before(day, count)
        year = day.year
        left = bisect_left(self.open_in(year), day.toordinal()) - count
        while left < 0:
            year -= 1
            left += len(self.open_in(year))
        return date.fromordinal(self.open_in(year)[left])

    def roll(self, day: date, roll: Roll) -> date:
        """The day, moved off a closed day.

        `modified-next` is the next open day, unless that lies in another month: then the previous.

        >>> OpenDays("weekdays").roll(date(2027, 1, 31), "modified-next")
        datetime.date(2027, 1, 29)

        Raises Uncovered, and OverflowError outside the years 0001 to 9999.
        """
        if roll == "none" or self.is_open(day):
            return day
        if roll == "previous":
            return self.before(day, 1)
        following = self.after(day, 1)
        if roll == "modified-next" and following.month != day.month:
            return self.before(day, 1)
        return following

    def holiday_name(self, day: date, language: str) -> str | None:
        """The name of the holiday on that day, None where it has none (a weekend, an open day)."""
        for part in self.parts:
            in_language = _part(part.given_name, _language_for(part, language))
            if (name := in_language.get(day)) is not None:
                return str(name)
        return None

    def festival_name(self, day: date, language: str) -> str | None:
        """The name of the estimated holiday on that day, without the library's mark that it is."""
        for part in self.parts:
            in_language = _part(part.given_name, _language_for(part, language))
            if (name := in_language.get(day)) is not None:
                return in_language.estimates.estimated_among(str(name))
        return None

    def is_open_in(self, part: CalendarPart, day: date) -> bool:
        """Whether it is open in one of the calendars, which may have its holidays otherwise."""
        return part.is_working_or_saturday(day) if self._saturdays else part.is_working(day)

    def is_open_but_for(self, day: date, parts: Collection[CalendarPart]) -> bool:
        """Whether nothing closes the day but, it may be, those of the calendars."""
        if self._weekdays and day.weekday() >= (SATURDAY + 1 if self._saturdays else SATURDAY):
            return False
        if self.is_closed_besides(day):
            return False
        return all(self.is_open_in(part, day) for part in self.parts if part not in parts)

    def is_closed_besides(self, day: date) -> bool:
        """Whether the file itself closes that day."""
        return any(first <= day <= last for first, last in self._besides)

    def is_named(self, day: date) -> bool:
        """Whether more than a weekend closes that day: a holiday, or the file itself."""
        return self.is_closed_besides(day) or self.holiday_name(day, "en") is not None

    def festivals(self, year: int) -> list[Festival]:
        """The estimated holidays that may fall in that year, in order."""
        return sorted(
            {festival for part in self.parts for festival in part.estimates.festivals(year)}
        )

    def open_in(self, year: int) -> Sequence[int]:
        """The ordinals of the open days of a year, in order. Raises Uncovered."""
        days = self._years.get(year)
        if days is None:
            days = self._years[year] = self._open_days(year)
        return days

    def is_covered(self, year: int) -> bool:
        """Whether there are data for the year, of all of its holidays."""
        first, last = self._supported
        return first <= year <= last and not any(part.estimates.lacks(year) for part in self.parts)

    def _open_days(self, year: int) -> Sequence[int]:
        if not 1 <= year <= 9999:
            raise OverflowError("outside the years 0001 to 9999")
        days = range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
        if not self.is_covered(year):
            if self.lenient:
                return days
            raise Uncovered(self.stated, year, *self.covers)
        open_days = list(days)
        if self._weekdays:
            open_days = [day for day in days if (day - 1) % 7 < (6 if self._saturdays else 5)]
        for part in self.parts:
            is_open = part.is_working_or_saturday if self._saturdays else part.is_working
            open_days = [day for day in open_days if is_open(date.fromordinal(day))]
            if part.estimates.festivals(year):
                self.has_estimates = True
        for begin, end in self._besides:
            spans = range(begin.toordinal(), end.toordinal() + 1)
            if begin.year <= year <= end.year:
                open_days = [day for day in open_days if day not in spans]
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


class CalendarPart:
    """One country, part of a country or market."""

    def __init__(self, given_name: str, holidays: HolidayBase, fall: Fall) -> None:
        self.given_name = given_name
        self.holidays = holidays
        self._fall = fall
        self.estimates = Estimates(holidays, fall)
        self.start_year: int = holidays.start_year
        self.end_year: int = holidays.end_year

    def where(self, fall: Fall) -> CalendarPart:
        """The same where its estimated holidays fall so; of what is left out it stays so."""
        left_out = fall.left_out | self._fall.left_out
        return _built_part(self.given_name, fall=fall._replace(left_out=left_out))

    def is_working(self, day: date) -> bool:
        return bool(self.holidays.is_working_day(day)) and not self.estimates.has_spilled(day)

    def is_working_or_saturday(self, day: date) -> bool:
        """As is_working(), with Saturdays that are no holidays."""
        return self.is_working(day) or (day.weekday() == SATURDAY and self.get(day) is None)

    def get(self, day: date) -> object:
        return self.holidays.get(day)


def _joined_category(names: list[str], part: str) -> NoSuchCalendar | None:
    """Of `JP+bank`: what is joined is a category of the country before it."""
    at = names.index(part)
    for place in names[:at]:
        with suppress(NoSuchCalendar):
            categories = _categories(_part(place).holidays)
            if ":" not in place and (near := _near_categories(part, categories)):
                nearest = tuple(f"{place}:{category}" for category in near)
                return NoSuchCalendar("+".join(names[names.index(place) : at + 1]), nearest)
    return None


@lru_cache(maxsize=64)
def open_days(
    name: str,
    lenient: bool = False,
    closed: Spans = (),
    stated: str | None = None,
    announced: Spans = (),
) -> OpenDays:
    """The open days of the calendar of that name.

    `US`, `US-CA`, `US+JP`, `NYSE`, `weekdays`; `JP:bank` with the holidays of another category
    beside the public ones; `DE+saturday-open` with Saturdays open.

    Raises NoSuchCalendar.
    """
    return OpenDays(name, lenient, closed, stated, announced=announced)


def _settled(name: str, announced: Spans) -> frozenset[Festival]:
    """The estimated holidays of that calendar whose days are announced: those near such a day."""
    return frozenset(
        festival
        for first, last in announced
        for year in {first.year, last.year}
        for festival in _part(name).estimates.festivals(year)
        if festival.may_meet(first, last)
    )


@lru_cache(maxsize=64)
def _part(name: str, language: str = "en_US", fall: Fall = AS_ESTIMATED) -> CalendarPart:
    return _built_part(name, language, fall)


def _built_part(name: str, language: str = "en_US", fall: Fall = AS_ESTIMATED) -> CalendarPart:
    import holidays  # only what counts business days pays for it

    place, colon, category = name.partition(":")
    country, _, subdivision = place.partition("-")
    countries = holidays.list_supported_countries(include_aliases=False)
    if country in countries and (not subdivision or subdivision in countries[country]):
        plain = holidays.country_holidays(country, subdivision or None, language=language)
    elif place in holidays.list_supported_financial():
        plain = holidays.financial_holidays(place, language=language)
    else:
        raise NoSuchCalendar(name, tuple(map(_with(category), _nearest(place, countries))))
    if not colon:
        return CalendarPart(name, plain, fall)
    categories = _categories(plain)
    if category not in categories:
        offered = [f"{place}:{near}" for near in _near_categories(category, categories)]
        raise NoSuchCalendar(name, (*offered, place), categories)
    both = {_PUBLIC, category}  # the days of another category come beside the public ones
    if country in countries:
        joined = holidays.country_holidays(
            country, subdivision or None, language=language, categories=both
        )
    else:
        joined = holidays.financial_holidays(place, language=language, categories=both)
    return CalendarPart(name, joined, fall)


def _with(category: str) -> Callable[[str], str]:
    """Puts the category behind a calendar's name, where that calendar has it."""

    def named(name: str) -> str:
        with suppress(NoSuchCalendar):
            return _part(f"{name}:{category}").given_name if category else name
        return name

    return named


def _categories(plain: HolidayBase) -> tuple[str, ...]:
    """The categories of holidays that a calendar has."""
    return tuple(sorted(plain.supported_categories))


def _near_categories(category: str, categories: tuple[str, ...]) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(category.lower().replace("-", "_"), categories, n=2, cutoff=0.5)


def _language_for(part: CalendarPart, language: str) -> str:
    """The library's own tag for the language, where it has it; else English."""
    tags = getattr(part.holidays, "supported_languages", ())
    return next((tag for tag in tags if tag.split("_")[0] == language), "en_US")


@lru_cache(maxsize=1)
def calendar_names() -> tuple[str, ...]:
    """The calendars that there are: countries, each with its parts, and markets."""
    import holidays

    countries = holidays.list_supported_countries(include_aliases=False)
    parts = (
        (country, *(f"{country}-{part}" for part in countries[country])) for country in countries
    )
    markets = holidays.list_supported_financial(include_aliases=False)
    return (WEEKDAYS, *(name for names in parts for name in names), *markets, SATURDAY_OPEN)


def calendars_near(name: str) -> tuple[str, ...]:
    """The calendars that a text can mean which is the name of none.

    >>> calendars_near("Germany")
    ('DE',)
    """
    import holidays

    return _nearest(name, holidays.list_supported_countries(include_aliases=False))


_PUBLIC = "public"


def _nearest(name: str, countries: dict[str, list[str]]) -> tuple[str, ...]:
    import holidays

    from tracker.dates.suggestions.calendar_names import calendars_meant

    if name.upper().startswith(("SAT", "WERKTAG")):
        return (SATURDAY_OPEN,)
    return calendars_meant(name, countries, list(holidays.list_supported_financial()))
