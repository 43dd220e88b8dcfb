"""Mail, over SMTP.

Promises: TLS is verified, and asked for unless the server is on this machine; what the server said
yes to is delivered. Message-ID is the message's identity, the same however often it is sent;
messages about the same event are one thread; a mail program can end it with one click where
`web.url` is set (RFC 8058). One connection takes many messages. Where the server keeps a message
waiting, for ten minutes at most (RFC 5321, section 4.5.3.2.6), others go out through another
connection, but none to the same mailbox. A server that cannot be reached, or answers nobody, holds
up all mail until the next try; one that refuses a message holds up that one alone. A message is
shortened to the size that the server names (RFC 1870), or by half where its answer is that it is
too large.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import NamedTuple

from tracker.alerts.blocking_calls import in_thread
from tracker.alerts.channel import BadAddress, ChannelSettings, ProbeResult, Undelivered
from tracker.alerts.mail_probe import probe_mail
from tracker.alerts.mail_refusals import reason_of_mail_error
from tracker.alerts.message import Message
from tracker.alerts.mime import mime_of
from tracker.alerts.refusals import is_about_length
from tracker.alerts.shortening import shorten_to
from tracker.alerts.smtp_connections import NoConnection, SmtpConnections
from tracker.alerts.smtp_session import (
    HungUp,
    Patience,
    SmtpSession,
    is_login_refused,
    is_refused_for_good,
    is_timeout,
)
from tracker.config.addresses import Address
from tracker.config.sending import MailServer
from tracker.dates.diagnostics import Diagnostic
from tracker.i18n.reasons import Reason
from tracker.store.held_channels import Barrier

SCHEMES: tuple[str, ...] = ("mailto",)
MOST_LISTED: int | None = 40
#: Message length exceeds administrative limit, message too big for system (RFC 3463, section 3).
_TOO_LARGE = re.compile(r"5[0-9][0-9][ -]5\.(?:2\.3|3\.4)\b")
_PATIENCE = Patience()


def most_reminders(_scheme: str) -> int:
    return 40


def channel_key(_address: Address) -> str:
    return "mail"


def open_channel(_address: Address, settings: ChannelSettings) -> MailChannel:
    if settings.delivery.mail is None:
        raise BadAddress(Diagnostic("no-mail-server"))
    return MailChannel(settings.delivery.mail, settings.now)


class _Envelope(NamedTuple):
    mailbox: str
    content: bytes
    message: Message


class MailChannel:
    """One mail server: one connection while it is fast, a few where it takes its time."""

    parallel = 16  # messages; most of them wait for a connection
    parallel_to_one = 2  # one is on its way; the one before is marked meanwhile, or the next waits

    def __init__(
        self, server: MailServer, now: Callable[[], datetime], patience: Patience = _PATIENCE
    ) -> None:
        self._server = server
        self._now = now
        self._patience = patience
        self._connections = SmtpConnections(server, patience)
        self._delivered = 0

    def prepare(self, message: Message, address: Address) -> _Envelope:
        return self._envelope(message, address.mailbox)

    def _envelope(self, message: Message, mailbox: str) -> _Envelope:
        server = self._server
        content = mime_of(message, server.sender, mailbox, self._now(), server.sender_name)
        return _Envelope(mailbox, content, message)

    def _envelope_within(self, most: int, envelope: _Envelope) -> _Envelope:
        """The same message in so many bytes at most; if need be without its attachment."""

        def size(message: Message) -> int:
            return len(self._envelope(message, envelope.mailbox).content)

        shorter = shorten_to(envelope.message, lambda message: size(message) <= most)
        if size(shorter) > most:
            alone = replace(envelope.message, make_calendar=None)
            shorter = shorten_to(alone, lambda message: size(message) <= most)
        return self._envelope(shorter, envelope.mailbox)

    async def deliver(self, prepared: _Envelope) -> None:
        delivered, is_sent = self._delivered, False
        while not is_sent:
            session = await self._take_session(prepared.mailbox)
            try:
                is_sent = await self._send(session, prepared)
            except OSError as error:
                # A server that stalls and takes others' mails meanwhile holds up this one alone.
                is_silent = is_timeout(error) and self._delivered == delivered
                reason = self._reason_of(error, session.seconds)
                if is_login_refused(error):
                    raise Undelivered(reason, unreachable=True, barrier="login") from None
                for_good = is_refused_for_good(error)
                raise Undelivered(reason, unreachable=is_silent, for_good=for_good) from None
            finally:
                self._connections.give_back(session, prepared.mailbox)
        self._delivered += 1

    async def _take_session(self, mailbox: str) -> SmtpSession:
        """A connection for a message to that mailbox. Raises Undelivered."""
        try:
            return await self._connections.take(mailbox)
        except NoConnection as failed:
            reason = self._reason_of(failed.error, failed.seconds)
            barrier: Barrier | None = "login" if is_login_refused(failed.error) else None
            raise Undelivered(reason, unreachable=True, barrier=barrier) from None

    def _reason_of(self, error: OSError, seconds: float) -> Reason:
        return reason_of_mail_error(error, f"{self._server.host}:{self._server.port}", seconds)

    async def _send(self, session: SmtpSession, prepared: _Envelope) -> bool:
        """Sends it; False: the server had ended the connection before it. Raises OSError."""
        whole = prepared
        if session.largest and len(prepared.content) > session.largest:
            prepared = self._envelope_within(session.largest, prepared)
        while True:
            try:
                await in_thread(partial(session.send, prepared.mailbox, prepared.content))
                return True
            except HungUp:
                return False
            except asyncio.CancelledError:
                session.abort()
                raise
            except OSError as refused:
                size = len(prepared.content)
                if not _is_too_large(self._reason_of(refused, session.seconds).words):
                    raise
                prepared = self._envelope_within(size // 2, whole)
                if len(prepared.content) >= size:
                    raise

    async def probe(self, addresses: Sequence[Address]) -> ProbeResult:
        mailboxes = [address.mailbox for address in addresses]
        result = await in_thread(partial(probe_mail, self._server, mailboxes))
        if isinstance(result, Reason):
            raise Undelivered(result, unreachable=True)
        return result

    async def release(self) -> None:
        await self._connections.rest()

    def close(self) -> None:
        self._connections.close()


def _is_too_large(reply: str) -> bool:
    """Whether a refusal is about the size of the message, by its code or by its words."""
    return bool(_TOO_LARGE.match(reply)) or (reply[:3] == "552" and is_about_length("", reply))
