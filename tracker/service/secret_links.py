"""Which secret links are open, as the database had it last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from tracker.agreements.model import Agreement
from tracker.feeds.query import where_in, with_current_ids
from tracker.store.database import LedgerError
from tracker.store.secret_links import LinkRegistry, SecretLink, link_for
from tracker.timeline.filters import Where


class OpenLinks:
    """Asked at every request, read anew with every look at the database."""

    def __init__(
        self, registry: LinkRegistry, agreements: Callable[[], Sequence[Agreement]]
    ) -> None:
        """`agreements`: those that are loaded. A link that was made for others opens nothing."""
        self._registry = registry
        self._agreements = agreements
        self._links: list[SecretLink] = []

    def look(self) -> None:
        """Reads which are open. While the database is away, those that were stay so."""
        loaded = [agreement.id for agreement in self._agreements()]
        with suppress(LedgerError):
            self._links = self._registry.open(loaded)

    def filter_of_secret(self, secret: str) -> Where | None:
        """What that secret shows; None where it opens nothing."""
        link = link_for(secret, self._links)
        return None if link is None else shown_by(link, self._agreements())


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
