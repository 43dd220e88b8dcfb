"""A page of another site reads the feeds that are public, and nothing else (Fetch, section 3.3)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.shipped import timeline
from tests.web.sites import client_of
from tracker.timeline.filters import Where

ORIGIN = {"origin": "https://elsewhere.example"}
LINKS = {"filter_of_secret": {"s3cret": Where()}.get}
FEEDS = (
    "/calendar.ics", "/feeds/ip.ics", "/feeds/ip.json", "/feeds/ip.csv", "/feeds/ip.atom",
    "/feed.atom", "/api/events", "/api/events.csv", "/api/left-out", "/api/schema",
    "/api/schema/events.schema.json", "/api/schema/tracker.schema.json",
)  # fmt: skip
ALLOWED = "access-control-allow-origin"


@pytest.mark.parametrize("path", FEEDS)
def test_a_public_feed_can_be_read_by_any_page(path: str) -> None:
    with client_of(timeline()) as client:
        first = client.get(path, headers=ORIGIN)
        responses = [
            first,
            client.get(path, headers=ORIGIN),  # which was kept
            client.head(path, headers=ORIGIN),
            client.get(path, headers={**ORIGIN, "if-none-match": first.headers["etag"]}),
            client.get(path),  # a cache may hand this one to a page
        ]
        asked = client.options(
            path, headers={**ORIGIN, "access-control-request-headers": "if-none-match"}
        )

    assert [one.status_code for one in responses] == [200, 200, 200, 304, 200]
    assert {one.headers[ALLOWED] for one in responses} == {"*"}
    assert all("ETag" in one.headers["access-control-expose-headers"] for one in responses)
    assert (asked.status_code, asked.content, asked.headers[ALLOWED]) == (204, b"", "*")
    assert asked.headers["access-control-allow-headers"] == "*"
    assert asked.headers["access-control-allow-methods"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/calendar.ics?tag=nothing", 400),
        ("GET", "/feeds/nobody.ics", 404),
        ("POST", "/calendar.ics", 405),
    ],
)
def test_a_page_is_told_what_was_wrong_with_what_it_asked_for(
    method: str, path: str, status: int
) -> None:
    with client_of(timeline()) as client:
        response = client.request(method, path, headers=ORIGIN)

    assert (response.status_code, response.headers[ALLOWED]) == (status, "*")


def test_where_there_is_nothing_yet_a_page_is_told_when_to_ask_again() -> None:
    with client_of(None) as client:
        response = client.get("/calendar.ics", headers=ORIGIN)

    assert (response.status_code, response.headers[ALLOWED]) == (503, "*")
    assert "Retry-After" in response.headers["access-control-expose-headers"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/s/s3cret/calendar.ics", LINKS),
        ("/s/s3cret/calendar.ics?tag=nothing", LINKS),
        ("/s/s3cret/api/events", LINKS),
        ("/s/unknown/calendar.ics", LINKS),
        ("/s/s3cret/calendar.ics", {**LINKS, "public": False}),
        ("/calendar.ics", {"public": False}),
        ("/calendar.ics", {"is_local": True}),
        ("/calendar.ics", {"shares_feeds": False}),
        ("/", {}),
        ("/subscribe", {}),
        ("/events/microsoft-openai/research-ip", {}),
        ("/healthz", {}),
        ("/metrics", {}),
        ("/alert/x", {}),
        ("/assets/page.css", {}),
    ],
)
def test_nothing_else_can_be(method: str, path: str, fields: dict[str, Any]) -> None:
    with client_of(timeline(), **fields) as client:
        response = client.request(method, path, headers=ORIGIN)
        again = client.request(method, path, headers=ORIGIN)

    assert not [name for name in (*response.headers, *again.headers) if "access-control" in name]


def test_whoever_asks_for_a_name_that_is_not_ours_is_not_answered_either() -> None:
    with client_of(timeline()) as client:
        response = client.get("/calendar.ics", headers={**ORIGIN, "host": "evil.example"})

    assert (response.status_code, ALLOWED in response.headers) == (400, False)
