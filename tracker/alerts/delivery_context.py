"""What deliveries work with, and whom they tell of what was in vain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, TypeAlias

from tracker.alerts.channel import Channel, ChannelSettings
from tracker.alerts.channels import open_channel
from tracker.alerts.composer import Composer
from tracker.config.addresses import Address
from tracker.failures.supervision import Supervisor
from tracker.i18n.reasons import Reason
from tracker.store.database import LedgerError
from tracker.store.ledger import ClaimedAlert
from tracker.store.outbox import Outbox


class FailedDelivery(NamedTuple):
    """A delivery that was in vain."""

    channels: Sequence[str]  #: the addresses' names
    reason: Reason
    given_up: bool = False
    alert: ClaimedAlert | None = None  #: of which it was seen; None: of none alone
    next_try: datetime | None = None  #: when the alert is tried again
    is_outage: bool = False  #: nothing else gets through either
    is_gone: bool = False  #: nothing more is sent there, until a person has acted
    number: int = 1  #: so many alerts are given up


ReportUndelivered: TypeAlias = Callable[[FailedDelivery], None]


class DeliveryCounter(Protocol):
    """Who counts deliveries."""

    def count_sent(self, alerts: Sequence[ClaimedAlert], now: datetime) -> None:
        """A channel took those alerts."""

    def count_refused(self, alert: ClaimedAlert, given_up: bool) -> None:
        """An alert did not get through."""


class DeliveryContext(NamedTuple):
    """What every delivery works with."""

    outbox: Outbox
    settings: ChannelSettings
    composer: Callable[[], Composer | None]  #: of the timeline as it is now; None: none yet
    report: ReportUndelivered
    supervisor: Supervisor  #: by whom deliveries go on, whatever is raised in them
    open_channel: Callable[[Address, ChannelSettings], Channel] = open_channel
    counter: DeliveryCounter | None = None
    #: Whether the timeline is that of the files which were published last, on whichever machine;
    #: None: no other machine has this ledger. Raises LedgerError.
    is_current: Callable[[], bool] | None = None
    #: Hears of each round of deliveries, by a name: the ledger's error in it, or None.
    note_ledger: Callable[[str, LedgerError | None], None] = lambda _name, _error: None

    def now(self) -> datetime:
        return self.settings.now()

    @property
    def agreements(self) -> Sequence[str]:
        """Those that are loaded: of no other anything is sent, or given up."""
        composer = self.composer()
        return () if composer is None else composer.agreements
