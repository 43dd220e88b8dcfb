"""Whoever sends too much, too slowly or nonsense is told so and let go; all others are served."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from typing import Any

import pytest

from tests.shipped import timeline
from tests.timeline.scene import event
from tests.timeline.scene import timeline as timeline_of
from tests.web.sockets import (
    GET,
    SECONDS,
    SocketSite,
    read_all,
    read_answer,
    served,
    status_of,
)

POST = b"POST /events/a/b HTTP/1.1\r\nHost: localhost\r\n"
END = b"Connection: close\r\n\r\n"
SOON = 0.4  #: the patience of those who are tried


@pytest.fixture(scope="module")
def site() -> Iterator[SocketSite]:
    """A site that has time, for what is refused at once."""
    with served(timeline()) as site:
        yield site


@pytest.fixture(scope="module")
def hasty() -> Iterator[SocketSite]:
    """A site without patience, for what takes time; on this machine forms are read."""
    desk: Any = object()  # which nothing here gets as far as
    with served(timeline(), patience=SOON, is_local=True, acknowledgements=desk) as site:
        yield site


# -- too much


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET /" + b"a" * 7_900 + b" HTTP/1.1\r\nHost: localhost\r\n" + END, 404),
        (b"GET /" + b"a" * 8_100 + b" HTTP/1.1\r\nHost: localhost\r\n" + END, 414),
        (b"GET /?" + b"a=b&" * 500_000, 414),
        (GET + b"X-A: " + b"a" * 30_000 + b"\r\n" + END, 200),
        (GET + b"X-A: " + b"a" * 40_000 + b"\r\n" + END, 431),
        (GET + b"X-A: " + b"a" * 5_000_000, 431),
        (GET + b"X" * 5_000_000, 431),
        (GET + b"A: b\r\n" * 90 + END, 200),
        (GET + b"A: b\r\n" * 120 + END, 431),
        (GET + b"A: b\r\n" * 1_000_000, 431),
        (GET + b"Content-Length: 99999999999\r\n" + END, 413),
        (b"POST /events/a/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 70000\r\n" + END, 413),
        (
            b"POST /unsubscribe/a/b HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
            b"Content-Length: 70000\r\n" + END,
            413,
        ),
    ],
)
def test_what_is_larger_than_any_reader_sends_is_refused(
    site: SocketSite, request_bytes: bytes, status: int
) -> None:
    with closing(site.connect()) as client:
        sender = threading.Thread(target=_send, args=(client, request_bytes))
        sender.start()
        answer = read_all(client)
        client.close()
        sender.join()

    assert status_of(answer) == status
    if status in (413, 414, 431):
        assert b" too l" in answer
        assert b"connection: close" in answer


def _send(client: socket.socket, content: bytes) -> None:
    with suppress(OSError):  # the server does not wait for all of it
        client.sendall(content)


def test_a_chunk_without_end_is_not_waited_for(site: SocketSite) -> None:
    with closing(site.connect()) as client:
        chunk = b"2000\r\n" + b"a" * 5_000_000
        head = GET + b"Transfer-Encoding: chunked\r\n" + END
        sender = threading.Thread(target=_send, args=(client, head + chunk))
        sender.start()
        answer = read_all(client)
        client.close()
        sender.join()

    # Answered before the body was too long, or because of it.
    assert status_of(answer) in (200, 413)


def test_what_comes_behind_a_body_is_no_header(site: SocketSite) -> None:
    form = b"POST /events/a/b HTTP/1.1\r\nHost: evil.example\r\nTransfer-Encoding: chunked\r\n"

    assert site.status(form, END, b"1\r\na\r\n0\r\nHost: localhost\r\n\r\n") == 400


@pytest.mark.parametrize(
    "rest", [b"X-T: a\r\n" * 1_000_000, b"X" * 5_000_000, b"X-T: " + b"a" * 5_000_000]
)
def test_trailers_without_end_end(site: SocketSite, rest: bytes) -> None:
    with closing(site.connect()) as client:
        _send(client, GET + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n")
        sender = threading.Thread(target=_send, args=(client, rest))
        sender.start()
        answer = read_all(client)
        client.close()
        sender.join()

    # Answered before they were too long, or because of it; and nothing more is read.
    assert status_of(answer) in (200, 413, 431)


# -- nonsense


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 100,  # TLS
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x00\xff\x00\xff",
        b"GET / HTTP/7.7\r\n\r\n",
        b"GET\r\n\r\n",
        GET + b"A\x00B: c\r\n" + END,
        GET + b"A: b\x00c\r\n" + END,
        GET + b" folded\r\n" + END,
        GET + b"Content-Length: 1\r\nContent-Length: 2\r\n" + END,
        GET + b"Content-Length: -1\r\n" + END,
        GET + b"Content-Length: 0x10\r\n" + END,
        GET + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        GET + b"Transfer-Encoding: identity, chunked, x\r\n" + END,
        GET + b"Transfer-Encoding : chunked\r\n" + END,
        GET + b"Host: evil.example\r\n" + END,
        b"GET / HTTP/1.1\r\n" + END,
        b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n" + END,
        b"GET /\x80\xff HTTP/1.1\r\nHost: localhost\r\n" + END,
        b"CONNECT localhost:443 HTTP/1.1\r\nHost: localhost\r\n" + END,
    ],
)
def test_nonsense_is_refused_and_costs_nobody_else_anything(
    site: SocketSite, request_bytes: bytes
) -> None:
    assert site.status(request_bytes) in (400, 404, 405)
    assert site.status(GET, END) == 200


def test_a_whole_address_counts_more_than_the_host_beside_it(site: SocketSite) -> None:
    asked = b"GET http://localhost:1/calendar.ics HTTP/1.1\r\nHost: evil.example\r\n"

    assert site.status(asked, END) == 200


def test_a_request_hidden_in_another_is_no_request(site: SocketSite) -> None:
    """Of two lengths a proxy might believe the one, and tracker the other (RFC 9112, 11.2)."""
    hidden = b"0\r\n\r\nGET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
    answer = site.ask(
        GET + b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n" % len(hidden) + hidden
    )

    assert status_of(answer) == 400
    assert answer.count(b"HTTP/1.1 ") == 1


def test_who_wants_to_speak_another_protocol_is_answered_in_this_one(site: SocketSite) -> None:
    asked = GET + b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\n\r\n"

    assert site.status(asked, b"\x81\x05hello") == site.status(asked) == 200


def test_requests_in_a_row_are_answered_in_a_row(site: SocketSite) -> None:
    with closing(site.connect()) as client:
        client.sendall((GET + b"\r\n") * 20 + b"GET /nothing HTTP/1.1\r\nHost: localhost\r\n" + END)
        answer = read_all(client)

    assert answer.count(b"HTTP/1.1 200") == 20
    assert answer.count(b"HTTP/1.1 404") == 1
    assert b"HTTP/1.1 404" in answer[answer.rindex(b"HTTP/1.1 ") :]


def test_nonsense_behind_a_request_does_not_take_its_answer(site: SocketSite) -> None:
    page = b"GET /timeline HTTP/1.1\r\nHost: localhost\r\n\r\n"  # which takes a moment to make

    assert site.status(page + b"\x00\x00\x00\r\n\r\n") == 200


def test_of_all_that_nonsense_the_log_has_a_line_a_minute_for_each_kind(site: SocketSite) -> None:
    for _ in range(5):
        site.ask(b"\x16\x03\x01\x02\x00\r\n")
        site.ask(b"GET /" + b"a" * 10_000)

    assert sorted(site.complaints) == ["web.large", "web.malformed"]


# -- too slowly


@pytest.mark.parametrize(
    ("begun", "piece", "status"),
    [
        (b"", b"\r\n", 0),
        (b"GET /calen", b"d", 408),
        (GET, b"A: b\r\n", 408),
        (POST + b"Content-Length: 99\r\n\r\n", b"a", 408),
    ],
)
def test_a_request_that_comes_drop_by_drop_is_not_waited_for(
    hasty: SocketSite, begun: bytes, piece: bytes, status: int
) -> None:
    with closing(hasty.connect()) as client:
        client.sendall(begun)
        client.settimeout(SOON / 5)
        answer, ended = b"", False
        while not ended:
            try:
                chunk = client.recv(65_536)
                answer, ended = answer + chunk, not chunk
            except TimeoutError:
                client.sendall(piece)
            except ConnectionError:
                ended = True

    assert status_of(answer) == status


def test_who_says_nothing_is_let_go_before_and_between_requests(hasty: SocketSite) -> None:
    with closing(hasty.connect()) as client:
        assert client.recv(1) == b""
    with closing(hasty.connect()) as client:
        client.sendall(GET + b"\r\n")
        assert status_of(read_answer(client)) == 200
        assert client.recv(1) == b""


def test_who_does_not_take_an_answer_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.web.connection.SLOWEST_READER", 1e6)
    monkeypatch.setattr("tracker.web.server.SEND_BUFFER", 8192)
    large = timeline_of(*(event(f"e{number}", when="2030-01-01") for number in range(200)))
    with served(large, patience=SOON) as site, ExitStack() as clients:
        for _ in range(5):
            client = clients.enter_context(closing(socket.socket()))
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            client.connect(("127.0.0.1", site.port))
            client.sendall(GET + b"\r\n" + GET + b"\r\n")
            assert client.recv(1) == b"H"
        _wait_until(lambda: not site.places.taken)

    assert "web.slow" in site.complaints


# -- too many


def test_when_all_places_are_taken_who_waited_longest_makes_room_for_somebody_else() -> None:
    with served(timeline(), most=20) as site, ExitStack() as clients:
        idle = [clients.enter_context(closing(site.connect())) for _ in range(20)]
        for client in idle:
            client.sendall(GET)
        answers = [site.status(GET, END, source="127.0.0.2") for _ in range(3)]

        assert answers == [200, 200, 200]
        assert len(idle) == 20


def test_who_finds_no_place_is_told_when_to_come_back() -> None:
    with served(timeline(), most=20) as site, ExitStack() as clients:
        for _ in range(20):
            clients.enter_context(closing(site.connect())).sendall(GET)
        answer = site.ask(GET, END)  # from the address that has them all, at once

    assert status_of(answer) == 503
    assert b"retry-after: 5" in answer
    assert b"Too many connections are open here at present." in answer
    assert site.complaints == ["web.crowded"]


def test_a_place_is_free_again_when_its_client_goes() -> None:
    with served(timeline(), most=20) as site:
        assert {site.status(GET, END) for _ in range(100)} == {200}
        for _ in range(100):
            site.connect().close()

        _wait_until(lambda: not site.places.taken)


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)
