"""Files are taken up once they are still, and what is gone from them once it stays gone."""

from __future__ import annotations

import errno
import os
import resource
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from tests.reminders.scene import HEAD, LEGAL, NOTICE, at
from tracker import clock
from tracker.config import Config
from tracker.failures.supervision import Duty
from tracker.service.log import Log
from tracker.service.pipeline import Pipeline
from tracker.service.wiring import build_parts
from tracker.store.database import Database

OTHER = '[[event]]\nid = "other"\ntitle = "Other"\nwhen = 2040-12-31\n'
AMENDED = (
    '[[amendment]]\nid = "first"\non = 2030-01-01\n'
    '[[amendment.event]]\nid = "other"\nwhen = 2041-12-31\n'
)
WHOLE = HEAD + NOTICE + OTHER
WITHOUT = HEAD + OTHER
MOVED = WHOLE.replace("2040", "2042")
SECOND_FILE = 'id = "b"\n[[event]]\nid = "x"\ntitle = "X"\nwhen = 2040-06-30\n'
BROKEN = HEAD + "[[event]"


class Desk:
    """A process and its files, second by second; a reminder falls due at the tenth."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder / "agreements"
        self.folder.mkdir()
        self.second = 0
        start = at("2030-12-01 08:59:50")
        monkeypatch.setattr(clock, "steady", lambda: 1000.0 + self.second)
        monkeypatch.setattr(clock, "now", lambda: start + timedelta(seconds=self.second))
        monkeypatch.setattr(clock, "today", lambda _zone: clock.now().date())
        self.database = Database(f"sqlite:///{folder / 'ledger.sqlite3'}")
        self._edits = 0

    def begin(self, files: Mapping[str, str], by_name: bool = False) -> None:
        self.save(files)
        config = Config("", (LEGAL,), None, frozenset())
        named = [self.folder / name for name in files] if by_name else [self.folder]
        self.parts = build_parts(named, config, self.database, Log("en"))
        self.pipeline = Pipeline(self.parts, lambda: None)
        self.second = -86400  # the day was known before
        self.pipeline.run()
        self.second = 0

    def save(self, files: Mapping[str, str]) -> None:
        """Those files are there, and no others."""
        for file in self.folder.iterdir():
            if file.name not in files:
                file.unlink()
        for name, text in files.items():
            if not (file := self.folder / name).exists() or file.read_text() != text:
                file.write_text(text, encoding="utf-8")

    def go_on(self, seconds: int, edits: Mapping[int, Mapping[str, str]]) -> list[set[str]]:
        """Looks each second; which events there are, each time that they are others."""
        seen = [self.events()]
        for _ in range(seconds):
            self.second += 1
            if (files := edits.get(self.second)) is not None:
                self.save(files)
            self.pipeline.follow_files()
            if self.second % 10 == 0:
                self.pipeline.run()
            if self.events() != seen[-1]:
                seen.append(self.events())
        return seen

    def events(self) -> set[str]:
        return {
            f"{event.name}: {event.statement('when')}"
            for agreement in self.parts.files.agreements or ()
            for event in agreement.events
        }

    def alerts(self) -> list[str]:
        rows = self.parts.ledger.history(
            self.parts.files.ids, at("2000-01-01"), at("2100-01-01"), 100
        )
        return [row.key.kind for row in rows if row.status != "named"]

    def is_cancelled(self) -> bool:
        edition = self.parts.publisher.edition("en")
        assert edition is not None
        return any(entry.is_cancelled for entry in edition.published.entries)

    def close(self) -> None:
        self.pipeline.close()
        self.database.close()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    desk = Desk(tmp_path, monkeypatch)
    yield desk
    desk.close()


def files(text: str, **beside: str) -> dict[str, str]:
    return {"a.toml": text, **{f"{name}.toml": content for name, content in beside.items()}}


@pytest.mark.parametrize(
    ("before", "between", "after", "seconds"),
    [
        (files(WHOLE), files(WITHOUT), files(WHOLE), 1),
        (files(WHOLE), files(WITHOUT), files(WHOLE), 8),
        (files(WHOLE), files(WITHOUT), files(WHOLE), 31),
        (files(WHOLE), files(HEAD), files(WHOLE), 8),
        (files(WHOLE), files(BROKEN), files(WHOLE), 8),
        (files(WHOLE), {}, files(WHOLE), 8),
        (files(WHOLE, b=SECOND_FILE), files(WHOLE), files(WHOLE, b=SECOND_FILE), 8),
        (files(WHOLE, b=SECOND_FILE), files(WHOLE), files(WHOLE, renamed=SECOND_FILE), 8),
        (files(WHOLE, b=SECOND_FILE), {"b.toml": SECOND_FILE}, files(WHOLE, b=SECOND_FILE), 8),
        (files(WHOLE + AMENDED), files(WHOLE), files(WHOLE + AMENDED), 8),
    ],
    ids=[
        "at once",
        "event",
        "long",
        "all",
        "broken",
        "no file",
        "agreement",
        "rename",
        "first",
        "amendment",
    ],
)
def test_a_save_in_two_steps_changes_nothing_in_between(
    desk: Desk, before: Any, between: Any, after: Any, seconds: int
) -> None:
    desk.begin(before)

    seen = desk.go_on(60, {5: between, 5 + seconds: after})

    assert len(seen) == 1
    assert desk.alerts() == ["reminder"]
    assert not desk.is_cancelled()
    assert desk.parts.health.trouble() is None


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        (files(WITHOUT), "a/notice"),
        (files(WITHOUT.replace("other", "another")), "a/notice, a/other"),
        (files(WHOLE), "b"),
        (files(WHOLE.replace('"notice"', '"note"'), b=SECOND_FILE), "a/notice"),
    ],
)
def test_what_stays_away_is_gone_after_half_a_minute_and_the_log_says_when(
    desk: Desk, change: dict[str, str], missing: str, capfd: pytest.CaptureFixture[str]
) -> None:
    desk.begin(files(WHOLE, b=SECOND_FILE))
    if "b.toml" not in change and missing != "b":
        change = {**change, "b.toml": SECOND_FILE}

    early = desk.go_on(31, {1: change})
    said = capfd.readouterr().err
    late = desk.go_on(4, {})

    assert (len(early), len(late)) == (1, 2)
    assert said == (
        f"no longer in the files: {missing}; unless they return, this is taken up at 09:00:23 (UTC),"
        " and until then the last edition goes on\n"
    )
    assert "change" in desk.alerts()


def test_a_new_id_that_says_which_it_was_is_no_absence(desk: Desk) -> None:
    desk.begin(files(WHOLE))
    renamed = WHOLE.replace('"notice"', '"note"\nwas = ["notice"]')

    seen = desk.go_on(5, {1: files(renamed)})

    assert [any("a/note:" in name for name in names) for names in seen] == [False, True]


def test_an_edit_is_taken_up_two_seconds_after_the_last_write(desk: Desk) -> None:
    desk.begin(files(WHOLE))
    edits = {second: files(f"{MOVED}# {second}\n") for second in range(1, 6)}

    assert len(desk.go_on(6, edits)) == 1
    assert len(desk.go_on(1, edits)) == 2


def test_files_that_are_written_without_end_are_taken_up_all_the_same(desk: Desk) -> None:
    desk.begin(files(WHOLE))
    edits = {second: files(f"{MOVED}# {second}\n") for second in range(1, 100)}

    seen = desk.go_on(40, edits)

    assert len(seen) == 2


def test_edits_of_what_is_there_do_not_put_off_what_is_gone(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    desk.begin(files(WHOLE))
    edits = {second: files(f"{WITHOUT}# {second}\n") for second in range(1, 100, 4)}

    seen = desk.go_on(38, edits)

    assert len(seen) == 2
    assert capfd.readouterr().err.count("no longer in the files") == 1


def test_what_is_back_is_said_and_what_is_missing_beside_it_counts_anew(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    desk.begin(files(WHOLE, b=SECOND_FILE))

    seen = desk.go_on(60, {1: files(HEAD), 20: files(WITHOUT), 40: files(WHOLE, b=SECOND_FILE)})

    assert len(seen) == 1
    assert [line.partition(";")[0] for line in capfd.readouterr().err.splitlines()] == [
        "no longer in the files: a/notice, a/other, b",
        "no longer in the files: a/notice, b",
        "in the files again: a/notice, b",
    ]


def test_of_very_many_the_first_are_named(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    many = "".join(OTHER.replace("other", f"n{number}") for number in range(1000, 2000))
    desk.begin(files(WHOLE + many))

    desk.go_on(5, {1: files(WHOLE)})

    said = capfd.readouterr().err
    assert "a/n1000, a/n1001, a/n1002, a/n1003, a/n1004, and 995 more;" in said


def test_at_the_start_files_are_taken_as_they_are(desk: Desk) -> None:
    desk.begin(files(WITHOUT))

    assert {name.partition(":")[0] for name in desk.events()} == {"a/other"}


def test_what_another_machine_has_published_is_settled(desk: Desk) -> None:
    desk.begin(files(WHOLE))
    desk.go_on(5, {1: files(WITHOUT)})  # the copy here has it too, and waits
    watched = desk.parts.files

    assert watched.adopt([WITHOUT.encode()])

    assert {name.partition(":")[0] for name in desk.events()} == {"a/other"}
    assert len(desk.go_on(5, {})) == 1
    assert watched.contents == (WITHOUT.encode(),)


class Share:
    """A network share: for some seconds no file of it can be opened, though all are listed."""

    def __init__(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        self.away: range = range(0)
        self.number = 0
        open_file = os.open

        def open_there(path: Any, *arguments: Any, **options: Any) -> int:
            if desk.second in self.away and os.fspath(path).startswith(str(desk.folder)):
                raise OSError(self.number, os.strerror(self.number), path)
            return open_file(path, *arguments, **options)

        monkeypatch.setattr(os, "open", open_there)


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (errno.EMFILE, "too many files and connections are open"),
        (errno.ENFILE, "too many files and connections are open"),
        (errno.EACCES, "permission denied"),
        (errno.EAGAIN, "it is in use by another program"),
        (errno.EBUSY, "it is in use by another program"),
        (errno.EIO, "reading or writing failed (input/output error)"),
        (errno.ESTALE, "the drive is not there any more"),
        (errno.ETIMEDOUT, "no answer in time"),
        (errno.ENOMEM, "there is no memory left"),
    ],
)
def test_a_file_that_could_not_be_read_once_is_read_again_though_it_does_not_change(
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    number: int,
    why: str,
) -> None:
    seconds = number  # a moment, or minutes
    desk.begin(files(WHOLE))
    share = Share(desk, monkeypatch)
    share.away, share.number = range(7, 7 + seconds), number

    desk.go_on(7, {5: files(MOVED)})
    early = desk.parts.health.trouble()
    seen = desk.go_on(seconds + 35, {})

    assert early == "health.unreadable"
    assert len(seen) == 2
    assert "change" in desk.alerts()
    assert desk.parts.health.trouble() is None
    said = capfd.readouterr().err.splitlines()
    file = desk.folder / "a.toml"
    until = "it is tried again, and until then the last good timeline goes on"
    assert [line for line in said if "read" in line] == [
        f"{file} cannot be read: {why}; {until}",
        f"{file} can be read again",
        f"{desk.folder}: read again",
    ]


def test_without_a_file_descriptor_an_edit_is_taken_up_once_there_is_one(desk: Desk) -> None:
    desk.begin(files(WHOLE), by_name=True)
    desk.save(files(MOVED))
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    watched = desk.parts.files

    desk.second = 5
    watched.look()
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, limits[1]))
    try:
        desk.second = 10
        is_new = watched.look()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    seen = desk.go_on(2, {})

    assert not is_new
    assert len(seen) == 2


@pytest.mark.parametrize("by_name", [False, True])
def test_a_folder_that_is_away_ends_nothing(desk: Desk, by_name: bool) -> None:
    desk.begin(files(WHOLE, b=SECOND_FILE), by_name)
    before = desk.events()

    desk.folder.rename(desk.folder.with_name("away"))
    seen = desk.go_on(100, {})
    during = desk.parts.health.trouble()
    desk.folder.with_name("away").rename(desk.folder)
    desk.go_on(40, {})

    assert (len(seen), during) == (1, "health.unreadable")
    assert desk.events() == before
    assert desk.parts.health.trouble() is None


def test_an_agreement_behind_a_link_that_leads_nowhere_for_now_is_not_gone(desk: Desk) -> None:
    elsewhere = desk.folder.with_name("share")
    elsewhere.mkdir()
    (elsewhere / "b.toml").write_text(SECOND_FILE)
    (desk.folder / "b.toml").symlink_to(elsewhere / "b.toml")
    desk.begin(files(WHOLE, b=SECOND_FILE))

    elsewhere.rename(desk.folder.with_name("away"))
    seen = desk.go_on(100, {})

    assert len(seen) == 1
    assert desk.parts.health.trouble() == "health.unreadable"


@pytest.mark.parametrize("error", [ZeroDivisionError(), MemoryError()])
def test_while_reading_fails_each_sign_says_so_and_none_says_that_it_works_again(
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    error: Exception,
) -> None:
    desk.begin(files(WHOLE))
    desk.save(files(MOVED))
    signs = []

    def look() -> None:
        desk.parts.supervisor.attempt(Duty("files"), desk.pipeline.follow_files)

    with monkeypatch.context() as broken:
        broken.setattr("tracker.service.file_watcher.load_parsed", Mock(side_effect=error))
        for desk.second in range(1, 60):
            look()
            signs.append(desk.parts.health.trouble())
    said = capfd.readouterr().err
    look()

    assert signs[:2] == [None, None]  # it is not still before
    assert set(signs[2:]) == {"health.fault"}
    assert (said.count("has failed"), said.count("works again")) == (1, 0)
    assert any("2042" in name for name in desk.events())
    assert desk.parts.health.trouble() is None
    assert "works again" in capfd.readouterr().err


def test_a_second_reading_beside_an_edition_of_another_machine_is_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.begin(files(WHOLE, b=SECOND_FILE))
    desk.go_on(10, {1: files(MOVED)})  # of which something is missing, and waits
    share = Share(desk, monkeypatch)
    share.away, share.number = range(11), errno.EMFILE

    desk.parts.files.adopt([WHOLE.encode(), SECOND_FILE.encode()])
    seen = desk.go_on(60, {})

    assert any("2042" in name for name in seen[-1])
