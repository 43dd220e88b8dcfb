"""Ctrl-C in the midst of long work: what was there stays, or what was to come is there whole."""

from __future__ import annotations

import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest

from tests.end_to_end.processes import SECONDS, environment, tracker

#: One call after the other, each stopped elsewhere.
CALLS = [
    pytest.param(4, id="4"),
    pytest.param(100, id="100", marks=pytest.mark.soak),
]


def events(day: int, count: int = 60) -> str:
    lines = ['id = "big"\ntitle = "Big"\ntimezone = "UTC"\n']
    lines += [
        f'[[event]]\nid = "e-{number}"\ntitle = "Event {number}"\nwhen = "2031-03-{day:02}"\n'
        for number in range(count)
    ]
    return "\n".join(lines)


def state_of(folder: Path) -> str:
    """All that stands in the folder, as one digest."""
    digest = sha256()
    for file in sorted(folder.rglob("*")):
        content = file.read_bytes() if file.is_file() else b"/"
        digest.update(f"{file.relative_to(folder)} {sha256(content).hexdigest()}\n".encode())
    return digest.hexdigest()


def stopped_after(seconds: float, *arguments: str, home: Path) -> tuple[int, str]:
    """What a command that gets Ctrl-C after so long ends with, and says."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment(home, "2030-01-01 12:00:00"),
        text=True,
    )
    try:
        _, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=SECONDS)
    return process.returncode, err


@pytest.mark.parametrize("calls", CALLS)
def test_a_site_is_as_it_was_or_whole_after_ctrl_c(tmp_path: Path, calls: int) -> None:
    chance, site, file = Random(calls), tmp_path / "site", tmp_path / "events.toml"
    arguments = ("-f", str(file), "publish", str(site))
    file.write_text(events(1))
    tracker(*arguments, home=tmp_path, at="2030-01-01 12:00:00")

    for number in range(calls):
        before = state_of(site)
        file.write_text(events(2 + number % 20))
        code, err = stopped_after(0.3 + chance.random() * 1.2, *arguments, home=tmp_path)

        if code == 0:
            continue
        assert code == 130, err
        assert err.splitlines()[-1] == "tracker: stopped: nothing is half-written"
        if state_of(site) != before:  # then it was brought to its end
            after = state_of(site)
            again = tracker(*arguments, home=tmp_path, at="2030-01-01 12:00:00")
            assert ": 0 files written" in again.stderr
            assert state_of(site) == after


def calendar(count: int) -> str:
    entries = [
        f"BEGIN:VEVENT\nUID:u{number}\nSUMMARY:Event {number}\nDTSTART;VALUE=DATE:20310301\nEND:VEVENT"
        for number in range(count)
    ]
    return "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *entries, "END:VCALENDAR", ""])


@pytest.mark.parametrize("calls", CALLS)
def test_a_file_is_as_it_was_or_has_all_of_an_import_after_ctrl_c(
    tmp_path: Path, calls: int
) -> None:
    chance, file, source = Random(calls), tmp_path / "events.toml", tmp_path / "work.ics"
    source.write_text(calendar(300))
    arguments = ("-f", str(file), "import", str(source), "--yes")

    for _ in range(calls):
        file.write_text(events(1, 3))
        before = file.read_bytes()
        code, err = stopped_after(0.3 + chance.random(), *arguments, home=tmp_path)

        assert code in (0, 130), err
        assert file.read_bytes() == before or file.read_text().count("[[event]]") == 303
        assert sorted(path.name for path in tmp_path.glob("*.toml*")) == ["events.toml"]
