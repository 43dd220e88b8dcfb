"""Channels that are left alone until a person has mended something, and since when.

What is to be mended stands in tracker.toml or with the service. So each is known by its settings,
too, of which there is a digest here: with others it is another channel, and tried at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, NamedTuple, TypeAlias

from sqlalchemy import delete, select, update

from tracker.store.database import Database, utc
from tracker.store.schema import held_channel
from tracker.store.upsert import upsert

#: `login`: it does not know us, and is asked again now and then. `gone`: it is there no more.
Barrier: TypeAlias = Literal["login", "gone"]


class Hold(NamedTuple):
    """Why a channel is left alone, and until when."""

    barrier: Barrier
    error: str  #: what it has answered, as it is stored (i18n/reasons.py)
    rounds: int  #: how often it was tried in vain
    next_try: datetime


class HeldChannels:
    """Those that are in the ledger. All of it raises LedgerError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, channel: str) -> dict[str, Hold]:
        """What holds that channel, by the digest of its settings."""
        query = select(held_channel).where(held_channel.c.channel == channel)
        with self._database.transaction() as connection:
            rows = connection.execute(query).all()
        return {
            row.settings: Hold(row.barrier, row.error, row.rounds, utc(row.next_try))
            for row in rows
        }

    def save(self, channel: str, digest: str, hold: Hold) -> None:
        row = {"channel": channel, "settings": digest, **hold._asdict()}
        with self._database.transaction() as connection:
            upsert(connection, held_channel, [row], ("channel", "settings"))

    def take_turn(self, channel: str, digest: str, now: datetime, lease: timedelta) -> bool:
        """Whether this process may try it now; until the lease ends no other one may."""
        table = held_channel.c
        mine = (table.channel == channel, table.settings == digest, table.next_try <= now)
        with self._database.transaction() as connection:
            take = update(held_channel).where(*mine).values(next_try=now + lease)
            return connection.execute(take).rowcount == 1

    def end(self, channel: str) -> None:
        """It takes messages again."""
        with self._database.transaction() as connection:
            connection.execute(delete(held_channel).where(held_channel.c.channel == channel))

    def end_all(self) -> None:
        """A person wants all of them to be tried."""
        with self._database.transaction() as connection:
            connection.execute(delete(held_channel))
