"""What feeds held last: their entries, notices of changes, and the files they were made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from tracker.store.agreement_sets import is_event_of, joined_ids, split_ids
from tracker.store.database import Database, notify_others, utc
from tracker.store.published_sets import PUBLICATIONS, PublishedFiles, PublishedSet, published_files
from tracker.store.schema import (
    ENTRY_COLUMNS,
    agreement_set,
    edition,
    entry,
    feed,
    notice,
    published,
)
from tracker.store.told_recipients import (
    NOBODY,
    Telling,
    ToldState,
    is_told,
    keep_told,
    note_told,
    told_states,
)
from tracker.store.upsert import insert_new, insert_one, upsert

#: So many notices are kept of each feed; a reader that comes by more rarely misses some.
NOTICES_KEPT = 500


class RevisionConflict(Exception):
    """Another process wrote this feed meanwhile: read it again."""


class FeedState(NamedTuple):
    """A feed as it was written last."""

    revision: int  #: 0: never
    modified: datetime | None  #: when it changed for those that have just these agreements
    written: datetime | None = None  #: by whoever has any of them: never before `modified`


#: A notice: its id, since when it is so, what it says, and the agreement of which it tells.
WrittenNotice: TypeAlias = tuple[str, datetime, bytes, str]
#: The event of a notice, as its XML has it.
_EVENT = re.compile(rb'scheme="urn:tracker:event" term="([^"/]+)/')
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
#: The longest list of ids that is its own name.
_LONGEST = 500


class LastPublication(NamedTuple):
    """The files of some agreements as they were published last."""

    agreements: str  #: as the database names them together
    revision: int  #: 0: never published
    files: PublishedFiles | None
    ids: str = ""  #: of those agreements, with commas
    total: int = 0  #: how often anything was published, of whichever agreements
    is_newest: bool = False  #: whether none of them was published in another set since
    is_told: bool = False  #: whether those recipients were told of it


class FeedHistory:
    """The part of the database that remembers feeds. All of it raises LedgerError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def feed_state(self, name: str, agreements: Collection[str]) -> FeedState:
        """The revision of that feed, and when it changed last."""
        own = _feed_of_set(name, agreements)
        query = select(feed).where(feed.c.name.in_((name, own)))
        with self._database.transaction() as connection:
            rows = {row.name: row for row in connection.execute(query)}
        if name not in rows:
            return FeedState(0, None)
        written = utc(rows[name].modified)
        modified = utc(rows[own].modified) if own in rows else None
        return FeedState(rows[name].revision, modified, written)

    def entries(self, name: str, agreements: Collection[str]) -> list[dict[str, Any]]:
        """The entries of that feed of those agreements, as they were written last, each a row."""
        columns = [entry.c[column] for column in ENTRY_COLUMNS]
        with self._database.transaction() as connection:
            ours = (entry.c.feed == name, is_event_of(connection, entry.c.event, agreements))
            rows = connection.execute(select(*columns).where(*ours)).mappings()
            return [{**row, "modified": utc(row["modified"])} for row in rows]

    def write_entries(
        self,
        name: str,
        agreements: Collection[str],
        revision: int,
        modified: datetime,
        rows: Sequence[Mapping[str, Any]],
        *,
        gone: Iterable[str] = (),
    ) -> None:
        """Writes those entries of a feed as they are now, and forgets the UIDs that are gone.

        `agreements` are all those that are in the feed, and have changed then.

        Raises RevisionConflict where its revision is another one by now; nothing is changed then.
        """
        with self._database.transaction() as connection:
            _raise_revision(connection, name, revision, modified)
            own = {"name": _feed_of_set(name, agreements), "revision": 1, "modified": modified}
            upsert(connection, feed, [own], ("name",))
            old = [{"of": name, "old": uid} for uid in (*(row["uid"] for row in rows), *gone)]
            if old:
                same_entry = (entry.c.feed == bindparam("of"), entry.c.uid == bindparam("old"))
                connection.execute(delete(entry).where(*same_entry), old)
            if rows:
                connection.execute(insert(entry), [{"feed": name, **row} for row in rows])

    def notices(self, name: str, agreements: Collection[str]) -> list[bytes]:
        """The notices of that feed of changes that tell of those agreements, the oldest first."""
        unnamed = notice.c.agreement == ""
        ours = (notice.c.feed == name, or_(notice.c.agreement.in_(agreements), unnamed))
        query = select(notice.c.agreement, notice.c.content).where(*ours)
        with self._database.transaction() as connection:
            rows = connection.execute(query.order_by(notice.c.number.desc()).limit(NOTICES_KEPT))
            contents = [
                row.content
                for row in rows
                if row.agreement or _agreement_in(row.content) in agreements
            ]
        return contents[::-1]

    def last_publication(
        self, agreements: Collection[str], recipients: Collection[str] = ()
    ) -> LastPublication:
        """The files of those agreements as they were published last, and whether it is known to
        those recipients.

        Where they never were published together: those of the set that shares most with them.
        """
        name = _set_name(agreements)
        with self._database.transaction() as connection:
            nearest = _nearest_set(connection, name, agreements)
            files = published_files(connection, [nearest]).get(nearest)
            same_feed = feed.c.name == PUBLICATIONS + name
            revision = connection.scalar(select(feed.c.revision).where(same_feed)) or 0
            any_feed = feed.c.name == PUBLICATIONS
            total = connection.scalar(select(feed.c.revision).where(any_feed)) or 0
            sets = [stored for stored, _at in _last_sets(connection, {name}, agreements)]
            told = is_told(connection, recipients, name, revision)
        return LastPublication(
            name, revision, files, joined_ids(agreements), total, sets == [name], told
        )

    def publications(self, agreements: Collection[str]) -> list[PublishedSet]:
        """In what sets those agreements were published last, the newest first.

        Those agreements alone are there, if they ever were published together; so is each set that
        has the last edition of one of them since.
        """
        with self._database.transaction() as connection:
            chosen = dict(_last_sets(connection, {_set_name(agreements)}, agreements))
            files = published_files(connection, chosen)
            counted = feed.c.name.in_([PUBLICATIONS + stored for stored in chosen])
            rows = connection.execute(select(feed.c.name, feed.c.revision).where(counted))
            revisions = {row.name: row.revision for row in rows}
        return [
            PublishedSet(files[stored], stored, revisions.get(PUBLICATIONS + stored, 0), at)
            for stored, at in chosen.items()
        ]

    def told_states(
        self, recipients: Collection[str], agreements: Collection[str]
    ) -> list[ToldState]:
        """What those recipients were told of last, of those agreements."""
        with self._database.transaction() as connection:
            return told_states(connection, recipients, agreements)

    def times_any_published(self) -> int:
        """How often anything was published, of whichever agreements."""
        with self._database.transaction() as connection:
            total = select(feed.c.revision).where(feed.c.name == PUBLICATIONS)
            return connection.scalar(total) or 0

    def times_published(self, agreements: Collection[str]) -> int:
        """How often the files of those agreements were published together."""
        name = PUBLICATIONS + _set_name(agreements)
        with self._database.transaction() as connection:
            return connection.scalar(select(feed.c.revision).where(feed.c.name == name)) or 0

    def publication_time(self, agreements: str, contents: Iterable[bytes]) -> datetime | None:
        """When those files of those agreements were published last; None: never."""
        same = (edition.c.agreements == agreements, edition.c.digest == fingerprint_of(contents))
        with self._database.transaction() as connection:
            at = connection.scalar(select(edition.c.at).where(*same))
        return None if at is None else utc(at)

    def publish(
        self,
        before: LastPublication,
        files: PublishedFiles,
        notices: Mapping[str, Sequence[WrittenNotice]],
        now: datetime,
        write_more: Callable[[Connection], None],
        *,
        telling: Telling = NOBODY,
    ) -> None:
        """Writes down the files, each feed's notices of changes, and more in the same transaction.

        Where those files were the last, it is only told to others. Raises RevisionConflict where
        another process has published meanwhile; nothing is changed.
        """
        with self._database.transaction() as connection:
            at = _next_instant(connection, now)
            _raise_revision(connection, PUBLICATIONS, before.total, at)
            name, revision = before.agreements, before.revision
            if before.files == files and before.is_newest:
                note_told(connection, telling, name, revision, at)
            else:
                note_told(connection, telling, name, revision + 1, at)
                keep_told(connection, name, revision)
                _raise_revision(connection, PUBLICATIONS + name, revision, at)
                _write_files(connection, before, files, now)
            write_more(connection)
            for name, of_feed in notices.items():
                _write_notices(connection, name, of_feed)
            notify_others(connection)


def _next_instant(connection: Connection, now: datetime) -> datetime:
    """Now, and later than whatever was published before: a clock may have run ahead."""
    published_before = feed.c.name.startswith(PUBLICATIONS)
    last = connection.scalar(select(func.max(feed.c.modified)).where(published_before))
    return now if last is None else max(now, utc(last) + timedelta(microseconds=1))


def _write_files(
    connection: Connection, before: LastPublication, files: PublishedFiles, now: datetime
) -> None:
    """Writes down the files of a set of agreements in place of those before."""
    as_of, contents = files
    if before.agreements != before.ids:
        row = {"agreements": before.agreements, "ids": before.ids}
        insert_new(connection, agreement_set, [row], ("agreements",))
    upsert(
        connection,
        edition,
        [{"agreements": before.agreements, "digest": fingerprint_of(contents), "at": now}],
        ("agreements", "digest"),
    )
    connection.execute(delete(published).where(published.c.agreements == before.agreements))
    rows = [
        {"agreements": before.agreements, "as_of": as_of, "number": at, "content": content}
        for at, content in enumerate(contents)
    ]
    connection.execute(insert(published), rows)


def _nearest_set(connection: Connection, name: str, agreements: Collection[str]) -> str:
    """The name of that set of agreements, or of the published one that shares most with it."""
    names = connection.scalars(select(published.c.agreements).distinct()).all()
    if name in names:
        return name
    ids = {row.agreements: row.ids for row in connection.execute(select(agreement_set))}
    shared = {
        stored: len({*ids.get(stored, stored).split(",")} & {*agreements})
        for stored in sorted(names)
    }
    nearest = max(shared, key=shared.__getitem__, default=name)
    return nearest if shared.get(nearest) else name


def _last_sets(
    connection: Connection, wanted: Collection[str], agreements: Collection[str]
) -> Iterator[tuple[str, datetime]]:
    """The sets that have the last edition of one of those agreements, and when it was published.

    The newest first, the wanted ones in any case.
    """
    ids = {row.agreements: row.ids for row in connection.execute(select(agreement_set))}
    at = _set_times(connection)
    newest_first = sorted(
        at, key=lambda stored: (at[stored], stored in wanted, stored), reverse=True
    )
    left = {*agreements}
    for stored in newest_first:
        of_set = split_ids(ids.get(stored, stored))
        if stored in wanted or left & of_set:
            yield stored, at[stored]
            left -= of_set


def _set_times(connection: Connection) -> dict[str, datetime]:
    """When each set of agreements was published last."""
    names = connection.scalars(select(published.c.agreements).distinct()).all()
    feeds = select(feed.c.name, feed.c.modified)
    of_sets = feeds.where(feed.c.name.in_([PUBLICATIONS + stored for stored in names]))
    at = {row.name: utc(row.modified) for row in connection.execute(of_sets)}
    return {stored: at.get(PUBLICATIONS + stored, _LONG_AGO) for stored in names}


def _write_notices(connection: Connection, name: str, notices: Sequence[WrittenNotice]) -> None:
    """Writes notices of a feed, each with its id, in place of earlier ones with the same id."""
    for identity, updated, content, agreement in notices:
        same = (notice.c.feed == name, notice.c.id == identity)
        connection.execute(delete(notice).where(*same))
        row = {"feed": name, "id": identity, "updated": updated, "content": content}
        row["agreement"] = agreement
        connection.execute(insert(notice).values(row))


def _raise_revision(connection: Connection, name: str, revision: int, modified: datetime) -> None:
    """Counts one more write of a feed; raises RevisionConflict where it is not at that revision."""
    if revision:
        same = (feed.c.name == name, feed.c.revision == revision)
        values = {"revision": revision + 1, "modified": modified}
        if not connection.execute(update(feed).where(*same).values(values)).rowcount:
            raise RevisionConflict
    else:
        row = {"name": name, "revision": 1, "modified": modified}
        if not insert_one(connection, feed, row, ("name",)):
            raise RevisionConflict


def fingerprint_of(contents: Iterable[bytes], before: bytes = b"") -> str:
    """What tells one edition of the files from another; `before` counts as if it stood first."""
    digest = sha256(before)
    for content in contents:
        digest.update(b"%d:" % len(content))
        digest.update(content)
    return digest.hexdigest()


def _agreement_in(content: bytes) -> str:
    """The agreement of which a notice tells that an earlier version has written."""
    match = _EVENT.search(content)
    return "" if match is None else match[1].decode()


def _feed_of_set(name: str, agreements: Iterable[str]) -> str:
    """Under which name the database has that feed of just these agreements."""
    return f"{name}/{_set_name(agreements)}"


def _set_name(agreements: Iterable[str]) -> str:
    """The name of a set of agreements; a key of PostgreSQL has at most 2,704 bytes."""
    ids = joined_ids(agreements)
    return ids if len(ids) <= _LONGEST else f"sha256:{sha256(ids.encode()).hexdigest()}"
