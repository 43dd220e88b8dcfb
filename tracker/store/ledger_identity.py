"""Whether the database still holds the ledger that was opened, and not another one in its place.

That its file is the same is looked at before each transaction (open_file.py). What it holds may be
another all the same: a copy that was written over it, or a server's database that was made anew.
"""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import closing

from sqlalchemy import inspect, select

from tracker.store.database import Database, LedgerError, without_password
from tracker.store.open_file import Stamp, stamp_of
from tracker.store.schema import LEDGER_ROW, secret
from tracker.store.upsert import insert_one

_QUERY = select(secret.c.value).where(secret.c.name == LEDGER_ROW)


class LedgerIdentity:
    """Knows the ledger again by a row that it is given once: a backup of it has the same."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._identity: bytes | None = None  #: None: it was not looked at yet
        self._stamp: Stamp | None = None  #: of the file, when it was looked at last

    def check(self) -> None:
        """Raises LedgerError where it is gone, or another one: nobody uses it then.

        Of a file nothing is read while it has not changed.
        """
        database = self._database
        database.check_file()
        stamp = None if database.file is None else stamp_of(database.file)
        if stamp is not None and stamp == self._stamp:
            return
        identity = self._read()
        if self._identity is None:
            self._identity = identity or self._make()
        elif identity != self._identity:
            error = LedgerError("ledger.other", url=without_password(database.url))
            database.refuse(error)
            raise error
        self._stamp = stamp
        database.refuse(None)

    def _read(self) -> bytes | None:
        database = self._database
        if database.file is None:
            with database.transaction(checked=False) as connection:
                there = inspect(connection).has_table(secret.name)
                return connection.scalar(_QUERY) if there else None
        try:  # not by a connection that keeps what it has read
            with closing(database.connect_beside()) as fresh:
                query = "SELECT value FROM secret WHERE name = ?"
                row = fresh.execute(query, (LEDGER_ROW,)).fetchone()
        except sqlite3.Error as error:
            if "no such table" in str(error):
                return None
            raise database.error(error) from None
        return None if row is None else bytes(row[0])

    def _make(self) -> bytes | None:
        row = {"name": LEDGER_ROW, "value": secrets.token_bytes(16)}
        with self._database.transaction() as connection:
            insert_one(connection, secret, row, ("name",))  # another process may be faster
            return connection.scalar(_QUERY)
