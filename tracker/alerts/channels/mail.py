"""Mail, over SMTP.

Promises: TLS is verified, and asked for unless the server is on this machine; one connection takes
many messages; what the server said yes to is delivered. Message-ID is the message's identity, the
same however often it is sent; messages about the same event are one thread; a mail program can end
it with one click where `web.url` is set (RFC 8058). A server that cannot be reached, or stalls,
holds up all mail until the next try; one that refuses a message holds up that one alone.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from tracker.alerts.channel import BadAddress, Settings, Threaded, Undelivered
from tracker.alerts.message import Message
from tracker.alerts.mime import mime_of
from tracker.config.addresses import Address
from tracker.config.sending import MailServer
from tracker.dates.faults import Fault

SCHEMES: tuple[str, ...] = ("mailto",)
TIMEOUT = 30.0
_SILENT = "the mail server does not answer"
_FINE = 250
_CLOSING = 421  # RFC 5321, section 3.8: the server is about to close the connection


def lane(_address: Address) -> str:
    return "mail"


def opened(_address: Address, settings: Settings) -> Mail:
    if settings.sending.mail is None:
        raise BadAddress(Fault("no-mail-server"))
    return Mail(settings.sending.mail, settings.now)


class _Prepared(NamedTuple):
    mailbox: str
    content: bytes


class Mail(Threaded):
    """One mail server, one connection."""

    def __init__(
        self, server: MailServer, now: Callable[[], datetime], timeout: float = TIMEOUT
    ) -> None:
        super().__init__()
        self._server = server
        self._now = now
        self._timeout = timeout
        self._connection: smtplib.SMTP | None = None
        self._rested = False  #: whether nothing was sent for a while

    def prepare(self, message: Message, address: Address) -> _Prepared:
        content = mime_of(message, self._server.sender, address.mailbox, self._now())
        return _Prepared(address.mailbox, content)

    def send(self, prepared: _Prepared) -> None:
        connection = self._connected()
        options = [] if prepared.mailbox.isascii() else ["SMTPUTF8"]
        try:
            connection.sendmail(self._server.sender, [prepared.mailbox], prepared.content, options)
        except smtplib.SMTPRecipientsRefused as error:
            code, reason = error.recipients[prepared.mailbox]
            self._refused(code, reason)
        except smtplib.SMTPResponseException as error:
            self._refused(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            if isinstance(error.__context__, TimeoutError) or isinstance(error, TimeoutError):
                raise Undelivered(_SILENT, unreachable=True) from None
            raise Undelivered(str(error) or type(error).__name__) from None  # it hung up

    def look(self) -> None:
        self._connected()

    async def let_go(self) -> None:
        self._rested = True

    def close(self) -> None:
        super().close()
        if self._connection is not None:
            try:
                self._connection.quit()
            except (OSError, smtplib.SMTPException):
                self._connection.close()
            self._connection = None

    def _refused(self, code: int, reason: bytes | str) -> None:
        text = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
        if code == _CLOSING:
            self._drop()
        raise Undelivered(f"{code} {' '.join(text.split())}") from None

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _connected(self) -> smtplib.SMTP:
        """A connection that is there, logged in. Raises Undelivered."""
        if self._connection is not None and self._is_there(self._connection):
            return self._connection
        self._drop()
        try:
            self._connection = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            said = getattr(error, "strerror", None) or str(error) or type(error).__name__
            reason = f"{self._server.host}:{self._server.port}: {said}"
            raise Undelivered(" ".join(reason.split()), unreachable=True) from None
        return self._connection

    def _is_there(self, connection: smtplib.SMTP) -> bool:
        """One that has rested is asked: servers hang up on who says nothing."""
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
        if server.user is not None:
            connection.login(server.user, server.password or "")
        return connection
