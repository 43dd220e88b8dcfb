"""`changes BASE HEAD`: what a pull request does to the timeline."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.calls import Called, Caller

EVENT = '[[event]]\nid = "x"\ntitle = "X"\nwhen = 2027-01-31\n'


@pytest.fixture
def repository(call: Caller) -> Path:
    """A repository where an agreement was added, renamed, joined by another, and left alone again."""
    git(call.folder, "init", "-q", "-b", "main")
    call.write("README", "x")
    commit(call.folder, "empty")
    call.write("all/a.toml", f'id = "a"\n{EVENT}')
    call.write("all/tracker.toml", "")
    commit(call.folder, "added")
    git(call.folder, "mv", "all/a.toml", "all/b.toml")
    commit(call.folder, "renamed")
    call.write("all/c.toml", f'id = "c"\n{EVENT}')
    commit(call.folder, "joined")
    git(call.folder, "rm", "-q", "all/c.toml")
    commit(call.folder, "left")
    return call.folder


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path, name: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", name)
    git(folder, "tag", name)


def compare(call: Caller, *revisions: str, form: str = "json") -> Called:
    return call("--as-of", "2026-12-01", "-f", "all", "changes", "--form", form, *revisions)


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ("empty", "added", {"a/x": ["added"]}),
        ("added", "renamed", {}),
        ("renamed", "joined", {"c/x": ["added"]}),
        ("joined", "left", {"c/x": ["removed"]}),
        ("added", "left", {}),
        ("left", "empty", {"a/x": ["removed"]}),
    ],
)
def test_each_revision_has_the_files_that_it_has(
    call: Caller, repository: Path, before: str, after: str, kinds: dict[str, list[str]]
) -> None:
    rows = json.loads(compare(call, before, after).out)["changes"]

    assert {f"{row['agreement']}/{row['id']}": row["kinds"] for row in rows} == kinds
    assert repository.is_dir()


@pytest.mark.usefixtures("repository")
def test_where_neither_revision_has_any_of_the_files_it_is_said(call: Caller) -> None:
    called = compare(call, "empty", "empty")

    assert called.code == 2
    assert "all is not there in revision empty" in called.err


@pytest.mark.parametrize(
    "title",
    [
        "@everyone",
        "a #12 b",
        "**x** [y](javascript:z)",
        "<img src=x>",
        "`x`",
        "$x$",
        "&lt;b&gt;",
        "x | y",
    ],
)
def test_no_title_becomes_anything_else_in_a_comment(call: Caller, title: str) -> None:
    git(call.folder, "init", "-q")
    call.write("README", "x")
    commit(call.folder, "before")
    call.write("all/a.toml", f'id = "a"\n{EVENT}'.replace('"X"', f"'{title}'"))
    commit(call.folder, "after")

    lines = compare(call, "before", "after", form="markdown").out.splitlines()

    [line] = [line for line in lines if line.startswith("- **")]
    shown = line.removeprefix("- **").removesuffix("** (`x`)")
    assert "@e" not in shown
    assert "#1" not in shown
    for at, letter in enumerate(shown):
        assert letter not in "`*[]<>#|&$" or shown[at - 1] == "\\", line
    assert shown.replace("\\", "").replace("\N{WORD JOINER}", "") == title


@pytest.mark.usefixtures("repository")
def test_a_form_that_there_is_not_is_refused(call: Caller) -> None:
    for options in (
        ("--form", "html"),
        ("--form", "text", "--markdown"),
        ("--form", "text", "--json"),
    ):
        called = call("-f", "all", "changes", *options, "left")
        assert called.code == 2
        assert "--form" in called.err
