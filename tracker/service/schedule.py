"""The jobs of a process, run by APScheduler when their time has come.

They are never skipped for being late, never run twice at once, and kept nowhere. APScheduler arms
each by the clock as it was, and that may be set: what is trusted of it ends after 30 s at the
latest, and `run_all` arms every job anew.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.events import EVENT_JOB_ERROR
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from tracker import clock

#: A job that is late runs late; one that is missed several times runs once.
_OPTIONS: dict[str, Any] = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


#: So long at most it sleeps by one reading of the clock: a machine that was suspended, or whose
#: clock was set, is no later than that with what has come due meanwhile.
LONGEST_SLEEP = timedelta(seconds=30)


class _Scheduler(BackgroundScheduler):  # type: ignore[misc]  # it has no types
    """APScheduler, which looks at the clock again and again, and ends without a word: its thread
    may look for jobs that shutdown took.
    """

    def _process_jobs(self) -> float:
        seconds: float | None = super()._process_jobs()  # None: there is no job
        longest = LONGEST_SLEEP.total_seconds()
        return longest if seconds is None else min(seconds, longest)

    def _main_loop(self) -> None:
        try:
            super()._main_loop()
        except JobLookupError:
            if self.running:
                raise


class _Interval(BaseTrigger):  # type: ignore[misc]  # it has no types
    """Each time so long after the last time that it was looked at.

    APScheduler's own counts each interval that has gone by: 31 million of a second where the clock
    was set by a year.
    """

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        return now + self._interval


class Schedule:
    """Jobs by their names: some come again and again, some once.

    Each may run early, at any time: it finds out itself what there is to do, and one that runs once
    names its next time. So all of them can be run when the clock was set.
    """

    def __init__(self, on_error: Callable[[BaseException], None]) -> None:
        self._threads = ThreadPoolExecutor()
        self._scheduler = _Scheduler(timezone=UTC, executors={"default": self._threads})
        self._scheduler.add_listener(lambda event: on_error(event.exception), EVENT_JOB_ERROR)

    def every(
        self, interval: timedelta, job: Callable[[], object], name: str, *, at_once: bool = False
    ) -> None:
        """Runs the job each time that the interval has gone by, `at_once` also at the start."""
        first = {"next_run_time": clock.now()} if at_once else {}
        self._scheduler.add_job(job, _Interval(interval), id=name, **first, **_OPTIONS)

    def once(self, moment: datetime, job: Callable[[], object], name: str) -> None:
        """Runs the job at that instant, in place of an earlier one of that name."""
        self._scheduler.add_job(
            job, "date", run_date=moment, id=name, replace_existing=True, **_OPTIONS
        )

    def run_all(self) -> None:
        """Runs every job that there is now: the clock was set, and they are armed by the old."""
        for job in self._scheduler.get_jobs():
            with suppress(JobLookupError):  # it was to run once, and has
                job.modify(next_run_time=clock.now())

    def start(self) -> None:
        self._scheduler.start()

    def close(self) -> None:
        """Runs no more jobs; once this returns, those that were running have ended."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        # Not the scheduler: it would wait while it keeps jobs from naming the next ones.
        self._threads.shutdown(wait=True)
