"""What Prometheus is told, as Prometheus reads it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from tests.alerts.servers import HookSink, MailSink
from tests.service.test_delivery import DUE, Post
from tests.shipped import timeline
from tests.web.sites import HERE, FixedSource, client_of, site_of
from tracker.alerts.delivery import BACK_OFF
from tracker.service.metrics import Metrics
from tracker.timeline.filters import Where
from tracker.web.app import make_app


def read(metrics: Metrics) -> dict[str, float]:
    """Each sample's value, by its name and labels."""
    families = text_string_to_metric_families(metrics.text().decode())
    return {
        sample.name + "".join(f" {key}={value}" for key, value in sorted(sample.labels.items())): (
            sample.value
        )
        for family in families
        for sample in family.samples
    }


def test_what_was_sent_what_failed_and_how_late(tmp_path: Path, posts: list[Post]) -> None:
    with HookSink() as hook, MailSink() as mail:
        mail.answers = ["550 no"] * 1000
        hook.answers = [(500, {})]
        posts.append(post := Post(tmp_path, 3, hook.url, "mailto:a@b.example", mail_port=mail.port))
        post.send(DUE)
        first = read(post.metrics)
        for seconds in BACK_OFF:
            post.send(post.scene.now + timedelta(seconds=seconds))
    last = read(post.metrics)

    assert first["tracker_alerts_sent_total channel=http"] == 2
    assert first["tracker_alerts_refused_total channel=http"] == 1
    assert first["tracker_alerts_refused_total channel=mailto"] == 3
    assert first["tracker_alerts status=written"] == 4
    assert first["tracker_alerts_due"] == 0  # they wait for their next try
    assert first["tracker_alert_lateness_seconds_bucket le=1.0"] == 2
    assert last["tracker_alert_lateness_seconds_bucket le=15.0"] == 3  # one was 10 s late
    assert last["tracker_alerts_failed_total channel=mailto"] == 3
    assert (last["tracker_alerts status=failed"], last["tracker_alerts status=sent"]) == (3, 3)
    assert (last["tracker_ledger_up"], last["tracker_healthy"]) == (1, 1)


def test_feeds_that_were_asked_for_by_status() -> None:
    counted: list[int] = []
    client = client_of(timeline(), count_feed_request=counted.append)
    with client:
        tag = client.get("/calendar.ics").headers["etag"]
        client.get("/calendar.ics", headers={"if-none-match": tag})
        client.get("/calendar.ics?tag=nothing")
        client.get("/feeds/ip.ics")
        client.get("/timeline")

    assert counted == [200, 304, 400, 200]


def test_counts_are_for_this_machine_and_for_links_that_show_everything() -> None:
    links = {"whole": Where(), "part": Where(tags=("ip",))}
    site = site_of(
        FixedSource(timeline()), public=False, metrics=lambda: b"x 1\n", filter_of_secret=links.get
    )
    with TestClient(make_app(site), base_url="http://deadlines.example.org", client=HERE) as client:
        here = {"host": "127.0.0.1:8765"}
        asked = [
            client.get("/metrics", headers=here),
            client.get("/s/whole/metrics"),
            client.get("/metrics"),
            client.get("/metrics", headers={**here, "x-forwarded-for": "203.0.113.7"}),
            client.get("/s/part/metrics"),
            client.get("/s/wrong/metrics"),
        ]

    assert [one.status_code for one in asked] == [200, 200, 404, 404, 404, 404]
    assert asked[0].content == b"x 1\n"
    assert asked[0].headers["cache-control"] == "no-store"
