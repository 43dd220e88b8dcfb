"""Each command that the docs name is one: those in listings are run, those within a sentence are read.

What stands in a `console` block is run, and compared, by tests/end_to_end/test_docs.py.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import openpyxl
import pytest

from tests.cli.calls import Caller
from tests.end_to_end.pages import DOCS
from tests.shipped import ROOT

PAGES = [
    path.relative_to(ROOT).as_posix()
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
]
_FENCED = re.compile(r"(?ms)^( *)```(\w*)[^\n]*\n(.*?)^\1```$")
_LISTED = re.compile(r"(?m)^(?: {4})?(tracker(?: .*)?)$")
#: A command within a sentence, and the one that another program is to call.
_NAMED = re.compile(r"`(tracker\s[^`]+)`|\bentry: (tracker .*)")
_CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:tests
BEGIN:VEVENT
UID:1
DTSTAMP:20261101T000000Z
DTSTART;VALUE=DATE:20991231
SUMMARY:The insurance ends
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")
_SHEET = (
    ("Task", "Fällig am", "Ort"),
    ("Report", "03/04/2099", "Kiel"),
    ("Audit", "30/06/2099", "Ulm"),
)
#: They go on until they are stopped, or ask for a database of several machines.
_GO_ON = ("run", "serve", "worker", "migrate", "lsp")
#: Made of the program itself: a line of usage is no call.
_MADE = ("docs/commands.md",)


def listed_commands(page: str) -> list[str]:
    """The commands of the listings of a page: indented, or fenced without a language."""
    listings = "\n".join(text for _, language, text in _FENCED.findall(page) if not language)
    rest = _FENCED.sub("", page)
    lines = _LISTED.findall(listings) + [
        line[4:] for line in rest.splitlines() if line[:11] == "    tracker"
    ]
    return [
        command for line in lines for command in both_forms(line.split("  #")[0].split(" # ")[0])
    ]


def both_forms(line: str) -> list[str]:
    """A command without what stands in brackets, and with it."""
    shorter = re.sub(r" *\[[^\]]*\]", "", line).strip()
    longer = re.sub(r"[\[\]]", "", line).strip()
    return list(dict.fromkeys((shorter, longer)))


def arguments_of(command: str) -> list[str]:
    """What it is called with; that its output goes into a file is the shell's."""
    return shlex.split(command.split(" > ", maxsplit=1)[0])[1:]


@contextmanager
def output_of(command: str, folder: Path) -> Iterator[None]:
    """Where what it prints goes to: the file behind >, in which it is as it was written, or the console."""
    _, is_file, name = command.partition(" > ")
    if not is_file:
        yield
        return
    with (folder / name.strip()).open("w", encoding="utf-8") as file, redirect_stdout(file):
        yield
    assert (folder / name.strip()).stat().st_size


LISTED = {
    page: commands
    for page in PAGES
    if page not in _MADE
    and (commands := listed_commands((ROOT / page).read_text(encoding="utf-8")))
}


@pytest.mark.parametrize("page", LISTED)
def test_the_commands_of_a_listing_do_what_they_are_there_for(page: str, call: Caller) -> None:
    """One after the other, in a folder with the shipped files and a recipient on the terminal."""
    for folder in ("examples", "sources"):
        shutil.copytree(ROOT / folder, call.folder / folder)
    shutil.copy(ROOT / "events.toml", call.folder)
    call.write("tracker.toml", '[[recipient]]\nname = "legal"\n')
    call.write("calendar.ics", _CALENDAR)
    call.write("plan.csv", "\n".join(",".join(row) for row in _SHEET) + "\n")
    sheet = openpyxl.Workbook()
    for row in _SHEET:
        sheet.active.append(row)
    sheet.save(call.folder / "plan.xlsx")
    shutil.copy(ROOT / "examples" / "lease.toml", call.folder)

    for command in LISTED[page]:
        arguments = arguments_of(command)
        goes_on = next((name for name in arguments if not name.startswith("-")), "") in _GO_ON
        with output_of(command, call.folder):
            called = call(*arguments, *(["--help"] if goes_on else []))
        asks = "there is nobody to ask" in called.err
        assert called.code == 0 or asks, (command, called.err)


@pytest.mark.parametrize("page", PAGES)
def test_a_command_within_a_sentence_is_one_and_has_such_options(page: str, call: Caller) -> None:
    text = _FENCED.sub(
        lambda block: block[0] if "entry:" in block[0] else "", (ROOT / page).read_text("utf-8")
    )

    for within, entry in _NAMED.findall(text):
        command = " ".join((within or entry).split())
        if command == "tracker COMMAND -h":
            continue
        called = call(*arguments_of(command), "--help")
        assert (called.code, called.err) == (0, ""), command
