"""What stands on the pages; how they are asked for is test_page_requests.py's, how they look test_browser.py's."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from tests.shipped import timeline
from tests.timeline.scene import agreement, event
from tests.timeline.scene import timeline as timeline_of
from tests.web.reading import (
    EVENT,
    PATHS,
    hrefs_in,
    many,
    timeline_of_files,
    titles,
    words,
)
from tests.web.sites import FixedSource, client_of
from tracker.files.loading import read
from tracker.timeline.agenda import agenda_of
from tracker.timeline.differences import what_if
from tracker.timeline.filters import Where
from tracker.timeline.point_names import parse_suppositions
from tracker.timeline.resolver import resolve

PAPERS = "/events/a/papers"

# -- the agenda


def test_the_agenda_has_the_groups_of_the_command(shipped: TestClient) -> None:
    page = shipped.get("/").text
    agenda = agenda_of(timeline())

    counts = dict(re.findall(r'<a href="#([a-z-]+)"><b>([0-9]+)</b>', page))
    assert counts == {
        "upcoming": str(len(agenda.upcoming)),
        "waiting": str(len(agenda.waiting)),
        "in-force": str(len(agenda.in_force)),
    }
    shown = words(page)
    assert '<h3 class="month">December 2030</h3>' in shown
    assert "31 Dec" in shown
    assert re.search(
        r"or sooner if this happens: <a href=[^>]*agi-verified[^>]*>An independent panel", shown
    )


def test_a_day_anywhere_on_earth_is_shown_as_that_day_after_what_comes_before_its_end() -> None:
    papers = event("papers", when="2027-01-15 AoE")
    sooner = event("sooner", when="2027-01-16 11:00 UTC")
    client = client_of(timeline_of(papers, sooner, as_of=date(2027, 1, 14)))

    for language, short, day in (
        ("en", "15 Jan AoE", "15 January 2027 AoE"),
        ("ja", "1月15日 AoE", "2027年1月15日 AoE"),
    ):
        agenda, own = (client.get(f"{path}?lang={language}").text for path in ("/", PAPERS))
        assert f'<time datetime="2027-01-15T23:59:00-12:00">{short}</time>' in agenda
        assert f'<time datetime="2027-01-15T23:59:00-12:00">{day}</time>' in own
        assert titles(agenda) == ["SOONER", "PAPERS"]


def test_an_instant_is_told_as_stated_and_by_the_agreements_clock_where_that_differs() -> None:
    papers = event("papers", when="2027-01-15 AoE")
    call = event("call", when="2027-01-15 17:00 UTC")
    page = client_of(timeline_of(papers, call, as_of=date(2027, 1, 14))).get("/").text

    entries = map(
        "".join,
        re.findall(
            r'(?s)<p class="when dated">(.*?)</p>.*?(<span class="countdown.*?</span>)', page
        ),
    )

    assert [" ".join(re.sub("<[^>]*>", " ", entry).split()) for entry in entries] == [
        "15 Jan tomorrow",
        "15 Jan AoE Saturday, 16 January 2027, 11:59 (UTC) in 2 days",
    ]


def test_an_instant_at_the_edge_of_the_calendar_has_its_page() -> None:
    last = event("last", when="9999-12-31 23:59 UTC")

    with client_of(timeline_of(last)) as client:
        page = client.get("/")

    assert page.status_code == 200
    assert 'datetime="9999-12-31T' in page.text


def test_a_page_is_another_from_the_instant_on_at_which_something_passes() -> None:
    last = datetime(2027, 1, 16, 11, 59, tzinfo=UTC)
    found = agreement(event("papers", when="2027-01-15 AoE"))
    source = FixedSource(resolve([found], last.date(), now=last - timedelta(seconds=1)))
    client = client_of(source)
    before = client.get("/")

    source.change(resolve([found], last.date(), now=last))
    after = client.get("/", headers={"if-none-match": before.headers["etag"]})

    assert (before.status_code, after.status_code) == (200, 200)
    assert 'id="upcoming"' in before.text
    assert 'id="upcoming"' not in after.text
    assert 'id="passed"' in after.text


def test_filters_live_in_the_address_and_narrow_alike(shipped: TestClient) -> None:
    by_tag = shipped.get("/?tag=ip").text
    by_status = shipped.get("/?status=may-move").text
    by_text = shipped.get("/?q=RESEARCH").text
    in_japanese = shipped.get("/?q=研究用").text
    none = shipped.get("/?q=nothing+of+the+kind")

    assert "Azure is the only home of OpenAI's API" not in titles(by_tag)
    assert set(titles(by_status)) == {"Microsoft's rights to research IP — ends",
                                      "Microsoft's rights to research IP"}  # fmt: skip
    assert "Microsoft's rights to research IP" in titles(by_text)
    assert "Microsoft's rights to research IP" in titles(in_japanese)
    assert (none.status_code, titles(none.text)) == (200, [])
    assert '<option value="ip" selected>ip</option>' in by_tag
    assert 'href="subscribe?tag=ip"' in by_tag


@pytest.mark.parametrize("path", ["", "timeline", "subscribe"])
def test_what_is_chosen_goes_along_to_pages_calendars_news_and_data(path: str) -> None:
    chosen = "agreement=a&party=OpenAI&tag=ip"
    both = '[[event]]\nid = "x"\ntitle = "X"\nwhen = "2030-01-01"\ntags = ["ip"]\nparties = ["OpenAI"]\n'
    with client_of(timeline_of_files(f'id = "a"\n{both}', f'id = "b"\n{both}')) as client:
        hrefs = hrefs_in(client.get(f"/{path}?{chosen}").text)
        feeds = [f"{name}?lang=en&{chosen}" for name in ("calendar.ics", "feed.atom", "api/events")]
        entries = [client.get(f"/{feed}").text for feed in feeds]

        assert {f"./?{chosen}", f"timeline?{chosen}", f"subscribe?{chosen}", *feeds} <= hrefs
        assert [f'"agreement": "{name}"' in entries[2] for name in "ab"] == [True, False]
        assert entries[0].count("BEGIN:VEVENT") == 1


def test_taking_one_choice_away_keeps_all_that_is_beside_it(shipped: TestClient) -> None:
    beside = {
        "": "group=past",
        "timeline": "by=tag&from=2026-01-01",
        "subscribe": "alarms=7d&waiting=todo",
    }
    for path, kept in beside.items():
        hrefs = hrefs_in(shipped.get(f"/{path}?tag=ip&party=OpenAI&{kept}").text)
        kept_by_link = [
            href for href in hrefs if href.endswith(kept) and href.startswith(path or "./")
        ]

        assert {f"{path or './'}?tag=ip&{kept}", f"{path or './'}?party=OpenAI&{kept}",
                f"{path or './'}?{kept}"} <= set(kept_by_link), path  # fmt: skip


def test_what_is_past_or_never_comes_is_a_page_of_its_own() -> None:
    found = timeline_of(
        event("old", when="2026-01-01", occurred=date(2026, 1, 1)),
        event("older", when="2025-01-01", occurred=date(2025, 1, 1)),
        event("gone", when="2030-01-01", withdrawn=date(2026, 2, 2)),
    )
    with client_of(found) as client:
        agenda = client.get("/").text
        past, never = (client.get(f"/?group={name}").text for name in ("past", "never"))

    assert titles(agenda) == []
    assert 'href="./?group=past">Past <span class="count">2<' in agenda
    assert (titles(past), titles(never)) == (["OLD", "OLDER"], ["GONE"])


def test_what_hangs_on_something_by_the_thousand_is_shown_a_part_at_a_time() -> None:
    hanging = (event(f"e-{at:04}", when=f"{at} days after told") for at in range(1, 1001))
    with client_of(timeline_of(event("told", when="open"), *hanging)) as client:
        first = client.get("/").text
        link = unescape(re.findall(r'<p class="more"><a href="([^"]+)">All 1001', first)[0])
        pages = [client.get(f"/{link.removeprefix('./')}&page={page}").text for page in range(1, 6)]

    assert link.endswith("?group=waiting")
    assert len(titles(first)) == 20
    assert [len(titles(page)) for page in pages] == [200] * 5
    assert len({title for page in pages for title in titles(page)}) == 1000
    assert all("If this happens" in page and ">TOLD</a>" in page for page in pages)


def test_what_was_a_group_once_is_led_to(shipped: TestClient) -> None:
    for query, shown in (("group=may-move", "status=may-move"),
                         ("tag=ip&group=may-move&lang=ja", "tag=ip&status=may-move&lang=ja")):  # fmt: skip
        answer = shipped.get(f"/?{query}", follow_redirects=False)

        assert (answer.status_code, answer.headers["location"]) == (302, f"?{shown}")
        assert shipped.get(f"/?{shown}").status_code == 200


def test_what_is_in_force_without_an_end_is_one_line() -> None:
    terms = [
        event(f"t-{at:02}", starts="2026-01-01", ends=f"2027-01-{at + 1:02}") for at in range(25)
    ]
    standing = [event(f"s-{at}", starts="2026-01-01") for at in range(70)]
    with client_of(timeline_of(*terms, *standing)) as client:
        first = client.get("/").text
        whole = client.get("/?group=in-force").text

    section = first.partition('<section id="in-force"')[2].partition("</section>")[0]
    assert titles(section)[:3] == ["T-00", "T-01", "T-02"]
    assert "<summary>70 standing provisions, with no end stated</summary>" in section
    assert 'href="./?group=in-force">All 95 of them' in section
    assert len(titles(whole)) == 95


def test_ten_thousand_events_are_shown_a_part_at_a_time() -> None:
    with client_of(many(10_000)) as client:
        first = client.get("/").text
        link = unescape(re.findall(r'<p class="more"><a href="([^"]+)">All 10000', first)[0])
        second = client.get(f"/{link.removeprefix('./')}").text
        third = client.get("/?group=upcoming&page=3").text

    assert len(titles(first)) == 60
    assert len(titles(second)) == len(titles(third)) == 200
    assert "401–600 of 10000" in third
    assert not set(titles(second)) & set(titles(third))


def test_without_events_it_says_so() -> None:
    empty = resolve([agreement()], date(2026, 11, 25))
    with client_of(empty) as client:
        responses = [client.get(path) for path in PATHS]

    assert [one.status_code for one in responses] == [200] * len(PATHS)
    assert "There are no events yet." in responses[0].text


# -- an event


def test_an_event_has_all_that_is_known_of_it_on_a_page(shipped: TestClient) -> None:
    page = unescape(shipped.get(EVENT).text)

    assert '<time datetime="2030-12-31">31 December 2030</time>' in page
    assert '<blockquote lang="ja"><p>研究用のIP定義の明確化' in page
    assert "“earliest of agi-verified, through 2030” is the first of them to come" in page
    assert "It decides the day that stands." in page
    assert 'href="../../events/microsoft-openai/agi-verified"' in page
    assert 'href="../../calendar.ics?lang=en&id=microsoft-openai/research-ip" download' in page
    assert "webcal://127.0.0.1:8765/calendar.ics?lang=en&id=microsoft-openai/research-ip" in page


def test_its_own_feed_holds_that_event_alone(shipped: TestClient) -> None:
    page = unescape(shipped.get(EVENT).text)
    feed = re.findall(r'href="\.\./\.\./(calendar\.ics[^"]+)" download', page)[0]
    found = shipped.get(f"/{feed}").text

    assert set(re.findall(r"X-TRACKER-EVENT:(.*)\r", found)) == {"microsoft-openai/research-ip"}


def test_an_entry_is_added_to_google_on_the_day_that_it_counts_to(shipped: TestClient) -> None:
    page = unescape(shipped.get(EVENT).text)
    link = re.findall(r'href="(https://calendar\.google\.com/calendar/render[^"]+)"', page)[0]
    query = parse_qs(urlsplit(link).query)

    assert query["dates"] == ["20301231/20310101"]
    assert query["text"] == ["Microsoft's rights to research IP: end"]


def test_a_renamed_event_is_found_under_its_old_address() -> None:
    renamed = event("new", when="2030-01-01")._replace(was=("old",))
    with client_of(timeline_of(renamed), follow=False) as client:
        response = client.get("/events/a/old")

    assert (response.status_code, response.headers["location"]) == (301, "../../events/a/new")


def test_a_happening_is_called_by_its_name_as_it_was_given() -> None:
    office = (
        'id = "office"\n[[event]]\nid = "request"\ntitle = "Request"\nwhen = "open"\n'
        'repeats = "as it happens"\noccurred = { clara = 2026-11-02 }\n'
        '[[event]]\nid = "answer"\ntitle = "Answer"\nwhen = "1 month after each request"\n'
    )
    with client_of(timeline_of_files(office)) as client:
        named = client.get("/events/office/answer").text
        stylesheet = client.get(re.findall(r'href="([^"]+\.css)"', named)[0][5:]).text

    assert "<h2>clara</h2>" in named
    assert "h2::first-letter" not in stylesheet  # which set a name with a capital


def test_a_chain_of_a_thousand_events_is_explained_as_far_as_a_page_goes() -> None:
    chain = [event("e0", when="2030-01-01")]
    chain += [event(f"e{at}", when=f"1 day after e{at - 1}") for at in range(1, 1000)]
    with client_of(timeline_of(*chain)) as client:
        page = client.get("/events/a/e999")

    assert page.status_code == 200
    assert "It is explained at its own place: a/e991." in page.text


def test_a_secret_link_tells_nothing_of_what_it_does_not_show() -> None:
    def opened(secret: str) -> Where | None:
        return Where(tags=("ip",)) if secret == "ip-only" else None

    with client_of(timeline(), public=False, filter_of_secret=opened) as client:
        event_page = client.get(f"/s/ip-only{EVENT}")
        other = client.get("/s/ip-only/events/microsoft-openai/agi-verified")
        pages = [client.get(f"/s/ip-only{path}").text for path in PATHS]
        supposed = client.get("/s/ip-only/what-if?if.agi-verified=2029-05-01").text
        closed = [client.get(path).status_code for path in (*PATHS, EVENT)]

    assert (event_page.status_code, other.status_code) == (200, 404)
    assert closed == [404] * (len(PATHS) + 1)
    for text in (event_page.text, supposed, *pages):
        assert "independent panel" not in text
    assert "1 May 2029" in supposed
    assert "Azure is the only home" not in supposed
    assert '"assets/' not in event_page.text  # but ../../assets: behind the link as well


# -- what if


def test_what_if_says_what_the_command_says(shipped: TestClient) -> None:
    page = words(shipped.get("/what-if?if.agi-verified=2029-05-01").text)
    found = timeline()
    suppose = parse_suppositions(["agi-verified=2029-05-01"], found.agreements, found.as_of)
    expected = what_if(found.agreements, found.as_of, suppose)

    assert f"{len(expected.changed)} points would be different." in page
    assert len(re.findall(r'<p class="from-to">', page)) == len(expected.changed)
    assert "moves 1 year 7 months 30 days sooner: from 31 December 2030 to 1 May 2029" in page


def test_what_a_plain_form_sends_becomes_an_address_to_be_shared(shipped: TestClient) -> None:
    sent = shipped.get("/what-if?if.agi-declared=&if.agi-verified=2029-05-01&lang=ja")

    assert sent.status_code == 302
    assert sent.headers["location"] == "what-if?if.agi-verified=2029-05-01&lang=ja"
    assert 'value="2029-05-01"' in shipped.get(f"/{sent.headers['location']}").text


def test_never_is_supposed_too_and_nothing_differs_where_nothing_does(shipped: TestClient) -> None:
    page = unescape(shipped.get("/what-if?never=agi-verified").text)

    assert "If agi-verified never" in page
    assert "settled" in page or "no longer" in page


def test_what_has_a_day_can_be_supposed_from_its_own_page() -> None:
    found = timeline_of(event("x", when="in 2030"), event("y", when="30 days after x"))
    with client_of(found) as client:
        link = re.findall(r'href="\.\./\.\./(what-if[^"]+)"', client.get("/events/a/x").text)[0]
        form = client.get(f"/{link}").text
        moved = client.get("/what-if?if.x=2030-03-01").text

    assert 'name="if.x"' in form
    assert "31 March 2030" in moved


def test_two_suppositions_that_exclude_each_other_are_answered_in_words() -> None:
    text = b"""id = "a"
[[event]]
id = "go"
title = "Go"
when = "2026-12-01"
[[event]]
id = "report"
title = "Report"
when = "30 days after go"
repeats = "1 year"
"""
    found = resolve(read(["events.toml"], [text])[0], date(2026, 11, 25))
    with client_of(found) as client:
        response = client.get("/what-if?if.go=2027-06-01&never=report@2027-12-31")

    assert response.status_code == 400
    assert "there is no occurrence report@2027-12-31; the nearest is" in unescape(response.text)


# -- changes


def test_two_days_are_compared_as_the_command_does(shipped: TestClient) -> None:
    page = words(shipped.get("/changes?from=2025-10-01&to=2026-11-25").text)

    assert "From 1 October 2025 to 25 November 2026" in page
    assert "Microsoft and OpenAI announce a new stage of cooperation" in page
    assert "Nothing has changed since this was first published." in page


# -- subscribe


def test_filters_carry_over_into_the_feeds_address(shipped: TestClient) -> None:
    page = unescape(shipped.get("/subscribe?tag=ip&party=OpenAI&alarms=7d&alarms=1d").text)
    address = re.findall(r'<code id="address">(.*?)</code>', page)[0]

    assert parse_qs(urlsplit(address).query) == {
        "lang": ["en"], "party": ["OpenAI"], "tag": ["ip"], "alarms": ["7d,1d"],
    }  # fmt: skip
    assert shipped.get(address.removeprefix("http://127.0.0.1:8765")).text.count("VALARM") > 0
    google = re.findall(r'href="https://calendar\.google\.com/calendar/r\?cid=([^"]+)"', page)[0]
    assert parse_qs(f"cid={google}")["cid"] == [address.replace("http://", "webcal://")]
    assert f'href="{address.replace("http://", "webcal://")}"' in page
