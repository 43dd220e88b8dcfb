"""The database itself: how it is opened and brought to this version, transactions, addresses."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from glob import escape
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    create_engine,
    event,
    func,
    insert,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy import update as sql_update
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from tracker.failures.extras import MissingLibrariesError, is_installed
from tracker.failures.secrets import hider, looks_like_token, secrets_of_address
from tracker.i18n.reasons import Reason
from tracker.store.database_reasons import reason_of_database, reason_of_place
from tracker.store.open_file import OpenFile, aside, lost_part
from tracker.store.schema import VERSION, metadata, version


class LedgerError(Exception):
    """The database cannot be used; `name` names the sentence that says why."""

    def __init__(self, name: str, **values: object) -> None:
        super().__init__(name)
        self.name = name
        self.values = values

    @property
    def reason(self) -> Reason:
        """What is wrong with it, for a sentence that says what comes of that."""
        reason = self.values.get("reason")
        if isinstance(reason, Reason):
            return reason
        return Reason(
            self.name, values=tuple((key, str(value)) for key, value in self.values.items())
        )


#: What is told by a sentence of its own, by the case of its reason.
_REFUSALS = {"db-rights": "ledger.rights", "not-installed": "ledger.not-installed"}


def ledger_error(url: str, error: Exception) -> LedgerError:
    """What a driver raised, in words, and without the place in the statement that failed."""
    reason = reason_of_database(error)
    if (file := ledger_file(url)) is not None:
        reason = reason_of_place(reason, file)
    reason = replace(reason, words=_without_secrets(url, reason.words))
    name = _REFUSALS.get(reason.case, "ledger.unusable")
    return LedgerError(name, url=without_password(url), reason=reason)


def _without_secrets(url: str, message: str) -> str:
    """An error's text without the address's passwords: libpq repeats an address it cannot read."""
    if ledger_file(url) is not None:
        return message
    with suppress(ArgumentError, ValueError):
        address = make_url(url)
        stated = [str(value) for value in address.query.values() if not _is_word(value)]
        return hider([str(address.password or ""), *stated])(message)
    return secrets_of_address(url)(message)


class Database:
    """One database, opened; its tables are there, in the newest version."""

    def __init__(self, url: str) -> None:
        """Raises LedgerError where it cannot be used, or is a newer tracker's."""
        self._is_closed = False
        try:
            was_there = has_traces(url)
            _check_whole(url)
            self.engine = _make_engine(url)
            #: Where it is, of SQLite; None: in memory, or on a server.
            self.file = ledger_file(self.engine.url)
            self.is_new = False  #: whether it was begun just now
            try:
                self._create_or_migrate()
            except BaseException:
                self.engine.dispose()
                raise
        except (SQLAlchemyError, ImportError, OSError, sqlite3.Error) as error:
            raise ledger_error(url, error) from None
        self.url = url
        #: Whether it was begun just now where there was one before, which is gone.
        self.is_begun_anew = self.is_new and was_there
        self._open_file = None if self.file is None else OpenFile(self.file)
        self._refusal: LedgerError | None = None  #: why nobody is to use it

    @property
    def conninfo(self) -> str | None:
        """How libpq reaches it, with its password; None: it is not on a PostgreSQL."""
        if self.engine.dialect.name != "postgresql":
            return None
        from psycopg.conninfo import make_conninfo

        _, arguments = self.engine.dialect.create_connect_args(self.engine.url)
        arguments.pop("context", None)  # SQLAlchemy's own
        return make_conninfo(**{**arguments, **_NETWORK})

    def check_file(self) -> None:
        """Raises LedgerError where its file is not the one that is open any more."""
        try:
            trouble = None if self._open_file is None else self._open_file.trouble()
        except OSError as error:
            raise ledger_error(self.url, error) from None
        if trouble is not None:
            raise LedgerError(trouble[0], file=str(trouble[1]))

    def refuse(self, error: LedgerError | None) -> None:
        """From now on nobody is to use it, for that reason; None: everybody may."""
        self._refusal = error

    @property
    def is_usable(self) -> bool:
        """Whether it is the one that was opened, as far as that is known."""
        try:
            self._check()
        except LedgerError:
            return False
        return True

    def _check(self) -> None:
        self.check_file()
        if self._refusal is not None:
            raise self._refusal

    @contextmanager
    def transaction(self, *, checked: bool = True) -> Iterator[Connection]:
        """All or nothing; raises LedgerError where the database cannot be read or written.

        Not `checked`: also where it may be another one than was opened.
        """
        if checked:
            self._check()
        try:
            with self.engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise ledger_error(self.url, error) from None
        finally:
            self._close_unused()

    def connect(self) -> Connection:
        """A connection for its owner to keep, and to give back with `give_back`.

        Raises LedgerError.
        """
        self._check()
        try:
            connection = self.engine.connect()
        except (SQLAlchemyError, OSError) as error:
            raise ledger_error(self.url, error) from None
        if self._open_file is not None:
            self._open_file.owners += 1
        return connection

    @contextmanager
    def transaction_on(self, connection: Connection) -> Iterator[Connection]:
        """As transaction(), on a connection that its owner keeps.

        It writes into the file that is open, wherever that is now: what was sent is marked there.
        """
        try:
            with connection.begin():
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise ledger_error(self.url, error) from None

    def connect_beside(self) -> sqlite3.Connection:
        """A connection of SQLite's own, beside the pool; for one thread at a time.

        Raises sqlite3.Error; where the file is gone, none is made.
        """
        where = f"{Path(str(self.file)).absolute().as_uri()}?mode=rw"
        return sqlite3.connect(where, uri=True, isolation_level=None, check_same_thread=False)

    def error(self, error: Exception) -> LedgerError:
        """What a driver has raised, as everybody here is told of it."""
        return ledger_error(self.url, error)

    def give_back(self, connection: Connection) -> None:
        """Its owner wants that connection no more."""
        connection.close()
        if self._open_file is not None:
            self._open_file.owners -= 1
        self._close_unused()

    def close(self) -> None:
        """Closes its connections: those that are in use as soon as they are not."""
        self._is_closed = True
        self._close_unused()

    def _close_unused(self) -> None:
        """Closes, of a database that is closed, the connections that nobody uses.

        Whoever closes says so first, and looks then; whoever gives a connection back looks
        afterwards: so one of them sees it. The pool stays the same, else they would not look at
        the same one.
        """
        if self._is_closed:
            self.engine.pool.dispose()

    def _create_or_migrate(self) -> None:
        """Makes the tables, or moves them forward; a copy of the old ones stays beside them."""
        with self.engine.connect() as connection:
            stored = _stored_version(connection)
        if stored is not None and stored > VERSION:
            raise LedgerError("ledger.newer", found=stored, known=VERSION)
        if stored == VERSION:
            return
        if stored is not None and (file := self.file) is not None:
            _back_up(file, stored)
        with self.engine.connect() as connection:
            if self.engine.dialect.name == "sqlite":
                # The driver begins no transaction before DDL; half a migration would be none.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            lock_schema(connection)
            stored = _stored_version(connection)  # another process may have been faster
            if stored is None:
                metadata.create_all(connection)
                connection.execute(insert(version).values(version=VERSION))
                self.is_new = True
            elif stored < VERSION:
                from tracker.store.migrations import migrate

                migrate(connection, stored)
                connection.execute(sql_update(version).values(version=VERSION))
            connection.commit()


#: The channel of NOTIFY on which other machines hear that there is something new to read.
CHANGED = "tracker_changed"


def notify_others(connection: Connection) -> None:
    """Tells the processes on the same server, once this transaction ends, to read again."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_notify(CHANGED, "")))


def lock_until_commit(connection: Connection, name: str) -> None:
    """On a server: others that take the lock of that name wait until this transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))


def lock_schema(connection: Connection) -> None:
    """Of several that begin at once, one makes the tables."""
    lock_until_commit(connection, "tracker schema")


def _stored_version(connection: Connection) -> int | None:
    """The version that is written in the database; None: it is new."""
    if not inspect(connection).has_table(version.name):
        return None
    return connection.scalar(select(version.c.version))


def _back_up(file: Path, stored: int) -> None:
    """A copy, by SQLite itself, so that it is whole whoever else writes; its owner's alone."""
    copy = file.with_name(f"{file.name}.version-{stored}")
    if copy.exists():
        return
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    os.close(os.open(unfinished, os.O_RDWR | os.O_CREAT, 0o600))
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(unfinished)) as target:
        source.backup(target)
    unfinished.replace(copy)


def ledger_file(url: str | URL) -> Path | None:
    """Where it is, of SQLite; None: in memory, on a server, or no address of either."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        return None
    name = address.database
    if address.drivername.partition("+")[0] != "sqlite" or not name or name == ":memory:":
        return None
    return Path(name)


#: As long as SQLite waits for a lock; a connection is not waited for longer than that either.
_PATIENCE = 5
#: A server that does not acknowledge what it is sent is given up, and a silent one is asked.
_NETWORK = {
    "connect_timeout": _PATIENCE,
    "tcp_user_timeout": 10_000,  # milliseconds
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
_SESSION = f"-c lock_timeout={_PATIENCE}s -c timezone=UTC"


def _make_engine(url: str) -> Engine:
    address = _parse_address(url)
    if address.get_backend_name() == "postgresql":
        if not is_installed("postgres"):
            raise MissingLibrariesError("postgres")
        # A server that was restarted has cut every connection: each is tried before it is used.
        return create_engine(
            address, connect_args=_NETWORK, pool_pre_ping=True, hide_parameters=True
        )
    engine = create_engine(address, hide_parameters=True)
    if (file := ledger_file(engine.url)) is not None:
        _make_private(file)
    event.listen(engine, "connect", _set_pragmas)
    return engine


#: What stands before the first colon of an address, and the database that it names.
_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql",
    "postgresql": "postgresql",
    "postgresql+psycopg": "postgresql",
}


def _parse_address(url: str) -> URL:
    """The address, with the driver that we have. Raises LedgerError for all other databases."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        address = None
    name = address and _DRIVERS.get(address.drivername)
    if address is None or name is None or "@" in (address.host or ""):
        raise LedgerError("ledger.address", url=without_password(url))
    if name == "sqlite":
        return address
    options = address.query.get("options", ())
    stated = [options] if isinstance(options, str) else list(options)
    query = {**address.query, "options": " ".join([*stated, _SESSION])}
    return address.set(drivername="postgresql+psycopg", query=query)


def _make_private(file: Path) -> None:
    """The database is its owner's alone (0600), and so is a folder made for it."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))


def _set_pragmas(connection: Any, _record: object) -> None:
    """WAL, and NORMAL: a row lost to a power cut is planned again, a broken file would not be."""
    for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def exists(url: str) -> bool:
    """Whether there is something, else one would be made. Raises LedgerError."""
    address = _parse_address(url)
    if address.get_backend_name() != "sqlite":
        return True
    return address.database is not None and Path(address.database).exists()


def _check_whole(url: str) -> None:
    file = ledger_file(url)
    part = None if file is None else lost_part(file)
    if part is not None and aside(part).exists():
        raise LedgerError("ledger.replaced", file=str(file))
    if part is not None:
        raise LedgerError("ledger.wal", file=str(part))


def has_traces(url: str) -> bool:
    """Whether one that is gone has left traces there.

    Those are of its processes, a copy, its last writes, or a link to where it was.
    """
    file = ledger_file(url)
    if file is None or file.exists():
        return False
    if file.is_symlink():
        return True
    traces = (f"{file.name}.running", f"{file.name}-wal")
    there = any(file.with_name(name).exists() for name in traces)
    return there or any(file.parent.glob(f"{escape(file.name)}.version-*"))


def open_to_read(url: str) -> tuple[Database, bool]:
    """The database, and whether it is there: one that is not is empty, and none is made.

    Raises LedgerError.
    """
    there = exists(url)
    return Database(url if there else "sqlite://"), there


def is_same(first: str, second: str) -> bool:
    """Whether two addresses are those of one database. Raises LedgerError."""
    addresses = [_parse_address(url) for url in (first, second)]
    if {address.get_backend_name() for address in addresses} == {"sqlite"}:
        files = [Path(address.database or "") for address in addresses]
        return os.path.realpath(files[0]) == os.path.realpath(files[1])
    places = [
        (address.host or address.query.get("host"), address.port or 5432, address.database)
        for address in addresses
    ]
    return places[0] == places[1]


def utc(instant: datetime) -> datetime:
    """SQLite gives instants back without their zone; they are written in UTC."""
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


#: What in the query of an address is no secret, whatever it says.
_HARMLESS = frozenset({
    "application_name", "connect_timeout", "host", "hostaddr", "port", "service", "sslcert",
    "sslkey", "sslmode", "sslrootcert", "target_session_attrs", "user",
})  # fmt: skip
_SCHEME = re.compile(r"[a-z]{1,20}(?:\+[a-z]{1,20})?")


def without_password(url: str) -> str:
    """A database's address without its passwords; of one that cannot be read hardly anything."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        scheme = url.partition(":")[0]
        return f"{scheme}:***" if ":" in url and _SCHEME.fullmatch(scheme) else "***"
    if not _SCHEME.fullmatch(address.drivername):
        return "***"
    if "@" in (address.host or ""):  # a password in which it was not written as %40
        return f"{address.drivername}://***"
    query = {
        name: value if name in _HARMLESS and _is_word(value) else "***"
        for name, value in address.query.items()
    }
    return address.set(query=query).render_as_string(hide_password=True)


def _is_word(value: object) -> bool:
    """Whether the value of an option is no password that stands in the wrong place."""
    return isinstance(value, str) and not looks_like_token(value)
