"""Links that lead somewhere, and the pages of a published site."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from tests.shipped import EVENTS, timeline
from tests.timeline.scene import event
from tests.timeline.scene import timeline as timeline_of
from tests.web.reading import hrefs_in, many, timeline_of_files
from tests.web.sites import NOW, client_of
from tracker.i18n.translate import LANGUAGES
from tracker.service.static_site import publish_site
from tracker.timeline.filters import Where
from tracker.web.page_table import PAGES


@pytest.mark.parametrize("start", ["/", "/?lang=ja", "/s/secret/"])
def test_every_link_leads_somewhere(start: str) -> None:
    whole = Where()
    with client_of(
        timeline(), public=start != "/s/secret/", filter_of_secret=lambda secret: whole
    ) as client:
        seen, ahead = set(), [f"http://127.0.0.1:8765{start}"]
        while ahead:
            address = ahead.pop()
            if address in seen:
                continue
            seen.add(address)
            response = client.get(address)
            assert response.status_code == 200, address
            if response.headers["content-type"].startswith("text/html"):
                ahead += [urljoin(address, one) for one in hrefs_in(response.text)]

    assert len(seen) > 60
    if start == "/s/secret/":
        assert all(urlsplit(one).path.startswith(start) for one in seen)


@pytest.mark.parametrize("url", [None, "https://deadlines.example.org/x/"])
def test_every_link_of_a_published_site_is_a_file_of_it(tmp_path: Path, url: str | None) -> None:
    outcome = publish_site(tmp_path, timeline(), [EVENTS.read_bytes()], NOW, url)

    pages = sorted(tmp_path.rglob("*.html"))
    assert len(pages) == len(LANGUAGES) * (len(PAGES) + len(timeline().events))
    for page in pages:
        for one in hrefs_in(page.read_text(encoding="utf-8")):
            there = page.parent / one
            assert (there / "index.html" if there.is_dir() else there).is_file(), (page, one)
    assert outcome.written > 150
    what_if = (tmp_path / "what-if.html").read_text(encoding="utf-8")
    assert "<form" not in what_if
    assert "tracker what-if" in what_if
    subscribe = (tmp_path / "ja" / "subscribe.html").read_text(encoding="utf-8")
    assert ("webcal://deadlines.example.org/x/ja/calendar.ics" in subscribe) == (url is not None)


def test_a_published_timeline_of_very_many_events_has_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.web.pages.timeline.PAGE_SIZE", 20)  # 2,000 of 4,100 take long
    monkeypatch.setattr("tracker.web.pages.changes.PAGE_SIZE", 20)
    files = [[f'id = "a"\ntitle = "{one}"\n'.encode()] for one in ("few", "many")]
    publish_site(tmp_path, many(1), files[0], NOW, None)
    publish_site(tmp_path, many(41), files[1], NOW, None)

    parts = [tmp_path / name for name in ("timeline.html", "timeline-2.html", "ja/timeline-3.html")]
    drawn = [len(set(re.findall(r'data-event="([^"]+)"', one.read_text()))) for one in parts]
    assert drawn == [20, 20, 1]
    assert 'href="timeline-2.html"' in parts[0].read_text()
    assert 'href="timeline.html"' in parts[1].read_text()
    assert not (tmp_path / "timeline-4.html").exists()
    assert 'href="changes-2.html"' in (tmp_path / "changes.html").read_text()
    assert (tmp_path / "changes-2.html").is_file()


def test_a_published_event_has_the_feed_that_is_served(tmp_path: Path) -> None:
    publish_site(tmp_path, timeline(), [EVENTS.read_bytes()], NOW, None)
    file = tmp_path / "events" / "microsoft-openai" / "research-ip.ics"
    with client_of(timeline()) as client:
        served = client.get("/calendar.ics?id=microsoft-openai/research-ip").text

    def entries(text: str) -> list[str]:
        return re.findall(r"(?m)^(?:UID|DTSTART|SUMMARY|NAME).*$", text)

    assert entries(file.read_bytes().decode()) == entries(served)


def test_a_published_event_that_is_gone_keeps_its_feed(tmp_path: Path) -> None:
    both = timeline_of(event("x", when="2030-01-01"), event("y", when="2031-01-01"))
    one = timeline_of(event("x", when="2030-01-01"))
    content = [b'id = "a"\n[[event]]\nid = "x"\ntitle = "X"\nwhen = 2030-01-01\n']
    publish_site(tmp_path, both, content, NOW, None)
    publish_site(tmp_path, one, content, NOW, None)

    assert "STATUS:CANCELLED" in (tmp_path / "events" / "a" / "y.ics").read_text()
    assert not (tmp_path / "events" / "a" / "y.html").exists()
    publish_site(tmp_path, one, content, NOW + timedelta(days=800), None)
    assert "VEVENT" not in (tmp_path / "events" / "a" / "y.ics").read_text()


def test_who_subscribed_to_an_event_keeps_it_when_it_is_renamed(tmp_path: Path) -> None:
    renamed = event("new", when="2030-01-01")._replace(was=("old",))
    found = timeline_of(renamed, event("other", when="2031-01-01"))
    with client_of(found) as client:
        served = [client.get(f"/calendar.ics?id={one}") for one in ("old", "a/old", "a/new")]
    publish_site(tmp_path, found, [b'id = "a"\n'], NOW, None)

    assert {one.status_code for one in served} == {200}
    assert len({one.content for one in served}) == 1
    folder = tmp_path / "events" / "a"
    assert (folder / "old.ics").read_bytes() == (folder / "new.ics").read_bytes()
    assert (folder / "old.html").read_bytes() == (folder / "new.html").read_bytes()


def test_a_published_site_that_tells_of_several_changes_is_written_once(tmp_path: Path) -> None:
    head = 'id = "a"\n'
    events = [
        f'[[event]]\nid = "e{at}"\ntitle = "E{at}"\nwhen = 2030-01-{at + 1:02}\n' for at in range(9)
    ]
    before, after = head + "".join(events[:5]), head + "".join(events[3:])
    publish_site(tmp_path, timeline_of_files(before), [before.encode()], NOW, None)

    first = publish_site(tmp_path, timeline_of_files(after), [after.encode()], NOW, None)
    again = publish_site(tmp_path, timeline_of_files(after), [after.encode()], NOW, None)

    assert first.written > 0
    assert again.written == 0
    orders = [
        re.findall(r'<p class="title">(?:<a [^>]*>)?(E[0-9])', (tmp_path / name).read_text())
        for name in ("changes.html", "ja/changes.html")
    ]
    assert orders[0] == orders[1] == sorted(orders[0])
    assert len(orders[0]) == 7
