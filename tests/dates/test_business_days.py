"""Whose days are open: the calendars by name, what they cover, and how days are moved off."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rows import rows
from tracker.dates.calendars import ROLLS, NoSuchCalendar, OpenDays, Uncovered, open_days

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
NAMES = st.sampled_from(["US", "JP", "US+JP", "DE-BY", "NYSE", "ECB", "weekdays", "EG", "CN"])


def test_make_up_working_days_are_open() -> None:
    # Saturday 14 February 2026 is worked in China for the long New Year's holiday.
    assert open_days("CN").is_open(date(2026, 2, 14))
    assert not open_days("weekdays").is_open(date(2026, 2, 14))


def test_a_joined_calendar_covers_what_all_its_parts_do() -> None:
    us, jp = open_days("US").covers, open_days("JP").covers

    assert open_days("US+JP").covers == (max(us[0], jp[0]), min(us[1], jp[1]))
    assert open_days("weekdays").covers == (1, 9999)


@rows(
    "name, nearest",
    [
        ("USA", ("US",)),
        ("us", ("US",)),
        ("UK", ("GB",)),
        ("TARGET2", ("ECB",)),
        ("nyse", ("NYSE",)),
        ("Weekdays", ("weekdays",)),
        ("US-XX", ("US-TX", "US")),
        ("Narnia", ()),
        ("", ()),
        ("US+", ()),
        ("US +JP", ("US",)),
        ("JP+bank", ("JP:bank",)),
        ("US+JP+banks", ("JP:bank",)),
        ("JP:Bank", ("JP:bank", "JP")),
        ("jp:bank", ("JP:bank",)),
        ("GB:bank", ("GB",)),
        ("UK:bank", ("GB",)),
        ("DE+sat", ("saturday-open",)),
        ("DE+Saturdays", ("saturday-open",)),
        ("DE+Werktage", ("saturday-open",)),
        ("saturday-open", ("weekdays+saturday-open",)),
    ],
)
def test_an_unknown_calendar_is_refused_with_the_nearest(
    name: str, nearest: tuple[str, ...]
) -> None:
    with pytest.raises(NoSuchCalendar) as refused:
        open_days(name)

    assert refused.value.nearest == nearest


def test_a_year_without_data_is_an_error_as_soon_as_a_count_enters_it() -> None:
    last = open_days("JP").covers[1]

    assert open_days("JP").after(date(last, 12, 25), 1).year == last
    with pytest.raises(Uncovered) as entered:
        open_days("JP").after(date(last, 12, 25), 20)
    assert (entered.value.year, entered.value.calendar) == (last + 1, "JP")


@given(NAMES, DAYS, st.integers(1, 300))
def test_business_days_are_counted_one_open_day_after_another(
    name: str, day: date, count: int
) -> None:
    days = open_days(name)
    passed, reached = 0, day
    while passed < count:
        reached += timedelta(days=1)
        passed += days.is_open(reached)

    assert days.after(day, count) == reached
    assert days.before(reached + timedelta(days=1), count) > day


@given(NAMES, DAYS, st.integers(1, 300))
def test_counting_back_undoes_counting_on_from_an_open_day(
    name: str, day: date, count: int
) -> None:
    days = open_days(name)
    start = days.roll(day, "next")

    assert days.before(days.after(start, count), count) == start


@given(NAMES, DAYS, st.sampled_from(ROLLS), st.integers(0, 40))
def test_a_rolled_day_is_open_and_a_later_day_never_rolls_before_an_earlier(
    name: str, day: date, roll: str, apart: int
) -> None:
    days = OpenDays(name)
    way = next(one for one in ROLLS if one == roll)

    assert days.is_open(days.roll(day, way)) or way == "none"
    assert days.roll(day, way) <= days.roll(day + timedelta(days=apart), way)
