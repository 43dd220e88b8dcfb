"""What stands in a request's headers may be anything: it is understood, ignored or refused."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.shipped import timeline
from tests.web.sites import client_of

#: Each is read somewhere.
NAMES = (
    "accept", "accept-encoding", "accept-language", "cookie", "forwarded", "host", "if-match",
    "if-modified-since", "if-none-match", "if-range", "origin", "range", "referer", "via",
    "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto",
)  # fmt: skip
NUMBERS = ("1", "0", "-1", "99", "2026", "99999", "9" * 30, "9" * 5000, "nan", "inf", "1e999")
PIECES = (
    *NUMBERS, '"', "W/", "*", ",", ";", "=", "q=", "gzip", "ja", "localhost", ":", "[::1]", "%zz",
    "Tue, 24 Nov ", " 09:30:15 GMT", " +99999999999999", "for=", "\t", "\xff", "\x80", "/", " ",
)  # fmt: skip
PATHS = ("/", "/calendar.ics", "/nothing", "/api/events?lang=en")


def values() -> st.SearchStrategy[bytes]:
    pieces = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
    return pieces.map(lambda text: text.encode("latin-1"))


@given(st.sampled_from(NAMES), values(), st.sampled_from(PATHS))
def test_no_header_whatever_is_a_fault_of_ours(name: str, value: bytes, path: str) -> None:
    with client_of(timeline()) as client:  # which raises what the application does
        status = client.get(path, headers=[(name.encode(), value)]).status_code

    assert status in (200, 304, 400, 404)


@pytest.mark.parametrize(
    "date",
    [
        "Tue, 24 Nov 99999 09:30:15 GMT",
        f"Tue, 24 Nov {'9' * 21} 09:30:15 GMT",
        "Tue, 24 Nov 2026 09:30:15 +99999999999999",
        f"Tue, 24 Nov 2026 {'9' * 40}:30:15 GMT",
        "Tue, 99 Nov 2026 09:30:15 GMT",
        "24 Nov 2027",
        "",
    ],
)
def test_a_date_that_is_none_is_ignored(date: str) -> None:
    with client_of(timeline()) as client:
        assert client.get("/calendar.ics", headers={"if-modified-since": date}).status_code == 200


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_only_who_has_the_very_bytes_is_told_that_nothing_changed(encoding: str) -> None:
    with client_of(timeline()) as client:
        tag = client.get("/calendar.ics", headers={"accept-encoding": encoding}).headers["etag"]

        def status(tags: str) -> int:
            headers = {"accept-encoding": encoding, "if-none-match": tags}
            return client.get("/calendar.ics", headers=headers).status_code

        theirs = {tag, f"W/{tag}", f'"x", {tag}', f' ,"a,b",W/{tag}, ', "*", " * "}
        foreign = {
            tag[:-1], tag[1:-1], tag[:-3] + '"', tag[:-1] + '-gzip"', f"w/{tag}", f"W/W/{tag}",
            f'"x{tag}', f"{tag}x", '"x,*,y"', '"x", *', "**", ",", "",
        }  # fmt: skip

        assert {tags: status(tags) for tags in theirs} == dict.fromkeys(theirs, 304)
        assert {tags: status(tags) for tags in foreign} == dict.fromkeys(foreign, 200)


def test_the_tag_of_plain_bytes_does_not_vouch_for_compressed_ones() -> None:
    with client_of(timeline()) as client:
        plain = client.get("/calendar.ics", headers={"accept-encoding": "identity"})
        headers = {"accept-encoding": "gzip", "if-none-match": plain.headers["etag"]}
        with client.stream("GET", "/calendar.ics", headers=headers) as response:
            packed = b"".join(response.iter_raw())

    assert response.status_code == 200
    assert gzip.decompress(packed) == plain.content


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("LocalHost:8765", 200),
        ("[::1]:8765", 200),
        ("DEADLINES.example.org", 200),
        ("localhost:", 200),
        ("localhost:1@evil.example", 400),
        ("localhost:<script>", 400),
        ("localhost:123456", 400),
        ("localhost, evil.example", 400),
        ("evil.example", 400),
        ("[::1", 400),
        ("", 400),
    ],
)
def test_a_host_is_a_name_of_ours_and_a_port(host: str, status: int) -> None:
    with client_of(timeline()) as client:
        assert client.get("/subscribe", headers={"host": host}).status_code == status


def test_the_first_who_asks_decides_for_nobody_else(shipped: TestClient) -> None:
    """What was kept for one host is not sent to another: no page leads where a stranger said."""
    shipped.get("/subscribe", headers={"host": "localhost:1"})
    page = shipped.get("/subscribe", headers={"host": "localhost:8765"}).text

    assert "localhost:1/" not in page
    assert "localhost:8765/" in page
