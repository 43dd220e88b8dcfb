"""What stands in for the metrics where the library that writes them is not installed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tracker.failures.extras import MissingLibrariesError, libraries_of
from tracker.store.ledger import ClaimedAlert, Ledger
from tracker.web.status import HealthReport

if TYPE_CHECKING:
    from tracker.service.metrics import Metrics


class NoMetrics:
    """Counts nothing, and says what to install when it is asked."""

    def __init__(self, report: Callable[[], HealthReport]) -> None:
        self.report = report

    def count_sent(self, rows: Sequence[ClaimedAlert], now: datetime) -> None:
        """A channel took those alerts."""

    def count_refused(self, row: ClaimedAlert, given_up: bool) -> None:
        """An alert did not get through."""

    def note_plan(self, seconds: float) -> None:
        """A look at what is due took so long."""

    def count_feed_request(self, status: int) -> None:
        """A feed was requested, and answered with that status."""

    def text(self) -> bytes:
        """Raises MissingLibrariesError."""
        raise MissingLibrariesError("postgres")


def make_metrics(
    ledger: Ledger,
    agreements: Callable[[], Collection[str]],
    now: Callable[[], datetime],
    report: Callable[[], HealthReport],
) -> Metrics | NoMetrics:
    """The metrics of a process, as far as they can be had here."""
    try:
        with libraries_of("postgres"):
            from tracker.service.metrics import Metrics
    except MissingLibrariesError:
        return NoMetrics(report)
    return Metrics(ledger, agreements, now, report)
