"""What pages say of a day that an estimated holiday can move."""

from __future__ import annotations

from datetime import date

import pytest

from tests.web.sites import client_of
from tracker.files.loading import read
from tracker.timeline.resolver import resolve

FILE = b"""
id = "a"
calendar = "SA"
[[event]]
id = "paid"
title = "Paid"
when = "5 business days after 2030-04-10"
"""


@pytest.mark.parametrize("page", ["/", "/events/a/paid"])
def test_agenda_and_event_page_say_that_the_holiday_is_estimated(page: str) -> None:
    agreements, _ = read(["a.toml"], [FILE])
    with client_of(resolve(agreements, date(2030, 4, 1))) as client:
        text = client.get(page).text

    assert "may move by a day or two: the holiday is estimated (Day of Arafah in SA)" in text
