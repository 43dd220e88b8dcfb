"""Serves one port: accepts as many connections as there is room for, and looks after their time.

uvicorn accepts whatever comes and hands it on only then. Here a connection has its place before
anything is made for it; who gets none is told so by the bare socket.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple

import uvicorn

from tracker import clock
from tracker.web.complaints import Complain
from tracker.web.connection import CROWDED, LimitedProtocol, refusal
from tracker.web.places import HeldPlace, Places

#: So many are accepted before anybody else has a turn.
_AT_ONCE = 64
#: So many that were turned away may be told so at leisure, for so long; the rest are cut off.
MOST_LEAVING, _LEAVING = 32, 1.0
#: So many may wait to be accepted: they take none of our file descriptors yet.
BACKLOG = 512
#: Bytes of an answer that the system holds for one connection. It would take megabytes for each who
#: does not read, and all of the machine's for some hundreds of them.
SEND_BUFFER = 131_072
#: What accept() says where the process, or the machine, has no room left.
_NO_ROOM = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


class WebLimits(NamedTuple):
    """What clients of one server may take."""

    places: Places
    patience: float  #: in seconds, for a request, for the next one, and for the taking of an answer
    complain: Complain


class WebServer(uvicorn.Server):
    """A server of that application, on one listening socket."""

    def __init__(
        self, app: Any, protocol: Callable[..., LimitedProtocol], limits: WebLimits, **more: Any
    ) -> None:
        config = uvicorn.Config(
            app,
            http=LimitedProtocol,
            ws="none",
            proxy_headers=False,  # where the page is, tracker.toml says: never a request
            log_config=None,
            log_level="critical",  # what clients do wrong is ours to say: see complaints.py
            lifespan="off",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
            **more,
        )
        super().__init__(config)
        self._protocol = protocol
        self._limits = limits
        self._interval = min(1.0, limits.patience / 4)
        self._listening: socket.socket | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self._arriving: set[asyncio.Task[None]] = set()
        self._leaving: deque[tuple[float, socket.socket]] = deque()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=[])
        self._listening = next(iter(sockets or ()))
        self._listening.setblocking(False)
        # Each connection that it accepts has the same.
        self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self._listening.listen(BACKLOG)
        self._begin_accepting()
        self._look()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stop_accepting()
        self._listening = None
        for timer in self._timers:
            timer.cancel()
        while self._leaving:
            self._leaving.popleft()[1].close()
        await super().shutdown(sockets=sockets)

    # -- accepting

    def _begin_accepting(self) -> None:
        if self._listening is not None:
            asyncio.get_running_loop().add_reader(self._listening.fileno(), self._accept)

    def _stop_accepting(self) -> None:
        if self._listening is not None:
            asyncio.get_running_loop().remove_reader(self._listening.fileno())

    def _accept(self) -> None:
        for _ in range(_AT_ONCE):
            if self._listening is None:
                return
            try:
                accepted, address = self._listening.accept()
            except OSError as error:
                if error.errno in _NO_ROOM:
                    self._limits.complain("web.no-files")
                    self._stop_accepting()
                    self._later(1.0, self._begin_accepting)
                return
            accepted.setblocking(False)
            place = self._limits.places.take(address[0])
            if place is None:
                self._turn_away(accepted)
                continue
            task = asyncio.get_running_loop().create_task(self._receive(accepted, place))
            self._arriving.add(task)
            task.add_done_callback(self._arriving.discard)

    async def _receive(self, accepted: socket.socket, place: HeldPlace) -> None:
        """Makes the connection, unless its client has gone already."""
        make = partial(
            self._protocol,
            place,
            self._limits.patience,
            self._limits.complain,
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )
        try:
            await asyncio.get_running_loop().connect_accepted_socket(make, accepted)
        except OSError:
            place.leave()
            accepted.close()

    def _turn_away(self, accepted: socket.socket) -> None:
        """Says that there is no room, to who can still hear it."""
        self._limits.complain("web.crowded", most=self._limits.places.most)
        with suppress(OSError):
            accepted.send(refusal(CROWDED))
            accepted.shutdown(socket.SHUT_WR)
        if len(self._leaving) >= MOST_LEAVING:
            _close(self._leaving.popleft()[1])
        self._leaving.append((clock.steady() + _LEAVING, accepted))

    # -- time

    def _look(self) -> None:
        """Ends what has had its time."""
        now = clock.steady()
        for connection in list(self.server_state.connections):
            if isinstance(connection, LimitedProtocol):
                connection.look(now)
        while self._leaving and self._leaving[0][0] <= now:
            _close(self._leaving.popleft()[1])
        self._later(self._interval, self._look)

    def _later(self, seconds: float, action: Callable[[], None]) -> None:
        now = asyncio.get_running_loop().time()
        self._timers = [timer for timer in self._timers if timer.when() > now]
        self._timers.append(asyncio.get_running_loop().call_later(seconds, action))


def _close(leaving: socket.socket) -> None:
    """Closes it with nothing unread in it, so that what was said last arrives."""
    with suppress(OSError):
        leaving.recv(65_536)
    leaving.close()
