"""Holidays that are estimated: which days they make uncertain, by how much, and what is said.

The library has the feasts of 2033 by estimate: Eid al-Fitr of Saudi Arabia from Sunday 2 to
Wednesday 5 January (its weekend is Friday and Saturday); Eid al-Adha of Turkey from Friday 11 to
Monday 14 March, its eve half a day. Singapore's Vesak Day of 2027 was announced.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.rows import rows
from tracker.dates.calendars import Uncovered, open_days
from tracker.files.loading import read
from tracker.i18n.diagnostics import message_of
from tracker.i18n.points import remark_on
from tracker.timeline.points import Point, Timeline
from tracker.timeline.resolver import resolve
from tracker.timeline.validation.warnings import find_warnings


def view(head: str, *events: str, as_of: str = "2026-11-30") -> Timeline:
    """The view of events that are named a, b and so on."""
    texts = [f'[[event]]\nid = "{name}"\ntitle = "{name.upper()}"\n{text}\n'
             for name, text in zip("abcd", events, strict=False)]  # fmt: skip
    agreements, _ = read(["a.toml"], ["\n".join(['id = "f"', head, *texts]).encode()])
    return resolve(agreements, date.fromisoformat(as_of))


def only(head: str, event: str) -> Point:
    (point,) = view(head, event).points
    return point


def answer(point: Point) -> str:
    return f"{point.earliest}..{point.latest} at {point.counts_to} {point.status}"


SA, TR, US = 'calendar = "SA"', 'calendar = "TR"', 'calendar = "US"'


@rows(
    "head, event, expected",
    [
        (SA, 'when = "5 business days after 2033-01-02"',
         "2033-01-12..2033-01-13 at 2033-01-12 may-move"),
        (SA, 'when = "3 days after 2032-12-31"\nroll = "next"',
         "2033-01-03..2033-01-09 at 2033-01-06 may-move"),
        (SA, 'when = "within 5 business days after 2033-01-02"',
         "2033-01-02..2033-01-13 at 2033-01-12 may-move"),
        # The day that is counted from may be closed by it as well: that day is not counted.
        (SA, 'when = "5 business days after 2030-04-10"',
         "2030-04-22..2030-04-23 at 2030-04-23 may-move"),
        ('calendar = "AE"', 'when = "5 business days after 2031-04-21"',
         "2031-04-28..2031-04-29 at 2031-04-29 may-move"),
        ('calendar = "US+SA"', 'when = "5 business days before 2030-04-17"',
         "2030-04-03..2030-04-04 at 2030-04-04 may-move"),
        # The day in lieu of it, on a Thursday, is another day of the same feast.
        ('calendar = "EG"', 'when = "5 business days after 2030-05-05"',
         "2030-05-12..2030-05-13 at 2030-05-12 may-move"),
        # Two feasts near one another close each as many days as it lasts, and not all they may.
        ('calendar = "IN"', 'when = "5 business days after 2028-02-14"',
         "2028-02-21..2028-02-22 at 2028-02-21 may-move"),
        ('calendar = "MY"', 'when = "5 business days after 2030-01-30"',
         "2030-02-07..2030-02-12 at 2030-02-11 may-move"),
        # Over a year's end it is one feast still, of three days.
        ('calendar = "AE"', 'when = "10 business days after 2032-12-17"',
         "2032-12-31..2033-01-03 at 2032-12-31 may-move"),
        ('calendar = "AE"', 'when = "10 business days before 2033-01-14"',
         "2032-12-28..2032-12-30 at 2032-12-29 may-move"),
        # What a feast has in lieu of days on a weekend, it has over a year's end as well.
        (SA, 'when = "5 business days after 2033-01-01"',
         "2033-01-12..2033-01-12 at 2033-01-12 exact"),
        (SA, 'when = "2033-01-05"\nroll = "next"', "2033-01-06..2033-01-10 at 2033-01-06 may-move"),
        # Two countries may have one feast on days apart.
        ('calendar = "TR+SA"', 'when = "5 business days after 2033-03-08"',
         "2033-03-21..2033-03-24 at 2033-03-22 may-move"),
        # The feast lies wholly between, on the same number of business days wherever it falls.
        (TR, 'when = "20 business days after 2033-06-01"',
         "2033-06-29..2033-06-29 at 2033-06-29 exact"),
        # No estimated holiday is near.
        (SA, 'when = "5 business days after 2033-06-01"',
         "2033-06-08..2033-06-08 at 2033-06-08 exact"),
        # A stated day stays where it is, closed or not.
        (SA, 'when = "2033-01-03"', "2033-01-03..2033-01-03 at 2033-01-03 exact"),
        (SA, 'when = "5 days after 2033-01-01"', "2033-01-06..2033-01-06 at 2033-01-06 exact"),
        # What was announced is certain, and so is a calendar without such feasts.
        ('calendar = "SG"', 'when = "5 business days after 2027-05-17"',
         "2027-05-25..2027-05-25 at 2027-05-25 exact"),
        (US, 'when = "5 business days after 2033-07-01"',
         "2033-07-11..2033-07-11 at 2033-07-11 exact"),
        # Recorded is recorded.
        (SA, 'when = "5 business days after 2024-04-01"\noccurred = 2024-04-20',
         "2024-04-20..2024-04-20 at 2024-04-20 occurred"),
    ],
)  # fmt: skip
def test_a_day_is_uncertain_only_where_an_estimated_holiday_can_change_it(
    head: str, event: str, expected: str
) -> None:
    assert answer(only(head, event)) == expected


@pytest.mark.parametrize("name", ["SA", "AE", "TR", "EG", "MA", "ID", "MY", "SG", "IN", "BD", "PK"])
def test_the_days_that_the_moon_decides_are_known_as_estimates(name: str) -> None:
    assert open_days(name).festivals(2034)


@pytest.mark.parametrize(
    "name", ["US", "JP", "DE", "GB-ENG", "CN", "HK", "KR", "TW", "IL", "weekdays"]
)
def test_days_that_are_worked_out_are_no_estimates(name: str) -> None:
    days = open_days(name)

    assert not days.festivals(2034)
    assert days.after(date(2034, 1, 1), 250)
    assert not days.has_estimates


def test_a_year_of_which_a_holiday_is_not_even_estimated_is_no_guess() -> None:
    """The library knows India's Hindu holidays until 2035; counted on, they were open days."""
    days = open_days("IN")

    assert days.after(date(2035, 11, 20), 5)
    with pytest.raises(Uncovered) as refused:
        days.after(date(2036, 1, 1), 5)
    assert (refused.value.first, refused.value.last) == (2001, 2035) == days.covers


def test_what_hangs_on_it_may_move_with_it_and_says_so() -> None:
    timeline = view(SA, 'when = "5 business days after 2033-01-02"', 'when = "30 days after a"',
                    'when = "end of month of a"', 'when = "earliest of a, 2032-12-01"')  # fmt: skip
    a, b, month, choice = timeline.points

    assert answer(b) == "2033-02-11..2033-02-12 at 2033-02-11 may-move"
    assert b.waits_for == ()
    assert b.estimates == a.estimates
    assert month.status == choice.status == "exact"


def test_of_what_repeats_only_the_occurrences_beside_it_may_move() -> None:
    timeline = view(
        SA, 'when = "2031-01-01"\nrepeats = "1 month"\nroll = "next"', as_of="2030-11-30"
    )

    moving = [str(point.occurrence) for point in timeline.points if point.status == "may-move"]
    assert moving == ["2031-04-01", "2033-01-01", "2034-03-01"]


def test_what_repeats_from_such_a_day_goes_on_from_its_estimate() -> None:
    timeline = view(
        SA, 'when = "5 business days after 2033-01-02"\nrepeats = "1 month, 3 in all"',
        as_of="2032-11-30",
    )  # fmt: skip

    days = [str(point.occurrence) for point in timeline.points]
    assert days == ["2033-01-12", "2033-02-12", "2033-03-12"]
    assert {point.status for point in timeline.points} == {"may-move"}


@pytest.mark.parametrize(
    ("language", "event", "expected"),
    [
        ("en", 'when = "5 business days after 2033-01-02"',
         "may move by a day or two: the holiday is estimated (Eid al-Fitr Holiday in SA)"),
        ("ja", 'when = "5 business days after 2033-01-02"',
         "1〜2日動くことがあります:祝日の日付が推定です(SA の Eid al-Fitr Holiday)"),
        ("en", 'when = "3 days after 2032-12-31"\nroll = "next"',
         "may move by up to 3 days: the holiday is estimated (Eid al-Fitr Holiday in SA)"),
        ("en", 'when = "not after (5 business days after 2033-01-02)"',
         ("an option: on any day through this one, or not at all; may move by a day or two: "
          "the holiday is estimated (Eid al-Fitr Holiday in SA)")),
    ],
)  # fmt: skip
def test_it_is_said_why_the_day_may_move(language: str, event: str, expected: str) -> None:
    assert remark_on(only(SA, event), language) == expected


def test_the_sentence_names_the_estimated_holiday_of_the_span_and_no_certain_one_of_its_day() -> (
    None
):
    """Ambedkar's day is 14 April of each year; Id-ul-Fitr comes after what can be reached."""
    remarks = [remark_on(only('calendar = "IN"', f'when = "5 business days after {day}"'), "en")
               for day in ("2030-04-10", "2028-02-14")]  # fmt: skip

    assert [remark.split("estimated ")[1] for remark in remarks if remark] == [
        "(Ram Navami in IN, Id-ul-Zuha (Bakrid) in IN, Mahavir Jayanti in IN)",
        "(Maha Shivaratri in IN)",
    ]


def test_what_is_announced_of_a_country_with_days_in_lieu_takes_the_place_of_the_estimate() -> None:
    head = 'calendar = "SG"\nannounced = ["2030-02-05"]'

    assert answer(only(head, 'when = "5 business days after 2030-01-30"')) == (
        "2030-02-07..2030-02-07 at 2030-02-07 exact"
    )


def test_what_an_open_event_can_move_too_says_both() -> None:
    timeline = view(
        SA, 'when = "open"', 'when = "5 business days after (earliest of a, 2033-01-02)"',
        as_of="2032-12-15",
    )  # fmt: skip
    point = next(point for point in timeline.points if point.event.id == "b")

    assert (remark_on(point, "en") or "").endswith(
        "waits for a; a holiday is estimated, too (Eid al-Fitr Holiday in SA)"
    )


def test_check_warns_of_it_once_a_line_with_the_holiday_and_its_estimated_day() -> None:
    timeline = view(
        SA, 'when = "2031-01-01"\nrepeats = "1 month"\nroll = "next"',
        'when = "5 business days after 2033-01-02"', 'when = "30 days after b"',
        as_of="2030-11-30",
    )  # fmt: skip

    warnings = [found for found in find_warnings(timeline)
                if found.diagnostic.case == "estimated-holiday"]  # fmt: skip

    assert [(found.event.id, found.field) for found in warnings] == [("a", "when"), ("b", "when")]
    assert message_of(warnings[0].diagnostic, "en").startswith(
        "Day of Arafah of SA on 2031-04-01 is an estimate"
    )


def test_every_day_of_a_year_is_uncertain_only_near_a_feast() -> None:
    """Counted from each day of a year: what is certain is so by far the most often."""
    days = [date(2033, 1, 1) + timedelta(days=number) for number in range(365)]
    events = "".join(
        f'[[event]]\nid = "d{at}"\ntitle = "D"\nwhen = "5 business days after {day}"\n'
        for at, day in enumerate(days)
    )
    agreements, _ = read(["a.toml"], [f'id = "f"\n{SA}\n{events}'.encode()])

    moving = [point for point in resolve(agreements, date(2026, 11, 30)).points if point.estimates]
    assert 20 < len(moving) < 80
    assert all(point.status == "may-move" for point in moving)
