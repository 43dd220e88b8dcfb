"""What is printed on a screen fits it, however narrow: 40 columns as 80, letters of one and of two."""

from __future__ import annotations

import fcntl
import os
import struct
import sys
import termios

import pytest

from tests.cli.calls import Caller
from tests.cli.test_encodings import EVENTS, SETTINGS
from tracker.cli.commands import command_names
from tracker.i18n.columns import width_of

LONG = """\
[[event]]
id = "long"
title = "A title that needs several lines on any terminal, 一方で日本語の題名は一文字で二桁を使います"
when = "30 days after kessai"
parties = ["A company whose name is long, Incorporated", "名前の長い会社株式会社"]
"""
CALLS = [
    ("agenda", "--all"), ("list", "--all"), ("show", "long"), ("explain", "long"), ("timeline",),
    ("timeline", "--by", "party"), ("changes", "2026-10-01", "2027-12-31"), ("alerts", "list"),
    ("what-if", "kessai=2027-02-01"), ("doctor",), ("--help",),
    *((name, "--help") for name in sorted(command_names())),
]  # fmt: skip


@pytest.mark.parametrize("columns", [40, 80])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_line_is_wider_than_the_screen(
    call: Caller, language: str, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    call.write("events.toml", EVENTS + LONG)
    call.write("tracker.toml", SETTINGS)

    lines = {
        line: arguments
        for arguments in CALLS
        for line in call("--lang", language, *arguments).out.splitlines()
    }

    assert [(lines[line], line) for line in lines if width_of(line) > columns] == []


def test_an_id_that_is_longer_than_most_takes_the_room_of_its_own_title_alone(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    name = "an-id-" + 8 * "long-" + "1"
    call.write("events.toml", EVENTS + LONG.replace('"long"', f'"{name}"'))

    listed, agenda = call("list").out.splitlines(), call("agenda").out.splitlines()

    assert (
        next(line for line in listed if " long-" not in line and "kessai" in line).count("決済")
        == 1
    )
    assert any(line.endswith(f"  {name}") for line in listed)
    assert f"    [{name}]" in agenda


@pytest.mark.parametrize("columns", [60, 80])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_refusal_breaks_between_words_on_a_terminal_and_no_command_breaks(
    call: Caller, language: str, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyboard, screen = os.openpty()
    fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    calls = [
        (),
        ("explain",),
        ("-f", "leases/x.toml"),
        ("--suppose", "a=3/4/2027"),
        ("token", "add"),
    ]
    in_pipe = {arguments: call("--lang", language, *arguments).err for arguments in calls}
    with os.fdopen(screen, "w", encoding="utf-8") as stderr:
        monkeypatch.setattr(sys, "stderr", stderr)
        for arguments, whole in in_pipe.items():
            call("--lang", language, *arguments)
            stderr.flush()
            lines = os.read(keyboard, 10_000).decode().splitlines()

            assert max(map(width_of, lines)) <= columns
            assert [*"".join(lines).replace(" ", "")] == [*whole.replace(" ", "").strip()]
            for command in ("tracker init", "tracker import FILE", "tracker explain ID"):
                assert (command in whole) == any(command in line for line in lines)
    os.close(keyboard)
