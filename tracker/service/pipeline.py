"""From the files to the messages: what they state is published, planned, and handed on to be sent.

What is due is worked out anew each time; what was done is in the ledger. So nothing is lost where
a step fails or the process ends, and each step may be taken as often as one likes. A step in which
something is raised keeps no other from being taken, and is tried again soon: reminders go on where
the feeds cannot be made.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from threading import Lock, RLock

from tracker import clock
from tracker.failures.supervision import Duty
from tracker.service.wiring import Parts
from tracker.store.database import LedgerError
from tracker.timeline.points import Timeline

_TIMELINE, _PUBLISH, _PLAN, _OUTAGES = map(Duty, ("timeline", "publish", "plan", "outages"))


class Pipeline:
    """Takes each edition of the files through all steps, one edition after the other."""

    def __init__(self, parts: Parts, wake: Callable[[], None]) -> None:
        """`wake` is called when there is something to be sent."""
        self._parts = parts
        self._wake = wake
        self._editions = RLock()  #: one edition of the files after the other
        self._planning = Lock()
        self._is_closing = False
        self._supervisor = parts.supervisor

    @property
    def is_to_retry(self) -> bool:
        """Whether a step has failed, and is to be tried again now."""
        return self._supervisor.is_to_retry((_TIMELINE, _PUBLISH, _PLAN, _OUTAGES))

    def run(self) -> None:
        """Does what is due, by the newest files that there are."""
        with self._editions:
            self._take_up_shared()
            self._publish_and_plan()

    def follow_files(self) -> bool:
        """Takes up the files where they changed; whether they say something new."""
        with self._editions:
            if not self._parts.files.look():
                return False
            self._publish_and_plan()  # first: who reads the log may look at once
            self._parts.log.write("run.reloaded", files=self._parts.files.names)
            return True

    def follow_database(self) -> None:
        """Takes up what other processes have written."""
        with self._editions:
            self._parts.publisher.follow()
            is_new = self._take_up_shared()
            if not is_new and self._parts.sends:
                is_new = self._take_up_acknowledgements() and self._parts.role == "all"
            if is_new:
                self._publish_and_plan()

    def next_due(self, now: datetime, within: timedelta) -> datetime | None:
        """When something falls due next, if it does within that time."""
        return self._parts.planner.next_due(now, within)

    def send_due(self, now: datetime) -> datetime | None:
        """Has sent what is to be by now, whoever wrote it; gives when more is to be."""
        parts = self._parts
        try:
            moment = parts.outbox.first_to_send(tuple(parts.config.addresses), parts.files.ids, now)
        except LedgerError as error:
            parts.outages.begin("send", error)
            return None
        parts.outages.end("send")
        if moment is None or moment > now:
            return moment
        self._wake()
        return None

    def hurry(self) -> None:
        """What waits to be tried once more is tried now: the clock that it waits for was set."""
        try:
            self._parts.outbox.hurry(self._parts.files.ids)
        except LedgerError as error:
            self._parts.outages.begin("plan", error)

    def stop(self) -> None:
        """Plans nothing more."""
        self._is_closing = True

    def close(self) -> None:
        """What this process had to send, and has not sent, goes back. Raises LedgerError."""
        with self._planning:
            self._parts.outbox.close()

    # -- the steps

    def _take_up_shared(self) -> bool:
        """Takes up what another machine has published; whether that says something new."""
        return self._parts.shared is not None and self._parts.shared.take_up()

    def _publish_and_plan(self) -> None:
        shared = self._parts.shared
        if shared is not None and not shared.is_caught_up:
            return  # the files here may be older than what was published
        timeline = self._timeline()
        if timeline is None:
            return
        if timeline is self._parts.files.last_timeline:
            self._supervisor.attempt(_PUBLISH, partial(self._publish, timeline))
        if self._parts.sends:
            self._supervisor.attempt(_PLAN, partial(self._plan, timeline))

    def _timeline(self) -> Timeline | None:
        """As of now; where it cannot be worked out, the last one that was published goes on."""
        files = self._parts.files
        if self._supervisor.may_try(_TIMELINE) and not self._supervisor.attempt(
            _TIMELINE, files.timeline
        ):
            return files.last_timeline
        return self._parts.publisher.timeline

    def _publish(self, timeline: Timeline) -> None:
        publisher = self._parts.publisher
        is_new = timeline is not publisher.timeline
        publisher.publish(timeline, self._parts.files.contents)
        if is_new:  # it lives long: pages are made faster where it is not looked through each time
            gc.unfreeze()
            gc.collect()
            gc.freeze()
        if publisher.trouble is not None:
            self._parts.outages.begin("feeds", publisher.trouble)
        else:
            self._parts.outages.end("feeds")

    def _plan(self, timeline: Timeline) -> None:
        """Writes down what is due, and has it sent."""
        with self._planning:
            if self._is_closing:
                return
            try:
                self._parts.outbox.recover_abandoned()
                agreements = [agreement.id for agreement in timeline.agreements]
                self._parts.owed.follow_settings(agreements, clock.now())
                began = clock.steady()
                count = self._parts.planner.write_due(timeline, clock.now())
            except LedgerError as error:
                self._parts.outages.begin("plan", error)
                return
            self._parts.outages.end("plan")
        self._parts.metrics.note_plan(clock.steady() - began)
        if count:
            self._parts.log.note("run.planned", alerts=count)
        self._wake()

    def report_outages(self) -> None:
        """Has somebody told through another channel of what a channel does not take.

        After what is due was tried: what a person has mended meanwhile is told to nobody.
        """
        timeline = self._timeline()
        if timeline is not None and self._parts.sends:
            self._supervisor.attempt(_OUTAGES, partial(self._report_outages, timeline))

    def _report_outages(self, timeline: Timeline) -> None:
        with self._planning:
            if self._is_closing:
                return
            try:
                count = self._parts.outage_planner.write_due(timeline, clock.now())
            except LedgerError as error:
                self._parts.outages.begin("plan", error)
                return
        if count:
            self._parts.log.note("run.planned", alerts=count)
            self._wake()

    def _take_up_acknowledgements(self) -> bool:
        """Goes by what was acknowledged, or taken back, meanwhile; whether that was anything."""
        timeline = self._timeline()
        if timeline is None:
            return False
        before = self._parts.planner.composer()
        with self._planning:
            try:
                self._parts.planner.take_up(timeline, clock.now())
            except LedgerError as error:
                self._parts.outages.begin("acknowledgements", error)
                return False
        self._parts.outages.end("acknowledgements")
        return self._parts.planner.composer() is not before
