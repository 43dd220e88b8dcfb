"""tracker.toml is edited while a process runs: its log says once what that is good for."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tracker import clock
from tracker.config import read_config
from tracker.config.recipients import Defaults
from tracker.service.log import Log
from tracker.service.settings_watch import SettingsWatch

LEGAL = '[[recipient]]\nname = "legal"\n'


class Watched:
    """A file, and what the log of who began by it says of it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "tracker.toml"
        self._stamp = 0

    def begin(self) -> None:
        config = read_config(
            None, [self.file.with_name("events.toml")], Defaults("Asia/Tokyo", "ja")
        )
        self._log = io.StringIO()
        self._watch = SettingsWatch(config, Log("en", out=self._log), sends=True)

    def write(self, text: str | None) -> None:
        if text is None:
            self.file.unlink()
        else:
            self.file.write_text(text, encoding="utf-8")

    def says(self, text: str | None, looks: int = 4) -> str:
        """What the log says of that edit, however often it is looked at."""
        before = self._log.tell()
        self.write(text)
        for _ in range(looks):
            self._watch.look()
        self._log.seek(before)
        return self._log.read()


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


CHANGED = "tracker.toml was changed, and holds from the next start on"


def begun_by_legal(watched: Watched) -> None:
    watched.write(LEGAL)
    watched.begin()


def begun_without(watched: Watched) -> None:
    watched.begin()


@pytest.mark.parametrize(
    ("begin", "text", "said"),
    [
        (begun_by_legal, LEGAL, ""),
        (begun_by_legal, LEGAL + "# a remark\n", ""),
        (begun_by_legal, LEGAL + 'at = "10:00"\n', CHANGED),
        (begun_by_legal, LEGAL + 'at = "10"\n', "cannot be used as it is now"),
        (begun_by_legal, LEGAL + "at = \n", "cannot be used as it is now"),
        (begun_by_legal, "", CHANGED),
        (begun_by_legal, None, "tracker.toml is gone"),
        (begun_without, LEGAL, CHANGED),
        (begun_without, "# nothing yet\n", ""),
    ],
)
def test_an_edit_is_told_of_once_in_the_words_that_fit_it(
    watched: Watched, begin: Callable[[Watched], None], text: str | None, said: str
) -> None:
    begin(watched)

    log = watched.says(text)

    assert said in log
    assert log.count("until") == (1 if said else 0)


def test_what_is_taken_back_is_told_of_as_well(watched: Watched) -> None:
    begun_by_legal(watched)
    assert CHANGED in watched.says('[[recipient]]\nname = "law"\n')

    assert watched.says(LEGAL).endswith("tracker.toml says again what all goes by\n")


def test_a_file_that_is_being_written_is_not_told_of_before_it_is_whole(watched: Watched) -> None:
    begun_by_legal(watched)

    assert watched.says("[[recip", looks=1) == ""
    assert watched.says(LEGAL + 'at = "10:00"\n').count("\n") == 1


def test_what_is_wrong_is_said_with_its_place(watched: Watched) -> None:
    begun_by_legal(watched)

    log = watched.says(LEGAL + 'at = "9"\n')

    assert "tracker.toml:3:6: an hour is HH:MM" in log


@pytest.mark.parametrize("number", [errno.EMFILE, errno.EACCES, errno.ESTALE, errno.EIO])
def test_what_cannot_be_read_for_now_is_not_gone_and_is_read_again(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    begun_by_legal(watched)
    seconds = [0.0]
    monkeypatch.setattr(clock, "steady", lambda: seconds[0])
    open_file = os.open

    def open_nothing(path: str, *_: object, **__: object) -> int:
        raise OSError(number, os.strerror(number), path)

    monkeypatch.setattr(os, "open", open_nothing)
    during = watched.says(LEGAL + 'at = "10:00"\n')
    monkeypatch.setattr(os, "open", open_file)
    seconds[0] = 60.0
    after = watched.says(LEGAL + 'at = "10:00"\n')

    assert during.count("\n") == 1
    assert "tracker.toml cannot be read: " in during
    assert "can be read again" in after
    assert CHANGED in after


def test_an_edit_between_the_start_and_the_first_look_is_told_of(watched: Watched) -> None:
    watched.write(LEGAL)
    config = read_config(None, [watched.file.with_name("events.toml")], Defaults("UTC", "en"))
    watched.write(LEGAL + 'at = "10:00"\n')
    log = io.StringIO()
    watch = SettingsWatch(config, Log("en", out=log), sends=True)

    for _ in range(3):
        watch.look()

    assert CHANGED in log.getvalue()
