"""What runs until it is closed: jobs by the clock, and what follows when other machines write.

Jobs: `due` at the next instant at which something is due, `send` at that of the next try, `look`
every 30 s (plan again, whatever the clock or a suspended machine did), `files` (their reading),
`follow` (what other processes wrote, and what our own threads have put off), `ledger` (whether it
is still the one that was opened), `view` (at midnight in the files' zone, or where an instant
passes before), `beat` where a monitor is to be pinged. What they do is in pipeline.py, and
messages are sent in threads of their own (alerts/thread_delivery.py).

Where several machines work together (`tracker worker`), planning and sending are Procrastinate's
(workers.py): then only what is this process's own is a job here, its files and its day.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tracker import clock
from tracker.alerts.thread_delivery import Deliverer
from tracker.failures.supervision import Duty
from tracker.i18n.dates import long_day
from tracker.service.clock_watch import ClockWatch, Jump
from tracker.service.pipeline import Pipeline
from tracker.service.schedule import Schedule
from tracker.service.wiring import Parts
from tracker.store.database import CHANGED, LedgerError
from tracker.store.database_changes import DatabaseChanges
from tracker.store.ledger_identity import LedgerIdentity

if TYPE_CHECKING:
    from tracker.service.workers import Workers
    from tracker.store.notifications import Listener

TICK = timedelta(seconds=30)
LOOK = timedelta(seconds=1)
#: So often the database is asked for what the listener may have missed.
POLL = timedelta(seconds=1)
BEAT = timedelta(seconds=60)
#: So many seconds after a database could not be used it is tried again.
RETRY = 5


class Process:
    """Plans, sends and follows the files, each as its role has it, until it is closed."""

    def __init__(self, parts: Parts, concurrency: int | None = None) -> None:
        """`concurrency`: so many deliveries of a worker at once go through each channel.

        Raises LedgerError, and has closed the outbox then.
        """
        self.parts = parts
        self._deliverer: Deliverer | Workers
        self._workers: Workers | None = None
        wake = _wake_nobody
        try:
            if parts.role == "work":
                self._deliverer = self._workers = self._make_workers(concurrency)
            else:
                self._deliverer = Deliverer(parts.delivery, parts.config.addresses.values())
                wake = self._deliverer.wake
        except BaseException:
            parts.outbox.close()
            raise
        self._pipeline = Pipeline(parts, wake)
        self._supervisor = parts.supervisor
        self._schedule = Schedule(parts.supervisor)
        self._clock_watch = ClockWatch(self._hurry_jobs, parts.supervisor)
        self._changes = DatabaseChanges(parts.database)
        self._identity = LedgerIdentity(parts.database)
        self._listener = self._make_listener()
        self._has_ticked = False
        self._view_until: datetime | None = None  #: the instant at which a point passes next

    def _make_workers(self, concurrency: int | None) -> Workers:
        from tracker.service.workers import Upkeep, Workers

        parts = self.parts
        upkeep = Upkeep(
            self.tick,
            partial(parts.outages.begin, "workers"),
            partial(parts.outages.end, "workers"),
        )
        addresses = parts.config.addresses.values()
        return Workers(parts.delivery, addresses, parts.database, upkeep, concurrency)

    def _make_listener(self) -> Listener | None:
        """Hears at once of what other machines write, where they share a server."""
        if self.parts.database.conninfo is None:
            return None
        from tracker.store.notifications import Listener, ListenerCallbacks

        def follow() -> None:
            self._supervisor.attempt(Duty("follow"), self.follow_database)

        callbacks = ListenerCallbacks(lambda _channel: follow(), follow, lambda _reason: None)
        return Listener(
            self.parts.database.conninfo,
            [CHANGED],
            callbacks,
            self.parts.supervisor,
            Duty("listen"),
        )

    # -- its life

    def once(self) -> None:
        """Does what is due now, and waits until it is sent."""
        self.parts.faults.is_last_run = True
        self.parts.watch.look_now()  # what is missed before it, of which some may arrive now
        self.parts.delivery_log.log_recoveries()
        self._pipeline.run()
        self._deliverer.finish()
        self._pipeline.report_outages()
        self._deliverer.finish()
        self.parts.watch.look_now()
        self.parts.delivery_log.log_recoveries()

    def start(self) -> None:
        """Arms the jobs, after everything due has been done once."""
        if self.parts.role == "all":
            self._schedule.every(TICK, self.tick, "look")
        self._schedule.every(LOOK, self.follow_files, "files")
        self._schedule.every(POLL, self.follow_database, "follow")
        self._schedule.every(TICK, self.check_ledger, "ledger")
        self._schedule.start()
        self._schedule.now(self._look_at_ledger, "ledger")
        self._schedule.now(self.tick, "look")
        if self._listener is not None:
            self._listener.start()
        self._deliverer.start()
        if self.parts.heartbeat is not None:
            self._schedule.every(BEAT, self.parts.heartbeat.beat, "beat", at_once=True)
        self._schedule.now(self._arm_view, "view")
        self._clock_watch.start()

    def _look_at_ledger(self) -> None:
        self.check_ledger()
        self.parts.watch.look()
        if self.parts.sends:
            self.parts.delivery_log.log_what_was_there()

    def close(self) -> None:
        """Ends the jobs: they and what is being sent are finished, what is not goes back."""
        self._pipeline.stop()
        self._clock_watch.stop()
        self._schedule.close()
        if self._listener is not None:
            self._listener.close()
        try:
            self._deliverer.close()  # without a lock: a worker may be planning just now
            self._pipeline.close()
        except LedgerError as error:
            self.parts.outages.begin("plan", error)
        self.parts.links.close()
        self._changes.close()
        self.parts.database.close()

    # -- the jobs

    def tick(self) -> None:
        """Does what is due, and wakes when more will be."""
        self._pipeline.run()
        if self._has_ticked:  # what was due when it began has been tried since
            self._pipeline.report_outages()
        self._has_ticked = True
        self._arm()

    def follow_files(self) -> None:
        """Does what follows from a change of the files."""
        self._supervisor.attempt(Duty("settings"), self.parts.settings.look)
        if self._pipeline.follow_files():
            self._arm()
        if self._view_until != self.parts.files.valid_until:
            self._arm_view()
        was_out = self.parts.outages.are_ongoing and self.parts.health.seconds_since_plan > RETRY
        if was_out or self._pipeline.is_to_retry:
            self.tick()

    def take_up_files(self) -> None:
        """Has the files read now: who wrote in them knows that they are whole."""
        self.parts.files.read_at_next_look()
        self._schedule.hurry("files")

    def follow_database(self) -> None:
        """Does what follows from what other processes wrote, and this one's threads."""
        if self.parts.outages.are_ongoing:
            self.check_ledger()
        if self._has_changed():
            try:
                self._pipeline.follow_database()
                self.send()
            except BaseException:  # it is still new the next time
                self._changes.forget()
                raise
        self.parts.watch.look()
        self.parts.delivery_log.log_recoveries()
        self._deliverer.retry()
        self.parts.health.note_follow()

    def check_ledger(self) -> None:
        """Looks whether the ledger is still the one that was opened."""
        try:
            self._identity.check()
        except LedgerError as error:
            self.parts.outages.begin("ledger", error)
        else:
            self.parts.outages.end("ledger")

    def _has_changed(self) -> bool:
        """Whether anything may have been written since it was looked for, or could not be read."""
        try:
            return self._changes.look() or self.parts.outages.are_ongoing
        except LedgerError:  # what follows says so
            return True

    def send(self) -> None:
        """Sends what is to be sent, and wakes when the next of it is."""
        if self.parts.role != "all":
            return
        moment = self._pipeline.send_due(clock.now())
        if moment is not None:
            self._schedule.once(moment, self.send, "send")

    def _arm(self) -> None:
        """Wakes when something is due before the next tick has surely been."""
        self.parts.health.note_plan()
        if self.parts.role != "all":
            return
        moment = self._pipeline.next_due(clock.now(), 2 * TICK)
        if moment is not None:
            self._schedule.once(moment, self.tick, "due")
        self.send()

    def _renew_view(self) -> None:
        try:
            self.tick()
        finally:  # whatever comes of it, the next midnight is waited for
            self._arm_view()

    def _arm_view(self) -> None:
        """Wakes when the view is another: at midnight, or where an instant passes before that."""
        agreements, today = self.parts.files.agreements, self.parts.files.today()
        if not agreements or today is None:
            return
        zone = ZoneInfo(agreements[0].timezone)
        midnight = datetime.combine(today + timedelta(days=1), time(), zone)
        self._view_until = self.parts.files.valid_until
        ahead = (moment for moment in (midnight, self._view_until) if moment > clock.now())
        self._schedule.once(min(ahead, default=midnight), self._renew_view, "view")

    def _hurry_jobs(self, jump: Jump) -> None:
        """The clock was set, or the machine was suspended: nothing waits for the old time."""
        if jump.at_once:
            self.parts.log.write("run.jumped", "warning", seconds=f"{jump.seconds:+.0f}")
        self._schedule.run_all()
        if self._workers is not None:
            self._workers.follow_clock()
        if jump.seconds < 0:
            self._pipeline.hurry()

    # -- its log

    def log_what_is_left(self) -> bool:
        """At the end of a run that ends by itself: whether it could not do all of it."""
        has_failed = bool(self._supervisor.faults)
        if has_failed:
            self.parts.log.write("run.left-undone", "error")
        return self.parts.delivery_log.log_what_is_left() or has_failed

    def log_next_reminder(self) -> None:
        """Which is ahead, and when it is due."""
        log, reminder = self.parts.log, self.parts.planner.next_reminder(clock.now())
        if reminder is None:
            log.write("run.none-ahead")
            return
        zone = reminder.recipient.timezone
        local = reminder.due.astimezone(ZoneInfo(zone))
        log.write(
            "run.ahead",
            recipient=reminder.recipient.name,
            day=long_day(local.date(), log.language),
            time=f"{local:%H:%M}",
            zone=zone,
        )


def _wake_nobody() -> None:
    """What is to be sent has a job, which wakes whichever worker has time for it."""
