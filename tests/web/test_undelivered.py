"""Alerts that did not arrive, on the pages of who may know to whom they were to go."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from tests.reminders.scene import at
from tests.shipped import timeline
from tests.web.sites import FixedSource, client_of
from tracker.store.undelivered import UndeliveredAlerts, UndeliveredSummary
from tracker.timeline.filters import Where
from tracker.web.status import HealthReport, health_of

SINCE = at("2026-11-28 13:00")
REASON = "550 5.1.1 <legal@example.org>: no such user"
MAIL = UndeliveredAlerts("legal", "mailto:legal@example.org", 3, SINCE, SINCE, REASON)
LINKS = {"whole": Where(), "part": Where(tags=("ip",))}
HERE, PUBLIC = "127.0.0.1:8765", "deadlines.example.org"


def summary(*more: UndeliveredAlerts) -> UndeliveredSummary:
    return UndeliveredSummary((MAIL, *more))


def site(**fields: Any) -> dict[str, Any]:
    return {"filter_of_secret": LINKS.get, "undelivered": summary, **fields}


@pytest.mark.parametrize(
    ("host", "path", "headers", "settings", "shown"),
    [
        (HERE, "/", {}, (True, True), True),  # tracker run, as it is without settings
        (PUBLIC, "/s/whole/", {}, (False, False), True),
        (PUBLIC, "/s/whole/timeline", {}, (True, False), True),
        (PUBLIC, "/s/part/", {}, (False, False), False),  # a reader of a part
        (PUBLIC, "/s/part/", {}, (True, False), False),
        (PUBLIC, "/", {}, (True, False), False),  # the public
        (HERE, "/", {}, (True, False), False),  # perhaps the proxy of a public page
        (HERE, "/", {"x-forwarded-for": "203.0.113.7"}, (True, True), False),
    ],
)
def test_only_who_may_see_everything_sees_what_did_not_arrive(
    host: str, path: str, headers: dict[str, str], settings: tuple[bool, bool], shown: bool
) -> None:
    public, is_local = settings
    fields = site(public=public, is_local=is_local)
    with client_of(timeline(), host, **fields) as client:
        page = client.get(path, headers=headers)

    assert page.status_code == 200
    for text in ("could not be delivered", "no such user", "example.org&gt;"):
        assert (text in page.text) is shown
    assert "legal@example.org" not in page.text


def test_it_says_how_many_since_when_why_and_what_to_do() -> None:
    hook = UndeliveredAlerts("ops", "https://example.org:5722c4e5", 1, SINCE, SINCE, "HTTP 410")
    more = [MAIL._replace(channel=f"slack:{number}") for number in range(3)]
    with client_of(timeline(), HERE, is_local=True, undelivered=lambda: summary(hook, *more)) as (
        client
    ):
        english, japanese = (unescape(client.get(f"/?lang={tag}").text) for tag in ("en", "ja"))

    assert "13 alerts could not be delivered since 28 November 2026, 05:00:" in english
    answer = "mail to l…@example.org (for legal): 550 5.1.1 <l…@example.org>: no such user"
    assert answer in english
    assert "https://example.org:5722c4e5 (for ops): HTTP 410" in english
    assert "and 2 more channels" in english
    assert "tracker alerts list" in english
    assert "2026年11月28日 05:00から、通知13件を送信できていません。" in japanese


def test_it_comes_and_goes_within_the_next_request_and_differs_by_reader() -> None:
    now: list[UndeliveredSummary | None] = [None]
    source = FixedSource(timeline())
    with client_of(source, HERE, **site(is_local=True, undelivered=lambda: now[0])) as client:
        before = client.get("/")
        again = client.get("/", headers={"if-none-match": before.headers["etag"]})
        now[0] = summary()
        during = client.get("/", headers={"if-none-match": before.headers["etag"]})
        forwarded = client.get("/", headers={"x-forwarded-for": "203.0.113.7"})
        narrow = client.get("/s/part/")
        now[0] = None
        after = client.get("/", headers={"if-none-match": during.headers["etag"]})

    assert again.status_code == 304
    assert during.status_code == after.status_code == 200
    assert "could not be delivered" in during.text
    for page in (before, forwarded, narrow, after):
        assert "could not be delivered" not in page.text


def test_what_a_server_answers_is_only_text() -> None:
    hostile = MAIL._replace(reason="\"><script>alert(1)</script>'&\u202e", recipient="<b>x</b>")
    shown = UndeliveredSummary((hostile,))
    with client_of(timeline(), HERE, is_local=True, undelivered=lambda: shown) as client:
        page = client.get("/").text

    assert "<script>alert" not in page
    assert "<b>x</b>" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_feeds_and_data_say_nothing_of_it() -> None:
    with client_of(timeline(), HERE, is_local=True, undelivered=summary) as client:
        for path in ("/calendar.ics", "/feed.atom", "/api/events"):
            assert "no such user" not in client.get(path).text


@pytest.mark.parametrize("trouble", ["health.late", "health.broken", "health.database"])
def test_where_anything_is_wrong_the_health_says_ok_nowhere(trouble: str) -> None:
    status, text = health_of(HealthReport(trouble, summary()))

    assert status == 503
    assert not {"ok", "正常"} & set(re.findall(r"\w+", text))
