"""The connections to one mail server: one while it is fast, a few where it takes its time.

A server may keep a mail for minutes before it says yes. Whoever waits for a connection meanwhile
gets another one, of which there are never many; but a mailbox gets one mail at a time, so that a
slow one occupies one connection and no more.

Nothing here belongs to an event loop longer than a message is under way: the next loop finds the
connections as the last one left them.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

from tracker.alerts.blocking_calls import in_thread
from tracker.alerts.smtp_session import Patience, SmtpSession
from tracker.config.sending import MailServer

#: Connections at once. Servers allow ten or more; where one allows fewer, fewer are used.
MOST = 8
#: Seconds that a connection is waited for before another one is made.
SLOW = 2.0
#: Seconds for which a server that refused a further connection is asked for none.
_REFUSED = 60.0


class NoConnection(Exception):
    """There is no connection to the server."""

    def __init__(self, error: OSError, seconds: float) -> None:
        super().__init__(str(error))
        self.error = error
        self.seconds = seconds  #: for which the last answer was waited for


class SmtpConnections:
    """Gives each mail a connection."""

    def __init__(self, server: MailServer, patience: Patience) -> None:
        self._server = server
        self._patience = patience
        self._open: set[SmtpSession] = set()
        self._idle: list[SmtpSession] = []
        self._mailboxes: set[str] = set()  #: to which a mail is under way
        self._turns: set[asyncio.Future[None]] = set()  #: of those who wait
        self._is_connecting = False
        self._refused_until = 0.0

    async def take(self, mailbox: str) -> SmtpSession:
        """A connection for a mail to that mailbox, to be given back. Raises NoConnection."""
        began = time.monotonic()
        while True:
            if mailbox not in self._mailboxes:
                self._mailboxes.add(mailbox)
                session: SmtpSession | None = None
                try:
                    session = await self._idle_session()
                    if session is None and self._may_connect(time.monotonic() - began):
                        session = await self._connect()
                    if session is not None:
                        return session
                finally:
                    if session is None:
                        self._mailboxes.discard(mailbox)
            await self._wait_for_turn()

    def give_back(self, session: SmtpSession, mailbox: str) -> None:
        self._mailboxes.discard(mailbox)
        if session.is_usable:
            self._idle.append(session)
        else:
            self._open.discard(session)
        self._end_turns(None)

    async def rest(self) -> None:
        """Nothing is to be sent for a while: one connection stays, and is tested before its use."""
        for session in self._idle[1:]:
            await self._close(session)
        del self._idle[1:]
        for session in self._idle:
            session.has_rested = True

    def close(self) -> None:
        for session in self._open:
            if session in self._idle:
                session.close()
            else:
                session.abort()
        self._open.clear()
        self._idle.clear()

    # -- how one is had

    async def _idle_session(self) -> SmtpSession | None:
        while self._idle:
            session = self._idle.pop()
            if not session.has_rested:
                return session
            self._open.discard(session)
            if await in_thread(session.is_there):
                self._open.add(session)
                return session
            await in_thread(session.close)
        return None

    def _may_connect(self, waited: float) -> bool:
        if not self._open:
            return not self._is_connecting
        is_slow = waited >= SLOW and time.monotonic() >= self._refused_until
        return is_slow and not self._is_connecting and len(self._open) < MOST

    async def _connect(self) -> SmtpSession | None:
        """A new connection; None: the server wants no further one. Raises NoConnection."""
        session = SmtpSession(self._server, self._patience)
        self._is_connecting = True
        try:
            await in_thread(session.open)
        except asyncio.CancelledError:
            session.abort()
            raise
        except OSError as error:
            if self._open:
                self._refused_until = time.monotonic() + _REFUSED
                return None
            failed = NoConnection(error, session.seconds)
            self._end_turns(failed)  # one try is enough for all that wait
            raise failed from None
        finally:
            self._is_connecting = False
        self._open.add(session)
        return session

    async def _close(self, session: SmtpSession) -> None:
        self._open.discard(session)
        await in_thread(session.close)

    # -- who waits for one

    async def _wait_for_turn(self) -> None:
        """Until a connection or a mailbox is free, or it is time to look again."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._turns.add(turn)
        try:
            with suppress(TimeoutError):  # never wait_for(), which can forget that it is cancelled
                async with asyncio.timeout(SLOW):
                    await turn
        finally:
            self._turns.discard(turn)

    def _end_turns(self, failed: NoConnection | None) -> None:
        for turn in self._turns:
            if turn.done():
                continue
            if failed is None:
                turn.set_result(None)
            else:
                turn.set_exception(failed)
