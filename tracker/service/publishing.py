"""Feeds with a memory: what each said last is kept in the ledger, and what it says now follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Lock

from tracker import clock
from tracker.feeds.calendar import calendar_of
from tracker.feeds.history import Entry
from tracker.store.ledger import Ledger, LedgerError
from tracker.timeline.points import Timeline
from tracker.wording.sentences import Language


class Publisher:
    """Makes the calendar feed of each language, one at a time."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime] = clock.now) -> None:
        self._ledger = ledger
        self._now = now
        self._lock = Lock()
        self._served: dict[Language, bytes] = {}

    def calendar(self, timeline: Timeline, language: Language) -> bytes | None:
        """The feed as it is to be served now; what it says is remembered before it is.

        Without the database, which knows what was said before, it is the last one that was made;
        None: there is none, and one without history would take back every SEQUENCE.
        """
        with self._lock:
            try:
                self._served[language] = self._made(timeline, language)
            except LedgerError:
                return self._served.get(language)
            return self._served[language]

    def _made(self, timeline: Timeline, language: Language) -> bytes:
        feed = f"calendar/{language}"
        rows = self._ledger.entries(feed)
        known = {entry.uid: entry for entry in (Entry(**row) for row in rows)}
        made = calendar_of(timeline, language, known, self._now())
        changed = [one._asdict() for one in made.entries if known.get(one.uid) != one]
        if changed:
            self._ledger.keep(feed, changed)
        return made.content
