"""The jobs of a process, run by APScheduler when their time has come.

One that fails is run again soon, and whatever is raised in it ends nothing (supervision.py).

They are never skipped for being late, never run twice at once, and kept nowhere. APScheduler arms
each by the clock as it was, and that may be set: what is trusted of it ends after 30 s at the
latest, and `run_all` arms every job anew.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from tracker import clock
from tracker.failures.supervision import Duty, Supervisor

#: A job that is late runs late; one that is missed several times runs once.
_OPTIONS: dict[str, Any] = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


#: Threads for the jobs, of which there are fewer. They are begun at the start: one that is only
#: begun when a job is due may be one too many for the machine, and the job would be lost.
_THREADS = 8
#: Beside its interval a job may take so many seconds before it counts as stuck.
_STUCK = 90.0
_JOBS = Duty("jobs")

#: So long at most it sleeps by one reading of the clock: a machine that was suspended, or whose
#: clock was set, is no later than that with what has come due meanwhile.
LONGEST_SLEEP = timedelta(seconds=30)


class _Scheduler(BackgroundScheduler):  # type: ignore[misc]  # it has no types
    """APScheduler, which looks at the clock again and again, goes on whatever is raised in its
    thread, and ends without a word: that may look for jobs that shutdown took.
    """

    def __init__(self, supervisor: Supervisor, **options: Any) -> None:
        super().__init__(**options)
        self._supervisor = supervisor

    def _process_jobs(self) -> float:
        seconds: float | None = super()._process_jobs()  # None: there is no job
        self._supervisor.note_success(_JOBS)
        longest = LONGEST_SLEEP.total_seconds()
        return longest if seconds is None else min(seconds, longest)

    def _main_loop(self) -> None:
        while self.running:
            pause = self._supervisor.attempt(_JOBS, self._run_until_closed)
            if pause:
                self._event.wait(pause)
                self._event.set()  # and looks at once

    def _run_until_closed(self) -> None:
        try:
            super()._main_loop()
        except JobLookupError:
            if self.running:
                raise


class _Threads(ThreadPoolExecutor):  # type: ignore[misc]  # it has no types
    """Threads that are there from the start."""

    def begin(self) -> None:
        """Raises RuntimeError where the machine lets no more threads be started."""
        are_there = Barrier(_THREADS + 1)
        try:
            for _ in range(_THREADS):
                self._pool.submit(are_there.wait)
            are_there.wait()
        except BaseException:
            are_there.abort()
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

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._threads = _Threads(_THREADS)
        self._scheduler = _Scheduler(supervisor, timezone=UTC, executors={"default": self._threads})

    def every(
        self, interval: timedelta, job: Callable[[], object], name: str, *, at_once: bool = False
    ) -> None:
        """Runs the job each time that the interval has gone by, `at_once` also at the start."""
        first = {"next_run_time": clock.now()} if at_once else {}
        duty = Duty(name)
        self._supervisor.expect(duty, interval.total_seconds() + _STUCK)
        supervised = partial(self._run, duty, job)
        self._scheduler.add_job(supervised, _Interval(interval), id=name, **first, **_OPTIONS)

    def now(self, job: Callable[[], object], name: str) -> None:
        """Runs the job at once, in this thread; where it fails, again as others are."""
        self._run(Duty(name), job)

    def once(self, moment: datetime, job: Callable[[], object], name: str) -> None:
        """Runs the job at that instant, in place of an earlier one of that name."""
        self._add_once(moment, partial(self._run, Duty(name), job), name)

    def _add_once(self, moment: datetime, job: Callable[[], object], name: str) -> None:
        self._scheduler.add_job(
            job, "date", run_date=moment, id=name, replace_existing=True, **_OPTIONS
        )

    def _run(self, duty: Duty, job: Callable[[], object], *, is_retry: bool = False) -> None:
        if not is_retry and not self._supervisor.may_try(duty):
            return  # it is run again by itself
        pause = self._supervisor.attempt(duty, job)
        if pause and self._scheduler.running:
            again = partial(self._run, duty, job, is_retry=True)
            self._add_once(clock.now() + timedelta(seconds=pause), again, f"{duty.name} again")

    def hurry(self, name: str) -> None:
        """Runs the job of that name soon, in its own thread."""
        with suppress(JobLookupError):
            self._scheduler.modify_job(name, next_run_time=clock.now())

    def run_all(self) -> None:
        """Runs every job that there is now: the clock was set, and they are armed by the old."""
        for job in self._scheduler.get_jobs():
            with suppress(JobLookupError):  # it was to run once, and has
                job.modify(next_run_time=clock.now())

    def start(self) -> None:
        """Raises RuntimeError where the machine lets no more threads be started."""
        self._threads.begin()
        self._scheduler.start()

    def close(self) -> None:
        """Runs no more jobs; once this returns, those that were running have ended."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        # Not the scheduler: it would wait while it keeps jobs from naming the next ones.
        self._threads.shutdown(wait=True)
