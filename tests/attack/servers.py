"""A real `tracker serve` of its own, and raw connections to it."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from tests.attack.drawing import ROOT
from tests.attack.kind import Fault
from tests.end_to_end.processes import environment

_SECONDS = 60
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5][0-9][0-9])")
_SETTINGS = 'database = "sqlite:///{folder}/ledger.sqlite3"\n[[recipient]]\nname = "legal"\nto = ["terminal"]\n'


class Answer(NamedTuple):
    """One response."""

    status: int
    content: bytes


class Served:
    """The server's process, and what it says."""

    def __init__(self, folder: Path, command: str = "serve") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for file in (ROOT / "events.toml", ROOT / "examples" / "again.toml"):
            text = file.read_bytes().replace(b"abmedia.txt", b"")
            (folder / file.name).write_bytes(
                text if file.name != "events.toml" else _without_texts(text)
            )
        settings = _SETTINGS.format(folder=folder)
        (folder / "tracker.toml").write_text(settings, encoding="utf-8")
        self.log = folder / "log"
        files = [
            word for name in ("events.toml", "again.toml") for word in ("-f", str(folder / name))
        ]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-u", "-m", "tracker", command, "--port", "0", *files],
                stdout=log,
                stderr=log,
                env=environment(folder / "home"),
            )
        self.port = self._port()
        self._seen = 0

    def _port(self) -> int:
        end = time.monotonic() + _SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            _, there, rest = self.log.read_text("utf-8", "replace").partition("http://127.0.0.1:")
            if there and "/" in rest:
                return int(rest.partition("/")[0])
            time.sleep(0.05)
        raise RuntimeError(f"it does not serve: {self.log.read_text('utf-8', 'replace')}")

    def news(self) -> str:
        """What it has said since it was asked last."""
        text = self.log.read_text("utf-8", "replace")
        self._seen, fresh = len(text), text[self._seen :]
        return fresh

    def check(self) -> None:
        """Raises Fault where it is gone, or has said what nobody should read."""
        fresh = self.news()
        if self.process.poll() is not None:
            raise Fault(f"it ended with {self.process.returncode}: {fresh[-2000:]}")
        if "Traceback" in fresh or "Exception in" in fresh:
            raise Fault(f"in its log: {fresh[-2500:]}")

    def ask(self, parts: Sequence[bytes], patience: float = 2.0) -> list[Answer]:
        """What comes back for what is sent piece by piece, until the connection ends."""
        received = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=_SECONDS) as connection:
            with suppress(OSError):  # it may have hung up on us
                for part in parts:
                    connection.sendall(part)
            connection.settimeout(patience)
            with suppress(OSError):
                while part := connection.recv(65536):
                    received += part
        return answers_in(received)

    def get(self, path: str) -> Answer:
        """One response to one request."""
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        return self.ask([head.encode("latin-1")], _SECONDS)[0]

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(_SECONDS)


def _without_texts(text: bytes) -> bytes:
    """The sources' own texts are not there."""
    return b"\n".join(line for line in text.split(b"\n") if not line.startswith(b"text = "))


def answers_in(received: bytes) -> list[Answer]:
    """The responses that those bytes are; raises Fault where they are none."""
    answers: list[Answer] = []
    while received:
        head, ends, rest = received.partition(b"\r\n\r\n")
        line = _STATUS_LINE.match(head)
        if line is None:
            raise Fault(f"no HTTP: {received[:300]!r}, after {answers[-2:]}")
        if not ends:
            break
        length = 0
        # Of what was asked for with HEAD, only the head comes.
        if not rest.startswith(b"HTTP/1.") and int(line[1]) not in (100, 204, 304):
            length = _length_of(head.lower(), rest)
        answers.append(Answer(int(line[1]), rest[:length]))
        received = rest[length:]
    return answers


def _length_of(head: bytes, rest: bytes) -> int:
    """Of the content of a response: in chunks (RFC 9112, section 7.1), of a length, or the rest."""
    if b"transfer-encoding: chunked" in head:
        end = rest.find(b"\r\n0\r\n\r\n")
        return len(rest) if end < 0 else end + 7
    stated = re.search(rb"content-length: ([0-9]+)", head)
    return len(rest) if stated is None else int(stated[1])


@contextmanager
def serving(folder: Path, command: str = "serve") -> Iterator[Served]:
    """A server, as long as it is needed."""
    served = Served(folder, command)
    try:
        yield served
    finally:
        served.stop()
