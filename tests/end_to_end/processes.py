"""Real processes under a chosen time, each with a home of its own."""

from __future__ import annotations

import os
import queue
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import httpx2
import libfaketime

#: For what is about to happen: many, since nothing is waited for longer than it takes.
SECONDS = 100
#: For addresses without TLS; what httpx2 makes for each call otherwise takes 15 times as long as it.
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
#: The processes that tests have begun. None outlives its test, however that ends: see conftest.py.
_begun: list[subprocess.Popen[str]] = []


def kill_leftovers() -> None:
    """Kills every process that a test has left running."""
    while _begun:
        process = _begun.pop()
        if process.poll() is None:
            process.kill()
            process.wait(SECONDS)


def environment(home: Path, at: str | Path | None = None) -> dict[str, str]:
    """The environment of a stranger's machine, whose clock stands at that UTC time and runs on.

    A file in place of a time holds by how many seconds the clock is ahead, and may be changed.
    """
    variables = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_STATE_HOME": str(home / "state"),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONUTF8": "1",
    }
    if at is not None:
        library = Path(libfaketime.__file__).parent / "vendor/libfaketime/src/libfaketime.so.1"
        variables |= {
            "LD_PRELOAD": str(library),
            **({"FAKETIME": f"@{at}"} if isinstance(at, str) else _clock_file_variables(at)),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
    return variables


def _clock_file_variables(file: Path) -> dict[str, str]:
    return {"FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_NO_CACHE": "1"}


def set_clock(file: Path, moment: str) -> None:
    """Sets the clock of who follows that file."""
    wanted = datetime.fromisoformat(f"{moment}+00:00").timestamp()
    ahead = file.with_suffix(".new")
    ahead.write_text(f"{wanted - time.time():+.3f}\n", encoding="ascii")
    ahead.replace(file)


def until(condition: Callable[[], bool], seconds: float = SECONDS) -> None:
    """Waits for what another process, or another thread, is about to do."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)


def get(
    url: str, *, headers: dict[str, str] | None = None, timeout: float = SECONDS
) -> httpx2.Response:
    """What a process answers."""
    return httpx2.get(url, headers=headers, timeout=timeout, verify=_NO_TLS)


def tracker(*arguments: str, home: Path, at: str | None = None) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "tracker", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment(home, at),
        timeout=SECONDS,
        check=False,
    )


class Running:
    """A process that goes on; its lines can be waited for."""

    def __init__(
        self, *arguments: str, home: Path, at: str | Path | None = None, command: str = "run"
    ) -> None:
        self.command = command
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "tracker", command, "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            env=environment(home, at),
        )
        _begun.append(self.process)
        self.seen: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def line_with(self, words: str) -> str:
        """The next line that holds these words; fails where the process ends, or hangs, first."""
        while True:
            try:
                line = self._lines.get(timeout=SECONDS)
            except queue.Empty:
                raise AssertionError(f"nothing for {SECONDS} s after {self.seen}") from None
            if line is None:
                raise AssertionError(f"ended before {words!r}: {self.seen}")
            self.seen.append(line)
            if words in line:
                return line

    def lines_with(self, *words: str) -> None:
        """Waits for a line with each of these, in whatever order they come."""
        missing = set(words)
        while missing:
            line = self.line_with("")
            missing = {each for each in missing if each not in line}

    def address(self) -> str:
        """Where the page is; waits until it is served."""
        line = self.line_with("the page is at")
        if self.command == "run":
            self.line_with("ahead")
        return line.split("the page is at ")[1].split(",")[0]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(SECONDS)

    def stop(self) -> int:
        """Ends it as a service manager does; gives the exit code."""
        self.process.terminate()
        return self.process.wait(SECONDS)

    def rest(self) -> list[str]:
        """All that it said until its end."""
        while (line := self._lines.get(timeout=SECONDS)) is not None:
            self.seen.append(line)
        return self.seen
