"""Delivering: each channel has a lane of its own, so one that hangs holds up no other.

A lane claims what is to be sent through its addresses, makes each message while those before it are
under way, and marks it once the other side has it. At any moment no more deliveries are under way
and unmarked than the channel has at once: so many messages a crash can send again, under the same
identity, and no more.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Sequence
from datetime import datetime, timedelta
from threading import Lock, Thread
from typing import Any, NamedTuple, TypeAlias

from tracker.alerts.channel import BadAddress, Channel, Settings, Undelivered
from tracker.alerts.channels import lane_of, opened
from tracker.alerts.composing import Composer
from tracker.config.addresses import Address
from tracker.store.database import LedgerError
from tracker.store.ledger import Claimed
from tracker.store.outbox import Outbox

#: Seconds until the next try, by how many there were: two days of them, an hour apart at most, so
#: that what comes back is found out soon. After the last of them an alert is given up.
BACK_OFF = (10, 30, 120, 600, 1800, *(3600,) * 47)
BATCH = 100
#: Made at once; more would keep the thread that sends from its turn.
_AHEAD = 8

#: Told of what went wrong: the addresses' names, the reason, and whether it was given up.
Tell: TypeAlias = Callable[[Sequence[str], str, bool], None]


class _Ready(NamedTuple):
    """A message that can be handed to its channel."""

    row: Claimed
    prepared: Any
    composer: Composer  #: of the timeline by which it was made


class _Done(NamedTuple):
    """What became of it; no error: the other side has it."""

    row: Claimed
    error: Undelivered | None


class Means(NamedTuple):
    """What every lane works with."""

    outbox: Outbox
    settings: Settings
    composer: Callable[[], Composer | None]  #: of the timeline as it is now; None: there is none
    tell: Tell
    opener: Callable[[Address, Settings], Channel] = opened


class Deliverer:
    """Delivers what is in the outbox, in as many threads as there are lanes with work."""

    def __init__(self, means: Means, addresses: Iterable[Address]) -> None:
        shared: dict[str, list[Address]] = {}
        for address in addresses:
            shared.setdefault(lane_of(address), []).append(address)
        self._outbox = means.outbox
        self._lanes = [_Lane(means, found) for found in shared.values()]

    def wake(self) -> None:
        """There may be something to send."""
        for lane in self._lanes:
            lane.wake()

    def finish(self) -> None:
        """Waits until the lanes have sent what was to be sent by now."""
        for lane in self._lanes:
            lane.join()

    def close(self) -> None:
        """Ends; what is under way is finished first, what is not goes back."""
        for lane in self._lanes:
            lane.stop()
        for lane in self._lanes:
            lane.join()
            lane.close()
        self._outbox.close()


class _Lane:
    """The addresses that share a channel."""

    def __init__(self, means: Means, addresses: Sequence[Address]) -> None:
        self._means = means
        self._outbox = means.outbox
        self._addresses = {address.name: address for address in addresses}
        self._channel: Channel | None = None
        self._thread: Thread | None = None
        self._lock = Lock()
        self._rows: deque[Claimed] = deque()  #: claimed, and to be sent
        self._ahead: deque[_Ready] = deque()  #: made, and to be handed over
        self._woken = self._stopping = False
        self._down: Undelivered | None = None  #: nothing gets through
        self._told = False  #: that nothing gets through

    # -- from outside

    def wake(self) -> None:
        with self._lock:
            self._woken = True
            if self._thread is None and not self._stopping:
                names = ",".join(self._addresses)
                self._thread = Thread(target=self._run, name=names, daemon=True)
                self._thread.start()

    def stop(self) -> None:
        self._stopping = True

    def join(self) -> None:
        thread = self._thread
        if thread is not None:
            thread.join()

    def close(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None

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
                self._tell_of_ledger(error)

    def _work(self) -> None:
        self._outbox.recover(list(self._addresses))
        try:
            channel = self._opened()
        except BadAddress as error:
            self._postpone(Undelivered(error.fault.case, unreachable=True))
            return
        try:
            _run(self._keep_busy(channel))
        finally:
            self._outbox.put_back([row.id for row in self._rows])
            self._rows.clear()
        if self._down is not None:
            self._postpone(self._down)
            self._down = None

    def _opened(self) -> Channel:
        if self._channel is None:
            address = next(iter(self._addresses.values()))
            self._channel = self._means.opener(address, self._means.settings)
        return self._channel

    async def _keep_busy(self, channel: Channel) -> None:
        """Keeps as many messages under way as may be, and makes the next ones meanwhile."""
        under_way: set[asyncio.Task[_Done]] = set()
        try:
            while True:
                while len(under_way) < channel.parallel and not self._is_over:
                    ready = self._next(channel)
                    if ready is None:
                        break
                    under_way.add(asyncio.create_task(_delivered(channel, ready)))
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

    def _next(self, channel: Channel) -> _Ready | None:
        """The next message, made of what is so now; None: there is nothing more to send.

        Several are made at once: one at a time takes three times as long, between two waits.
        """
        composer = self._means.composer()
        while composer is not None:
            if not self._ahead:
                rows = self._claimed(composer)
                if not rows:
                    return None
                made = (self._made(row, channel, composer) for row in rows)
                self._ahead.extend(ready for ready in made if ready is not None)
                continue
            ready = self._ahead.popleft()
            if ready.composer is not composer:  # the files have changed meanwhile
                again = self._made(ready.row, channel, composer)
                if again is None:
                    continue
                return again
            return ready
        return None

    def _claimed(self, composer: Composer) -> list[Claimed]:
        """The next ones to be sent, nobody else's from now on."""
        if not self._rows:
            names, theirs = list(self._addresses), composer.agreements
            self._rows.extend(self._outbox.claim(names, theirs, self._now(), BATCH))
        return [self._rows.popleft() for _ in range(min(_AHEAD, len(self._rows)))]

    def _made(self, row: Claimed, channel: Channel, composer: Composer) -> _Ready | None:
        """A message that can be handed over; None: there is none to send."""
        try:
            message = composer.message(row, self._now())
            if message is None:
                self._outbox.lapsed([row.id])
                return None
            prepared = channel.prepare(message, self._addresses[row.key.channel])
        except LedgerError:
            raise
        except Exception as error:  # noqa: BLE001 - one that cannot be made holds up no other
            self._failed(row, Undelivered(f"{type(error).__name__}: {error}"))
            return None
        return _Ready(row, prepared, composer)

    def _settle(self, finished: Sequence[_Done]) -> None:
        """Marks what has arrived, all at once, and sees to what has not."""
        arrived = [one.row.id for one in finished if one.error is None]
        if arrived:
            self._told = False
            self._outbox.sent(arrived, self._now())
        for one in finished:
            if one.error is not None:
                self._failed(one.row, one.error)

    @property
    def _is_over(self) -> bool:
        return self._stopping or self._down is not None

    # -- what does not get through

    def _failed(self, row: Claimed, error: Undelivered) -> None:
        """One message's next try; where nothing gets through, that of all of them."""
        if error.unreachable:
            self._down = error
            self._outbox.put_back([row.id])
            return
        tries = row.attempts + 1
        if tries > len(BACK_OFF):
            self._outbox.failed([row.id], error.reason)
            self._means.tell([row.key.channel], error.reason, True)
            return
        seconds = max(BACK_OFF[row.attempts], error.wait or 0)
        self._outbox.again([row.id], self._now() + timedelta(seconds=seconds), error.reason)
        if row.attempts == 0:
            self._means.tell([row.key.channel], error.reason, False)

    def _postpone(self, error: Undelivered) -> None:
        """Puts off all that waits; what has waited too often is given up."""
        names, now = list(self._addresses), self._now()
        waits = [timedelta(seconds=max(seconds, error.wait or 0)) for seconds in BACK_OFF]
        given_up = self._outbox.postpone(names, now, waits, error.reason)
        if given_up or not self._told:
            self._means.tell(names, error.reason, bool(given_up))
        self._told = True

    def _tell_of_ledger(self, error: LedgerError) -> None:
        reason = str(error.values.get("reason", error.name))
        self._means.tell(list(self._addresses), reason, False)

    def _now(self) -> datetime:
        return self._means.settings.now()


def _run(work: Coroutine[Any, Any, None]) -> None:
    """In a loop of its own: uvloop's, where there is one, takes a third less time."""
    try:
        import uvloop
    except ImportError:  # Windows
        asyncio.run(work)
    else:
        uvloop.run(work)


async def _delivered(channel: Channel, ready: _Ready) -> _Done:
    """What came of delivering a message."""
    error: Undelivered | None = None
    try:
        await channel.deliver(ready.prepared)
    except Undelivered as undelivered:
        error = undelivered
    except Exception as unexpected:  # noqa: BLE001 - a library's: this message failed, no more
        error = Undelivered(f"{type(unexpected).__name__}: {unexpected}")
    return _Done(ready.row, error)
