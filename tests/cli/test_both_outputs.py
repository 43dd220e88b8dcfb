"""Both outputs in one pipe: their lines stand in the order in which they were said."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.end_to_end.processes import SECONDS, environment
from tests.shipped import ROOT

CALENDAR = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//a//EN
BEGIN:VEVENT
UID:1@a
DTSTAMP:20261101T000000Z
DTSTART;VALUE=DATE:20310115
SUMMARY:Report to the council
END:VEVENT
END:VCALENDAR
"""


def test_what_is_written_is_said_behind_what_was_shown(tmp_path: Path) -> None:
    (tmp_path / "calendar.ics").write_text(CALENDAR, encoding="utf-8")

    imported = subprocess.run(
        [sys.executable, "-m", "tracker", "import", "calendar.ics", "--yes", "--lang", "en"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env={**environment(tmp_path), "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        timeout=SECONDS,
        check=True,
    )

    said = imported.stdout
    assert said.index("this begins it") < said.index("Report to the council")
    assert said.index("Report to the council") < said.index("Written to events.toml")
