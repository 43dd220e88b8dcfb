"""Secret links: who may see what. Only hashes are kept; a secret is shown once, when it is made."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from typing import NamedTuple

from sqlalchemy import insert, select, update

from tracker.store.database import Database, notify_others, utc
from tracker.store.schema import link as link_table

_BYTES = 32

LinkParameters = tuple[tuple[str, str], ...]


class SecretLink(NamedTuple):
    """A secret link, without its secret."""

    name: str
    hash: str
    filter: LinkParameters  #: what it shows, as an address's parameters; none: everything
    created: datetime
    revoked: datetime | None


def hash_of(secret: str) -> str:
    """What is kept of a secret. It is 32 random bytes, so a fast hash is as good as a slow one."""
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def link_for(secret: str, links: Sequence[SecretLink]) -> SecretLink | None:
    """The link that this secret opens; all are compared, however early one matches."""
    hashed, match = hash_of(secret), None
    for link in links:
        if compare_digest(link.hash, hashed):
            match = link
    return match


class LinkRegistry:
    """The secret links of a database. All of it raises LedgerError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, shown: LinkParameters, now: datetime) -> str | None:
        """Makes a link that shows so much, and gives its secret; None: one of that name is open."""
        secret = secrets.token_urlsafe(_BYTES)
        with self._database.transaction() as connection:
            same = (link_table.c.name == name, link_table.c.revoked.is_(None))
            if connection.scalar(select(link_table.c.number).where(*same)) is not None:
                return None
            values = {"name": name, "hash": hash_of(secret), "created": now}
            connection.execute(insert(link_table).values(**values, filter=json.dumps(shown)))
            notify_others(connection)
        return secret

    def all(self) -> list[SecretLink]:
        """Every link that there is or was, the oldest first."""
        with self._database.transaction() as connection:
            rows = connection.execute(select(link_table).order_by(link_table.c.number)).all()
        return [
            SecretLink(
                row.name,
                row.hash,
                tuple((name, value) for name, value in json.loads(row.filter)),
                utc(row.created),
                row.revoked and utc(row.revoked),
            )
            for row in rows
        ]

    def open(self) -> list[SecretLink]:
        """The links that were not revoked."""
        return [link for link in self.all() if link.revoked is None]

    def revoke(self, name: str, now: datetime) -> bool:
        """Closes the link of that name, for good; False: none is open."""
        with self._database.transaction() as connection:
            same = (link_table.c.name == name, link_table.c.revoked.is_(None))
            revoke = update(link_table).where(*same).values(revoked=now)
            count = connection.execute(revoke).rowcount
            notify_others(connection)
        return bool(count)
