"""On a terminal a title runs in the direction of its own letters, and turns nothing beside it."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import icalendar
import pytest

from tests.cli.calls import Caller
from tests.i18n.directions import ARABIC, HEBREW, HOSTILE, ends_open, file_with, view
from tests.web.sites import client_of
from tracker.feeds.calendar import calendar_form, publication
from tracker.feeds.query import FeedChoice

COMMANDS = [
    ("agenda",), ("list",), ("show", "report"), ("explain", "report"), ("timeline",),
    ("changes", "2026-01-01", "2029-01-01"), ("what-if", "hearing=2029-01-01"),
]  # fmt: skip


@pytest.mark.parametrize("title", [HEBREW, ARABIC, *HOSTILE])
@pytest.mark.parametrize("command", COMMANDS)
def test_on_a_terminal_no_title_turns_the_rest_of_its_line(
    call: Caller, command: tuple[str, ...], title: str
) -> None:
    call.write("events.toml", file_with(title))

    called = call("--as-of", "2026-11-25", *command)

    assert (called.code, called.err) == (0, "")
    assert not [line for line in called.out.splitlines() if ends_open(line)]
    shown = [
        line for line in called.out.splitlines() if title.split("\u2069", maxsplit=1)[0] in line
    ]
    assert shown
    if title in {HEBREW, ARABIC}:
        assert all(f"{title}\u2069" in line for line in shown)


def test_on_a_narrow_screen_what_is_isolated_goes_on_so_on_the_next_line(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    call.write("events.toml", file_with(f"{HEBREW} " * 12 + "\u202e"))
    monkeypatch.setenv("COLUMNS", "60")

    lines = call("--as-of", "2026-11-25", "agenda").out.splitlines()

    assert sum(HEBREW[:4] in line for line in lines) > 6
    assert all("\u2068" in line for line in lines if HEBREW[:4] in line)
    assert not [line for line in lines if ends_open(line)]


def test_data_for_programs_hold_the_title_as_it_is(call: Caller) -> None:
    call.write("events.toml", file_with(HEBREW))
    published = publication(view(HEBREW), "en")
    calendar = icalendar.Calendar.from_ical(calendar_form(published, FeedChoice("en")))

    for command in COMMANDS:
        as_json = call("--as-of", "2026-11-25", "--json", *command)
        assert (as_json.code, "\u2068" in as_json.out) == (0, False)
    for form in ("json", "csv"):
        assert "\u2068" not in call("feed", "--form", form).out
    summaries = [str(entry["SUMMARY"]) for entry in calendar.events]
    assert f"{HEBREW} (may come sooner: waits for hearing)" in summaries
    assert not [text for text in summaries if "\u2068" in text]
    svg = call("--as-of", "2026-11-25", "timeline", "--svg").out
    ET.fromstring(svg)  # noqa: S314 - ours
    assert svg.count(f">\u2068{HEBREW}\u2069<") >= 3
    assert 'data-event="a/report"' in svg


def test_what_needs_no_sign_has_none(call: Caller) -> None:
    for title in ("Rent review", "賃料改定", "Überprüfung – 5 €"):
        call.write("events.toml", file_with(title))
        for command in (("agenda",), ("explain", "report"), ("list",)):
            assert not re.search("[\u2066-\u2069]", call("--lang", "ja", *command).out)
        assert "dir=" not in client_of(view(title)).get("/events/a/report").text
