"""Feeds with a memory: what each said last is in the database, and what it says now follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Lock
from typing import NamedTuple, TypeAlias

from sqlalchemy import Connection

from tracker import clock
from tracker.agreements.model import Agreement
from tracker.dates.calendars import Uncovered
from tracker.feeds.atom import notices_of
from tracker.feeds.calendar import publication
from tracker.feeds.edition import Edition, default_language
from tracker.feeds.history import Entry
from tracker.files.loading import read
from tracker.files.problems import FileErrors
from tracker.i18n.translate import LANGUAGES, Language
from tracker.service.file_watcher import without_collecting
from tracker.store.database import LedgerError
from tracker.store.feed_history import (
    FeedHistory,
    FeedState,
    PublishedFiles,
    RevisionConflict,
    fingerprint_of,
)
from tracker.timeline.differences import Changes, changes
from tracker.timeline.points import Timeline

_TRIES = 3

#: Writes down, in the transaction in which changes are published, who is alerted of them: the
#: changes, what tells this edition from all others, and the instant.
Announce: TypeAlias = Callable[[Connection, Changes, str, datetime], None]


class _Kept(NamedTuple):
    """What was written last of a feed."""

    remembered: FeedState
    entries: dict[str, Entry]
    told: tuple[bytes, ...]


class Publisher:
    """Makes an edition in each language of each new timeline, and remembers what it said.

    Without the database, which knows what was said before, the last edition goes on; where there is
    none yet there is none: one without history would take back every SEQUENCE.
    """

    def __init__(
        self,
        memory: FeedHistory,
        now: Callable[[], datetime] = clock.now,
        announce: Announce | None = None,
    ) -> None:
        self.trouble: LedgerError | None = None  #: why the last edition goes on
        self._memory = memory
        self._now = now
        self._announce = announce
        self._lock = Lock()
        self.revision = 0  #: raised with everything new that is to be served
        self.timeline: Timeline | None = None
        self._contents: tuple[bytes, ...] = ()
        self._kept: dict[Language, _Kept] = {}
        self._editions: dict[Language, Edition] = {}
        self._last: tuple[PublishedFiles, tuple[Agreement, ...]] | None = None
        #: Whose changes the editions tell, and how often those were published by then.
        self._times_told: tuple[tuple[str, ...], int] | None = None

    def publish(self, timeline: Timeline, contents: Sequence[bytes] = ()) -> None:
        """Makes the editions that somebody reads, of that timeline, stated by those files."""
        with self._lock, without_collecting():
            if timeline is self.timeline and self.trouble is None:
                return
            self.timeline, self._contents = timeline, tuple(contents)
            self.revision += 1
            for language in tuple(self._editions) or (default_language(timeline),):
                self._make(timeline, language)
            self._tell(timeline)

    def edition(self, language: Language) -> Edition | None:
        """What is to be served now in that language."""
        found = self._editions.get(language)
        if found is None and self.timeline is not None:
            with self._lock:
                self._make(self.timeline, language)
            found = self._editions.get(language)
        return found

    def notices(self, language: Language) -> Sequence[bytes]:
        """What was told of changes in that language, the oldest first."""
        edition = self._editions.get(language)
        if edition is not None:
            return edition.reported_changes
        try:
            return self._memory.notices(f"changes/{language}")
        except LedgerError:
            return ()

    def entries(self, language: Language) -> Mapping[str, Entry]:
        """What the feed says in that language, by UID; nothing where nobody reads it."""
        kept = self._kept.get(language)
        return {} if kept is None else kept.entries

    def _make(self, timeline: Timeline, language: Language) -> None:
        for _ in range(_TRIES):
            try:
                self._editions[language] = self._made(timeline, language)
                self.revision += 1
                self.trouble = None
                return
            except RevisionConflict:  # by another process, on this database
                self._kept.pop(language, None)
            except LedgerError as error:
                self.trouble = error
                return

    def _made(self, timeline: Timeline, language: Language) -> Edition:
        name, now = f"calendar/{language}", self._now()
        kept = self._kept.get(language)
        remembered = self._memory.feed_state(name)
        if kept is None or kept.remembered.revision != remembered.revision:
            kept = self._read(name, language, remembered)
        before = self._editions.get(language)
        drafts = before.published.drafts if before is not None else None
        made = publication(timeline, language, kept.entries, now, drafts)
        entries = {entry.uid: entry for entry in made.entries}
        changed = [one._asdict() for one in made.entries if kept.entries.get(one.uid) != one]
        loaded = {one.id for one in timeline.agreements}
        gone = [
            uid
            for uid, one in kept.entries.items()
            if uid not in entries and one.agreement in loaded
        ]
        if changed or gone or not remembered.revision:
            last = remembered.modified
            modified = now if last is None else max(now, last + timedelta(seconds=1))
            self._memory.write_entries(name, remembered.revision, modified, changed, gone)
            remembered = FeedState(remembered.revision + 1, modified)
        others = kept.entries.keys() - entries.keys() - set(gone)
        entries |= {uid: kept.entries[uid] for uid in others}
        self._kept[language] = _Kept(remembered, entries, kept.told)
        return Edition(made, remembered.modified or now, now, kept.told)

    def _read(self, name: str, language: Language, remembered: FeedState) -> _Kept:
        rows = (Entry(**row) for row in self._memory.entries(name))
        told = tuple(self._memory.notices(f"changes/{language}"))
        return _Kept(remembered, {entry.uid: entry for entry in rows}, told)

    # -- what changed

    def _tell(self, timeline: Timeline) -> None:
        """Tells in every language what changed since the files were published last."""
        if not self._contents or self.trouble is not None:
            return
        files = (timeline.as_of, list(self._contents))
        try:
            for _ in range(_TRIES):
                try:
                    self._told(timeline, files)
                    break
                except RevisionConflict:  # by another process, on this database
                    continue
            self._last = files, timeline.agreements
            self._take_up(timeline)
        except LedgerError as error:
            self.trouble = error

    def follow(self) -> None:
        """Takes up what another process has told of changes meanwhile."""
        timeline = self.timeline
        if timeline is None or self.trouble is not None:
            return
        with self._lock, suppress(LedgerError):  # which is noticed where something is written
            self._take_up(timeline)

    def _take_up(self, timeline: Timeline) -> None:
        """Has the editions tell what the database has been told of changes by now."""
        names = tuple(one.id for one in timeline.agreements)
        told = names, self._memory.times_published(names)
        if told == self._times_told:
            return
        for language, edition in self._editions.items():
            notices = tuple(self._memory.notices(f"changes/{language}"))
            self._editions[language] = edition._replace(reported_changes=notices)
            self._kept[language] = self._kept[language]._replace(told=notices)
        self._times_told = told
        self.revision += 1

    def _told(self, timeline: Timeline, files: PublishedFiles) -> None:
        """Writes down what changed, and what is told of it, unless those files were the last."""
        now = self._now()
        before = self._memory.last_publication([one.id for one in timeline.agreements])
        if before.files == files:
            return
        found = changes_since(before.files, timeline, self._read_last(before.files))
        since = state_of(before.files)
        told = {
            language: notices_of(found, language, now, since) if found is not None else []
            for language in LANGUAGES
        }
        names = {f"changes/{language}": notices for language, notices in told.items()}

        def beside(connection: Connection) -> None:
            if found is not None and self._announce is not None:
                edition = f"{before.agreements}/{before.revision + 1}"
                self._announce(connection, found, edition, now)

        self._memory.publish(before, files, names, now, beside)

    def _read_last(self, before: PublishedFiles | None) -> tuple[Agreement, ...] | None:
        """The agreements that were published, where this process read them itself."""
        return self._last[1] if self._last is not None and self._last[0] == before else None


def state_of(before: PublishedFiles | None) -> str:
    """What tells one state of the files as published, and of which day, from another."""
    return "" if before is None else fingerprint_of(before[1], str(before[0]).encode())


def changes_since(
    before: PublishedFiles | None, timeline: Timeline, agreements: Sequence[Agreement] | None = None
) -> Changes | None:
    """What changed in agreements since their files were published on that day.

    An agreement that was not published before is no change, and floods nobody. None: nobody can
    know, since nothing was published, or what was is refused by this version. `agreements` are
    those that the files state, where they were read before.
    """
    if before is None:
        return None
    day, contents = before
    try:
        old = agreements or read([str(at) for at in range(len(contents))], contents)[0]
        shared = {one.id for one in old} & {one.id for one in timeline.agreements}
        if not shared:
            return None
        found = changes(old, timeline.agreements, min(day, timeline.as_of), timeline.as_of)
    except (FileErrors, Uncovered):
        return None
    changed = tuple(one for one in found.changed if one.point.event.agreement in shared)
    return found._replace(changed=changed)
