"""`tracker doctor` of many agreements: by which settings, and each thing once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calls import Caller
from tests.reminders.scene import at
from tracker import clock

LEASE = """id = "lease-{number}"
title = "Lease {number}"
timezone = "Europe/Berlin"
reminders = ["7 days"]

[[event]]
id = "break"
title = "Break notice"
when = 2026-12-{day}
"""
SETTINGS = '[[recipient]]\nname = "legal"\nto = ["terminal"]\n'


@pytest.fixture
def call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Caller:
    monkeypatch.setattr(clock, "now", lambda: at("2026-11-01 12:00"))
    monkeypatch.setattr(clock, "today", lambda _zone: at("2026-11-01 12:00").date())
    folder = tmp_path / "here"
    folder.mkdir()
    call = Caller(folder, monkeypatch, capsys)
    for number in range(1, 8):
        day = "02" if number < 7 else "03"
        call.write(f"leases/lease-{number}.toml", LEASE.format(number=number, day=day))
    return call


def test_it_names_the_settings_or_where_they_were_looked_for(call: Caller) -> None:
    above = call.write("tracker.toml", SETTINGS)
    beside = call.folder / "leases" / "tracker.toml"
    files = str(call.folder / "leases")

    found = call("doctor", "-f", files)
    assert f"--  there is no {beside}: reminders go to the terminal" in found.out
    assert f"There is {above}: put it beside the events files" in found.out

    above.unlink()
    assert "Write one there" in call("doctor", "-f", files).out
    call.write("leases/tracker.toml", SETTINGS)
    assert f"ok  what counts is {beside}" in call("doctor", "-f", files).out


def test_it_says_of_all_of_a_zone_once_and_what_goes_out_as_one_message(call: Caller) -> None:
    call.write("leases/tracker.toml", SETTINGS)
    lines = call("doctor", "-f", str(call.folder / "leases")).out.splitlines()

    (zone,) = (line for line in lines if "Europe/Berlin, where it is" in line and "days" in line)
    assert zone.startswith("ok  lease-1, lease-2, lease-3 and 4 more: their days are those of")
    assert [line for line in lines if "ok  legal, 2026" in line] == [
        (
            "ok  legal, 2026-11-25 09:00 CET: 6 reminders, the first: Lease 1 – Break notice,"
            " Wednesday, 2 December 2026"
        ),
        "ok  legal, 2026-11-26 09:00 CET: Lease 7 – Break notice, Thursday, 3 December 2026",
    ]


def test_the_list_has_a_message_once_and_below_it_what_it_names(call: Caller) -> None:
    call.write("leases/tracker.toml", SETTINGS)
    lines = call("alerts", "list", "-f", str(call.folder / "leases")).out.splitlines()

    at_nine = lines.index(
        "  2026-11-25 09:00  legal  planned  6 reminders, the first: Lease 1 – Break notice,"
        " Wednesday, 2 December 2026"
    )
    assert lines[at_nine + 1 :] == [
        *(
            f"      - Lease {number} – Break notice, Wednesday, 2 December 2026 [7 days before]"
            for number in range(1, 7)
        ),
        (
            "  2026-11-26 09:00  legal  planned  Lease 7 – Break notice,"
            " Thursday, 3 December 2026 [7 days before]"
        ),
    ]
