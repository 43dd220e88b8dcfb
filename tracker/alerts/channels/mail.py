"""Mail, over SMTP.

Promises: TLS is verified, and asked for unless the server is on this machine; one connection takes
many messages; what the server said yes to is delivered. Message-ID is the message's identity, the
same however often it is sent; messages about the same event are one thread; a mail program can end
it with one click where `web.url` is set (RFC 8058). A server that cannot be reached, or stalls,
holds up all mail until the next try; one that refuses a message holds up that one alone. A message
is shortened to the size that the server names (RFC 1870), or by half where its answer is that it is
too large.
"""

from __future__ import annotations

import asyncio
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from tracker.alerts.channel import BadAddress, ChannelSettings, Undelivered
from tracker.alerts.mail_refusals import MailCommand, reason_of_mail_error, reason_of_reply
from tracker.alerts.message import Message
from tracker.alerts.mime import mime_of
from tracker.alerts.refusals import is_about_length
from tracker.alerts.shortening import shorten_to
from tracker.config.addresses import Address
from tracker.config.sending import MailServer
from tracker.dates.diagnostics import Diagnostic
from tracker.i18n.reasons import Reason

SCHEMES: tuple[str, ...] = ("mailto",)
MOST_LISTED: int | None = 40
TIMEOUT = 30.0
#: A line that begins with a dot gets another one (RFC 5321, section 4.5.2).
_DOT = re.compile(rb"^\.", re.MULTILINE)
#: Turns of the loop that it takes to mark a message and to make the next.
_TURNS = 3
_FINE, _FORWARDED, _GO_AHEAD = 250, 251, 354
_CONTENT = MailCommand("content")
#: Message length exceeds administrative limit, message too big for system (RFC 3463, section 3).
_TOO_LARGE = re.compile(r"5[0-9][0-9][ -]5\.(?:2\.3|3\.4)\b")
_CLOSING = 421  # RFC 5321, section 3.8: the server is about to close the connection


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
    """One mail server, one connection."""

    parallel = 2  # one is on its way; the one before is marked meanwhile, or the next one waits
    can_probe = True

    def __init__(
        self, server: MailServer, now: Callable[[], datetime], timeout: float = TIMEOUT
    ) -> None:
        self._turn = asyncio.Lock()
        self._server = server
        self._now = now
        self._timeout = timeout
        self._connection: smtplib.SMTP | None = None
        self._rested = False  #: whether nothing was sent for a while

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
        async with self._turn:
            connection = self._usable_connection()
            most = _largest(connection)
            if most and len(prepared.content) > most:
                prepared = self._envelope_within(most, prepared)
            whole = prepared
            while True:
                try:
                    return await self._send(connection, prepared)
                except Undelivered as refused:
                    size = len(prepared.content)
                    if not _is_too_large(refused.reason.words):
                        raise
                    prepared = self._envelope_within(size // 2, whole)
                    if len(prepared.content) >= size:
                        raise

    async def _send(self, connection: smtplib.SMTP, prepared: _Envelope) -> None:
        with self._refusals():
            self._hand_over(connection, prepared)
        for _ in range(_TURNS):  # while the server thinks, the last one is marked
            await asyncio.sleep(0)
        with self._refusals():
            self._expect(connection, connection.getreply(), _CONTENT, _FINE)

    def _hand_over(self, connection: smtplib.SMTP, prepared: _Envelope) -> None:
        """RFC 5321, section 3.3, as smtplib.sendmail() does it, up to the last reply."""
        is_ascii = prepared.mailbox.isascii() and self._server.sender.isascii()
        options = [] if is_ascii else ["SMTPUTF8"]
        if connection.has_extn("size"):
            options.append(f"size={len(prepared.content)}")
        sender, mailbox = MailCommand("sender", self._server.sender), prepared.mailbox
        self._expect(connection, connection.mail(sender.about, options), sender, _FINE)
        reply = connection.rcpt(mailbox)
        self._expect(connection, reply, MailCommand("mailbox", mailbox), _FINE, _FORWARDED)
        self._expect(connection, connection.docmd("data"), _CONTENT, _GO_AHEAD)
        connection.send(_DOT.sub(b"..", prepared.content) + b".\r\n")

    def _expect(
        self,
        connection: smtplib.SMTP,
        reply: tuple[int, bytes],
        command: MailCommand,
        *codes: int,
    ) -> None:
        code, text = reply
        if code in codes:
            return
        if code != _CLOSING:
            connection.rset()
        else:
            self._drop()
        raise Undelivered(reason_of_reply(code, text, command))

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """What smtplib raises, as what it means for the message."""
        try:
            yield
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            is_late = isinstance(error.__context__, TimeoutError) or isinstance(error, TimeoutError)
            raise Undelivered(self._reason_of(error), unreachable=is_late) from None

    def _reason_of(self, error: OSError) -> Reason:
        place = f"{self._server.host}:{self._server.port}"
        return reason_of_mail_error(error, place, self._timeout)

    async def probe(self) -> None:
        self._usable_connection()

    async def release(self) -> None:
        self._rested = True
        self._turn = asyncio.Lock()  # the next loop's

    def close(self) -> None:
        if self._connection is not None:
            try:
                self._connection.quit()
            except (OSError, smtplib.SMTPException):
                self._connection.close()
            self._connection = None

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _usable_connection(self) -> smtplib.SMTP:
        """The connection, logged in; a new one where it was cut. Raises Undelivered."""
        if self._connection is not None and self._is_there(self._connection):
            return self._connection
        self._drop()
        try:
            self._connection = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise Undelivered(self._reason_of(error), unreachable=True) from None
        return self._connection

    def _is_there(self, connection: smtplib.SMTP) -> bool:
        """Whether it works; one that has rested is tested, since servers hang up on idle ones."""
        if not self._rested:
            return connection.sock is not None
        self._rested = False
        try:
            return connection.noop()[0] == _FINE
        except (OSError, smtplib.SMTPException):
            return False

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        place = (server.host, server.port)
        context = ssl.create_default_context()
        if server.implicit:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                *place, timeout=self._timeout, context=context
            )
        else:
            connection = smtplib.SMTP(*place, timeout=self._timeout)
        self._connection = connection  # from here on it is ours to close
        if not server.implicit and not server.is_near:
            connection.starttls(context=context)  # raises where the server has no TLS
        connection.ehlo_or_helo_if_needed()
        if server.user is not None:
            connection.login(server.user, server.password or "")
        return connection


def _largest(connection: smtplib.SMTP) -> int:
    """How many bytes of a message the server takes (RFC 1870, section 3); 0: it does not say."""
    size = connection.esmtp_features.get("size", "")
    return int(size) if size.isdecimal() else 0


def _is_too_large(reply: str) -> bool:
    """Whether a refusal is about the size of the message, by its code or by its words."""
    return bool(_TOO_LARGE.match(reply)) or (reply[:3] == "552" and is_about_length("", reply))
