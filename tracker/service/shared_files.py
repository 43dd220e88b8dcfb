"""Files of which several machines have a copy each: which edition of them goes on.

An edition is published by the first machine that has it, and kept in the database; the others take
it up from there, so that all say the same before each has got its own copy. A machine that begins
with files that were published once, and are older than what was published since, is behind: it says
so, and does not take back what the others have told.
"""

from __future__ import annotations

from tracker.files.problems import FileFaults
from tracker.service.watch import Watched
from tracker.store.memory import Memory, Published


class SharedFiles:
    """One machine's files beside the edition that was published last. It raises LedgerError."""

    def __init__(self, watched: Watched, memory: Memory) -> None:
        self._watched = watched
        self._memory = memory
        self._times = 0  #: that our agreements were published, as of the last look

    def catch_up(self) -> bool:
        """At the start: takes up the published edition, where the files here are older."""
        published = self._published()
        written = self._watched.written
        if published is None or written is None:
            return False
        ours = self._memory.edition(published.agreements, self._watched.contents)
        theirs = self._memory.edition(published.agreements, _contents(published))
        if ours is None or theirs is None or ours >= theirs or written >= theirs:
            return False
        return self._take(published)

    def follow(self) -> bool:
        """Takes up an edition that another machine has published since the last look."""
        published = self._published()
        return published is not None and self._take(published)

    def _published(self) -> Published | None:
        """What was published since the last look, if it is not ours."""
        names = [one.id for one in self._watched.agreements or ()]
        times = self._memory.times_published(names)
        if times == self._times or not names:
            return None
        self._times = times
        published = self._memory.published(names)
        return published if list(self._watched.contents) != _contents(published) else None

    def _take(self, published: Published) -> bool:
        try:
            return self._watched.adopt(_contents(published))
        except FileFaults:  # of a newer tracker, which knows more than this one
            return False


def _contents(published: Published) -> list[bytes]:
    return published.files[1] if published.files is not None else []
