"""The ledger: what was said, to whom and when. A unique key decides; planning twice is harmless."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, delete, event, insert, make_url, select, update
from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError

from tracker.reminders.plan import AlertKey, PointKey
from tracker.store.schema import ENTRY, KEY, VERSION, alert, entry, metadata, said, version


class LedgerError(Exception):
    """The database cannot be used; `name` names the sentence that says why."""

    def __init__(self, name: str, **values: object) -> None:
        super().__init__(name)
        self.name = name
        self.values = values


def _unusable(url: str, error: Exception) -> LedgerError:
    reason = str(getattr(error, "orig", None) or error)
    return LedgerError("ledger.unusable", url=_shown(url), reason=reason)


class Ledger:
    """The database of what was said."""

    def __init__(self, url: str) -> None:
        try:
            self._engine = _engine(url)
            metadata.create_all(self._engine)
            self._check_version()
        except (SQLAlchemyError, ImportError, OSError) as error:
            raise _unusable(url, error) from None
        self._url = url

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            raise _unusable(self._url, error) from None

    def close(self) -> None:
        self._engine.dispose()

    def _check_version(self) -> None:
        with self._engine.begin() as connection:
            found = connection.scalar(select(version.c.version))
            if found is None:
                connection.execute(insert(version).values(version=VERSION))
            elif found > VERSION:
                raise LedgerError("ledger.newer", found=found, known=VERSION)
            elif found < VERSION:  # a table more, which is there by now
                connection.execute(update(version).values(version=VERSION))

    # -- what is known

    def note(self, points: Iterable[tuple[PointKey, str]], now: datetime) -> None:
        """Notes the day that each point counts to; a day that is new is known from now on."""
        with self._engine.begin() as connection:
            rows = connection.execute(select(said)).mappings()
            known = {_point_key(row): row["counts_to"] for row in rows}
            for key, counts_to in dict(points).items():
                where = [said.c[name] == value for name, value in key._asdict().items()]
                if key not in known:
                    values = {**key._asdict(), "counts_to": counts_to, "since": now, "first": now}
                    connection.execute(insert(said).values(values))
                elif known[key] != counts_to:
                    change = update(said).where(*where).values(counts_to=counts_to, since=now)
                    connection.execute(change)

    def known_since(self) -> dict[PointKey, datetime]:
        """Since when each audience knows the present day of each point."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(said)).mappings()
            return {_point_key(row): _utc(row["since"]) for row in rows}

    # -- what feeds said

    def entries(self, feed: str) -> list[dict[str, Any]]:
        """What that feed said when it was made last, an entry a row.

        Raises LedgerError where the database cannot be read.
        """
        columns = [entry.c[name] for name in ENTRY]
        with self._usable(), self._engine.connect() as connection:
            rows = connection.execute(select(*columns).where(entry.c.feed == feed)).mappings()
            return [{**row, "modified": _utc(row["modified"])} for row in rows]

    def keep(self, feed: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Remembers those entries of a feed as they are now, in one transaction.

        Raises LedgerError where the database cannot be written; nothing is changed then.
        """
        with self._usable(), self._engine.begin() as connection:
            for row in rows:
                same = (entry.c.feed == feed, entry.c.uid == row["uid"])
                connection.execute(delete(entry).where(*same))
                connection.execute(insert(entry).values(feed=feed, **row))

    # -- what was done

    def done(self) -> set[AlertKey]:
        """The keys of all alerts that were sent."""
        return self._keys("sent")

    def interrupted(self) -> set[AlertKey]:
        """The keys of alerts that were written and, as far as is known, not sent."""
        return self._keys("sending")

    def _keys(self, status: str) -> set[AlertKey]:
        columns = [alert.c[name] for name in KEY]
        with self._engine.connect() as connection:
            rows = connection.execute(select(*columns).where(alert.c.status == status))
            return {AlertKey(*row) for row in rows}

    def claim(self, key: AlertKey, due: datetime, now: datetime) -> bool:
        """Writes an alert down before it is sent; False where it was written before."""
        values = {**key._asdict(), "status": "sending", "due": due, "written_at": now}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(alert).values(values))
        except IntegrityError:
            return False
        return True

    def mark_sent(self, keys: Iterable[AlertKey], due: datetime, now: datetime) -> None:
        """Marks alerts as sent; those that another message stood for are written with it."""
        with self._engine.begin() as connection:
            for key in keys:
                where = [alert.c[name] == value for name, value in key._asdict().items()]
                values: dict[str, Any] = {"status": "sent", "sent_at": now}
                if not connection.execute(update(alert).where(*where).values(values)).rowcount:
                    row = {**key._asdict(), **values, "due": due, "written_at": now}
                    connection.execute(insert(alert).values(row))


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    engine = create_engine(parsed)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            _private(Path(parsed.database))
        event.listen(engine, "connect", _configure)
    return engine


def _private(file: Path) -> None:
    """The database is its owner's alone (0600), and so is a folder made for it."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))


def _configure(connection: Any, _record: object) -> None:
    """WAL, and NORMAL: a row lost to a power cut is planned again, a broken file would not be."""
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}")


def _point_key(row: Any) -> PointKey:
    return PointKey(row["audience"], row["event"], row["point"], row["occurrence"])


def _utc(instant: datetime) -> datetime:
    """SQLite gives instants back without their zone; they are written in UTC."""
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _shown(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return url
