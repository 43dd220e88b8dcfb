"""How pages are asked for: languages, refusals, headers, buttons, odd addresses."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.shipped import timeline
from tests.timeline.scene import event
from tests.timeline.scene import timeline as timeline_of
from tests.web.reading import EVENT, HTML, PATHS, many, timeline_of_files, titles
from tests.web.sites import NOW, FixedSource, client_of, site_of
from tracker.service.acknowledgements import AcknowledgementsForAll
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.database import Database
from tracker.timeline.filters import Where
from tracker.web.app import make_app

# -- language, refusals, headers

#: The pages with a picture.
PICTURED = ("/timeline",)


def test_a_page_is_in_the_language_that_its_reader_wants_most(shipped: TestClient) -> None:
    def lang(path: str, header: str) -> str:
        page = shipped.get(path, headers={"accept-language": header}).text
        return page.partition('<html lang="')[2][:2]

    assert lang("/", "ja,en;q=0.5") == lang("/", "de, en;q=0.4, ja;q=0.9") == "ja"
    assert lang("/", "de") == lang("/", "ja;q=0, en") == "en"
    assert lang("/?lang=ja", "en") == "ja"
    switched = shipped.get("/timeline?tag=ip&lang=ja").text
    assert 'href="?tag=ip&amp;lang=en" hreflang="en"' in switched
    assert 'href="what-if?lang=ja"' in switched


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/?colour=red&tag=nope", ["colour", "tag"]),
        ("/?status=maybe", ["status"]),
        ("/?page=0", ["page"]),
        ("/?page=99999999999999999999", ["page"]),
        ("/?lang=xx", ["lang"]),
        ("/timeline?from=2030&by=color", ["from", "by"]),
        ("/timeline?from=2030-01-01&to=2029-01-01", ["to"]),
        ("/what-if?if.agi-verified=soon&never=nobody", ["if.agi-verified", "never"]),
        ("/what-if?if.nobody=2029-01-01", ["if.nobody"]),
        ("/changes?from=2030-01-01", ["from"]),
        ("/changes?to=2026-01-01", ["from"]),
        ("/subscribe?alarms=soon", ["alarms"]),
        (f"{EVENT}?x=1", ["x"]),
    ],
)
def test_wrong_parameters_are_all_named_on_a_page_of_their_own(
    shipped: TestClient, path: str, named: list[str]
) -> None:
    response = shipped.get(path, headers={**HTML, "accept-language": "ja"})
    plain = shipped.get(path, headers={"accept": "*/*"})

    assert (response.status_code, plain.status_code) == (400, 400)
    assert response.headers["content-type"].startswith("text/html")
    assert '<html lang="ja">' in response.text
    for name in named:
        assert name in response.text
        assert name in plain.text


def test_an_unknown_page_is_a_page_that_leads_home(shipped: TestClient) -> None:
    for path in ("/nothing", "/events/microsoft-openai/nobody", "/a/b/c/d"):
        response = shipped.get(path, headers=HTML)
        assert response.status_code == 404
        assert "There is no such page" in response.text
        home = re.findall(r'<a class="button" href="([^"]*)"', response.text)[0]
        assert home == ("../" * (path.count("/") - 1) or "./")


def test_nothing_but_ours_is_loaded_and_nothing_is_handed_on(shipped: TestClient) -> None:
    for path in (*PATHS, EVENT):
        response = shipped.get(path)
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "same-origin"
        assert " style=" not in response.text
        assert not re.findall(r"<script(?![^>]* src=)", response.text)
        loaded = re.findall(
            r'(?:src|rel="stylesheet" href|rel="icon"[^>]*href)="([^"]+)"', response.text
        )
        files = sorted(file.rpartition("/")[2].partition(".")[0] for file in loaded)
        assert files == ["icon", "page", "page", *(["picture"] if path in PICTURED else [])]
        for one in loaded:
            at = shipped.get(path.rpartition("/")[0] + "/" + one)
            assert at.status_code == 200
            assert "immutable" in at.headers["cache-control"]


def test_a_hostile_text_is_only_text_on_every_page() -> None:
    bad = "\"><script>alert(1)</script>'&"
    hostile = event("x", when="2030-01-01")._replace(
        title=(("en", bad),), note=(("en", bad),), quote=bad, tags=(bad,), parties=(bad,)
    )
    waits = event("w", when="open")._replace(title=(("en", bad),))
    with client_of(timeline_of(hostile, waits)) as client:
        pages = [
            client.get(path) for path in (*PATHS, "/events/a/x", "/?by=tag", "/timeline?by=tag")
        ]
        pages += [client.get("/what-if?if.w=2030-01-01"), client.get("/", params={"q": bad})]
        pages += [client.get("/", params={bad: bad}, headers=HTML)]

    for one in pages:
        assert "<script>alert" not in one.text
        scripts = re.findall(r"<script[^>]*>", one.text)
        assert all(
            re.fullmatch(r'<script src="[^"]+" defer blocking="render">', script)
            for script in scripts
        )


def test_a_page_is_made_anew_when_trouble_comes_and_goes() -> None:
    source, trouble = FixedSource(timeline()), [""]
    with client_of(source, trouble=lambda: trouble[0] or None) as client:
        before = client.get("/").text
        trouble[0] = "health.broken"
        during = client.get("/").text
        trouble[0] = ""
        after = client.get("/").text

    assert "The events file has errors: this is the last good timeline." in during
    assert "The events file has errors" not in before + after
    assert "31 December 2030" in during


# -- acknowledging


@pytest.fixture
def acknowledgements(tmp_path: Path) -> Iterator[AcknowledgementsForAll]:
    database = Database(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    yield AcknowledgementsForAll(Acknowledgements(database))
    database.close()


def fields(page: str) -> dict[str, str]:
    form = page.partition('<form method="post"')[2].partition("</form>")[0]
    return dict(re.findall(r'name="([a-z]+)" value="([^"]*)"', form))


def test_a_button_acknowledges_for_everyone_and_takes_it_back(
    acknowledgements: AcknowledgementsForAll,
) -> None:
    point = next(one for one in timeline().points if one.key[1:3] == ("research-ip", "end"))
    with client_of(
        timeline(), acknowledgements=acknowledgements, is_local=True, follow=False
    ) as client:
        form = fields(client.get(EVENT).text)
        nothing_yet = acknowledgements.acknowledged_keys([point])
        done = client.post(EVENT, data=form)
        page = client.get(EVENT)
        back = fields(page.text)
        given = acknowledgements.acknowledged_keys([point])
        client.post(EVENT, data=back)

    assert (form["action"], back["action"]) == ("acknowledge", "undo")
    assert (done.status_code, done.headers["location"]) == (303, "./research-ip")
    assert not nothing_yet
    assert given == {point.key}
    assert not acknowledgements.acknowledged_keys([point])
    assert page.headers["cache-control"] == "no-store"


def test_who_only_reads_cannot_silence_anybody(acknowledgements: AcknowledgementsForAll) -> None:
    with client_of(timeline(), acknowledgements=acknowledgements, follow=False) as client:
        page = client.get(EVENT).text
        form = {"action": "acknowledge", "point": "end", "occurrence": "", "day": "2030-12-31"}
        refused = client.post(EVENT, data=form)
    with client_of(
        timeline(), acknowledgements=acknowledgements, is_local=True, follow=False
    ) as client:
        foreign = client.post(EVENT, data=form, headers={"origin": "https://evil.example"})
        moved = client.post(EVENT, data={**form, "day": "2031-12-31"})
        odd = client.post(EVENT, data={**form, "action": "destroy"})
        long = client.post(EVENT, data={**form, "x": "y" * 5000})

    assert 'method="post"' not in page
    assert [one.status_code for one in (refused, foreign, moved, odd, long)] == [
        405,
        403,
        404,
        400,
        413,
    ]
    points = timeline().points
    assert not acknowledgements.acknowledged_keys(points)


def test_a_page_is_kept_until_there_is_something_new() -> None:
    source = FixedSource(timeline_of(event("x", when="2030-01-01")))
    with client_of(source) as client:
        first = client.get("/")
        again = client.get("/", headers={"if-none-match": first.headers["etag"]})
        source.change(timeline_of(event("y", when="2030-01-02")))
        changed = client.get("/", headers={"if-none-match": first.headers["etag"]})

    assert again.status_code == 304
    assert changed.status_code == 200
    assert source.now == NOW


def test_an_answer_that_cannot_be_written_down_is_refused_and_not_lost(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    acknowledgements = AcknowledgementsForAll(Acknowledgements(database))
    form = {"action": "acknowledge", "point": "end", "occurrence": "", "day": "2030-12-31"}
    with client_of(
        timeline(), acknowledgements=acknowledgements, is_local=True, follow=False
    ) as client:
        client.get(EVENT)
        database.close()
        (tmp_path / "ledger.sqlite3").write_bytes(b"no database")
        refused = client.post(EVENT, data=form, headers=HTML)
        page = client.get(EVENT)

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")
    assert "Please try again later." in refused.text
    assert page.status_code == 200


def test_a_link_that_shows_nothing_shows_that() -> None:
    with client_of(
        timeline(), filter_of_secret=lambda _secret: Where(tags=("nobody has it",))
    ) as client:
        pages = [client.get(f"/s/x{path}") for path in PATHS]

    assert [one.status_code for one in pages] == [200] * len(PATHS)
    assert all("<title>" in one.text and "<title></title>" not in one.text for one in pages)


def test_a_flood_of_suppositions_is_refused_at_once() -> None:
    query = "&".join(f"if.e-{at:05}=2030-01-01" for at in range(1500))
    with client_of(many(2000)) as client:
        response = client.get(f"/what-if?{query}")

    assert response.status_code == 400
    assert len(response.text) < 200_000


# -- what a stranger found


FIRST = 'id = "aa"\n[[event]]\nid = "x"\ntitle = "X"\nwhen = "open"\n'
SECOND = """id = "bb"
[[event]]
id = "x"
title = "Our x"
when = "open"
tags = ["mine"]
[[event]]
id = "y"
title = "Y"
when = "30 days after aa/x"
tags = ["mine"]
[[event]]
id = "z"
title = "Z"
when = "2028-01-01"
tags = ["mine"]
[[event]]
id = "r"
title = "R"
when = "2026-01-01"
repeats = "1 month"
tags = ["mine"]
"""


def test_what_if_behind_a_link_counts_what_the_link_does_not_show() -> None:
    found = timeline_of_files(FIRST, SECOND)
    with client_of(found, filter_of_secret=lambda _secret: Where(tags=("mine",))) as client:
        form = client.get("/s/m/what-if").text
        names = re.findall(r'name="if\.([^"]+)"', form)
        responses = [
            client.get("/s/m/what-if", params={f"if.{one}": "2029-01-01"}) for one in names
        ]
        link = re.findall(r'href="\.\./\.\./(what-if[^"]*)"', client.get("/s/m/events/bb/z").text)[
            0
        ]
        own = client.get(f"/s/m/{link}")
        hidden = client.get("/s/m/what-if?also=aa/nothing")

    assert {"bb/x", "aa/x"} <= set(names)
    assert [one.status_code for one in (*responses, own, hidden)] == [200] * len(names) + [200, 400]
    moved = responses[names.index("aa/x")].text
    assert "31 January 2029" in moved
    assert "X</a>" not in moved.replace("Our x</a>", "")


@pytest.mark.parametrize(
    "query",
    [
        "if.new=2029-01-01&if.a/new=2030-01-01",
        "if.new=2029-01-01&if.old=2030-01-01",
        "never=new&if.a/new=2030-01-01",
        "if.end of e=2029-01-01&if.end  of e=2030-01-01",
        "if.rent=2029-01-01",
        "also=rent",
    ],
)
def test_suppositions_that_cannot_be_made_are_a_page_that_says_why(query: str) -> None:
    found = timeline_of_files(
        'id = "a"\n[[event]]\nid = "new"\nwas = ["old"]\ntitle = "N"\nwhen = "in 2030"\n'
        '[[event]]\nid = "e"\ntitle = "E"\nstarts = 2026-01-01\nends = "in 2030"\n'
        '[[event]]\nid = "rent"\ntitle = "R"\nwhen = 2026-01-01\nrepeats = "1 month"\n'
    )
    with client_of(found) as client:
        response = client.get(f"/what-if?{query}", headers=HTML)

    assert response.status_code == 400
    assert "That address asks for something" in response.text


def test_an_address_too_long_for_a_code_is_there_without_one() -> None:
    tag = "契約" * 145
    with client_of(timeline_of(event("x", when="2030-01-01", tags=(tag,)))) as client:
        page = client.get("/subscribe", params={"tag": tag})

    assert page.status_code == 200
    assert "webcal://" in page.text
    assert 'class="qr"' not in page.text


@pytest.mark.parametrize(
    "path", ["/?group=past&page=9", "/timeline?page=77", "/changes?page=5",
             "/what-if?if.agi-verified=2029-05-01&page=99"],
)  # fmt: skip
def test_past_the_end_of_a_list_there_is_no_page(shipped: TestClient, path: str) -> None:
    response = shipped.get(path)

    assert response.status_code == 400
    assert "page takes: 1 … 1" in response.text


def test_a_name_with_two_spaces_can_be_chosen() -> None:
    with client_of(timeline_of(event("x", when="2030-01-01", parties=("A  B", " C ")))) as client:
        page = client.get("/").text
        found = [client.get("/", params={"party": one}) for one in ("A  B", " C ")]

    assert '<option value="A  B">' in page
    assert [titles(one.text) for one in found] == [["X"], ["X"]]


def test_what_is_chosen_beside_what_a_field_shows_is_sent_with_it(shipped: TestClient) -> None:
    page = shipped.get("/?tag=ip&tag=revenue&status=waiting&status=exact").text

    assert '<input type="hidden" name="tag" value="revenue">' in page
    assert page.count('<input type="hidden" name="status"') == 1


def test_a_slash_too_many_leads_nowhere_and_not_out_of_the_link() -> None:
    with client_of(
        timeline(), public=False, filter_of_secret=lambda _secret: Where(), follow=False
    ) as client:
        assert client.get("/s/secret/timeline/").status_code == 404


def test_a_page_is_asked_for_again_each_time(shipped: TestClient) -> None:
    for path in (*PATHS, EVENT):
        assert shipped.get(path).headers["cache-control"] == "public, no-cache"
    assert shipped.get("/calendar.ics").headers["cache-control"] == "public, max-age=300"


def test_a_refusal_is_in_the_language_of_the_address(shipped: TestClient) -> None:
    page = shipped.get("/?lang=ja&status=bad", headers=HTML).text

    assert '<html lang="ja">' in page
    assert 'href="./?lang=ja"' in page


def test_what_has_passed_unrecorded_is_answered_first() -> None:
    rent = 'id = "a"\n[[event]]\nid = "rent"\ntitle = "R"\nwhen = 2026-09-24\nrepeats = "1 month"\n'
    with client_of(timeline_of_files(rent)) as client:
        page = client.get("/events/a/rent").text

    assert re.findall(r'<p class="big"><time datetime="([^"]+)"', page) == [
        "2026-11-24", "2026-12-24",
    ]  # fmt: skip
    assert "Passed, with nothing recorded" in page
    assert "tracker list" not in page


def test_a_note_of_ours_is_not_presented_as_the_sources_words() -> None:
    noted = event("x", when="2030-01-01")._replace(note=(("en", "Read as the last day."),))
    with client_of(timeline_of(noted)) as client:
        page = client.get("/events/a/x").text

    assert "As the source has it" not in page
    assert "Read as the last day." in page


def test_names_are_those_that_a_command_takes() -> None:
    with client_of(
        timeline_of_files(FIRST, 'id = "bb"\n[[event]]\nid = "e"\ntitle = "E"\nends = 2028-01-01\n')
    ) as client:
        page = client.get("/events/bb/e").text

    assert "<code>bb/e</code>" in page


def asked_raw(app: Any, headers: list[tuple[bytes, bytes]], path: str = "/subscribe") -> int:
    """The status of a request with exactly those headers."""
    sent: list[Any] = []
    scope = {"type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": path,
             "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": headers,
             "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1)}  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    status: int = sent[0]["status"]
    return status


def test_who_names_two_hosts_is_believed_neither() -> None:
    app = make_app(site_of(FixedSource(timeline())))
    ours, theirs = (b"host", b"127.0.0.1:80"), (b"host", b"evil.example")

    assert [asked_raw(app, hosts) for hosts in ([ours], [theirs, ours], [ours, theirs], [])] == [
        200, 400, 400, 400,
    ]  # fmt: skip
    cookie = (b"cookie", b"a=b")
    assert asked_raw(app, [ours, cookie, cookie]) == 200


def test_a_slash_that_is_written_otherwise_is_no_page(shipped: TestClient) -> None:
    assert shipped.get("/events%2Fmicrosoft-openai%2Fmodel-ip").status_code == 404


@pytest.mark.parametrize("origin", ["http://[", "http://", "", "http://127.0.0.1:8765/x"])
def test_an_origin_that_is_none_is_not_ours(
    acknowledgements: AcknowledgementsForAll, origin: str
) -> None:
    form = {"action": "acknowledge", "point": "end", "occurrence": "", "day": "2030-12-31"}
    with client_of(
        timeline(), acknowledgements=acknowledgements, is_local=True, follow=False
    ) as client:
        assert client.post(EVENT, data=form, headers={"origin": origin}).status_code == 403


def test_a_title_in_another_language_says_so() -> None:
    text = (
        'id = "a"\nlanguage = "ja"\ntitle = "契約"\n[[event]]\nid = "x"\ntitle = "報告書"\n'
        'note = "遅れないこと。"\nwhen = 2030-01-01\n[[event]]\nid = "y"\n'
        'title = { en = "Y", ja = "ワイ" }\nwhen = "30 days after x"\n'
    )
    with client_of(timeline_of_files(text)) as client:
        agenda, own, other = (client.get(one).text for one in ("/", "/events/a/x", "/events/a/y"))
        drawn, japanese = client.get("/timeline").text, client.get("/?lang=ja").text

    assert '<a href="events/a/x" lang="ja">報告書' in agenda
    assert '<h1 lang="ja">報告書</h1>' in own
    assert '<p class="note" lang="ja">' in own
    assert 'lang="ja">報告書</a>' in other
    assert '<tspan class="label" lang="ja">報告書' in drawn
    assert '<a href="events/a/y">Y' in agenda
    assert 'href="events/a/x?lang=ja">報告書' in japanese
