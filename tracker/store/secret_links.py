"""Secret links: who may see what. Only hashes are kept; a secret is shown once, when it is made."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Literal, NamedTuple, TypeAlias

from sqlalchemy import Connection, Row, insert, select, update

from tracker.store.agreement_sets import joined_ids, split_ids
from tracker.store.database import Database, notify_others, utc
from tracker.store.known_agreements import known_agreements
from tracker.store.schema import link as link_table

_BYTES = 32
#: A row that is another one once a link was made, widened or revoked.
OPEN_LINKS_REVISION = "SELECT count(*), count(revoked), sum(length(agreements)) FROM link"

LinkParameters = tuple[tuple[str, str], ...]
#: What whoever has a link may do.
Permission: TypeAlias = Literal["read", "write"]
#: Kept beside what a link shows: processes of earlier versions pass it over, and let nobody write.
_MAY_WRITE = ("may", "write")


class SecretLink(NamedTuple):
    """A secret link, without its secret."""

    name: str
    hash: str
    filter: LinkParameters  #: what it shows, as an address's parameters; none: everything
    created: datetime
    revoked: datetime | None
    agreements: frozenset[str]  #: for which it was made: it shows no other
    may: Permission = "read"


def hash_of(secret: str) -> str:
    """What is kept of a secret. It is 32 random bytes, so a fast hash is as good as a slow one."""
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def link_for(hashed: str, links: Sequence[SecretLink]) -> SecretLink | None:
    """The link that the secret of that hash opens; all are compared, however early one matches."""
    match = None
    for link in links:
        if compare_digest(link.hash, hashed):
            match = link
    return match


class LinkRegistry:
    """The secret links of a database. All of it raises LedgerError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        name: str,
        shown: LinkParameters,
        agreements: Collection[str],
        now: datetime,
        may: Permission = "read",
    ) -> str | None:
        """Makes a link that shows so much of those agreements, and gives its secret.

        None: one of that name is open already, to any of them.
        """
        secret = secrets.token_urlsafe(_BYTES)
        with self._database.transaction() as connection:
            if _open_links(connection, name, agreements):
                return None
            values = {"name": name, "hash": hash_of(secret), "created": now}
            values["agreements"] = joined_ids(agreements)
            kept = (*shown, _MAY_WRITE) if may == "write" else shown
            connection.execute(insert(link_table).values(**values, filter=json.dumps(kept)))
            notify_others(connection)
        return secret

    def widen(self, name: str, agreements: Collection[str]) -> frozenset[str]:
        """Adds agreements to the open link of that name to any of them; gives which are new.

        None are where it has all of them, or is not the only one of that name.
        """
        with self._database.transaction() as connection:
            links = _open_links(connection, name, agreements)
            if len(links) != 1:
                return frozenset()
            (link,) = links
            ids = joined_ids(link.agreements.union(agreements))
            same = link_table.c.hash == link.hash
            connection.execute(update(link_table).where(same).values(agreements=ids))
            notify_others(connection)
        return frozenset(agreements) - link.agreements

    def all(self, agreements: Collection[str]) -> list[SecretLink]:
        """Every link to any of those agreements that there is or was, the oldest first."""
        query = select(link_table).order_by(link_table.c.number)
        with self._database.transaction() as connection:
            links = list(map(_link_of, connection.execute(query)))
            if not all(link.agreements for link in links):
                _claim_unknown(connection, links, agreements)
                links = list(map(_link_of, connection.execute(query)))
        return [link for link in links if not link.agreements.isdisjoint(agreements)]

    def open(self, agreements: Collection[str]) -> list[SecretLink]:
        """Those that were not revoked."""
        return [link for link in self.all(agreements) if link.revoked is None]

    def revoke(self, name: str, agreements: Collection[str], now: datetime) -> list[SecretLink]:
        """Closes the links of that name, for good, and gives them.

        Where no agreement is named, whatever they were made for.
        """
        with self._database.transaction() as connection:
            links = _open_links(connection, name, agreements)
            ours = link_table.c.hash.in_([link.hash for link in links])
            connection.execute(update(link_table).where(ours).values(revoked=now))
            notify_others(connection)
        return links


def _open_links(connection: Connection, name: str, agreements: Collection[str]) -> list[SecretLink]:
    """The open links of that name to any of those agreements; to any, where none is named."""
    same = (link_table.c.name == name, link_table.c.revoked.is_(None))
    query = select(link_table).where(*same).order_by(link_table.c.number)
    links = list(map(_link_of, connection.execute(query)))
    if not all(link.agreements for link in links):
        _claim_unknown(connection, links, agreements)
        links = list(map(_link_of, connection.execute(query)))
    return [link for link in links if not agreements or not link.agreements.isdisjoint(agreements)]


def _claim_unknown(
    connection: Connection, links: Sequence[SecretLink], agreements: Collection[str]
) -> None:
    """A link of which nobody knows whose it is shows what the ledger knew when it was made.

    Where that knows none, it belongs to whoever looks first.
    """
    for link in links:
        if link.agreements:
            continue
        if ids := joined_ids(known_agreements(connection, link.created) or agreements):
            same = link_table.c.hash == link.hash
            connection.execute(update(link_table).where(same).values(agreements=ids))


def _link_of(row: Row[Any]) -> SecretLink:
    kept = tuple((name, value) for name, value in json.loads(row.filter))
    return SecretLink(
        row.name,
        row.hash,
        tuple(pair for pair in kept if pair != _MAY_WRITE),
        utc(row.created),
        row.revoked and utc(row.revoked),
        split_ids(row.agreements),
        "write" if _MAY_WRITE in kept else "read",
    )
