"""What may happen any number of times, and what was done again, is recorded and taken back."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.processes import tracker
from tests.shipped import ROOT


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return Path(shutil.copy(ROOT / "examples" / "again.toml", tmp_path / "events.toml"))


def run(file: Path, *arguments: str, day: str = "2027-03-10") -> subprocess.CompletedProcess[str]:
    return tracker(*arguments, "-f", str(file), "--as-of", day, home=file.parent / "home")


def lines(file: Path, key: str) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith(key)]


def test_without_a_name_a_happening_has_that_of_its_day_and_two_on_one_day_are_two(
    file: Path,
) -> None:
    before = file.read_text(encoding="utf-8").splitlines()

    for _ in range(2):
        done = run(file, "occurred", "breach", "2027-03-01", "--yes")
        assert done.returncode == 0, done.stderr

    record = 'occurred = { "2027-03-01" = 2027-03-01, "2027-03-01-2" = 2027-03-01 }'
    assert [
        line for line in file.read_text(encoding="utf-8").splitlines() if line not in before
    ] == [record]
    listed = json.loads(run(file, "list", "--all", "--json").stdout)
    assert [row["occurrence"] for row in listed if row["id"] == "report"] == [
        "2027-03-01", "2027-03-01-2",
    ]  # fmt: skip


def test_a_named_happening_is_recorded_corrected_withdrawn_and_taken_back(file: Path) -> None:
    run(file, "occurred", "breach@laptop", "2027-03-01 10:00", "--yes")
    corrected = run(file, "occurred", "breach@laptop", "2027-03-02 10:00", "--yes")
    withdrawn = run(file, "withdraw", "breach@laptop", "2027-03-04", "--yes")

    assert lines(file, "occurred") == ['occurred = { laptop = "2027-03-02 10:00 Europe/Berlin" }']
    assert lines(file, "withdrawn") == ["withdrawn = { laptop = 2027-03-04 }"]
    assert "from 4 March 2027, 10:00" in corrected.stdout
    assert "can no longer come" in withdrawn.stdout
    for _ in range(3):
        assert run(file, "occurred", "--undo", "--yes").returncode == 0
    assert file.read_bytes() == (ROOT / "examples" / "again.toml").read_bytes()


def test_a_table_of_its_own_keeps_its_comments(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    table = "\n[event.occurred]  # all of them\nlaptop = 2027-03-01  # stolen\n"
    file.write_text(
        text.replace('repeats = "as it happens"\n', 'repeats = "as it happens"\n' + table)
    )

    done = run(file, "occurred", "breach@paper", "2027-03-02", "--yes")

    assert done.returncode == 0, done.stderr
    assert table + "paper = 2027-03-02\n" in file.read_text(encoding="utf-8")


def test_what_hangs_on_a_happening_is_recorded_under_its_name(file: Path) -> None:
    run(file, "occurred", "breach@laptop", "2027-03-01", "--yes")

    done = run(file, "occurred", "report@laptop", "2027-03-03", "--yes")
    unnamed = run(file, "occurred", "report", "2027-03-03", "--yes")
    mistyped = run(file, "occurred", "report@laptob", "2027-03-03", "--yes")

    assert done.returncode == 0, done.stderr
    assert "(1 day early)" in done.stdout
    assert (unnamed.returncode, mistyped.returncode) == (2, 2)
    assert "the nearest is report@laptop" in mistyped.stderr


def test_a_check_is_recorded_as_the_one_that_is_due(file: Path) -> None:
    for day in ("2027-03-18", "2028-02-01"):
        assert run(file, "occurred", "boiler", day, "--yes", day=day).returncode == 0

    assert lines(file, "occurred") == ['occurred = { "1" = 2027-03-18, "2" = 2028-02-01 }']
    listed = json.loads(run(file, "list", "--json", day="2028-02-02").stdout)
    (due,) = [row for row in listed if row["id"] == "boiler"]
    assert (due["occurrence"], due["counts_to"]) == ("3", "2029-02-01")


def test_an_earlier_check_is_corrected_by_its_number_and_none_is_left_out(file: Path) -> None:
    run(file, "occurred", "boiler", "2027-03-18", "--yes", day="2027-04-01")

    corrected = run(file, "occurred", "boiler@1", "2027-03-20", "--yes", day="2027-04-01")
    skipped = run(file, "occurred", "boiler@3", "2027-03-20", "--yes", day="2027-04-01")

    assert "moves 2 days later: from 18 March 2027 to 20 March 2027" in corrected.stdout
    listed = json.loads(run(file, "list", "--json", day="2027-04-10").stdout)
    assert [row["counts_to"] for row in listed if row["id"] == "boiler"] == ["2028-03-20"]
    assert skipped.returncode == 2
    assert "the nearest is boiler@2" in skipped.stderr


def test_of_what_is_over_nothing_is_due(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("1 year after done", "1 year after done, 1 in all"))
    run(file, "occurred", "boiler", "2027-03-18", "--yes", day="2027-04-01")

    again = run(file, "occurred", "boiler", "2027-03-19", "--yes", day="2027-04-01")

    assert again.returncode == 2
    assert "boiler@1" in again.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("explain", "breach@laptop"),
        ("show", "report@laptop"),
        ("occurred", "report", "2027-03-01", "--yes"),
        ("what-if", "report@laptop=2027-04-01"),
    ],
)
def test_of_what_has_not_happened_yet_it_is_said_that_there_is_none_so_far(
    file: Path, arguments: tuple[str, ...]
) -> None:
    refused = run(file, *arguments)

    assert (refused.returncode, refused.stdout) == (2, "")
    assert "has no occurrence so far" in refused.stderr
