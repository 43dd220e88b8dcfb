"""Rows that are written unless their key is there already: INSERT … ON CONFLICT."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table


def insert_new(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], key: Sequence[str]
) -> None:
    """Writes the rows whose key is not there yet; the unique key decides."""
    if rows:
        connection.execute(_insert_new(connection, table, key), [dict(row) for row in rows])


def insert_and_return(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    key: Sequence[str],
    columns: Sequence[str],
) -> list[Row[Any]]:
    """Writes the rows whose key is not there yet, and gives those columns of the new ones."""
    if not rows:
        return []
    statement = _insert_new(connection, table, key).returning(*(table.c[name] for name in columns))
    return list(connection.execute(statement, [dict(row) for row in rows]))


def insert_one(
    connection: Connection, table: Table, row: Mapping[str, Any], key: Sequence[str]
) -> bool:
    """Writes a row; False where its key is there already."""
    return bool(
        insert_and_return(connection, table, [row], key, key)
    )  # its rowcount may be unknown


def upsert(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], key: Sequence[str]
) -> None:
    """Writes the rows, in place of those with the same key."""
    if rows:
        statement = _insert(connection, table)
        new_values = {name: statement.excluded[name] for name in rows[0] if name not in key}
        statement = statement.on_conflict_do_update(index_elements=key, set_=new_values)
        connection.execute(statement, [dict(row) for row in rows])


def _insert_new(connection: Connection, table: Table, key: Sequence[str]) -> Any:
    return _insert(connection, table).on_conflict_do_nothing(index_elements=key)


def _insert(connection: Connection, table: Table) -> Any:
    # Only of the database that is there: all that SQLAlchemy has for PostgreSQL takes a tenth of
    # the time in which a process begins.
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert

        return insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)
