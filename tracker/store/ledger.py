"""The ledger: every alert, to whom and when. A unique key decides; planning twice is harmless.

What is planned is written down here (Ledger.write); outbox.py gives it out to be sent and marks
what became of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    case,
    func,
    not_,
    or_,
    select,
    update,
)

from tracker.agreements.keys import PointKey
from tracker.reminders.due import Coverage, CoverageKey
from tracker.reminders.plan import AlertKey
from tracker.store import jobs
from tracker.store.database import Database, lock_until_commit, utc
from tracker.store.known_days import KnownDays, note_days, read_days
from tracker.store.message_ids import message_id
from tracker.store.schema import ALERT_KEY, alert, coverage
from tracker.store.upsert import insert_and_return, insert_new
from tracker.store.written_ahead import revive, undone_ahead

#: Rows that are put together and written at once; more would cost memory and save no time.
_AT_ONCE = 500


class NewAlert(NamedTuple):
    """An alert to write down."""

    key: AlertKey
    agreement: str
    due: datetime
    content: Mapping[str, object]  #: what cannot be computed again; goes into JSON
    named: tuple[AlertKey, ...] = ()  #: of other reminders that its message names: done with it
    not_before: datetime | None = None  #: not to be sent before; None: at once


class ClaimedAlert(NamedTuple):
    """An alert that a process has under way."""

    id: int
    key: AlertKey
    due: datetime
    message: str
    content: dict[str, Any]
    attempts: int = 0


class Gathered(NamedTuple):
    """What has become of alerts that waited."""

    named: frozenset[int]  #: the numbers of those that a batch names now
    to_send: list[jobs.NewJob]  #: the batches, and what was taken out of one


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
    def agreements(self) -> frozenset[str]:
        """The agreements that its message names."""
        return frozenset((self.agreement, *agreements_named(self.key, self.content)))

    @property
    def as_claimed(self) -> ClaimedAlert:
        """What its message is made of."""
        return ClaimedAlert(self.id, self.key, self.due, self.message, self.content, self.attempts)


def agreements_named(key: AlertKey, content: Mapping[str, Any]) -> frozenset[str]:
    """The agreements that a message about several may name; of a reminder nothing is said.

    Of a change of which an earlier version has not written them down: all of which it was to tell
    by then.

    >>> change = AlertKey("legal", "terminal", "change", "b/x", "when", "", "2030-12-31", "a,b/7")
    >>> sorted(agreements_named(change, {})), agreements_named(change, {"agreements": ["b"]})
    (['a', 'b'], frozenset({'b'}))
    """
    if "agreements" in content:
        return frozenset(content["agreements"]) - {""}  # in a batch: nobody's
    if key.kind != "change":
        return frozenset()
    published = key.lead.rpartition("/")[0]
    return frozenset() if ":" in published else frozenset(published.split(","))


class Ledger:
    """The part of the database that holds all alerts. All of it raises LedgerError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- what is known

    def note_days(
        self, points: Iterable[tuple[PointKey, str]], agreements: Iterable[str], now: datetime
    ) -> KnownDays:
        """Notes the day that each point of the agreements counts to; what is known of each.

        A day that is new is known from now on, and so is one that was noted by a clock that has
        been set back. A point that is gone is remembered for some days.
        """
        with self._database.transaction() as connection:
            lock_until_commit(connection, "tracker said")
            return note_days(connection, dict(points), frozenset(agreements), now)

    def known_days(
        self, points: Iterable[tuple[PointKey, str]], agreements: Iterable[str], now: datetime
    ) -> KnownDays:
        """As note_days(), and nothing is noted."""
        with self._database.transaction() as connection:
            return read_days(connection, dict(points), frozenset(agreements), now)

    def coverage(self, agreements: Collection[str]) -> dict[CoverageKey, Coverage]:
        """From when until when each channel has been covered, for those agreements."""
        query = select(coverage).where(coverage.c.agreement.in_(agreements))
        with self._database.transaction() as connection:
            rows = connection.execute(query).all()
        return {
            CoverageKey(row.recipient, row.channel, row.agreement): Coverage(
                utc(row.first), utc(row.until)
            )
            for row in rows
        }

    def keys_due_since(self, since: datetime, agreements: Collection[str]) -> set[AlertKey]:
        """The keys of those agreements' alerts due since then, whatever became of them.

        What tells of several agreements (a digest) has a key for each of them.
        """
        columns = [alert.c[name] for name in ALERT_KEY]
        ours = alert.c.agreement.in_(agreements)
        of_several = alert.c.kind.in_(("digest", "nudge"))
        due = alert.c.due >= since
        with self._database.transaction() as connection:
            rows = connection.execute(select(*columns).where(due, ours, not_(of_several)))
            keys = {AlertKey(*row) for row in rows}
            told = select(*columns, alert.c.content).where(due, of_several)
            for *columns_of_key, content in connection.execute(told):
                key = AlertKey(*columns_of_key)
                named = agreements_named(key, json.loads(content))
                if not named and key.event in agreements:  # an earlier version: it told of all
                    named = frozenset(agreements)
                keys.update(key._replace(event=name) for name in named)
        return keys

    def undone_ahead(
        self, since: datetime, agreements: Collection[str], now: datetime
    ) -> set[AlertKey]:
        """Of the keys of alerts due since then, those not done: by a clock that ran ahead.

        They are of nearer reminders that a message only named, and of days told as passed.
        """
        with self._database.transaction() as connection:
            return undone_ahead(connection, since, agreements, now)

    # -- what is written

    def write(
        self,
        alerts: Sequence[NewAlert],
        now: datetime,
        covered: Iterable[CoverageKey] = (),
        gather: Callable[[Connection], Gathered] | None = None,
    ) -> None:
        """Writes down alerts to be sent, and what is covered until now: all or nothing.

        `gather` puts together what then waits.
        """
        with self._database.transaction() as connection:
            with_jobs = jobs.has_tables(connection)
            to_send = _insert(connection, alerts, now, with_jobs)
            if gather is not None:
                gathered = gather(connection)
                to_send = [job for job in to_send if job.alert not in gathered.named]
                to_send += gathered.to_send
            if with_jobs:
                jobs.defer(connection, to_send)
            for key in covered:
                where = [coverage.c[name] == value for name, value in key._asdict().items()]
                connection.execute(update(coverage).where(*where).values(until=now))

    def write_within(
        self, connection: Connection, alerts: Sequence[NewAlert], now: datetime
    ) -> None:
        """Writes alerts down, as a part of somebody's transaction; with jobs where workers are."""
        if alerts:
            with_jobs = jobs.has_tables(connection)
            to_send = _insert(connection, alerts, now, with_jobs)
            if with_jobs:
                jobs.defer(connection, to_send)

    def has_same(self, connection: Connection, new: NewAlert, since: datetime) -> bool:
        """Whether an alert that says the same to the same was written since then, by whomever."""
        key = new.key._asdict()
        same = [alert.c[name] == value for name, value in key.items() if name != "lead"]
        query = select(alert.c.content).where(*same, alert.c.written_at >= since)
        blocks = [list(block) for block in cast("list[Any]", new.content["blocks"])]
        return any(json.loads(text).get("blocks") == blocks for text in connection.scalars(query))

    def begin_coverage(self, channels: Iterable[CoverageKey], now: datetime) -> None:
        """From now on those channels are covered; where they are already, nothing changes.

        What began on a day that is still ahead began by a clock that has been set back: it is now.
        """
        rows = [{**key._asdict(), "first": now, "until": now} for key in channels]
        with self._database.transaction() as connection:
            insert_new(connection, coverage, rows, CoverageKey._fields)
            agreements = {row["agreement"] for row in rows}
            ours = coverage.c.agreement.in_(agreements)
            ahead = update(coverage).where(coverage.c.first > now, ours)
            connection.execute(ahead.values(first=now, until=now))

    # -- what was

    def history(
        self, agreements: Collection[str], first: datetime, last: datetime, most: int
    ) -> list[StoredAlert]:
        """Those agreements' alerts that fell due or went in that time, and those still open.

        What names several is due when the first of them was.
        """
        of_time = or_(alert.c.due.between(first, last), alert.c.sent_at.between(first, last))
        is_open = alert.c.status.in_(("written", "sending", "failed"))
        order = (alert.c.due.desc(), alert.c.id.desc())
        ours = alert.c.agreement.in_(agreements)
        query = select(alert).where(ours, or_(of_time, is_open)).order_by(*order).limit(most)
        with self._database.transaction() as connection:
            rows = connection.execute(query).mappings().all()
        alerts = map(stored_alert, reversed(rows))
        return [row for row in alerts if row.agreements.issubset(agreements)]

    def counts(self, agreements: Collection[str]) -> dict[str, int]:
        """How many alerts of those agreements there are of each status."""
        ours = alert.c.agreement.in_(agreements)
        query = select(alert.c.status, func.count()).where(ours).group_by(alert.c.status)
        with self._database.transaction() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def count_due(self, agreements: Collection[str], now: datetime) -> int:
        """How many alerts of those agreements wait to be sent now."""
        ours = (is_to_be_sent(now), alert.c.agreement.in_(agreements))
        query = select(func.count()).select_from(alert).where(*ours)
        with self._database.transaction() as connection:
            return connection.scalar(query) or 0

    def find_by_message(self, message: str) -> StoredAlert | None:
        """The alert of that message, of whichever agreement it is.

        A batch may name it; what it names besides has the same message, and is of the same point.
        """
        is_named = case((alert.c.status == "named", 1), else_=0)
        query = select(alert).where(alert.c.message == message).order_by(is_named, alert.c.id)
        with self._database.transaction() as connection:
            row = connection.execute(query.limit(1)).mappings().first()
        return None if row is None else stored_alert(row)


def is_to_be_sent(now: datetime) -> ColumnElement[bool]:
    """Whether an alert waits to be sent at that instant."""
    return and_(
        alert.c.status == "written", or_(alert.c.next_try.is_(None), alert.c.next_try <= now)
    )


def _insert(
    connection: Connection, alerts: Sequence[NewAlert], now: datetime, with_jobs: bool
) -> list[jobs.NewJob]:
    """Writes those whose key is not there yet; with jobs, gives those of what is to be sent."""
    to_send: list[jobs.NewJob] = []
    for at in range(0, len(alerts), _AT_ONCE):
        rows = [
            _row(new, key, now)
            for new in alerts[at : at + _AT_ONCE]
            for key in (new.key, *new.named)
        ]
        to_send += revive(connection, rows, now)
        if not with_jobs:
            insert_new(connection, alert, rows, ALERT_KEY)
            continue
        columns = ("id", "channel", "next_try", "status")
        written = insert_and_return(connection, alert, rows, ALERT_KEY, columns)
        to_send += [
            jobs.NewJob(row.id, row.channel, row.next_try)
            for row in written
            if row.status == "written"
        ]
    return to_send


def _row(new: NewAlert, key: AlertKey, now: datetime) -> dict[str, Any]:
    """The row of a new alert, or of one that its message names as well."""
    is_named = key != new.key
    return {
        **key._asdict(),
        "status": "named" if is_named else "written",
        "due": new.due,
        "written_at": now,
        "agreement": new.agreement,
        "message": message_id(new.key),
        "content": "{}" if is_named else json.dumps(new.content, ensure_ascii=False),
        "next_try": new.not_before,
    }


def claimed_alert(row: Any) -> ClaimedAlert:
    """An alert that was claimed, of its row: number, key, due, message, content, attempts."""
    number, *fields = row
    key = AlertKey(*fields[: len(ALERT_KEY)])
    due, message, content, attempts = fields[len(ALERT_KEY) :]
    value = json.loads(content) if content != "{}" else {}
    return ClaimedAlert(number, key, utc(due), message or message_id(key), value, attempts)


def stored_alert(row: RowMapping) -> StoredAlert:
    """An alert, of its row."""
    sent_at, next_try = row["sent_at"], row["next_try"]
    key = AlertKey(*(row[name] for name in ALERT_KEY))
    return StoredAlert(
        row["id"],
        key,
        row["agreement"],
        row["status"],
        utc(row["due"]),
        row["message"] or message_id(key),
        json.loads(row["content"]),
        row["attempts"],
        utc(row["written_at"]),
        None if sent_at is None else utc(sent_at),
        None if next_try is None else utc(next_try),
        row["error"],
    )
