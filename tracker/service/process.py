"""The one process: APScheduler is its clock, the ledger its memory.

Jobs: `due` at the next instant at which something is owed, `tick` every 30 s (plan again, whatever
the clock or a suspended machine did), `reload` (the files), `midnight` (in the files' zone). They
are never skipped for being late, never run twice at once, and kept nowhere: what is owed is
computed, what was done is in the ledger.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from threading import Lock
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler

from tracker import clock
from tracker.alerts.terminal import deliver, message
from tracker.config import Config
from tracker.dates.business_days import Uncovered
from tracker.files.excerpts import reports
from tracker.files.problems import FileFaults
from tracker.reminders.owed import next_due, owed
from tracker.reminders.plan import PointKey, Reminder, plan
from tracker.service.publishing import Publisher
from tracker.service.secret_links import SecretLinks
from tracker.service.watch import Watched
from tracker.store.database import Database
from tracker.store.ledger import Ledger
from tracker.store.links import Links
from tracker.store.memory import Memory
from tracker.timeline.impossible import uncovered_fault
from tracker.timeline.points import Timeline
from tracker.wording.dates import long_day
from tracker.wording.faults import message_of
from tracker.wording.sentences import Language, say

TICK = timedelta(seconds=30)
LOOK = timedelta(seconds=0.25)
#: A job that is late runs late; one that is missed several times runs once.
_JOB = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


class Process:
    """Plans, sends and follows the files, until it is closed."""

    def __init__(
        self, files: Sequence[Path], config: Config, database: Database, language: Language
    ) -> None:
        self.config = config
        self.database = database
        self.ledger = ledger = Ledger(database)
        self.publisher = Publisher(Memory(database))
        self.links = SecretLinks(Links(database))
        self.language = language
        self.watched = Watched(files, self._broken, self._vanished, self._uncovered)
        self._interrupted = ledger.interrupted()
        self._lock = Lock()
        self._scheduler = BackgroundScheduler(timezone=UTC)

    # -- the work

    def work(self) -> list[Reminder]:
        """Sends what is owed now; gives the plan."""
        with self._lock:
            now = clock.now()
            timeline = self.watched.timeline()
            if timeline is None:
                return []
            planned = plan(timeline, self.config.recipients)
            self.ledger.note(self._points(timeline), now)
            done = self.ledger.done()
            agreements = {one.id: one for one in timeline.agreements}
            for one in owed(planned, self.ledger.known_since(), done, now):
                again = one.key in self._interrupted
                if not self.ledger.claim(one.key, one.reminder.due, now) and not again:
                    continue
                zone = ZoneInfo(one.reminder.recipient.timezone)
                agreement = agreements[one.reminder.point.event.agreement]
                try:
                    deliver(message(one, agreement, now.astimezone(zone).date()))
                except OSError as error:  # a full disk, a closed pipe: written, and sent later
                    self._interrupted.add(one.key)
                    reason = error.strerror or type(error).__name__
                    self._tell(say(self.language, "run.not-sent", reason=reason))
                    continue
                self.ledger.mark_sent((one.key, *one.keys), one.reminder.due, clock.now())
                self._interrupted.discard(one.key)
            return planned

    def _points(self, timeline: Timeline) -> list[tuple[PointKey, str]]:
        """Every point with a day, as each recipient is to know it."""
        return [
            (
                PointKey(recipient.name, point.event.name, point.side, str(point.occurrence or "")),
                str(point.counts_to),
            )
            for recipient in self.config.recipients
            for point in timeline.points
            if point.counts_to is not None
        ]

    # -- the jobs

    def start(self) -> None:
        """Arms the jobs, after everything due has been done once."""
        self._scheduler.add_job(self._tick, "interval", seconds=TICK.seconds, id="tick", **_JOB)
        self._scheduler.add_job(
            self._look, "interval", seconds=LOOK.total_seconds(), id="reload", **_JOB
        )
        self._scheduler.start()
        self.links.look()
        self._tick()
        self._arm_midnight()

    def close(self) -> None:
        """Ends the jobs; one that is sending finishes its message."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        with self._lock:
            self.database.close()

    def _tick(self) -> None:
        """Publishes, does what is owed, and wakes again when something will be."""
        self._publish()
        ahead = next_due(self.work(), clock.now())
        if ahead is not None:
            self._scheduler.add_job(
                self._tick, "date", run_date=ahead.due, id="due", replace_existing=True, **_JOB
            )

    def _publish(self) -> None:
        timeline = self.watched.timeline()
        if timeline is None:
            return
        before = self.publisher.trouble
        self.publisher.publish(timeline, self.watched.contents)
        trouble = self.publisher.trouble
        if trouble is not None and before is None:
            self._tell(say(self.language, trouble.name, **trouble.values))

    def trouble(self) -> str | None:
        """Names the sentence that says what is wrong; None: nothing is."""
        if self.watched.agreements is None or self.publisher.timeline is None:
            return "health.no-timeline"
        if not self.watched.sound:
            return "health.broken"
        if self.watched.is_behind:
            return "health.uncovered"
        return "health.database" if self.publisher.trouble is not None else None

    def _look(self) -> None:
        self.links.look()
        if self.watched.look():
            names = say(self.language, "comma").join(str(file) for file in self.watched.files)
            self._tell(say(self.language, "run.reloaded", files=names))
            self._tick()

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

    # -- what is said of it

    def ahead_text(self) -> str:
        """How many reminders are ahead, and when the next one is."""
        timeline = self.watched.timeline()
        planned = plan(timeline, self.config.recipients) if timeline is not None else []
        now = clock.now()
        following = next_due(planned, now)
        if following is None:
            return say(self.language, "run.none-ahead")
        zone = following.recipient.timezone
        local = following.due.astimezone(ZoneInfo(zone))
        return say(
            self.language,
            "run.ahead",
            count=sum(reminder.due > now for reminder in planned),
            recipient=following.recipient.name,
            day=long_day(local.date(), self.language),
            time=f"{local:%H:%M}",
            zone=zone,
        )

    def _broken(self, faults: FileFaults) -> None:
        for text in reports(faults.problems, faults.texts, self.language):
            self._tell(text)
        if self.watched.agreements is not None:
            self._tell(say(self.language, "run.kept"))

    def _vanished(self, error: OSError) -> None:
        self._tell(say(self.language, "run.vanished", file=error.filename))

    def _uncovered(self, missing: Uncovered) -> None:
        message = message_of(uncovered_fault(missing), self.language)
        self._tell(f"{missing.point}: {message}")
        self._tell(say(self.language, "run.kept"))

    def _tell(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)
