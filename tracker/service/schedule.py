"""The jobs of a process, run by APScheduler when their time has come.

They are never skipped for being late, never run twice at once, and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.events import EVENT_JOB_ERROR
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from tracker import clock

#: A job that is late runs late; one that is missed several times runs once.
_OPTIONS: dict[str, Any] = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


class _Scheduler(BackgroundScheduler):  # type: ignore[misc]  # it has no types
    """APScheduler, which ends without a word: its thread may look for jobs that shutdown took."""

    def _main_loop(self) -> None:
        try:
            super()._main_loop()
        except JobLookupError:
            if self.running:
                raise


class Schedule:
    """Jobs by their names: some come again and again, some once."""

    def __init__(self, on_error: Callable[[BaseException], None]) -> None:
        self._threads = ThreadPoolExecutor()
        self._scheduler = _Scheduler(timezone=UTC, executors={"default": self._threads})
        self._scheduler.add_listener(lambda event: on_error(event.exception), EVENT_JOB_ERROR)

    def every(
        self, interval: timedelta, job: Callable[[], object], name: str, *, at_once: bool = False
    ) -> None:
        """Runs the job each time that the interval has gone by, `at_once` also at the start."""
        first = {"next_run_time": clock.now()} if at_once else {}
        seconds = interval.total_seconds()
        self._scheduler.add_job(job, "interval", seconds=seconds, id=name, **first, **_OPTIONS)

    def once(self, moment: datetime, job: Callable[[], object], name: str) -> None:
        """Runs the job at that instant, in place of an earlier one of that name."""
        self._scheduler.add_job(
            job, "date", run_date=moment, id=name, replace_existing=True, **_OPTIONS
        )

    def hurry(self, *names: str) -> None:
        """Runs those jobs now."""
        for job in self._scheduler.get_jobs():
            if job.id in names:
                job.modify(next_run_time=clock.now())

    def start(self) -> None:
        self._scheduler.start()

    def close(self) -> None:
        """Runs no more jobs; once this returns, those that were running have ended."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        # Not the scheduler: it would wait while it keeps jobs from naming the next ones.
        self._threads.shutdown(wait=True)
