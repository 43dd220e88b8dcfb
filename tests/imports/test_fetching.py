"""Addresses that are imported: what they may lead to, how long they may take, what they are called."""

from __future__ import annotations

import socket
from asyncio.selector_events import BaseSelectorEventLoop
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest

from tests.imports.desk import ImportDesk, desk, event
from tracker.cli import fetching
from tracker.imports.foreign import Unreadable

__all__ = ["desk"]

CALENDAR = "\r\n".join(
    (
        "BEGIN:VCALENDAR",
        event("rent@x", "Rent", "DTSTART;VALUE=DATE:20270301").replace("\n", "\r\n"),
        "END:VCALENDAR",
        "",
    )
).encode()


class _Handler(BaseHTTPRequestHandler):
    over = Event()

    def do_GET(self) -> None:
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
            return
        self.send_response(404 if self.path == "/none" else 200)
        self.end_headers()
        if self.path.startswith("/basic.ics"):
            self.wfile.write(CALENDAR)
        while self.path == "/drips" and not self.over.wait(0.01):
            self.wfile.write(b"X")
        if self.path == "/large":
            for _ in range(8):
                self.wfile.write(b"X" * 1024)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a server on this machine."""
    _Handler.over.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as running:
        running.handle_error = lambda *_: None  # type: ignore[method-assign]  # who hung up is us
        Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        _Handler.over.set()
        running.shutdown()


def test_an_address_is_imported_and_its_secret_parts_are_not_written(
    desk: ImportDesk, server: str
) -> None:
    called = desk.bring(f"{server}/basic.ics?key=private-4f2a")

    assert called.code == 0, called.err
    assert desk.events["rent"]["imported"]["from"].startswith("127.0.0.1/basic.ics#")
    assert "4f2a" not in desk.text
    assert "as before" in desk.bring(f"{server}/basic.ics?key=private-4f2a").out


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/none", "http-status"),
        ("/to/file:///etc/passwd", "redirect-scheme"),
        ("/to/ftp://example.org/a.ics", "redirect-scheme"),
        ("/to//to//to//to//to//basic.ics", "redirects"),
        ("/to//none", "http-status"),
    ],
)
def test_where_an_address_may_not_lead(server: str, path: str, reason: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
        fetching.fetch_source(server + path)

    assert unreadable.value.reason == reason


def test_a_redirect_is_followed(server: str) -> None:
    assert fetching.fetch_source(f"{server}/to//basic.ics") == CALENDAR


#: What each name of a network stands for, which a test brings along.
NAMES = {
    "calendar.example.org": ["93.184.216.34"],
    "mirror.example.org": ["93.184.216.35", "2606:2800:220:1::1"],
    "intranet.example.org": ["10.1.2.3"],
    "both.example.org": ["93.184.216.34", "192.168.1.1"],
    "mapped.example.org": ["::ffff:127.0.0.1"],
    "cloud.example.org": ["169.254.169.254"],
    "six.example.org": ["fd00::1"],
}


@pytest.fixture
def network(server: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A network with those names, all of whose machines are the server; those that were reached."""
    look_up, connect = socket.getaddrinfo, BaseSelectorEventLoop.sock_connect
    port, reached = int(server.rpartition(":")[2]), []

    def names(host: str, to: int, *rest: Any, **more: Any) -> list[Any]:
        machines = NAMES.get(host, [host])
        return [row for machine in machines for row in look_up(machine, to, *rest, **more)]

    async def route(loop: Any, sock: socket.socket, address: Any) -> None:
        reached.append(address[0])
        there = ("127.0.0.1", port) if sock.family == socket.AF_INET else ("::1", 9)
        await connect(loop, sock, there)

    monkeypatch.setattr(socket, "getaddrinfo", names)
    monkeypatch.setattr(BaseSelectorEventLoop, "sock_connect", route)
    return reached


@pytest.mark.parametrize(
    "private",
    [
        *("intranet.example.org", "both.example.org", "mapped.example.org", "cloud.example.org"),
        *("six.example.org", "127.0.0.1", "[::1]", "[::ffff:10.0.0.1]", "0", "localhost"),
        *("2130706433", "0x7f.1", "100.64.0.1", "ann@10.0.0.1"),
    ],
)
def test_what_everybody_can_reach_leads_to_no_machine_that_only_ours_can(
    network: list[str], private: str
) -> None:
    """Also not by way of another that everybody can reach; and that machine is not asked."""
    for way in ("", "/to/http://mirror.example.org"):
        network.clear()
        with pytest.raises(Unreadable) as unreadable:
            fetching.fetch_source(f"http://calendar.example.org{way}/to/http://{private}/basic.ics")

        assert unreadable.value.reason == "redirect-private"
        assert network == ["93.184.216.34", "93.184.216.35"][: 2 if way else 1]


@pytest.mark.parametrize(
    "address",
    [
        "http://calendar.example.org/to/http://mirror.example.org/basic.ics",
        "http://calendar.example.org/to//to//basic.ics",
        "http://intranet.example.org/to/http://calendar.example.org/basic.ics",
        "http://intranet.example.org/to/http://127.0.0.1/basic.ics",
        "http://intranet.example.org/basic.ics",
    ],
)
def test_an_address_leads_everywhere_else(network: list[str], address: str) -> None:
    assert fetching.fetch_source(address) == CALENDAR
    assert network


@pytest.mark.parametrize(("path", "reason"), [("/drips", "too-slow"), ("/large", "larger-than")])
def test_what_never_ends_or_is_too_large_ends(
    server: str, monkeypatch: pytest.MonkeyPatch, path: str, reason: str
) -> None:
    monkeypatch.setattr(fetching, "PATIENCE", 0.3)
    monkeypatch.setattr(fetching, "MOST_BYTES", 4096)

    with pytest.raises(Unreadable) as unreadable:
        fetching.fetch_source(server + path)

    assert unreadable.value.reason == reason


@pytest.mark.parametrize("name", ["file:///etc/passwd", "ftp://example.org/a.ics", "none.ics"])
def test_nothing_else_is_read(desk: ImportDesk, name: str) -> None:
    called = desk.bring(name)

    assert called.code == 1
    assert called.err.count("\n") == 1
    assert not (desk.folder / "events.toml").exists()
