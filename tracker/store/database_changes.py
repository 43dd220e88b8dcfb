"""Whether anything was written in a database since it was looked at, whoever wrote it."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Any, LiteralString

from tracker.store.database import Database, LedgerError

if TYPE_CHECKING:
    from psycopg import AsyncConnection

#: Seconds that a server has to answer in.
_PATIENCE = 5.0


class DatabaseChanges:
    """Asked as often as one likes. Of SQLite it is one number, had for some 5 µs (data_version).

    A server has no such number: whoever has to know there asks for what it is about.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: sqlite3.Connection | None = None
        self._version: int | None = None
        self._lock = Lock()

    def look(self) -> bool:
        """Whether it may hold something new since the last look. Raises LedgerError."""
        if self._database.file is None:
            return True
        self._database.check_file()
        with self._lock:
            before, self._version = self._version, None
            self._version = self._read_version()
            return self._version != before

    def forget(self) -> None:
        """What is new could not be read: it is at the next look."""
        self._version = None

    def close(self) -> None:
        with self._lock, suppress(sqlite3.Error):
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def _read_version(self) -> int:
        try:
            if self._connection is None:
                # Not one of the pool's: it says when others have written, those among them.
                self._connection = self._database.connect_beside()
            (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        except sqlite3.Error as error:
            self._connection = None
            raise self._database.error(error) from None
        return int(version)


class ServerQuestion:
    """A row that a server is asked for again and again, in the loop of those who wait for it.

    An answer is for all who came before it was asked for, so many who ask cost as much as one.
    """

    def __init__(self, conninfo: str, query: LiteralString) -> None:
        self._conninfo = conninfo
        self._query = query
        self._connection: AsyncConnection | None = None
        self._running: asyncio.Future[Any] | None = None
        self._next: asyncio.Future[Any] | None = None

    async def ask(self) -> Any:
        """The row, as it was at some instant after this call. Raises LedgerError."""
        if self._next is None:
            self._next = asyncio.ensure_future(self._ask_after(self._running))
        return await asyncio.shield(self._next)

    async def _ask_after(self, running: asyncio.Future[Any] | None) -> Any:
        import psycopg

        if running is not None:
            await asyncio.wait([running])
        self._running, self._next = self._next, None
        was_connected = self._connection is not None
        try:
            async with asyncio.timeout(_PATIENCE):
                try:
                    return await self._fetch()
                except psycopg.OperationalError:
                    self.close()
                    if not was_connected:
                        raise
                    return await self._fetch()  # anew: a server that was restarted has cut it
        except (OSError, psycopg.Error, TimeoutError) as error:
            self.close()
            raise LedgerError("http.links") from error

    def close(self) -> None:
        """Closes its connection; another question opens one again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.pgconn.finish()  # its loop may have ended

    async def _fetch(self) -> Any:
        import psycopg

        if self._connection is None:
            connect = psycopg.AsyncConnection.connect
            self._connection = await connect(self._conninfo, autocommit=True)
        cursor = await self._connection.execute(self._query)
        return await cursor.fetchone()
