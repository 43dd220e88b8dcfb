"""What a feed reader relies on: headers, choices, links. Requests and answers."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.feeds.readers import by_ical
from tests.feeds.test_calendar import feed
from tests.shipped import TODAY, timeline
from tests.timeline.scene import agreement, event
from tests.timeline.scene import timeline as timeline_of
from tests.web.sites import NOW, FixedSource, client_of, site_of
from tracker.i18n.translate import LANGUAGES
from tracker.timeline.filters import Where
from tracker.timeline.resolver import resolve
from tracker.web.app import make_app

PACKED = {"accept-encoding": "br, gzip"}
PLAIN = {"accept-encoding": "identity"}


def names(content: bytes) -> set[str]:
    return {one.name for one in by_ical(content).values()}


def test_a_feed_has_the_headers_that_a_reader_goes_by() -> None:
    with client_of(timeline()) as client:
        headers = client.get("/feeds/ip.ics", headers=PLAIN).headers

    assert headers["content-type"] == "text/calendar; charset=utf-8"
    assert headers["content-disposition"] == 'inline; filename="ip.ics"'
    assert headers["cache-control"] == "public, max-age=300"
    assert headers["vary"] == "Accept-Encoding"
    assert parsedate_to_datetime(headers["last-modified"]) == NOW.astimezone(UTC)
    assert headers["etag"].startswith('"')


def test_compressed_or_not_it_is_the_same_feed_under_another_tag() -> None:
    with client_of(timeline()) as client:
        with client.stream("GET", "/calendar.ics", headers=PACKED) as response:
            packed = b"".join(response.iter_raw())
        plain = client.get("/calendar.ics", headers=PLAIN)
        refused = client.get("/calendar.ics", headers={"accept-encoding": "gzip;q=0, br"})

    assert gzip.decompress(packed) == plain.content
    assert response.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in refused.headers
    assert response.headers["etag"] != plain.headers["etag"]


@pytest.mark.parametrize("encoding", [PACKED, PLAIN])
def test_who_has_it_gets_304_by_its_tag_or_by_its_date(encoding: dict[str, str]) -> None:
    with client_of(timeline()) as client:
        first = client.get("/calendar.ics", headers=encoding)
        tag, last = first.headers["etag"], first.headers["last-modified"]

        def status(**asked: str) -> int:
            headers = {name.replace("_", "-"): value for name, value in asked.items()}
            return client.get("/calendar.ics", headers={**encoding, **headers}).status_code

        earlier = "Tue, 24 Nov 2026 09:30:15 GMT"
        assert status(if_none_match=tag) == status(if_none_match=f'W/{tag}, "x"') == 304
        assert status(if_none_match="*") == status(if_modified_since=last) == 304
        assert status(if_none_match='"x"', if_modified_since=last) == 200
        assert status(if_modified_since=earlier) == status(if_modified_since="yesterday") == 200
        unchanged = client.get("/calendar.ics", headers={**encoding, "if-none-match": tag})
        assert (unchanged.content, unchanged.headers["etag"]) == (b"", tag)


def test_head_tells_what_get_would_send() -> None:
    with client_of(timeline()) as client:
        head, got = (client.request(one, "/calendar.ics") for one in ("HEAD", "GET"))

    assert (head.content, head.headers) == (b"", got.headers)


def test_it_is_made_once_a_change_and_not_once_a_request() -> None:
    source = FixedSource(timeline_of(event("x", when="2030-01-01")))
    with client_of(source) as client:
        first = [client.get("/calendar.ics").content for _ in range(5)]
        source.now += timedelta(hours=1)
        source.change(timeline_of(event("x", when="2030-01-02")))
        changed = client.get("/calendar.ics")

    assert len(set(first)) == 1
    assert source.made == 2
    assert changed.content not in first
    assert parsedate_to_datetime(changed.headers["last-modified"]) == source.now


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("tag=ip&party=OpenAI", {"tag": "ip", "party": "OpenAI"}),
        ("id=model-ip", {"id": "model-ip"}),
        ("id=microsoft-openai/model-ip&id=research-ip", {"id": "model-ip research-ip"}),
        ("tag=compute&tag=revenue", {"tag": "compute revenue"}),
    ],
)
def test_a_choice_takes_any_value_within_a_key_and_all_keys(
    query: str, expected: dict[str, str]
) -> None:
    with client_of(timeline()) as client:
        shown = names(client.get(f"/calendar.ics?{query}").content)

    def wanted(one: object) -> bool:
        labels = {"tag": one.tags, "party": one.parties, "id": (one.id,)}  # type: ignore[attr-defined]
        return all(set(labels[key]) & set(values.split()) for key, values in expected.items())

    dated = {p.event.name for p in timeline().points if p.counts_to and wanted(p.event)}
    assert shown == dated != set()


def test_a_tag_or_party_has_a_feed_of_its_own_in_each_form() -> None:
    with client_of(timeline()) as client:
        assert (
            client.get("/feeds/openai.ics").content
            == client.get("/calendar.ics?party=OpenAI").content
        )
        assert client.get("/feeds/ip.json").json() == client.get("/api/events?tag=ip").json()
        assert client.get("/feeds/ip.csv").content == client.get("/api/events.csv?tag=ip").content
        assert client.get("/feeds/ip.atom").content == client.get("/feed.atom?tag=ip").content
        assert client.get("/feeds/nobody.ics").status_code == 404
        assert client.get("/feeds/ip.exe").status_code == 404


def test_alarms_ring_at_nine_that_many_days_before_and_only_where_asked_for() -> None:
    events = (event("day", when="2030-01-31"), event("time", when="2030-01-31 18:00 UTC"))
    with client_of(timeline_of(*events)) as client:
        without = client.get("/calendar.ics").text
        content = client.get("/calendar.ics?alarms=1w,0d").text

    assert "VALARM" not in without
    assert content.count("BEGIN:VALARM") == 4
    assert all(
        f"TRIGGER:{trigger}\r\n" in content for trigger in ("-P6DT15H", "PT9H", "-P7D", "P0D")
    )


def test_what_waits_is_a_todo_without_a_day_where_asked_for() -> None:
    events = (event("x", when="open"), event("y", when="after x"))
    with client_of(timeline_of(*events)) as client:
        content = client.get("/calendar.ics?waiting=todo").text

        assert content.count("BEGIN:VTODO") == 2
        assert "DUE" not in content
        assert "DTSTART" not in content
        assert "VTODO" not in client.get("/calendar.ics").text
        assert "VTODO" not in client.get("/calendar.ics?waiting=no").text


def test_what_is_over_can_be_left_out() -> None:
    events = (event("old", when="2026-11-24"), event("new", when="2026-11-25"))
    with client_of(timeline_of(*events)) as client:
        assert names(client.get("/calendar.ics").content) == {"a/old", "a/new"}
        assert names(client.get("/calendar.ics?past=no").content) == {"a/new"}
        assert [one["id"] for one in client.get("/api/events").json()] == ["new"]
        assert len(client.get("/api/events?past=yes").json()) == 2


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("lang=qq", f"lang takes: {' | '.join(LANGUAGES)}"),
        ("lang=en&lang=ja", f"lang takes: {' | '.join(LANGUAGES)}"),
        ("tag=nothing", "tag takes: agi | company | compute | ip | products | revenue"),
        ("party=Nobody", "party takes: Microsoft | OpenAI"),
        ("alarms=soon", "alarms takes: 30d,2w,0d"),
        ("alarms=99999d", "alarms takes: 30d,2w,0d"),
        ("alarms=", "alarms takes: 30d,2w,0d"),
        ("waiting=event", "waiting takes: todo | no"),
        ("past=1", "past takes: yes | no"),
        ("tags=ip", "there is no parameter tags; there are: party, tag, id, agreement, lang"),
        ("kind=change", "there is no parameter kind"),
    ],
)
def test_a_bad_parameter_is_named_with_what_it_takes(query: str, said: str) -> None:
    with client_of(timeline()) as client:
        response = client.get(f"/calendar.ics?{query}")

    assert response.status_code == 400
    assert said in response.text.replace("no | yes", "yes | no")
    assert len(response.text.splitlines()) == len(LANGUAGES)


def test_a_hostile_name_in_an_address_stays_text() -> None:
    with client_of(timeline()) as client:
        response = client.get("/calendar.ics", params={"<script>\r\nX: y": "1"})

    assert response.status_code == 400
    assert response.headers["content-type"].startswith("text/plain")
    assert response.headers["x-content-type-options"] == "nosniff"


# -- secret links

OPEN = {"s3cret": Where(), "ip-only": Where(tags=("ip",))}


def private(**fields: Any) -> dict[str, Any]:
    return {"filter_of_secret": OPEN.get, "public": False, **fields}


@pytest.mark.parametrize(
    "path", ["/", "/calendar.ics", "/feeds/ip.ics", "/api/events", "/feed.atom", "/nothing"]
)
def test_where_nothing_is_public_only_a_secret_link_opens(path: str) -> None:
    with client_of(timeline(), **private()) as client:
        assert client.get(path).status_code == 404
        assert client.get(f"/s/wrong{path}").text == client.get(path).text
        assert client.get("/healthz").status_code == 200
        opened = client.get(f"/s/s3cret{path}")

    assert opened.status_code == (404 if path == "/nothing" else 200)
    if opened.status_code == 200:
        assert opened.headers["cache-control"].startswith("private")
    assert opened.headers["referrer-policy"] == "same-origin"


def test_unknown_and_half_links_are_answered_like_an_address_that_there_is_not() -> None:
    with client_of(timeline(), **private(public=True)) as client:
        responses = [
            client.get(path) for path in ("/nothing", "/s/wrong/calendar.ics", "/s/s3cret", "/s/")
        ]

    assert {(one.status_code, one.text) for one in responses} == {(404, responses[0].text)}
    assert "s3cret" not in responses[0].text


def test_parameters_only_narrow_what_a_link_shows() -> None:
    with client_of(timeline(), **private()) as client:
        all_of_it = names(client.get("/s/ip-only/calendar.ics").content)
        narrower = names(client.get("/s/ip-only/calendar.ics?party=OpenAI&id=model-ip").content)
        of_openai = names(client.get("/s/ip-only/calendar.ics?party=OpenAI").content)
        other = client.get("/s/ip-only/calendar.ics?tag=compute")
        rows = client.get("/s/ip-only/api/events").json()
        page = client.get("/s/ip-only/").text
        how = client.get("/s/ip-only/subscribe").text
        missing = client.get("/s/ip-only/api/left-out").json()["left_out"]
        assert client.get("/s/ip-only/feeds/compute.ics").status_code == 404

    assert narrower == {"microsoft-openai/model-ip"} < all_of_it
    assert of_openai <= all_of_it
    assert other.status_code == 400
    assert "compute" not in other.text
    assert {tag for row in rows for tag in row["tags"]} == {"ip"}
    assert "compute-threshold" not in page
    assert "/s/ip-only/calendar.ics" in how
    assert not [one for one in missing if one["id"] == "compute-threshold"]


def test_what_a_link_shows_is_never_sent_to_another() -> None:
    with client_of(timeline(), **private(public=True)) as client:
        narrow = client.get("/s/ip-only/calendar.ics")
        wide = client.get("/calendar.ics")
        again = client.get("/s/ip-only/calendar.ics")

    assert narrow.content == again.content != wide.content
    assert wide.headers["cache-control"].startswith("public")


def test_what_is_new_while_an_answer_is_made_is_not_hidden_by_it() -> None:
    source = FixedSource(timeline_of(event("x", when="2030-01-01")))
    newer = timeline_of(event("x", when="2030-01-02"))
    edition = source.edition
    stale = source.edition("en")
    asked: list[str] = []

    def slow(language: str) -> object:
        asked.append(language)
        if len(asked) > 2:
            return edition(language)
        source.change(newer)
        gateway.immediate_response(scope)  # another request, which sees that there is something new
        return stale

    source.edition = slow  # type: ignore[method-assign, assignment]
    gateway = make_app(site_of(source))
    scope = {"method": "GET", "path": "/calendar.ics", "query_string": b"",
             "headers": [(b"host", b"localhost")]}  # fmt: skip
    with TestClient(gateway, base_url="http://localhost") as client:
        client.get("/calendar.ics")
        assert client.get("/calendar.ics").content == feed(newer)


def test_a_reminder_is_in_the_news_from_the_moment_it_falls_due() -> None:
    leads = timeline().agreements[0].reminders
    soon = replace(agreement(event("x", when="2026-12-25")), reminders=leads)
    source = FixedSource(resolve([soon], TODAY))
    source.now = datetime(2026, 12, 18, 8, 59, tzinfo=UTC)
    with client_of(source) as client:
        before = client.get("/feed.atom?kind=reminder").text
        assert client.get("/feed.atom?kind=change").text.count("<entry") == 0
        source.now += timedelta(minutes=1)
        due = client.get("/feed.atom?kind=reminder").text

    assert "7 days before 25 December 2026" in due
    assert "7 days before" not in before
    assert due.count("<entry") == before.count("<entry") + 1


def test_what_is_ready_is_only_for_our_own_names() -> None:
    assert make_app(site_of(FixedSource(timeline()))).immediate_response(
        {"type": "http", "method": "GET", "path": "/calendar.ics", "query_string": b"",
         "headers": [(b"host", b"evil.example")]}
    ) is None  # fmt: skip
