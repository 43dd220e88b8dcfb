"""What a clock that ran ahead has had written down, once it is set back.

What was sent by it has been sent. But what such a message only named, the nearer reminders of a day
that it told as near or as passed, nobody has had: that does not count as done, and becomes the
reminder that is planned when its hour comes. Nor does a "passed" count that came too early.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from tracker.reminders.due import CLOCKS_APART
from tracker.reminders.plan import AlertKey
from tracker.store.jobs import NewJob
from tracker.store.message_ids import message_id
from tracker.store.schema import ALERT_KEY, alert


def undone_ahead(
    connection: Connection, since: datetime, agreements: Collection[str], now: datetime
) -> set[AlertKey]:
    """The keys that only a clock which ran ahead has settled, of those agreements."""
    may_be = and_(alert.c.due >= since, or_(alert.c.status == "named", alert.c.kind == "passed"))
    rows = _written_ahead(connection, agreements, now, may_be)
    return {key for _, key, is_own in rows if key.kind == "passed" or not is_own}


def revive(
    connection: Connection, rows: Sequence[Mapping[str, Any]], now: datetime
) -> list[NewJob]:
    """Writes those rows whose key only an untimely message names in its place; what is to be sent.

    As a part of somebody's transaction: who comes second finds it written now.
    """
    by_key = {AlertKey(*(row[name] for name in ALERT_KEY)): row for row in rows}
    agreements = {row["agreement"] for row in rows}
    is_named = alert.c.status == "named"
    to_send = []
    for number, key, is_own in list(_written_ahead(connection, agreements, now, is_named)):
        if is_own or key not in by_key:
            continue
        row = by_key[key]
        still = (alert.c.id == number, is_named, alert.c.written_at > now + CLOCKS_APART)
        again = update(alert).where(*still).values(**row)
        if connection.execute(again).rowcount and row["status"] == "written":
            to_send.append(NewJob(number, key.channel, row["next_try"]))
    return to_send


def _written_ahead(
    connection: Connection, agreements: Collection[str], now: datetime, where: ColumnElement[bool]
) -> Iterator[tuple[int, AlertKey, bool]]:
    """Number and key of what was written down later than now, and whether it has its own message.

    What a batch names has its own: it stands in the batch as it would have gone out alone.
    """
    columns = (alert.c.id, alert.c.message, *(alert.c[name] for name in ALERT_KEY))
    ahead = alert.c.written_at > now + CLOCKS_APART
    ours = alert.c.agreement.in_(agreements)
    query = select(*columns).where(ahead, ours, where).order_by(alert.c.id)
    rows = connection.execute(query)
    for number, message, *fields in rows:
        key = AlertKey(*fields)
        yield number, key, message in ("", message_id(key))
