"""What is to be sent: given out to one process at a time, and marked with what became of it.

Each change of an alert's status is one statement, which one process alone wins. A process that
dies leaves what it had under way at `sending`; another one takes it back once it sees that the
process is no longer there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, bindparam, func, or_, select, update

from tracker.store import jobs
from tracker.store.database import Database, LedgerError, utc
from tracker.store.ledger import ClaimedAlert, claimed_alert
from tracker.store.process_locks import ProcessLock
from tracker.store.schema import KEY, alert

_MARK_SENT = (
    update(alert)
    .where(alert.c.id == bindparam("number"))
    .values(status="sent", sent_at=bindparam("now"), next_try=None, error="")
)
_GIVEN = ("id", *KEY, "due", "message", "content", "attempts")
_BACK: dict[str, Any] = {"status": "written", "claimed_by": ""}


class Outbox:
    """One process's hand on what is to be sent. All of it raises LedgerError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.name = str(uuid4())
        #: Kept: each mark would take twice as long through one of its own.
        self.connection = database.connect()
        self._alive = ProcessLock(database, self.name, self.connection)
        self._sent: dict[int, datetime] = {}  #: delivered, and not yet written
        self._writing = Lock()

    def close(self) -> None:
        """Says that this process has nothing under way any more. What was delivered is marked."""
        with suppress(LedgerError):
            self.flush()
        self._alive.close()
        self.connection.close()

    # -- what is given out

    def claim(
        self, channels: Sequence[str], agreements: Sequence[str], now: datetime, most: int
    ) -> list[ClaimedAlert]:
        """Alerts to send now through those channels, the ones that are due first; nobody else's."""
        self.flush()
        with self._writing:
            self._alive.renew()
        theirs = (alert.c.channel.in_(channels), alert.c.agreement.in_(agreements))
        next_ones = (
            select(alert.c.id)
            .where(alert.c.status == "written", *theirs)
            .where(or_(alert.c.next_try.is_(None), alert.c.next_try <= now))
            .order_by(alert.c.due, alert.c.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        claim = (
            update(alert)
            .where(alert.c.id.in_(next_ones.scalar_subquery()))
            .values(status="sending", claimed_by=self.name)
            .returning(*(alert.c[name] for name in _GIVEN))
        )
        with self._database.transaction() as connection:
            rows = [claimed_alert(row) for row in connection.execute(claim)]
        return sorted(rows, key=lambda row: (row.due, row.id))

    def claim_for_job(
        self, job: int, number: int, agreements: Sequence[str]
    ) -> ClaimedAlert | None:
        """The alert with that number, for a job to send; None: there is nothing to send.

        One that the same job had under way is its own again: whoever ran it was given up.
        """
        self.flush()
        name = f"{jobs.CLAIMANT}{job}"
        ours = and_(alert.c.status == "sending", alert.c.claimed_by == name)
        claim = (
            update(alert)
            .where(alert.c.id == number, alert.c.agreement.in_(agreements))
            .where(or_(alert.c.status == "written", ours))
            .values(status="sending", claimed_by=name)
            .returning(*(alert.c[one] for one in _GIVEN))
        )
        with self._database.transaction() as connection:
            row = connection.execute(claim).first()
        return None if row is None else claimed_alert(row)

    def is_waiting(self, number: int) -> bool:
        """Whether the alert with that number is still to be sent, and nobody has it under way."""
        wanted = select(alert.c.status).where(alert.c.id == number)
        with self._database.transaction() as connection:
            return connection.scalar(wanted) == "written"

    def next_try(self) -> datetime | None:
        """When the first of those that wait for their next try is to be sent."""
        wanted = select(func.min(alert.c.next_try)).where(alert.c.status == "written")
        with self._database.transaction() as connection:
            found = connection.scalar(wanted)
        return None if found is None else utc(found)

    # -- what became of it

    def mark_sent(self, numbers: Iterable[int], now: datetime) -> None:
        """Marks alerts as sent; once this returns, it is written."""
        with self._writing:
            self._sent |= dict.fromkeys(numbers, now)
            self._write_sent()

    def flush(self) -> None:
        """Writes the marks that could not be written when they were made."""
        with self._writing:
            self._write_sent()

    def _write_sent(self) -> None:
        if not self._sent:
            return
        rows = [{"number": number, "now": now} for number, now in self._sent.items()]
        try:
            self._mark(rows)
        except LedgerError:
            if not self.connection.invalidated:
                raise
            self._mark(rows)  # on another one: a server that was restarted has cut the last
        self._sent.clear()

    def _mark(self, rows: list[dict[str, Any]]) -> None:
        with self._database.transaction_on(self.connection) as connection:
            connection.execute(_MARK_SENT, rows if len(rows) > 1 else rows[0])

    def retry_later(self, numbers: Iterable[int], at: datetime | None, error: str) -> None:
        """Puts alerts back, to be sent from then on; that try has failed."""
        values = {**_BACK, "next_try": at, "error": error, "attempts": alert.c.attempts + 1}
        self._set(numbers, values)

    def wait(self, numbers: Iterable[int], at: datetime) -> None:
        """Puts alerts back that nobody has tried to send, to be sent from then on."""
        self._set(numbers, {**_BACK, "next_try": at})

    def put_back(self, numbers: Iterable[int]) -> None:
        """Puts alerts back that nobody has tried to send."""
        self._set(numbers, _BACK)

    def give_up(self, numbers: Iterable[int], error: str) -> None:
        """Gives alerts up; they stay visible, and retry() takes them up again."""
        values = {"status": "failed", "error": error, "attempts": alert.c.attempts + 1}
        self._set(numbers, values)

    def postpone(
        self, channels: Sequence[str], now: datetime, waits: Sequence[timedelta], error: str
    ) -> int:
        """Puts off all that is due through those channels; gives how many are given up.

        That counts as a try of each. `waits` are how long it waits then, by how many tries there
        were before; who has had as many as that is given up.
        """
        due = (
            alert.c.status == "written",
            alert.c.channel.in_(channels),
            or_(alert.c.next_try.is_(None), alert.c.next_try <= now),
        )
        tried = {"attempts": alert.c.attempts + 1, "error": error}
        with self._database.transaction() as connection:
            of_all = select(alert.c.attempts).where(*due).distinct()
            for attempts in sorted(connection.scalars(of_all), reverse=True):
                if attempts < len(waits):
                    these = update(alert).where(*due, alert.c.attempts == attempts)
                    connection.execute(these.values(next_try=now + waits[attempts], **tried))
            rest = update(alert).where(*due, alert.c.attempts >= len(waits))
            return connection.execute(rest.values(status="failed", **tried)).rowcount

    def recover_own(self, channels: Sequence[str]) -> None:
        """Puts back what this process has under way by the ledger alone: it could not be marked."""
        self.flush()
        ours = (alert.c.status == "sending", alert.c.claimed_by == self.name)
        with self._database.transaction() as connection:
            back = update(alert).where(*ours, alert.c.channel.in_(channels))
            connection.execute(back.values(_BACK))

    def mark_lapsed(self, numbers: Iterable[int]) -> None:
        """What these would say is no longer so."""
        self._set(numbers, {"status": "lapsed"})

    def _set(self, numbers: Iterable[int], values: dict[str, Any]) -> None:
        if found := list(numbers):
            ours = alert.c.id.in_(found), alert.c.status == "sending"
            with self._database.transaction() as connection:
                connection.execute(update(alert).where(*ours).values(values))

    def retry(self, message: str | None = None) -> int:
        """Takes up what has failed, and what waits for its next try, at once; gives how many.

        `message` is the beginning of one's identity; None: all.
        """
        tried = or_(alert.c.status == "failed", alert.c.attempts > 0)
        where = [alert.c.status.in_(("failed", "written")), tried]
        if message is not None:
            where.append(alert.c.message.startswith(message, autoescape=True))
        values = {**_BACK, "next_try": None, "attempts": 0}
        taken = update(alert).where(*where).values(values).returning(alert.c.id, alert.c.channel)
        with self._database.transaction() as connection:
            rows = connection.execute(taken).all()
            if jobs.has_tables(connection):
                jobs.defer(connection, [jobs.NewJob(row.id, row.channel, None) for row in rows])
        return len(rows)

    def hurry(self) -> None:
        """The clock was set back: what waits for its next try by the old one is tried at once."""
        where = alert.c.status == "written", alert.c.attempts > 0
        with self._database.transaction() as connection:
            connection.execute(update(alert).where(*where).values(next_try=None))

    # -- what others left behind

    def recover_abandoned(self) -> int:
        """Puts back what processes had under way that are no longer there; gives how many."""
        theirs = alert.c.status == "sending", ~alert.c.claimed_by.startswith(jobs.CLAIMANT)
        wanted = select(alert.c.claimed_by).where(*theirs).distinct()
        with self._writing:
            self._alive.renew()
        with self._database.transaction() as connection:
            names = [name for name in connection.scalars(wanted) if name != self.name]
        with self._writing:  # it is on the same connection that a server holds their locks
            return sum(self._take_from(name) for name in names)

    def _take_from(self, name: str) -> int:
        where = alert.c.status == "sending", alert.c.claimed_by == name
        with self._alive.lock_if_gone(name) as gone:
            if not gone:
                return 0
            with self._database.transaction() as connection:
                return connection.execute(update(alert).where(*where).values(_BACK)).rowcount
