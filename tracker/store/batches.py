"""Batches: what waits for one recipient through one channel, put together into one alert.

Each reminder is written down as an alert of its own, whose key decides that there is one. In the
same transaction those that wait together are named by a batch, an alert that holds what each of
them is. So each reminder goes out alone or in one batch, whoever plans, and however often.

What was not tried yet and what was tried in vain are batches of their own: what a service has
refused keeps nothing new from arriving. What a process had under way when it died may have arrived,
and is repeated alone, under its own identity.

A batch names the agreements of what it holds. Where some of them are not loaded, it is taken apart:
what is loaded here is sent, and the rest waits as it would have alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, RowMapping, func, insert, or_, select, update

from tracker.reminders.batches import BATCH, FEWEST, SINGLE_KINDS, WITHIN, even_parts, is_batch
from tracker.reminders.plan import AlertKey
from tracker.store.database import utc
from tracker.store.jobs import NewJob
from tracker.store.ledger import ClaimedAlert, Gathered, StoredAlert, agreements_named
from tracker.store.message_ids import message_id
from tracker.store.nearer_leads import name_earlier_leads, tell_again
from tracker.store.schema import ALERT_KEY, alert

#: Among the agreements of a batch: an agreement that nobody has. Processes of earlier versions know
#: no batches; what names an agreement that they have not loaded they leave to others.
_NOBODYS = ""
#: What of its key a reminder has of its own in a batch: the rest is the batch's.
_OWN = ALERT_KEY[2:]


def gather(
    connection: Connection,
    agreements: Collection[str],
    now: datetime,
    most: Callable[[str], int],
) -> Gathered:
    """Puts together what waits of those agreements, as a part of somebody's transaction.

    `most`: how many reminders a message has room for on the channel of that name.
    """
    to_send = _take_apart_torn(connection, agreements)
    named = name_earlier_leads(connection, agreements)
    for waiting in _groups(connection, agreements, now):
        room = most(waiting.channel)
        if room < FEWEST:
            continue
        for part in even_parts(_rows_of(connection, waiting, agreements, now), room):
            numbers, batch = _write_batch(connection, part, now)
            named |= numbers
            to_send += batch
    return Gathered(frozenset(named), [job for job in to_send if job.alert not in named])


def entries_of(batch: ClaimedAlert) -> list[ClaimedAlert]:
    """The reminders that a batch names, each as it would be sent alone."""
    return [
        ClaimedAlert(
            batch.id,
            AlertKey(*batch.key[:2], *(entry[name] for name in _OWN)),
            datetime.fromisoformat(entry["due"]),
            entry["message"],
            entry["content"],
        )
        for entry in batch.content["reminders"]
    ]


class _Waiting(NamedTuple):
    """What waits for one recipient through one channel."""

    recipient: str
    channel: str
    was_tried: bool


def _waits(agreements: Collection[str], now: datetime) -> list[ColumnElement[bool]]:
    """Of a reminder that waits, and did not arrive for sure.

    What waits though it was not tried is held back: until its recipient's quiet hours end, or what
    it is about is back in the files.
    """
    return [
        or_(alert.c.attempts > 0, alert.c.next_try.is_(None), alert.c.next_try <= now),
        alert.c.status == "written",
        alert.c.claimed_by == "",
        alert.c.kind.in_(SINGLE_KINDS),
        alert.c.agreement.in_(agreements),
    ]


def _groups(
    connection: Connection, agreements: Collection[str], now: datetime
) -> Iterator[_Waiting]:
    """Those of whom so many wait that they are a batch."""
    was_tried = (alert.c.attempts > 0).label("was_tried")
    query = select(alert.c.recipient, alert.c.channel, was_tried, func.count())
    query = query.where(*_waits(agreements, now))
    query = query.group_by(alert.c.recipient, alert.c.channel, "was_tried")
    for recipient, channel, tried, count in connection.execute(query).all():
        waiting = _Waiting(recipient, channel, bool(tried))
        if is_batch(count, FEWEST) and is_batch(count, _recent(connection, waiting, now)):
            yield waiting


def _recent(connection: Connection, waiting: _Waiting, now: datetime) -> int:
    """How many reminders that fell due within the last hour are sent already."""
    query = select(func.count()).where(
        alert.c.due > now - WITHIN,
        alert.c.status.in_(("sending", "sent")),
        alert.c.kind.in_(SINGLE_KINDS),
        alert.c.recipient == waiting.recipient,
        alert.c.channel == waiting.channel,
    )
    return connection.scalar(query) or 0


def _rows_of(
    connection: Connection, waiting: _Waiting, agreements: Collection[str], now: datetime
) -> Sequence[RowMapping]:
    """Their reminders, which nobody else takes meanwhile; what comes first, first."""
    tried = alert.c.attempts > 0 if waiting.was_tried else alert.c.attempts == 0
    query = (
        select(alert)
        .where(*_waits(agreements, now), tried)
        .where(alert.c.recipient == waiting.recipient, alert.c.channel == waiting.channel)
        .order_by(alert.c.counts_to == "", alert.c.counts_to, alert.c.id)
        .with_for_update(skip_locked=True)
    )
    return connection.execute(query).mappings().all()


def _write_batch(
    connection: Connection, rows: Sequence[RowMapping], now: datetime
) -> tuple[set[int], list[NewJob]]:
    """The numbers of those that the new batch names, and the batch."""
    ours = [alert.c.id.in_([row["id"] for row in rows]), alert.c.status == "written"]
    take = update(alert).where(*ours).values(status="named").returning(alert.c.id)
    named = set(connection.scalars(take))  # of SQLite, a claim may have come between
    rows = [row for row in rows if row["id"] in named]
    if not rows:
        return named, []
    columns = (alert.c.id, alert.c.channel, alert.c.next_try)
    batch = connection.execute(
        insert(alert).values(_batch_row(rows, now)).returning(*columns)
    ).one()
    return named, [NewJob(batch.id, batch.channel, batch.next_try)]


def _batch_row(rows: Sequence[RowMapping], now: datetime) -> dict[str, Any]:
    """A batch is due when its first reminder was, and given up when its last is."""
    first = rows[0]
    entries = [_entry(row) for row in rows]
    # What it names is named by no other, so that it needs no key that others could find.
    own = (first["agreement"], "", "", "", str(uuid4()))
    key = AlertKey(first["recipient"], first["channel"], BATCH, *own)
    content = {
        "agreements": [_NOBODYS, *sorted({row["agreement"] for row in rows})],
        "reminders": entries,
    }
    tries = [utc(row["next_try"]) for row in rows if row["next_try"] is not None]
    return {
        **key._asdict(),
        "status": "written",
        "due": min(row["due"] for row in rows),
        "written_at": now,
        "agreement": first["agreement"],
        "message": message_id(key),
        "content": json.dumps(content, ensure_ascii=False),
        "attempts": min(row["attempts"] for row in rows),
        "next_try": min(tries) if len(tries) == len(rows) and min(tries) > now else None,
        "error": max(rows, key=lambda row: row["attempts"])["error"],
    }


def _entry(row: RowMapping) -> dict[str, Any]:
    return {
        **{name: row[name] for name in _OWN},
        "due": utc(row["due"]).isoformat(),
        "message": row["message"] or message_id(AlertKey(*(row[name] for name in ALERT_KEY))),
        "content": json.loads(row["content"]),
    }


def take_apart(connection: Connection, batches: Sequence[StoredAlert]) -> list[str]:
    """Has each reminder of those batches be for itself again; the identities of their messages."""
    for batch in batches:
        here = select(alert).where(alert.c.id == batch.id, alert.c.status == batch.status)
        if row := connection.execute(here).mappings().first():
            _take_apart(connection, row, batch.content["reminders"])
    return [entry["message"] for batch in batches for entry in batch.content["reminders"]]


def hold_back(
    connection: Connection, batch: ClaimedAlert, messages: Collection[str], until: datetime
) -> list[NewJob]:
    """Takes a batch that is under way apart: some of its reminders wait until then."""
    here = select(alert).where(alert.c.id == batch.id, alert.c.status == "sending")
    row = connection.execute(here).mappings().first()
    if row is None:
        return []
    at_once = {**row, "next_try": None}
    to_send = _take_apart(connection, at_once, batch.content["reminders"])
    held = update(alert).where(alert.c.message.in_(messages), alert.c.status == "written")
    connection.execute(held.values(next_try=until, attempts=0))
    return to_send


def _take_apart_torn(connection: Connection, agreements: Collection[str]) -> list[NewJob]:
    """Takes apart what holds reminders of some of the agreements, and of others.

    And what waits, and tells of a day of which something else tells that waits as well.
    """
    loaded = frozenset(agreements)
    is_open = alert.c.status.in_(("written", "failed"))
    query = select(alert).where(alert.c.kind == BATCH, is_open).with_for_update(skip_locked=True)
    to_send = []
    rows = connection.execute(query).mappings().all()
    waiting = [row for row in rows if row["status"] == "written" and not row["claimed_by"]]
    again = tell_again(connection, agreements, waiting)
    for row in rows:
        content = json.loads(row["content"])
        names = agreements_named(AlertKey(*(row[name] for name in ALERT_KEY)), content)
        if names & loaded and (names - loaded or row["id"] in again):
            to_send += _take_apart(connection, row, content["reminders"])
    return to_send


def _take_apart(
    connection: Connection, batch: Mapping[Any, Any], entries: Sequence[dict[str, Any]]
) -> list[NewJob]:
    """Has each reminder of a batch sent for itself, as the batch would have been."""
    end = update(alert).where(alert.c.id == batch["id"], alert.c.status == batch["status"])
    if not connection.execute(end.values(status="named")).rowcount:
        return []
    as_batch = {name: batch[name] for name in ("attempts", "next_try", "error")}
    as_batch["status"] = "failed" if batch["status"] == "failed" else "written"
    to_send = []
    for entry in entries:
        own = [alert.c[name] == entry[name] for name in _OWN]
        again = update(alert).where(alert.c.message == entry["message"], *own)
        again = again.where(alert.c.status == "named").values(**as_batch, claimed_by="")
        columns = (alert.c.id, alert.c.channel, alert.c.next_try)
        rows = connection.execute(again.returning(*columns))
        to_send += [NewJob(row.id, row.channel, row.next_try) for row in rows]
    return [] if batch["status"] == "failed" else to_send
