"""Delivery: a message is composed, handed to its channel, and its alert marked with the result.

It is the same whoever drives it: the threads of `tracker run` (thread_delivery.py), or the jobs of
`tracker worker` (job_delivery.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from tracker.alerts.channel import BadAddress, Channel, Undelivered
from tracker.alerts.channels import channel_key_of, most_reminders
from tracker.alerts.composer import Composer
from tracker.alerts.delivery_context import DeliveryContext, FailedDelivery
from tracker.alerts.held_deliveries import HeldDeliveries
from tracker.config.addresses import Address
from tracker.failures.supervision import Duty, reason_of_fault
from tracker.reminders.batches import BATCH
from tracker.store.batches import gather
from tracker.store.database import LedgerError
from tracker.store.ledger import ClaimedAlert, agreements_named

#: Seconds until the next try, by how many there were: two days of them, an hour apart at most, so
#: that what comes back is found out soon. After the last of them an alert is given up.
BACK_OFF = (10, 30, 120, 600, 1800, *(3600,) * 47)

#: An alert that is unknown here waits so long: another machine may deliver it, or this one know it.
UNKNOWN_WAIT = timedelta(seconds=60)

#: What was refused for good is tried as often in the first hour, then with so many waits in one: a
#: mailbox may be there again, but every try of one that is not costs the sender its good name.
_HASTY, _AT_ONCE = 5, 4
#: Seconds that what is under way has to be answered once the process is to end. What is not is put
#: back, and goes out again under the same identity.
PATIENCE = 8.0


class PreparedMessage(NamedTuple):
    """An alert's message, in the form that its channel delivers."""

    alert: ClaimedAlert
    content: Any  #: what Channel.prepare() gave
    composer: Composer  #: of the timeline from which it was composed


class DeliveryResult(NamedTuple):
    """What became of an alert; no error: the other side has its message."""

    alert: ClaimedAlert
    error: Undelivered | None


class UnknownHere(Exception):
    """What an alert is about is not known here: another machine's settings or files are newer, or
    it is missing from the files, in which it may stand again soon."""


class ChannelSender:
    """Takes messages through a channel, to the addresses that share it."""

    def __init__(self, context: DeliveryContext, addresses: Sequence[Address]) -> None:
        self.context = context
        self.names = [address.name for address in addresses]
        self._addresses = {address.name: address for address in addresses}
        self._channel: Channel | None = None
        self.duty = Duty("deliver", tuple(self.names))
        self._has_reported_outage = False
        self.held = HeldDeliveries(context, addresses, self._report_outage_once)

    def channel(self) -> Channel:
        """The channel, opened at the first use. Raises Undelivered where none takes its address."""
        if self._channel is None:
            address = next(iter(self._addresses.values()))
            try:
                self._channel = self.context.open_channel(address, self.context.settings)
            except BadAddress as error:
                raise Undelivered(error.reason, unreachable=True) from None
        return self._channel

    def close(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    # -- the way of a message

    def prepare(self, alert: ClaimedAlert, composer: Composer) -> PreparedMessage | None:
        """The alert's message; None: it would no longer be true, which is marked.

        Raises Undelivered where it cannot be made, UnknownHere where another machine has to decide,
        where its recipient is unknown, where it names an agreement that is not loaded here, or is
        about what is missing for now.
        """
        if not self._knows(alert, composer):  # tracker.toml may name it again, under another name
            raise UnknownHere
        if not agreements_named(alert.key, alert.content).issubset(composer.agreements):
            raise UnknownHere
        if alert.key.kind == BATCH and (awaited := composer.messages_awaited(alert)):
            self._hold_back(alert, awaited, composer)
            return None
        try:
            message = composer.message(alert, self.context.now())
            if message is None:
                if self.context.is_current is not None and not self.context.is_current():
                    raise UnknownHere
                if composer.awaits(alert):
                    raise UnknownHere
                self.context.outbox.mark_lapsed([alert.id])
                return None
            content = self.channel().prepare(message, self._addresses[alert.key.channel])
        except (LedgerError, Undelivered, UnknownHere):
            raise
        except BaseException as error:  # noqa: BLE001 - one that cannot be made holds up no other
            raise Undelivered(reason_of_fault(error)) from None
        return PreparedMessage(alert, content, composer)

    def _hold_back(self, batch: ClaimedAlert, messages: Sequence[str], composer: Composer) -> None:
        """Has those of its reminders wait whose points are missing for now, and no other."""
        now = self.context.now()
        put_together = partial(gather, agreements=composer.agreements, now=now, most=most_reminders)
        self.context.outbox.hold_back(batch, messages, now + UNKNOWN_WAIT, put_together)

    def _knows(self, alert: ClaimedAlert, composer: Composer) -> bool:
        return alert.key.channel in self._addresses and composer.knows(alert.key.recipient)

    async def deliver(self, message: PreparedMessage) -> DeliveryResult:
        """Delivers a message; what became of it."""
        error: Undelivered | None = None
        try:
            await self.channel().deliver(message.content)
        except Undelivered as undelivered:
            error = undelivered
        except (asyncio.CancelledError, GeneratorExit):
            raise
        except BaseException as unexpected:  # noqa: BLE001 - a library's: this message failed, no more
            error = Undelivered(reason_of_fault(unexpected))
        return DeliveryResult(message.alert, error)

    def mark_sent(self, results: Sequence[DeliveryResult]) -> None:
        """Marks the alerts whose messages have arrived, all at once."""
        arrived = [result.alert for result in results if result.error is None]
        if not arrived:
            return
        self._has_reported_outage = False
        now = self.context.now()
        self.context.outbox.mark_sent([alert.id for alert in arrived], now)
        self.held.end()
        if self.context.counter is not None:
            self.context.counter.count_sent(arrived, now)

    # -- what does not get through

    def retry_later(self, alert: ClaimedAlert, error: Undelivered) -> float | None:
        """Puts an alert off; gives the seconds until its next try, None where it is given up."""
        outbox, gives_up = self.context.outbox, alert.attempts >= len(BACK_OFF)
        if self.context.counter is not None:
            self.context.counter.count_refused(alert, gives_up)
        if gives_up:
            outbox.give_up([alert.id], error.reason.stored())
            self._report(alert, error, given_up=True)
            return None
        skipped = _AT_ONCE if error.for_good and alert.attempts >= _HASTY else 1
        waits = BACK_OFF[alert.attempts : alert.attempts + skipped]
        seconds = max(sum(waits), error.wait or 0)
        next_try = self.context.now() + timedelta(seconds=seconds)
        outbox.retry_later([alert.id], next_try, error.reason.stored(), len(waits))
        if error.unreachable:
            self._report_outage_once(error, alert)
        elif alert.attempts == 0:
            self._report(alert, error, next_try=next_try)
        return seconds

    def _report(
        self,
        alert: ClaimedAlert,
        error: Undelivered,
        *,
        given_up: bool = False,
        next_try: datetime | None = None,
    ) -> None:
        channels = [alert.key.channel]
        self.context.report(FailedDelivery(channels, error.reason, given_up, alert, next_try))

    def postpone(self, error: Undelivered, alert: ClaimedAlert | None = None) -> None:
        """Puts off all that is due; what has waited too often is given up.

        `alert` is the one of which that was seen.
        """
        if error.wait is not None:
            self.held.rest(error, error.wait)
        waits = [timedelta(seconds=max(seconds, error.wait or 0)) for seconds in BACK_OFF]
        given_up = self.context.outbox.postpone(
            self.names,
            self.context.agreements,
            self.context.now(),
            waits=waits,
            error=error.reason.stored(),
        )
        if given_up:
            self.context.report(FailedDelivery(self.names, error.reason, given_up=True))
            self._has_reported_outage = True
        else:
            self._report_outage_once(error, alert)

    def _report_outage_once(self, error: Undelivered, alert: ClaimedAlert | None) -> None:
        if not self._has_reported_outage:
            names = self.names if alert is None else [alert.key.channel]
            self.context.report(FailedDelivery(names, error.reason, alert=alert, is_outage=True))
        self._has_reported_outage = True

    def leave_waiting(self) -> None:
        """Has what is due wait for the next try after a fault of our own, so that all see it waits.

        It is no try of the channel: nothing is given up by it.
        """
        fault = self.context.supervisor.fault_of(self.duty)
        if fault is None:
            return
        pause = timedelta(seconds=fault.try_at - fault.at)
        now = self.context.now()
        with suppress(LedgerError):  # else it waits as it is
            self.context.outbox.leave_waiting(
                self.names,
                self.context.agreements,
                now,
                until=now + pause,
                error=fault.reason.stored(),
                rounds=fault.tries,
            )

    def note_ledger(self, error: LedgerError | None) -> None:
        """The ledger could not be used while messages went out; None: it could."""
        self.context.note_ledger(f"send through {self.names[0]}", error)


def channel_senders(context: DeliveryContext, addresses: Iterable[Address]) -> list[ChannelSender]:
    """One for each channel that those addresses have."""
    shared: dict[str, list[Address]] = {}
    for address in addresses:
        shared.setdefault(channel_key_of(address), []).append(address)
    return [ChannelSender(context, group) for group in shared.values()]
