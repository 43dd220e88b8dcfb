"""By whose clock the command line tells instants."""

from __future__ import annotations

import re

import pytest

from tests.cli.calls import Caller
from tracker import clock

FILE = """id = "a"
title = "Conference"
timezone = "Europe/Berlin"
[[event]]
id = "papers"
title = "Papers"
when = "2027-01-15 23:59 AoE"
[[event]]
id = "call"
title = "Call"
when = "2027-01-15 17:00"
[[event]]
id = "dinner"
title = "Dinner"
when = "2027-01-15"
"""


@pytest.fixture
def conference(call: Caller) -> Caller:
    call.write("events.toml", FILE)
    return call


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_the_agenda_tells_an_instant_as_stated_and_by_the_clock_of_who_reads_it(
    conference: Caller,
) -> None:
    agenda = lines(conference("--as-of", "2027-01-14", "--timezone", "America/Toronto").out)

    assert agenda[-3:] == [
        (
            "15 Jan 2027 tomorrow Call [call] at 15 January 2027, 17:00 (Europe/Berlin), which is"
            " 11:00 (America/Toronto)"
        ),
        "15 Jan 2027 tomorrow Dinner [dinner]",
        (
            "16 Jan 2027 in 2 days Papers [papers] 15 January 2027 AoE, which is"
            " Saturday, 16 January 2027, 06:59 (America/Toronto)"
        ),
    ]


def test_where_the_readers_clock_shows_what_is_stated_no_other_is_told(conference: Caller) -> None:
    agenda = lines(conference("--as-of", "2027-01-14", "--timezone", "Europe/Paris").out)

    assert "15 Jan 2027 tomorrow Call [call] at 15 January 2027, 17:00 (Europe/Berlin)" in agenda


def test_a_list_has_the_readers_clock_behind_what_is_stated(conference: Caller) -> None:
    listed = lines(conference("list", "--as-of", "2027-01-14", "--timezone", "Asia/Tokyo").out)

    assert [line.partition(" exact")[0] for line in listed] == [
        "2027-01-15 17:00 Europe/Berlin = 2027-01-16 01:00",
        "2027-01-15",
        "2027-01-15 AoE = 2027-01-16 20:59",
    ]


@pytest.mark.parametrize(
    "command", [("show", "papers"), ("explain", "papers"), ("what-if", "papers=2027-01-20 12:00")]
)
@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "15 January 2027 AoE, which is Saturday, 16 January 2027, 17:44 (Asia/Kathmandu)"),
        ("ja", "2027年1月15日 AoE(Asia/Kathmandu では2027年1月16日(土)17:44)"),
    ],
)
def test_every_command_tells_it_so_in_either_language(
    conference: Caller, command: tuple[str, ...], language: str, told: str
) -> None:
    shown = conference(
        *command, "--as-of", "2027-01-14", "--timezone", "Asia/Kathmandu", "--lang", language
    )

    assert told in shown.out


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("America/Toronto", "06:59 (America/Toronto)"),
        (":America/Toronto", "06:59 (America/Toronto)"),
        ("/usr/share/zoneinfo/America/Toronto", "06:59 (America/Toronto)"),
        ("", "11:59 (UTC)"),
        ("EST5EDT4,M3.2.0,M11.1.0", "12:59 (Europe/Berlin)"),  # no name: the agreement's
    ],
)
def test_without_the_option_it_is_the_machines_zone_else_the_agreements(
    conference: Caller, monkeypatch: pytest.MonkeyPatch, setting: str, told: str
) -> None:
    monkeypatch.setenv("TZ", setting)

    assert told in conference("--as-of", "2027-01-14").out


def test_a_machine_without_tz_has_the_zone_of_its_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TZ", raising=False)

    assert re.fullmatch(r"UTC|[A-Z][A-Za-z_]+(/[A-Za-z_+-]+)+", clock.zone_name() or "UTC")


def test_a_zone_that_there_is_not_is_refused_with_the_one_that_was_meant(
    conference: Caller,
) -> None:
    near, none = conference("--timezone", "toronto"), conference("--timezone", "xyzzy!")

    assert (near.code, near.err) == (
        2, "tracker: “toronto” is no time zone: --timezone America/Toronto\n",
    )  # fmt: skip
    several = conference("--timezone", "IST").err
    assert several.endswith("--timezone Europe/Dublin, --timezone Asia/Jerusalem\n")
    assert (none.code, none.err) == (
        2, "tracker: “xyzzy!” is no time zone; they have names like Europe/Berlin, or UTC\n",
    )  # fmt: skip
