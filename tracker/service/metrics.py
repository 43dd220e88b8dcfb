"""What Prometheus reads: how much is due, sent and failed, how late, and how many requests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from tracker.store.database import LedgerError
from tracker.store.ledger import ClaimedAlert, Ledger
from tracker.web.status import HealthReport

#: Seconds: a reminder is at its best within one, and a day is a day late.
_LATENESS = (1, 5, 15, 60, 300, 900, 3600, 6 * 3600, 24 * 3600)
_PLANNING = (0.01, 0.05, 0.1, 0.5, 1, 5, 30)


class Metrics:
    """This process's own counts, beside what the ledger holds of its agreements."""

    def __init__(
        self,
        ledger: Ledger,
        agreements: Callable[[], Collection[str]],
        now: Callable[[], datetime],
        report: Callable[[], HealthReport],
    ) -> None:
        """`agreements`: those that are loaded; the alerts of no others are counted."""
        self.report = report
        self._registry = CollectorRegistry()
        self._registry.register(_LedgerCollector(ledger, agreements, now, report))

        def counter(name: str, text: str, label: str) -> Counter:
            return Counter(f"tracker_{name}", text, [label], registry=self._registry)

        self._sent = counter("alerts_sent", "Alerts that a channel took", "channel")
        self._refused = counter("alerts_refused", "Tries that did not get through", "channel")
        self._failed = counter("alerts_failed", "Alerts that were given up", "channel")
        self._feeds = counter("feed_requests", "Requests for a feed, by status", "status")
        self._late = Histogram(
            "tracker_alert_lateness_seconds",
            "From the instant at which an alert was due until a channel took it",
            buckets=_LATENESS,
            registry=self._registry,
        )
        self._planning = Histogram(
            "tracker_plan_seconds",
            "How long a look took at what is owed",
            buckets=_PLANNING,
            registry=self._registry,
        )

    def count_sent(self, rows: Sequence[ClaimedAlert], now: datetime) -> None:
        """A channel took those alerts."""
        for row in rows:
            self._sent.labels(_scheme(row)).inc()
            if row.key.kind != "change":  # which is not due, and may wait for the morning
                self._late.observe(max(0.0, (now - row.due).total_seconds()))

    def count_refused(self, row: ClaimedAlert, given_up: bool) -> None:
        """An alert did not get through."""
        (self._failed if given_up else self._refused).labels(_scheme(row)).inc()

    def note_plan(self, seconds: float) -> None:
        """A look at what is due took so long."""
        self._planning.observe(seconds)

    def count_feed_request(self, status: int) -> None:
        """A feed was requested, and answered with that status."""
        self._feeds.labels(str(status)).inc()

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self._registry)


class _LedgerCollector(Collector):
    """What the ledger says at the moment: the same wherever these agreements are loaded."""

    def __init__(
        self,
        ledger: Ledger,
        agreements: Callable[[], Collection[str]],
        now: Callable[[], datetime],
        report: Callable[[], HealthReport],
    ) -> None:
        self._ledger = ledger
        self._agreements = agreements
        self._now = now
        self._report = report

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        report = self._report()
        healthy = 1 if report.is_well else 0
        yield GaugeMetricFamily("tracker_healthy", "Whether nothing is wrong here", healthy)
        missed, now = report.undelivered, self._now()
        yield GaugeMetricFamily(
            "tracker_alerts_undelivered",
            "Alerts that were tried in vain, and wait or were given up",
            0 if missed is None else missed.number,
        )
        yield GaugeMetricFamily(
            "tracker_alerts_undelivered_age_seconds",
            "For how long the first of them has been missed",
            0 if missed is None else max(0.0, (now - missed.since).total_seconds()),
        )
        try:
            ours = self._agreements()
            counts, due = self._ledger.counts(ours), self._ledger.count_due(ours, now)
        except LedgerError:
            yield GaugeMetricFamily("tracker_ledger_up", "Whether the ledger can be read", 0)
            return
        yield GaugeMetricFamily("tracker_ledger_up", "Whether the ledger can be read", 1)
        yield GaugeMetricFamily("tracker_alerts_due", "Alerts that wait to be sent now", due)
        alerts = GaugeMetricFamily(
            "tracker_alerts", "Alerts in the ledger, by what became of them", labels=["status"]
        )
        for status, count in sorted(counts.items()):
            alerts.add_metric([status], count)
        yield alerts


def _scheme(row: ClaimedAlert) -> str:
    return row.key.channel.partition(":")[0]
