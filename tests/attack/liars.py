"""Servers that answer what they please, byte for byte: a receiver of webhooks, and a mail server."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: As a mail server answers that means no harm (RFC 5321); whatever else it is asked, it takes.
_USUAL = {"GREETING": b"220 here\r\n", "EHLO": b"250 here\r\n", "DATA": b"354 go ahead\r\n"}
_FINE = b"250 fine\r\n"
_TAKEN = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"
#: In place of a command: when a mail is at its end.
END = "END"
#: Of one request.
_MOST_BYTES = 1 << 20


class Liar(socketserver.ThreadingTCPServer):
    """What it is to say, and whether it hangs up then; without lies it takes everything."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, handler: type[socketserver.BaseRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.lies: dict[str, tuple[bytes, bool]] = {}
        self.times_asked = 0

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, *_: Any) -> None:
        """Who hangs up has heard enough."""


class _Conversation(socketserver.StreamRequestHandler):
    server: Liar

    def say(self, command: str, usual: bytes) -> None:
        """What it says to that; raises OSError where it hangs up then."""
        lie, is_last = self.server.lies.get(command, (usual, False))
        self.wfile.write(lie)
        if is_last:
            raise ConnectionAbortedError


class _Receiver(_Conversation):
    def handle(self) -> None:
        try:
            while line := self.rfile.readline(_MOST_BYTES):
                length = 0
                while line.strip():
                    name, _, value = line.partition(b":")
                    if name.lower() == b"content-length":
                        length = int(value)
                    line = self.rfile.readline(_MOST_BYTES)
                self.rfile.read(length)
                self.server.times_asked += 1
                self.say("POST", _TAKEN)
        except OSError:
            return


class _Mail(_Conversation):
    def handle(self) -> None:
        try:
            self.say("GREETING", _USUAL["GREETING"])
            while line := self.rfile.readline(_MOST_BYTES):
                command = line[:4].decode("latin-1").upper()
                self.say(command, _USUAL.get(command, _FINE))
                if command == "DATA" and command not in self.server.lies:
                    while self.rfile.readline(_MOST_BYTES) not in (b".\r\n", b""):
                        pass
                    self.server.times_asked += 1
                    self.say(END, _FINE)
        except OSError:
            return


@contextmanager
def lying_servers() -> Iterator[tuple[Liar, Liar]]:
    """A receiver of webhooks and a mail server, as long as they are needed."""
    with Liar(_Receiver) as receiver, Liar(_Mail) as mail:
        for server in (receiver, mail):
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield receiver, mail
        finally:
            for server in (receiver, mail):
                server.shutdown()
