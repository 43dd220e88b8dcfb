"""Whose a row is: the ledger may hold what other agreements have left, and shows nothing of that.

Every query for what people see takes the agreements that are loaded. An event stands in the tables
as agreement/event; where one row is of several agreements, their ids are joined by commas, which no
id has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Connection, func


def joined_ids(agreements: Iterable[str]) -> str:
    """The ids of several agreements in one text.

    >>> joined_ids({"b", "a"})
    'a,b'
    """
    return ",".join(sorted(agreements))


def split_ids(joined: str) -> frozenset[str]:
    """The ids that were joined.

    >>> sorted(split_ids("a,b")), split_ids("")
    (['a', 'b'], frozenset())
    """
    return frozenset(joined.split(",")) if joined else frozenset()


def is_event_of(
    connection: Connection, event: ColumnElement[str], agreements: Collection[str]
) -> ColumnElement[bool]:
    """Whether that column names an event of those agreements."""
    if connection.dialect.name == "postgresql":
        agreement = func.split_part(event, "/", 1)
    else:
        agreement = func.substr(event, 1, func.instr(event, "/") - 1)
    return agreement.in_(agreements)
