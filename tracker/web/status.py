"""How a process is: for whoever watches over it, a person or Prometheus."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.failures.extras import MissingLibrariesError
from tracker.failures.supervision import Fault, public_reason
from tracker.i18n.reasons import translate_reasons
from tracker.i18n.translate import LANGUAGES, Language, translate
from tracker.store.undelivered import UndeliveredSummary

TEXT_TYPE = "text/plain; charset=utf-8"
#: The text format of Prometheus, as its own client names it.
METRICS_TYPE = "text/plain; version=1.0.0; charset=utf-8"


class HealthReport(NamedTuple):
    """What is wrong with a process, without anything that is nobody else's business."""

    trouble: str | None  #: names the sentence that says what is wrong; None: nothing is
    undelivered: UndeliveredSummary | None  #: what did not arrive
    fault: Fault | None = None  #: of which the trouble is
    stuck: str = ""  #: the duty that comes to no end, where that is the trouble

    @property
    def is_well(self) -> bool:
        return self.trouble is None and not (self.undelivered and self.undelivered.is_outage)

    def text(self, language: Language) -> str:
        """All of it in one line: how many alerts did not arrive, but neither which nor to whom."""
        if self.undelivered is None:
            return self._trouble_text(language)
        is_bad = self.undelivered.is_outage or self.trouble is not None  # ".new" begins with "ok"
        name = "health.undelivered" if is_bad else "health.undelivered.new"
        missed = translate(language, name, count=self.undelivered.number)
        if self.is_well or self.trouble is None:
            return missed
        first = self._trouble_text(language)
        return translate(language, "and-remark", first=first, second=missed)

    def _trouble_text(self, language: Language) -> str:
        """What is wrong, with nothing that an exception says of itself: anybody may ask."""
        name = self.trouble or "health.fine"
        values: dict[str, object] = {}
        if name == "health.fault" and self.fault is not None:
            duty = translate(language, f"duty.{self.fault.duty.name}")
            values = {"duty": duty, "reason": public_reason(self.fault)}
        elif name == "health.stuck":
            values = {"duty": translate(language, f"duty.{self.stuck}")}
        return translate_reasons(language, name, values)


def health_of(report: HealthReport) -> tuple[int, str]:
    """The status of /healthz, and what it says, in each language."""
    lines = [report.text(language) for language in LANGUAGES]
    return 200 if report.is_well else 503, "\n".join(lines) + "\n"


def status_routes(
    report: Callable[[], HealthReport], metrics: Callable[[], bytes] | None
) -> list[Route]:
    """/healthz, and /metrics where there are any."""

    async def serve_health(_request: Request) -> Response:
        status, text = health_of(report())
        return _response(text.encode(), TEXT_TYPE, status)

    routes = [Route("/healthz", serve_health)]
    if metrics is not None:

        async def serve_metrics(_request: Request) -> Response:
            try:
                return _response(await run_in_threadpool(metrics), METRICS_TYPE)
            except MissingLibrariesError as missing:
                lines = [f"{missing.reason.text(language)}\n" for language in LANGUAGES]
                return _response("".join(lines).encode(), TEXT_TYPE, 501)

        routes.append(Route("/metrics", serve_metrics))
    return routes


def _response(content: bytes, kind: str, status: int = 200) -> Response:
    return Response(content, status, {"content-type": kind, "cache-control": "no-store"})
