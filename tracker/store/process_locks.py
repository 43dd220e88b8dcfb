"""Which processes are alive: each holds a lock with its name, which is freed when it ends.

Where the ledger is a file, the lock is one beside it, since only processes of one machine share
that. On a PostgreSQL server it is an advisory lock of the process's session.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, func, select, text

from tracker.store.database import Database, LedgerError
from tracker.store.open_file import is_held, locks_of

#: Seconds after which every process has taken its lock anew that a server has freed: each does with
#: every look at what is due, which are half a minute apart at most.
_GRACE = 60.0


def is_in_use(database: Database) -> bool:
    """Whether a process that sends, or is about to, has that database open. Raises LedgerError."""
    if database.conninfo is not None:
        count_locks = text(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON oid = database"
            " WHERE locktype = 'advisory' AND datname = current_database()"
        )
        with database.transaction() as connection:
            return bool(connection.scalar(count_locks))
    file = database.file
    if file is None:
        return False
    return is_held(file)


class ProcessLock:
    """One process's own lock; it is held until close()."""

    def __init__(self, database: Database, name: str, connection: Connection) -> None:
        self._database = database
        self._connection = connection  #: whose session holds the lock, on a server
        self._name = name
        self._lock = self._file_lock(name)
        self._session = 0  #: the server's session that holds the lock
        self._freed_at: float | None = None  #: when the server was seen to have freed it
        if self._lock is not None:
            self._lock.acquire()
        self.renew()

    def renew(self) -> None:
        """Takes the lock anew where the server has freed it, having been restarted.

        Raises LedgerError where the connection was cut; the next call has another one.
        """
        if not self._is_on_a_server:
            return
        with self._database.transaction_on(self._connection) as connection:
            session = connection.scalar(select(func.pg_backend_pid()))
        if session != self._session:
            if self._session:  # and those of all the others
                self._freed_at = time.monotonic()
            self._call("pg_advisory_lock", self._name)
            self._session = session or 0

    def close(self) -> None:
        """This process has nothing under way any more."""
        if self._lock is not None:
            self._lock.release()
            Path(self._lock.lock_file).unlink(missing_ok=True)
        else:
            with suppress(LedgerError):  # a server that is gone has freed it
                self._call("pg_advisory_unlock", self._name)

    @contextmanager
    def lock_if_gone(self, name: str) -> Iterator[bool]:
        """Whether the process of that name is gone; if so, its lock is held meanwhile.

        Once a server has freed all locks, nobody counts as gone for a while.
        """
        lock = self._file_lock(name) if name else None
        if lock is None:
            if self._freed_at is not None and time.monotonic() - self._freed_at < _GRACE:
                yield False
                return
            is_gone = not name or self._call("pg_try_advisory_lock", name)
            try:
                yield is_gone
            finally:
                if is_gone and name:
                    self._call("pg_advisory_unlock", name)
            return
        try:
            lock.acquire(blocking=False)
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()
            with suppress(OSError):
                Path(lock.lock_file).unlink(missing_ok=True)

    def _file_lock(self, name: str) -> FileLock | None:
        file = self._database.file
        if file is None:
            return None
        folder = locks_of(file)
        folder.mkdir(mode=0o700, exist_ok=True)
        return FileLock(folder / Path(name).name, mode=0o600, thread_local=False)

    @property
    def _is_on_a_server(self) -> bool:
        return self._database.engine.dialect.name == "postgresql"

    def _call(self, function: str, name: str) -> bool:
        """Calls a lock function of the server; False: it says no."""
        if not self._is_on_a_server:
            return False  # in memory: nobody else can see it
        with self._database.transaction_on(self._connection) as connection:
            call = getattr(func, function)(func.hashtext(name))
            return connection.scalar(select(call)) is not False
