"""Deliveries of jobs: each channel has a thread of its own, in which a job's alert is delivered.

What blocks there, a mail server that does not answer or a command that hangs, holds up neither
another channel nor the worker's heartbeat. An address whose server takes its time holds up no other
of its channel: what else is for it runs again later.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from tracker.alerts.channel import Undelivered
from tracker.alerts.composer import Composer
from tracker.alerts.delivery import (
    BACK_OFF,
    PATIENCE,
    ChannelSender,
    UnknownHere,
    channel_senders,
)
from tracker.alerts.delivery_context import DeliveryContext
from tracker.config.addresses import Address
from tracker.failures.supervision import SupervisedThread
from tracker.store.jobs import queue_of
from tracker.store.ledger import ClaimedAlert

#: Seconds without work after which a channel lets go of its connection.
_IDLE = 1.0
#: Seconds that what is under way has to end, with all that follows from it.
_PATIENCE = 30.0
#: Seconds after which an address counts as slow. What else is for it then leaves room for so many
#: others, and is tried again in so many seconds.
_SLOW, _SPARE, _AGAIN = 5.0, 4, 10.0
#: So often, in seconds, a channel's loop shows that it turns.
_BEAT = 30.0


class _Outage(NamedTuple):
    """A time in which nothing gets through."""

    error: Undelivered
    since: datetime
    until: datetime  #: before then nothing is tried


class _Turn(NamedTuple):
    """Who may deliver to one address."""

    semaphore: asyncio.Semaphore
    began: list[float]  #: when each began that is under way


class _NotNow(Exception):
    """An alert goes back as it was, and its job runs again later."""


class JobSender:
    """Delivers through one channel, for the jobs of its queues."""

    def __init__(self, sender: ChannelSender, most: int | None = None) -> None:
        self.queues = frozenset(map(queue_of, sender.names))
        self.duty = sender.duty
        self._sender = sender
        self._most = most
        self._loop = asyncio.new_event_loop()
        self._thread: SupervisedThread | None = None  #: from the first delivery on
        self._under_way: set[asyncio.Task[Any]] = set()
        self._idle_timer: asyncio.TimerHandle | None = None
        self._next_beat: asyncio.TimerHandle | None = None
        self._releasing: asyncio.Task[None] | None = None
        self._outage: _Outage | None = None
        self._turns: dict[str, _Turn] = {}  #: of each address
        self._is_stopping = False

    def begin(self) -> None:
        """Once, before the first job. Raises LedgerError."""
        self._sender.held.let_mended_go()

    @property
    def parallel(self) -> int:
        """How many deliveries may be under way at once."""
        try:
            most = self._sender.channel().parallel
        except Undelivered:
            most = 1
        return most if self._most is None else min(most, self._most)

    async def deliver(self, job: int, number: int) -> float | None:
        """Delivers the alert of that number; seconds until its job is to run again, None: never.

        Raises LedgerError; UnknownHere where another machine has to deliver it, or this one later.
        """
        if self._thread is None:
            self._thread = self._begin_thread()
        work = asyncio.run_coroutine_threadsafe(self._deliver(job, number), self._loop)
        return await asyncio.wrap_future(work)

    def _begin_thread(self) -> SupervisedThread:
        """Raises RuntimeError where the machine lets no more threads be started."""
        sender, supervisor = self._sender, self._sender.context.supervisor
        thread = SupervisedThread(sender.names[0], supervisor, sender.duty, self._run_loop)
        thread.start()
        return thread

    def _run_loop(self) -> bool:
        """Until it is to end: what ends it before that, a SystemExit, ends one delivery alone."""
        supervisor = self._sender.context.supervisor
        supervisor.expect(self.duty, 3 * _BEAT)
        self._loop.call_soon(supervisor.note_success, self.duty)
        if self._next_beat is None:
            self._beat()
        self._loop.run_forever()
        return False

    def _beat(self) -> None:
        """The loop turns: a call in it that came to no end would hold up the whole channel."""
        self._sender.context.supervisor.note_end(self.duty)
        self._next_beat = self._loop.call_later(_BEAT, self._beat)

    def stop(self) -> None:
        """What is under way has a few seconds; what is not answered then is put back."""
        if self._thread is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._begin_to_stop)

    def close(self) -> None:
        """There are no more jobs."""
        if self._loop.is_closed():
            return
        if self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.create_task, self._end())
            self._thread.join(_PATIENCE)
            if self._thread.is_alive:  # what hangs there ends with the process
                return
        self._loop.close()
        self._sender.close()

    def _begin_to_stop(self) -> None:
        self._is_stopping = True
        self._loop.call_later(PATIENCE, self._cancel_deliveries)

    def _cancel_deliveries(self) -> None:
        for task in self._under_way:
            task.cancel()

    async def _end(self) -> None:
        if not self._is_stopping:
            self._begin_to_stop()
        if self._under_way:
            await asyncio.wait(self._under_way)
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        if self._releasing is not None:
            await self._releasing
        await self._release()
        self._loop.stop()

    # -- in the thread

    async def _deliver(self, job: int, number: int) -> float | None:
        task = cast(asyncio.Task[Any], asyncio.current_task())
        self._under_way.add(task)
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        try:
            if self._releasing is not None:
                await self._releasing
            return await self._deliver_claimed(job, number)
        finally:
            self._under_way.discard(task)
            if not self._under_way:
                self._idle_timer = self._loop.call_later(_IDLE, self._begin_release)

    async def _deliver_claimed(self, job: int, number: int) -> float | None:
        sender, context = self._sender, self._sender.context
        composer = context.composer()
        if composer is None:  # the files have yet to be read
            raise UnknownHere
        alert = context.outbox.claim_for_job(job, number, composer.agreements)
        if alert is None:
            if context.outbox.is_waiting(number):
                raise UnknownHere
            return None
        try:
            async with self._turn(alert.key.channel):
                if (hold := sender.held.barring_hold()) is not None:
                    return sender.held.leave(alert, hold)
                error = self._outage_error() or await self._try_to_deliver(alert, composer)
        except UnknownHere:
            context.outbox.put_back([alert.id])
            raise
        except (_NotNow, asyncio.CancelledError):  # cancelled by a stop
            context.outbox.put_back([alert.id])
            return _AGAIN
        if error is None:
            return None
        if error.barrier is not None:
            return sender.held.leave(alert, sender.held.begin(error), was_tried=True)
        if error.unreachable and self._outage_error() is None:
            wait = timedelta(seconds=max(BACK_OFF[0], error.wait or 0))
            self._outage = _Outage(error, context.now(), context.now() + wait)
        return sender.retry_later(alert, error)

    async def _try_to_deliver(self, alert: ClaimedAlert, composer: Composer) -> Undelivered | None:
        """Delivers the alert's message, if there is one; what kept it from arriving."""
        try:
            message = self._sender.prepare(alert, composer)
        except Undelivered as error:
            return error
        if message is None:
            return None
        result = await self._sender.deliver(message)
        self._sender.mark_sent([result])
        return result.error

    @asynccontextmanager
    async def _turn(self, address: str) -> AsyncIterator[None]:
        """Its turn among those to that address. Raises _NotNow where others need the room."""
        turn = self._turns.setdefault(address, _Turn(asyncio.Semaphore(self._parallel_to_one), []))
        while True:
            is_slow = any(self._loop.time() - began > _SLOW for began in turn.began)
            has_room = len(self._under_way) <= self.parallel - _SPARE
            if self._is_stopping or (is_slow and turn.semaphore.locked() and not has_room):
                raise _NotNow
            with suppress(TimeoutError):
                async with asyncio.timeout(_SLOW):
                    await turn.semaphore.acquire()
                break
        began = self._loop.time()
        turn.began.append(began)
        try:
            yield
        finally:
            turn.began.remove(began)
            turn.semaphore.release()

    @property
    def _parallel_to_one(self) -> int:
        try:
            return self._sender.channel().parallel_to_one
        except Undelivered:
            return 1

    def _outage_error(self) -> Undelivered | None:
        """Why nothing gets through: it was tried a moment ago, and is not tried for each alert."""
        outage = self._outage
        if outage is None or not outage.since <= self._sender.context.now() < outage.until:
            return None
        return outage.error

    def _begin_release(self) -> None:
        self._releasing = self._loop.create_task(self._release())

    async def _release(self) -> None:
        with suppress(Exception):  # whatever it is, the next delivery begins with a new connection
            await self._sender.channel().release()


def job_senders(
    context: DeliveryContext, addresses: Iterable[Address], most: int | None
) -> list[JobSender]:
    """One for each channel that those addresses have."""
    return [JobSender(sender, most) for sender in channel_senders(context, addresses)]
