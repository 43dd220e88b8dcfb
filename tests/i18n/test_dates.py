"""A day that is written in a sentence is found in it again."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.dates.instants import Instant, day_in
from tracker.i18n.dates import days_in, long_day, long_moment
from tracker.i18n.instants import own_clock_text, with_own_clock
from tracker.i18n.translate import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
@given(
    days=st.lists(st.dates(date(1, 1, 1)), max_size=3),
    between=st.sampled_from(["、", " to ", "; ", "から"]),
)
def test_every_day_of_a_sentence_is_found_where_it_stands(
    language: str, days: list[date], between: str
) -> None:
    written = [long_day(day, language) for day in days]
    text = between.join(written)

    found = days_in(text, language)

    assert [day for _, _, day in found] == days
    assert [text[begin:end] for begin, end, _ in found] == written


def test_what_only_looks_like_a_day_is_left_as_it_is() -> None:
    assert days_in("version 31 February 2030, 7 Juny 2030, 2030-12-31", "en") == []


@pytest.mark.parametrize(
    ("utc", "zone", "told"),
    [  # an hour that comes twice is told with its offset, one that comes once without
        ("2027-11-07 05:30", "America/Toronto", "01:30 (America/Toronto, UTC-04:00)"),
        ("2027-11-07 06:30", "America/Toronto", "01:30 (America/Toronto, UTC-05:00)"),
        ("2027-11-07 07:30", "America/Toronto", "02:30 (America/Toronto)"),
        ("2027-04-03 15:15", "Australia/Lord_Howe", "01:45 (Australia/Lord_Howe, UTC+10:30)"),
        ("2027-03-28 01:00", "Europe/Berlin", "03:00 (Europe/Berlin)"),
        ("2011-12-30 10:30", "Pacific/Apia", "Saturday, 31 December 2011, 00:30 (Pacific/Apia)"),
    ],
)
def test_an_instant_is_told_by_any_clock_without_two_meanings(
    utc: str, zone: str, told: str
) -> None:
    moment = Instant(datetime.fromisoformat(f"{utc}+00:00"), "UTC")

    text = own_clock_text(moment, "en", zone) or ""

    assert text.endswith(told)
    assert with_own_clock(long_moment(moment, "en"), "en", zone).endswith(f", which is {text}")


def test_at_the_edges_of_the_calendar_an_instant_is_told_as_it_is_stated() -> None:
    last = Instant(datetime(9999, 12, 31, 23, 59, tzinfo=UTC), "UTC")

    assert own_clock_text(last, "en", "Pacific/Kiritimati") is None
    assert day_in(last, "Pacific/Kiritimati") == date(9999, 12, 31)
