"""What is said of a day that an estimated holiday can move, wherever a user may look."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from ical.calendar_stream import IcsCalendarStream
from jsonschema import Draft202012Validator

from tests.cli.calls import Caller
from tracker.feeds.json_schema import POINTS_SCHEMA
from tracker.files.loading import read
from tracker.i18n.alerts import AlertReader, coming_text, subject_of
from tracker.timeline.resolver import resolve

FILE = """
id = "a"
calendar = "SA"
[[event]]
id = "paid"
title = "Paid"
when = "5 business days after 2033-01-02"
[[event]]
id = "lease"
title = "Lease"
starts = "2030-01-01"
ends = "5 business days after 2033-01-02"
"""
SAID = {
    "en": "may move by a day or two: the holiday is estimated (Eid al-Fitr Holiday in SA)",
    "ja": "1〜2日動くことがあります:祝日の日付が推定です(SA の Eid al-Fitr Holiday)",
}
VIEW = ("--as-of", "2032-12-30")


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("command", ["agenda", "list", "feed"])
def test_agenda_list_and_feed_say_that_the_holiday_is_estimated(
    call: Caller, command: str, language: str
) -> None:
    call.write("events.toml", FILE)

    called = call(*VIEW, "--lang", language, command)

    assert called.code == 0, called.err
    unfolded = called.out.replace("\r\n ", "")
    assert unfolded.count(SAID[language]) >= 2


def test_in_a_feed_it_is_tentative_on_the_day_by_the_estimate(call: Caller) -> None:
    call.write("events.toml", FILE)

    events = IcsCalendarStream.calendar_from_ics(call(*VIEW, "feed").out).events

    (paid,) = (event for event in events if str(event.summary).startswith("Paid"))
    assert paid.status == "TENTATIVE"
    assert paid.dtstart == date(2033, 1, 12)


def test_json_names_the_holiday_and_is_as_its_schema_says(call: Caller) -> None:
    call.write("events.toml", FILE)

    rows = json.loads(call(*VIEW, "list", "--json").out)

    Draft202012Validator(POINTS_SCHEMA).validate(rows)
    (paid,) = (row for row in rows if row["id"] == "paid")
    assert (paid["status"], paid["waits_for"]) == ("may-move", [])
    assert paid["estimated"] == [
        {"holiday": "Eid al-Fitr Holiday", "calendar": "SA",
         "first": "2033-01-02", "last": "2033-01-05"}
    ]  # fmt: skip


def test_explain_names_the_holiday_and_check_its_place_in_the_file(call: Caller) -> None:
    call.write("events.toml", FILE)

    explained, checked = call(*VIEW, "explain", "paid"), call(*VIEW, "check")

    assert "Estimated in SA, and to be announced: 2 January 2033 (Eid al-Fitr" in explained.out
    assert checked.code == 0
    assert [line.split(" warning: ")[0] for line in checked.err.splitlines() + checked.out.splitlines()
            if "is an estimate" in line] == ["events.toml:7:8:", "events.toml:12:8:"]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_reminder_says_so_in_its_subject(language: str) -> None:
    agreements, _ = read(["a.toml"], [FILE.encode()])
    timeline = resolve(agreements, date(2032, 12, 30))
    point = timeline.points[0]
    reader = AlertReader(
        "ja" if language == "ja" else "en", "UTC", datetime(2032, 12, 30, 12, tzinfo=UTC), timeline
    )

    subject = subject_of("reminder", point, agreements[0], date(2033, 1, 12), reader)

    assert subject.endswith(SAID[language])
    assert coming_text(point, agreements[0], reader)
