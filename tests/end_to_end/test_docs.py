"""Every command in the docs prints what stands below it. TRACKER_WRITE=1 writes it anew."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.processes import SECONDS, environment, tracker
from tests.shipped import ROOT

PAGES = ("renewals.md", "again.md", "amendments.md", "what-if.md", "counting.md", "examples.md")
_BLOCK = re.compile(r"(?ms)^```console\n(.*?)^```$")


def run(command: str, folder: Path) -> str:
    """What a command prints in that folder, on both of its outputs, at 80 columns."""
    program, *arguments = shlex.split(command)
    assert program == "tracker"
    done = subprocess.run(
        [sys.executable, "-m", "tracker", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env={
            **environment(folder),
            "COLUMNS": "80",
            "TZ": "Europe/Berlin",
            "PYTHONPATH": str(ROOT),
        },
        timeout=SECONDS,
        check=False,
    )
    return done.stdout


@pytest.mark.parametrize("name", PAGES)
def test_the_commands_of_a_page_print_what_stands_below_them(name: str, tmp_path: Path) -> None:
    """One after the other, in a folder with the shipped files, as a reader would."""
    for folder in ("examples", "sources"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "events.toml", tmp_path)
    page = ROOT / "docs" / name
    text = page.read_text(encoding="utf-8")

    def as_run(block: re.Match[str]) -> str:
        commands = [line for line in block[1].splitlines() if line.startswith("$ ")]
        ran = "\n".join(f"{line}\n{run(line[2:], tmp_path)}" for line in commands)
        return f"```console\n{ran}```"

    real = _BLOCK.sub(as_run, text)

    if os.environ.get("TRACKER_WRITE"):
        page.write_text(real, encoding="utf-8")
    assert text.count("\n$ tracker") >= 3
    assert real == page.read_text(encoding="utf-8")


def test_the_picture_in_the_docs_is_the_one_that_is_drawn(tmp_path: Path) -> None:
    drawn = tracker(
        "-f", str(ROOT / "events.toml"), "--as-of", "2026-11-25", "timeline", "--svg", home=tmp_path
    )  # fmt: skip
    file = ROOT / "docs" / "timeline.svg"

    if os.environ.get("TRACKER_WRITE"):
        file.write_text(drawn.stdout, encoding="utf-8")
    assert drawn.stderr == ""
    assert drawn.stdout == file.read_text(encoding="utf-8")
