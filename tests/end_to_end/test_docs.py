"""Every command in the docs prints what stands below it. TRACKER_WRITE=1 writes it anew."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.pages import DOCS, Block, blocks, commands, rewritten
from tests.end_to_end.processes import SECONDS, environment, tracker
from tests.shipped import ROOT

#: What they do goes on, and is followed by a test of their own.
_FOLLOWED_ELSEWHERE = ("tutorial.md",)
PAGES = [
    page
    for path in [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
    if (page := path.relative_to(ROOT).as_posix()) and path.name not in _FOLLOWED_ELSEWHERE
    if any(block.language == "console" for block in blocks(path.read_text(encoding="utf-8")))
]


def run(command: str, folder: Path) -> str:
    """What a command prints in that folder, on both of its outputs, at 80 columns."""
    call, _, into = command.partition(" > ")
    program, *arguments = shlex.split(call)
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
    if not into:
        return done.stdout
    (folder / into).write_text(done.stdout, encoding="utf-8")
    return ""


@pytest.mark.parametrize("name", PAGES)
def test_the_commands_of_a_page_print_what_stands_below_them(name: str, tmp_path: Path) -> None:
    """One after the other, in a folder with the shipped files and those of the page, as a reader would."""
    for folder in ("examples", "sources"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "events.toml", tmp_path)
    page = ROOT / name
    for block in blocks(page.read_text(encoding="utf-8")):
        if block.title:
            (tmp_path / block.title).write_text(block.text, encoding="utf-8")

    def as_run(block: Block) -> str:
        if block.language != "console":
            return block.text
        lines = [command.line for command in commands(block.text)]
        printed = [f"$ {line}\n{run(line, tmp_path)}" for line in lines]
        # A line is left free below what a command printed, and none below one that is silent.
        free = ["\n" if "\n" in each.rstrip("\n") else "" for each in printed]
        return "".join(each + line for each, line in zip(printed, [*free[:-1], ""], strict=True))

    real = rewritten(page.read_text(encoding="utf-8"), as_run)

    if os.environ.get("TRACKER_WRITE"):
        page.write_text(real, encoding="utf-8")
    assert real == page.read_text(encoding="utf-8")


def test_the_pictures_in_the_docs_are_those_that_are_drawn(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (lease,) = [block for block in blocks(readme) if block.title == "lease.toml"]
    (tmp_path / lease.title).write_text(lease.text, encoding="utf-8")
    pictures = {
        "timeline.svg": ("-f", str(ROOT / "events.toml"), "--as-of", "2026-11-25"),
        "lease.svg": (
            "-f", str(tmp_path / lease.title), "--as-of", "2026-12-01", "--from", "2026-01-01",
            "--to", "2029-12-31",
        ),
    }  # fmt: skip

    for name, arguments in pictures.items():
        drawn = tracker("timeline", "--svg", *arguments, home=tmp_path)
        file = DOCS / name
        if os.environ.get("TRACKER_WRITE"):
            file.write_text(drawn.stdout, encoding="utf-8")
        assert drawn.stderr == ""
        assert drawn.stdout == file.read_text(encoding="utf-8")
