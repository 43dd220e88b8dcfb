"""Who asks is told by the connection; others may say it only where tracker.toml names them."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.shipped import timeline
from tests.web.sites import HERE, FixedSource, client_of, site_of
from tracker.web.app import make_app
from tracker.web.peers import Proxies, group_of, parse_address

PROXIES = Proxies(tuple(map(ip_network, ("10.0.0.0/8", "2001:db8::/64", "127.0.0.1/32"))))
NEAR = {"host": "localhost:8765"}


def client_of_scope(peer: str | None, *headers: tuple[str, str]) -> str | None:
    lines = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    scope = {"client": None if peer is None else (peer, 1), "headers": lines}
    client = PROXIES.client_of(scope)
    return None if client is None else str(client)


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "client"),
    [
        # Nobody speaks for others who is not named.
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("203.0.113.9", "127.0.0.1", "203.0.113.9"),
        ("::ffff:203.0.113.9", "127.0.0.1", "203.0.113.9"),
        (None, "127.0.0.1", None),
        ("", "127.0.0.1", None),
        # The last that is no proxy of ours: what stands before it, anybody may have written.
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "127.0.0.1, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.2.3.4,10.0.0.7", "198.51.100.1"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "10.2.3.4", "10.2.3.4"),
        # In all the ways in which it is written.
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("10.0.0.1", "2001:db8:1::7", "2001:db8:1::7"),
        ("10.0.0.1", "[2001:db8:1::7]:443", "2001:db8:1::7"),
        ("10.0.0.1", "fe80::1%eth0", "fe80::1"),
        ("10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("2001:db8::5", " 198.51.100.1 ", "198.51.100.1"),
        ("2001:db8:0:1::5", "198.51.100.1", "2001:db8:0:1::5"),
        ("fe80::1%eth0", "198.51.100.1", "fe80::1"),
        # What cannot be read says nothing, and nothing before it counts.
        ("10.0.0.1", "198.51.100.1, unix:", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, unknown", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, 300.1.1.1", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, ", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, x, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "\xff", "10.0.0.1"),
        ("10.0.0.1", "1" * 100_000, "10.0.0.1"),
        ("10.0.0.1", "10.0.0.2, " * 10_000, "10.0.0.1"),
    ],
)
def test_a_named_proxy_says_for_whom_it_asks(
    peer: str | None, forwarded_for: str, client: str | None
) -> None:
    assert client_of_scope(peer, ("x-forwarded-for", forwarded_for)) == client


@pytest.mark.parametrize(
    ("headers", "client"),
    [
        ([("forwarded", "for=198.51.100.1")], "198.51.100.1"),
        ([("forwarded", 'proto=https;For="[2001:db8:1::7]:443";by=x')], "2001:db8:1::7"),
        ([("forwarded", "for=127.0.0.1, for=198.51.100.1, for=10.0.0.9")], "198.51.100.1"),
        ([("forwarded", "for=198.51.100.1, for=_hidden")], "10.0.0.1"),
        ([("forwarded", "for=198.51.100.1, by=10.0.0.9")], "10.0.0.1"),
        ([("forwarded", "for=198.51.100.1;for")], "198.51.100.1"),
        # Two lines are one list, and two headers that say two things say nothing.
        ([("x-forwarded-for", "127.0.0.1"), ("x-forwarded-for", "198.51.100.1")], "198.51.100.1"),
        ([("x-forwarded-for", "127.0.0.1"), ("forwarded", "for=198.51.100.1")], "10.0.0.1"),
        ([("x-forwarded-for", "198.51.100.1"), ("forwarded", "for=198.51.100.1")], "198.51.100.1"),
        ([("x-real-ip", "127.0.0.1"), ("x-forwarded-host", "localhost")], "10.0.0.1"),
        ([], "10.0.0.1"),
    ],
)
def test_the_standard_header_says_it_too(headers: list[tuple[str, str]], client: str) -> None:
    assert client_of_scope("10.0.0.1", *headers) == client


def metrics(peer: str, proxies: Proxies, headers: dict[str, str]) -> int:
    site = site_of(FixedSource(timeline()), public=False, metrics=lambda: b"x 1\n", proxies=proxies)
    with TestClient(make_app(site), "http://localhost", client=(peer, 50_000)) as client:
        return client.get("/metrics", headers=headers).status_code


@pytest.mark.parametrize("proxies", [Proxies(), PROXIES], ids=["none", "named"])
@pytest.mark.parametrize(
    ("peer", "headers", "status"),
    [
        ("127.0.0.1", NEAR, 200),
        ("::1", NEAR, 200),
        ("::ffff:127.0.0.1", NEAR, 200),
        ("203.0.113.9", NEAR, 404),  # from outside, by a name that everybody can write
        ("203.0.113.9", {**NEAR, "x-forwarded-for": "127.0.0.1"}, 404),
        ("10.0.0.1", {**NEAR, "x-forwarded-for": "127.0.0.1"}, 404),
        ("127.0.0.1", {"host": "deadlines.example.org"}, 404),
        ("127.0.0.1", {**NEAR, "x-forwarded-for": "203.0.113.9"}, 404),
        ("127.0.0.1", {**NEAR, "x-forwarded-for": "127.0.0.1"}, 404),
        ("127.0.0.1", {**NEAR, "forwarded": "for=127.0.0.1"}, 404),
        ("127.0.0.1", {**NEAR, "x-real-ip": "127.0.0.1"}, 404),
        ("127.0.0.1", {**NEAR, "via": "1.1 proxy"}, 404),
    ],
)
def test_counts_are_for_who_is_on_this_machine_whatever_a_request_says(
    proxies: Proxies, peer: str, headers: dict[str, str], status: int
) -> None:
    assert metrics(peer, proxies, headers) == status


def test_only_who_is_on_this_machine_acknowledges_for_all() -> None:
    acknowledgements: Any = object()  # which nobody here gets as far as
    site = site_of(FixedSource(timeline()), is_local=True, acknowledgements=acknowledgements)

    def status(client: tuple[str, int], **headers: str) -> int:
        with TestClient(make_app(site), "http://localhost", client=client) as asking:
            return asking.post("/events/a/b", headers=headers, data={"action": "x"}).status_code

    assert status(HERE) == 400  # it is no action that there is
    assert status(("203.0.113.9", 1)) == 405
    assert status(HERE, via="1.1 proxy") == 405


def test_the_log_names_a_proxy_that_tracker_toml_does_not() -> None:
    said: list[tuple[str, object]] = []

    def complain(name: str, /, **values: object) -> None:
        said.append((name, values.get("address")))

    for proxies in (Proxies(), PROXIES):
        with client_of(timeline(), complain=complain, proxies=proxies) as client:
            client.get("/", headers={"x-forwarded-for": "203.0.113.9"})

    assert said == [("web.proxy", "127.0.0.1")]


def test_one_subscriber_is_one_peer_whatever_the_address() -> None:
    addresses = ("2001:db8:1:2::1", "2001:db8:1:2:ffff::", "2001:db8:1:3::1", "203.0.113.1")

    assert len({group_of(parse_address(address)) for address in addresses}) == 3
