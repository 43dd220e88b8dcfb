"""Whole processes, alternating: A B A B …; medians and their ratio."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench.generate import events_file, tasks_file

ROOT = Path(__file__).parents[1]
TRACKER = str(Path(sys.executable).with_name("tracker"))
EVENTS = 10_000


class Row(NamedTuple):
    """One measured pair; `ours` and `theirs` in seconds."""

    what: str
    ours: float
    theirs: float
    bar: float


def measured(  # noqa: PLR0917 - one row, as it is printed
    what: str, ours: Sequence[str], theirs: Sequence[str], bar: float, rounds: int, home: Path
) -> Row:
    """Runs both by turns, after one round that is not counted."""
    environment = {
        **os.environ,
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "TASKRC": str(home / "taskrc"),
    }
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for command, kept in zip((ours, theirs), times, strict=True):
            began = time.perf_counter()
            subprocess.run(command, env=environment, capture_output=True, check=True)
            if number:
                kept.append(time.perf_counter() - began)
    return Row(what, median(times[0]), median(times[1]), bar)


def served(file: Path, home: Path) -> tuple[subprocess.Popen[str], str]:
    """A `tracker run` of that file with a home of its own, and the address of its feed."""
    process = subprocess.Popen(
        (TRACKER, "run", "--port", "0", "-f", str(file)),
        env={**os.environ, "HOME": str(home), "XDG_STATE_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    address = re.findall(r"http://\S+calendar\.ics", process.stderr.readline())[0]
    process.stderr.readline()
    return process, address


def rows(rounds: int) -> list[Row]:
    """Every pair of commands."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        found = [
            measured(
                "tracker list, the shipped file / import typer, pendulum",
                (TRACKER, "list", "-f", str(ROOT / "events.toml")),
                (sys.executable, "-c", "import typer, pendulum"),
                1.35,
                rounds,
                home,
            )
        ]
        if shutil.which("task") is None:
            print("Taskwarrior is not there (apt-get install taskwarrior): two rows are left out")
            return found
        events = home / "events.toml"
        events.write_text(events_file(EVENTS), encoding="utf-8")
        _prepare_tasks(home)
        for ours, theirs in (((), "next"), (("list",), "list")):
            what = f"{' '.join(('tracker', *ours))} / task {theirs}, {EVENTS} each"
            command = (TRACKER, *ours, "-f", str(events))
            found.append(measured(what, command, ("task", theirs), 1.0, rounds, home))
        return found


def _prepare_tasks(home: Path) -> None:
    (home / "taskrc").write_text(f"data.location={home}/tasks\nconfirmation=no\n")
    (home / "tasks").mkdir()
    (home / "tasks.json").write_text(tasks_file(EVENTS))
    environment = {**os.environ, "HOME": str(home), "TASKRC": str(home / "taskrc")}
    subprocess.run(
        ("task", "import", str(home / "tasks.json")),
        env=environment,
        capture_output=True,
        check=True,
    )
