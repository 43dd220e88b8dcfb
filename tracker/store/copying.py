"""A ledger copied to another database: nothing is lost, and nothing is sent again.

Rows are known by their keys, never by their numbers. What is there already stays as it is, so that
copying may be repeated, also after the copy has been used; but an alert that is done in the source
is done in the copy as well. All of it is one transaction, which ends only once each row of the
source has been found in the copy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import (
    Connection,
    DateTime,
    Table,
    UniqueConstraint,
    bindparam,
    func,
    or_,
    select,
    tuple_,
    update,
)

from tracker.i18n.progress import Progress, unseen
from tracker.store import jobs
from tracker.store.agreement_sets import joined_ids, split_ids
from tracker.store.database import Database, LedgerError, utc, without_password
from tracker.store.process_locks import is_in_use
from tracker.store.schema import (
    LEDGER_ROW,
    PUT_BACK,
    alert,
    coverage,
    edition,
    entry,
    feed,
    link,
    metadata,
    published,
    secret,
    unsubscribed,
)
from tracker.store.schema import version as schema_version
from tracker.store.upsert import insert_and_return

_AT_ONCE = 500
_Row: TypeAlias = dict[str, Any]

#: The statuses of alerts that are not sent any more, of those still to be sent.
_DONE = ("sent", "named", "lapsed", "failed")
_OPEN = ("written", "sending")


class CopiedTable(NamedTuple):
    """How much of a table was copied."""

    table: str
    rows: int  #: in the source; all of them are in the copy now
    new: int  #: of those, how many were not there before


def copy_to(here: str, there: str, progress: Progress = unseen) -> list[CopiedTable]:
    """Copies the ledger at one address to another. Raises LedgerError."""
    source = Database(here)
    try:
        _refuse_if_in_use(source)
        target = Database(there)
        try:
            return copy(source, target, progress)
        finally:
            target.close()  # of SQLite: all of it is in the one file then
    finally:
        source.close()


def _refuse_if_in_use(source: Database) -> None:
    if is_in_use(source):
        raise LedgerError("migrate.in-use", url=without_password(source.url))


def copy(source: Database, target: Database, progress: Progress = unseen) -> list[CopiedTable]:
    """Copies every table. Raises LedgerError, and leaves the target as it was then."""
    _refuse_if_in_use(source)
    tables = [table for table in metadata.sorted_tables if table is not schema_version]
    with source.transaction() as here, target.transaction() as there:
        total = sum(_count_rows(here, table) for table in tables)
        done = 0

        def count_rows(rows: int) -> None:
            nonlocal done
            done += rows
            progress("copying", done, total)

        copied = [_copy_table(here, there, table, count_rows) for table in tables]
        if jobs.has_tables(there):
            jobs.add_missing(there)
    return copied


def _count_rows(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _copy_table(
    here: Connection, there: Connection, table: Table, count_rows: Callable[[int], None]
) -> CopiedTable:
    key = _key_of(table)
    kept = _published_sets(there) if table is published else frozenset()
    rows = new = 0
    for batch in _batches(here, table):
        rows += len(batch)
        unknown = [row for row in batch if row.get("agreements") not in kept]
        added = len(insert_and_return(there, table, unknown, key, key))
        new += added
        if added < len(batch) and (merge := _MERGES.get(table.name)) is not None:
            merge(there, batch)
        if not kept and _count_arrived(there, table, batch) < len(batch):
            raise LedgerError("migrate.lost", table=table.name)
        count_rows(len(batch))
    return CopiedTable(table.name, rows, new)


def _batches(connection: Connection, table: Table) -> Iterator[list[_Row]]:
    """The rows, without the numbers that each database gives them itself."""
    numbers = {column.name for column in table.primary_key} - set(_key_of(table))
    instants = {column.name for column in table.columns if isinstance(column.type, DateTime)}
    columns = [column for column in table.columns if column.name not in numbers]
    query = select(*columns).order_by(*table.primary_key)
    rows = connection.execute(query).yield_per(_AT_ONCE).mappings()
    for batch in rows.partitions():
        yield [_portable(dict(row), instants) for row in batch]


def _portable(row: _Row, instants: Iterable[str]) -> _Row:
    """A row as any database takes it."""
    for name in instants:
        if row[name] is not None:
            row[name] = utc(row[name])
    if row.get("status") == "sending":  # nobody has it under way: the source is not in use
        row |= PUT_BACK
    return row


def _key_of(table: Table) -> tuple[str, ...]:
    """The columns by which a row is known on every database."""
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            return tuple(column.name for column in constraint.columns)
    return tuple(column.name for column in table.primary_key)


def _count_arrived(connection: Connection, table: Table, rows: Sequence[_Row]) -> int:
    """How many of those rows are there; 0 where an alert that was sent is not there as sent."""
    key = _key_of(table)
    columns = tuple_(*(table.c[name] for name in key))
    count = select(func.count()).select_from(table)
    keys = [tuple(row[name] for name in key) for row in rows]
    arrived = connection.scalar(count.where(columns.in_(keys))) or 0
    if table is not alert:
        return arrived
    sent = [tuple(row[name] for name in key) for row in rows if row["status"] == "sent"]
    as_sent = connection.scalar(count.where(columns.in_(sent), alert.c.status == "sent")) or 0
    return arrived if as_sent == len(sent) else 0


def _published_sets(connection: Connection) -> frozenset[str]:
    """The sets of agreements whose files are there; each set's files stay together."""
    return frozenset(connection.scalars(select(published.c.agreements).distinct()))


# -- rows that are there already


def _merge_alerts(connection: Connection, rows: Sequence[_Row]) -> None:
    for statuses, before in ((_DONE, _OPEN), (("sent",), (*_OPEN, "failed"))):
        done = [row for row in rows if row["status"] in statuses]
        was = or_(*(alert.c.status == status for status in before))
        _set(connection, alert, done, ("status", "sent_at"), was)


def _merge_secrets(connection: Connection, rows: Sequence[_Row]) -> None:
    """Links that were sent have to lead somewhere: the source's key stays, unless both sent."""
    any_sent = select(alert.c.id).where(alert.c.status == "sent", alert.c.message != "").limit(1)
    if connection.scalar(any_sent) is None:  # each ledger keeps its own row
        _set(connection, secret, rows, ("value",), secret.c.name != LEDGER_ROW)


def _merge_entries(connection: Connection, rows: Sequence[_Row]) -> None:
    fields = ("content", "day", "sequence", "modified", "cancelled")
    _set(connection, entry, rows, fields, entry.c.sequence < bindparam("new_sequence"))


def _merge_feeds(connection: Connection, rows: Sequence[_Row]) -> None:
    _set(connection, feed, rows, ("modified",), feed.c.modified < bindparam("new_modified"))
    _set(connection, feed, rows, ("revision",), feed.c.revision < bindparam("new_revision"))


def _merge_coverage(connection: Connection, rows: Sequence[_Row]) -> None:
    _set(connection, coverage, rows, ("first",), coverage.c.first > bindparam("new_first"))
    _set(connection, coverage, rows, ("until",), coverage.c.until < bindparam("new_until"))


def _merge_editions(connection: Connection, rows: Sequence[_Row]) -> None:
    _set(connection, edition, rows, ("at",), edition.c.at < bindparam("new_at"))


def _merge_links(connection: Connection, rows: Sequence[_Row]) -> None:
    closed = [row for row in rows if row["revoked"] is not None]
    _set(connection, link, closed, ("revoked",), link.c.revoked.is_(None))
    for row in rows:  # it may have been widened in either
        same = link.c.hash == row["hash"]
        there = split_ids(connection.scalar(select(link.c.agreements).where(same)) or "")
        if not there.issuperset(ids := split_ids(row["agreements"])):
            widen = update(link).where(same)
            connection.execute(widen.values(agreements=joined_ids(there | ids)))


def _merge_unsubscribed(connection: Connection, rows: Sequence[_Row]) -> None:
    for row in rows:
        same = (
            unsubscribed.c.recipient == row["recipient"],
            unsubscribed.c.channel == row["channel"],
        )
        there = connection.scalar(select(unsubscribed.c.agreements).where(*same))
        if there != row["agreements"]:
            ids = split_ids(row["agreements"]) | split_ids(there or "")
            for_all = not there or not row["agreements"]
            merge = update(unsubscribed).where(*same)
            connection.execute(merge.values(agreements="" if for_all else joined_ids(ids)))


#: By table: what is done to rows that are there already.
_MERGES: Mapping[str, Callable[[Connection, Sequence[_Row]], None]] = {
    "alert": _merge_alerts,
    "entry": _merge_entries,
    "feed": _merge_feeds,
    "looked": _merge_coverage,
    "edition": _merge_editions,
    "link": _merge_links,
    "secret": _merge_secrets,
    "unsubscribed": _merge_unsubscribed,
}


def _set(
    connection: Connection, table: Table, rows: Sequence[_Row], fields: Sequence[str], where: Any
) -> None:
    """Sets fields of the rows with the same keys to the source's, where that condition holds."""
    if not rows:
        return
    key = _key_of(table)
    same = [table.c[name] == bindparam(f"old_{name}") for name in key]
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in fields}
    statement = update(table).where(*same, where).values(values)
    parameters = [
        {f"old_{name}": row[name] for name in key} | {f"new_{name}": row[name] for name in fields}
        for row in rows
    ]
    connection.execute(statement, parameters)
