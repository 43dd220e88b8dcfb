"""Holidays that are estimated, against the same agreement with each of them where it may fall.

The library's holidays are closed by hand, as days of the file's own, each estimated one so many
days off by itself. What is worked out then knows of no estimate at all.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import holidays
from hypothesis import given
from hypothesis import strategies as st

from tracker.dates.instants import local_day
from tracker.files.loading import read
from tracker.i18n.diagnostics import message_of
from tracker.i18n.points import remark_on
from tracker.timeline.explanation import Step, explain_point
from tracker.timeline.points import Point
from tracker.timeline.resolver import resolve
from tracker.timeline.validation.warnings import find_warnings

#: Countries whose weekend is Saturday and Sunday, with a year of which nothing is announced.
YEARS = {"TR": 2033, "AE": 2028, "MA": 2029, "ID": 2030}
ONE_DAY = timedelta(days=1)
LINES = (
    '"{n} business days after {day}"',
    '"{n} business days before {day}"',
    '"within {n} business days after {day}"',
    '"not after ({n} business days after {day})"',
    '"{n} days after {day}"\nroll = "next"',
    '"{n} days before {day}"\nroll = "previous"',
    '"{n} days after {day}"\nroll = "modified-next"',
    '"{n} days after {day}"\ncounting = "de-bgb"',
    '"{n} days after {day}"\ncounting = "eu-1182"',
    '"{n} days before {day}"\ncounting = "us-frcp"',
    '"{day} 12:00 UTC"\nrepeats = "1 month, 12 in all"\nroll = "next"',
    '"{n} business days after {day}"\nrepeats = "1 week, 4 in all"\nroll = "previous"',
)
MORE = """
[[event]]
id = "b"
title = "B"
when = "{more}"
roll = "next"

[[event]]
id = "lease"
title = "Lease"
starts = "{day}"
lasts = "2 months"
renews = "1 month, at most 6 times"
roll = "next"

[[event]]
id = "notice"
title = "Notice"
when = "2 business days before each end of lease"
"""
MORE_LINES = (
    "{n} business days after {a}",
    "earliest of {a}, 2 business days after 2030-03-01",
    "end of month of (10 business days after {a})",
    "between {a} and (40 business days after {a})",
)


@cache
def closed_days(country: str, year: int) -> tuple[frozenset[date], tuple[tuple[date, ...], ...]]:
    """The certain holidays of the years around, and the estimated ones, each with its days."""
    days = holidays.country_holidays(country, language="en_US")
    for near in range(year - 1, year + 3):
        days.get(date(near, 1, 1))
    certain, estimated = set(), []
    for day, names in sorted(days.items()):
        if any("(estimated)" not in name for name in names.split("; ")):
            certain.add(day)
        if "(estimated)" in names:
            estimated.append(day)
    festivals: list[list[date]] = []
    for day in estimated:
        by_moon_and_sun = "Lunar New Year" in days[day]  # no part of an Islamic feast beside it
        if (
            festivals
            and day - festivals[-1][-1] == ONE_DAY
            and not (by_moon_and_sun or "Lunar New Year" in days[festivals[-1][-1]])
        ):
            festivals[-1].append(day)
        else:
            festivals.append([day])
    return frozenset(certain), tuple(map(tuple, festivals))


def points(head: str, body: str) -> dict[str, Point]:
    agreements, _ = read(["a.toml"], [f'id = "a"\n{head}\n{body}'.encode()])
    return {str(point.key): point for point in resolve(agreements, date(2026, 11, 30)).points}


@st.composite
def scenes(draw: st.DrawFn) -> tuple[str, str]:
    """A country, and the events of a file that counts its days."""
    country = draw(st.sampled_from(sorted(YEARS)))
    line, more = draw(st.sampled_from(LINES)), draw(st.sampled_from(MORE_LINES))
    day = date(YEARS[country], 1, 1) + timedelta(days=draw(st.integers(0, 364)))
    number = draw(st.integers(0, 40))
    again = "repeats" in line or "not" in line
    a = f"({number} business days after {day})" if again else "a"
    first = f'[[event]]\nid = "a"\ntitle = "A"\nwhen = {line.format(n=number, day=day)}\n'
    return country, first + MORE.format(day=day, more=more.format(n=number, a=a))


def _announcement(festivals: tuple[tuple[date, ...], ...], off: list[int]) -> str:
    """Each of the estimated holidays on the days on which it falls, as a file states it."""
    moved = [(first + timedelta(days=days), last + timedelta(days=days))
             for (first, *_, last), days in zip(map(_ends, festivals), off, strict=False)]  # fmt: skip
    return "announced = [" + ", ".join(f'"{first}..{last}"' for first, last in moved) + "]"


def _ends(days: tuple[date, ...]) -> tuple[date, date]:
    return days[0], days[-1]


@given(scenes(), st.lists(st.integers(-2, 2), min_size=40, max_size=40))
def test_a_day_lies_in_its_bounds_wherever_the_estimated_holidays_fall(
    scene: tuple[str, str], off: list[int]
) -> None:
    country, body = scene
    certain, festivals = closed_days(country, YEARS[country])
    closed = set(certain)
    for festival, days in zip(festivals, off, strict=False):
        closed |= {each + timedelta(days=days) for each in festival}
    by_hand = "closed = [" + ", ".join(f'"{each}"' for each in sorted(closed)) + "]"

    estimated = points(f'calendar = "{country}"', body)
    announced = points(f'calendar = "weekdays"\n{by_hand}', body)
    stated = points(f'calendar = "{country}"\n{_announcement(festivals, off)}', body)

    for name, point in estimated.items():
        there = announced.get(name)
        if there is None or there.stands is None or point.stands is None:
            continue
        assert stated[name].bounds == there.bounds, name
        first, last = (local_day(moment) for moment in there.stands)
        assert point.earliest is not None, name
        assert local_day(point.earliest) <= first, name
        assert point.latest is None or last <= local_day(point.latest), name
        if point.status in ("exact", "window") and not point.waits_for:
            assert point.stands == there.stands, name


ALL = ("SA", "AE", "EG", "BN", "IR", "ID", "MY", "MA", "IN", "SG", "IQ", "BD", "TR", "PK",
       "TR+SA", "SG+MY", "US+SA", "weekdays+EG", "AE+saturday-open")  # fmt: skip


def _notes_of(step: Step) -> list[str]:
    """What is noted at a step and at those that it rests on."""
    below = [case for part in step.below for case in _notes_of(part)]
    return [note.case for note in step.notes] + below


@given(
    st.sampled_from(ALL),
    st.sampled_from(LINES[:10]),
    st.integers(0, 25),
    st.dates(date(2027, 1, 1), date(2034, 12, 31)),
)
def test_what_is_widened_by_estimates_alone_says_so_everywhere_with_a_holiday(
    calendar: str, line: str, number: int, day: date
) -> None:
    event = f'[[event]]\nid = "a"\ntitle = "A"\nwhen = {line.format(n=number, day=day)}'
    agreements, _ = read(["a.toml"], [f'id = "f"\ncalendar = "{calendar}"\n{event}'.encode()])
    timeline = resolve(agreements, date(2026, 11, 30))
    (point,) = timeline.points

    warned = [found for found in find_warnings(timeline)
              if found.diagnostic.case == "estimated-holiday"]  # fmt: skip
    notes = _notes_of(explain_point(point, timeline))
    named = [estimate.festival.first for estimate in point.estimates]
    told = [remark_on(point, "en") or "", message_of(warned[0].diagnostic, "en") if warned else ""]

    if point.stands is not None:
        is_wide = (point.earliest, point.latest) != point.stands
        assert bool(named) == is_wide or point.stands.earliest != point.stands.latest
        assert bool(named) >= is_wide
        assert bool(named) == (point.status == "may-move")
    assert bool(named) == bool(warned) == ("estimated" in notes)
    assert bool(named) == ("the holiday is estimated (" in told[0]) == ("estimate" in told[1])


def _counted(number: int, day: date, closed: set[date]) -> date:
    while number:
        day += ONE_DAY
        number -= day.weekday() < 5 and day not in closed
    return day


@given(
    st.sampled_from(("TR", "AE", "MA", "ID", "TR+AE", "AE+ID")),
    st.integers(1, 15),
    st.dates(date(2028, 12, 1), date(2033, 12, 31)),
)
def test_a_count_has_the_first_and_the_last_day_that_it_can_come_to(
    calendar: str, number: int, day: date
) -> None:
    """By trying all: of joined calendars each country's holiday falls by itself, as each other."""
    certain, near = set[date](), list[tuple[date, ...]]()
    for country in calendar.split("+"):
        days, festivals = closed_days(country, day.year)
        certain |= days
        near += [each for each in festivals if -9 < (each[0] - day).days < 45]
    ways = {frozenset(certain)}
    for festival in near:
        ways = {
            way | {each + timedelta(days=off) for each in festival}
            for way in ways
            for off in range(-2, 3)
        }
    answers = {_counted(number, day, set(way)) for way in ways}

    point = points(
        f'calendar = "{calendar}"',
        f'[[event]]\nid = "a"\ntitle = "A"\nwhen = "{number} business days after {day}"',
    )["a/a"]

    assert (point.earliest, point.latest) == (min(answers), max(answers))
