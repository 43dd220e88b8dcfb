"""What is to be sent: given out to one process at a time, and marked with what became of it.

Each change of an alert's status is one statement, which one process alone wins. A process that
dies leaves what it had under way at `sending`; another one takes it back once it sees that the
process is no longer there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)

from tracker.store import jobs
from tracker.store.batches import hold_back
from tracker.store.database import Database, LedgerError, notify_others, utc
from tracker.store.held_channels import HeldChannels
from tracker.store.ledger import ClaimedAlert, Gathered, claimed_alert, is_to_be_sent
from tracker.store.process_locks import ProcessLock
from tracker.store.schema import ALERT_KEY, PUT_BACK, RECOVERED, alert
from tracker.store.stray_alerts import RECENT

_MARK_SENT = (
    update(alert)
    .where(alert.c.id == bindparam("number"))
    .values(status="sent", sent_at=bindparam("now"), next_try=None, error="")
)
#: Tries after which it is clear that a channel does not take something.
_MOST_SHOWN = 3
#: What claimed_alert() takes.
_CLAIMED = [alert.c[name] for name in ("id", *ALERT_KEY, "due", "message", "content", "attempts")]


class Outbox:
    """What one process takes from what is to be sent. All of it raises LedgerError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.name = str(uuid4())
        #: Kept: each mark would take twice as long through one of its own.
        self.connection = database.connect()
        try:
            self._own_lock = ProcessLock(database, self.name, self.connection)
        except BaseException:
            database.give_back(self.connection)
            raise
        self.held_channels = HeldChannels(database)
        self._unwritten: dict[int, datetime] = {}  #: delivered when, and not yet marked
        self._writing = Lock()

    def close(self) -> None:
        """This process has nothing under way any more. What was delivered is marked."""
        with suppress(LedgerError):
            self.flush()
        try:
            self._own_lock.close()
        finally:
            self._database.give_back(self.connection)

    # -- what is given out

    def claim(
        self, channels: Sequence[str], agreements: Sequence[str], now: datetime, most: int
    ) -> list[ClaimedAlert]:
        """Alerts to send now through those channels, the ones that are due first; nobody else's.

        Of one alone, as a trial, it is the one that was tried least: none is always the first.
        """
        self.flush()
        with self._writing:
            self._own_lock.renew()
        next_due = (
            select(alert.c.id)
            .where(is_to_be_sent(now))
            .where(alert.c.channel.in_(channels), alert.c.agreement.in_(agreements))
            .order_by(*((alert.c.attempts,) if most == 1 else ()), alert.c.due, alert.c.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        claim = (
            update(alert)
            .where(alert.c.id.in_(next_due.scalar_subquery()))
            .values(status="sending", claimed_by=self.name)
            .returning(*_CLAIMED)
        )
        with self._database.transaction() as connection:
            rows = [claimed_alert(row) for row in connection.execute(claim)]
        return sorted(rows, key=lambda row: (row.due, row.id))

    def claim_for_job(
        self, job: int, number: int, agreements: Sequence[str]
    ) -> ClaimedAlert | None:
        """The alert with that number, for a job to send; None: there is nothing to send.

        A job may claim again what it had under way: the worker that ran it was killed.
        """
        self.flush()
        name = f"{jobs.CLAIMANT}{job}"
        ours = and_(alert.c.status == "sending", alert.c.claimed_by == name)
        claim = (
            update(alert)
            .where(alert.c.id == number, alert.c.agreement.in_(agreements))
            .where(or_(alert.c.status == "written", ours))
            .values(status="sending", claimed_by=name)
            .returning(*_CLAIMED)
        )
        with self._database.transaction() as connection:
            row = connection.execute(claim).first()
        return None if row is None else claimed_alert(row)

    def is_waiting(self, number: int) -> bool:
        """Whether the alert with that number is still to be sent, and nobody has it under way."""
        query = select(alert.c.status).where(alert.c.id == number)
        with self._database.transaction() as connection:
            return connection.scalar(query) == "written"

    def first_to_send(
        self, channels: Collection[str], agreements: Collection[str], now: datetime
    ) -> datetime | None:
        """When the first alert of those is to be sent that nobody has under way; by now: `now`."""
        ours = (alert.c.channel.in_(channels), alert.c.agreement.in_(agreements))
        columns = (func.min(alert.c.next_try), func.count() - func.count(alert.c.next_try))
        query = select(*columns).where(alert.c.status == "written", *ours)
        with self._database.transaction() as connection:
            first, without_wait = connection.execute(query).one()
        if without_wait:
            return now
        return None if first is None else max(utc(first), now)

    # -- what became of it

    def mark_sent(self, numbers: Iterable[int], now: datetime) -> None:
        """Marks alerts as sent; once this returns, it is written."""
        with self._writing:
            self._unwritten |= dict.fromkeys(numbers, now)
            self._write_marks()

    def flush(self) -> None:
        """Writes the marks that could not be written when they were made."""
        with self._writing:
            self._write_marks()

    def _write_marks(self) -> None:
        if not self._unwritten:
            return
        rows = [{"number": number, "now": now} for number, now in self._unwritten.items()]
        try:
            self._execute_marks(rows)
        except LedgerError:
            if not self.connection.invalidated:
                raise
            self._execute_marks(rows)  # anew: a server that was restarted has cut the connection
        self._unwritten.clear()

    def _execute_marks(self, rows: list[dict[str, Any]]) -> None:
        with self._database.transaction_on(self.connection) as connection:
            connection.execute(_MARK_SENT, rows if len(rows) > 1 else rows[0])

    def retry_later(
        self, numbers: Iterable[int], at: datetime | None, error: str, tries: int = 1
    ) -> None:
        """Puts alerts back, to be sent from then on; that try has failed, and counts as so many."""
        values = {"next_try": at, "error": error, "attempts": alert.c.attempts + tries}
        self._set(numbers, {**PUT_BACK, **values})

    def put_back(self, numbers: Iterable[int], until: datetime | None = None) -> None:
        """Puts alerts back that nobody has tried to send; if `until` is given, they wait for it."""
        self._set(numbers, PUT_BACK if until is None else {**PUT_BACK, "next_try": until})

    def give_up(self, numbers: Iterable[int], error: str) -> None:
        """Gives alerts up; they stay visible, and retry() takes them up again."""
        values = {"status": "failed", "error": error, "attempts": alert.c.attempts + 1}
        self._set(numbers, values)

    def postpone(
        self,
        channels: Sequence[str],
        agreements: Collection[str],
        now: datetime,
        *,
        waits: Sequence[timedelta],
        error: str,
    ) -> int:
        """Puts off what is due of those agreements through those channels.

        Gives how many are given up. That counts as a try of each. `waits` are the times until the
        next try, by how many tries there were before; an alert that has had as many as that is
        given up.
        """
        ours = (alert.c.channel.in_(channels), alert.c.agreement.in_(agreements))
        due = (is_to_be_sent(now), *ours)
        failed_try = {"attempts": alert.c.attempts + 1, "error": error}
        with self._database.transaction() as connection:
            counts = select(alert.c.attempts).where(*due).distinct()
            for attempts in sorted(connection.scalars(counts), reverse=True):
                if attempts < len(waits):
                    again = update(alert).where(*due, alert.c.attempts == attempts)
                    connection.execute(again.values(next_try=now + waits[attempts], **failed_try))
            rest = update(alert).where(*due, alert.c.attempts >= len(waits))
            return connection.execute(rest.values(status="failed", **failed_try)).rowcount

    def leave_waiting(
        self,
        channels: Sequence[str],
        agreements: Collection[str],
        now: datetime,
        *,
        until: datetime,
        error: str,
        rounds: int = 1,
    ) -> None:
        """Puts off what is due of those, as postpone() does; it runs out of no tries by that.

        `rounds`: so often others were tried in vain, which shows as tries of these.
        """
        ours = (alert.c.channel.in_(channels), alert.c.agreement.in_(agreements))
        values = {"next_try": until, "error": error, "attempts": _tries_shown(rounds)}
        with self._database.transaction() as connection:
            due = update(alert).where(is_to_be_sent(now), *ours)
            connection.execute(due.values(values))

    def leave_claimed_waiting(self, number: int, until: datetime, error: str, rounds: int) -> None:
        """The same with an alert that was to be sent."""
        values = {"next_try": until, "error": error, "attempts": _tries_shown(rounds)}
        self._set([number], {**PUT_BACK, **values})

    def let_go(self, channels: Sequence[str], error: str, now: datetime) -> None:
        """Ends the waits of what was held back for that, and sends what has failed by it again,
        unless it is old: then a person decides."""
        ours = (alert.c.channel.in_(channels), alert.c.error == error)
        waits = (alert.c.status == "written", alert.c.next_try.is_not(None))
        self._send_at_once([*ours, *waits], {"next_try": None})
        failed = (alert.c.status == "failed", alert.c.due >= now - RECENT)
        self._send_at_once([*ours, *failed], {**PUT_BACK, "next_try": None, "attempts": 0})

    def give_up_due(
        self, channels: Sequence[str], agreements: Collection[str], now: datetime, error: str
    ) -> int:
        """Gives up what is due of those; gives how many."""
        ours = (alert.c.channel.in_(channels), alert.c.agreement.in_(agreements))
        values = {"status": "failed", "error": error, "attempts": alert.c.attempts + 1}
        with self._database.transaction() as connection:
            due = update(alert).where(is_to_be_sent(now), *ours)
            return connection.execute(due.values(values)).rowcount

    def recover_own(self, channels: Sequence[str]) -> None:
        """Puts back what this process has under way by the ledger alone: marking it had failed."""
        self.flush()
        ours = (alert.c.status == "sending", alert.c.claimed_by == self.name)
        with self._database.transaction() as connection:
            put_back = update(alert).where(*ours, alert.c.channel.in_(channels))
            connection.execute(put_back.values(RECOVERED))

    def hold_back(
        self,
        batch: ClaimedAlert,
        messages: Collection[str],
        until: datetime,
        gather: Callable[[Connection], Gathered],
    ) -> None:
        """Has some of the reminders of a batch wait until then; the others are a batch anew."""
        with self._database.transaction() as connection:
            to_send = hold_back(connection, batch, messages, until)
            gathered = gather(connection)
            to_send = [job for job in to_send if job.alert not in gathered.named]
            if jobs.has_tables(connection):
                jobs.defer(connection, [*to_send, *gathered.to_send])

    def mark_lapsed(self, numbers: Iterable[int]) -> None:
        """Marks alerts whose message would no longer be true."""
        self._set(numbers, {"status": "lapsed"})

    def _set(self, numbers: Iterable[int], values: dict[str, Any]) -> None:
        if ids := list(numbers):
            ours = alert.c.id.in_(ids), alert.c.status == "sending"
            with self._database.transaction() as connection:
                connection.execute(update(alert).where(*ours).values(values))

    def retry(
        self,
        agreements: Collection[str],
        message: str | None = None,
        gather: Callable[[Connection], Gathered] | None = None,
    ) -> int:
        """Has what was given up, or waits for its next try, sent at once; gives how many.

        Of those agreements alone: others may be sent by somebody else. `message` is the beginning
        of a message's identity; None: all. `gather` puts together what then waits.
        """
        was_tried = or_(alert.c.status == "failed", alert.c.attempts > 0)
        ours = alert.c.agreement.in_(agreements)
        where = [alert.c.status.in_(("failed", "written")), was_tried, ours]
        if message is not None:
            where.append(alert.c.message.startswith(message, autoescape=True))
        self.held_channels.end_all()
        values = {**PUT_BACK, "next_try": None, "attempts": 0}
        return self._send_at_once(where, values, gather)

    def hurry(self, agreements: Collection[str]) -> None:
        """Ends their waits for a next try: the clock was set back, and they count by the old."""
        where = (alert.c.status == "written", alert.c.attempts > 0, alert.c.next_try.is_not(None))
        self._send_at_once([*where, alert.c.agreement.in_(agreements)], {"next_try": None})

    def _send_at_once(
        self,
        where: Sequence[ColumnElement[bool]],
        values: dict[str, Any],
        gather: Callable[[Connection], Gathered] | None = None,
    ) -> int:
        """Gives those alerts those values, and a job where workers are; gives how many they are."""
        change = update(alert).where(*where).values(values).returning(alert.c.id, alert.c.channel)
        with self._database.transaction() as connection:
            rows = connection.execute(change).all()
            to_send = [jobs.NewJob(row.id, row.channel, None) for row in rows]
            if gather is not None:
                gathered = gather(connection)
                to_send = [job for job in to_send if job.alert not in gathered.named]
                to_send += gathered.to_send
            if to_send and jobs.has_tables(connection):
                jobs.defer(connection, to_send)
            if to_send:
                notify_others(connection)
        return len(rows)

    # -- what others left behind

    def recover_abandoned(self) -> int:
        """Puts back what processes had under way that are no longer there; gives how many."""
        theirs = alert.c.status == "sending", ~alert.c.claimed_by.startswith(jobs.CLAIMANT)
        claimants = select(alert.c.claimed_by).where(*theirs).distinct()
        with self._writing:
            self._own_lock.renew()
        with self._database.transaction() as connection:
            names = [name for name in connection.scalars(claimants) if name != self.name]
        with self._writing:  # which the marks need, too: a server's locks are of one connection
            return sum(self._put_back_of(name) for name in names)

    def _put_back_of(self, name: str) -> int:
        """Puts back what that process had under way, if it is gone."""
        where = alert.c.status == "sending", alert.c.claimed_by == name
        with self._own_lock.lock_if_gone(name) as is_gone:
            if not is_gone:
                return 0
            with self._database.transaction() as connection:
                return connection.execute(update(alert).where(*where).values(RECOVERED)).rowcount


def _tries_shown(rounds: int) -> ColumnElement[int]:
    """Of an alert that waits since others were refused: it shows as what was tried in vain."""
    shown = min(rounds, _MOST_SHOWN)
    return case((alert.c.attempts < shown, shown), else_=alert.c.attempts)
