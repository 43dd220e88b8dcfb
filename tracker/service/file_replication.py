"""Files of which several machines have a copy each: which edition of them goes on.

An edition is published by the first machine that has it, and kept in the database; the others take
it up from there, so that all say the same before each has got its own copy. A machine that begins
with files that were published once, and are older than what was published since, is behind: it says
so, and does not take back what the others have told.
"""

from __future__ import annotations

from tracker.files.problems import FileErrors
from tracker.service.file_watcher import WatchedFiles
from tracker.store.feed_history import FeedHistory, LastPublication


class SharedFiles:
    """One machine's files beside the edition that was published last. It raises LedgerError."""

    def __init__(self, watched: WatchedFiles, memory: FeedHistory) -> None:
        self._watched = watched
        self._memory = memory
        self._times = 0  #: that our agreements were published, when that was taken up last

    def catch_up(self) -> bool:
        """At the start: takes up the published edition, where the files here are older."""
        times, published = self._published()
        written = self._watched.written
        if published is not None and written is not None:
            ours = self._memory.published_at(published.agreements, self._watched.contents)
            theirs = self._memory.published_at(published.agreements, _contents(published))
            if ours is not None and theirs is not None and max(ours, written) < theirs:
                return self._take(times, published)
        self._times = times
        return False

    def follow(self) -> bool:
        """Takes up an edition that another machine has published since the last look."""
        times, published = self._published()
        if published is not None:
            return self._take(times, published)
        self._times = times
        return False

    def is_current(self) -> bool:
        """Whether what goes on here is what was published last."""
        times, published = self._published()
        return times == self._times or published is None

    def _published(self) -> tuple[int, LastPublication | None]:
        """How often our agreements were published; the last time, if that is new and not ours."""
        names = [one.id for one in self._watched.agreements or ()]
        times = self._memory.times_published(names) if names else 0
        if times == self._times:
            return times, None
        published = self._memory.last_publication(names)
        is_ours = list(self._watched.contents) == _contents(published)
        return times, None if is_ours else published

    def _take(self, times: int, published: LastPublication) -> bool:
        try:
            found = self._watched.adopt(_contents(published))
        except FileErrors:  # of a newer tracker, which knows more than this one
            found = False
        self._times = times
        return found


def _contents(published: LastPublication) -> list[bytes]:
    return published.files[1] if published.files is not None else []
