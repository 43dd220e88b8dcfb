"""Deliveries of one process: each channel has a thread, so one that hangs holds up no other.

A thread claims what is to be sent through its channel, prepares each message while those before it
are under way, and marks its alert once the other side has it. No more deliveries are ever under way
and unmarked than the channel takes at once: so many messages a crash may repeat, under the same
identity, and no more. An address whose server takes its time holds up no other: what else is for it
goes back to the outbox meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Collection, Coroutine, Iterable, Sequence
from contextlib import suppress
from functools import partial
from threading import Event, Lock, Thread
from typing import Any, TypeAlias

from tracker.alerts.channel import Channel, Undelivered
from tracker.alerts.composer import Composer
from tracker.alerts.delivery import (
    PATIENCE,
    UNKNOWN_WAIT,
    ChannelSender,
    DeliveryResult,
    PreparedMessage,
    UnknownHere,
    channel_senders,
)
from tracker.alerts.delivery_context import DeliveryContext
from tracker.config.addresses import Address
from tracker.store.database import LedgerError
from tracker.store.ledger import ClaimedAlert

#: Alerts that are claimed at once.
BATCH = 100
#: Messages that are prepared at once; more would keep the thread from sending.
_AHEAD = 8
#: Seconds after which an address that has as many under way as it may is left for others.
_SLOW = 1.0

_UnderWay: TypeAlias = dict[asyncio.Task[DeliveryResult], PreparedMessage]


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

    def retry(self) -> None:
        """What has failed, and is to be tried again now, is."""
        for thread in self._threads:
            thread.wake_to_retry()

    def finish(self) -> None:
        """Waits until all that is to be sent by now is sent; what has failed is not tried again."""
        for thread in self._threads:
            thread.finish()

    def close(self) -> None:
        """Ends; what is under way has a few seconds, and all that is not sent then is put back."""
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
        self._supervisor = sender.context.supervisor
        self._thread: Thread | None = None
        self._lock = Lock()
        self._claimed: list[ClaimedAlert] = []  #: whose messages are not prepared yet
        self._prepared: list[PreparedMessage] = []  #: not yet under way
        self._claimed_at = 0.0
        self._is_woken = self._is_stopping = False
        self._ended = Event()  #: set: after a fault nothing is tried again by itself
        self._has_looked = False  #: whether the settings were mended while nobody looked
        #: Has the thread look again, while it waits for an answer.
        self._look_again: Callable[[], object] | None = None

    # -- from outside

    def wake(self) -> None:
        with self._lock:
            self._is_woken = True
            is_there = self._thread is not None and self._thread.is_alive()
            if not is_there and not self._is_stopping:
                self._ended.clear()
                thread = Thread(target=self._run, name=",".join(self._sender.names), daemon=True)
                try:
                    thread.start()
                except (RuntimeError, MemoryError) as error:  # no more threads can be started
                    self._thread = None
                    self._supervisor.note(self._sender.duty, error)
                    with suppress(Exception):  # nothing is lost by it
                        self._sender.leave_waiting()
                else:
                    self._thread = thread  # it waits for our lock
        self._interrupt()

    def wake_to_retry(self) -> None:
        """Where it has failed, and no thread waits for the next try."""
        if self._supervisor.is_to_retry([self._sender.duty]):
            self.wake()

    def stop(self) -> None:
        self._is_stopping = True
        self._ended.set()
        self._interrupt()

    def _interrupt(self) -> None:
        look_again = self._look_again
        if look_again is not None:
            with suppress(RuntimeError):  # it has ended meanwhile
                look_again()

    def finish(self) -> None:
        """Waits until it has nothing to do, or has failed."""
        self._ended.set()
        self.join()

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
            pause = self._supervisor.attempt(self._sender.duty, self._work_and_note)
            if pause:
                with suppress(Exception):  # as the work itself
                    self._sender.leave_waiting()
                is_to_end = self._ended.wait(pause)
                with self._lock:
                    self._is_woken = self._is_woken or not is_to_end

    def _work_and_note(self) -> None:
        try:
            self._work()
        except LedgerError as error:
            self._sender.note_ledger(error)
        else:
            self._sender.note_ledger(None)

    def _work(self) -> None:
        self._outbox.recover_own(self._sender.names)
        if not self._has_looked:
            self._sender.held.let_mended_go()
            self._has_looked = True
        if self._sender.held.leave_all_if_held():
            return
        try:
            channel = self._sender.channel()
        except Undelivered as error:
            self._sender.postpone(error)
            return
        try:
            _run(partial(self._keep_busy, channel))
        finally:
            self._put_unsent_back()

    def _put_unsent_back(self) -> None:
        """Puts back what is claimed and not under way."""
        unsent = [alert.id for alert in self._claimed]
        unsent += [message.alert.id for message in self._prepared]
        self._claimed.clear()  # also where that fails: what is put back later is claimed anew
        self._prepared.clear()
        self._outbox.put_back(unsent)

    async def _keep_busy(self, channel: Channel) -> None:
        """Keeps as many messages under way as may be, and prepares the next ones meanwhile."""
        under_way: _UnderWay = {}
        look, loop = asyncio.Event(), asyncio.get_running_loop()
        self._look_again = partial(loop.call_soon_threadsafe, look.set)
        try:
            while self._begin_more(channel, under_way):
                await _wait_for_first(under_way, look, None if self._is_idle else _SLOW)
                self._settle_done(under_way)
        finally:
            try:  # also where the ledger has failed: what has arrived is marked once it can be
                await self._end(under_way, look)
            finally:  # its connections end with this loop
                self._look_again = None
                await channel.release()

    @property
    def _is_idle(self) -> bool:
        return not self._claimed and not self._prepared

    def _begin_more(self, channel: Channel, under_way: _UnderWay) -> bool:
        """Begins as many deliveries as may be; whether any is under way, and is to go on."""
        if self._is_stopping:
            return False
        count = Counter(message.alert.key.channel for message in under_way.values())
        while len(under_way) < (1 if self._sender.held.is_on_trial else channel.parallel):
            busy = [name for name, number in count.items() if number >= channel.parallel_to_one]
            message = self._next_message(busy)
            if message is None:
                break
            under_way[asyncio.create_task(self._sender.deliver(message))] = message
            count[message.alert.key.channel] += 1
        return bool(under_way)

    async def _end(self, under_way: _UnderWay, look: asyncio.Event) -> None:
        """Ends what is under way. At a stop, what is not answered soon is put back."""
        while (unanswered := _pending(under_way)) and not self._is_stopping:
            await _wait_for_first(unanswered, look, None)
        if unanswered:
            await asyncio.wait(unanswered, timeout=PATIENCE)
            unanswered = _pending(under_way)
            self._prepared += [under_way[task] for task in unanswered]
        for task in unanswered:
            task.cancel()
        if unanswered:
            await asyncio.wait(unanswered)
        self._settle_done(under_way)

    def _settle_done(self, under_way: _UnderWay) -> None:
        done = [task for task in under_way if task.done()]
        for task in done:
            del under_way[task]
        self._settle([task.result() for task in done if not task.cancelled()])

    def _next_message(self, busy: Collection[str]) -> PreparedMessage | None:
        """The next message to an address that is not busy; None: there is nothing more to send.

        It is made by the timeline as it is now. Several are prepared at once: one at a time takes
        three times as long, between two waits.
        """
        composer = self._sender.context.composer()
        while composer is not None:
            message = next(
                (each for each in self._prepared if each.alert.key.channel not in busy), None
            )
            if message is None:
                alerts = self._next_claimed(composer, busy)
                if not alerts:
                    return None
                messages = [self._prepare(alert, composer) for alert in alerts]
                self._prepared.extend(message for message in messages if message is not None)
                continue
            self._prepared.remove(message)
            if message.composer is composer:
                return message
            anew = self._prepare(message.alert, composer)  # the files have changed meanwhile
            if anew is not None:
                return anew
        return None

    def _next_claimed(self, composer: Composer, busy: Collection[str]) -> list[ClaimedAlert]:
        """The next alerts to be sent, which from now on no other process sends."""
        alerts = [alert for alert in self._claimed if alert.key.channel not in busy][:_AHEAD]
        if alerts:
            self._claimed = [alert for alert in self._claimed if alert not in alerts]
            return alerts
        names = [name for name in self._sender.names if name not in busy]
        if not self._is_idle and time.monotonic() - self._claimed_at < _SLOW:
            return []
        self._put_unsent_back()  # all of it is for addresses that take their time
        if names:
            self._claimed_at = time.monotonic()
            now = self._sender.context.now()
            most = 1 if self._sender.held.is_on_trial else BATCH
            self._claimed = self._outbox.claim(names, composer.agreements, now, most)
        alerts = self._claimed[:_AHEAD]
        del self._claimed[:_AHEAD]
        return alerts

    def _prepare(self, alert: ClaimedAlert, composer: Composer) -> PreparedMessage | None:
        """The alert's message; None: there is none now, and the alert is dealt with."""
        try:
            return self._sender.prepare(alert, composer)
        except Undelivered as error:
            self._settle([DeliveryResult(alert, error)])
            return None
        except UnknownHere:
            self._outbox.put_back([alert.id], self._sender.context.now() + UNKNOWN_WAIT)
            return None

    def _settle(self, results: Sequence[DeliveryResult]) -> None:
        """Marks what has arrived, and has the rest tried again: where nothing gets through, all."""
        self._sender.mark_sent(results)
        outage: Undelivered | None = None
        gone: list[ClaimedAlert] = []
        refused: ClaimedAlert | None = None
        for alert, error in results:
            if error is None:
                continue
            if error.barrier == "login":
                outage, refused = error, alert
                # It counts twice: the next trial is another's, in case this one alone is refused.
                self._outbox.retry_later([alert.id], None, error.reason.stored(), 2)
            elif error.barrier == "gone":
                outage = error
                gone.append(alert)
            elif error.unreachable:
                outage, refused = error, alert
                self._outbox.put_back([alert.id])
            else:
                self._sender.retry_later(alert, error)
        if outage is not None:
            self._put_unsent_back()
            if outage.barrier is None:
                self._sender.postpone(outage, refused)
            else:
                self._sender.held.begin_with_all(outage, gone)


def _pending(under_way: _UnderWay) -> list[asyncio.Task[DeliveryResult]]:
    return [task for task in under_way if not task.done()]


async def _wait_for_first(
    tasks: Iterable[asyncio.Task[DeliveryResult]], look: asyncio.Event, seconds: float | None
) -> None:
    """Until one of them is done, or there may be more to begin."""
    woken = asyncio.ensure_future(look.wait())
    await asyncio.wait([*tasks, woken], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    woken.cancel()
    look.clear()


def _run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Runs it in a loop of its own: uvloop's, where there is one, takes a third less time.

    Without descriptors for a loop nothing is begun that would then wait for one.
    """
    with asyncio.Runner(loop_factory=_new_loop) as runner:
        runner.get_loop()
        runner.run(work())


def _new_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:  # the extra `fast`; not on Windows
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()
