"""What clients do wrong, for the log: one line at most a minute for each kind of it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Protocol

from tracker import clock

#: So many seconds a kind is silent once it was written.
_SILENT = 60.0


class Complain(Protocol):
    """Takes note that something was wrong, by the name of its sentence."""

    def __call__(self, name: str, /, **values: object) -> None: ...


def keep_silent(_name: str, /, **_values: object) -> None:
    """Nobody is told."""


class Complaints:
    """Writes the first of a kind, and how many there were with the next that it writes."""

    def __init__(self, write: Callable[..., None], now: Callable[[], float] = clock.steady) -> None:
        """`write`: takes the sentence's name, its level, and what is in it."""
        self._write = write
        self._now = now
        self._lock = Lock()
        self._kinds: dict[str, tuple[float, int]] = {}  #: when it was written, and how often since

    def note(self, name: str, /, **values: object) -> None:
        now = self._now()
        with self._lock:
            written, unwritten = self._kinds.get(name, (-_SILENT, 0))
            if now - written < _SILENT:
                self._kinds[name] = written, unwritten + 1
                return
            self._kinds[name] = now, 0
        self._write(name, "warning", **values, count=unwritten + 1)
