"""Each command at days beyond a calendar's data, and at the ends of all years."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calls import Caller

#: What asks a calendar for its days: counts, rolls, series, terms, notices, options; joined, lunar.
FILE = """
id = "c"
title = "C"
calendar = "{calendar}"
timezone = "Asia/Tokyo"

[[event]]
id = "x"
title = "X"
when = "open"

[[event]]
id = "hang"
title = "Hang"
when = "latest of 3 business days before x, 2027-02-03"

[[event]]
id = "lease"
title = "Lease"
starts = 2026-01-01
lasts = "1 year"
renews = "1 year unless notice"
roll = "next"

[[event]]
id = "notice"
title = "Notice"
when = "30 business days before each end of lease"
counting = "jp-civil"

[[event]]
id = "mark"
title = "Mark"
starts = 2026-01-01
lasts = "10 years"
renews = "10 years if renewal"

[[event]]
id = "renewal"
title = "Renewal"
when = "not after (3 business days after each end of mark)"

[[event]]
id = "rent"
title = "Rent"
when = 2026-01-01
repeats = "1 month"
roll = "modified-next"

[[event]]
id = "service"
title = "Service"
when = 2026-01-05
repeats = "1 year after done"
roll = "previous"
"""
COMMANDS = (
    ["check"],
    ["list"],
    ["agenda"],
    ["timeline"],
    ["explain", "hang"],
    ["show", "lease"],
    ["changes", "2026-01-01"],
    ["what-if", "x=2027-01-05"],
)
#: Before the data, at their edge, beyond them; the first and the last day that there are.
DAYS = ("0001-01-01", "1899-12-31", "2100-12-31", "2101-01-01", "9999-12-31")


@pytest.mark.parametrize("calendar", ["SG", "US+JP", "CN", "weekdays"])
def test_each_command_answers_or_says_where_the_calendar_ends(
    calendar: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    call = Caller(tmp_path, monkeypatch, capsys)
    call.write("events.toml", FILE.format(calendar=calendar))

    for day in DAYS:
        for command in COMMANDS:
            called = call("-f", "events.toml", "--as-of", day, *command)
            said = called.out + called.err
            if command[0] == "changes" and day < "2026":
                assert called.code == 2
                continue
            assert called.code in (0, 1), (day, command, said)
            if called.code == 1:
                assert calendar != "weekdays"
                first = said.splitlines()[0]
                assert first.startswith("events.toml:"), (day, command, said)
                assert "has no data for the year" in first
                assert 'write calendar = "weekdays" and the holidays under `closed`' in first
