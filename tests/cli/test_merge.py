"""`tracker merge` as git calls it: what two people add to one file is kept, whole and once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.calls import Caller
from tests.shipped import ROOT

HEAD = 'id = "lease"\ntitle = "Lease"\n'


def event(name: str, day: str = "2031-01-31", comment: str = "") -> str:
    return f'\n{comment}[[event]]\nid = "{name}"\ntitle = "{name}"\nwhen = {day}\n'


BASE = HEAD + event("a")
ANN, BEN = event("ann", comment="# Ann's  words\n"), event("ben") + event("ben-too")


@pytest.mark.parametrize(
    ("versions", "merged"),
    [
        ((BASE, BASE + ANN, BASE + BEN), BASE + ANN + BEN),
        ((HEAD, HEAD + ANN, HEAD + BEN), HEAD + ANN + BEN),
        ((BASE.rstrip(), BASE + ANN, BASE + BEN.rstrip()), BASE + ANN + BEN),
        # in the middle, where git sees the added lines begin within an event
        (
            (BASE + event("z"), BASE + ANN + event("z"), BASE + BEN + event("z")),
            BASE + ANN + BEN + event("z"),
        ),
        # beside another change of one side, and what both added alike
        (
            (BASE, BASE.replace("Lease", "Rent") + ANN, BASE + BEN),
            BASE.replace("Lease", "Rent") + ANN + BEN,
        ),
        ((BASE, BASE + ANN, BASE + ANN), BASE + ANN),
        ((BASE, BASE, BASE + BEN), BASE + BEN),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_both_sides_added_is_kept_byte_for_byte(
    call: Caller, versions: tuple[str, str, str], merged: str, end: str
) -> None:
    names = ("base", "ours", "theirs")
    files = [
        call.write(name, text.replace("\n", end).encode())
        for name, text in zip(names, versions, strict=True)
    ]
    called = call("merge", *names)

    assert called == (0, "", "")
    # A last line without an end gets one.
    assert files[1].read_bytes().replace(b"\r\n", b"\n").decode() == merged
    assert (b"\r" in files[1].read_bytes()) == (end == "\r\n")


@pytest.mark.parametrize(
    ("ours", "theirs", "has_marks"),
    [
        (BASE + event("new"), BASE + event("new", "2032-01-31"), True),
        (BASE + ANN, BASE + ANN + BEN, True),  # to join them would state Ann's twice
        (BASE.replace("2031", "2032"), BASE.replace("2031", "2033"), True),
        (BASE.replace("2031", "2032"), HEAD, True),
        (HEAD + event("new") + event("a"), BASE + event("new"), False),  # the id twice
        (BASE + "when = [\n", BASE + BEN, True),
    ],
)
def test_what_contradicts_stays_a_conflict(
    call: Caller, ours: str, theirs: str, has_marks: bool
) -> None:
    for name, text in (("base", BASE), ("ours", ours), ("theirs", theirs)):
        call.write(name, text)
    called = call("merge", "base", "ours", "theirs")
    merged = (call.folder / "ours").read_text()

    assert called.code == 1
    assert "tracker check" in called.err
    assert ("<<<<<<< ours\n" in merged and ">>>>>>> theirs\n" in merged) == has_marks


def test_no_event_gets_the_day_of_another_where_git_sees_no_conflict(call: Caller) -> None:
    def text(*days: tuple[str, str]) -> str:
        lines = [event(name, day).replace(f'title = "{name}"', 'title = "T"') for name, day in days]
        return HEAD + "".join(lines)

    first, second = ("first", "2031-01-08"), ("second", "2031-01-01")
    call.write("base", text(first, second))
    call.write("ours", text(second, ("another", "2031-01-08"), ("new", "2031-01-17")))
    call.write("theirs", text(("first", "2031-01-18"), second))

    assert call("merge", "base", "ours", "theirs").code == 1


def test_git_calls_it_for_the_files_that_gitattributes_names(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True)

    def commit(text: str) -> None:
        (tmp_path / "lease.toml").write_text(text)
        git("add", "-A")
        git("commit", "-qm", "x")

    git("init", "-q", "-b", "main")
    driver = f"cd '{ROOT}' && '{sys.executable}' -m tracker merge"
    git("config", "merge.tracker.driver", f't=$PWD; {driver} "$t/%O" "$t/%A" "$t/%B"')
    (tmp_path / ".gitattributes").write_text("*.toml merge=tracker\n")
    commit(BASE)
    git("checkout", "-qb", "ben")
    commit(BASE + BEN)
    git("checkout", "-q", "main")
    commit(BASE + ANN)
    git("merge", "-q", "-m", "both", "ben")

    assert (tmp_path / "lease.toml").read_text() == BASE + ANN + BEN
