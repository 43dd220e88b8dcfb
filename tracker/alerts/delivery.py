"""Delivering: a message is made, handed to its channel, and marked with what became of it.

This is the same whoever drives it: a lane of `tracker run` (thread_delivery.py), or the jobs of
`tracker worker` (job_delivery.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol, TypeAlias

from tracker.alerts.channel import BadAddress, Channel, ChannelSettings, Undelivered
from tracker.alerts.channels import open_channel
from tracker.alerts.composer import Composer
from tracker.config.addresses import Address
from tracker.store.database import LedgerError
from tracker.store.ledger import ClaimedAlert
from tracker.store.outbox import Outbox

#: Seconds until the next try, by how many there were: two days of them, an hour apart at most, so
#: that what comes back is found out soon. After the last of them an alert is given up.
BACK_OFF = (10, 30, 120, 600, 1800, *(3600,) * 47)

#: Told of what went wrong: the addresses' names, the reason, and whether it was given up.
ReportUndelivered: TypeAlias = Callable[[Sequence[str], str, bool], None]


class PreparedMessage(NamedTuple):
    """A message that can be handed to its channel."""

    row: ClaimedAlert
    prepared: Any
    composer: Composer  #: of the timeline by which it was made


class DeliveryResult(NamedTuple):
    """What became of it; no error: the other side has it."""

    row: ClaimedAlert
    error: Undelivered | None


class UnknownHere(Exception):
    """What an alert is about is not known here: another machine's settings or files are newer."""


class DeliveryCounter(Protocol):
    """What is counted of deliveries."""

    def count_sent(self, rows: Sequence[ClaimedAlert], now: datetime) -> None:
        """A channel took those alerts."""

    def count_refused(self, row: ClaimedAlert, given_up: bool) -> None:
        """An alert did not get through."""


class DeliveryContext(NamedTuple):
    """What every delivery works with."""

    outbox: Outbox
    settings: ChannelSettings
    composer: Callable[[], Composer | None]  #: of the timeline as it is now; None: there is none
    report: ReportUndelivered
    open_channel: Callable[[Address, ChannelSettings], Channel] = open_channel
    counter: DeliveryCounter | None = None
    #: Whether the timeline is by the files that were published last, on whichever machine; None:
    #: no other machine has this ledger. Raises LedgerError.
    is_current: Callable[[], bool] | None = None

    def now(self) -> datetime:
        return self.settings.now()


class ChannelSender:
    """The addresses that share a channel, and the way of a message through it."""

    def __init__(self, context: DeliveryContext, addresses: Sequence[Address]) -> None:
        self.context = context
        self.names = [address.name for address in addresses]
        self._addresses = {address.name: address for address in addresses}
        self._channel: Channel | None = None
        self._has_reported_outage = False  #: that nothing gets through

    def channel(self) -> Channel:
        """Opened once it is wanted. Raises Undelivered where no channel takes its address."""
        if self._channel is None:
            address = next(iter(self._addresses.values()))
            try:
                self._channel = self.context.open_channel(address, self.context.settings)
            except BadAddress as error:
                raise Undelivered(error.diagnostic.case, unreachable=True) from None
        return self._channel

    def close(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    # -- the way of a message

    def prepare(self, row: ClaimedAlert, composer: Composer) -> PreparedMessage | None:
        """A message that can be handed over; None: there is nothing to say any more.

        Raises Undelivered where it cannot be made, UnknownHere where another machine has to say so.
        """
        if self.context.is_current is not None and not self._knows(row, composer):
            raise UnknownHere
        try:
            message = composer.message(row, self.context.now())
            if message is None:
                if self.context.is_current is not None and not self.context.is_current():
                    raise UnknownHere
                self.context.outbox.mark_lapsed([row.id])
                return None
            prepared = self.channel().prepare(message, self._addresses[row.key.channel])
        except (LedgerError, Undelivered, UnknownHere):
            raise
        except Exception as error:  # noqa: BLE001 - one that cannot be made holds up no other
            raise Undelivered(f"{type(error).__name__}: {error}") from None
        return PreparedMessage(row, prepared, composer)

    def _knows(self, row: ClaimedAlert, composer: Composer) -> bool:
        return row.key.channel in self._addresses and composer.knows(row.key.recipient)

    async def deliver(self, ready: PreparedMessage) -> DeliveryResult:
        """What came of delivering a message."""
        error: Undelivered | None = None
        try:
            await self.channel().deliver(ready.prepared)
        except Undelivered as undelivered:
            error = undelivered
        except Exception as unexpected:  # noqa: BLE001 - a library's: this message failed, no more
            error = Undelivered(f"{type(unexpected).__name__}: {unexpected}")
        return DeliveryResult(ready.row, error)

    def mark_sent(self, finished: Sequence[DeliveryResult]) -> None:
        """Marks what has arrived, all at once."""
        arrived = [one.row for one in finished if one.error is None]
        if not arrived:
            return
        self._has_reported_outage, now = False, self.context.now()
        self.context.outbox.mark_sent([row.id for row in arrived], now)
        if self.context.counter is not None:
            self.context.counter.count_sent(arrived, now)

    # -- what does not get through

    def retry_later(self, row: ClaimedAlert, error: Undelivered) -> float | None:
        """Puts an alert off; gives the seconds until its next try, None where it is given up."""
        outbox, gives_up = self.context.outbox, row.attempts >= len(BACK_OFF)
        if self.context.counter is not None:
            self.context.counter.count_refused(row, gives_up)
        if gives_up:
            outbox.give_up([row.id], error.reason)
            self.context.report([row.key.channel], error.reason, True)
            return None
        seconds = max(BACK_OFF[row.attempts], error.wait or 0)
        outbox.retry_later([row.id], self.context.now() + timedelta(seconds=seconds), error.reason)
        if error.unreachable:
            self._report_outage_once(error)
        elif row.attempts == 0:
            self.context.report([row.key.channel], error.reason, False)
        return seconds

    def postpone(self, error: Undelivered) -> None:
        """Puts off all that waits; what has waited too often is given up."""
        waits = [timedelta(seconds=max(seconds, error.wait or 0)) for seconds in BACK_OFF]
        given_up = self.context.outbox.postpone(self.names, self.context.now(), waits, error.reason)
        if given_up:
            self.context.report(self.names, error.reason, True)
            self._has_reported_outage = True
        else:
            self._report_outage_once(error)

    def _report_outage_once(self, error: Undelivered) -> None:
        if not self._has_reported_outage:
            self.context.report(self.names, error.reason, False)
        self._has_reported_outage = True

    def report_ledger_error(self, error: LedgerError) -> None:
        reason = str(error.values.get("reason", error.name))
        self.context.report(self.names, reason, False)
