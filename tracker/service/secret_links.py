"""Which secret links are open, as the database had it last."""

from __future__ import annotations

from contextlib import suppress

from tracker.feeds.query import where_in
from tracker.store.database import LedgerError
from tracker.store.secret_links import LinkRegistry, SecretLink, link_for
from tracker.timeline.filters import Where


class OpenLinks:
    """Asked at every request, read anew with every look at the database."""

    def __init__(self, registry: LinkRegistry) -> None:
        self._registry = registry
        self._links: list[SecretLink] = []

    def look(self) -> None:
        """Reads which are open. While the database is away, those that were stay so."""
        with suppress(LedgerError):
            self._links = self._registry.open()

    def filter_of_secret(self, secret: str) -> Where | None:
        """What that secret shows; None where it opens nothing."""
        link = link_for(secret, self._links)
        return None if link is None else where_in(link.filter)
