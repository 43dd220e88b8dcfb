"""What did not arrive, as /healthz, the heartbeat, the metrics and the page say it.

The ledger knows, whichever process tried to deliver. It is asked every few seconds and not with
each request: a page or a probe costs no query.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from math import inf

from tracker import clock
from tracker.service.reports import LedgerOutages
from tracker.store.database import Database, LedgerError
from tracker.store.undelivered import (
    UndeliveredAlerts,
    UndeliveredSummary,
    sent_since,
    undelivered_alerts,
)

#: Seconds between two looks.
_PERIOD = 5.0


class DeliveryWatch:
    """Looks again and again for alerts that did not arrive."""

    def __init__(
        self,
        database: Database,
        agreements: Callable[[], Collection[str]],
        fail_after: timedelta | None,
        outages: LedgerOutages,
    ) -> None:
        """`agreements`: those that are loaded; `fail_after`: None: nothing is an outage."""
        self._database = database
        self._agreements = agreements
        self._fail_after = fail_after
        self._outages = outages
        self._summary: UndeliveredSummary | None = None
        self._looked_at: float | None = None  #: in steady seconds

    @property
    def looked_at(self) -> float:
        """When the last look began, in steady seconds; before all time where there was none."""
        return -inf if self._looked_at is None else self._looked_at

    def count_sent(self, channel: str, since: datetime) -> int:
        """How many alerts the channel has taken since then; none where the ledger cannot say."""
        try:
            return sent_since(self._database, channel, self._agreements(), since)
        except LedgerError as error:
            self._outages.begin("undelivered", error)
            return 0

    @property
    def summary(self) -> UndeliveredSummary | None:
        """As of the last look; None: nothing is missed."""
        return self._summary

    @property
    def groups(self) -> tuple[UndeliveredAlerts, ...]:
        """What is missed, by recipient and channel."""
        return () if self._summary is None else self._summary.groups

    def look(self) -> None:
        """Asks the ledger, if the last look is some seconds ago."""
        if clock.steady() - self.looked_at >= _PERIOD:
            self.look_now()

    def look_now(self) -> None:
        """Asks the ledger."""
        agreements = self._agreements()
        if not agreements:
            return
        self._looked_at = clock.steady()
        now = clock.now()
        try:
            groups = tuple(undelivered_alerts(self._database, agreements, now))
        except LedgerError as error:
            self._outages.begin("undelivered", error)
            return
        self._outages.end("undelivered")
        self._summary = None
        if groups:
            self._summary = UndeliveredSummary(groups, self._is_outage(groups[0].since, now))

    def _is_outage(self, since: datetime, now: datetime) -> bool:
        return self._fail_after is not None and now - since >= self._fail_after
