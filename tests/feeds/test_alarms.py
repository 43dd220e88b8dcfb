"""An alarm is read without its entry beside it: it says what it is about, on which day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import icalendar
import pytest

from tests.timeline.scene import agreement, event
from tracker.feeds.calendar import calendar_form, publication
from tracker.feeds.query import FeedChoice
from tracker.timeline.resolver import resolve

LEADS = (timedelta(days=30), timedelta(days=1), timedelta())
DAY = "2030-12-31"
TEXTS = {
    ("en", "2030-12-31"): [
        "Rent review, 31 December 2030 (in 30 days)",
        "Rent review, 31 December 2030 (tomorrow)",
        "Rent review, 31 December 2030 (today)",
    ],
    ("ja", "2030-12-31"): [
        "賃料改定、2030年12月31日(30日後)",
        "賃料改定、2030年12月31日(明日)",
        "賃料改定、2030年12月31日(本日)",
    ],
    ("en", "2030-12-31 18:00 Europe/Berlin"): [
        f"Rent review, 31 December 2030, 18:00 (Europe/Berlin) ({away})"
        for away in ("in 30 days", "tomorrow", "today")
    ],
    ("en", "2030-12-31 18:00 UTC"): [
        f"Rent review, 31 December 2030, 18:00 (UTC) ({away})"
        for away in ("in 30 days", "tomorrow", "today")
    ],
    ("en", "2030-12-31 AoE"): [
        f"Rent review (AoE), 31 December 2030 ({away})"
        for away in ("in 30 days", "tomorrow", "today")
    ],
    ("en", "not after 2030-12-31"): [
        f"Last day for “Rent review”, 31 December 2030 ({away})"
        for away in ("in 30 days", "tomorrow", "today")
    ],
}


def alarm_texts(language: str, title: str, when: str, **fields: Any) -> list[str]:
    """What the alarms say, as another library than ours reads them."""
    titles = (("en", title), ("ja", "賃料改定"))
    stated = event("x", when=when, **fields)._replace(title=titles)
    view = resolve([agreement(stated)], date(2026, 11, 25))
    content = calendar_form(publication(view, language), FeedChoice(language, alarms=LEADS))
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    calendar = icalendar.Calendar.from_ical(content)
    return [str(alarm["DESCRIPTION"]) for alarm in calendar.walk("VALARM")]


@pytest.mark.parametrize(("language", "when"), TEXTS)
def test_an_alarm_names_what_it_is_about_and_its_day(language: str, when: str) -> None:
    assert alarm_texts(language, "Rent review", when) == TEXTS[language, when]


def test_an_alarm_of_a_window_does_not_take_its_first_day_for_the_day() -> None:
    (text, *_) = alarm_texts("en", "Delivery", "in 2030-12")

    assert "on an unknown day, 1 December 2030 to 31 December 2030" in text


@pytest.mark.parametrize(
    "title", ["a, b; c \\ d\\n", "END:VALARM", "x期限 " * 60, "\\" * 300, 'q " : x']
)
def test_no_title_breaks_out_of_an_alarm(title: str) -> None:
    assert alarm_texts("en", title, DAY)[2] == f"{title}, 31 December 2030 (today)"


def test_what_is_cancelled_rings_no_more() -> None:
    assert alarm_texts("en", "Rent review", DAY, withdrawn=date(2026, 11, 20)) == []
