"""Reminders of options: they count to the last day, and a lapse is told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from tests.reminders.scene import HEAD, LEGAL, Make, Scene, at, kinds, leads
from tracker.agreements.keys import PointKey
from tracker.files.loading import read
from tracker.reminders.acknowledgements import Acknowledgement, AcknowledgementKey
from tracker.reminders.plan import all_reminders
from tracker.reminders.recipients import Recipient
from tracker.timeline.resolver import resolve

BREAK = """[[event]]
id = "break"
title = "Break notice"
when = "not after (6 months before 2031-06-30)"
"""
LAST = "Last day for “Break notice”"


def test_leads_count_to_the_last_day_and_the_lapse_is_told_once_on_the_day_after(
    scene: Make,
) -> None:
    here = scene(text=HEAD + BREAK)
    here.look("2030-11-01 12:00")

    assert here.subjects("2030-11-30 09:00") == [f"{LAST}: in 1 month, Monday, 30 December 2030"]
    assert here.subjects("2030-12-23 09:00") == [f"{LAST}: in 7 days, Monday, 30 December 2030"]
    assert here.subjects("2030-12-29 09:00") == [f"{LAST}: tomorrow, Monday, 30 December 2030"]
    assert here.subjects("2030-12-30 09:00") == [f"{LAST}: today, Monday, 30 December 2030"]
    assert here.look("2030-12-31 08:59") == []
    assert here.subjects("2030-12-31 09:00") == [
        "Break notice: lapsed; its last day was Monday, 30 December 2030"
    ]
    assert here.look("2030-12-31 09:01") == here.look("2031-01-07 09:00") == []


def test_what_was_recorded_has_no_reminder_and_does_not_lapse(scene: Make) -> None:
    here = scene(text=HEAD + BREAK)
    here.look("2030-12-01 12:00")
    here.text += "occurred = 2030-12-10\n"

    assert kinds(here.look("2030-12-10 12:00")) == ["change"]
    assert here.look("2030-12-30 09:00") == here.look("2030-12-31 09:00") == []


def test_a_lapse_while_nothing_ran_is_told_in_place_of_what_was_missed(scene: Make) -> None:
    here = scene(text=HEAD + BREAK)
    here.look("2030-12-22 12:00")

    rows = here.look("2031-01-01 12:00")

    assert kinds(rows) == ["lapsed"]
    assert here.messages(rows)[0].startswith("Break notice: lapsed")


def test_a_reminder_that_was_written_down_is_not_sent_once_the_option_has_lapsed(
    scene: Make,
) -> None:
    here = scene(text=HEAD + BREAK)
    here.look("2030-12-22 12:00")
    rows = here.look("2030-12-30 09:00")

    assert kinds(rows) == ["reminder"]
    here.look("2030-12-31 08:00")
    assert here.messages(rows) == []


def test_a_new_file_with_options_that_lapsed_long_ago_says_nothing_of_them(scene: Make) -> None:
    here = scene(text=HEAD + BREAK)

    assert here.look("2031-03-01 12:00") == here.look("2031-03-02 09:00") == []


def test_an_option_that_was_acknowledged_lapses_in_silence(scene: Make) -> None:
    here = scene(text=HEAD + BREAK)
    here.look("2030-12-22 12:00")
    key = AcknowledgementKey("", PointKey("a", "break"), "2030-12-30")
    here.acknowledgements.save([Acknowledgement(key, at("2030-12-22 13:00"))])

    assert here.look("2030-12-30 09:00") == here.look("2030-12-31 09:00") == []


def test_an_amendment_of_the_last_day_lets_a_lapsed_option_lapse_again(scene: Make) -> None:
    here = scene(text=HEAD + BREAK)
    here.look("2030-12-22 12:00")
    here.look("2030-12-31 09:00")
    here.text = here.text.replace("2031-06-30", "2031-07-31")

    here.look("2031-01-05 12:00")

    assert here.subjects("2031-01-24 09:00") == [f"{LAST}: in 7 days, Friday, 31 January 2031"]
    here.look("2031-01-31 10:00")
    assert kinds(here.look("2031-02-01 09:00")) == ["lapsed"]


@pytest.mark.parametrize(
    ("zone", "hour", "due"),
    [
        ("UTC", time(9), "2030-12-31 09:00"),
        (
            "UTC",
            time(0),
            "2031-01-01 00:00",
        ),  # the view of the next day begins at that very instant
        ("Asia/Tokyo", time(9), "2030-12-31 00:00"),  # midnight in UTC is 09:00: see below
        ("America/New_York", time(9), "2030-12-31 14:00"),
        ("Pacific/Kiritimati", time(9), "2030-12-31 19:00"),
    ],
)
def test_the_lapse_is_told_at_the_first_hour_after_the_last_day_has_ended_where_it_is_stated(
    zone: str, hour: time, due: str
) -> None:
    agreements, _ = read(["events.toml"], [(HEAD + BREAK).encode()])
    recipient = Recipient("r", zone, hour)

    found = all_reminders(resolve(agreements, date(2030, 12, 31)), [recipient])

    assert [reminder.key.kind for reminder in found] == ["lapsed"]
    expected = at(due) if due != "2030-12-31 00:00" else at("2031-01-01 00:00")
    assert found[0].due == expected


def test_an_option_has_no_lead_after_its_day(scene: Make) -> None:
    text = HEAD.replace('"0 days"', '"0 days", "3 days after"') + BREAK
    here = scene(text=text)
    here.look("2030-12-30 12:00")

    assert kinds(here.look("2031-01-02 09:00")) == ["lapsed"]
    agreements, _ = read(["events.toml"], [text.encode()])
    ahead = all_reminders(resolve(agreements, date(2030, 11, 1)), [LEGAL])
    assert [str(reminder.lead) for reminder in ahead] == ["30 days", "7 days", "1 day", "0 days"]


def test_the_lapse_is_told_in_japanese_too(scene: Make) -> None:
    here: Scene = scene(replace(LEGAL, language="ja"), text=HEAD + BREAK)
    here.look("2030-12-22 12:00")

    assert here.subjects("2030-12-30 09:00") == [
        "Break noticeが可能な最終日:本日、2030年12月30日(月)"
    ]
    assert here.subjects("2030-12-31 09:00") == [
        "Break notice:失効しました(最終日は2030年12月30日(月))"
    ]


def test_whoever_wants_no_reminders_is_told_of_no_lapse(scene: Make) -> None:
    here = scene(replace(LEGAL, reminders=leads()), text=HEAD + BREAK)
    here.look("2030-12-22 12:00")

    assert here.look("2030-12-31 09:00") == []
