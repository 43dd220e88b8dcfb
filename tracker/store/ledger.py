"""The ledger: what was said, to whom and when. A unique key decides; planning twice is harmless."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from tracker.reminders.plan import AlertKey, PointKey
from tracker.store.database import Database, utc
from tracker.store.schema import KEY, alert, said


class Ledger:
    """The database of what was said."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine

    # -- what is known

    def note(self, points: Iterable[tuple[PointKey, str]], now: datetime) -> None:
        """Notes the day that each point counts to; a day that is new is known from now on."""
        with self._engine.begin() as connection:
            rows = connection.execute(select(said)).mappings()
            known = {_point_key(row): row["counts_to"] for row in rows}
            for key, counts_to in dict(points).items():
                where = [said.c[name] == value for name, value in key._asdict().items()]
                if key not in known:
                    values = {**key._asdict(), "counts_to": counts_to, "since": now, "first": now}
                    connection.execute(insert(said).values(values))
                elif known[key] != counts_to:
                    change = update(said).where(*where).values(counts_to=counts_to, since=now)
                    connection.execute(change)

    def known_since(self) -> dict[PointKey, datetime]:
        """Since when each audience knows the present day of each point."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(said)).mappings()
            return {_point_key(row): utc(row["since"]) for row in rows}

    # -- what was done

    def done(self) -> set[AlertKey]:
        """The keys of all alerts that were sent."""
        return self._keys("sent")

    def interrupted(self) -> set[AlertKey]:
        """The keys of alerts that were written and, as far as is known, not sent."""
        return self._keys("sending")

    def _keys(self, status: str) -> set[AlertKey]:
        columns = [alert.c[name] for name in KEY]
        with self._engine.connect() as connection:
            rows = connection.execute(select(*columns).where(alert.c.status == status))
            return {AlertKey(*row) for row in rows}

    def claim(self, key: AlertKey, due: datetime, now: datetime) -> bool:
        """Writes an alert down before it is sent; False where it was written before."""
        values = {**key._asdict(), "status": "sending", "due": due, "written_at": now}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(alert).values(values))
        except IntegrityError:
            return False
        return True

    def mark_sent(self, keys: Iterable[AlertKey], due: datetime, now: datetime) -> None:
        """Marks alerts as sent; those that another message stood for are written with it."""
        with self._engine.begin() as connection:
            for key in keys:
                where = [alert.c[name] == value for name, value in key._asdict().items()]
                values: dict[str, Any] = {"status": "sent", "sent_at": now}
                if not connection.execute(update(alert).where(*where).values(values)).rowcount:
                    row = {**key._asdict(), **values, "due": due, "written_at": now}
                    connection.execute(insert(alert).values(row))


def _point_key(row: Any) -> PointKey:
    return PointKey(row["audience"], row["event"], row["point"], row["occurrence"])
