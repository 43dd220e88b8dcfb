"""The database itself: how it is opened, which version of the schema it has, who may read it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, make_url, select, update
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from tracker.store.schema import VERSION, metadata, version


class LedgerError(Exception):
    """The database cannot be used; `name` names the sentence that says why."""

    def __init__(self, name: str, **values: object) -> None:
        super().__init__(name)
        self.name = name
        self.values = values


def _unusable(url: str, error: Exception) -> LedgerError:
    reason = str(getattr(error, "orig", None) or error)
    return LedgerError("ledger.unusable", url=_shown(url), reason=reason)


class Database:
    """One database, opened; its tables are there."""

    def __init__(self, url: str) -> None:
        """Raises LedgerError where it cannot be used, or is a newer tracker's."""
        try:
            self.engine = _engine(url)
            metadata.create_all(self.engine)
            self._check_version()
        except (SQLAlchemyError, ImportError, OSError) as error:
            raise _unusable(url, error) from None
        self._url = url

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All or nothing; raises LedgerError where the database cannot be read or written."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise _unusable(self._url, error) from None

    def close(self) -> None:
        self.engine.dispose()

    def _check_version(self) -> None:
        with self.engine.begin() as connection:
            found = connection.scalar(select(version.c.version))
            if found is None:
                connection.execute(insert(version).values(version=VERSION))
            elif found > VERSION:
                raise LedgerError("ledger.newer", found=found, known=VERSION)
            elif found < VERSION:  # a table more, which is there by now
                connection.execute(update(version).values(version=VERSION))


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


def utc(instant: datetime) -> datetime:
    """SQLite gives instants back without their zone; they are written in UTC."""
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _shown(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return url
