"""Calls of the command line within this process, as a stranger's machine would make them."""

from __future__ import annotations

import gc
import sys
import threading
from pathlib import Path
from typing import NamedTuple

import pytest

from tracker import cli


class Called(NamedTuple):
    """What a call came to."""

    code: int
    out: str
    err: str


def leave_garbage(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process looks for and keeps for its pages would here be of all tests, at each publication."""
    monkeypatch.setattr(gc, "collect", lambda *_: 0)
    monkeypatch.setattr(gc, "freeze", lambda: None)
    monkeypatch.setattr(gc, "unfreeze", lambda: None)


class Caller:
    """Calls commands in a folder of its own, where nobody can be asked."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        home = folder.with_name(f"{folder.name}-home")
        for variable in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "HOME"):
            monkeypatch.setenv(variable, str(home / variable))
        for variable in ("TRACKER_FILE", "TRACKER_LANG", "TRACKER_CONFIG", "LC_ALL", "COLUMNS"):
            monkeypatch.delenv(variable, raising=False)
        monkeypatch.setenv("LANG", "C.UTF-8")
        monkeypatch.setenv("TZ", "UTC")
        monkeypatch.chdir(folder)
        leave_garbage(monkeypatch)
        # A process of its own takes these over; here other tests come after it.
        monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
        monkeypatch.setattr(threading, "excepthook", threading.excepthook)

    def __call__(self, *arguments: str) -> Called:
        self._monkeypatch.setattr(sys, "argv", ["tracker", *arguments])
        self._capsys.readouterr()
        code = cli.call(arguments)
        return Called(code, *self._capsys.readouterr())

    def write(self, name: str, content: str | bytes) -> Path:
        """A file of the folder, with that content."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file
