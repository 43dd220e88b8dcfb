"""Which agreements a ledger knew by then: for rows of earlier versions, which do not name theirs.

Version 6 has given what was there by then its agreements (migrations.py); processes of earlier
versions that go on beside ours write further rows without.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from tracker.agreements.keys import split_name
from tracker.store.agreement_sets import split_ids
from tracker.store.database import utc
from tracker.store.schema import agreement_set, alert, coverage, entry, known_day, published

#: Of what nobody knows since when it is there.
_BEGINNING = datetime.min.replace(tzinfo=UTC)


def known_agreements(connection: Connection, at: datetime) -> frozenset[str]:
    """The agreements that had left anything in the ledger by then; all, where none had."""
    since: dict[str, datetime] = {}
    for agreement, first in _dated(connection):
        since[agreement] = min(first, since.get(agreement, first))
    for agreement in _undated(connection):
        since.setdefault(agreement, _BEGINNING)
    since.pop("", None)
    return frozenset(name for name, first in since.items() if first <= at) or frozenset(since)


def _dated(connection: Connection) -> Iterator[tuple[str, datetime]]:
    for name, first in (
        (known_day.c.event, known_day.c.first),
        (coverage.c.agreement, coverage.c.first),
        (alert.c.agreement, alert.c.written_at),
    ):
        for written, at in connection.execute(select(name, func.min(first)).group_by(name)):
            if at is not None:
                yield split_name(written)[0], utc(at)


def _undated(connection: Connection) -> Iterator[str]:
    for event in connection.scalars(select(entry.c.event).distinct()):
        yield split_name(event)[0]
    ids = {row.agreements: row.ids for row in connection.execute(select(agreement_set))}
    for joined in connection.scalars(select(published.c.agreements).distinct()):
        yield from split_ids(ids.get(joined, joined))
