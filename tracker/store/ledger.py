"""The ledger: what was said, to whom and when. A unique key decides; planning twice is harmless.

What is planned is written down here (Ledger.write); outbox.py gives it out to be sent and marks
what became of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import Connection, RowMapping, and_, bindparam, delete, func, or_, select, update

from tracker.reminders.due import Coverage, CoverageKey
from tracker.reminders.plan import AlertKey, PointKey
from tracker.store import jobs
from tracker.store.database import Database, lock_until_commit, utc
from tracker.store.schema import KEY, alert, looked, said
from tracker.store.upsert import insert_and_return, insert_new, upsert

#: The namespace of every message's identity, for ever.
_MESSAGES = UUID("0b1a3b57-9b61-5b0e-8f5c-3f9a7d2c4e10")
_EVERYBODY = ""
#: Rows that are put together and written at once: memory, not speed, is what more would cost.
_AT_ONCE = 500


class NewAlert(NamedTuple):
    """An alert to write down."""

    key: AlertKey
    agreement: str
    due: datetime
    content: Mapping[str, object]  #: what cannot be computed again; goes into JSON
    named: tuple[AlertKey, ...] = ()  #: those that it stands for
    from_: datetime | None = None  #: not to be sent before; None: at once


class ClaimedAlert(NamedTuple):
    """An alert that is to be sent."""

    id: int
    key: AlertKey
    due: datetime
    message: str
    content: dict[str, Any]
    attempts: int = 0


class StoredAlert(NamedTuple):
    """An alert as the ledger has it."""

    id: int
    key: AlertKey
    agreement: str
    status: str
    due: datetime
    message: str
    content: dict[str, Any]
    attempts: int
    written_at: datetime
    sent_at: datetime | None
    next_try: datetime | None
    error: str

    @property
    def as_claimed(self) -> ClaimedAlert:
        """What its message is made of."""
        return ClaimedAlert(self.id, self.key, self.due, self.message, self.content, self.attempts)


def message_of(key: AlertKey) -> str:
    """The identity of an alert's message: the same however often it is sent."""
    return str(uuid5(_MESSAGES, "\x1f".join(key)))


class Ledger:
    """The part of the database that knows what was said. All of it raises LedgerError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- what is known

    def note_days(
        self, points: Iterable[tuple[PointKey, str]], agreements: Iterable[str], now: datetime
    ) -> dict[PointKey, datetime]:
        """Notes the day that each point of the agreements counts to; since when each is known.

        A day that is new is known from now on, and so is one that was noted by a clock that has
        been set back; a point that is gone is forgotten.
        """
        present, ours = dict(points), set(agreements)
        with self._database.transaction() as connection:
            lock_until_commit(connection, "tracker said")
            everybody = select(said).where(said.c.audience == _EVERYBODY)
            rows = connection.execute(everybody).mappings().all()
            known = {_point_key(row): row for row in rows}
            new = [key for key in present if key not in known]
            moved = [
                key
                for key, row in known.items()
                if key in present and (present[key] != row["counts_to"] or utc(row["since"]) > now)
            ]
            gone = [
                row["id"]
                for key, row in known.items()
                if key not in present and key.event.partition("/")[0] in ours
            ]
            _note(connection, present, new, now)
            if moved:
                day = {"counts_to": bindparam("day"), "since": now}
                move = update(said).where(said.c.id == bindparam("number")).values(day)
                days = [{"number": known[key]["id"], "day": present[key]} for key in moved]
                connection.execute(move, days)
            for at in range(0, len(gone), _AT_ONCE):
                connection.execute(delete(said).where(said.c.id.in_(gone[at : at + _AT_ONCE])))
        since = {key: utc(row["since"]) for key, row in known.items() if key in present}
        return since | dict.fromkeys((*new, *moved), now)

    def coverage(self) -> dict[CoverageKey, Coverage]:
        """When each channel was looked after the first and the last time."""
        with self._database.transaction() as connection:
            rows = connection.execute(select(looked)).all()
        return {
            CoverageKey(row.recipient, row.channel, row.agreement): Coverage(
                utc(row.first), utc(row.until)
            )
            for row in rows
        }

    def keys_due_since(self, since: datetime) -> set[AlertKey]:
        """The keys of the alerts due since then, whatever became of them."""
        columns = [alert.c[name] for name in KEY]
        with self._database.transaction() as connection:
            rows = connection.execute(select(*columns).where(alert.c.due >= since))
            return {AlertKey(*row) for row in rows}

    # -- what is written

    def write(
        self, alerts: Sequence[NewAlert], now: datetime, looked_after: Iterable[CoverageKey] = ()
    ) -> None:
        """Writes alerts down to be sent, and who was looked after, all or nothing."""
        with self._database.transaction() as connection:
            self.write_within(connection, alerts, now)
            for one in looked_after:
                where = [looked.c[name] == value for name, value in one._asdict().items()]
                connection.execute(update(looked).where(*where).values(until=now))

    def write_within(
        self, connection: Connection, alerts: Sequence[NewAlert], now: datetime
    ) -> None:
        """The same, as a part of somebody's transaction."""
        with_jobs = bool(alerts) and jobs.has_tables(connection)
        for at in range(0, len(alerts), _AT_ONCE):
            rows = [
                _row(one, key, now, "written" if key == one.key else "named")
                for one in alerts[at : at + _AT_ONCE]
                for key in (one.key, *one.named)
            ]
            if not with_jobs:
                insert_new(connection, alert, rows, KEY)
                continue
            new = insert_and_return(
                connection, alert, rows, KEY, ("id", "channel", "next_try", "status")
            )
            written = (row for row in new if row.status == "written")
            jobs.defer(
                connection, (jobs.NewJob(one.id, one.channel, one.next_try) for one in written)
            )

    def begin_coverage(self, channels: Iterable[CoverageKey], now: datetime) -> None:
        """From now on those channels are looked after; where they are already, nothing changes.

        What began on a day that is still ahead began by a clock that has been set back: it is now.
        """
        rows = [{**one._asdict(), "first": now, "until": now} for one in channels]
        with self._database.transaction() as connection:
            insert_new(connection, looked, rows, CoverageKey._fields)
            ahead = update(looked).where(looked.c.first > now)
            connection.execute(ahead.values(first=now, until=now))

    def probe(self, now: datetime) -> None:
        """Finds out whether it can be written, and leaves nothing."""
        row = {**CoverageKey("", "", "")._asdict(), "first": now, "until": now}
        with self._database.transaction() as connection:
            upsert(connection, looked, [row], CoverageKey._fields)
            connection.rollback()

    # -- what was

    def history(self, first: datetime, last: datetime, most: int) -> list[StoredAlert]:
        """The alerts that fell due in that time, and those before it that are still open."""
        of_time = and_(alert.c.due >= first, alert.c.due <= last)
        is_open = alert.c.status.in_(("written", "sending", "failed"))
        order = (alert.c.due.desc(), alert.c.id.desc())
        wanted = select(alert).where(or_(of_time, is_open)).order_by(*order).limit(most)
        with self._database.transaction() as connection:
            rows = connection.execute(wanted).mappings().all()
        return [stored_alert(row) for row in reversed(rows)]

    def counts(self) -> dict[str, int]:
        """How many alerts there are of each status."""
        wanted = select(alert.c.status, func.count()).group_by(alert.c.status)
        with self._database.transaction() as connection:
            return {row[0]: row[1] for row in connection.execute(wanted)}

    def count_due(self, now: datetime) -> int:
        """How many alerts wait to be sent now."""
        waits = (
            alert.c.status == "written",
            or_(alert.c.next_try.is_(None), alert.c.next_try <= now),
        )
        with self._database.transaction() as connection:
            return connection.scalar(select(func.count()).select_from(alert).where(*waits)) or 0

    def find_by_message(self, message: str) -> StoredAlert | None:
        """The alert of that message."""
        with self._database.transaction() as connection:
            wanted = select(alert).where(alert.c.message == message, alert.c.status != "named")
            row = connection.execute(wanted).mappings().first()
        return None if row is None else stored_alert(row)


def _note(
    connection: Connection, present: Mapping[PointKey, str], new: Sequence[PointKey], now: datetime
) -> None:
    rows = [
        {
            "audience": _EVERYBODY,
            **key._asdict(),
            "counts_to": present[key],
            "since": now,
            "first": now,
        }
        for key in new
    ]
    if rows:
        insert_new(connection, said, rows, ("audience", *PointKey._fields))


def _row(one: NewAlert, key: AlertKey, now: datetime, status: str) -> dict[str, Any]:
    return {
        **key._asdict(),
        "status": status,
        "due": one.due,
        "written_at": now,
        "agreement": one.agreement,
        "message": message_of(one.key),
        "content": json.dumps(one.content, ensure_ascii=False) if key == one.key else "{}",
        "next_try": one.from_,
    }


def claimed_alert(row: Any) -> ClaimedAlert:
    """The same of a row that was given out: its number, its key, then the other fields."""
    number, *others = row
    key = AlertKey(*others[: len(KEY)])
    due, message, content, attempts = others[len(KEY) :]
    value = json.loads(content) if content != "{}" else {}
    return ClaimedAlert(number, key, utc(due), message or message_of(key), value, attempts)


def stored_alert(row: RowMapping) -> StoredAlert:
    """A row of the table as a value."""
    sent_at, next_try = row["sent_at"], row["next_try"]
    key = AlertKey(*(row[name] for name in KEY))
    return StoredAlert(
        row["id"],
        key,
        row["agreement"],
        row["status"],
        utc(row["due"]),
        row["message"] or message_of(key),
        json.loads(row["content"]),
        row["attempts"],
        utc(row["written_at"]),
        None if sent_at is None else utc(sent_at),
        None if next_try is None else utc(next_try),
        row["error"],
    )


def _point_key(row: RowMapping) -> PointKey:
    return PointKey(row["event"], row["point"], row["occurrence"])
