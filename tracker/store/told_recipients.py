"""To whom it was told what was published last: to the recipients of one configuration, by whichever
process of theirs.

These are rows of `feed`, whose names no feed has: processes of earlier versions go on beside them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, select

from tracker.store.database import utc
from tracker.store.schema import feed
from tracker.store.upsert import upsert

_TOLD, _GONE = "told", "gone"


def audience_of(recipients: Iterable[str]) -> str:
    """A name for all of those recipients together.

    >>> audience_of(["b", "a"]) == audience_of(["a", "b"]) != audience_of(["a"])
    True
    """
    return sha256("\n".join(sorted(recipients)).encode()).hexdigest()[:32]


def note_told(connection: Connection, audience: str, agreements: str, now: datetime) -> None:
    """Notes that they are told what is published now of that set of agreements."""
    _note(connection, [_row_name(_TOLD, audience, agreements)], now)


def note_gone(
    connection: Connection, audience: str, agreements: Iterable[str], now: datetime
) -> None:
    """Notes that they are told now that those agreements are no longer there."""
    _note(connection, [_row_name(_GONE, audience, name) for name in agreements], now)


def told_at(connection: Connection, audience: str, sets: Collection[str]) -> dict[str, datetime]:
    """When they were told last what was published of each of those sets; of others, nothing."""
    return _instants(connection, _TOLD, audience, sets)


def gone_at(
    connection: Connection, audience: str, agreements: Collection[str]
) -> dict[str, datetime]:
    """When they were told last that those agreements are no longer there; of others, nothing."""
    return _instants(connection, _GONE, audience, agreements)


def _note(connection: Connection, names: Iterable[str], now: datetime) -> None:
    rows = [{"name": name, "revision": 1, "modified": now} for name in names]
    if rows:
        upsert(connection, feed, rows, ("name",))


def _instants(
    connection: Connection, kind: str, audience: str, names: Collection[str]
) -> dict[str, datetime]:
    beginning = _row_name(kind, audience, "")
    query = select(feed.c.name, feed.c.modified).where(feed.c.name.startswith(beginning))
    stored = {row.name[len(beginning) :]: utc(row.modified) for row in connection.execute(query)}
    return {name: at for name, at in stored.items() if name in names}


def _row_name(kind: str, audience: str, of: str) -> str:
    return f"{kind}/{audience}/{of}"
