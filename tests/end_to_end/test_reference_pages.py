"""The pages that are made from the program say what the program says. TRACKER_WRITE=1 writes them anew."""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from tests.cli.calls import Caller
from tests.command_pages import commands_page, described_commands, man_page
from tests.key_pages import keys_page
from tests.shipped import ROOT
from tracker.cli.commands import command_names
from tracker.config.keys import TABLES, TOP_KEYS, WHERE_KEYS
from tracker.files.schema import AMENDMENT_KEYS, EVENT_KEYS, FILE_KEYS, SOURCE_KEYS

COMMANDS = {"commands.md": commands_page, "tracker.1": man_page}
PAGES = {**COMMANDS, "keys.md": keys_page}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_from_the_help_is_up_to_date(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "C.UTF-8")
    file, make = ROOT / "docs" / name, PAGES[name]
    if os.environ.get("TRACKER_WRITE"):
        file.write_text(make(), encoding="utf-8")

    assert file.read_text(encoding="utf-8") == make()


def test_each_command_and_each_of_its_options_is_on_both_pages() -> None:
    pages = [make().replace("\\-", "-").replace("\\|", "|") for make in COMMANDS.values()]
    described = described_commands()

    assert {command.name for command in described} == {"tracker", *command_names()}
    assert [
        (command.name, option)
        for command in described
        for option, _ in command.options
        if not all(option in page for page in pages)
    ] == []


def test_each_key_of_both_files_and_each_variable_is_on_the_page() -> None:
    page = keys_page()
    sources = "".join(file.read_text() for file in (ROOT / "tracker").rglob("*.py"))
    keys = {*FILE_KEYS, *EVENT_KEYS, *SOURCE_KEYS, *AMENDMENT_KEYS, *TOP_KEYS, *WHERE_KEYS}
    keys.update(key.name for table in TABLES for key in table.keys)

    assert [key for key in sorted(keys) if key not in re.findall(r"[\w]+", page)] == []
    assert [name for name in set(re.findall(r"TRACKER_[A-Z_]+", sources)) if name not in page] == []


def test_the_man_page_is_laid_out_without_a_warning() -> None:
    """By groff, where there is one; the signs that it must not take for requests are as they were."""
    file = ROOT / "docs" / "tracker.1"
    text = file.read_text(encoding="ascii")
    try:
        laid_out = subprocess.run(
            ["groff", "-man", "-ww", "-Tutf8", "-P-c", "-rLL=79n", str(file)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
    except FileNotFoundError:
        assert text.startswith('.\\"')
        return

    plain = re.sub(".\b", "", laid_out.stdout)  # a letter is made bold by being printed twice
    assert laid_out.stderr == ""
    for command in described_commands():
        assert command.usage.split(" [OPTIONS]")[0] in plain
    assert "“end of x=never”" in " ".join(plain.split())


def test_the_help_of_a_command_has_what_the_page_says(call: Caller) -> None:
    page = " ".join(commands_page().replace("\\|", "|").split())

    for name in sorted(command_names()):
        usage = call(name, "--help").out.split("\n\n")[0]
        assert " ".join(usage.removeprefix("Usage: ").split()) in page, name
