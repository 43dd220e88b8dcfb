"""Which alerts did not arrive, although it was tried: so long as somebody has to be told of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from tracker.store.database import Database, utc
from tracker.store.schema import acknowledgement, alert

#: What was written down longer ago is listed (`tracker alerts list`), and counts no more: nobody
#: is told of it for ever.
COUNTS_FOR = timedelta(days=30)

#: Since when an alert is missed: one that was written down late could not have come before.
missed_since = case((alert.c.due > alert.c.written_at, alert.c.due), else_=alert.c.written_at)


class UndeliveredAlerts(NamedTuple):
    """The alerts of one recipient that one channel has not taken."""

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
    query = select(*names, alert.c.error, *columns).where(is_undelivered(agreements, now))
    with database.transaction() as connection:
        rows = connection.execute(query.group_by(*names, alert.c.error)).all()
    channels: dict[tuple[str, str], list[_SameReason]] = {}
    for recipient, channel, error, newest, count, since, due, waiting in rows:
        groups = channels.setdefault((recipient, channel), [])
        groups.append(_SameReason(newest, count, utc(since), utc(due), error, waiting))
    missed = [
        UndeliveredAlerts(
            *key,
            number=sum(group.number for group in groups),
            since=min(group.since for group in groups),
            first_due=min(group.first_due for group in groups),
            reason=max(groups).reason,
            waiting=sum(group.waiting for group in groups),
        )
        for key, groups in channels.items()
    ]
    return sorted(missed, key=lambda alerts: (alerts.since, alerts.channel, alerts.recipient))


def sent_since(
    database: Database, channel: str, agreements: Collection[str], since: datetime
) -> int:
    """How many alerts of those agreements the channel has taken since then. Raises LedgerError."""
    where = (alert.c.status == "sent", alert.c.channel == channel, alert.c.sent_at >= since)
    query = select(func.count()).where(*where, alert.c.agreement.in_(agreements))
    with database.transaction() as connection:
        return connection.scalar(query) or 0


def is_undelivered(agreements: Collection[str], now: datetime) -> ColumnElement[bool]:
    """Whether an alert of those agreements was tried in vain, and is still missed."""
    was_tried = or_(
        alert.c.status == "failed",
        and_(alert.c.status.in_(("written", "sending")), alert.c.attempts > 0),
    )
    same_day = [
        acknowledgement.c[name] == alert.c[name]
        for name in ("event", "point", "occurrence", "counts_to")
    ]
    by_whom = acknowledgement.c.recipient.in_(("", alert.c.recipient))
    return and_(
        alert.c.status.in_(("failed", "written", "sending")),  # which the index has
        was_tried,
        alert.c.agreement.in_(agreements),
        alert.c.written_at > now - COUNTS_FOR,
        ~exists().where(by_whom, *same_day),
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
