"""Which alerts did not arrive, although it was tried: so long as somebody has to be told of it."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, literal, or_, select

from tracker.reminders.batches import BATCH
from tracker.store.database import Database, utc
from tracker.store.schema import acknowledgement, alert, unsubscribed

#: What was written down longer ago is listed (`tracker alerts list`), and counts no more: nobody
#: is told of it for ever.
COUNTS_FOR = timedelta(days=30)

#: What is acknowledged: a point, and the day that it counts to.
_SUBJECT = ("event", "point", "occurrence", "counts_to")

#: Since when an alert is missed: one that was written down late could not have come before.
missed_since = case((alert.c.due > alert.c.written_at, alert.c.due), else_=alert.c.written_at)


class UndeliveredAlerts(NamedTuple):
    """The alerts of one recipient that one channel has not taken; of a batch each reminder."""

    recipient: str
    channel: str
    number: int
    since: datetime  #: when the first of them could have come
    first_due: datetime
    reason: str  #: of the newest of them, as it is stored (i18n/reasons.py)
    waiting: int = 0  #: how many of them are tried again; the others were given up


class _SameReason(NamedTuple):
    """Those of a channel that have the same error."""

    newest: int
    number: int
    since: datetime
    first_due: datetime
    reason: str
    waiting: int


class UndeliveredBatch(NamedTuple):
    """A message that names several reminders, and was tried in vain."""

    id: int
    recipient: str
    channel: str
    status: str
    error: str
    since: datetime
    due: datetime
    named: int  #: how many reminders
    number: int  #: how many of them nobody has acknowledged since


def undelivered_batches(
    connection: Connection, agreements: Collection[str], now: datetime
) -> list[UndeliveredBatch]:
    """Those of the agreements; also those in which nothing is owed any more."""
    columns = [alert.c[name] for name in ("id", "recipient", "channel", "status", "error", "due")]
    query = select(*columns, missed_since.label("since"), alert.c.content)
    query = query.where(is_undelivered(agreements, now), alert.c.kind == BATCH)
    rows = connection.execute(query).mappings().all()
    if not rows:
        return []
    answers = select(*(acknowledgement.c[name] for name in ("recipient", *_SUBJECT)))
    acknowledged = {tuple(row) for row in connection.execute(answers)}
    batches = []
    for row in rows:
        entries = json.loads(row["content"])["reminders"]
        subjects = [tuple(entry[name] for name in _SUBJECT) for entry in entries]
        owed = [
            subject
            for subject in subjects
            if not {("", *subject), (row["recipient"], *subject)} & acknowledged
        ]
        values = {name: row[name] for name in ("id", "recipient", "channel", "status", "error")}
        batches.append(
            UndeliveredBatch(
                **values,
                since=utc(row["since"]),
                due=utc(row["due"]),
                named=len(subjects),
                number=len(owed),
            )
        )
    return batches


def undelivered_alerts(
    database: Database, agreements: Collection[str], now: datetime
) -> list[UndeliveredAlerts]:
    """What those agreements' recipients miss, by channel; what is missed longest comes first.

    What was sent, has lapsed or was acknowledged since is none of it. Raises LedgerError.
    """
    columns = (
        func.max(alert.c.id),
        func.count(),
        func.min(missed_since),
        func.min(alert.c.due),
        func.sum(case((alert.c.status == "failed", 0), else_=1)),
    )
    names = (alert.c.recipient, alert.c.channel)
    query = select(*names, alert.c.error, *columns)
    query = query.where(is_undelivered(agreements, now), alert.c.kind != BATCH)
    with database.transaction() as connection:
        rows = connection.execute(query.group_by(*names, alert.c.error)).all()
        batches = undelivered_batches(connection, agreements, now)
        missed_before = _missed_before(connection, agreements, now) if rows or batches else {}
    channels: dict[tuple[str, str], list[_SameReason]] = {}
    for recipient, channel, error, newest, count, since, due, waiting in rows:
        groups = channels.setdefault((recipient, channel), [])
        groups.append(_SameReason(newest, count, utc(since), utc(due), error, waiting))
    for batch in batches:
        count = batch.number
        if count:
            waiting = 0 if batch.status == "failed" else count
            groups = channels.setdefault((batch.recipient, batch.channel), [])
            own = _SameReason(batch.id, count, batch.since, batch.due, batch.error, waiting)
            groups.append(own)
    missed = [
        UndeliveredAlerts(
            *key,
            number=sum(group.number for group in groups),
            since=min(missed_before.get(key, groups[0].since), *(group.since for group in groups)),
            first_due=min(group.first_due for group in groups),
            reason=max(groups).reason,
            waiting=sum(group.waiting for group in groups),
        )
        for key, groups in channels.items()
    ]
    return sorted(missed, key=lambda alerts: (alerts.since, alerts.channel, alerts.recipient))


def _missed_before(
    connection: Connection, agreements: Collection[str], now: datetime
) -> dict[tuple[str, str], datetime]:
    """By recipient and channel: since when what another names now was tried in vain.

    A nearer lead of the same day, or a message of several, has taken its place: the channel has
    taken nothing in between.
    """
    former = alert.alias("former")
    since = case((former.c.due > former.c.written_at, former.c.due), else_=former.c.written_at)
    names = (former.c.recipient, former.c.channel)
    namers = select(alert.c.message).where(is_undelivered(agreements, now), alert.c.message != "")
    query = select(*names, func.min(since)).where(
        former.c.status == "named", former.c.attempts > 0, former.c.message.in_(namers)
    )
    rows = connection.execute(query.group_by(*names)).all()
    return {(recipient, channel): utc(first) for recipient, channel, first in rows}


def sent_since(
    database: Database, channel: str, agreements: Collection[str], since: datetime
) -> int:
    """How many alerts of those agreements the channel has taken since then; of a batch each.

    Raises LedgerError.
    """
    where = [alert.c.status == "sent", alert.c.channel == channel, alert.c.sent_at >= since]
    where.append(alert.c.agreement.in_(agreements))
    single = select(func.count()).where(*where, alert.c.kind != BATCH)
    batches = select(alert.c.content).where(*where, alert.c.kind == BATCH)
    with database.transaction() as connection:
        named = [json.loads(text)["reminders"] for text in connection.scalars(batches)]
        return (connection.scalar(single) or 0) + sum(map(len, named))


def is_undelivered(agreements: Collection[str], now: datetime) -> ColumnElement[bool]:
    """Whether an alert of those agreements was tried in vain, and is still missed."""
    return and_(
        _was_tried_in_vain(),
        alert.c.agreement.in_(agreements),
        alert.c.written_at > now - COUNTS_FOR,
    )


@cache  # to put it together takes longer than to ask it, and it is asked at every look
def _was_tried_in_vain() -> ColumnElement[bool]:
    was_tried = or_(
        alert.c.status == "failed",
        and_(alert.c.status.in_(("written", "sending")), alert.c.attempts > 0),
    )
    same_day = [acknowledgement.c[name] == alert.c[name] for name in _SUBJECT]
    by_whom = acknowledgement.c.recipient.in_(("", alert.c.recipient))
    return and_(
        alert.c.status.in_(("failed", "written", "sending")),  # which the index has
        was_tried,
        ~exists().where(by_whom, *same_day),
        ~exists().where(_is_ended()),
    )


def _is_ended() -> ColumnElement[bool]:
    """Whether the recipient wants no more of it there: it goes out no more, and nobody owes it.

    A message about several agreements (a digest, a batch) is looked at by the one that it is
    written down for.
    """
    padded = literal(",") + unsubscribed.c.agreements + ","
    return and_(
        unsubscribed.c.recipient == alert.c.recipient,
        unsubscribed.c.channel == alert.c.channel,
        padded.contains(literal(",") + alert.c.agreement + ","),
    )


class UndeliveredSummary(NamedTuple):
    """All that is missed, as it was when it was last looked for."""

    groups: tuple[UndeliveredAlerts, ...]  #: at least one; what is missed longest comes first
    is_outage: bool = False  #: for longer than [health] of tracker.toml allows

    @property
    def number(self) -> int:
        return sum(alerts.number for alerts in self.groups)

    @property
    def since(self) -> datetime:
        return self.groups[0].since
