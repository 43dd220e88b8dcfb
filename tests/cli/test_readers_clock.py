"""By whose clock the command line tells instants."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

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
        "2027-01-15",
        "2027-01-15 17:00 Europe/Berlin = 2027-01-16 01:00",
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
        ("EST5EDT", "06:59 (EST5EDT)"),
        ("Japan", "20:59 (Japan)"),
        ("JST-9", "20:59 (Etc/GMT-9)"),
        ("<-03>3", "08:59 (Etc/GMT+3)"),
        ("posix/UTC", "11:59 (UTC)"),
    ],
)
def test_without_the_option_it_is_the_machines_zone_else_the_agreements(
    conference: Caller, monkeypatch: pytest.MonkeyPatch, setting: str, told: str
) -> None:
    monkeypatch.setenv("TZ", setting)

    agenda = conference("--as-of", "2027-01-14")

    assert told in agenda.out
    assert agenda.err == ""


@pytest.mark.parametrize("zone", ["EST5EDT4,M3.2.0,M11.1.0", "ACST-9:30", "AoE", "Utopia/Amaurot"])
def test_where_the_machines_zone_has_no_name_it_is_the_agreements_and_said_once(
    conference: Caller, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)

    agenda = conference("--as-of", "2027-01-14")
    chosen = conference("--as-of", "2027-01-14", "--timezone", "Asia/Tokyo")
    as_json = conference("--as-of", "2027-01-14", "--json")

    assert "12:59 (Europe/Berlin)" in agenda.out
    assert (agenda.err.count(f"“{zone}”"), agenda.err.count("Europe/Berlin")) == (1, 1)
    assert "20:59 (Asia/Tokyo)" in chosen.out
    assert (chosen.err, as_json.err) == ("", "")


DATE_LINE = """id = "a"
title = "Island"
timezone = "Europe/Berlin"
[[event]]
id = "window"
title = "Window"
when = "2027-01-15 09:00 Asia/Tokyo"
[[event]]
id = "later"
title = "Later"
when = "2027-01-15 23:30"
[[event]]
id = "whole"
title = "Whole day"
when = "2027-01-15"
"""


@pytest.mark.parametrize(
    ("now", "head", "rows"),
    [
        # 15 January, 11:00 on the island, and the 14th in Berlin
        (datetime(2027, 1, 14, 21, tzinfo=UTC),
         "as of 14 January 2027; 15 January 2027 in Pacific/Kiritimati",
         ["15 Jan 2027 today Window", "15 Jan 2027 today Whole day", "16 Jan 2027 tomorrow Later"]),
        # 16 January there, and the 15th in Berlin, which is not over
        (datetime(2027, 1, 15, 11, tzinfo=UTC),
         "as of 15 January 2027; 16 January 2027 in Pacific/Kiritimati",
         ["15 Jan 2027 yesterday Window", "15 Jan 2027 yesterday Whole day",
          "16 Jan 2027 today Later"]),
    ],
)  # fmt: skip
def test_all_of_an_agenda_is_counted_from_the_readers_own_today_and_stands_by_the_readers_days(
    call: Caller, monkeypatch: pytest.MonkeyPatch, now: datetime, head: str, rows: list[str]
) -> None:
    call.write("events.toml", DATE_LINE)
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(clock, "today", lambda zone: now.astimezone(ZoneInfo(zone)).date())

    agenda = lines(call("agenda", "--timezone", "Pacific/Kiritimati").out)

    assert agenda[0].endswith(head)
    assert [line.partition(" [")[0] for line in agenda if "Jan 2027" in line] == rows


def test_a_time_that_the_readers_clock_shows_twice_has_its_offset_in_a_list(call: Caller) -> None:
    event = '[[event]]\nid = "at-{0}"\ntitle = "At {0}"\nwhen = "2027-11-07 0{0}:30 UTC"\n'
    call.write("events.toml", 'id = "a"\n' + "".join(map(event.format, (4, 5, 6, 7))))

    listed = lines(call("list", "--as-of", "2027-01-14", "--timezone", "America/Toronto").out)

    assert [line.partition(" exact")[0].partition("= ")[2] for line in listed] == [
        "00:30", "01:30 UTC-04:00", "01:30 UTC-05:00", "02:30",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (
            "1 day after 2028-03-25 02:30 Europe/Berlin",
            "skip that time on that day: it goes forward",
        ),
        ("1 day after 2028-10-28 02:30 Europe/Berlin", "show that time twice on that day"),
        (
            "1 day after 2011-12-29 10:00 Pacific/Apia",
            "skip that time on that day: it goes forward",
        ),
        (
            "1 day after 2011-12-29 00:00 Pacific/Apia",
            "skip that time on that day: it goes forward",
        ),
        ("1 day after 1993-08-20 12:00 Pacific/Kwajalein", "skip that time on that day"),
    ],
)
def test_an_hour_or_a_day_that_clocks_skip_is_not_said_to_come_twice(
    call: Caller, when: str, said: str
) -> None:
    call.write("events.toml", f'id = "a"\n[[event]]\nid = "x"\ntitle = "X"\nwhen = "{when}"\n')

    explained = " ".join(call("explain", "x", "--as-of", "2011-01-01").out.split())

    assert said in explained
    assert explained.count("that time") == 1


def test_a_machine_without_tz_has_the_zone_of_its_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TZ", raising=False)

    assert re.fullmatch(r"UTC|[A-Z][A-Za-z_]+(/[A-Za-z_+-]+)+", clock.zone_name() or "UTC")


def test_a_zone_that_there_is_not_is_refused_with_the_one_that_was_meant(
    conference: Caller,
) -> None:
    near, none = conference("--timezone", "toronto"), conference("--timezone", "xyzzy!")

    assert (near.code, near.err) == (
        2, "tracker: “toronto” is no time zone; did you mean America/Toronto?\n",
    )  # fmt: skip
    several = conference("--timezone", "IST").err
    assert several.endswith("Europe/Dublin, Asia/Jerusalem?\n")
    assert (none.code, none.err) == (
        2, "tracker: “xyzzy!” is no time zone; they have names like Europe/Berlin, or UTC\n",
    )  # fmt: skip
