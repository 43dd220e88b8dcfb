"""The one process: APScheduler is its clock, the ledger its memory.

Jobs: `due` at the next instant at which something is owed, `tick` every 30 s (plan again, whatever
the clock or a suspended machine did), `reload` (the files), `follow` (what other processes wrote),
`midnight` (in the files' zone), `beat` where a monitor is to be pinged. They are never skipped for
being late, never run twice at once, and kept nowhere: what is owed is computed, what was done is in
the ledger. Messages are sent in threads of their own (alerts/thread_delivery.py).

Where several machines work together (`tracker worker`), planning and sending are Procrastinate's
(workers.py): then only what is this process's own is a job here, its files and its day.
"""

from __future__ import annotations

import gc
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from threading import Lock, RLock
from typing import TYPE_CHECKING, Literal, TypeAlias
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_ERROR
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from tracker import clock
from tracker.alerts.channel import ChannelSettings
from tracker.alerts.delivery import DeliveryContext
from tracker.alerts.thread_delivery import Deliverer
from tracker.config import Config
from tracker.files.cache import Cache
from tracker.i18n.dates import long_day
from tracker.service.acknowledgements import AcknowledgementDesk, AcknowledgementsForAll
from tracker.service.file_replication import SharedFiles
from tracker.service.file_watcher import WatchedFiles
from tracker.service.heartbeat import ClockWatch, ping
from tracker.service.log import Log
from tracker.service.metrics import Metrics
from tracker.service.planner import Planner
from tracker.service.publisher import Publisher
from tracker.service.reports import LedgerReports, Reports
from tracker.service.secret_links import SecretLinks
from tracker.store.database import CHANGED, Database, LedgerError
from tracker.store.feed_history import FeedHistory
from tracker.store.outbox import Outbox
from tracker.store.secret_links import LinkRegistry
from tracker.timeline.points import Timeline

if TYPE_CHECKING:
    from tracker.service.workers import Workers
    from tracker.store.notifications import Listener

TICK = timedelta(seconds=30)
LOOK = timedelta(seconds=1)
#: So often the database is asked for what it may not have told.
POLL = timedelta(seconds=1)
BEAT = timedelta(seconds=60)
#: So many seconds after a database could not be used it is tried again.
RETRY = 5
#: A tick that is so late is said to be missing.
LATE = 3 * TICK
#: A job that is late runs late; one that is missed several times runs once.
_JOB = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


class _Scheduler(BackgroundScheduler):  # type: ignore[misc]  # it has no types
    """APScheduler, which ends without a word: its thread may look for jobs that shutdown took."""

    def _main_loop(self) -> None:
        try:
            super()._main_loop()
        except JobLookupError:
            if self.running:
                raise


Part: TypeAlias = Literal["all", "serve", "work"]


class Process:
    """Plans, sends and follows the files, until it is closed.

    Its part is `all` of it; or to `serve`, where it writes down what changed for a process that
    sends; or to `work` beside others.
    """

    def __init__(
        self,
        files: Sequence[Path],
        config: Config,
        database: Database,
        log: Log,
        *,
        part: Part = "all",
        most: int | None = None,
        cache: Cache | None = None,
    ) -> None:
        """`most` deliveries at once go through each channel of a worker. Raises LedgerError."""
        self.sends = part != "serve"
        self._part = part
        self.config = config
        self.database = database
        self.log = log
        self.planner = Planner(config, database)
        self.outbox = Outbox(database)
        self.publisher = Publisher(FeedHistory(database), clock.now, self.planner.announce)
        self.planner.entries = self.publisher.entries
        self.links = SecretLinks(LinkRegistry(database))
        reports = Reports(log, lambda: self.watched.agreements is not None)
        self.watched = WatchedFiles(files, reports, cache)
        url = config.url
        self.desk = None if url is None else AcknowledgementDesk(config, self.planner, url)
        self.answers = AcknowledgementsForAll(self.planner.acknowledgements)
        self.metrics = Metrics(self.planner.ledger, clock.now, self.trouble)
        context = DeliveryContext(
            self.outbox,
            ChannelSettings(config.delivery, clock.now),
            self.planner.composer,
            reports.undelivered,
            counter=self.metrics,
            is_current=None if database.conninfo is None else self._is_current,
        )
        self._ledger = LedgerReports(log)
        self._deliverer = self._made_deliverer(part, context, most)
        self._clock = ClockWatch(self._jumped)
        self.shared: SharedFiles | None = None
        self._listener: Listener | None = None
        if database.conninfo is not None:
            from tracker.store.notifications import Listener, ListenerCallbacks

            self.shared = SharedFiles(self.watched, FeedHistory(database))
            callbacks = ListenerCallbacks(
                lambda _channel: self._follow(), self._follow, lambda _reason: None
            )
            self._listener = Listener(database.conninfo, [CHANGED], callbacks)
        self._editions = RLock()  #: one edition of the files after the other
        self._lock = Lock()
        self._ticked: float | None = None  #: when the last tick was, in steady seconds
        self._followed = clock.steady()  #: when the database was looked at last
        self._caught_up = database.conninfo is None
        self._closing = False
        self._beat_trouble: str | None = None
        self._scheduler = _Scheduler(timezone=UTC)
        self._scheduler.add_listener(
            lambda event: self._tell_of_fault(event.exception), EVENT_JOB_ERROR
        )

    def _made_deliverer(
        self, part: Part, context: DeliveryContext, most: int | None
    ) -> Deliverer | Workers:
        addresses = self.config.addresses.values()
        if part != "work":
            return Deliverer(context, addresses)
        from tracker.service.workers import Upkeep, Workers

        upkeep = Upkeep(
            self._tick,
            partial(self._ledger.lost, "workers"),
            partial(self._ledger.back, "workers"),
            self._tell_of_fault,
        )
        return Workers(context, addresses, self.database, upkeep, most)

    # -- the work

    def once(self) -> None:
        """Does what is due now, and waits until it is sent."""
        self._take_up()
        self._work()
        self._deliverer.finish()

    def _work(self) -> None:
        """Publishes, writes down what is owed, and has it sent."""
        if not self._caught_up:  # what goes on here may be older than what was published
            return
        self._publish()
        with self._lock:
            timeline = self.watched.timeline()
            if timeline is None or not self.sends or self._closing:
                return
            try:
                self.outbox.recover_abandoned()
                began = clock.steady()
                written = self.planner.write_due(timeline, clock.now())
            except LedgerError as error:
                self._ledger.lost("plan", error)
                return
            self._ledger.back("plan")
        self.metrics.planned(clock.steady() - began)
        if written:
            self.log.note("run.planned", alerts=written)
        self._deliverer.wake()

    # -- the jobs

    def start(self) -> None:
        """Arms the jobs, after everything due has been done once."""
        if self._part == "all":
            self._every(TICK, self._tick, "tick")
        self._every(LOOK, self._look, "reload")
        self._every(POLL, self._follow, "follow")
        self._scheduler.start()
        self.links.look()
        self._tick()
        if self._listener is not None:
            self._listener.start()
        self._deliverer.start()
        if self.sends and self.config.delivery.heartbeat is not None:
            self._every(BEAT, self.beat, "beat", at_once=True)
        self._arm_midnight()
        self._clock.start()

    def _every(self, seconds: timedelta, job: object, name: str, at_once: bool = False) -> None:
        first = {"next_run_time": clock.now()} if at_once else {}
        self._scheduler.add_job(
            job, "interval", seconds=seconds.total_seconds(), id=name, **first, **_JOB
        )

    def close(self) -> None:
        """Ends the jobs; what is being sent is finished, what is not goes back."""
        self._closing = True
        self._clock.stop()
        if self._listener is not None:
            self._listener.close()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        try:
            self._deliverer.close()  # without the lock: a worker may have a look under way
            with self._lock:
                self.outbox.close()
        except LedgerError as error:
            self._ledger.lost("plan", error)
        self.database.close()

    def _tick(self) -> None:
        """Does what is owed, by the newest files that there are, and wakes when more will be."""
        with self._editions:
            self._take_up()
            self._work()
        self._arm()

    def _arm(self) -> None:
        self._ticked = clock.steady()
        if (due := self._next_due()) is not None:
            self._scheduler.add_job(
                self._tick, "date", run_date=due, id="due", replace_existing=True, **_JOB
            )

    def _next_due(self) -> datetime | None:
        """When something is to be done before the next tick has surely been."""
        if self._part != "all":
            return None
        now = clock.now()
        dues = [self.planner.next_due(now, 2 * TICK)]
        try:
            dues.append(self.outbox.next_try())
        except LedgerError as error:
            self._ledger.lost("plan", error)
        return min((one for one in dues if one is not None and one > now), default=None)

    def _publish(self) -> None:
        timeline = self.watched.timeline()
        if timeline is None:
            return
        is_new = timeline is not self.publisher.timeline
        self.publisher.publish(timeline, self.watched.contents)
        if is_new:  # it lives long: pages are made faster where it is not looked through each time
            gc.unfreeze()
            gc.collect()
            gc.freeze()
        if self.publisher.trouble is not None:
            self._ledger.lost("feeds", self.publisher.trouble)
        else:
            self._ledger.back("feeds")

    def _look(self) -> None:
        """Follows the files."""
        with self._editions:
            if self.watched.look():
                self._work()  # first: who is told may look at once
                self._arm()
                self.log.write("run.reloaded", files=self._names)
        if self._ledger and clock.steady() - (self._ticked or 0) > RETRY:
            self._tick()

    def _follow(self) -> None:
        """Follows what other processes have written in the database."""
        self.links.look()
        with self._editions:
            self.publisher.follow()
            if self._take_up():
                self._work()
            elif self._part == "work" and (timeline := self.watched.timeline()) is not None:
                self._take_up_answers(timeline)
        self._followed = clock.steady()

    def _take_up(self) -> bool:
        """Takes up what another machine has published; whether that says something new."""
        if self.shared is None:
            return False
        try:
            found = self.shared.follow() if self._caught_up else self.shared.catch_up()
        except LedgerError as error:
            self._ledger.lost("files", error)
            return False
        self._ledger.back("files")
        name = "run.followed" if self._caught_up else "run.behind"
        self._caught_up = True
        if found:
            self.log.write(name, files=self._names)
        return found

    def _take_up_answers(self, timeline: Timeline) -> None:
        with self._lock:
            try:
                self.planner.take_up(timeline, clock.now())
            except LedgerError as error:
                self._ledger.lost("answers", error)
            else:
                self._ledger.back("answers")

    def _is_current(self) -> bool:
        """Whether what goes on here is the edition that was published last. Raises LedgerError."""
        return self.shared is None or self.shared.is_current()

    @property
    def _names(self) -> list[str]:
        return [str(one) for one in self.watched.named]

    def _midnight(self) -> None:
        self._tick()
        self._arm_midnight()

    def _arm_midnight(self) -> None:
        agreements = self.watched.agreements
        today = self.watched.today()
        if not agreements or today is None:
            return
        following = datetime.combine(
            today + timedelta(days=1), time(), ZoneInfo(agreements[0].timezone)
        )
        self._scheduler.add_job(
            self._midnight,
            "date",
            run_date=following,
            id="midnight",
            replace_existing=True,
            **_JOB,
        )

    def beat(self) -> None:
        """Pings the monitor while all is well: silence is what it alarms at."""
        url = self.config.delivery.heartbeat
        if url is None or self.trouble() is not None:
            return
        before, self._beat_trouble = self._beat_trouble, ping(url)
        if self._beat_trouble is not None and before is None:
            self.log.write("run.no-beat", "warning", reason=self._beat_trouble)

    def _jumped(self, seconds: float) -> None:
        """The clock was set, or the machine was suspended: nothing waits for the old time."""
        self.log.write("run.jumped", "warning", seconds=f"{seconds:+.0f}")
        if seconds < 0:
            try:
                self.outbox.hurry()
            except LedgerError as error:
                self._ledger.lost("plan", error)
        for job in self._scheduler.get_jobs():
            if job.id in ("tick", "reload", "beat"):
                job.modify(next_run_time=clock.now())
        self._arm_midnight()

    # -- what is said of it

    def trouble(self) -> str | None:
        """Names the sentence that says what is wrong; None: nothing is."""
        behind = clock.steady() - (self._ticked or clock.steady())
        if self._part == "all" and behind > LATE.total_seconds():
            return "health.late"
        if self._listener is not None and clock.steady() - self._followed > LATE.total_seconds():
            return "health.ledger"
        if self.watched.agreements is None or self.publisher.timeline is None:
            return "health.no-timeline"
        if not self.watched.sound:
            return "health.broken"
        if self.watched.is_behind:
            return "health.uncovered"
        if self.publisher.trouble is not None:
            return "health.database"
        return "health.ledger" if self._ledger else None

    def say_what_is_ahead(self) -> None:
        """When the next reminder is due."""
        timeline = self.watched.timeline()
        following = self.planner.plan.next_after(clock.now()) if timeline is not None else None
        if following is None:
            self.log.write("run.none-ahead")
            return
        zone = following.recipient.timezone
        local = following.due.astimezone(ZoneInfo(zone))
        self.log.write(
            "run.ahead",
            recipient=following.recipient.name,
            day=long_day(local.date(), self.log.language),
            time=f"{local:%H:%M}",
            zone=zone,
        )

    def _tell_of_fault(self, error: BaseException) -> None:
        """Of a fault of ours, in one line: what was to be done is tried again."""
        reason = f"{type(error).__name__}: {error}"
        self.log.write("run.unexpected", "error", reason=" ".join(reason.split()))
