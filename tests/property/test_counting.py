"""Days counted by a law, against the laws in prose, tried a day at a time.

Nothing of the program's own counting is used to work out the answer: holidays are asked of the
library that has them, and months are added by another.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

import holidays
import pendulum
from hypothesis import given
from hypothesis import strategies as st

from tracker.files.loading import read
from tracker.timeline.resolver import resolve

ONE_DAY = timedelta(days=1)
DAYS = st.dates(date(2026, 1, 1), date(2029, 12, 31))
LAWS = st.sampled_from(["jp-civil", "de-bgb", "eu-1182", "us-frcp"])
CALENDARS = {
    "JP": holidays.country_holidays("JP"),
    "DE": holidays.country_holidays("DE"),
    "US": holidays.country_holidays("US"),
    "ECB": holidays.financial_holidays("ECB"),
    "weekdays": {},
}


class Length(NamedTuple):
    """A length of time, and which way it is counted: months, and days of one of two kinds."""

    months: int
    days: int
    clear: bool
    back: bool

    def __str__(self) -> str:
        unit = "clear days" if self.clear else "days"
        parts = [f"{self.months} months"] if self.months else []
        length = " and ".join([*parts, f"{self.days} {unit}"])
        return f"{length} {'before' if self.back else 'after'}"


LENGTHS = st.builds(Length, st.integers(0, 14), st.integers(0, 40), st.booleans(), st.booleans())


def by_law(law: str, length: Length, day: date, closed: Callable[[date], bool]) -> date:
    """The day to which the law counts, day by day."""
    step = -ONE_DAY if length.back else ONE_DAY
    last = _months_on(law, length.months, length.back, day)
    if length.clear:
        for _ in range(length.days):
            last += step
        last += step  # the act, behind the days that lie clear
    else:
        for _ in range(length.days):
            last += step
    if not (length.months or length.days or length.clear):
        return last
    if law == "eu-1182" and (length.months or length.days >= 2):
        last = _holding_two(length, day, last, step, closed)
    if not length.back:
        while closed(last):
            last += ONE_DAY
    elif law == "us-frcp":
        while closed(last):
            last -= ONE_DAY
    return last


def _months_on(law: str, months: int, back: bool, day: date) -> date:
    if not months:
        return day
    if law == "jp-civil" and not back and day.day == monthrange(day.year, day.month)[1]:
        # From the first of the month that follows, whole months: to the day before a first.
        first = day + ONE_DAY
        behind = pendulum.date(first.year, first.month, 1).add(months=months)
        return date(behind.year, behind.month, 1) - ONE_DAY
    reached = pendulum.date(day.year, day.month, day.day).add(months=-months if back else months)
    return date(reached.year, reached.month, reached.day)


def _holding_two(
    length: Length, day: date, last: date, step: timedelta, closed: Callable[[date], bool]
) -> date:
    """So far on that two of the days counted are open; the act behind clear days is none of them."""
    open_days, counted = 0, day
    end = last - step if length.clear else last
    while counted != end or open_days < 2:
        counted += step
        open_days += not closed(counted)
        if counted == end and open_days < 2:
            end += step
    return end + step if length.clear else end


@given(LAWS, st.sampled_from(sorted(CALENDARS)), LENGTHS, DAYS,
       st.lists(st.integers(1, 60), max_size=4))  # fmt: skip
def test_a_law_counts_as_it_says(
    law: str, calendar: str, length: Length, day: date, besides: list[int]
) -> None:
    reached = by_law(law, length, day, lambda each: False)
    own = {reached + timedelta(days=number - 30) for number in besides}
    text = (
        f'id = "a"\ncalendar = "{calendar}"\ncounting = "{law}"\nclosed = {sorted(map(str, own))}\n'
        f'[[event]]\nid = "x"\ntitle = "X"\nwhen = "{length} {day}"\n'
    )

    agreements, _ = read(["a.toml"], [text.encode()])
    point = resolve(agreements, date(2026, 11, 25)).points[0]

    def closed(each: date) -> bool:
        return each.weekday() > 4 or each in CALENDARS[calendar] or each in own

    assert point.earliest == point.latest == by_law(law, length, day, closed)
