"""What is said of the files and the ledger that a process follows, and of what does not arrive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

from tracker.dates.calendars import Uncovered
from tracker.files.excerpts import reports
from tracker.files.problems import FileErrors
from tracker.i18n.diagnostics import message_of
from tracker.service.log import Log
from tracker.store.database import LedgerError
from tracker.timeline.validation.consistency import uncovered_diagnostic


class Reports:
    """Entries of the log; `goes_on`: whether an earlier version of the files does."""

    def __init__(self, log: Log, goes_on: Callable[[], bool]) -> None:
        self._log = log
        self._goes_on = goes_on

    def broken(self, errors: FileErrors) -> None:
        """The files cannot be read as they are."""
        for text in reports(errors.problems, errors.texts, self._log.language):
            self._log.tell(text, "run.refused", "error")
        if self._goes_on():
            self._log.write("run.kept")

    def vanished(self, error: OSError) -> None:
        """A file is gone."""
        self._log.write("run.vanished", "error", file=str(error.filename))

    def uncovered(self, missing: Uncovered) -> None:
        """Business days enter a year of which nothing is known."""
        message = message_of(uncovered_diagnostic(missing), self._log.language)
        self._log.tell(f"{missing.point}: {message}", "run.uncovered", "error")
        self._log.write("run.kept")

    def undelivered(self, channels: Sequence[str], reason: str, given_up: bool) -> None:
        """A message did not get through, or is given up."""
        if given_up:
            self._log.write("run.given-up", "error", channels=list(channels), reason=reason)
        else:
            self._log.write("run.not-sent", "warning", channels=list(channels), reason=reason)


class LedgerReports:
    """Who of a process cannot use the ledger; an outage is told of once, and so is its end."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._lost: set[str] = set()
        self._lock = Lock()

    def lost(self, who: str, error: LedgerError) -> None:
        """That part of the process could not use it."""
        with self._lock:
            is_new = not self._lost
            self._lost.add(who)
        if is_new:
            self._log.write(error.name, "error", **error.values)

    def back(self, who: str) -> None:
        """That part of the process has used it."""
        with self._lock:
            was_lost = bool(self._lost)
            self._lost.discard(who)
            is_over = was_lost and not self._lost
        if is_over:
            self._log.write("run.ledger-back")

    def __bool__(self) -> bool:
        return bool(self._lost)
