"""Whether a process is well: what /healthz answers, and what its heartbeat depends on."""

from __future__ import annotations

from math import inf

from tracker import clock
from tracker.failures.supervision import Duty, Fault, Supervisor
from tracker.service.delivery_watch import DeliveryWatch
from tracker.service.file_watcher import WatchedFiles
from tracker.service.publisher import Publisher
from tracker.service.reports import LedgerOutages
from tracker.web.status import HealthReport

#: After so many seconds without it, what is to happen each 30 s or more often is missing.
_LATE = 90.0


class Health:
    """Knows when the process last did what it does again and again, and what went wrong."""

    def __init__(
        self,
        files: WatchedFiles,
        publisher: Publisher,
        outages: LedgerOutages,
        watch: DeliveryWatch,
        supervisor: Supervisor,
        *,
        plans: bool,
        listens: bool,
    ) -> None:
        """`plans`: whether it looks for what is due; `listens`: whether to other machines."""
        self._files = files
        self._publisher = publisher
        self._outages = outages
        self._watch = watch
        self._supervisor = supervisor
        self._plans = plans
        self._listens = listens
        self._planned_at: float | None = None  #: in steady seconds, as the next one
        self._followed_at = clock.steady()

    def note_plan(self) -> None:
        """The process has looked for what is due."""
        self._planned_at = clock.steady()

    def note_follow(self) -> None:
        """The process has looked for what others wrote in the database."""
        self._followed_at = clock.steady()

    @property
    def seconds_since_plan(self) -> float:
        """Without end where there was none yet."""
        return inf if self._planned_at is None else clock.steady() - self._planned_at

    def report(self) -> HealthReport:
        """All that /healthz says, and the heartbeat goes by."""
        fault, stuck = next(iter(self._supervisor.faults), None), self._supervisor.stuck
        trouble = self._trouble(fault, stuck)
        return HealthReport(trouble, self._watch.summary, fault, stuck.name if stuck else "")

    def trouble(self) -> str | None:
        """Names the sentence that says what is wrong; None: nothing is."""
        return self._trouble(next(iter(self._supervisor.faults), None), self._supervisor.stuck)

    def _trouble(self, fault: Fault | None, stuck: Duty | None) -> str | None:
        if fault is not None:
            return "health.fault"
        if self._plans and self._planned_at is not None and self.seconds_since_plan > _LATE:
            return "health.late"
        if self._listens and clock.steady() - self._followed_at > _LATE:
            return "health.ledger"
        if stuck is not None:
            return "health.stuck"
        if self._files.agreements is None or self._publisher.timeline is None:
            return "health.no-timeline"
        if self._files.is_unread:
            return "health.unreadable"
        if not self._files.is_sound:
            return "health.broken"
        if self._files.is_behind:
            return "health.uncovered"
        if self._outages.health == "health.ledger-gone":
            return "health.ledger-gone"
        if self._publisher.trouble is not None:
            return "health.database"
        return self._outages.health
