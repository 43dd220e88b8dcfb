"""Addresses, of which no two are alike: 2,000 more in each case, against one server for long.

Whatever has been asked for, and from wherever, memory, log and ledger stay as they are.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.attack.kind import STEPS, Desk, Fault, Kind, listed
from tests.attack.measuring import megabytes
from tests.attack.servers import Served, serving

#: What differs in each, for the number in it.
_WAYS = {
    "nothing there": "GET /nope/{n} HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    "a secret": "GET /s/{n:032x}/calendar.ics HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    "an alert": "GET /alert/{n:032x}/{n:x} HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    "a query": "GET /timeline?from={y:04}-01-{d:02} HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    "a supposition": "GET /what-if?if.agi-verified={y:04}-02-{d:02} HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    "a refused query": "GET /calendar.ics?tag=t{n} HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    "a host": "GET /subscribe HTTP/1.1\r\nHost: localhost:{port}\r\n",
    "a language": "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: x-{n}, ja;q=0.{d}\r\n",
    "a tag": 'GET /feed.atom HTTP/1.1\r\nHost: 127.0.0.1\r\nIf-None-Match: "{n:032x}"\r\n',
    "a client": "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n",
    "a nonsense": "N{n} / HTTP/9.9\r\n",
}
_MANY = 2_000
#: On one connection, one behind the other.
_TOGETHER = 50
#: What a server that has been warmed up may take more, in megabytes, and lines that its log may have.
_MOST_GROWN, _MOST_LINES = 60.0, 40
_SECONDS = 60.0


def draw_addresses(chance: Random) -> bytes:
    """A way, and from which number on."""
    return listed([[chance.choice(tuple(_WAYS)), chance.randrange(10**9)]])


class _Addresses:
    def __init__(self, served: Served) -> None:
        self._served = served
        self._memory = 0.0
        for way in _WAYS:
            self._ask(way, 10**9)
        self._memory = self._rss()

    def _rss(self) -> float:
        return megabytes(Path(f"/proc/{self._served.process.pid}"), "VmRSS")

    def attempt(self, case: bytes) -> None:
        self._served.news()
        for way, first in json.loads(case):
            for number in range(first, first + _MANY, _TOGETHER):
                self._ask(way, number)
        grown = self._rss() - self._memory
        if grown > _MOST_GROWN:
            raise Fault(f"it has {grown:.0f} MB more than it had")
        news = self._served.news()
        if "Traceback" in news or news.count("\n") > _MOST_LINES:
            raise Fault(f"{news.count(chr(10))} lines in its log: {news[-1500:]}")
        if self._served.get("/healthz").status != 200:
            raise Fault("it is no longer well")

    def _ask(self, way: str, first: int) -> None:
        """So many at once, of which each may have a connection of its own."""
        requests = [
            _WAYS[way]
            .format(n=number, y=1 + number % 9998, d=1 + number % 28, port=1 + number % 65535)
            .encode()
            for number in range(first, first + _TOGETHER)
        ]
        if way in ("a client", "a nonsense"):
            for number, request in enumerate(requests, first):
                self._converse(request + b"\r\n", f"127.{number % 250 + 1}.{number // 250 % 250}.7")
        else:
            requests[-1] += b"Connection: close\r\n"
            self._converse(b"\r\n".join(requests) + b"\r\n", "127.0.0.1")

    def _converse(self, sent: bytes, source: str) -> None:
        """From that address, of which Linux has all that begin with 127."""
        there = ("127.0.0.1", self._served.port)
        with socket.create_connection(there, _SECONDS, (source, 0)) as connection:
            connection.sendall(sent)
            received = 0
            while part := connection.recv(1 << 20):
                received += len(part)
        if not received:
            raise Fault(f"no answer to {sent[:200]!r}")


@contextmanager
def _desk(folder: Path) -> Iterator[Desk]:
    with serving(folder / "office") as served:
        yield Desk(_Addresses(served).attempt, served.process.pid)


ADDRESSES = Kind("addresses", draw_addresses, _desk, STEPS, seconds=120.0, share=0.02)
