"""What feeds said: their entries, what they told of changes, and the files as last published."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from tracker.store.database import Database, notify_others, utc
from tracker.store.schema import ENTRY, agreement_set, edition, entry, feed, notice, published
from tracker.store.upsert import insert_new, insert_one, upsert

#: Notices are kept for so long; a reader that comes by more rarely has missed some.
NOTICES_KEPT = 500


class RevisionConflict(Exception):
    """Somebody else wrote this feed meanwhile: read it again."""


class FeedState(NamedTuple):
    """A feed as it was written last."""

    revision: int  #: 0: never
    modified: datetime | None


#: Events files as they were published, and as of which day.
PublishedFiles: TypeAlias = tuple[date, list[bytes]]
_PUBLISHED = "published/"
_LONGEST = 500


class LastPublication(NamedTuple):
    """What was published last."""

    agreements: str  #: whose files they are, as the database names them
    revision: int  #: 0: nothing ever
    files: PublishedFiles | None
    ids: str = ""  #: of those agreements, with commas


class FeedHistory:
    """The part of the database that remembers feeds. All of it raises LedgerError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def feed_state(self, name: str) -> FeedState:
        """How often that feed was written, and when it changed last."""
        with self._database.transaction() as connection:
            row = connection.execute(select(feed).where(feed.c.name == name)).mappings().first()
        return FeedState(row["revision"], utc(row["modified"])) if row else FeedState(0, None)

    def entries(self, name: str) -> list[dict[str, Any]]:
        """What that feed said when it was made last, an entry a row."""
        columns = [entry.c[one] for one in ENTRY]
        with self._database.transaction() as connection:
            rows = connection.execute(select(*columns).where(entry.c.feed == name)).mappings()
            return [{**row, "modified": utc(row["modified"])} for row in rows]

    def write_entries(
        self,
        name: str,
        revision: int,
        modified: datetime,
        rows: Sequence[Mapping[str, Any]],
        gone: Iterable[str] = (),
    ) -> None:
        """Writes those entries of a feed as they are now, and forgets those UIDs that are gone.

        Raises RevisionConflict where its revision is no longer that one; nothing is changed then.
        """
        with self._database.transaction() as connection:
            _raise_revision(connection, name, revision, modified)
            old = [{"of": name, "old": uid} for uid in (*(row["uid"] for row in rows), *gone)]
            if old:
                same_entry = (entry.c.feed == bindparam("of"), entry.c.uid == bindparam("old"))
                connection.execute(delete(entry).where(*same_entry), old)
            if rows:
                connection.execute(insert(entry), [{"feed": name, **row} for row in rows])

    def notices(self, name: str) -> list[bytes]:
        """What that feed has told, the oldest first."""
        newest = notice.c.number.desc()
        wanted = select(notice.c.content).where(notice.c.feed == name)
        with self._database.transaction() as connection:
            rows = connection.scalars(wanted.order_by(newest).limit(NOTICES_KEPT)).all()
        return list(reversed(rows))

    def last_publication(self, agreements: Collection[str]) -> LastPublication:
        """The files of those agreements as they were published last, and how often before.

        Where these agreements never were together, those that share most with them.
        """
        mine = _names(agreements)
        with self._database.transaction() as connection:
            sets = connection.scalars(select(published.c.agreements).distinct()).all()
            long = {row.agreements: row.ids for row in connection.execute(select(agreement_set))}
            ids = {one: long.get(one, one).split(",") for one in sets}
            shared = {one: len({*ids[one]} & {*agreements}) for one in sets}
            best = (
                mine if mine in shared else max(sorted(shared), key=shared.__getitem__, default="")
            )
            where = published.c.agreements == (best if shared.get(best) else mine)
            rows = connection.execute(select(published).where(where).order_by(published.c.number))
            found = rows.all()
            name = feed.c.name == _PUBLISHED + mine
            revision = connection.scalar(select(feed.c.revision).where(name))
        files = (found[0].as_of, [row.content for row in found]) if found else None
        return LastPublication(mine, revision or 0, files, _joined(agreements))

    def times_published(self, agreements: Collection[str]) -> int:
        """How often the files of those agreements were published together."""
        wanted = select(feed.c.revision).where(feed.c.name == _PUBLISHED + _names(agreements))
        with self._database.transaction() as connection:
            return connection.scalar(wanted) or 0

    def published_at(self, agreements: str, contents: Iterable[bytes]) -> datetime | None:
        """When those files of those agreements were published last; None: never."""
        same = (edition.c.agreements == agreements, edition.c.digest == fingerprint_of(contents))
        with self._database.transaction() as connection:
            at = connection.scalar(select(edition.c.at).where(*same))
        return None if at is None else utc(at)

    def publish(
        self,
        before: LastPublication,
        files: PublishedFiles,
        told: Mapping[str, Sequence[tuple[str, datetime, bytes]]],
        now: datetime,
        beside: Callable[[Connection], None],
    ) -> None:
        """Writes down what is published now, what each feed tells of it, and what is `beside`.

        Raises RevisionConflict where another process has published meanwhile; nothing is changed.
        """
        as_of, contents = files
        with self._database.transaction() as connection:
            mine = {"agreements": before.agreements, "as_of": as_of}
            _raise_revision(connection, _PUBLISHED + before.agreements, before.revision, now)
            beside(connection)
            if before.agreements != before.ids:
                names = {"agreements": before.agreements, "ids": before.ids}
                insert_new(connection, agreement_set, [names], ("agreements",))
            upsert(
                connection,
                edition,
                [{"agreements": before.agreements, "digest": fingerprint_of(contents), "at": now}],
                ("agreements", "digest"),
            )
            connection.execute(delete(published).where(published.c.agreements == before.agreements))
            rows = [{**mine, "number": at, "content": one} for at, one in enumerate(contents)]
            connection.execute(insert(published), rows)
            for name, notices in told.items():
                for identity, updated, content in notices:
                    same = (notice.c.feed == name, notice.c.id == identity)
                    connection.execute(delete(notice).where(*same))
                    row = {"feed": name, "id": identity, "updated": updated, "content": content}
                    connection.execute(insert(notice).values(row))
            notify_others(connection)


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
    """What tells one edition of the files, after what stands before them, from another."""
    digest = sha256(before)
    for content in contents:
        digest.update(b"%d:" % len(content))
        digest.update(content)
    return digest.hexdigest()


def _names(agreements: Iterable[str]) -> str:
    """What a set of agreements goes by; a key of PostgreSQL has at most 2,704 bytes."""
    ids = _joined(agreements)
    return ids if len(ids) <= _LONGEST else f"sha256:{sha256(ids.encode()).hexdigest()}"


def _joined(agreements: Iterable[str]) -> str:
    return ",".join(sorted(agreements))
