"""Channels that do not take alerts, and the messages that say so through another channel.

Such a message is an alert like any: of the kind `undelivered`, with the channel that it is about in
place of a lead. It goes out once for an outage, which ends when that channel takes something again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, func, select, update

from tracker.reminders.plan import AlertKey
from tracker.store.database import utc
from tracker.store.ledger import StoredAlert, stored_alert
from tracker.store.schema import ALERT_KEY, PUT_BACK, alert
from tracker.store.undelivered import (
    COUNTS_FOR,
    UndeliveredBatch,
    is_undelivered,
    missed_since,
    undelivered_batches,
)

NOTICE = "undelivered"
#: A message that was refused so often goes to the next channel: that is within a minute.
_TRIES = 3


class ChannelOutage(NamedTuple):
    """What one recipient misses of one channel, and is not told of yet."""

    recipient: str
    channel: str
    number: int  #: of alerts, and of each reminder that one of them names
    failed: int  #: how many of them were given up
    first: datetime  #: since when the first of them is missed
    last: datetime  #: and the last


class OutageNotice(NamedTuple):
    """A message that was written down about a channel."""

    id: int
    key: AlertKey
    status: str
    attempts: int
    written_at: datetime
    content: dict[str, Any]

    @property
    def is_refused(self) -> bool:
        """Whether its channel does not take it either."""
        return self.status == "failed" or (
            self.status in ("written", "lapsed") and self.attempts >= _TRIES
        )

    @property
    def channel(self) -> str:
        """Which it is about."""
        return self.key.lead

    @property
    def recipients(self) -> frozenset[str]:
        """Who misses something."""
        return frozenset(self.content.get("recipients", ()))


def channel_outages(
    connection: Connection,
    agreements: Collection[str],
    now: datetime,
    after: datetime | None = None,
) -> list[ChannelOutage]:
    """What is missed, by recipient and channel; if `after` is given, what is missed since then.

    Of messages about other channels nothing is said in a message.
    """
    batches = undelivered_batches(connection, agreements, now)
    missed = _missed(batches, agreements, now)
    if after is not None:
        batches = [batch for batch in batches if batch.since > after]
        missed.append(missed_since > after)
    names = (alert.c.recipient, alert.c.channel)
    failed = func.sum(case((alert.c.status == "failed", 1), else_=0))
    columns = (func.count(), failed, func.min(missed_since), func.max(missed_since))
    rows = connection.execute(select(*names, *columns).where(*missed).group_by(*names)).all()
    more: Counter[tuple[str, str]] = Counter()
    for batch in batches:
        if batch.number:
            more[batch.recipient, batch.channel] += batch.named - 1
    return [
        ChannelOutage(
            recipient, channel, count + more[recipient, channel], failed, utc(first), utc(last)
        )
        for recipient, channel, count, failed, first, last in rows
    ]


def missed_alerts(
    connection: Connection,
    outages: Iterable[ChannelOutage],
    agreements: Collection[str],
    now: datetime,
    most: int,
) -> list[StoredAlert]:
    """The alerts of those outages, the first of them."""
    missed = _missed(undelivered_batches(connection, agreements, now), agreements, now)
    found: list[StoredAlert] = []
    for outage in outages:
        query = select(alert).where(*missed, *_is_of(outage))
        query = query.order_by(alert.c.due, alert.c.id).limit(most)
        found += map(stored_alert, connection.execute(query).mappings().all())
    return sorted(found, key=lambda row: (row.due, row.id))[:most]


def _missed(
    batches: Iterable[UndeliveredBatch], agreements: Collection[str], now: datetime
) -> list[ColumnElement[bool]]:
    """Whether an alert is missed: a batch not where each of its reminders is acknowledged."""
    over = [batch.id for batch in batches if not batch.number]
    return [
        is_undelivered(agreements, now),
        alert.c.kind != NOTICE,
        *([alert.c.id.not_in(over)] if over else ()),
    ]


def _is_of(outage: ChannelOutage) -> list[ColumnElement[bool]]:
    return [
        alert.c.recipient == outage.recipient,
        alert.c.channel == outage.channel,
        missed_since >= outage.first,
        missed_since <= outage.last,
    ]


def recent_notices(
    connection: Connection, agreements: Collection[str], now: datetime
) -> list[OutageNotice]:
    """The messages about channels that were written down, the newest first."""
    columns = [alert.c[name] for name in ALERT_KEY]
    more = (alert.c.id, alert.c.status, alert.c.attempts, alert.c.written_at, alert.c.content)
    query = (
        select(*columns, *more)
        .where(alert.c.kind == NOTICE, alert.c.agreement.in_(agreements))
        .where(alert.c.due > now - 2 * COUNTS_FOR)
        .order_by(alert.c.id.desc())
    )
    found = []
    for *key, number, status, attempts, written_at, content in connection.execute(query):
        values = (number, AlertKey(*key), status, attempts, utc(written_at), json.loads(content))
        found.append(OutageNotice(*values))
    return found


def has_waiting_notices(connection: Connection, agreements: Collection[str]) -> bool:
    """Whether one of them is still to be sent."""
    waits = (alert.c.status == "written", alert.c.kind == NOTICE)
    query = select(alert.c.id).where(*waits, alert.c.agreement.in_(agreements)).limit(1)
    return connection.scalar(query) is not None


def last_delivery(connection: Connection, channel: str) -> datetime | None:
    """When the channel took something last."""
    where = and_(alert.c.status == "sent", alert.c.channel == channel)
    last = connection.scalar(select(func.max(alert.c.sent_at)).where(where))
    return None if last is None else utc(last)


def lapse_notices(connection: Connection, numbers: Collection[int]) -> None:
    """Those need not be sent any more: what they are about is over, or another one says it."""
    waits = alert.c.id.in_(numbers), alert.c.status.in_(("written", "failed"))
    connection.execute(update(alert).where(*waits).values(status="lapsed"))


def revive_notice(connection: Connection, key: AlertKey, content: str, now: datetime) -> None:
    """One that has lapsed is to be sent after all: the same outage goes on."""
    same = [alert.c[name] == value for name, value in key._asdict().items()]
    values = {**PUT_BACK, "content": content, "attempts": 0, "next_try": None, "error": ""}
    where = (*same, alert.c.status == "lapsed")
    connection.execute(update(alert).where(*where).values(written_at=now, **values))
