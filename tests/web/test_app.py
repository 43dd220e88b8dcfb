"""What is served, as requests and answers."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.feeds.test_calendar import feed
from tests.shipped import timeline
from tests.timeline.scene import agreement, event
from tests.timeline.scene import timeline as timeline_of
from tests.web.sites import client_of
from tracker.feeds.json import points_json
from tracker.timeline.agenda import in_list_order

PLAIN = {"accept-encoding": "identity"}


@pytest.fixture
def shipped() -> Iterator[TestClient]:
    with client_of(timeline()) as client:
        yield client


def test_the_feed_is_what_the_command_writes(shipped: TestClient) -> None:
    response = shipped.get("/calendar.ics")

    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    assert response.content == feed(timeline())
    assert shipped.head("/calendar.ics", headers=PLAIN).headers["content-length"] == str(
        len(response.content)
    )


def test_a_feeds_language_hangs_on_its_address_alone(shipped: TestClient) -> None:
    japanese = {"accept-language": "ja"}

    asked = shipped.get("/calendar.ics", headers=japanese)

    assert asked.content == shipped.get("/calendar.ics").content
    assert asked.content != shipped.get("/calendar.ics?lang=ja").content


def test_the_api_is_what_list_prints(shipped: TestClient) -> None:
    found = timeline()

    assert shipped.get("/api/events").json() == json.loads(
        json.dumps(points_json(in_list_order(found), found, "en"))
    )
    assert len(shipped.get("/api/events?past=yes").json()) == len(found.points)


def test_what_has_not_changed_is_not_sent_again(shipped: TestClient) -> None:
    tag = shipped.get("/calendar.ics").headers["etag"]

    again = shipped.get("/calendar.ics", headers={"if-none-match": f'"other", {tag}'})

    assert (again.status_code, again.content) == (304, b"")


def test_without_a_timeline_it_says_when_to_ask_again() -> None:
    with client_of(None) as client:
        for path in ("/", "/calendar.ics", "/api/events"):
            response = client.get(path)
            assert (response.status_code, response.headers["retry-after"]) == (503, "30")
        assert client.get("/healthz").status_code == 503


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:1", 200),
        ("[::1]:8765", 200),
        ("deadlines.example.org", 200),
        ("evil.example", 400),
        ("127.0.0.1.evil.example:8765", 400),
        ("", 400),
    ],
)
def test_only_our_own_names_are_answered(host: str, status: int) -> None:
    with client_of(timeline()) as client:
        assert client.get("/", headers={"host": host}).status_code == status


def test_nothing_can_be_changed(shipped: TestClient) -> None:
    assert shipped.post("/").status_code == 405


def test_a_hostile_title_is_only_text() -> None:
    hostile = event("x", when="2030-01-01")._replace(title=(("en", "<script>alert(1)</script>"),))
    with client_of(timeline_of(*agreement(hostile).events)) as client:
        response = client.get("/")

    assert "<script>" not in response.text
    assert "&lt;script&gt;" in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]
