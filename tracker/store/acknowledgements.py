"""Points that readers have acknowledged or snoozed, and channels they have unsubscribed from."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from tracker.agreements.keys import PointKey
from tracker.reminders.acknowledgements import Acknowledgement, AcknowledgementKey
from tracker.reminders.due import CoverageKey
from tracker.store.agreement_sets import is_event_of, joined_ids, split_ids
from tracker.store.database import Database, utc
from tracker.store.known_agreements import known_agreements
from tracker.store.schema import acknowledgement, secret, unsubscribed
from tracker.store.upsert import insert_one, upsert

_KEY = ("recipient", "event", "point", "occurrence", "counts_to")


class Acknowledgements:
    """The part of the database that holds them. All of it raises LedgerError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[datetime, frozenset[str]] = {}  #: agreements, by then

    def all(self, agreements: Collection[str]) -> list[Acknowledgement]:
        """Every point of those agreements that is acknowledged or snoozed."""
        columns = [acknowledgement.c[name] for name in (*_KEY, "at", "until")]
        with self._database.transaction() as connection:
            ours = is_event_of(connection, acknowledgement.c.event, agreements)
            rows = connection.execute(select(*columns).where(ours)).all()
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

    def unsubscribed_channels(self, agreements: Collection[str]) -> dict[CoverageKey, datetime]:
        """The channels that have been ended for which of those agreements, and since when."""
        with self._database.transaction() as connection:
            rows = connection.execute(select(unsubscribed)).all()
            return {
                CoverageKey(row.recipient, row.channel, agreement): utc(row.at)
                for row in rows
                for agreement in self._ended_agreements(connection, row).intersection(agreements)
            }

    def unsubscribe(
        self, recipient: str, channel: str, agreements: Collection[str], now: datetime
    ) -> None:
        """Nothing of those agreements goes to the recipient through that channel any more."""
        row = {"recipient": recipient, "channel": channel, "at": now}
        with self._database.transaction() as connection:
            before = self._ended_before(connection, recipient, channel)
            ids = joined_ids(before.union(agreements))
            key = ("recipient", "channel")
            upsert(connection, unsubscribed, [{**row, "agreements": ids}], key)

    def subscribe(self, recipient: str, channel: str, agreements: Collection[str]) -> None:
        """The recipient takes that channel up again, for those agreements."""
        same = unsubscribed.c.recipient == recipient, unsubscribed.c.channel == channel
        with self._database.transaction() as connection:
            rest = self._ended_before(connection, recipient, channel).difference(agreements)
            if rest:
                still = update(unsubscribed).where(*same)
                connection.execute(still.values(agreements=joined_ids(rest)))
            else:
                connection.execute(delete(unsubscribed).where(*same))

    def _ended_before(self, connection: Connection, recipient: str, channel: str) -> frozenset[str]:
        """The agreements of which nothing goes there any more."""
        same = unsubscribed.c.recipient == recipient, unsubscribed.c.channel == channel
        row = connection.execute(select(unsubscribed).where(*same).with_for_update()).first()
        return frozenset() if row is None else self._ended_agreements(connection, row)

    def _ended_agreements(self, connection: Connection, row: Row[Any]) -> frozenset[str]:
        """Those of a row; where an earlier version wrote it, those that the ledger knew by then."""
        if row.agreements:
            return split_ids(row.agreements)
        at = utc(row.at)
        if at not in self._known:
            self._known[at] = known_agreements(connection, at)
        return self._known[at]

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
