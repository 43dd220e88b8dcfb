"""Behind each word for a deadline, each vague period is offered as deadlines, and as nothing else.

The days of the periods were worked by hand; x lies in 2027, so what names no year is of that year.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.dates.offered import offers, point_of
from tests.rows import rows
from tracker.dates.instants import local_day
from tracker.i18n.translate import LANGUAGES, catalogue

#: From the first day to the last, for each reading.
PERIODS = {
    "FY2027": "2026-10-01..2027-09-30 2027-04-01..2028-03-31",
    "FY27": "2026-10-01..2027-09-30 2027-04-01..2028-03-31",
    "fiscal year 2027": "2026-10-01..2027-09-30 2027-04-01..2028-03-31",
    "FY27/28": "2027-04-01..2028-03-31 2027-07-01..2028-06-30 2027-10-01..2028-09-30",
    "FY 2027-28": "2027-04-01..2028-03-31 2027-07-01..2028-06-30 2027-10-01..2028-09-30",
    "2027/28": "2027-04-01..2028-03-31 2027-07-01..2028-06-30 2027-10-01..2028-09-30",
    "Q3 FY2027": "2027-04-01..2027-06-30 2027-10-01..2027-12-31",
    "the end of FY2027": "2027-09-30..2027-09-30 2028-03-31..2028-03-31",
    "tax year 2027/28": "2027-04-06..2028-04-05",
    "academic year 2027/28": "2027-09-01..2028-08-31 2027-04-01..2028-03-31",
    "early 2027": "2027-01-01..2027-03-31 2027-01-01..2027-06-30",
    "mid 2027": "2027-04-01..2027-06-30 2027-07-01..2027-09-30",
    "mid-2027": "2027-04-01..2027-06-30 2027-07-01..2027-09-30",
    "the middle of 2027": "2027-04-01..2027-06-30 2027-07-01..2027-09-30",
    "late 2027": "2027-10-01..2027-12-31 2027-07-01..2027-12-31",
    "summer 2027": "2027-04-01..2027-06-30 2027-07-01..2027-09-30",
    "the spring of 2027": "2027-01-01..2027-03-31 2027-04-01..2027-06-30",
    "winter 2027/28": "2027-12-01..2028-02-29",
    "the turn of the year 2027/28": "2027-12-31..2028-01-01",
    "the 2030s": "2030-01-01..2039-12-31",
    "the early 2030s": "2030-01-01..2033-12-31",
    "the 21st century": "2001-01-01..2100-12-31",
    "mid-March 2027": "2027-03-11..2027-03-20 2027-03-15..2027-03-15",
    "early March 2027": "2027-03-01..2027-03-10 2027-03-01..2027-03-15",
    "the beginning of March 2027": "2027-03-01..2027-03-01 2027-03-01..2027-03-10"
    " 2027-03-01..2027-03-15",
    "late March 2027": "2027-03-21..2027-03-31 2027-03-16..2027-03-31",
    "first half of March 2027": "2027-03-01..2027-03-15",
    "the first week of March 2027": "2027-03-01..2027-03-07",
    "the last ten days of March 2027": "2027-03-22..2027-03-31",
    "mid-Q3 2027": "2027-08-01..2027-08-31",
    "early '27": "2027-01-01..2027-03-31 2027-01-01..2027-06-30",
    "spring or summer 2027": "2027-01-01..2027-03-31 2027-04-01..2027-06-30 2027-07-01..2027-09-30",
    "year ended 31 March 2027": "2026-04-01..2027-03-31",
    "FYE 2027-06": "2026-07-01..2027-06-30",
    "Advent 2027": "2027-11-28..2027-12-24",
    "Ramadan 2028": "2028-01-28..2028-02-25",
    "Golden Week 2027": "2027-04-29..2027-05-05",
    "the holidays 2027": "2027-12-24..2028-01-01",
    "Easter 2028": "2028-04-16..2028-04-16",
    # the year is that of x
    "H1": "2027-01-01..2027-06-30",
    "Q3": "2027-07-01..2027-09-30",
    "the first half of the year": "2027-01-01..2027-06-30",
    "summer": "2027-04-01..2027-06-30 2027-07-01..2027-09-30",
    "March": "2027-03-01..2027-03-31",
    "February": "2027-02-01..2027-02-28",
    "mid-March": "2027-03-11..2027-03-20 2027-03-15..2027-03-15",
    "beginning of March": "2027-03-01..2027-03-01 2027-03-01..2027-03-10 2027-03-01..2027-03-15",
    "March 15": "2027-03-15..2027-03-15",
    "week 12": "2027-03-22..2027-03-28",
    "the end of the year": "2027-12-31..2027-12-31",
    "year end": "2027-12-31..2027-12-31",
    "fiscal year": "2026-10-01..2027-09-30 2027-04-01..2028-03-31",
    "end of the fiscal year": "2027-09-30..2027-09-30 2028-03-31..2028-03-31",
    "the holidays": "2027-12-24..2028-01-01",
    "next year": "2028-01-01..2028-12-31",
    "the 15th": "2027-05-15..2027-05-15",
}
#: Those of which the words have a name: `until` and `by` are read both ways of them.
NAMED = {
    "H1 2027": "2027-01-01..2027-06-30",
    "1H27": "2027-01-01..2027-06-30",
    "first half of 2027": "2027-01-01..2027-06-30",
    "Q3 2027": "2027-07-01..2027-09-30",
    "March 2027": "2027-03-01..2027-03-31",
    "calendar year 2027": "2027-01-01..2027-12-31",
    "CY27": "2027-01-01..2027-12-31",
    "week 12 of 2027": "2027-03-22..2027-03-28",
    "2027-Q3": "2027-07-01..2027-09-30",
}
THROUGH = (
    "through", "thru", "no later than", "not later than", "not after", "on or before", "on or by",
    "up to and including", "until and including", "by no later than", "within", "latest",
    "latest by", "at the latest", "not beyond", "due", "due no later than", "to be paid by the latest",
    "ending", "deadline:", "<=", "at most", "on/before",
)  # fmt: skip
EITHER = ("until", "till", "by", "up to", "up until", "due by", "payable by")
BEFORE = ("before", "prior to", "ahead of", "in advance of", "earlier than", "due before")
FROM = ("from", "since", "no earlier than", "on or after", "not before", "as of", "starting")
AFTER = ("after", "following", "later than")


def _windows(days: str) -> list[tuple[date, date]]:
    windows = (window.split("..") for window in days.split())
    return [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in windows]


def _counted_to(line: str) -> set[date]:
    """The days to which the offers count; each of them is pasted back."""
    days = set()
    for offer in offers(line):
        point = point_of(offer.write)
        assert not point.bounds.forecast, f"{line}: {offer.write} is a forecast"
        assert point.counts_to is not None, f"{line}: {offer.write} counts to no day"
        days.add(local_day(point.counts_to))
    return days


@rows("word", [*THROUGH, *EITHER])
def test_what_is_offered_behind_a_deadline_counts_to_the_last_day_that_is_meant(word: str) -> None:
    for period, days in PERIODS.items():
        counted = _counted_to(f"{word} {period}")

        assert counted == {last for _, last in _windows(days)} | _iso_weeks(period), period


def _iso_weeks(period: str) -> set[date]:
    """A week of a month is also the one from Monday that ISO 8601 counts to it."""
    return {date(2027, 3, 7)} if "first week of March 2027" in period else set()


@pytest.mark.parametrize("word", BEFORE)
def test_what_is_offered_before_a_period_counts_to_the_day_before_it_begins(word: str) -> None:
    for period, days in PERIODS.items():
        is_edge = "end of" in period or period == "year end"  # before its end is by its last day
        before = {last if is_edge else first - timedelta(days=1) for first, last in _windows(days)}

        assert _counted_to(f"{word} {period}") == before, period


@rows("word", [*THROUGH, *EITHER, *BEFORE])
def test_a_period_that_has_a_name_is_offered_under_it(word: str) -> None:
    for period, days in NAMED.items():
        line = f"{word} {period}"
        if not offers(line):
            continue  # the words read it themselves
        ((first, last),) = _windows(days)
        eve = first - timedelta(days=1)

        meant = {eve} if word in BEFORE else {last, eve} if word in EITHER else {last}

        assert _counted_to(line) == meant, line


@pytest.mark.parametrize("word", [*FROM, *AFTER])
def test_what_may_happen_from_a_period_on_is_offered_from_its_first_day_or_behind_it(
    word: str,
) -> None:
    for period, days in PERIODS.items():
        if period == "Easter 2028":  # a day, which is read both ways
            continue
        windows = _windows(days)
        meant = {last + timedelta(days=1) if word in AFTER else first for first, last in windows}

        earliest = {point_of(offer.write).earliest for offer in offers(f"{word} {period}")}

        assert earliest == meant, f"{word} {period}"


@pytest.mark.parametrize("line", ["by Easter", "until Chinese New Year", "by Thanksgiving"])
def test_a_movable_feast_without_its_year_is_offered_no_day(line: str) -> None:
    assert not any("year of x" in offer.write for offer in offers(line))


def test_of_several_offers_each_says_why_it_is_to_be_chosen() -> None:
    for period in PERIODS:
        for offer in offers(f"until {period}"):
            assert offer.reason
            for language in LANGUAGES:
                assert f"suggestion.{offer.reason}" in catalogue(language)


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("30 days after x, but not later than FY2027",
         ["earliest of 30 days after x, through 2027-09-30",
          "earliest of 30 days after x, through 2028-03-31"]),
        ("x, no earlier than early 2027", ["latest of x, 2027-01-01"]),
        ("may be exercised until mid-2027", ["not after 2027-06-30", "not after 2027-09-30"]),
        ("may terminate before summer 2027", ["not after 2027-03-31", "not after 2027-06-30"]),
        ("earliest of x, until summer 2027",
         ["earliest of x, through 2027-Q2", "earliest of x, through 2027-Q3"]),
        ("not before early 2027, not after FY27/28",
         ["not before 2027-01-01, not after 2028-03-31",
          "not before 2027-01-01, not after 2028-06-30",
          "not before 2027-01-01, not after 2028-09-30"]),
        ("by summer 2027 at the latest", ["through 2027-Q2", "through 2027-Q3"]),
        ("30 days after FY2027", ["30 days after 2027-09-30", "30 days after 2028-03-31"]),
        ("90 days before summer 2027", ["90 days before 2027-04-01", "90 days before 2027-07-01"]),
        ("within 30 days after the end of FY2027",
         ["within 30 days after 2027-09-30", "within 30 days after 2028-03-31"]),
    ],
)  # fmt: skip
def test_a_vague_period_inside_a_line_is_the_day_that_is_meant_there(
    line: str, offered: list[str]
) -> None:
    assert [offer.write for offer in offers(line)] == offered
    for offer in offered:
        point_of(offer)


@pytest.mark.parametrize("word", ["not after", "30 days after", "until", "not before", "after"])
def test_a_period_that_has_the_shape_of_an_id_is_told_from_an_event(word: str) -> None:
    offered = offers(f"{word} mid-2027")

    assert len(offered) == 2
    assert all("mid-2027" not in offer.write for offer in offered)


@rows(
    "line, offered",
    [
        # x lies on 20 May 2027, a Thursday
        ("by month end", ["end of month of x"]),
        ("due quarter-end", ["end of quarter of x"]),
        ("no later than EOQ", ["end of quarter of x"]),
        ("until the half-year end", ["end of half-year of x"]),
        ("within the end of the week", ["end of week of x"]),
        ("not after month-end", ["not after end of month of x"]),
        ("before month end", ["end of month of x"]),
        # a day of the week is none of a year
        ("by Friday", []),
        ("until Monday, 5 pm", []),
        ("no later than COB Friday", []),
        ("by Friday 2028", []),
        # before the end of a year is by its last day
        ("before year-end 2028", ["through 2028"]),
        ("before year end 2028", ["through 2028"]),
        ("prior to the year-end 2028", ["through 2028"]),
        ("not after year-end 2028", ["not after 2028-12-31"]),
        # a day with its hour is a moment
        ("by 15 March 2028, 17:00 CET", ["2028-03-15 17:00 Europe/Berlin"]),
        ("on or before 2028-03-15 17:00", ["2028-03-15 17:00"]),
        ("on or before noon on 2028-03-15", ["2028-03-15 12:00"]),
        ("on or before close of business on 2028-03-15", ["2028-03-15 17:00"]),
        ("at or before 2028-03-15 17:00 Asia/Tokyo", ["2028-03-15 17:00 Asia/Tokyo"]),
        ("up to close of business on 2028-03-15", ["2028-03-15 17:00"]),
        ("latest 15.03.2028 17:00", ["2028-03-15 17:00"]),
        ("by 2028-03-15, 17:00", ["2028-03-15 17:00"]),
        ("by March 15, 2028 (AoE)", ["2028-03-15 AoE"]),
        ("latest 15 March 2028 AoE", ["2028-03-15 AoE"]),
        ("before 15 March 2028 AoE", ["2028-03-14 AoE"]),
        # on or prior to it is not before it
        ("on or prior to 2028-03-15", ["2028-03-15"]),
        ("on or prior to FY2027", ["through 2027-09-30", "through 2028-03-31"]),
        # what ends in a period has ended with its last day
        ("expires Q3 2028", ["through 2028-Q3"]),
        ("expires mid-2028", ["through 2028-Q2", "through 2028-Q3"]),
        ("ends in FY 2027/28", ["through 2028-03-31", "through 2028-06-30", "through 2028-09-30"]),
        ("sometime before early 2028", ["before 2028-Q1", "before 2028-H1"]),
        ("by around mid-2028", ["through 2028-Q2", "through 2028-Q3"]),
    ],
)  # fmt: skip
def test_an_offer_comes_to_the_day_and_the_hour_that_was_written(
    line: str, offered: list[str]
) -> None:
    assert [offer.write for offer in offers(line)] == offered
    for offer in offered:
        point_of(offer)


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        # a choice behind a deadline word is one of last days
        ("by x or FY2027, whichever is earlier",
         ["earliest of x, through 2027-09-30", "earliest of x, through 2028-03-31"]),
        ("no later than the earlier of FY2027 and x",
         ["earliest of through 2027-09-30, x", "earliest of through 2028-03-31, x"]),
        ("by the later of early 2028 and x",
         ["latest of through 2028-Q1, x", "latest of through 2028-H1, x"]),
        ("by FY2027, or 2030-01-01 if x",
         ["through 2027-09-30, or 2030-01-01 if x", "through 2028-03-31, or 2030-01-01 if x"]),
        # the end of a fiscal year is not that of the calendar's
        ("by FYE 2027", ["2027-09-30", "2028-03-31"]),
        ("before fiscal year-end 2027", ["2027-09-30", "2028-03-31"]),
        # an event, and the day beside it
        ("by no later than x", ["x"]),
        ("expires x", ["x"]),
        ("up to x", ["x", "1 day before x"]),
        ("up to the day before x", ["1 day before x"]),
        ("no later than the day after x", ["1 day after x"]),
        # an hour in brackets is not lost
        ("by 1 May 2028 (17:00 CET)", []),
        ("1 May 2028, 17:00 JST", ["2028-05-01 17:00 Asia/Tokyo"]),
    ],
)  # fmt: skip
def test_behind_a_deadline_word_a_choice_and_an_event_are_deadlines(
    line: str, offered: list[str]
) -> None:
    assert [offer.write for offer in offers(line)] == offered
    for offer in offered:
        assert not point_of(offer).bounds.forecast
