"""Whether a database can be written: by writing, and taking it back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, insert

from tracker.store.database import Database, ledger_error, ledger_file
from tracker.store.schema import secret

#: Bytes that are written, more than lie about unused in a file or in memory.
_SIZE = 256 * 1024


def check_writing(database: Database) -> None:
    """Writes as much as some hundred alerts need, and leaves nothing. Raises LedgerError.

    A database that can be opened, and even one that can be locked, says nothing of a full disk, of
    a quota that is used up, or of a server that only copies another one.
    """
    with database.transaction() as connection, _written_through(connection):
        row = {"name": f"check-{uuid4()}", "value": os.urandom(_SIZE)}
        connection.execute(insert(secret).values(row))
        connection.rollback()
    if database.file is not None:
        try:
            _write_beside(database.file)
        except OSError as error:
            raise database.error(error) from None


def check_place(url: str) -> None:
    """Whether a database could be begun where there is none; leaves nothing. Raises LedgerError."""
    file = ledger_file(url)
    if file is None:
        return
    folder = next(folder for folder in file.absolute().parents if folder.exists())
    try:
        _write_beside(folder / file.name)
    except OSError as error:
        raise ledger_error(url, error) from None


@contextmanager
def _written_through(connection: Connection) -> Iterator[None]:
    """Has SQLite write pages as they come: else what is taken back has stayed in memory."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name != "sqlite":
        yield
        return
    usual = driver.execute("PRAGMA cache_size").fetchone()[0]
    driver.execute("PRAGMA cache_size=2")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA cache_size={usual}")


def _write_beside(file: Path) -> None:
    """Writes a file of its own in the same folder, where SQLite has two beside its own."""
    beside = file.with_name(f".{file.name}.check-{uuid4()}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with closing(os.fdopen(descriptor, "wb")) as written:
            written.write(bytes(_SIZE))
            written.flush()
            os.fsync(descriptor)
    finally:
        with suppress(OSError):
            beside.unlink()
