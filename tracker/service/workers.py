"""Procrastinate's workers in this process: one for each channel, one to plan and one to rescue.

What PostgreSQL promises by them: a job runs on one machine at a time; one that fails runs again
when its delivery says so; one whose worker is gone is taken over. What they need of us stands here:

- A killed worker is known by its heartbeat (each 10 s; after 30 s it counts as dead). Its jobs are
  put back by `rescue`, each 15 s on whatever machine is first. It holds no lock, so that nobody has
  to wait for one who was killed while holding it, and has workers of its own, so that it never
  waits behind deliveries.
- Where the database goes away, all of them end, and begin anew once it is back: the connection that
  listens knows first. New jobs are heard of through that one, and looked for each 5 s besides.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any, NamedTuple

import psycopg
from procrastinate import (
    App,
    BaseRetryStrategy,
    JobContext,
    PsycopgConnector,
    RetryDecision,
)
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import get_channel_for_queues

from tracker import clock
from tracker.alerts.delivery import UnknownHere
from tracker.alerts.delivery_context import DeliveryContext
from tracker.alerts.job_delivery import job_senders
from tracker.config.addresses import Address
from tracker.failures.supervision import Duty, SupervisedThread
from tracker.i18n.reasons import Reason
from tracker.service.queue_worker import (
    DEAD,
    PLAN,
    RESCUE,
    TIME_TO_END,
    QueueWorker,
    wait_for_first,
)
from tracker.store import jobs
from tracker.store.database import Database, LedgerError, without_password
from tracker.store.database_reasons import reason_of_database
from tracker.store.notifications import Listener, ListenerCallbacks

#: As cron has it, with seconds in the sixth place.
_EACH_15_S = "* * * * * */15"
#: Seconds after which what failed for another reason than its delivery, or the database, is tried.
_RETRY = 5.0
_RARELY = 600.0
#: Seconds of work after which all is well, and after a delivery that could not be written down.
_WELL, _MINUTE = 3.0, 60.0
#: Seconds between two shifts of all workers.
_PAUSE = 1.0
_WORKERS = Duty("workers")
#: The priority of what is tried again; of what is new it is 0.
_LATER = -1
#: So often each worker looks for new jobs, in case it did not hear of one.
POLL = 5.0
#: So many looks a second they take together, at most.
_LOOKS = 20
#: Seconds within which the connection that listens knows that the database went away.
_KNOWN = 3.0
_POOL: dict[str, Any] = {"min_size": 1, "max_size": 8, "timeout": 5.0}


class _RunAgain(Exception):
    """A job is to run again, in so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class _RetryAsAsked(BaseRetryStrategy):
    """Runs a job again when its delivery says so."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        seconds = exception.seconds if isinstance(exception, _RunAgain) else _RETRY
        at = clock.now() + timedelta(seconds=seconds)
        # Behind what is new: whoever looks for a job goes past all that come before it.
        return RetryDecision(retry_at=at, priority=_LATER)


class _Signals:
    """What ends the workers of one loop, or has them begin."""

    def __init__(self) -> None:
        self.stopping, self.reachable, self.lost = (asyncio.Event() for _ in range(3))


class Upkeep(NamedTuple):
    """What workers call beside deliveries."""

    plan: Callable[[], None]  #: writes down what is due
    on_outage: Callable[[LedgerError], None]  #: called when the database cannot be used
    on_recovery: Callable[[], None]  #: called when it can be used again


class Workers:
    """Delivers what jobs name, and plans and rescues in turn with other machines."""

    def __init__(
        self,
        context: DeliveryContext,
        addresses: Iterable[Address],
        database: Database,
        upkeep: Upkeep,
        concurrency: int | None = None,
    ) -> None:
        """`concurrency`: so many deliveries at once go through each channel. Raises LedgerError."""
        if database.conninfo is None:
            raise LedgerError("worker.no-server")
        with database.transaction() as connection:
            jobs.make_tables(connection)
        self._senders = job_senders(context, addresses, concurrency)
        for sender in self._senders:
            sender.begin()
        self._by_queue = {queue: sender for sender in self._senders for queue in sender.queues}
        self._database = database
        self._upkeep = upkeep
        self._supervisor = context.supervisor
        self._app = self._make_app(database.conninfo)
        self._workers: list[QueueWorker] = []
        self._by_channel: dict[str, QueueWorker] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_closing = False  #: also while there is no loop yet that could be told
        callbacks = ListenerCallbacks(self._wake_worker, self._resume, self._pause)
        duty = Duty("listen")
        self._listener = Listener(
            database.conninfo, self._channels(), callbacks, self._supervisor, duty
        )
        self._signals = _Signals()
        self._is_reachable = False
        self._thread = SupervisedThread("workers", self._supervisor, _WORKERS, self._work_in_loop)

    # -- from outside

    def start(self) -> None:
        self._listener.start()
        self._thread.start()

    def retry(self) -> None:
        """Nothing to do: what has failed is a job, which is tried again by itself."""

    def finish(self) -> None:
        """Does the jobs that are due, until there is none; for who has not started them."""
        self._run(lambda: self._open_and_do(self._work_once))

    def follow_clock(self) -> None:
        """The clock was set: planning and rescuing wait for its new times."""
        for worker in self._workers:
            self._call_soon(worker.follow_clock)

    def close(self) -> None:
        """Ends; what is under way is finished first, what is not stays a job."""
        self._is_closing = True
        for sender in self._senders:
            sender.stop()
        self._thread.stop()
        if self._thread.is_alive:
            self._call_soon(self._signals.stopping.set)
            self._thread.join(TIME_TO_END + 2 * _RETRY)
        self._listener.close()
        for sender in self._senders:
            sender.close()

    # -- the thread

    def _work_in_loop(self) -> bool:
        self._run(self._work_until_stopped)
        return False

    def _run(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """In a loop of its own, with signals that belong to it."""
        with asyncio.Runner(loop_factory=_new_loop) as runner:
            self._signals = _Signals()
            self._loop = runner.get_loop()
            self._loop.set_exception_handler(self._end_shift)
            if self._is_reachable:
                self._signals.reachable.set()
            if self._is_closing:
                return
            runner.run(work())

    def _end_shift(self, _loop: asyncio.AbstractEventLoop, _context: object) -> None:
        """A job's end could not be written: it is rescued once its worker is another.

        Nobody waits for what such a task has raised.
        """
        self._signals.lost.set()

    async def _work_until_stopped(self) -> None:
        """Works while the database is there."""
        signals = self._signals
        while not signals.stopping.is_set():
            await wait_for_first(signals.stopping.wait(), signals.reachable.wait())
            if signals.stopping.is_set():
                return
            signals.lost.clear()
            try:
                await self._open_and_do(self._work)
            except (ConnectorException, psycopg.Error) as error:
                self._report_outage(reason_of_database(error.__cause__ or error))
            await wait_for_first(signals.stopping.wait(), asyncio.sleep(_PAUSE))

    async def _work(self) -> None:
        """Until one of the workers ends, and with it the others."""
        signals = self._signals
        self._workers = self._make_workers(wait=True)
        running = [asyncio.create_task(worker.work()) for worker in self._workers]
        first = asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        well = asyncio.get_running_loop().call_later(_WELL, self._note_well)
        await wait_for_first(signals.stopping.wait(), signals.lost.wait(), first)
        well.cancel()
        is_known = signals.stopping.is_set() or signals.lost.is_set()
        for worker in self._workers:
            worker.end()
        for result in await asyncio.gather(*running, return_exceptions=True):
            if isinstance(result, BaseException):
                raise result
        if not is_known:  # Procrastinate keeps to itself what was raised in a task beside
            await wait_for_first(
                signals.stopping.wait(), signals.lost.wait(), asyncio.sleep(_KNOWN)
            )
            if not (signals.stopping.is_set() or signals.lost.is_set()):
                raise RuntimeError("a worker has ended by itself")

    def _note_well(self) -> None:
        self._upkeep.on_recovery()
        self._supervisor.note_success(_WORKERS)

    async def _work_once(self) -> None:
        await asyncio.gather(*(worker.work() for worker in self._make_workers(wait=False)))

    async def _open_and_do(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Works with connections; closed are also those that could not be opened altogether."""
        try:
            await self._app.open_async()
            await work()
        finally:
            await self._app.close_async()

    def _make_workers(self, wait: bool) -> list[QueueWorker]:
        poll = max(POLL, len(self._senders) / _LOOKS)
        upkeep = [QueueWorker(self._app, [queue], 1, POLL, wait) for queue in (PLAN, RESCUE)]
        deliveries = [
            QueueWorker(self._app, sender.queues, sender.parallel, poll, wait)
            for sender in self._senders
        ]
        self._by_channel = {
            channel: worker
            for worker in (*upkeep, *deliveries)
            for channel in get_channel_for_queues(worker.queues)
        }
        return [*upkeep, *deliveries]

    def _channels(self) -> list[str]:
        return list(get_channel_for_queues([PLAN, RESCUE, *self._by_queue]))

    # -- what the listener hears, in its own thread

    def _wake_worker(self, channel: str) -> None:
        if (worker := self._by_channel.get(channel)) is not None:
            self._call_soon(worker.wake)

    def _resume(self) -> None:
        self._is_reachable = True
        self._call_soon(self._signals.reachable.set)
        for worker in self._workers:
            self._call_soon(worker.wake)

    def _pause(self, reason: Reason) -> None:
        self._report_outage(reason)
        self._is_reachable = False
        self._call_soon(self._signals.reachable.clear)
        self._call_soon(self._signals.lost.set)

    def _report_outage(self, reason: Reason) -> None:
        where = without_password(self._database.url)
        self._upkeep.on_outage(LedgerError("ledger.unusable", url=where, reason=reason))

    def _call_soon(self, call: Callable[[], None]) -> None:
        """Calls it in the workers' loop, while there is one."""
        if self._loop is not None:
            with suppress(RuntimeError):  # it was closed
                self._loop.call_soon_threadsafe(call)

    # -- the tasks

    def _make_app(self, conninfo: str) -> App:
        app = App(connector=PsycopgConnector(conninfo=conninfo, **_POOL))
        again = _RetryAsAsked()
        app.task(name=jobs.DELIVER, pass_context=True, retry=again)(self._deliver)
        for name, work in ((PLAN, self._plan), (RESCUE, self._rescue)):
            # One that waits is enough; and whoever runs it holds up nobody.
            task = app.task(name=name, queue=name, queueing_lock=name)(work)
            app.periodic(cron=_EACH_15_S)(task)
        return app

    async def _deliver(self, context: JobContext, alert: int) -> None:
        job, queue = context.job.id or 0, context.job.queue
        try:
            seconds = await self._by_queue[queue].deliver(job, alert)
        except UnknownHere:  # the longer that is so, the more rarely it is looked at
            seconds = min(_RETRY * 2 ** min(context.job.attempts, 10), _RARELY)
        except LedgerError as error:
            self._report_short_outage(error)
            seconds = _RETRY
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001 - it must not end in a log that nobody reads
            self._supervisor.note(self._by_queue[queue].duty, error)
            seconds = _RETRY
        else:
            self._supervisor.note_success(self._by_queue[queue].duty)
        if seconds is not None:
            self._wake_after(seconds, queue)
            raise _RunAgain(seconds)

    def _wake_after(self, seconds: float, queue: str) -> None:
        """Has the next try of what failed not wait for a worker's next look besides."""
        loop = asyncio.get_running_loop()
        for channel in get_channel_for_queues([queue]):
            loop.call_later(seconds, self._wake_worker, channel)

    async def _plan(self, timestamp: int) -> None:
        async with self._noting(Duty("look")):
            try:
                await asyncio.to_thread(self._upkeep.plan)
                await asyncio.to_thread(self._add_missing_jobs)
            except LedgerError as error:
                self._report_short_outage(error)

    @asynccontextmanager
    async def _noting(self, duty: Duty) -> AsyncIterator[None]:
        """What is raised in it must not end in a log that nobody reads; it comes each 15 s."""
        try:
            yield
        except (asyncio.CancelledError, ConnectorException):
            raise
        except BaseException as error:  # noqa: BLE001 - as above
            self._supervisor.note(duty, error)
        else:
            self._supervisor.note_success(duty)

    def _report_short_outage(self, error: LedgerError) -> None:
        """Something could not be written down, while the workers go on."""
        self._upkeep.on_outage(error)
        asyncio.get_running_loop().call_later(_MINUTE, self._upkeep.on_recovery)

    async def _rescue(self, timestamp: int) -> None:
        """Puts back the jobs of workers that are gone; what is done each 15 s anyway is dropped."""
        async with self._noting(Duty("rescue")):
            await self._put_back_stalled()

    async def _put_back_stalled(self) -> None:
        manager = self._app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD):
            try:
                if job.task_name == jobs.DELIVER:
                    await manager.retry_job(job)
                else:
                    await manager.finish_job(job, Status.FAILED, delete_job=True)
            except ConnectorException:  # another one was faster
                continue

    def _add_missing_jobs(self) -> None:
        with self._database.transaction() as connection:
            jobs.add_missing(connection)


def _new_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:  # the extra `fast`; on Windows psycopg needs this one
        return asyncio.SelectorEventLoop()
    return uvloop.new_event_loop()
