"""Rows that are written unless they are there, in the words of each database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], key: Sequence[str]
) -> None:
    """Writes the rows whose key is not there yet; the unique key decides."""
    if rows:
        statement = _insert(connection, table).on_conflict_do_nothing(index_elements=key)
        connection.execute(statement, [dict(row) for row in rows])


def insert_one(
    connection: Connection, table: Table, row: Mapping[str, Any], key: Sequence[str]
) -> bool:
    """Writes a row; False where its key is there already."""
    statement = _insert(connection, table).on_conflict_do_nothing(index_elements=key)
    written = statement.values(dict(row)).returning(*(table.c[name] for name in key))
    return connection.execute(written).first() is not None  # an insert's rowcount may be unknown


def upsert(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], key: Sequence[str]
) -> None:
    """Writes the rows, in place of those with the same key."""
    if rows:
        statement = _insert(connection, table)
        others = {name: statement.excluded[name] for name in rows[0] if name not in key}
        statement = statement.on_conflict_do_update(index_elements=key, set_=others)
        connection.execute(statement, [dict(row) for row in rows])


def _insert(connection: Connection, table: Table) -> Any:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return insert(table)
