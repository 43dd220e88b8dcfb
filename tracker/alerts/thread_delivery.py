"""Deliveries of one process: each channel has a lane, so one that hangs holds up no other.

A lane claims what is to be sent through its addresses, makes each message while those before it are
under way, and marks it once the other side has it. At any moment no more deliveries are under way
and unmarked than the channel has at once: so many messages a crash can send again, under the same
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
from tracker.alerts.channels import channel_key_of
from tracker.alerts.composer import Composer
from tracker.alerts.delivery import (
    ChannelSender,
    DeliveryContext,
    DeliveryResult,
    PreparedMessage,
    UnknownHere,
)
from tracker.config.addresses import Address
from tracker.store.database import LedgerError
from tracker.store.ledger import ClaimedAlert

BATCH = 100
#: Made at once; more would keep the thread that sends from its turn.
_AHEAD = 8
#: Until then another machine may have said it, or this one know of it.
_LATER = timedelta(seconds=60)


def channel_senders(context: DeliveryContext, addresses: Iterable[Address]) -> list[ChannelSender]:
    """One for each channel that those addresses have."""
    shared: dict[str, list[Address]] = {}
    for address in addresses:
        shared.setdefault(channel_key_of(address), []).append(address)
    return [ChannelSender(context, found) for found in shared.values()]


class Deliverer:
    """Delivers what is in the outbox, in as many threads as there are lanes with work."""

    def __init__(self, context: DeliveryContext, addresses: Iterable[Address]) -> None:
        self._senders = [_SenderThread(sender) for sender in channel_senders(context, addresses)]

    def start(self) -> None:
        """There is nothing to begin: a lane begins with what it has to send."""

    def wake(self) -> None:
        """There may be something to send."""
        for thread in self._senders:
            thread.wake()

    def finish(self) -> None:
        """Waits until the lanes have sent what was to be sent by now."""
        for thread in self._senders:
            thread.join()

    def close(self) -> None:
        """Ends; what is under way is finished first, what is not goes back."""
        for thread in self._senders:
            thread.stop()
        for thread in self._senders:
            thread.join()
            thread.close()


class _SenderThread:
    """A thread that works while there is something to send through its channel."""

    def __init__(self, sender: ChannelSender) -> None:
        self._sender = sender
        self._outbox = sender.context.outbox
        self._thread: Thread | None = None
        self._lock = Lock()
        self._rows: deque[ClaimedAlert] = deque()  #: claimed, and to be sent
        self._ahead: deque[PreparedMessage] = deque()  #: made, and to be handed over
        self._woken = self._stopping = False
        self._down: Undelivered | None = None  #: nothing gets through

    # -- from outside

    def wake(self) -> None:
        with self._lock:
            self._woken = True
            if self._thread is None and not self._stopping:
                names = ",".join(self._sender.names)
                self._thread = Thread(target=self._run, name=names, daemon=True)
                self._thread.start()

    def stop(self) -> None:
        self._stopping = True

    def join(self) -> None:
        thread = self._thread
        if thread is not None:
            thread.join()

    def close(self) -> None:
        self._sender.close()

    # -- the thread

    def _run(self) -> None:
        """Works until nothing is left, then ends; whoever wakes it later begins it again."""
        while True:
            with self._lock:
                if not self._woken or self._stopping:
                    self._thread = None
                    return
                self._woken = False
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
            self._outbox.put_back([row.id for row in self._rows])
            self._rows.clear()
        if self._down is not None:
            self._sender.postpone(self._down)
            self._down = None

    async def _keep_busy(self, channel: Channel) -> None:
        """Keeps as many messages under way as may be, and makes the next ones meanwhile."""
        under_way: set[asyncio.Task[DeliveryResult]] = set()
        try:
            while True:
                while len(under_way) < channel.parallel and not self._is_over:
                    ready = self._next()
                    if ready is None:
                        break
                    under_way.add(asyncio.create_task(self._sender.deliver(ready)))
                if not under_way:
                    break
                done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                self._settle([task.result() for task in done])
        finally:
            self._rows.extendleft(ready.row for ready in reversed(self._ahead))
            self._ahead.clear()
            if under_way:  # the ledger failed; what has arrived is marked once it can be
                done, _ = await asyncio.wait(under_way)
                self._settle([task.result() for task in done])
            await channel.let_go()

    def _next(self) -> PreparedMessage | None:
        """The next message, made of what is so now; None: there is nothing more to send.

        Several are made at once: one at a time takes three times as long, between two waits.
        """
        composer = self._sender.context.composer()
        while composer is not None:
            if not self._ahead:
                rows = self._claimed(composer)
                if not rows:
                    return None
                made = (self._made(row, composer) for row in rows)
                self._ahead.extend(ready for ready in made if ready is not None)
                continue
            ready = self._ahead.popleft()
            if ready.composer is not composer:  # the files have changed meanwhile
                again = self._made(ready.row, composer)
                if again is None:
                    continue
                return again
            return ready
        return None

    def _claimed(self, composer: Composer) -> list[ClaimedAlert]:
        """The next ones to be sent, nobody else's from now on."""
        if not self._rows:
            context = self._sender.context
            rows = self._outbox.claim(self._sender.names, composer.agreements, context.now(), BATCH)
            self._rows.extend(rows)
        return [self._rows.popleft() for _ in range(min(_AHEAD, len(self._rows)))]

    def _made(self, row: ClaimedAlert, composer: Composer) -> PreparedMessage | None:
        try:
            return self._sender.prepare(row, composer)
        except Undelivered as error:
            self._failed(row, error)
            return None
        except UnknownHere:
            self._outbox.put_back([row.id], self._sender.context.now() + _LATER)
            return None

    def _settle(self, finished: Sequence[DeliveryResult]) -> None:
        """Marks what has arrived, and sees to what has not."""
        self._sender.mark_sent(finished)
        for one in finished:
            if one.error is not None:
                self._failed(one.row, one.error)

    @property
    def _is_over(self) -> bool:
        return self._stopping or self._down is not None

    def _failed(self, row: ClaimedAlert, error: Undelivered) -> None:
        """One message's next try; where nothing gets through, that of all of them."""
        if error.unreachable:
            self._down = error
            self._outbox.put_back([row.id])
        else:
            self._sender.retry_later(row, error)


def _run(work: Coroutine[Any, Any, None]) -> None:
    """In a loop of its own: uvloop's, where there is one, takes a third less time."""
    try:
        import uvloop
    except ImportError:  # Windows
        asyncio.run(work)
    else:
        uvloop.run(work)
