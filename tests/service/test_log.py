"""What a process says of itself, and what it never says."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tracker.alerts.channels.terminal import TerminalChannel
from tracker.service.log import Log

SECRET = "aZ3-Zm9vYmFyYmF6cXV4_aZ3-Zm9vYmFyYmF6cXV4"


@pytest.fixture(autouse=True)
def libraries() -> Iterator[None]:
    """What libraries log goes where it went before."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


class Pipe(io.RawIOBase):
    """Where each write arrives by itself, as with a terminal."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)


def entries(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_text_is_the_sentence_alone() -> None:
    out = io.StringIO()

    Log("en", out=out).write("run.not-sent", "warning", channels=["a", "b"], reason="HTTP 500")

    assert out.getvalue() == "a, b: not delivered, and tried again: HTTP 500\n"


def test_json_has_the_sentence_its_name_and_what_is_in_it() -> None:
    out = io.StringIO()

    Log("ja", True, out).write("run.not-sent", "warning", channels=["a", "b"], reason="HTTP 500")

    (entry,) = entries(out)
    assert entry.pop("timestamp").endswith("+00:00")
    assert entry == {
        "event": "run.not-sent",
        "level": "warning",
        "message": "a、b:配信できず、再試行します:HTTP 500",
        "channels": ["a", "b"],
        "reason": "HTTP 500",
    }


def test_no_other_line_comes_into_the_middle_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = Pipe()
    unbuffered = io.TextIOWrapper(io.BufferedWriter(pipe, 1), "utf-8", write_through=True)
    monkeypatch.setattr("sys.stdout", unbuffered)

    Log("en", out=unbuffered).write_text("well", "run.well")
    TerminalChannel().send("[legal] Notice\n  due")

    assert pipe.pieces == [b"well\n", b"[legal] Notice\n  due\n"]


def test_what_libraries_say_is_in_the_same_form() -> None:
    out = io.StringIO()
    Log("en", True, out)

    logging.getLogger("a.library").error("Invalid answer\nreceived")

    (entry,) = entries(out)
    assert (entry["event"], entry["level"]) == ("a.library", "error")
    assert entry["message"] == "Invalid answer\nreceived"


@pytest.mark.parametrize("as_json", [False, True])
def test_nothing_that_would_open_something_is_said(as_json: bool) -> None:
    out = io.StringIO()
    log = Log("en", as_json, out)

    reason = f"GET /s/{SECRET}/calendar.ics smtp://me:{SECRET}@mail.example.org"
    log.write("run.not-sent", "warning", channels=[f"https://u:{SECRET}@h/"], reason=reason)
    logging.getLogger("x").error("%s", reason)

    assert SECRET not in out.getvalue()
    assert "mail.example.org" in out.getvalue()


def test_a_log_on_a_full_disk_keeps_nothing_from_being_done() -> None:
    full = Path("/dev/full").open("w", encoding="utf-8")  # noqa: SIM115 - closing it fails, too
    try:
        Log("en", out=full).write("run.none-ahead")
    finally:
        with suppress(OSError):
            full.close()
