"""Deliveries of jobs: each channel has a thread of its own, in which a job's alert is delivered.

What blocks there, a mail server that does not answer or a command that hangs, keeps neither another
channel nor the worker's heartbeat from its turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Thread
from typing import NamedTuple

from tracker.alerts.channel import Undelivered
from tracker.alerts.composer import Composer
from tracker.alerts.delivery import BACK_OFF, ChannelSender, DeliveryContext, UnknownHere
from tracker.alerts.thread_delivery import channel_senders
from tracker.config.addresses import Address
from tracker.store.jobs import queue_of
from tracker.store.ledger import ClaimedAlert

#: Seconds without work after which a channel lets go of its connection.
_IDLE = 1.0
#: Seconds that what is under way has to end.
_PATIENCE = 30.0


class _Down(NamedTuple):
    """Nothing gets through."""

    error: Undelivered
    since: datetime
    until: datetime  #: before then it is not tried


class JobSender:
    """The way through one channel, for jobs of its queues."""

    def __init__(self, sender: ChannelSender, most: int | None = None) -> None:
        self.queues = frozenset(map(queue_of, sender.names))
        self._sender = sender
        self._most = most
        self._loop = asyncio.new_event_loop()
        self._thread: Thread | None = None  #: from the first delivery on
        self._under_way = 0
        self._idle: asyncio.TimerHandle | None = None
        self._resting: asyncio.Task[None] | None = None
        self._down: _Down | None = None

    @property
    def parallel(self) -> int:
        """How many deliveries may be under way at once."""
        try:
            most = self._sender.channel().parallel
        except Undelivered:
            most = 1
        return most if self._most is None else min(most, self._most)

    async def deliver(self, job: int, alert: int) -> float | None:
        """Delivers the alert; gives the seconds until its job is to run again, None: never.

        Raises LedgerError; UnknownHere where another machine has to deliver it, or this one later.
        """
        if self._thread is None:
            name = self._sender.names[0]
            self._thread = Thread(target=self._loop.run_forever, name=name, daemon=True)
            self._thread.start()
        work = asyncio.run_coroutine_threadsafe(self._deliver(job, alert), self._loop)
        return await asyncio.wrap_future(work)

    def close(self) -> None:
        """There are no more jobs."""
        if self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.create_task, self._end())
            self._thread.join(_PATIENCE)
            if self._thread.is_alive():  # what hangs there ends with the process
                return
        self._loop.close()
        self._sender.close()

    async def _end(self) -> None:
        await self._let_go()
        self._loop.stop()

    # -- in the thread

    async def _deliver(self, job: int, alert: int) -> float | None:
        self._under_way += 1
        if self._idle is not None:
            self._idle.cancel()
        try:
            if self._resting is not None:
                await self._resting
            return await self._delivered(job, alert)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle = self._loop.call_later(_IDLE, self._rest)

    async def _delivered(self, job: int, alert: int) -> float | None:
        sender, context = self._sender, self._sender.context
        composer = context.composer()
        if composer is None:  # the files have yet to be read
            raise UnknownHere
        row = context.outbox.claim_for_job(job, alert, composer.agreements)
        if row is None:
            if context.outbox.is_waiting(alert):
                raise UnknownHere
            return None
        try:
            error = self._is_down() or await self._tried(row, composer)
        except UnknownHere:
            context.outbox.put_back([row.id])
            raise
        if error is None:
            return None
        if error.unreachable and self._is_down() is None:
            until = timedelta(seconds=max(BACK_OFF[0], error.wait or 0))
            self._down = _Down(error, context.now(), context.now() + until)
        return sender.retry_later(row, error)

    async def _tried(self, row: ClaimedAlert, composer: Composer) -> Undelivered | None:
        """What kept the alert from being delivered."""
        try:
            ready = self._sender.prepare(row, composer)
        except Undelivered as unmade:
            return unmade
        if ready is None:
            return None
        done = await self._sender.deliver(ready)
        self._sender.mark_sent([done])
        return done.error

    def _is_down(self) -> Undelivered | None:
        """Why nothing gets through: it was tried a moment ago, and is not tried for each alert."""
        down = self._down
        if down is None or not down.since <= self._sender.context.now() < down.until:
            return None
        return down.error

    def _rest(self) -> None:
        self._resting = self._loop.create_task(self._let_go())

    async def _let_go(self) -> None:
        with suppress(Exception):  # whatever it is, the next delivery begins with another one
            await self._sender.channel().let_go()


def job_senders(
    context: DeliveryContext, addresses: Iterable[Address], most: int | None
) -> list[JobSender]:
    """One for each channel that those addresses have."""
    return [JobSender(sender, most) for sender in channel_senders(context, addresses)]
