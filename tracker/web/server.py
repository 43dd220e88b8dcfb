"""Serves one port: accepts as many connections as there is room for, and looks after their time.

uvicorn accepts whatever comes and hands it on only then. Here a connection has its place before
anything is made for it; who gets none is told so by the bare socket.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from math import inf
from typing import Any, NamedTuple

import uvicorn

from tracker import clock
from tracker.failures.supervision import Duty, Supervisor
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
#: Seconds in which its loop has to come round; and so long its thread rests where the loop fails.
_STUCK, _BREATH = 90.0, 0.1


class WebLimits(NamedTuple):
    """What clients of one server may take."""

    places: Places
    patience: float  #: in seconds, for a request, for the next one, and for the taking of an answer
    complain: Complain


class WebServer(uvicorn.Server):
    """A server of that application, on one listening socket."""

    def __init__(
        self,
        app: Any,
        protocol: Callable[..., LimitedProtocol],
        limits: WebLimits,
        supervisor: Supervisor,
        duty: Duty,
        **more: Any,
    ) -> None:
        """`duty`: what it does, for whoever asks what fails."""
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
        self._supervisor, self._duty = supervisor, duty
        self._interval = min(1.0, limits.patience / 4)
        self._look_at = 0.0  #: in steady seconds, as the next one
        self._accept_at: float | None = None  #: when it accepts again; None: it does
        self._listening: socket.socket | None = None
        self._arriving: dict[asyncio.Task[None], float] = {}  #: by when each has arrived
        self._leaving: deque[tuple[float, socket.socket]] = deque()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=[])
        asyncio.get_running_loop().set_exception_handler(self._note_stray)
        self._listening = next(iter(sockets or ()))
        self._listening.setblocking(False)
        # Each connection that it accepts has the same.
        self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self._listening.listen(BACKLOG)
        self._supervisor.expect(self._duty, _STUCK)
        self._begin_accepting()

    async def main_loop(self) -> None:
        """uvicorn's: it comes to an end once it is told to, whatever is raised in it."""
        while not self.should_exit:
            try:
                await super().main_loop()
            except (Exception, SystemExit) as error:  # noqa: BLE001 - it is noted
                self._supervisor.note(self._duty, error)
                time.sleep(_BREATH)  # for the threads: to wait in the loop may be what failed

    async def on_tick(self, counter: int) -> bool:
        now = clock.steady()
        if now >= self._look_at:
            self._look_at = now + self._interval
            self._look(now)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stop_accepting()
        self._listening = None
        while self._leaving:
            self._leaving.popleft()[1].close()
        await super().shutdown(sockets=sockets)

    # -- accepting

    def _begin_accepting(self) -> None:
        if self._listening is not None:
            asyncio.get_running_loop().add_reader(self._listening.fileno(), self._accept)
            self._accept_at = None

    def _stop_accepting(self, seconds: float = inf) -> None:
        self._accept_at = clock.steady() + seconds
        if self._listening is not None:
            asyncio.get_running_loop().remove_reader(self._listening.fileno())

    def _accept(self) -> None:
        try:
            for _ in range(_AT_ONCE):
                if self._listening is None or not self._accept_next(self._listening):
                    return
        except (Exception, SystemExit) as error:  # noqa: BLE001 - it is noted
            self._fail(error)

    def _accept_next(self, listening: socket.socket) -> bool:
        """Whether there may be another one."""
        try:
            accepted, address = listening.accept()
        except OSError as error:
            if error.errno in _NO_ROOM:
                self._limits.complain("web.no-files")
                self._stop_accepting(1.0)
            return False
        place: HeldPlace | None = None
        try:
            accepted.setblocking(False)
            place = self._limits.places.take(address[0])
            if place is None:
                self._turn_away(accepted)
                return True
            task = asyncio.get_running_loop().create_task(self._receive(accepted, place))
        except BaseException:
            _give_up(accepted, place)
            raise
        self._arriving[task] = clock.steady() + self._limits.patience
        task.add_done_callback(self._arriving.pop)
        return True

    async def _receive(self, accepted: socket.socket, place: HeldPlace) -> None:
        """Makes the connection, unless its client has gone already."""
        try:
            make = partial(
                self._protocol,
                place,
                self._limits.patience,
                self._limits.complain,
                config=self.config,
                server_state=self.server_state,
                app_state=self.lifespan.state,
            )
            await asyncio.get_running_loop().connect_accepted_socket(make, accepted)
        except (OSError, asyncio.CancelledError):
            _give_up(accepted, place)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - it is noted
            _give_up(accepted, place)
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        """Accepts nothing more for a while: whoever waits to be accepted goes on waiting."""
        self._stop_accepting(self._supervisor.note(self._duty, error))

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

    def _look(self, now: float) -> None:
        """Ends what has had its time, and accepts again where that failed."""
        if self._accept_at is not None and now >= self._accept_at:
            self._begin_accepting()
            self._accept()
        try:
            self._end_late(now)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - it is noted
            self._supervisor.note(self._duty, error)
        else:
            if self._accept_at is None:
                self._supervisor.note_success(self._duty)
            else:
                self._supervisor.note_end(self._duty)

    def _end_late(self, now: float) -> None:
        failed: BaseException | None = None
        for connection in list(self.server_state.connections):
            if isinstance(connection, LimitedProtocol):
                try:
                    connection.look(now)
                except (Exception, SystemExit) as error:  # noqa: BLE001 - the others are looked at
                    failed = error
                    connection.transport.abort()
        for task, until in self._arriving.items():
            if until <= now:  # what was raised while it was made has left it without an end
                task.cancel()
        while self._leaving and self._leaving[0][0] <= now:
            _close(self._leaving.popleft()[1])
        if failed is not None:
            raise failed

    def _note_stray(self, _loop: object, context: dict[str, Any]) -> None:
        """What was raised in the loop, and has ended a connection at most."""
        error = context.get("exception")
        if isinstance(error, Exception | SystemExit) and not isinstance(error, OSError):
            self._supervisor.note(self._duty, error)


def _close(leaving: socket.socket) -> None:
    """Closes it with nothing unread in it, so that what was said last arrives."""
    with suppress(OSError):
        leaving.recv(65_536)
    leaving.close()


def _give_up(accepted: socket.socket, place: HeldPlace | None) -> None:
    """It becomes no connection."""
    if place is not None:
        place.leave()
    accepted.close()
