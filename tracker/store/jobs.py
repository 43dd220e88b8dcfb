"""Jobs of Procrastinate, on a PostgreSQL that several machines share: one for each alert to send.

An alert and its job are written in one transaction. The job says no more than that it is time to
deliver that alert: what is sent, and whether at all, the ledger decides. So a job too many does
nothing, and one too few is added later (add_missing).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from tracker.store.database import lock_schema
from tracker.store.schema import RECOVERED, alert

if TYPE_CHECKING:
    from procrastinate import App
    from procrastinate.types import JSONValue

DELIVER = "deliver"
#: An alert that a job has under way is claimed by this and the job's number.
CLAIMANT = "job "
_AT_ONCE = 500
#: NOTIFY takes names of 63 bytes, of which Procrastinate needs 23.
_LONGEST = 40

#: Alerts without a job. The difference of two sets, never a join: PostgreSQL does not know the size
#: of a table that was filled a moment ago, and would go through all jobs for each alert.
_WITHOUT_JOB = """
    SELECT id FROM alert WHERE status = 'written'
    EXCEPT
    SELECT (args->>'alert')::int FROM procrastinate_jobs
        WHERE task_name = 'deliver' AND status IN ('todo', 'doing')
"""
#: Who claims alerts as a job that is there no more.
_LOST_CLAIMANTS = """
    SELECT claimed_by FROM alert WHERE status = 'sending' AND claimed_by LIKE 'job %'
    EXCEPT
    SELECT 'job ' || id FROM procrastinate_jobs WHERE status IN ('todo', 'doing')
"""


#: Who claims alerts as a job that is not being done at the moment.
_IDLE_CLAIMANTS = """
    SELECT claimed_by FROM alert WHERE status = 'sending' AND claimed_by LIKE 'job %'
    EXCEPT
    SELECT 'job ' || id FROM procrastinate_jobs WHERE status = 'doing'
"""
_FORGET = """
    DELETE FROM procrastinate_jobs WHERE task_name = 'deliver' AND status = 'todo'
        AND (args->>'alert')::int = ANY(:numbers)
"""


class NewJob(NamedTuple):
    """A job to write down."""

    alert: int  #: the number of the alert that it delivers
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
    return connection.scalar(text("SELECT to_regclass('procrastinate_jobs')")) is not None


def make_tables(connection: Connection) -> None:
    """Makes Procrastinate's tables, where they are not there yet."""
    from procrastinate.schema import SchemaManager

    lock_schema(connection)
    if not has_tables(connection):
        with _as_sqlalchemy_errors():
            _psycopg_connection(connection).execute(SchemaManager.get_schema())


def defer(connection: Connection, alerts: Iterable[NewJob]) -> None:
    """Gives each of those alerts a job, as a part of the transaction in which they are written."""
    groups: dict[tuple[str, datetime | None], list[dict[str, JSONValue]]] = defaultdict(list)
    for new in alerts:
        groups[queue_of(new.channel), new.at].append({"alert": new.alert})
    for (queue, at), arguments in groups.items():
        task = _app().configure_task(
            DELIVER, queue=queue, schedule_at=at, connection=_psycopg_connection(connection)
        )
        with _as_sqlalchemy_errors():
            task.batch_defer(*arguments)


def add_missing(connection: Connection) -> int:
    """Gives a job to each alert that waits without one; gives how many those were.

    They were written by a process that knows of no jobs, or their jobs were deleted by hand.
    """
    lost = list(connection.scalars(text(_LOST_CLAIMANTS)))
    theirs = (alert.c.claimed_by.in_(lost), alert.c.status == "sending")
    connection.execute(update(alert).where(*theirs).values(RECOVERED))
    without = list(connection.scalars(text(_WITHOUT_JOB)))
    columns = alert.c.id, alert.c.channel, alert.c.next_try
    for at in range(0, len(without), _AT_ONCE):
        some = select(*columns).where(alert.c.id.in_(without[at : at + _AT_ONCE]))
        defer(connection, [NewJob(*row) for row in connection.execute(some)])
    return len(without)


def idle_claimants(connection: Connection) -> list[str]:
    """Who claims alerts as jobs that nobody does now; they may never be done again here."""
    if not has_tables(connection):
        return []
    return list(connection.scalars(text(_IDLE_CLAIMANTS)))


def forget(connection: Connection, numbers: Sequence[int]) -> None:
    """The alerts of those numbers are not to be delivered any more."""
    if numbers and has_tables(connection):
        connection.execute(text(_FORGET), {"numbers": list(numbers)})


class _DriverError(SQLAlchemyError):
    """An error that was raised below SQLAlchemy, in the form that SQLAlchemy gives such errors."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(str(error))
        self.orig = error


@contextmanager
def _as_sqlalchemy_errors() -> Iterator[None]:
    import psycopg
    from procrastinate.exceptions import ConnectorException

    try:
        yield
    except ConnectorException as error:
        raise _DriverError(error.__cause__ or error) from None
    except psycopg.Error as error:
        raise _DriverError(error) from None


def _psycopg_connection(connection: Connection) -> Any:
    """The driver's own connection, in the same transaction."""
    return connection.connection.driver_connection


@cache
def _app() -> App:
    """What writes jobs; it opens no connection of its own."""
    from procrastinate import App, SyncPsycopgConnector

    return App(connector=SyncPsycopgConnector())
