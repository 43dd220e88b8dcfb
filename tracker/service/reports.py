"""What is said of the files that a process follows, and of what does not get through."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tracker.dates.business_days import Uncovered
from tracker.files.excerpts import reports
from tracker.files.problems import FileFaults
from tracker.service.log import Log
from tracker.timeline.impossible import uncovered_fault
from tracker.wording.faults import message_of


class Reports:
    """Entries of the log; `goes_on`: whether an earlier version of the files does."""

    def __init__(self, log: Log, goes_on: Callable[[], bool]) -> None:
        self._log = log
        self._goes_on = goes_on

    def broken(self, faults: FileFaults) -> None:
        """The files cannot be read as they are."""
        for text in reports(faults.problems, faults.texts, self._log.language):
            self._log.tell(text, "run.refused", "error")
        if self._goes_on():
            self._log.say("run.kept")

    def vanished(self, error: OSError) -> None:
        """A file is gone."""
        self._log.say("run.vanished", "error", file=str(error.filename))

    def uncovered(self, missing: Uncovered) -> None:
        """Business days enter a year of which nothing is known."""
        message = message_of(uncovered_fault(missing), self._log.language)
        self._log.tell(f"{missing.point}: {message}", "run.uncovered", "error")
        self._log.say("run.kept")

    def undelivered(self, channels: Sequence[str], reason: str, given_up: bool) -> None:
        """A message did not get through, or is given up."""
        if given_up:
            self._log.say("run.given-up", "error", channels=list(channels), reason=reason)
        else:
            self._log.say("run.not-sent", "warning", channels=list(channels), reason=reason)
