"""What did not arrive shows in every sign: at once, and after an hour as a failure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.alerts.servers import HookSink, MailSink
from tests.reminders.scene import at
from tests.service.test_delivery import DUE, Post, Runner
from tests.service.test_metrics import read
from tracker import clock
from tracker.agreements.keys import PointKey
from tracker.config.watching import WatchSettings
from tracker.reminders.acknowledgements import Acknowledgement, AcknowledgementKey
from tracker.service.delivery_watch import DeliveryWatch
from tracker.service.heartbeat import Heartbeat
from tracker.service.log import Log
from tracker.service.metrics import Metrics
from tracker.service.reports import LedgerOutages
from tracker.store.database import Database
from tracker.web.status import HealthReport, health_of

LEGAL = "mailto:legal@example.org"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with MailSink() as sink:
        yield sink


class Signs:
    """What a process says of itself, beside deliveries that are watched."""

    def __init__(self, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
        self.post = post
        self.log = Log("en")
        monkeypatch.setattr(clock, "now", lambda: post.scene.now)
        self.watch = self._watch(HOUR)
        self.trouble: str | None = None

    def _watch(self, fail_after: timedelta | None) -> DeliveryWatch:
        outages = LedgerOutages(self.log)
        return DeliveryWatch(self.post.scene.database, lambda: ["a"], fail_after, outages)

    def fail_after(self, wait: timedelta | None) -> None:
        self.watch = self._watch(wait)

    def report(self) -> HealthReport:
        self.watch.look_now()
        return HealthReport(self.trouble, self.watch.summary)

    @property
    def healthz(self) -> tuple[int, str]:
        status, text = health_of(self.report())
        return status, text.splitlines()[0]


@pytest.fixture
def signs(
    tmp_path: Path, posts: list[Post], sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Signs]:
    def make(count: int = 3, runner: Runner | None = None) -> Signs:
        posts.append(post := Post(tmp_path, count, LEGAL, mail_port=sink.port, runner=runner))
        return Signs(post, monkeypatch)

    return make


def test_what_is_refused_is_said_at_once_and_is_a_failure_after_an_hour(
    signs: Callable[..., Signs], sink: MailSink
) -> None:
    here = signs()
    before = here.healthz
    sink.answers = ["550 no such user <legal@example.org>"] * 1000
    here.post.send(DUE)
    at_once = here.healthz
    here.post.send(at(DUE) + HOUR)
    failing = here.healthz
    sink.answers = []
    here.post.send(at(DUE) + 3 * HOUR)

    assert before == (200, "ok")
    assert at_once[0] == 200
    assert at_once[1].startswith("ok, but 3 alerts could not be delivered yet")
    assert failing[0] == 503
    assert failing[1].startswith("3 alerts could not be delivered: tracker doctor says")
    assert here.healthz == (200, "ok")


@pytest.mark.parametrize("count", [3, 8], ids=["one by one", "in one message"])
def test_a_nearer_lead_ends_no_outage(
    signs: Callable[..., Signs], sink: MailSink, count: int
) -> None:
    here = signs(count)
    sink.answers = ["451 later"] * 10_000
    here.post.send(DUE)  # 30 days before
    here.post.send(at(DUE) + 2 * HOUR)
    long_ago = here.report().undelivered
    here.post.send("2030-12-24 09:00")  # 7 days before
    here.post.send("2030-12-24 09:05")
    since = here.report().undelivered

    assert here.healthz[0] == 503
    assert long_ago is not None
    assert since is not None
    assert (since.since, since.number) == (long_ago.since, count)


def test_strangers_who_ask_for_health_hear_neither_whom_nor_what_it_is_about(
    signs: Callable[..., Signs], sink: MailSink
) -> None:
    here = signs()
    sink.answers = ["550 no such user <legal@example.org>"] * 1000
    here.post.send(DUE)
    here.post.send(at(DUE) + HOUR)
    _, text = health_of(here.report())

    for secret in ("legal", "example.org", "550", "Notice", "mailto", "n0"):
        assert secret not in text


@pytest.mark.parametrize(
    ("fail_after", "status"),
    [(5 * MINUTE, 503), (HOUR, 503), (6 * HOUR, 200), (None, 200)],
)
def test_how_long_that_may_be_is_what_the_settings_say(
    signs: Callable[..., Signs], sink: MailSink, fail_after: timedelta | None, status: int
) -> None:
    here = signs()
    here.fail_after(fail_after)
    sink.answers = ["451 later"] * 1000
    here.post.send(DUE)
    here.post.send(at(DUE) + 2 * HOUR)

    assert here.healthz[0] == status


def test_what_was_given_up_fails_for_thirty_days_unless_somebody_deals_with_it(
    signs: Callable[..., Signs], sink: MailSink
) -> None:
    here = signs(2)
    sink.answers = ["550 no"] * 1000
    here.post.send(DUE)
    for hours in range(1, 60):
        here.post.send(at(DUE) + hours * HOUR)
    assert here.post.statuses() == {"failed": 2}
    given_up = here.healthz
    here.post.scene.now = at(DUE) + timedelta(days=29)
    still = here.healthz
    acknowledged = AcknowledgementKey("", PointKey.from_columns("a/n0", "when", ""), "2030-12-31")
    here.post.scene.acknowledgements.save([Acknowledgement(acknowledged, here.post.scene.now)])
    rest = here.healthz
    here.post.scene.now = at(DUE) + timedelta(days=31)

    assert (given_up[0], still[0], rest[0]) == (503, 503, 503)
    assert still[1].startswith("2 alerts")
    assert rest[1].startswith("an alert")
    assert here.healthz == (200, "ok")


def test_taken_up_again_it_is_missed_only_if_it_fails_again(
    signs: Callable[..., Signs], sink: MailSink
) -> None:
    here = signs()
    sink.answers = ["550 no"] * 3
    here.post.send(DUE)
    here.post.outbox.retry(["a"])
    retried = here.healthz
    sink.answers = ["550 no"] * 3
    here.post.send(at(DUE) + HOUR)

    assert retried == (200, "ok")
    assert here.healthz[0] == 503


def test_every_process_on_the_ledger_knows_whoever_delivers(
    postgresql: object, request: pytest.FixtureRequest, signs: Callable[..., Signs], sink: MailSink
) -> None:
    url = request.getfixturevalue("postgresql").database()
    here = signs(3, Runner(False, url))
    sink.answers = ["550 no"] * 1000
    here.post.send(DUE)
    here.post.send(at(DUE) + HOUR)
    elsewhere = Database(url)
    watch = DeliveryWatch(elsewhere, lambda: ["a"], HOUR, LedgerOutages(here.log))
    others = DeliveryWatch(elsewhere, lambda: ["b"], HOUR, LedgerOutages(here.log))
    watch.look()
    others.look()
    elsewhere.close()

    assert watch.summary is not None
    assert (watch.summary.number, watch.summary.is_outage) == (3, True)
    assert others.summary is None  # what is another agreement's is nobody's business here


def test_the_ledger_is_asked_every_few_seconds_and_not_with_each_request(
    signs: Callable[..., Signs], sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = signs()
    steady = 1000.0
    monkeypatch.setattr(clock, "steady", lambda: steady)
    here.watch.look()
    sink.answers = ["550 no"] * 1000
    here.post.send(DUE)
    here.watch.look()
    too_soon = here.watch.summary
    steady += 5
    here.watch.look()

    assert too_soon is None
    assert here.watch.summary is not None


def test_prometheus_reads_how_many_and_for_how_long(
    signs: Callable[..., Signs], sink: MailSink
) -> None:
    here = signs()
    metrics = Metrics(here.post.scene.ledger, lambda: ["a"], clock.now, here.report)
    before = read(metrics)
    sink.answers = ["550 no"] * 1000
    here.post.send(DUE)
    here.post.send(at(DUE) + 2 * HOUR)
    after = read(metrics)

    assert before["tracker_alerts_undelivered"] == 0
    assert before["tracker_alerts_undelivered_age_seconds"] == 0
    assert after["tracker_alerts_undelivered"] == 3
    assert after["tracker_alerts_undelivered_age_seconds"] == 2 * 3600
    assert (before["tracker_healthy"], after["tracker_healthy"]) == (1, 0)


@pytest.mark.parametrize("way", ["silence", "post", "query"])
def test_a_monitor_hears_of_it_in_the_way_that_it_takes(
    signs: Callable[..., Signs], sink: MailSink, way: str
) -> None:
    here = signs()
    with HookSink() as monitor:
        fail = {
            "silence": None,
            "post": f"{monitor.url}/fail",
            "query": f"{monitor.url}?status=down&msg={{reason}}",
        }[way]
        heartbeat = Heartbeat(WatchSettings(HOUR, monitor.url, fail), here.report, here.log)
        heartbeat.beat()
        sink.answers = ["550 no"] * 1000
        here.post.send(DUE)
        heartbeat.beat()  # it may pass by itself
        here.post.send(at(DUE) + HOUR)
        heartbeat.beat()

    up, told = ["/hook"] * 2, "3%20alerts%20could%20not%20be%20delivered%3A%20tracker%20doctor"
    if way == "query":
        assert monitor.pings[:2] == up
        assert monitor.pings[2].startswith(f"/hook?status=down&msg={told}")
        return
    assert monitor.pings == up
    bodies = [body.decode() for _, body in monitor.requests]
    assert [body[:33] for body in bodies] == (
        ["3 alerts could not be delivered: "] if way == "post" else []
    )


def test_what_else_is_wrong_goes_to_the_monitor_as_well(signs: Callable[..., Signs]) -> None:
    here = signs()
    here.trouble = "health.broken"
    with HookSink() as monitor:
        settings = WatchSettings(HOUR, monitor.url, f"{monitor.url}/fail")
        Heartbeat(settings, here.report, here.log).beat()

    ((_, body),) = monitor.requests
    assert body.decode().startswith("the events file cannot be used as it is")
