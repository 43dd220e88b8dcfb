"""Whoever watches over a process is answered whatever visitors do, also on the port for watchers."""

from __future__ import annotations

import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import NamedTuple

import pytest

from tests.web.sockets import SECONDS, read_all, status_of
from tracker import clock
from tracker.failures.supervision import Supervisor
from tracker.service.metrics import Metrics
from tracker.service.open_files import FOR_STATUS, RESERVED, make_room
from tracker.service.status_server import StatusServer
from tracker.web.complaints import Complaints, keep_silent
from tracker.web.places import Places
from tracker.web.server import WebLimits
from tracker.web.status import HealthReport


class FixedMetrics(NamedTuple):
    """What a process would say of itself."""

    def report(self) -> HealthReport:
        return HealthReport(None, None)

    def text(self) -> bytes:
        return b"tracker_healthy 1.0\n"


@pytest.fixture
def port() -> Iterator[int]:
    metrics: Metrics = FixedMetrics()  # type: ignore[assignment]
    listening = socket.create_server(("127.0.0.1", 0))
    port: int = listening.getsockname()[1]
    limits = WebLimits(Places(FOR_STATUS), 0.4, keep_silent)
    url, supervisor = f"http://127.0.0.1:{port}/", Supervisor(clock.steady)
    with closing(StatusServer(listening, url, metrics, limits, supervisor)):
        yield port


def ask(port: int, request: bytes, source: str = "127.0.0.1") -> bytes:
    with closing(socket.create_connection(("127.0.0.1", port), SECONDS, (source, 0))) as client:
        client.sendall(request)
        return read_all(client)


END = b" HTTP/1.1\r\nHost: any\r\nConnection: close\r\n\r\n"


def test_it_says_how_the_process_is(port: int) -> None:
    assert ask(port, b"GET /healthz" + END).endswith(b"\r\n\r\nok\n\xe6\xad\xa3\xe5\xb8\xb8\n")
    assert ask(port, b"GET /metrics" + END).endswith(b"tracker_healthy 1.0\n")
    assert status_of(ask(port, b"HEAD /healthz" + END)) == 200
    assert status_of(ask(port, b"GET /" + END)) == 200
    assert status_of(ask(port, b"GET /nothing" + END)) == 404
    assert status_of(ask(port, b"POST /metrics" + END)) == 405


def test_half_requests_do_not_keep_watchers_away(port: int) -> None:
    with ExitStack() as clients:
        for _ in range(3 * FOR_STATUS):
            client = socket.create_connection(("127.0.0.1", port), SECONDS)
            clients.enter_context(closing(client)).sendall(b"GET /healthz HTTP/1.1\r\nA: ")

        assert status_of(ask(port, b"GET /healthz" + END, "127.0.0.2")) == 200


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET /" + b"a" * 100_000 + END, 414),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 1_000 + b"\r\n", 431),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 413),
        (b"\x16\x03\x01\x02\x00\x01\x00", 400),
        (b"GET / HTTP/1.1\r\nA: ", 408),
    ],
)
def test_what_is_too_large_too_slow_or_nonsense_is_refused(
    port: int, request_bytes: bytes, status: int
) -> None:
    assert status_of(ask(port, request_bytes)) == status


@pytest.fixture
def files() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("soft", "wanted", "connections", "raised"),
    [
        (512, 500, 500, 500 + RESERVED),
        (4096, 500, 500, 4096),
        (4096, 4000, 4000, 4000 + RESERVED),
    ],
)
def test_the_limit_of_open_files_is_raised_as_far_as_connections_need(
    soft: int, wanted: int, connections: int, raised: int
) -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    room = make_room(wanted)

    assert room.connections == connections
    assert room.for_page + room.for_status == connections
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == raised


def test_the_same_nonsense_is_a_line_a_minute_that_counts_what_was_not_said() -> None:
    now = 100.0
    lines: list[tuple[str, object]] = []
    complaints = Complaints(
        lambda name, _level, **values: lines.append((name, values["count"])), lambda: now
    )
    for second in range(0, 130, 2):
        now = 100.0 + second
        complaints.note("web.malformed")
    complaints.note("web.large")

    assert lines == [
        ("web.malformed", 1),
        ("web.malformed", 30),
        ("web.malformed", 30),
        ("web.large", 1),
    ]
