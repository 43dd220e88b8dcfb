"""In a message a title has the direction of its own letters, and turns nothing beside it."""

from __future__ import annotations

from html import unescape

import pytest

from tests.i18n.directions import HEBREW, HOSTILE, ends_open, file_with
from tests.reminders.scene import Make, composed
from tracker.alerts.mime import html_of


@pytest.mark.parametrize("title", [HEBREW, HOSTILE[1], HOSTILE[5], HOSTILE[6]])
def test_no_title_turns_the_rest_of_a_message(scene: Make, title: str) -> None:
    text = file_with(title).decode()
    here = scene(text=text)
    rows = here.look("2026-11-25 12:00")
    here.text = text.replace('2030-12-31"\n[[', '2031-01-31"\n[[').replace("06-01", "06-02")
    rows += here.look("2026-11-26 12:00")  # days move, an amendment is another one
    here.text = here.text.replace('id = "lease"', 'id = "other"')
    rows += here.look("2026-11-27 12:00")
    for instant in ("2027-03-10 12:00", "2030-12-01 12:00", "2031-01-05 12:00"):
        rows += here.look(instant)

    messages = [composed(here, row) for row in rows]

    assert {"change", "reminder", "nudge"} <= {row.key.kind for row in rows}
    for message in messages:
        lines = [
            message.subject,
            *message.text.splitlines(),
            *unescape(html_of(message)).split("\n"),
        ]
        assert not [line for line in lines if ends_open(line)]
        assert title != HEBREW or "\u2068" in "".join(lines)
