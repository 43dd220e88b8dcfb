"""Addresses that are imported: what they may lead to, how long they may take, what they are called."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

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


def test_what_comes_from_everywhere_leads_to_no_machine_of_ours(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first address counts as one that everybody can reach, the second one as it is."""
    looked_up = iter((True, False))
    monkeypatch.setattr(fetching, "_is_public", lambda _: next(looked_up))

    with pytest.raises(Unreadable) as unreadable:
        fetching.fetch_source(f"{server}/to//basic.ics")

    assert unreadable.value.reason == "redirect-private"


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
