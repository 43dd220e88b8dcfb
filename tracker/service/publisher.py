"""Feeds with a history: what each published last is in the database, and is gone on from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from typing import NamedTuple

from sqlalchemy import Connection

from tracker import clock
from tracker.agreements.model import Agreement
from tracker.feeds.atom import Notice
from tracker.feeds.calendar import publication
from tracker.feeds.edition import Edition, default_language
from tracker.feeds.history import Entry
from tracker.feeds.visible_news import with_loaded_causes
from tracker.i18n.translate import Language
from tracker.service.change_planner import Announced, ChangePlanner
from tracker.service.file_watcher import without_garbage_collection
from tracker.service.published_changes import (
    Past,
    ToTell,
    changes_to_tell,
    notices_by_language,
)
from tracker.store.database import LedgerError
from tracker.store.feed_history import (
    FeedHistory,
    FeedState,
    LastPublication,
    RevisionConflict,
)
from tracker.store.published_sets import PublishedFiles, PublishedSet
from tracker.store.told_recipients import Telling
from tracker.timeline.points import Timeline

_TRIES = 3


class _Feed(NamedTuple):
    """A calendar feed as it was written last."""

    state: FeedState
    agreements: tuple[str, ...]  #: that are in it
    entries: dict[str, Entry]  #: by UID
    notices: tuple[bytes, ...]  #: of changes, as the Atom feed has them


class Publisher:
    """Makes an edition in each language of each new timeline, from what was published before.

    Without the database, which knows what was published before, the last edition goes on; where
    there is none yet, nothing is served: an edition without history would take back every SEQUENCE.
    """

    def __init__(
        self,
        history: FeedHistory,
        now: Callable[[], datetime] = clock.now,
        announcer: ChangePlanner | None = None,
    ) -> None:
        self.trouble: LedgerError | None = None  #: why the last edition goes on
        self._is_finished = True  #: whether nothing was raised in the midst of publishing
        self._history = history
        self._now = now
        self._announcer = announcer  #: writes down who is alerted of what is published
        self._lock = Lock()
        self.revision = 0  #: raised with everything new that is to be served
        self.timeline: Timeline | None = None
        self._contents: tuple[bytes, ...] = ()
        self._feeds: dict[Language, _Feed] = {}
        self._editions: dict[Language, Edition] = {}
        #: What this process published last, and what it states.
        self._last: tuple[PublishedSet, tuple[Agreement, ...]] | None = None
        #: Whose notices the editions have, and how often anything was published by then.
        self._noticed: tuple[tuple[str, ...], int] | None = None

    def publish(self, timeline: Timeline, contents: Sequence[bytes] = ()) -> None:
        """Makes the editions that somebody reads, of that timeline, stated by those files."""
        with self._lock, without_garbage_collection():
            if timeline is self.timeline and self.trouble is None and self._is_finished:
                return
            self._is_finished = False
            self.timeline, self._contents = timeline, tuple(contents)
            self.revision += 1
            languages = tuple(self._editions) or (default_language(timeline),)
            self._forget_unloaded(timeline)
            for language in languages:
                self._make_edition(timeline, language)
            self._publish_changes(timeline)
            self._is_finished = True

    def follow(self) -> None:
        """Takes up the notices that another process has published meanwhile."""
        timeline = self.timeline
        if timeline is None or self.trouble is not None:
            return
        with self._lock, suppress(LedgerError):  # which is noticed where something is written
            self._take_up_notices(timeline)

    # -- what is served

    def edition(self, language: Language) -> Edition | None:
        """What is to be served now in that language."""
        edition = self._editions.get(language)
        if edition is None and self.timeline is not None:
            with self._lock:
                self._make_edition(self.timeline, language)
            edition = self._editions.get(language)
        return edition

    def notices(self, language: Language) -> Sequence[bytes]:
        """The notices of changes in that language, the oldest first."""
        edition, timeline = self._editions.get(language), self.timeline
        if edition is not None:
            return edition.reported_changes
        if timeline is None:
            return ()
        try:
            return self._read_notices(language, _loaded(timeline))
        except LedgerError:
            return ()

    def entries(self, language: Language) -> Mapping[str, Entry]:
        """What the feed says in that language, by UID; nothing where nobody reads it."""
        feed = self._feeds.get(language)
        return {} if feed is None else feed.entries

    # -- editions

    def _forget_unloaded(self, timeline: Timeline) -> None:
        """Ends what is served of an agreement that is not loaded any more, come what may."""
        loaded = set(_loaded(timeline))
        if not all(loaded.issuperset(feed.agreements) for feed in self._feeds.values()):
            self._feeds.clear()
            self._editions.clear()

    def _make_edition(self, timeline: Timeline, language: Language) -> None:
        for _ in range(_TRIES):
            try:
                self._editions[language] = self._next_edition(timeline, language)
                self.revision += 1
                self.trouble = None
                return
            except RevisionConflict:  # by another process, on this database
                continue
            except LedgerError as error:
                self.trouble = error
                return

    def _next_edition(self, timeline: Timeline, language: Language) -> Edition:
        """The edition after the last one; what is new in its feed is written down."""
        name, now, loaded = f"calendar/{language}", self._now(), _loaded(timeline)
        feed = self._feeds.get(language)
        state = self._history.feed_state(name, loaded)
        last = _last_change(state, feed, loaded)
        if feed is None or feed.agreements != loaded or feed.state.revision != state.revision:
            feed = self._read_feed(name, language, state, loaded)
        before = self._editions.get(language)
        drafts = before.published.drafts if before is not None else None
        published = publication(timeline, language, feed.entries, now, drafts)
        entries = {entry.uid: entry for entry in published.entries}
        changed = [
            entry._asdict() for entry in published.entries if feed.entries.get(entry.uid) != entry
        ]
        gone = [uid for uid in feed.entries if uid not in entries]
        if changed or gone or last is None:
            earlier = last or state.written
            last = now if earlier is None else max(now, earlier + timedelta(seconds=1))
            self._history.write_entries(name, loaded, state.revision, last, changed, gone=gone)
            state = FeedState(state.revision + 1, last, last)
        state = state._replace(modified=last)
        self._feeds[language] = _Feed(state, loaded, entries, feed.notices)
        return Edition(published, last, now, feed.notices)

    def _read_feed(
        self, name: str, language: Language, state: FeedState, loaded: tuple[str, ...]
    ) -> _Feed:
        entries = (Entry(**row) for row in self._history.entries(name, loaded))
        notices = self._read_notices(language, loaded)
        return _Feed(state, loaded, {entry.uid: entry for entry in entries}, notices)

    def _read_notices(self, language: Language, loaded: tuple[str, ...]) -> tuple[bytes, ...]:
        notices = self._history.notices(f"changes/{language}", loaded)
        return tuple(with_loaded_causes(notice, loaded) for notice in notices)

    # -- what changed

    def _publish_changes(self, timeline: Timeline) -> None:
        """Publishes the files, with what changed since they were published last."""
        if not self._contents or self.trouble is not None:
            return
        files = (timeline.as_of, list(self._contents))
        try:
            for _ in range(_TRIES):
                try:
                    self._write_changes(timeline, files)
                    break
                except RevisionConflict:  # by another process, on this database
                    continue
            self._last = PublishedSet(files, "", 0, self._now()), timeline.agreements
            self._take_up_notices(timeline)
        except LedgerError as error:
            self.trouble = error

    def _write_changes(self, timeline: Timeline, files: PublishedFiles) -> None:
        """Writes down what changed, in every language, unless those files were the last."""
        now, loaded = self._now(), _loaded(timeline)
        recipients = () if self._announcer is None else self._announcer.recipients
        before = self._history.last_publication(loaded, recipients)
        if before.files == files and before.is_newest and (before.is_told or not recipients):
            return
        had, stated = self._last or (None, ())
        known = {*loaded, *(agreement.id for agreement in stated)}
        states = self._history.told_states(recipients, known)
        past = Past(self._history.publications(loaded), before.agreements, had, states)
        to_tell = changes_to_tell(past, timeline, self._last_agreements)
        by_feed: dict[str, list[Notice]] = {}
        for since in to_tell.in_news:
            notices = notices_by_language(since.changes, since.files, now)
            for language, of_language in notices.items():
                by_feed.setdefault(f"changes/{language}", []).extend(of_language)
        announce = partial(self._announce, to_tell, before, now)
        telling = Telling(recipients, to_tell.left_out, to_tell.gone)
        self._history.publish(before, files, by_feed, now, announce, telling=telling)

    def _announce(
        self, to_tell: ToTell, before: LastPublication, now: datetime, connection: Connection
    ) -> None:
        """Writes down who is alerted of what, by a name that no other edition of the set has."""
        if self._announcer is None:
            return
        edition = f"{before.agreements}/{before.revision + 1}/{before.total + 1}"
        for group in to_tell.to_recipients:
            for since in group.changes:
                change = Announced(
                    since.changes, edition, now, group.recipients, since.told_since, group.gone
                )
                self._announcer.write(connection, change)

    def _last_agreements(self, before: PublishedFiles) -> tuple[Agreement, ...] | None:
        """The agreements that were published, where this process read them itself."""
        return self._last[1] if self._last is not None and self._last[0].files == before else None

    def _take_up_notices(self, timeline: Timeline) -> None:
        """Has the editions hold the notices that the database has by now."""
        names = _loaded(timeline)
        newest = names, self._history.times_any_published()
        if newest == self._noticed:
            return
        for language, edition in self._editions.items():
            notices = self._read_notices(language, names)
            self._editions[language] = edition._replace(reported_changes=notices)
            self._feeds[language] = self._feeds[language]._replace(notices=notices)
        self._noticed = newest
        self.revision += 1


def _loaded(timeline: Timeline) -> tuple[str, ...]:
    """The agreements by which everything that was kept is chosen."""
    return tuple(sorted(agreement.id for agreement in timeline.agreements))


def _last_change(state: FeedState, feed: _Feed | None, loaded: tuple[str, ...]) -> datetime | None:
    """When the feed of those agreements changed last: it never goes back.

    None: nobody can know, since it was another set of agreements that was served meanwhile.
    """
    ours = feed.state.modified if feed is not None and feed.agreements == loaded else None
    if ours is None and state.modified != state.written:
        return None
    return max(filter(None, (ours, state.modified)), default=None)
