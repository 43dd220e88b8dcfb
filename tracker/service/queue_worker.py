"""A worker of Procrastinate's that is woken for new jobs, and follows a clock that is set."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from procrastinate import App
from procrastinate.jobs import DeleteJobCondition
from procrastinate.worker import Worker

#: The queues of what is done in turn with other machines.
PLAN, RESCUE = "plan", "rescue"
#: Seconds between two signs of life, and after which a worker without one counts as dead.
_HEARTBEAT, DEAD = 10.0, 30.0
#: Seconds that deliveries under way have to end when the process is to.
TIME_TO_END = 30.0
#: Seconds in which a look for jobs is surely over.
_MOMENT = 0.2


class QueueWorker(Worker):
    """One that is woken for new jobs: all of a process share one connection that listens."""

    def __init__(
        self, app: App, queues: Iterable[str], concurrency: int, poll: float, wait: bool
    ) -> None:
        super().__init__(
            app,
            queues=list(queues),
            concurrency=concurrency,
            wait=wait,
            fetch_job_polling_interval=poll,
            listen_notify=False,
            install_signal_handlers=False,
            # What was delivered is in the ledger; what failed is there as well.
            delete_jobs=DeleteJobCondition.ALWAYS,
            update_heartbeat_interval=_HEARTBEAT,
            stalled_worker_timeout=DEAD,
            shutdown_graceful_timeout=TIME_TO_END,
        )
        self._second_wake: asyncio.TimerHandle | None = None
        self._clock_was_set = asyncio.Event()

    async def work(self) -> None:
        await self.run()  # type: ignore[no-untyped-call]

    def end(self) -> None:
        self.stop()  # type: ignore[no-untyped-call]

    async def _periodic_deferrer(self) -> None:
        """Only those that run them write them: of hundreds of channels each would ask otherwise."""
        if {PLAN, RESCUE}.isdisjoint(self.queues or ()):
            await asyncio.Event().wait()
        while True:  # it knows until when it wrote them: by the clock as it was
            self._clock_was_set.clear()
            deferrer = super()._periodic_deferrer()  # type: ignore[no-untyped-call]
            done = await wait_for_first(deferrer, self._clock_was_set.wait())
            for task in done:
                task.result()

    def follow_clock(self) -> None:
        """The clock was set: the times that come by it are waited for anew."""
        self._clock_was_set.set()
        self.wake()

    def wake(self) -> None:
        """There is a new job. Woken while it looks for jobs it forgets that: so, once more."""
        self._new_job_event.set()
        if self._second_wake is None:
            self._second_wake = asyncio.get_running_loop().call_later(_MOMENT, self._wake_again)

    def _wake_again(self) -> None:
        self._second_wake = None
        self._new_job_event.set()


async def wait_for_first(*awaitables: Any) -> set[asyncio.Future[Any]]:
    """Waits until one of them is done, and gives those that are; no other is waited for."""
    tasks = [asyncio.ensure_future(awaitable) for awaitable in awaitables]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
    return done
