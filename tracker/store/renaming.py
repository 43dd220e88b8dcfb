"""A recipient under another name: all that is its own in the database goes with it.

Of the agreements that are loaded alone: with others, the same name may be somebody else's.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, delete, select, tuple_, update

from tracker.reminders.recipients import Recipient
from tracker.store.agreement_sets import is_event_of, joined_ids, split_ids
from tracker.store.batches import take_apart
from tracker.store.database import utc
from tracker.store.known_agreements import known_agreements
from tracker.store.ledger import StoredAlert, stored_alert
from tracker.store.schema import ALERT_KEY, acknowledgement, alert, coverage, unsubscribed
from tracker.store.stray_alerts import OPEN, has_moved, is_loaded, owed_batches
from tracker.store.upsert import upsert

_AT_ONCE = 500
_POINT = ("event", "point", "occurrence", "counts_to")
#: By how much is known of what became of an alert: which of two that are one stays.
_RANKS = {"sent": 5, "named": 4, "sending": 3, "written": 2, "failed": 1, "lapsed": 0}


class RenamedAlerts(NamedTuple):
    """What was one name's, and is another's now."""

    former: str
    name: str
    owed: int  #: alerts that are still to be sent


def rename(
    connection: Connection, former: str, name: str, agreements: Collection[str]
) -> RenamedAlerts | None:
    """Moves what is the former name's to the name; None: there was nothing."""
    moved, owed = _rename_alerts(connection, former, name, agreements)
    moved += _rename_coverage(connection, former, name, agreements)
    moved += _rename_acknowledgements(connection, former, name, agreements)
    moved += _rename_unsubscribed(connection, former, name, agreements)
    return RenamedAlerts(former, name, owed) if moved else None


def rename_owed(connection: Connection, former: str, name: str, agreements: Collection[str]) -> int:
    """The same of alerts alone; gives how many of them are owed."""
    return _rename_alerts(connection, former, name, agreements)[1]


# -- alerts


def _rename_alerts(
    connection: Connection, former: str, name: str, agreements: Collection[str]
) -> tuple[int, int]:
    """How many alerts were moved, and how many of them are owed.

    Where two that are one meet, what is known best stays with the name; the other one stays under
    the former name, ended, for the links of its message.
    """
    theirs = alert.c.recipient == former, alert.c.agreement.in_(agreements)
    query = select(alert).where(*theirs).order_by(alert.c.id)
    rows = connection.execute(query).mappings().all()
    stored = [row for row in map(stored_alert, rows) if is_loaded(row, agreements)]
    if batches := owed_batches(stored):  # one that joins may have had some of what they hold
        take_apart(connection, batches)
        rows = connection.execute(query).mappings().all()
        stored = [row for row in map(stored_alert, rows) if is_loaded(row, agreements)]
    without_identity = {row["id"] for row in rows if not row["message"]}  # of an earlier version
    moved = owed = 0
    for at in range(0, len(stored), _AT_ONCE):
        some = stored[at : at + _AT_ONCE]
        there = _alerts_there(connection, name, some)
        free = [row for row in some if row.key._replace(recipient=name) not in there]
        own = alert.c.id.in_([row.id for row in free])
        connection.execute(update(alert).where(own).values(recipient=name))
        for row in free:
            if row.id in without_identity:
                keep = update(alert).where(alert.c.id == row.id)
                connection.execute(keep.values(message=row.message))
        moved, owed = moved + len(free), owed + sum(row.status in OPEN for row in free)
        for row in some:
            same = there.get(row.key._replace(recipient=name))
            if same is not None:
                moved += _merge(connection, row, same)
    return moved, owed


def _alerts_there(
    connection: Connection, name: str, rows: Sequence[StoredAlert]
) -> dict[tuple[str, ...], StoredAlert]:
    columns = tuple_(*(alert.c[column] for column in ALERT_KEY))
    keys = [tuple(row.key._replace(recipient=name)) for row in rows]
    found = connection.execute(select(alert).where(columns.in_(keys))).mappings()
    return {row.key: row for row in map(stored_alert, found)}


def _merge(connection: Connection, row: StoredAlert, same: StoredAlert) -> int:
    """One of two alerts goes on, if any; whether anything had to be done for it."""
    if "sending" in (row.status, same.status):
        return 0  # it is told by whoever has it under way
    if row.status in OPEN and has_moved(same):
        content = json.dumps(row.content, ensure_ascii=False)
        again = {"status": row.status, "content": content, "next_try": row.next_try}
        _set(connection, same, again)
    elif same.status in OPEN and _RANKS[row.status] > _RANKS[same.status]:
        _set(connection, same, {"status": "lapsed", "next_try": None})
    if row.status not in OPEN:
        return 0
    content = json.dumps({**row.content, "readdressed": [row.key.channel]}, ensure_ascii=False)
    _set(connection, row, {"status": "lapsed", "content": content, "next_try": None})
    return 1


def _set(connection: Connection, row: StoredAlert, values: dict[str, Any]) -> None:
    """Sets that of an alert, unless something has become of it meanwhile."""
    same = alert.c.id == row.id, alert.c.status == row.status
    connection.execute(update(alert).where(*same).values(values))


# -- what is covered, acknowledged, unsubscribed from


def _rename_coverage(
    connection: Connection, former: str, name: str, agreements: Collection[str]
) -> int:
    theirs = coverage.c.recipient == former, coverage.c.agreement.in_(agreements)
    rows = connection.execute(select(coverage).where(*theirs)).all()
    for row in rows:
        channel = coverage.c.channel == row.channel, coverage.c.agreement == row.agreement
        ours = coverage.c.recipient == name, *channel
        there = connection.execute(select(coverage).where(*ours)).first()
        if there is None:
            own = update(coverage).where(coverage.c.recipient == former, *channel)
            connection.execute(own.values(recipient=name))
            continue
        first = min(utc(row.first), utc(there.first))
        until = max(utc(row.until), utc(there.until))
        connection.execute(update(coverage).where(*ours).values(first=first, until=until))
        connection.execute(delete(coverage).where(coverage.c.recipient == former, *channel))
    return len(rows)


def _rename_acknowledgements(
    connection: Connection, former: str, name: str, agreements: Collection[str]
) -> int:
    """Of two of one point, what was said last holds."""
    theirs = (
        acknowledgement.c.recipient == former,
        is_event_of(connection, acknowledgement.c.event, agreements),
    )
    rows = connection.execute(select(acknowledgement).where(*theirs)).all()
    for row in rows:
        point = [acknowledgement.c[key] == getattr(row, key) for key in _POINT]
        same = acknowledgement.c.recipient == name, *point
        there = connection.execute(select(acknowledgement).where(*same)).first()
        own = acknowledgement.c.number == row.number
        if there is not None and utc(there.at) >= utc(row.at):
            connection.execute(delete(acknowledgement).where(own))
            continue
        if there is not None:
            connection.execute(delete(acknowledgement).where(*same))
        connection.execute(update(acknowledgement).where(own).values(recipient=name))
    return len(rows)


def _rename_unsubscribed(
    connection: Connection, former: str, name: str, agreements: Collection[str]
) -> int:
    rows = connection.execute(select(unsubscribed).where(unsubscribed.c.recipient == former)).all()
    return sum(_move_unsubscribed(connection, row, name, row.channel, agreements) for row in rows)


def follow_mailboxes(
    connection: Connection, recipient: Recipient, agreements: Collection[str]
) -> None:
    """A mailbox that is written in other letters is the same, and stays unsubscribed."""
    query = select(unsubscribed).where(unsubscribed.c.recipient == recipient.name)
    for row in connection.execute(query).all():
        channel = recipient.same_channel(row.channel)
        if channel not in (None, row.channel):
            _move_unsubscribed(connection, row, recipient.name, str(channel), agreements)


def _move_unsubscribed(
    connection: Connection, row: Row[Any], name: str, channel: str, agreements: Collection[str]
) -> int:
    """A channel that was ended stays so, for those agreements; for others nothing changes."""
    at = utc(row.at)
    ended = split_ids(row.agreements) or known_agreements(connection, at)
    ours, rest = ended.intersection(agreements), ended.difference(agreements)
    if not ours:
        return 0
    same = unsubscribed.c.recipient == name, unsubscribed.c.channel == channel
    there = connection.execute(select(unsubscribed).where(*same)).first()
    if there is not None:
        at = max(at, utc(there.at))
        ours |= split_ids(there.agreements) or known_agreements(connection, utc(there.at))
    new = {"recipient": name, "channel": channel, "at": at, "agreements": joined_ids(ours)}
    upsert(connection, unsubscribed, [new], ("recipient", "channel"))
    own = unsubscribed.c.recipient == row.recipient, unsubscribed.c.channel == row.channel
    if rest:
        connection.execute(update(unsubscribed).where(*own).values(agreements=joined_ids(rest)))
    else:
        connection.execute(delete(unsubscribed).where(*own))
    return 1
