"""Deliveries of one process: each channel has a thread, so one that hangs holds up no other.

A thread claims what is to be sent through its channel, prepares each message while those before it
are under way, and marks its alert once the other side has it. No more deliveries are ever under way
and unmarked than the channel takes at once: so many messages a crash may repeat, under the same
identity, and no more.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine, Iterable, Sequence
from datetime import timedelta
from threading import Lock, Thread
from typing import Any

from tracker.alerts.channel import Channel, Undelivered
from tracker.alerts.composer import Composer
from tracker.alerts.delivery import (
    ChannelSender,
    DeliveryContext,
    DeliveryResult,
    PreparedMessage,
    UnknownHere,
    channel_senders,
)
from tracker.config.addresses import Address
from tracker.store.database import LedgerError
from tracker.store.ledger import ClaimedAlert

#: Alerts that are claimed at once.
BATCH = 100
#: Messages that are prepared at once; more would keep the thread from sending.
_AHEAD = 8
#: An alert that is unknown here waits so long: another machine may deliver it, or this one know it.
_UNKNOWN_WAIT = timedelta(seconds=60)


class Deliverer:
    """Delivers what is in the outbox, in as many threads as there are channels with work."""

    def __init__(self, context: DeliveryContext, addresses: Iterable[Address]) -> None:
        self._threads = [_SenderThread(sender) for sender in channel_senders(context, addresses)]

    def start(self) -> None:
        """Nothing to do: a thread begins when there is something to send."""

    def wake(self) -> None:
        """There may be something to send."""
        for thread in self._threads:
            thread.wake()

    def finish(self) -> None:
        """Waits until all that is to be sent by now is sent."""
        for thread in self._threads:
            thread.join()

    def close(self) -> None:
        """Ends; what is under way is finished first, what is not is put back."""
        for thread in self._threads:
            thread.stop()
        for thread in self._threads:
            thread.join()
            thread.close()


class _SenderThread:
    """A thread that works while there is something to send through its channel."""

    def __init__(self, sender: ChannelSender) -> None:
        self._sender = sender
        self._outbox = sender.context.outbox
        self._thread: Thread | None = None
        self._lock = Lock()
        self._claimed: deque[ClaimedAlert] = deque()  #: whose messages are not prepared yet
        self._prepared: deque[PreparedMessage] = deque()  #: not yet under way
        self._is_woken = self._is_stopping = False
        self._outage: Undelivered | None = None  #: why nothing gets through

    # -- from outside

    def wake(self) -> None:
        with self._lock:
            self._is_woken = True
            if self._thread is None and not self._is_stopping:
                names = ",".join(self._sender.names)
                self._thread = Thread(target=self._run, name=names, daemon=True)
                self._thread.start()

    def stop(self) -> None:
        self._is_stopping = True

    def join(self) -> None:
        thread = self._thread
        if thread is not None:
            thread.join()

    def close(self) -> None:
        self._sender.close()

    # -- the thread

    def _run(self) -> None:
        """Works until nothing is left, then ends; the next wake() begins a new thread."""
        while True:
            with self._lock:
                if not self._is_woken or self._is_stopping:
                    self._thread = None
                    return
                self._is_woken = False
            try:
                self._work()
            except LedgerError as error:
                self._sender.report_ledger_error(error)

    def _work(self) -> None:
        self._outbox.recover_own(self._sender.names)
        try:
            channel = self._sender.channel()
        except Undelivered as error:
            self._sender.postpone(error)
            return
        try:
            _run(self._keep_busy(channel))
        finally:
            unsent = [alert.id for alert in self._claimed]
            self._claimed.clear()  # also where that fails: what is put back later is claimed anew
            self._outbox.put_back(unsent)
        if self._outage is not None:
            self._sender.postpone(self._outage)
            self._outage = None

    async def _keep_busy(self, channel: Channel) -> None:
        """Keeps as many messages under way as may be, and prepares the next ones meanwhile."""
        under_way: set[asyncio.Task[DeliveryResult]] = set()
        try:
            while True:
                while len(under_way) < channel.parallel and not self._has_to_end:
                    message = self._next_message()
                    if message is None:
                        break
                    under_way.add(asyncio.create_task(self._sender.deliver(message)))
                if not under_way:
                    break
                done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                self._settle([task.result() for task in done])
        finally:
            self._claimed.extendleft(message.alert for message in reversed(self._prepared))
            self._prepared.clear()
            try:
                if under_way:  # the ledger failed; what has arrived is marked once it can be
                    done, _ = await asyncio.wait(under_way)
                    self._settle([task.result() for task in done])
            finally:  # its connections end with this loop
                await channel.release()

    def _next_message(self) -> PreparedMessage | None:
        """The next message, by the timeline as it is now; None: there is nothing more to send.

        Several are prepared at once: one at a time takes three times as long, between two waits.
        """
        composer = self._sender.context.composer()
        while composer is not None:
            if not self._prepared:
                alerts = self._next_claimed(composer)
                if not alerts:
                    return None
                messages = (self._prepare(alert, composer) for alert in alerts)
                self._prepared.extend(message for message in messages if message is not None)
                continue
            message = self._prepared.popleft()
            if message.composer is composer:
                return message
            anew = self._prepare(message.alert, composer)  # the files have changed meanwhile
            if anew is not None:
                return anew
        return None

    def _next_claimed(self, composer: Composer) -> list[ClaimedAlert]:
        """The next alerts to be sent, which from now on no other process sends."""
        if not self._claimed:
            now = self._sender.context.now()
            names = self._sender.names
            self._claimed.extend(self._outbox.claim(names, composer.agreements, now, BATCH))
        return [self._claimed.popleft() for _ in range(min(_AHEAD, len(self._claimed)))]

    def _prepare(self, alert: ClaimedAlert, composer: Composer) -> PreparedMessage | None:
        """The alert's message; None: there is none now, and the alert is dealt with."""
        try:
            return self._sender.prepare(alert, composer)
        except Undelivered as error:
            self._retry_later(alert, error)
            return None
        except UnknownHere:
            self._outbox.put_back([alert.id], self._sender.context.now() + _UNKNOWN_WAIT)
            return None

    def _settle(self, results: Sequence[DeliveryResult]) -> None:
        """Marks what has arrived, and has the rest tried again."""
        self._sender.mark_sent(results)
        for result in results:
            if result.error is not None:
                self._retry_later(result.alert, result.error)

    @property
    def _has_to_end(self) -> bool:
        return self._is_stopping or self._outage is not None

    def _retry_later(self, alert: ClaimedAlert, error: Undelivered) -> None:
        """Puts one alert off; where nothing gets through, all of them."""
        if error.unreachable:
            self._outage = error
            self._outbox.put_back([alert.id])
        else:
            self._sender.retry_later(alert, error)


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Runs it in a loop of its own: uvloop's, where there is one, takes a third less time."""
    try:
        import uvloop
    except ImportError:  # Windows
        asyncio.run(work)
    else:
        uvloop.run(work)
