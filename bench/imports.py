"""Importing 10,000 entries of 5 MB as whole processes, by turns with a library that parses them.

Seconds of the processor: what else a machine does is no cost of an import. First into a file that
is not there, then the same once more, then with each tenth entry moved.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from bench.commands import TRACKER

ENTRIES, BAR, ROUNDS = 10_000, 1.3, 5
_PARSING = (
    "import sys; from icalendar import Calendar; Calendar.from_ical(open(sys.argv[1], 'rb').read())"
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for what, ours, theirs in _calendars(Path(folder)):
            print(
                f"import, {what}: {ours:.2f} s, icalendar alone parses it in {theirs:.2f} s:"
                f" {ours / theirs:.2f} (bar {BAR})",
                flush=True,
            )


def _calendars(folder: Path) -> list[tuple[str, float, float]]:
    """Seconds of each import beside those of the library, in the middle of the rounds."""
    file, calendar = folder / "events.toml", folder / "work.ics"
    whole, moved = _calendar(timedelta()), _calendar(timedelta(days=1))
    command = (TRACKER, "-f", str(file), "import", str(calendar), "--yes", "--as-of", "2026-12-01")
    rows: dict[str, list[float]] = {}
    seconds = _stopwatch(folder)
    for _ in range(ROUNDS):
        file.unlink(missing_ok=True)
        calendar.write_bytes(whole)
        rows.setdefault("parse", []).append(seconds(sys.executable, "-c", _PARSING, str(calendar)))
        rows.setdefault("first", []).append(seconds(*command))
        rows.setdefault("again", []).append(seconds(*command))
        calendar.write_bytes(moved)
        rows.setdefault("moved", []).append(seconds(*command))
    middle = {name: median(values) for name, values in rows.items()}
    size = f"{ENTRIES} entries, {len(whole) / 1e6:.1f} MB"
    names = {"first": size, "again": f"{size}, once more", "moved": f"{size}, a tenth moved"}
    return [(what, middle[name], middle["parse"]) for name, what in names.items()]


def _stopwatch(folder: Path) -> Callable[..., float]:
    environment = {**os.environ, "HOME": str(folder), "XDG_STATE_HOME": str(folder), "TZ": "UTC"}
    environment["XDG_CACHE_HOME"] = str(folder / "cache")

    def seconds(*command: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, env=environment, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return seconds


def _calendar(later: timedelta) -> bytes:
    """A calendar as Outlook and Google write one; each tenth entry is so much later."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bench//EN", "X-WR-TIMEZONE:Europe/Berlin"]
    for number in range(ENTRIES):
        day = (
            date(2027, 1, 1)
            + timedelta(days=number % 700)
            + (later if number % 10 == 0 else timedelta())
        )
        words = f"Minutes\\, actions and open points of meeting {number}\\n" * 2
        lines += [
            "BEGIN:VEVENT",
            f"DTSTART;TZID=Europe/Berlin:{day:%Y%m%d}T090000",
            f"DTEND;TZID=Europe/Berlin:{day:%Y%m%d}T100000",
            "DTSTAMP:20261101T081512Z",
            f"UID:7h2m4n6p8q1r3s5t7u9v0w2x4y{number:06}@google.com",
            "CREATED:20261001T100000Z",
            f"DESCRIPTION:{words}",
            "LAST-MODIFIED:20261001T100000Z",
            "LOCATION:Room 5\\, second floor",
            "SEQUENCE:0",
            "STATUS:CONFIRMED",
            f"SUMMARY:Meeting {number % 97} of the project",
            "TRANSP:OPAQUE",
            "END:VEVENT",
        ]
    folded = [line if len(line) < 75 else f"{line[:74]}\r\n {line[74:]}" for line in lines]
    return "\r\n".join((*folded, "END:VCALENDAR", "")).encode()


if __name__ == "__main__":
    main()
