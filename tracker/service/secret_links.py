"""Which secret links are open: looked up whenever one is used, so that none is after its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from threading import Lock
from typing import NamedTuple

from tracker.agreements.model import Agreement
from tracker.feeds.query import where_in, with_current_ids
from tracker.store.database import Database, LedgerError
from tracker.store.database_changes import DatabaseChanges, ServerQuestion
from tracker.store.secret_links import (
    OPEN_LINKS_REVISION,
    LinkRegistry,
    SecretLink,
    hash_of,
    link_for,
)
from tracker.timeline.filters import Where

#: Seconds that a request by a link waits for a server, before it is refused.
_PATIENCE = 5.0


class _Known(NamedTuple):
    """What was read last; in one piece, since it may be read in another thread."""

    loaded: Sequence[Agreement]
    links: list[SecretLink]
    shown: dict[str, Where]  #: by the links that were used since, by their hashes


class OpenLinks:
    """What each secret shows. Where the ledger cannot be read, it shows nothing.

    SQLite is looked at within a request: that nothing was written since costs some µs. A server is
    asked before it (`look_up`), since it may take a while to answer.
    """

    def __init__(self, database: Database, agreements: Callable[[], Sequence[Agreement]]) -> None:
        """`agreements`: those that are loaded. A link that was made for others opens nothing."""
        self._registry = LinkRegistry(database)
        self._changes = DatabaseChanges(database)
        self._agreements = agreements
        self._known = _Known((), [], {})
        self._reading = Lock()  #: what is read later is what counts
        self._server = ServerQuestion(database.conninfo or "", OPEN_LINKS_REVISION)
        self._last_answer: object = None  #: of the server, when they were read last
        #: To be waited for before each use; None: that is not needed.
        self.look_up = None if database.conninfo is None else self._look_up

    def look(self) -> None:
        """Reads which are open, unless nothing was written since. Raises LedgerError."""
        if self._changes.look() or self._agreements() is not self._known.loaded:
            self._read()

    def filter_of_secret(self, secret: str) -> Where | None:
        """What that secret shows; None where it opens nothing. Raises LedgerError."""
        if self.look_up is None:
            self.look()
        hashed, known = hash_of(secret), self._known
        where = known.shown.get(hashed)
        if where is None and (link := link_for(hashed, known.links)) is not None:
            where = shown_by(link, known.loaded)
            if where is not None:
                known.shown[hashed] = where
        return where

    def writer_of_secret(self, secret: str) -> str | None:
        """The name of the link that the secret opens, where one may write behind it.

        Which are open was looked up when the request was let in.
        """
        link = link_for(hash_of(secret), self._known.links)
        return None if link is None or link.may != "write" else link.name

    def close(self) -> None:
        self._changes.close()
        self._server.close()

    async def _look_up(self) -> None:
        answer = await self._server.ask()
        if answer == self._last_answer and self._agreements() is self._known.loaded:
            return
        try:
            await asyncio.wait_for(asyncio.to_thread(self._read), _PATIENCE)
        except TimeoutError:
            raise LedgerError("http.links") from None
        self._last_answer = answer

    def _read(self) -> None:
        with self._reading:
            known, loaded = self._known, self._agreements()
            try:
                links = self._registry.open([agreement.id for agreement in loaded])
            except LedgerError:
                self._changes.forget()
                raise
            shown = known.shown if (links, loaded) == (known.links, known.loaded) else {}
            self._known = _Known(loaded, links, shown)


def shown_by(link: SecretLink, agreements: Sequence[Agreement]) -> Where | None:
    """What a link shows of those agreements; None: it was made for none of them.

    It shows its own agreements, whatever is loaded beside them. An event that was renamed is still
    meant, and another agreement's of the same id never was.
    """
    own = [agreement for agreement in agreements if agreement.id in link.agreements]
    if not own:
        return None
    events = [event for agreement in own for event in agreement.events]
    where = where_in(with_current_ids(link.filter, events))
    return where._replace(agreements=tuple(sorted(link.agreements)))
