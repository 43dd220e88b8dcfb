"""Commands as people type them: their names, options, days and files."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pytest

from tests.cli.calls import Caller
from tests.shipped import EVENTS
from tracker import __version__
from tracker.agreements.model import RECORDED
from tracker.cli.commands import command_names
from tracker.clock import now, today
from tracker.files.schema import EVENT_KEYS
from tracker.i18n.columns import width_of

HEAD = 'id = "x"\ntimezone = "{}"\n'
EVENT = '[[event]]\nid = "report"\ntitle = "The report"\nwhen = 2030-01-31\n'
TERM = '[[event]]\nid = "lease"\ntitle = "The lease"\nstarts = 2020-01-01\nends = 2040-12-31\n'
#: So far apart that at each instant two of them have another day.
ZONES = ("Pacific/Kiritimati", "UTC", "Pacific/Pago_Pago")


@pytest.mark.parametrize("asked", [("-h",), ("--help",), ("help",), ("help", "help")])
@pytest.mark.parametrize(("language", "begins"), [("en", "Usage:"), ("ja", "使い方:")])
def test_help_is_asked_for_in_any_way(
    call: Caller, asked: tuple[str, ...], language: str, begins: str
) -> None:
    called = call(*asked, "--lang", language)

    assert (called.code, called.err) == (0, "")
    assert called.out.startswith(f"{begins} tracker [OPTIONS] COMMAND")
    assert all(f"\n  {name} " in called.out for name in (*command_names(), "help"))


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", sorted(command_names()))
def test_help_of_a_command_is_one_whichever_way_it_is_asked_for(
    call: Caller, name: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ways = [(name, "-h"), (name, "--help"), ("help", name)]

    outputs = {call("--lang", language, *way).out for way in ways}

    assert len(outputs) == 1
    assert f"tracker {name}" in (text := outputs.pop())
    assert "--as-of DAY" in text
    assert max(map(width_of, text.splitlines())) <= 80


def test_help_needs_no_file_and_names_what_is_like_a_wrong_command(call: Caller) -> None:
    assert call("help", "lst").err == "tracker: there is no command “lst”; did you mean list?\n"
    assert call("hlp").err == "tracker: there is no command “hlp”; did you mean help?\n"


@pytest.mark.parametrize("before", [(), ("--lang", "ja"), ("-f", "nowhere.toml")])
def test_the_version_is_told_whatever_stands_beside_it(
    call: Caller, before: tuple[str, ...]
) -> None:
    assert call(*before, "--version") == (0, f"tracker {__version__}\n", "")


@pytest.mark.parametrize("command", ["add", "amend"])
def test_every_key_of_an_event_is_an_option(call: Caller, command: str) -> None:
    """However many the schema has: but for those that other commands write."""
    told = call(command, "--help").out
    options = set(re.findall(r"(?m)^  (?:-\w, )?--([a-zA-Z-]+)", told))
    keys = set(EVENT_KEYS) - {"id", "title", "was", "imported", *RECORDED}
    named = {"parties": "party", "tags": "tag", "reminders": "reminder"}

    assert {named.get(key, key) for key in keys} <= options
    assert {option.lower() for option in options} == options


VALUES = {
    "--when": "30 days after report", "--calendar": "US", "--roll": "next", "--note": "n",
    "--quote": "q", "--url": "https://example.org/x", "--party": "A", "--tag": "t",
    "--reminder": "3 days",
}  # fmt: skip


def test_what_is_given_of_an_event_is_written_under_its_key(call: Caller) -> None:
    file = call.write("events.toml", HEAD.format("UTC") + EVENT)
    options = [part for option in VALUES.items() for part in option]

    called = call("add", "second", "Second", *options, "--tag", "u", "--yes")

    assert called.code == 0, called.err
    written = file.read_text(encoding="utf-8").split("[[event]]")[2].splitlines()
    assert sorted(written) == sorted([
        "", 'id = "second"', 'title = "Second"', 'when = "30 days after report"',
        'calendar = "US"', 'roll = "next"', 'note = "n"', 'quote = "q"',
        'url = "https://example.org/x"', 'parties = ["A"]', 'tags = ["t", "u"]',
        'reminders = ["3 days"]',
    ])  # fmt: skip


# -- days


def _day_in(zone: str, days: int) -> date:
    return today(zone) + timedelta(days=days)


WORDS = {"yesterday": -1, "today": 0, "Today": 0, "tomorrow": 1}


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        (("occurred", "report", "{}"), "occurred"),
        (("occurred", "start of lease", "{}"), "started"),
        (("occurred", "end of lease", "{}"), "ended"),
        (("withdraw", "report", "{}"), "withdrawn"),
        (("amend", "m", "report", "--when", "2031-01-31", "--on", "{}"), "on"),
    ],
)
def test_a_day_by_its_name_is_that_of_the_files_zone(
    call: Caller, zone: str, word: str, arguments: tuple[str, ...], key: str
) -> None:
    file = call.write("events.toml", HEAD.format(zone) + EVENT + TERM)
    before = _day_in(zone, WORDS[word])

    called = call(*(part.format(word) for part in arguments), "--yes")

    assert called.code == 0, called.err
    days = {f"{key} = {day}" for day in (before, _day_in(zone, WORDS[word]))}  # around midnight
    assert days & set(file.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(
    ("arguments", "same_as"),
    [
        (("--as-of", "yesterday", "list", "--json"), ("--as-of", "{yesterday}", "list", "--json")),
        (("--as-of", "today", "agenda"), ("agenda",)),
        (("changes", "yesterday", "today"), ("changes", "{yesterday}", "{today}")),
        (("changes", "yesterday"), ("changes", "{yesterday}")),
        (("what-if", "report=tomorrow"), ("what-if", "report={tomorrow}")),
        (("list", "--suppose", "end of lease=today"), ("list", "--suppose", "end of lease={today}")),
        (("timeline", "--from", "yesterday", "--to", "2030-01-01"),
         ("timeline", "--from", "{yesterday}", "--to", "2030-01-01")),
    ],
)  # fmt: skip
def test_wherever_a_day_is_given_its_name_is_as_good(
    call: Caller, arguments: tuple[str, ...], same_as: tuple[str, ...]
) -> None:
    hour = now().hour  # a zone in which no midnight is near, and that mostly has another day
    zone = "Etc/GMT-14" if hour not in (9, 10) else "Etc/GMT+12"
    call.write("events.toml", HEAD.format(zone) + EVENT + TERM)
    days = {word: _day_in(zone, ahead) for word, ahead in WORDS.items()}

    called = call(*arguments)

    written = call(*(part.format(**days) for part in same_as))
    same = called.out.replace("report=tomorrow", f"report={days['tomorrow']}")
    assert (called.code, same) == (0, written.out)


def test_the_names_of_days_go_by_the_day_of_the_view(call: Caller) -> None:
    file = call.write("events.toml", HEAD.format("UTC") + EVENT)

    call("--as-of", "2030-03-01", "occurred", "report", "yesterday", "--yes")

    assert "occurred = 2030-02-28" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("day", ["now", "yesterdy", "28.11.2026", "2026-02-30", "", "heute"])
def test_another_word_is_no_day_and_nothing_is_written(call: Caller, day: str) -> None:
    file = call.write("events.toml", HEAD.format("UTC") + EVENT)
    before = file.read_bytes()

    called = call("occurred", "report", day, "--yes")

    assert (called.code, called.out) == (2, "")
    assert called.err.count("\n") == 1
    assert file.read_bytes() == before


# -- amendments


def test_an_amendment_has_a_title_a_source_and_a_note_of_its_own(call: Caller) -> None:
    sources = '[sources.deed]\ntitle = "Deed"\n'
    file = call.write("events.toml", HEAD.format("UTC") + sources + EVENT)

    called = call(
        "amend", "m", "report", "--title", "The long report", "--note", "Of the event",
        "--amendment-title", "Second amendment", "--amendment-source", "deed",
        "--amendment-note", "Signed by post", "--on", "2027-01-01", "--yes",
    )  # fmt: skip

    assert called.code == 0, called.err
    header, event = file.read_text(encoding="utf-8").split("[[amendment]]")[1].split("[[")
    assert header.split("\n")[1:-2] == [
        'id = "m"', "on = 2027-01-01", 'source = "deed"', 'title = "Second amendment"',
        'note = "Signed by post"',
    ]  # fmt: skip
    assert 'title = "The long report"\nnote = "Of the event"\n' in event


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        (("--on", "2027-01-01"), None),
        (("--amendment-title", "First"), None),
        (("--on", "2027-01-02"), "on"),
        (("--amendment-title", "Other"), "title"),
        (("--amendment-note", "Other"), "note"),
    ],
)
def test_what_is_said_anew_of_an_amendment_that_is_there_is_never_lost(
    call: Caller, said: tuple[str, ...], refused: str | None
) -> None:
    amendment = '[[amendment]]\nid = "m"\non = 2027-01-01\ntitle = "First"\n'
    call.write("events.toml", HEAD.format("UTC") + EVENT + amendment)

    called = call("amend", "m", "report", "--when", "2031-01-31", *said, "--yes")

    if refused is None:
        assert called.code == 0, called.err
    else:
        assert called.code == 2
        assert f"the amendment m is there already; its `{refused}` is changed" in called.err


# -- check FILE


def test_check_takes_the_files_that_are_to_be_checked(call: Caller) -> None:
    call.write("a.toml", 'id = "a"\n' + EVENT)
    call.write("b.toml", 'id = "b"\n' + EVENT.replace("2030-01-31", '"2030"'))
    call.write("events.toml", "no TOML")

    assert call("check", "a.toml").code == 0
    both = call("check", "a.toml", "b.toml")
    assert both.code == 1
    assert both.out.startswith("b.toml:5:9: 2030 alone")
    assert call("check", "--strict", "b.toml").out == both.out


def test_files_to_check_are_seen_beside_those_of_the_option(call: Caller) -> None:
    call.write("all/a.toml", 'id = "a"\n' + EVENT)
    call.write("all/b.toml", 'id = "b"\n' + EVENT.replace("2030-01-31", '"1 day after a/report"'))

    alone = call("check", "all/b.toml")
    beside = call("check", "-f", "all", "all/b.toml", "--lang", "en")

    assert alone.code == 1
    assert "a/report" in alone.out
    assert (beside.code, beside.out) == (
        0, "all/a.toml, all/b.toml: 2 events, 2 points, nothing wrong\n"
    )  # fmt: skip


def test_a_note_is_shown_and_counted_and_passes_strict(call: Caller) -> None:
    call.write("a.toml", 'id = "a"\n' + EVENT.replace("2030-01-31", '"1 month after 2030-02-28"'))

    called = call("check", "--strict", "a.toml")
    as_json = json.loads(call("check", "--strict", "--json", "a.toml").out)

    assert called.code == 0
    assert called.out.startswith("a.toml:5:9: note: 2030-02-28 is the last day of its month")
    assert called.out.endswith("a.toml: 1 event, 1 point, nothing wrong\n")
    assert called.err == "1 note\n"
    assert [(found["severity"], found["case"], found["write"]) for found in as_json] == [
        ("note", "day-kept", ["end of month of (1 month after 2030-02-28)"])
    ]


def test_a_counted_day_that_is_closed_is_a_warning_and_fails_strict(call: Caller) -> None:
    line = '"10 days after 2027-04-21"\ncalendar = "JP"'
    call.write("a.toml", 'id = "a"\n' + EVENT.replace("2030-01-31", line))

    called = call("check", "a.toml")

    assert (called.code, call("check", "--strict", "a.toml").code) == (0, 1)
    assert '  write  roll = "next"    the next open day, 6 May 2027\n' in called.out
    assert called.err == "1 warning\n"


@pytest.mark.parametrize("option", [(), ("-f", "a.toml")])
def test_settings_that_a_wildcard_hands_over_are_left_out(
    call: Caller, option: tuple[str, ...]
) -> None:
    call.write("a.toml", 'id = "a"\n' + EVENT)
    call.write("tracker.toml", '[[recipient]]\nname = "legal"\n')

    among = call(*option, "check", "a.toml", "tracker.toml")
    alone = call(*option, "check", "./tracker.toml")

    assert (among.code, among.out) == (0, "a.toml: 1 event, 1 point, nothing wrong\n")
    assert alone.code == 0
    assert alone.out == among.out or "tracker doctor checks it" in alone.err


@pytest.mark.parametrize("name", ["nowhere.toml", "nowhere/"])
def test_a_file_to_check_that_is_not_there_is_refused(call: Caller, name: str) -> None:
    called = call("check", name)

    assert called.code == 2
    assert called.err.startswith(f"tracker: there is no file {name.rstrip('/')}")


def test_the_shipped_agreement_is_checked_by_its_name(call: Caller) -> None:
    assert call("check", str(EVENTS), str(EVENTS)).code == 0
