"""Files of which several machines have a copy each: which edition of them goes on.

An edition is published by the first machine that has it, and kept in the database; the others take
it up from there, so that all say the same before each has got its own copy. A machine that begins
with files that were published once, and are older than what was published since, is behind: it says
so, and does not take back what the others have told.
"""

from __future__ import annotations

from tracker.files.problems import FileErrors
from tracker.service.file_watcher import WatchedFiles
from tracker.service.log import Log
from tracker.service.reports import LedgerOutages
from tracker.store.database import LedgerError
from tracker.store.feed_history import FeedHistory, LastPublication


class SharedFiles:
    """One machine's files beside the edition that was published last."""

    def __init__(
        self, files: WatchedFiles, history: FeedHistory, outages: LedgerOutages, log: Log
    ) -> None:
        self._files = files
        self._history = history
        self._outages = outages
        self._log = log
        self._names: tuple[str, ...] = ()  #: our agreements, when an edition was looked for last
        self._times = 0  #: that our agreements were published, when that was taken up last
        self.is_caught_up = False  #: before that, the files here may be older than that edition

    def take_up(self) -> bool:
        """Takes up what another machine has published; whether that says something new."""
        follows = self.is_caught_up and self._names == self._files.ids
        try:
            is_new = self._follow() if follows else self._catch_up()
        except LedgerError as error:
            self._outages.begin("files", error)
            return False
        self._outages.end("files")
        name = "run.followed" if follows else "run.behind"
        self.is_caught_up, self._names = True, self._files.ids
        if is_new:
            self._log.write(name, files=self._files.names)
        return is_new

    def is_current(self) -> bool:
        """Whether what goes on here is what was published last. Raises LedgerError."""
        times, publication = self._news()
        return times == self._times or publication is None

    def _catch_up(self) -> bool:
        """At the start, or with other agreements: as published, where the files here are older."""
        times, publication = self._news()
        modified = self._files.last_modified
        if publication is not None and modified is not None:
            names = publication.agreements
            ours = self._history.publication_time(names, self._files.contents)
            theirs = self._history.publication_time(names, _contents(publication))
            if ours is not None and theirs is not None and max(ours, modified) < theirs:
                return self._adopt(times, publication)
        self._times = times
        return False

    def _follow(self) -> bool:
        """Takes up an edition that another machine has published since the last look."""
        times, publication = self._news()
        if publication is not None:
            return self._adopt(times, publication)
        self._times = times
        return False

    def _news(self) -> tuple[int, LastPublication | None]:
        """How often our agreements were published; the last time, if that is new and not ours."""
        names = self._files.ids
        times = self._history.times_published(names) if names else 0
        if times == self._times:
            return times, None
        publication = self._history.last_publication(names)
        is_ours = list(self._files.contents) == _contents(publication)
        return times, None if is_ours else publication

    def _adopt(self, times: int, publication: LastPublication) -> bool:
        try:
            is_new = self._files.adopt(_contents(publication))
        except FileErrors:  # of a newer tracker, which knows more than this one
            is_new = False
        self._times = times
        return is_new


def _contents(publication: LastPublication) -> list[bytes]:
    return publication.files[1] if publication.files is not None else []
