"""What is recorded is shown, written into the file and nowhere else, and taken back."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.calls import Caller
from tests.end_to_end.processes import environment, tracker
from tests.shipped import ROOT

DAY = ("--as-of", "2028-09-15")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return Path(shutil.copy(ROOT / "examples" / "renewal.toml", tmp_path / "events.toml"))


def record(file: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return tracker(*arguments, "-f", str(file), *DAY, home=file.parent / "home")


def answering(file: Path, answers: str, *arguments: str) -> tuple[int, str]:
    """The exit code and the output of a command on a terminal, to whose questions that is typed."""
    reader, writer = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", *arguments, "-f", str(file), *DAY],
        stdin=writer,
        stdout=writer,
        stderr=writer,
        env=environment(file.parent / "home"),
    )
    os.close(writer)
    os.write(reader, answers.encode())
    parts = []
    while True:
        try:
            part = os.read(reader, 65536)
        except OSError:  # a terminal whose other end is closed
            break
        if not part:
            break
        parts.append(part)
    os.close(reader)
    return process.wait(), b"".join(parts).decode()


def test_a_notice_is_written_beside_its_event_and_all_else_stays(file: Path) -> None:
    before = file.read_text(encoding="utf-8").splitlines()

    done = record(file, "occurred", "lease-notice@2028-12-31", "2028-09-10", "--yes")

    assert done.returncode == 0, done.stderr
    after = file.read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line not in before] == [
        'occurred = { "2028-12-31" = 2028-09-10 }'
    ]
    assert len(after) == len(before) + 1
    assert "no longer waits: it stands at 31 December 2028" in done.stdout
    listed = json.loads(record(file, "list", "--json").stdout)
    assert max(row["occurrence"] or "" for row in listed if row["id"] == "lease") == "2028-12-31"


def test_nothing_is_written_without_a_yes(file: Path) -> None:
    before = file.read_bytes()

    piped = record(file, "occurred", "lease-notice@2028-12-31")
    no = answering(file, "n\n", "occurred", "lease-notice@2028-12-31")

    assert (piped.returncode, no[0]) == (2, 1)
    assert "+ occurred" in piped.stdout
    assert "there is nobody to ask; say --yes" in piped.stderr
    assert "Nothing is written." in no[1]
    assert file.read_bytes() == before


def test_on_a_terminal_the_occurrence_is_chosen_and_confirmed(file: Path) -> None:
    code, shown = answering(file, "\ny\n", "occurred", "rent", "2028-09-01")

    assert code == 0, shown
    assert "rent@2028-09-01" in shown
    assert '"2028-09-01" = 2028-09-01' in file.read_text(encoding="utf-8")


def test_on_a_terminal_a_file_is_begun_when_it_is_wanted(file: Path) -> None:
    new = file.with_name("new.toml")
    call = ("add", "report", "The report", "--when", "2028-12-01")

    no = answering(new, "n\n", *call)
    assert not new.exists()
    yes = answering(new, "y\n", *call)

    assert (no[0], yes[0]) == (1, 0), yes[1]
    assert "states nothing yet: this begins it." in no[1]
    assert new.read_text(encoding="utf-8").startswith('id = "new"\n\n[[event]]\nid = "report"\n')


@pytest.mark.parametrize(
    ("typed", "code"),
    [("\x04", 1), ("maybe\n\x04", 1), ("maybe\nｙ\n", 0), ("はい\n", 0)],
)
def test_a_question_takes_what_people_type_and_ends_well(file: Path, typed: str, code: int) -> None:
    """Ctrl-D, what is neither yes nor no, and what a Japanese keyboard gives."""
    before = file.read_bytes()

    ended = answering(file, typed, "withdraw", "lease", "2028-09-01", "--lang", "ja")

    assert ended[0] == code, ended[1]
    assert "Traceback" not in ended[1]
    assert (file.read_bytes() != before) == (code == 0)


def test_two_who_record_at_once_lose_nothing(file: Path) -> None:
    """Each sees the file as it is, or is told that it was changed; whatever was written stays."""
    days = [f"2028-{month:02}-01" for month in range(1, 9)]
    calls = [("occurred", f"rent@{day}", day, "--yes", "-f", str(file), *DAY) for day in days]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tracker", *call],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(file.parent / "home"),
        )
        for call in calls
    ]
    ended = [(process.communicate()[1], process.returncode) for process in running]

    written = file.read_text(encoding="utf-8")
    for day, (said, code) in zip(days, ended, strict=True):
        assert (f'"{day}" = {day}' in written) == (code == 0)
        assert code == 0 or "was changed by something else in the meantime" in said
    assert record(file, "check").returncode == 0


def test_in_a_pipe_the_occurrence_must_be_said(file: Path) -> None:
    done = record(file, "occurred", "rent", "2028-09-01", "--yes")

    assert done.returncode == 2
    assert "rent@2028-09-01" in done.stderr


def test_the_last_record_is_taken_back_and_then_the_one_before_it(file: Path) -> None:
    before = file.read_bytes()
    record(file, "occurred", "rent@2028-08-01", "2028-08-01", "--yes")
    between = file.read_bytes()
    record(file, "withdraw", "statement", "--yes")

    first = record(file, "withdraw", "--undo", "--yes")
    assert file.read_bytes() == between
    second = record(file, "occurred", "--undo", "--yes")
    third = record(file, "occurred", "--undo", "--yes")

    assert (first.returncode, second.returncode, third.returncode) == (0, 0, 2)
    assert file.read_bytes() == before
    assert "there is no record of these files to take back" in third.stderr


def test_what_was_edited_since_is_not_taken_back(file: Path) -> None:
    record(file, "occurred", "rent@2028-08-01", "2028-08-01", "--yes")
    file.write_text(file.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    mine = file.read_bytes()

    done = record(file, "occurred", "--undo", "--yes")

    assert done.returncode == 2
    assert "was changed since the record" in done.stderr
    assert file.read_bytes() == mine


def test_a_record_that_would_be_an_error_is_refused_with_its_place(file: Path) -> None:
    before = file.read_bytes()

    done = record(file, "amend", "later", "lease", "--ends", "2027", "--yes")

    assert done.returncode == 1
    assert "Nothing is written: the file would have errors." in done.stderr
    assert "through 2027" in done.stderr
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("occurred", "lease"), '"end of lease"'),
        (("occurred", "leese"), "did you mean lease?"),
        (("occurred", "rent@2028-08-02"), "the nearest is rent@2028-08-01"),
        (("occurred", "rent@yesterday"), "there is no occurrence rent@yesterday"),
        (("occurred", "end of lease@2028-12-31"), "is the end of a term"),
        (("occurred", "rent@2028-08-01", "never"), "is no record; tracker withdraw rent"),
        (("occurred", "rent@2028-08-01", "2028-02-30"), "2028-02-29"),
        (("occurred",), "say what is meant: tracker occurred"),
        (("withdraw",), "say what is meant: tracker withdraw"),
        (("add", "x"), "say what is added"),
        (("amend", "x"), "say what is amended"),
    ],
)
def test_a_wrong_call_says_what_to_write(
    file: Path, call: Caller, arguments: tuple[str, ...], message: str
) -> None:
    before = file.read_bytes()

    called = call(*arguments, "--yes", "-f", str(file), *DAY)

    assert called.code == 2
    assert message in called.err
    assert file.read_bytes() == before


def test_start_and_end_of_what_lasts_are_recorded_as_such(file: Path) -> None:
    started = record(file, "occurred", "start of lease", "2026-01-02", "--yes")
    ended = record(file, "occurred", "end of lease", "2028-09-01", "--yes")

    assert (started.returncode, ended.returncode) == (0, 0)
    text = file.read_text(encoding="utf-8")
    assert "started = 2026-01-02\nended = 2028-09-01\n" in text


def test_a_notice_that_is_late_is_written_and_warned_of(file: Path) -> None:
    notice = ("occurred", "lease-notice@2028-12-31", "2028-10-05", "--yes")
    late = tracker(*notice, "-f", str(file), "--as-of", "2028-10-06", home=file.parent / "home")
    ahead = record(file, "occurred", "rent@2028-11-01", "2028-11-02", "--yes")

    assert (late.returncode, ahead.returncode) == (0, 0)
    assert "the notice for 2028-12-31 was given 3 days late; as recorded, it counts" in late.stderr
    assert "2028-11-02" in ahead.stderr


def test_an_event_is_added_with_what_is_said_of_it(file: Path) -> None:
    done = record(
        file, "add", "audit", "監査 \"2028\"", "--when", "30 days after end of lease",
        "--tag", "money", "--tag", "yearly", "--note", "first\nsecond", "--reminder", "30 days",
        "--yes",
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    row = json.loads(record(file, "show", "audit", "--json").stdout)
    assert (row["title"], row["note"]) == ('監査 "2028"', "first\nsecond")
    assert row["points"][0]["tags"] == ["money", "yearly"]
    assert 'reminders = ["30 days"]' in file.read_text(encoding="utf-8")


def test_what_an_amendment_stated_is_recorded_in_the_amendment(file: Path) -> None:
    record(file, "amend", "later", "audit", "--title", "Audit", "--when", "2028-09-01", "--yes")

    done = record(file, "occurred", "audit", "2028-09-02", "--yes")

    assert done.returncode == 0, done.stderr
    assert file.read_text(encoding="utf-8").endswith('when = "2028-09-01"\noccurred = 2028-09-02\n')


def test_a_record_as_json_says_what_is_written_and_what_follows(file: Path) -> None:
    done = record(file, "occurred", "rent@2028-08-01", "2028-08-03", "--yes", "--json")

    said = json.loads(done.stdout)
    assert said["edit"]["added"] == ['occurred = { "2028-08-01" = 2028-08-03 }']
    assert [row["kinds"] for row in said["changes"] if row["occurrence"] == "2028-08-01"] == [
        ["occurred", "moved"]
    ]


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def test_two_revisions_of_a_repository_are_compared(file: Path) -> None:
    git(file.parent, "init", "-q")
    git(file.parent, "add", "events.toml")
    git(file.parent, "commit", "-qm", "as signed")
    record(file, "occurred", "lease-notice@2028-12-31", "2028-09-10", "--yes")

    uncommitted = record(file, "changes", "HEAD")
    git(file.parent, "commit", "-qam", "notice given")
    committed = record(file, "changes", "HEAD~1", "HEAD")

    because = "because lease-notice@2028-12-31 was recorded: 10 September 2028"
    assert because in uncommitted.stdout
    assert because in committed.stdout
    assert "Nothing was changed." in record(file, "changes", "HEAD").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("changes", "--", "-x"), "begins with a dash"),
        (("changes", "--", "--output=/tmp/x"), "begins with a dash"),
        (("changes", "nowhere"), "no revision of the git repository"),
        (("changes", "2026-01-01", "HEAD"), "are not of one kind"),
        (("changes", "2027-01-01", "2026-01-01"), "2027-01-01 comes after 2026-01-01"),
        (("changes", "2027-02-30"), "2027-02-30"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    file: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = tracker("-f", str(file), *DAY, *arguments, home=file.parent / "home")

    assert done.returncode == 2
    assert message in done.stderr


def test_two_files_are_compared_and_the_edit_is_named(file: Path) -> None:
    other = file.with_name("other.toml")
    text = file.read_text(encoding="utf-8")
    other.write_text(text.replace("90 days before", "60 days before"), encoding="utf-8")

    done = record(file, "changes", str(file), str(other))

    assert "moves 30 days later" in done.stdout or "moves 1 month" in done.stdout
    assert "because lease-notice was edited: when" in done.stdout
