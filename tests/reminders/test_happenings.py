"""Reminders of what hangs on each happening, and of what is due so long after it was done."""

from __future__ import annotations

from tests.reminders.scene import HEAD, Make, kinds
from tracker.agreements.keys import PointKey

BREACH = """
[[event]]
id = "letter"
title = "Letter"
when = "30 days after each breach"
[[event]]
id = "breach"
title = "Breach"
when = "open"
repeats = "as it happens"
"""
CHECK = """
[[event]]
id = "check"
title = "Check"
when = 2030-12-01
repeats = "1 year after done"
"""


def test_each_happening_has_reminders_of_its_own_under_its_name(scene: Make) -> None:
    here = scene(text=HEAD + BREACH)
    assert here.look("2030-11-01 12:00") == []
    here.text += "occurred = { laptop = 2030-11-04, paper = 2030-11-04 }\n"

    assert set(kinds(here.look("2030-11-04 08:00"))) == {"change"}

    reminders = here.look("2030-11-04 09:00")

    assert [row.key.point_key for row in reminders] == [
        PointKey("a", "letter", "when", "laptop"), PointKey("a", "letter", "when", "paper"),
    ]  # fmt: skip
    assert here.messages(reminders) == [
        "Letter (laptop): in 1 month, Wednesday, 4 December 2030",
        "Letter (paper): in 1 month, Wednesday, 4 December 2030",
    ]
    assert kinds(here.look("2030-11-27 09:00")) == ["reminder", "reminder"]


def test_of_one_that_is_recorded_late_all_is_told_at_once_and_then_what_is_left(
    scene: Make,
) -> None:
    here = scene(text=HEAD + BREACH)
    here.look("2030-11-01 12:00")
    here.text += "occurred = { laptop = 2030-11-04 }\n"

    told = here.look("2030-12-03 12:00")

    assert here.messages(told) == [
        "Breach (laptop): has happened: Monday, 4 November 2030; and one more change"
    ]
    assert here.subjects("2030-12-04 09:00") == [
        "Letter (laptop): today, Wednesday, 4 December 2030"
    ]


def test_a_false_alarm_is_reminded_of_no_more(scene: Make) -> None:
    here = scene(text=HEAD + BREACH)
    here.text += "occurred = { laptop = 2030-11-04, paper = 2030-11-05 }\n"
    here.look("2030-11-06 12:00")
    here.text += "withdrawn = { laptop = 2030-11-07 }\n"
    assert set(kinds(here.look("2030-11-07 12:00"))) == {"change"}

    assert [row.key.occurrence for row in here.look("2030-11-28 12:00")] == ["paper"]


def test_the_next_check_is_reminded_of_by_the_day_of_the_last(scene: Make) -> None:
    here = scene(text=HEAD + CHECK)
    here.look("2030-11-01 12:00")
    assert here.subjects("2030-12-01 09:00") == ["Check: today, Sunday, 1 December 2030"]
    here.text += "occurred = { 1 = 2030-12-20 }\n"
    here.look("2030-12-20 12:00")

    rows = here.look("2031-11-20 09:00")

    assert [row.key.point_key for row in rows] == [PointKey("a", "check", "when", 2)]
    assert here.messages(rows) == ["Check: in 1 month, Saturday, 20 December 2031"]
