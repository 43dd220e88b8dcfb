"""Delivery: a message is composed, handed to its channel, and its alert marked with the result.

It is the same whoever drives it: the threads of `tracker run` (thread_delivery.py), or the jobs of
`tracker worker` (job_delivery.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple, Protocol, TypeAlias

from tracker.alerts.channel import BadAddress, Channel, ChannelSettings, Undelivered
from tracker.alerts.channels import channel_key_of, most_reminders, open_channel
from tracker.alerts.composer import Composer
from tracker.alerts.held_channel import HeldChannel
from tracker.config.addresses import Address
from tracker.failures.exceptions import reason_of
from tracker.i18n.reasons import Reason, read_reason
from tracker.reminders.batches import BATCH
from tracker.store.batches import gather
from tracker.store.database import LedgerError
from tracker.store.held_channels import Hold
from tracker.store.ledger import ClaimedAlert, agreements_named
from tracker.store.outbox import Outbox

#: Seconds until the next try, by how many there were: two days of them, an hour apart at most, so
#: that what comes back is found out soon. After the last of them an alert is given up.
BACK_OFF = (10, 30, 120, 600, 1800, *(3600,) * 47)

#: An alert that is unknown here waits so long: another machine may deliver it, or this one know it.
UNKNOWN_WAIT = timedelta(seconds=60)

#: What was refused for good is tried as often in the first hour, then with so many waits in one: a
#: mailbox may be there again, but every try of one that is not costs the sender its good name.
_HASTY, _AT_ONCE = 5, 4
#: Seconds for which what falls due new is not tried where others were asked to wait.
_LONGEST_REST = 3600.0
_BEHIND = timedelta(minutes=1)
#: Seconds that what is under way has to be answered once the process is to end. What is not is put
#: back, and goes out again under the same identity.
PATIENCE = 8.0


class FailedDelivery(NamedTuple):
    """A delivery that was in vain."""

    channels: Sequence[str]  #: the addresses' names
    reason: Reason
    given_up: bool = False
    alert: ClaimedAlert | None = None  #: of which it was seen; None: of none alone
    next_try: datetime | None = None  #: when the alert is tried again
    is_outage: bool = False  #: nothing else gets through either


ReportUndelivered: TypeAlias = Callable[[FailedDelivery], None]


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
    open_channel: Callable[[Address, ChannelSettings], Channel] = open_channel
    counter: DeliveryCounter | None = None
    #: Whether the timeline is that of the files which were published last, on whichever machine;
    #: None: no other machine has this ledger. Raises LedgerError.
    is_current: Callable[[], bool] | None = None
    #: Hears of each round of deliveries, by a name: the ledger's error in it, or None.
    note_ledger: Callable[[str, LedgerError | None], None] = lambda _name, _error: None

    def now(self) -> datetime:
        return self.settings.now()


class _Rest(NamedTuple):
    """A time for which the other side has asked to be left alone."""

    since: datetime
    until: datetime
    error: str  #: as it is stored


class ChannelSender:
    """Takes messages through a channel, to the addresses that share it."""

    def __init__(self, context: DeliveryContext, addresses: Sequence[Address]) -> None:
        self.context = context
        self.names = [address.name for address in addresses]
        self._addresses = {address.name: address for address in addresses}
        self._channel: Channel | None = None
        self._has_reported_outage = False
        self.held = HeldChannel(context.outbox.held_channels, addresses, context.settings)
        self._rest: _Rest | None = None
        self.is_on_trial = False  #: one message shows whether what held the channel is mended

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
        except Exception as error:  # noqa: BLE001 - one that cannot be made holds up no other
            raise Undelivered(reason_of(error)) from None
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
        except Exception as unexpected:  # noqa: BLE001 - a library's: this message failed, no more
            error = Undelivered(reason_of(unexpected))
        return DeliveryResult(message.alert, error)

    def mark_sent(self, results: Sequence[DeliveryResult]) -> None:
        """Marks the alerts whose messages have arrived, all at once."""
        arrived = [result.alert for result in results if result.error is None]
        if not arrived:
            return
        self._has_reported_outage = False
        now = self.context.now()
        self.context.outbox.mark_sent([alert.id for alert in arrived], now)
        self.is_on_trial = False
        if (hold := self.held.end()) is not None:
            self.context.outbox.let_go(self.names, hold.error)
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
            now = self.context.now()
            until = now + timedelta(seconds=min(error.wait, _LONGEST_REST))
            self._rest = _Rest(now, until, error.reason.stored())
        waits = [timedelta(seconds=max(seconds, error.wait or 0)) for seconds in BACK_OFF]
        given_up = self.context.outbox.postpone(
            self.names,
            self._agreements,
            self.context.now(),
            waits=waits,
            error=error.reason.stored(),
        )
        if given_up:
            self.context.report(FailedDelivery(self.names, error.reason, given_up=True))
            self._has_reported_outage = True
        else:
            self._report_outage_once(error, alert)

    # -- what a person has to mend

    def let_mended_go(self) -> None:
        """Ends the waits for what held the channel before its settings were mended."""
        for error in self.held.outdated_errors():
            self.context.outbox.let_go(self.names, error)

    def is_held(self) -> bool:
        """Whether the channel is left alone; what is due waits then, or has failed."""
        hold, now = self.held.hold(), self.context.now()
        outbox, agreements = self.context.outbox, self._agreements
        self.is_on_trial = False
        if hold is None:
            rest = self._rest
            if rest is None or not rest.since <= now < rest.until:
                return False
            outbox.leave_waiting(self.names, agreements, now, until=rest.until, error=rest.error)
            return True
        if outbox.first_to_send(self.names, agreements, now) != now:
            return True  # there is nothing to be tried
        if not self.held.bars(hold, now):
            self.is_on_trial = True
            return False
        self._leave_alone(hold)
        return True

    def hold(self, error: Undelivered) -> Hold:
        """Leaves the channel alone from now on."""
        hold = self.held.begin(error, self.context.now(), is_new_round=self.is_on_trial)
        self.is_on_trial = False
        if hold.barrier == "login":
            self._report_outage_once(error, None)
        return hold

    def hold_all(self, error: Undelivered) -> None:
        """Leaves it alone, with all that is due."""
        self._leave_alone(self.hold(error))

    def hold_claimed(
        self, alert: ClaimedAlert, hold: Hold, *, was_tried: bool = False
    ) -> float | None:
        """Leaves one alert; gives the seconds until it is looked at again, None where it failed.

        Which one was tried is tried after the others: it may have been refused for itself alone.
        """
        outbox, now = self.context.outbox, self.context.now()
        if hold.barrier == "gone":
            outbox.give_up([alert.id], hold.error)
            failed = FailedDelivery([alert.key.channel], read_reason(hold.error), True, alert)
            self.context.report(failed)
            return None
        until = self.held.until(hold, now) + (_BEHIND if was_tried else timedelta())
        outbox.leave_claimed_waiting(alert.id, until, hold.error, hold.rounds)
        return (until - now).total_seconds()

    def _leave_alone(self, hold: Hold) -> None:
        outbox, now = self.context.outbox, self.context.now()
        if hold.barrier == "gone":
            if outbox.give_up_due(self.names, self._agreements, now, hold.error):
                self.context.report(FailedDelivery(self.names, read_reason(hold.error), True))
        else:
            until = self.held.until(hold, now)
            outbox.leave_waiting(
                self.names,
                self._agreements,
                now,
                until=until,
                error=hold.error,
                rounds=hold.rounds,
            )

    @property
    def _agreements(self) -> Sequence[str]:
        composer = self.context.composer()
        return () if composer is None else composer.agreements

    def _report_outage_once(self, error: Undelivered, alert: ClaimedAlert | None) -> None:
        if not self._has_reported_outage:
            names = self.names if alert is None else [alert.key.channel]
            self.context.report(FailedDelivery(names, error.reason, alert=alert, is_outage=True))
        self._has_reported_outage = True

    def report_unforeseen(self, error: Exception) -> None:
        """Reports an error of our own, if anybody can be told at all."""
        with suppress(Exception):
            self.context.report(FailedDelivery(self.names, reason_of(error)))

    def note_ledger(self, error: LedgerError | None) -> None:
        """The ledger could not be used while messages went out; None: it could."""
        self.context.note_ledger(f"send through {self.names[0]}", error)


def channel_senders(context: DeliveryContext, addresses: Iterable[Address]) -> list[ChannelSender]:
    """One for each channel that those addresses have."""
    shared: dict[str, list[Address]] = {}
    for address in addresses:
        shared.setdefault(channel_key_of(address), []).append(address)
    return [ChannelSender(context, group) for group in shared.values()]
