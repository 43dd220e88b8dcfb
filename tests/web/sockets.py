"""A site on a real socket, with little patience, and what a client sends to it byte by byte."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, NamedTuple

from tests.web.sites import FixedSource, site_of
from tracker import clock
from tracker.failures.supervision import Duty, Supervisor
from tracker.timeline.points import Timeline
from tracker.web.app import make_app
from tracker.web.complaints import Complaints
from tracker.web.fast_path import protocol_for
from tracker.web.places import Places
from tracker.web.server import WebLimits, WebServer

GET = b"GET /calendar.ics HTTP/1.1\r\nHost: localhost\r\n"
#: For what is about to happen.
SECONDS = 30


class SocketSite(NamedTuple):
    """What is served, and what its log would say of those who ask."""

    port: int
    places: Places
    complaints: list[str]
    supervisor: Supervisor

    def connect(self, source: str = "127.0.0.1") -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), SECONDS, (source, 0))

    def ask(self, *pieces: bytes, source: str = "127.0.0.1") -> bytes:
        """All that comes back until the server ends it."""
        with closing(self.connect(source)) as client:
            for piece in pieces:
                client.sendall(piece)
            return read_all(client)

    def status(self, *pieces: bytes, source: str = "127.0.0.1") -> int:
        return status_of(self.ask(*pieces, source=source))


@contextmanager
def served(
    timeline: Timeline | FixedSource, patience: float = SECONDS, most: int = 50, **fields: Any
) -> Iterator[SocketSite]:
    """The site, over real HTTP, until the block ends."""
    source = timeline if isinstance(timeline, FixedSource) else FixedSource(timeline)
    written: list[str] = []
    complaints = Complaints(lambda name, _level, **_values: written.append(name))
    site = site_of(source, complain=complaints.note, **fields)
    app, places = make_app(site), Places(most, site.proxies.has)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        limits, supervisor = WebLimits(places, patience, complaints.note), Supervisor(clock.steady)
        server = WebServer(app, protocol_for(app), limits, supervisor, Duty("serve"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield SocketSite(port, places, written, supervisor)
        finally:
            server.should_exit = True
            thread.join()


def read_all(client: socket.socket) -> bytes:
    content = b""
    try:
        while chunk := client.recv(65_536):
            content += chunk
    except ConnectionResetError:
        pass
    return content


def read_answer(client: socket.socket) -> bytes:
    """One answer of known length, on a connection that goes on."""
    content = b""
    while b"\r\n\r\n" not in content:
        chunk = client.recv(65_536)
        if not chunk:
            return content
        content += chunk
    head, _, body = content.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            while len(body) < int(line.partition(b":")[2]):
                body += client.recv(65_536)
    return head + b"\r\n\r\n" + body


def status_of(answer: bytes) -> int:
    """The status of the first answer; 0: there was none."""
    return int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0
