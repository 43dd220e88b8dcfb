"""Points that readers have acknowledged or snoozed, and channels they have unsubscribed from."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from tracker.agreements.keys import PointKey
from tracker.reminders.acknowledgements import Acknowledgement, AcknowledgementKey
from tracker.store.database import Database, utc
from tracker.store.schema import acknowledgement, secret, unsubscribed
from tracker.store.upsert import insert_one, upsert

_KEY = ("recipient", "event", "point", "occurrence", "counts_to")


class Acknowledgements:
    """The part of the database that holds them. All of it raises LedgerError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Acknowledgement]:
        """Every point that is acknowledged or snoozed."""
        columns = [acknowledgement.c[name] for name in (*_KEY, "at", "until")]
        with self._database.transaction() as connection:
            rows = connection.execute(select(*columns)).all()
        return [
            Acknowledgement(
                AcknowledgementKey(
                    row.recipient,
                    PointKey.from_columns(row.event, row.point, row.occurrence),
                    row.counts_to,
                ),
                utc(row.at),
                row.until,
            )
            for row in rows
        ]

    def save(self, acknowledgements: Sequence[Acknowledgement]) -> None:
        """Writes acknowledgements down, in place of earlier ones of the same points."""
        rows = [
            {**_columns(given.key), "at": given.at, "until": given.until}
            for given in acknowledgements
        ]
        with self._database.transaction() as connection:
            upsert(connection, acknowledgement, rows, _KEY)

    def remove(self, key: AcknowledgementKey) -> bool:
        """Forgets an acknowledgement; False: there was none."""
        where = [acknowledgement.c[name] == value for name, value in _columns(key).items()]
        with self._database.transaction() as connection:
            return bool(connection.execute(delete(acknowledgement).where(*where)).rowcount)

    # -- channels

    def unsubscribed_channels(self) -> dict[tuple[str, str], datetime]:
        """The channels that recipients have unsubscribed from, and since when."""
        with self._database.transaction() as connection:
            rows = connection.execute(select(unsubscribed)).all()
        return {(row.recipient, row.channel): utc(row.at) for row in rows}

    def unsubscribe(self, recipient: str, channel: str, now: datetime) -> None:
        """Nothing goes to the recipient through that channel any more."""
        row = {"recipient": recipient, "channel": channel, "at": now}
        with self._database.transaction() as connection:
            upsert(connection, unsubscribed, [row], ("recipient", "channel"))

    def subscribe(self, recipient: str, channel: str) -> None:
        """The recipient takes that channel up again."""
        where = unsubscribed.c.recipient == recipient, unsubscribed.c.channel == channel
        with self._database.transaction() as connection:
            connection.execute(delete(unsubscribed).where(*where))

    # -- links

    def signing_key(self) -> bytes:
        """The key that links in messages are signed with: made once, and the same ever after."""
        query = select(secret.c.value).where(secret.c.name == "links")
        with self._database.transaction() as connection:
            key = connection.scalar(query)
        if key is None:
            row = {"name": "links", "value": secrets.token_bytes(32)}
            with self._database.transaction() as connection:
                insert_one(connection, secret, row, ("name",))  # another process may be faster
                key = connection.scalar(query)
        return bytes(key or b"")


def _columns(key: AcknowledgementKey) -> dict[str, str]:
    values = (key.recipient, *key.point.columns, key.counts_to)
    return dict(zip(_KEY, values, strict=True))
