"""Delivering: a message is made, handed to its channel, and marked with what became of it.

This is the same whoever drives it: a lane of `tracker run` (thread_delivery.py), or the jobs of
`tracker worker` (job_delivery.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol, TypeAlias

from tracker.alerts.channel import BadAddress, Channel, Settings, Undelivered
from tracker.alerts.channels import opened
from tracker.alerts.composer import Composer
from tracker.config.addresses import Address
from tracker.store.database import LedgerError
from tracker.store.ledger import ClaimedAlert
from tracker.store.outbox import Outbox

#: Seconds until the next try, by how many there were: two days of them, an hour apart at most, so
#: that what comes back is found out soon. After the last of them an alert is given up.
BACK_OFF = (10, 30, 120, 600, 1800, *(3600,) * 47)

#: Told of what went wrong: the addresses' names, the reason, and whether it was given up.
Tell: TypeAlias = Callable[[Sequence[str], str, bool], None]


class Ready(NamedTuple):
    """A message that can be handed to its channel."""

    row: ClaimedAlert
    prepared: Any
    composer: Composer  #: of the timeline by which it was made


class Done(NamedTuple):
    """What became of it; no error: the other side has it."""

    row: ClaimedAlert
    error: Undelivered | None


class NotHere(Exception):
    """What an alert is about is not known here: another machine's settings or files are newer."""


class Counts(Protocol):
    """What is counted of deliveries."""

    def sent(self, rows: Sequence[ClaimedAlert], now: datetime) -> None:
        """A channel took those alerts."""

    def refused(self, row: ClaimedAlert, given_up: bool) -> None:
        """An alert did not get through."""


class Means(NamedTuple):
    """What every delivery works with."""

    outbox: Outbox
    settings: Settings
    composer: Callable[[], Composer | None]  #: of the timeline as it is now; None: there is none
    tell: Tell
    opener: Callable[[Address, Settings], Channel] = opened
    counts: Counts | None = None
    #: Whether the timeline is by the files that were published last, on whichever machine; None:
    #: no other machine has this ledger. Raises LedgerError.
    is_current: Callable[[], bool] | None = None

    def now(self) -> datetime:
        return self.settings.now()


class Carrier:
    """The addresses that share a channel, and the way of a message through it."""

    def __init__(self, means: Means, addresses: Sequence[Address]) -> None:
        self.means = means
        self.names = [address.name for address in addresses]
        self._addresses = {address.name: address for address in addresses}
        self._channel: Channel | None = None
        self._told = False  #: that nothing gets through

    def channel(self) -> Channel:
        """Opened once it is wanted. Raises Undelivered where no channel takes its address."""
        if self._channel is None:
            address = next(iter(self._addresses.values()))
            try:
                self._channel = self.means.opener(address, self.means.settings)
            except BadAddress as error:
                raise Undelivered(error.diagnostic.case, unreachable=True) from None
        return self._channel

    def close(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    # -- the way of a message

    def made(self, row: ClaimedAlert, composer: Composer) -> Ready | None:
        """A message that can be handed over; None: there is nothing to say any more.

        Raises Undelivered where it cannot be made, NotHere where another machine has to say so.
        """
        if self.means.is_current is not None and not self._knows(row, composer):
            raise NotHere
        try:
            message = composer.message(row, self.means.now())
            if message is None:
                if self.means.is_current is not None and not self.means.is_current():
                    raise NotHere
                self.means.outbox.mark_lapsed([row.id])
                return None
            prepared = self.channel().prepare(message, self._addresses[row.key.channel])
        except (LedgerError, Undelivered, NotHere):
            raise
        except Exception as error:  # noqa: BLE001 - one that cannot be made holds up no other
            raise Undelivered(f"{type(error).__name__}: {error}") from None
        return Ready(row, prepared, composer)

    def _knows(self, row: ClaimedAlert, composer: Composer) -> bool:
        return row.key.channel in self._addresses and composer.knows(row.key.recipient)

    async def handed_over(self, ready: Ready) -> Done:
        """What came of delivering a message."""
        error: Undelivered | None = None
        try:
            await self.channel().deliver(ready.prepared)
        except Undelivered as undelivered:
            error = undelivered
        except Exception as unexpected:  # noqa: BLE001 - a library's: this message failed, no more
            error = Undelivered(f"{type(unexpected).__name__}: {unexpected}")
        return Done(ready.row, error)

    def mark(self, finished: Sequence[Done]) -> None:
        """Marks what has arrived, all at once."""
        arrived = [one.row for one in finished if one.error is None]
        if not arrived:
            return
        self._told, now = False, self.means.now()
        self.means.outbox.mark_sent([row.id for row in arrived], now)
        if self.means.counts is not None:
            self.means.counts.sent(arrived, now)

    # -- what does not get through

    def again(self, row: ClaimedAlert, error: Undelivered) -> float | None:
        """Puts an alert off; gives the seconds until its next try, None where it is given up."""
        outbox, gives_up = self.means.outbox, row.attempts >= len(BACK_OFF)
        if self.means.counts is not None:
            self.means.counts.refused(row, gives_up)
        if gives_up:
            outbox.give_up([row.id], error.reason)
            self.means.tell([row.key.channel], error.reason, True)
            return None
        seconds = max(BACK_OFF[row.attempts], error.wait or 0)
        outbox.retry_later([row.id], self.means.now() + timedelta(seconds=seconds), error.reason)
        if error.unreachable:
            self._tell_once(error)
        elif row.attempts == 0:
            self.means.tell([row.key.channel], error.reason, False)
        return seconds

    def postpone(self, error: Undelivered) -> None:
        """Puts off all that waits; what has waited too often is given up."""
        waits = [timedelta(seconds=max(seconds, error.wait or 0)) for seconds in BACK_OFF]
        given_up = self.means.outbox.postpone(self.names, self.means.now(), waits, error.reason)
        if given_up:
            self.means.tell(self.names, error.reason, True)
            self._told = True
        else:
            self._tell_once(error)

    def _tell_once(self, error: Undelivered) -> None:
        if not self._told:
            self.means.tell(self.names, error.reason, False)
        self._told = True

    def tell_of_ledger(self, error: LedgerError) -> None:
        reason = str(error.values.get("reason", error.name))
        self.means.tell(self.names, reason, False)
