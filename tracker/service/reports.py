"""What a process logs of its files, of its ledger, and of what does not arrive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from threading import Lock

from tracker.dates.calendars import Uncovered
from tracker.dates.instants import zone_of
from tracker.failures.exceptions import reason_of
from tracker.files.excerpts import reports
from tracker.files.problems import FileErrors
from tracker.i18n.diagnostics import message_of
from tracker.i18n.translate import translate
from tracker.service.log import Log
from tracker.store.database import LedgerError
from tracker.timeline.validation.consistency import uncovered_diagnostic

#: So many names stand in one line.
_MOST_NAMED = 5


class Reporter:
    """Logs what went wrong, each kind in its own words."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def log_refused_files(self, errors: FileErrors, *, goes_on: bool) -> None:
        """The files cannot be read as they are; `goes_on`: an earlier version of them does."""
        for text in reports(errors.problems, errors.texts, self._log.language):
            self._log.write_text(text, "run.refused", "error")
        if goes_on:
            self._log.write("run.kept")

    def log_unread_file(self, error: OSError) -> None:
        """A file is gone, or cannot be read for now."""
        if isinstance(error, FileNotFoundError):
            self._log.write("run.vanished", "error", file=str(error.filename))
            return
        file, reason = str(error.filename), reason_of(error)
        self._log.write("run.unreadable", "error", file=file, reason=reason)

    def log_readable_file(self, error: OSError) -> None:
        """What was in the way of reading the files is over."""
        self._log.write("run.readable", file=str(error.filename))

    def log_missing_events(self, names: Sequence[str], until: datetime, zone: str) -> None:
        """What stood in the files is gone; it is gone for good unless it returns by then."""
        local = until.astimezone(zone_of(zone))
        events = self._first_of(names)
        self._log.write(
            "run.missing", "warning", events=events, time=f"{local:%H:%M:%S}", zone=zone
        )

    def log_returned_events(self, names: Sequence[str]) -> None:
        """What was gone stands in the files again."""
        self._log.write("run.returned", events=self._first_of(names))

    def _first_of(self, names: Sequence[str]) -> list[str]:
        """The first of them, and how many more there are."""
        if len(names) <= _MOST_NAMED:
            return list(names)
        rest = translate(self._log.language, "alert.more", count=len(names) - _MOST_NAMED)
        return [*names[:_MOST_NAMED], rest]

    def log_missing_calendar(self, missing: Uncovered) -> None:
        """Business days enter a year of which nothing is known."""
        message = message_of(uncovered_diagnostic(missing), self._log.language)
        self._log.write_text(f"{missing.point}: {message}", "run.uncovered", "error")
        self._log.write("run.kept")


#: A ledger that is not the one that was opened.
_NOT_THE_SAME = frozenset(("ledger.gone", "ledger.replaced", "ledger.wal", "ledger.other"))


class LedgerOutages:
    """Which tasks of a process cannot use the ledger; an outage is logged once, and so is its end.

    A task is named for what it was about to do: `plan`, `feeds`, `files`…
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._tasks: set[str] = set()
        self._lock = Lock()
        self._logged: set[str] = set()  #: what was wrong with it, in this outage

    def note(self, task: str, error: LedgerError | None) -> None:
        """That task could not use it; None: it could."""
        if error is None:
            self.end(task)
        else:
            self.begin(task, error)

    def begin(self, task: str, error: LedgerError) -> None:
        """That task could not use it."""
        with self._lock:
            is_new = error.name not in self._logged
            self._logged.add(error.name)
            self._tasks.add(task)
        if is_new:
            self._log.write(error.name, "error", **error.values)

    def end(self, task: str) -> None:
        """That task has used it."""
        with self._lock:
            had_any = bool(self._tasks)
            self._tasks.discard(task)
            is_over = had_any and not self._tasks
            if is_over:
                self._logged.clear()
        if is_over:
            self._log.write("run.ledger-back")

    @property
    def are_ongoing(self) -> bool:
        return bool(self._tasks)

    @property
    def health(self) -> str | None:
        """Names the sentence that says so; None: there is none."""
        if not self._tasks:
            return None
        return "health.ledger" if _NOT_THE_SAME.isdisjoint(self._logged) else "health.ledger-gone"
