"""Laws of dates and lines."""

from __future__ import annotations

from datetime import date, timedelta

import pendulum
from hypothesis import given
from hypothesis import strategies as st

from tracker.dates.diagnostics import LineError
from tracker.dates.months import add_months, calendar_distance
from tracker.dates.parser import parse

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
WORDS = st.sampled_from(
    "open after not before through in earliest latest of start end and 30 1 days month 2030 2030-Q4"
    " 2028-02-30 x other/y ( ) , until by TBD ninety -3 3.5 early FY2027 3rd friday unless".split()
)


@given(DAYS, st.integers(-1200, 1200))
def test_months_are_added_as_pendulum_adds_them(day: date, months: int) -> None:
    ours = add_months(day, months)

    assert ours == date.fromisoformat(
        pendulum.date(day.year, day.month, day.day).add(months=months).to_date_string()
    )


@given(DAYS, DAYS)
def test_what_lies_between_two_days_leads_from_one_to_the_other(one: date, other: date) -> None:
    earlier, later = sorted((one, other))

    span = calendar_distance(earlier, later)

    months = span.years * 12 + span.months
    assert add_months(earlier, months) + timedelta(days=span.days) == later
    assert add_months(earlier, months + 1) > later


@given(DAYS.filter(lambda day: day.day <= 28), DAYS)
def test_what_lies_between_two_days_is_as_pendulum_has_it(one: date, other: date) -> None:
    if other < one or other.day < one.day:
        return  # pendulum calls 3 January to 1 February a month; it is 29 days
    span = calendar_distance(one, other)

    start, end = (pendulum.date(day.year, day.month, day.day) for day in (one, other))
    theirs = end - start
    assert tuple(span) == (
        theirs.years,
        theirs.months,
        theirs.weeks * 7 + theirs.remaining_days,
    )


@given(st.lists(WORDS, min_size=1, max_size=8), st.sampled_from(["  ", "\t", "\n ", " \t\n"]))
def test_any_run_of_white_space_is_one_space(words: list[str], space: str) -> None:
    def read(text: str) -> object:
        try:
            return parse(text)
        except LineError as refused:
            return refused.diagnostic.case

    assert read(space.join(words)) == read(" ".join(words))
