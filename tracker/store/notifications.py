"""Listening to what other processes notify on a PostgreSQL (LISTEN and NOTIFY)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from selectors import EVENT_READ, DefaultSelector
from socket import socket, socketpair
from typing import NamedTuple

import psycopg
from psycopg.sql import SQL, Identifier

from tracker.failures.supervision import Duty, SupervisedThread, Supervisor
from tracker.i18n.reasons import Reason
from tracker.store.database_reasons import reason_of_database

#: Seconds between two tries to listen, where the server is away.
_RETRY = 1.0
#: Seconds without a notification after which the connection is tested: it may have been cut.
_QUIET = 1.0
#: Seconds that a thread has to end in; a server that hangs may keep it for longer.
_PATIENCE = 5.0


class ListenerCallbacks(NamedTuple):
    """What is called, in the listener's thread."""

    on_notification: Callable[[str], None]  #: with the channel of a notification
    on_listening: Callable[[], None]  #: from now on; something may have been missed before
    on_lost: Callable[[Reason], None]  #: it cannot listen any more, and why


class Listener:
    """Listens in a thread of its own until it is closed, whatever becomes of the connection."""

    def __init__(
        self,
        conninfo: str,
        channels: Sequence[str],
        callbacks: ListenerCallbacks,
        supervisor: Supervisor,
        duty: Duty,
    ) -> None:
        self._conninfo = conninfo
        self._channels = channels
        self._callbacks = callbacks
        self._supervisor, self._duty = supervisor, duty
        self._thread = SupervisedThread("listening", supervisor, duty, self._listen_once)
        self._stopping = self._thread.stopping
        self._end_sender: socket | None = None  #: wakes it when it is to end

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._thread.stop()
        with suppress(OSError):  # it has ended by itself
            if (sender := self._end_sender) is not None:
                sender.send(b"!")
        self._thread.join(_PATIENCE)

    def _listen_once(self) -> bool:
        """Until the connection is lost, or it is to end; whether it is to go on."""
        self._end_sender, end_receiver = socketpair()
        with self._end_sender, end_receiver:
            try:
                with psycopg.connect(self._conninfo, autocommit=True) as connection:
                    self._listen(connection, end_receiver)
            except psycopg.Error as error:
                self._callbacks.on_lost(reason_of_database(error))
                self._stopping.wait(_RETRY)
        return not self._stopping.is_set()

    def _listen(self, connection: psycopg.Connection, end_receiver: socket) -> None:
        for name in self._channels:
            connection.execute(SQL("LISTEN {}").format(Identifier(name)))
        self._callbacks.on_listening()
        self._supervisor.note_success(self._duty)
        with DefaultSelector() as selector:
            selector.register(connection, EVENT_READ)
            selector.register(end_receiver, EVENT_READ)
            while not self._stopping.is_set():
                for notification in connection.notifies(timeout=0):
                    self._callbacks.on_notification(notification.channel)
                if not selector.select(_QUIET):
                    connection.execute("SELECT 1")
