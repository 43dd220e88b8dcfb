"""What other processes say on a PostgreSQL, heard as it is said (LISTEN and NOTIFY)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event, Thread
from typing import NamedTuple

import psycopg
from psycopg.sql import SQL, Identifier

#: Seconds between two tries to listen, where the server is away.
_AGAIN = 1.0
#: So many seconds after something was heard last the connection is tried: it may have been cut.
_SILENCE = 1.0
#: Seconds that a thread has to end in; a server that hangs may keep it for longer.
_PATIENCE = 5.0


class ListenerCallbacks(NamedTuple):
    """What is called, in the listener's thread."""

    heard: Callable[[str], None]  #: with the channel on which something was said
    back: Callable[[], None]  #: it listens, from now on; before that something may have been missed
    lost: Callable[[str], None]  #: it cannot listen any more, and why


class Listener:
    """Listens in a thread of its own until it is closed, whatever becomes of the connection."""

    def __init__(
        self, conninfo: str, channels: Sequence[str], callbacks: ListenerCallbacks
    ) -> None:
        self._conninfo = conninfo
        self._channels = channels
        self._callbacks = callbacks
        self._ended = Event()
        self._thread = Thread(target=self._run, name="listening", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join(_PATIENCE)

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                with psycopg.connect(self._conninfo, autocommit=True) as connection:
                    self._listen(connection)
            except psycopg.Error as error:
                self._callbacks.lost(str(error))
                self._ended.wait(_AGAIN)

    def _listen(self, connection: psycopg.Connection) -> None:
        for name in self._channels:
            connection.execute(SQL("LISTEN {}").format(Identifier(name)))
        self._callbacks.back()
        while not self._ended.is_set():
            for notification in connection.notifies(timeout=_SILENCE):
                self._callbacks.heard(notification.channel)
            connection.execute("SELECT 1")
