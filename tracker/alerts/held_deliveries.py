"""What is owed through a channel that is left alone: it waits, or has failed.

Why a channel is left alone, and until when, is known by HeldChannel; where the other side has asked
for some time (Retry-After) and nothing is wrong, here, until the process ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from tracker.alerts.channel import Undelivered
from tracker.alerts.delivery_context import DeliveryContext, FailedDelivery
from tracker.alerts.held_channel import HeldChannel
from tracker.config.addresses import Address
from tracker.i18n.reasons import read_reason
from tracker.store.held_channels import Hold
from tracker.store.ledger import ClaimedAlert

#: Seconds for which what falls due new is not tried where others were asked to wait.
_LONGEST_REST = 3600.0
_BEHIND = timedelta(minutes=1)


class _Rest(NamedTuple):
    """A time for which the other side has asked to be left alone."""

    since: datetime
    until: datetime
    error: str  #: as it is stored


class HeldDeliveries:
    """Leaves alone what may not be sent through the channel that those addresses share."""

    def __init__(
        self,
        context: DeliveryContext,
        addresses: Sequence[Address],
        report_outage: Callable[[Undelivered, ClaimedAlert | None], None],
    ) -> None:
        self.is_on_trial = False  #: one message shows whether what held the channel is mended
        self._context = context
        self._names = [address.name for address in addresses]
        self._report_outage = report_outage
        self._held = HeldChannel(context.outbox.held_channels, addresses, context.settings)
        self._rest: _Rest | None = None

    # -- whether anything may be sent

    def let_mended_go(self) -> None:
        """Ends the waits for what held the channel before its settings were mended."""
        for error in self._held.outdated_errors():
            self._context.outbox.let_go(self._names, error, self._context.now())

    def leave_all_if_held(self) -> bool:
        """Whether the channel is left alone; what is due waits then, or has failed."""
        hold, now = self._held.hold(), self._context.now()
        outbox, agreements = self._context.outbox, self._context.agreements
        self.is_on_trial = False
        if hold is None:
            rest = self._rest
            if rest is None or not rest.since <= now < rest.until:
                return False
            outbox.leave_waiting(self._names, agreements, now, until=rest.until, error=rest.error)
            return True
        if outbox.first_to_send(self._names, agreements, now) != now:
            return True  # there is nothing to be tried
        if not self._held.bars(hold, now):
            self.is_on_trial = True
            return False
        self._leave_all(hold)
        return True

    def barring_hold(self) -> Hold | None:
        """What keeps an alert from being tried now; None: nothing, for once at least."""
        hold = self._held.hold()
        if hold is None or self._held.bars(hold, self._context.now()):
            return hold
        self.is_on_trial = True
        return None

    # -- what the other side has answered

    def begin(self, error: Undelivered) -> Hold:
        """Leaves the channel alone from now on."""
        hold = self._held.begin(error, self._context.now(), is_new_round=self.is_on_trial)
        self.is_on_trial = False
        if hold.barrier == "login":
            self._report_outage(error, None)
        return hold

    def begin_with_all(self, error: Undelivered, refused: Sequence[ClaimedAlert] = ()) -> None:
        """Leaves it alone, with all that is due, and what was refused by that answer."""
        hold = self.begin(error)
        for alert in refused:
            self.leave(alert, hold)
        self._leave_all(hold)

    def rest(self, error: Undelivered, seconds: float) -> None:
        """What falls due new waits as well: the other side asks for so much time."""
        now = self._context.now()
        until = now + timedelta(seconds=min(seconds, _LONGEST_REST))
        self._rest = _Rest(now, until, error.reason.stored())

    def end(self) -> None:
        """It has taken something: what waited for that goes out."""
        self.is_on_trial = False
        if (hold := self._held.end()) is not None:
            self._context.outbox.let_go(self._names, hold.error, self._context.now())

    # -- what becomes of what is owed

    def leave(self, alert: ClaimedAlert, hold: Hold, *, was_tried: bool = False) -> float | None:
        """Leaves one alert; gives the seconds until it is looked at again, None where it failed.

        Which one was tried is tried after the others: it may have been refused for itself alone.
        """
        outbox, now = self._context.outbox, self._context.now()
        if hold.barrier == "gone":
            outbox.give_up([alert.id], hold.error)
            if self._context.counter is not None:
                self._context.counter.count_refused(alert, given_up=True)
            self._report_gone([alert.key.channel], hold, 1, alert)
            return None
        until = self._held.until(hold, now) + (_BEHIND if was_tried else timedelta())
        outbox.leave_claimed_waiting(alert.id, until, hold.error, hold.rounds)
        return (until - now).total_seconds()

    def _leave_all(self, hold: Hold) -> None:
        outbox, now = self._context.outbox, self._context.now()
        if hold.barrier == "gone":
            agreements = self._context.agreements
            if number := outbox.give_up_due(self._names, agreements, now, hold.error):
                self._report_gone(self._names, hold, number, None)
        else:
            until = self._held.until(hold, now)
            outbox.leave_waiting(
                self._names,
                self._context.agreements,
                now,
                until=until,
                error=hold.error,
                rounds=hold.rounds,
            )

    def _report_gone(
        self, channels: Sequence[str], hold: Hold, number: int, alert: ClaimedAlert | None
    ) -> None:
        reason = read_reason(hold.error)
        self._context.report(
            FailedDelivery(channels, reason, True, alert, is_gone=True, number=number)
        )
