"""Jobs of Procrastinate, on a PostgreSQL that several machines share: one for each alert to send.

An alert and its job are written in one transaction. The job says no more than that it is time to
deliver that alert: what is sent, and whether at all, the ledger decides. So a job too many does
nothing, and one too few is made up for (add_missing).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from tracker.store.database import lock_schema
from tracker.store.schema import alert

if TYPE_CHECKING:
    from procrastinate import App
    from procrastinate.types import JSONValue

DELIVER = "deliver"
#: What an alert that a job has under way is claimed by, before the job's number.
CLAIMANT = "job "
_AT_ONCE = 500
#: NOTIFY takes names of 63 bytes, of which Procrastinate needs 23.
_LONGEST = 40

#: The difference of two sets, never a join: of a table that was filled a moment ago PostgreSQL does
#: not know how large it is, and would go through all jobs for each alert.
_WITHOUT_JOB = """
    SELECT id FROM alert WHERE status = 'written'
    EXCEPT
    SELECT (args->>'alert')::int FROM procrastinate_jobs
        WHERE task_name = 'deliver' AND status IN ('todo', 'doing')
"""
_GIVEN_UP = """
    SELECT claimed_by FROM alert WHERE status = 'sending' AND claimed_by LIKE 'job %'
    EXCEPT
    SELECT 'job ' || id FROM procrastinate_jobs WHERE status IN ('todo', 'doing')
"""


class NewJob(NamedTuple):
    """An alert that needs a job."""

    id: int
    channel: str
    at: datetime | None  #: not before; None: at once


def queue_of(channel: str) -> str:
    """The queue of the jobs through that channel: each has its own, and all mail has one.

    >>> queue_of("mailto:legal@example.org"), queue_of("ntfy:5722c4e5")
    ('mail', 'ntfy:5722c4e5')
    """
    if channel.startswith("mailto:"):
        return "mail"
    if len(channel.encode()) <= _LONGEST:
        return channel
    return f"{channel.partition(':')[0][:7]}:{sha256(channel.encode()).hexdigest()[:32]}"


def has_tables(connection: Connection) -> bool:
    """Whether there are jobs here at all: a worker makes their tables."""
    if connection.dialect.name != "postgresql":
        return False
    found = connection.scalar(text("SELECT to_regclass('procrastinate_jobs')"))
    return found is not None


def make_tables(connection: Connection) -> None:
    """Makes Procrastinate's tables, where they are not there yet."""
    from procrastinate.schema import SchemaManager

    lock_schema(connection)
    if not has_tables(connection):
        with _failures():
            _raw(connection).execute(SchemaManager.get_schema())


def defer(connection: Connection, alerts: Iterable[NewJob]) -> None:
    """Gives each of those alerts a job, as a part of the transaction in which they are written."""
    groups: dict[tuple[str, datetime | None], list[dict[str, JSONValue]]] = defaultdict(list)
    for one in alerts:
        groups[queue_of(one.channel), one.at].append({"alert": one.id})
    for (queue, at), arguments in groups.items():
        task = _app().configure_task(
            DELIVER, queue=queue, schedule_at=at, connection=_raw(connection)
        )
        with _failures():
            task.batch_defer(*arguments)


def add_missing(connection: Connection) -> int:
    """Gives each alert that waits a job, where it has none; gives how many that were.

    It was written by a process that knows of no jobs, or its job was taken away by hand.
    """
    lost = list(connection.scalars(text(_GIVEN_UP)))
    back = {"status": "written", "claimed_by": ""}
    connection.execute(
        update(alert).where(alert.c.claimed_by.in_(lost), alert.c.status == "sending").values(back)
    )
    without = list(connection.scalars(text(_WITHOUT_JOB)))
    columns = alert.c.id, alert.c.channel, alert.c.next_try
    for at in range(0, len(without), _AT_ONCE):
        some = select(*columns).where(alert.c.id.in_(without[at : at + _AT_ONCE]))
        defer(connection, [NewJob(*row) for row in connection.execute(some)])
    return len(without)


class _Failure(SQLAlchemyError):
    """What went wrong below SQLAlchemy, as it would say it."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(str(error))
        self.orig = error


@contextmanager
def _failures() -> Iterator[None]:
    import psycopg
    from procrastinate.exceptions import ConnectorException

    try:
        yield
    except ConnectorException as error:
        raise _Failure(error.__cause__ or error) from None
    except psycopg.Error as error:
        raise _Failure(error) from None


def _raw(connection: Connection) -> Any:
    """psycopg's own connection, in the same transaction."""
    return connection.connection.driver_connection


@cache
def _app() -> App:
    """What writes jobs; it opens no connection of its own."""
    from procrastinate import App, SyncPsycopgConnector

    return App(connector=SyncPsycopgConnector())
