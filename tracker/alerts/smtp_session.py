"""One connection to a mail server (RFC 5321), which blocks: each step waits as long as it should.

Giving up early makes copies: a server that needs a minute to look for viruses delivers the mail all
the same, and the next try once more. So the answer to a whole mail is waited for as long as RFC
5321 has it. What takes long holds up nobody else: `abort` ends it from another thread.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple

from tracker.alerts.login_secrets import blotter
from tracker.config.sending import MailServer

#: A line that begins with a dot gets another one (RFC 5321, section 4.5.2).
_DOT = re.compile(rb"^\.", re.MULTILINE)
_FINE, _FORWARDED, _GO_AHEAD, _REFUSED = 250, 251, 354, 400
_LOGGED_IN, _IS_IN_ALREADY, _GO_ON, _UNKNOWN_MECHANISM = 235, 503, 334, 504
#: Authentication required, mechanism too weak, credentials invalid, encryption required for it.
_NOT_KNOWN = (530, 534, 535, 538)
#: RFC 5321, section 3.8: the server is about to close the connection.
CLOSING = 421
#: In place of a code, where an answer does not begin with one.
NO_CODE = -1


class Patience(NamedTuple):
    """Seconds that each step may take: RFC 5321, section 4.5.3.2, where it says how many."""

    connect: float = 30.0
    greeting: float = 300.0
    command: float = 300.0  #: MAIL and RCPT, and what comes before them
    data: float = 120.0  #: until the server wants the mail
    block: float = 180.0  #: until it has taken it
    answer: float = 600.0  #: after the last dot, when it may look for viruses
    farewell: float = 5.0  #: QUIT, and whether a connection that has rested is still there


#: Bytes of one reply, of however many lines (RFC 5321, section 4.2.1, sets no limit to them).
MOST_OF_REPLY = 65_536


class HungUp(OSError):
    """The server has ended a connection that took mails before: of this one it knows nothing."""


class _Lines:
    """The lines of a server, of which the last is kept: smtplib cuts off its first four letters."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._left = MOST_OF_REPLY
        self.last = b""

    def begin_reply(self) -> None:
        self._left = MOST_OF_REPLY

    def readline(self, most: int) -> bytes:
        """A line; of a reply without end one that is longer than smtplib takes: it hangs up."""
        self.last = self._file.readline(most)
        self._left -= len(self.last)
        return self.last if self._left >= 0 else self.last.ljust(most)

    def close(self) -> None:
        self._file.close()


class _Patient(smtplib.SMTP):
    """An SMTP of smtplib's whose replies are waited for as the step has it, and show no secret."""

    file: _Lines | None

    def __init__(self, session: SmtpSession, host: str, port: int, **more: Any) -> None:
        self._session = session
        session.dialogue = self  # known already while the server has yet to greet
        super().__init__(host, port, timeout=session.patience.connect, **more)

    def getreply(self) -> tuple[int, bytes]:
        session = self._session
        if session.is_connecting:  # until here
            session.is_connecting, session.seconds = False, session.patience.greeting
        if self.sock is not None:
            self.sock.settimeout(session.seconds)
            if self.file is None:
                self.file = _Lines(self.sock.makefile("rb"))
        lines = self.file
        if lines is not None:
            lines.begin_reply()
        code, text = super().getreply()
        if code == NO_CODE and lines is not None:
            text = lines.last
        if _FINE <= code < _REFUSED:  # nobody is shown it
            return code, text
        return code, session.blot(text.decode(errors="replace")).encode()


class _PatientTls(_Patient, smtplib.SMTP_SSL):
    """TLS from the first byte on."""


class SmtpSession:
    """A connection, logged in. All of it raises OSError, which smtplib's exceptions are."""

    def __init__(self, server: MailServer, patience: Patience) -> None:
        self.patience = patience
        self.seconds = patience.connect  #: that the step under way may take
        self.is_connecting = True
        self.dialogue: Any = None
        self.has_rested = False  #: nothing was sent for a while: it may have been closed since
        self.is_new = True  #: nothing was sent by it
        self.is_usable = True  #: whether more can be sent by it
        self._server = server
        self.blot = blotter(server.user or "", server.password or "")  #: what nobody is to see

    # -- its life

    def open(self) -> None:
        server, context = self._server, ssl.create_default_context()
        place = (server.host, server.port)
        try:
            if server.implicit:
                client: smtplib.SMTP = _PatientTls(self, *place, context=context)
            else:
                client = _Patient(self, *place)
            self.seconds = self.patience.command
            if not server.implicit and not server.is_near:
                client.starttls(context=context)  # raises where the server has no TLS
            client.ehlo_or_helo_if_needed()
            if server.user is not None:
                self._log_in(client, server.user, server.password or "")
        except BaseException:
            self.close()
            raise
        if not self.is_usable:  # aborted meanwhile
            self.close()

    def _log_in(self, client: smtplib.SMTP, user: str, password: str) -> None:
        """By one mechanism: smtplib's login() would try a wrong password with each, and after a few
        of them a server shuts the account."""
        if not client.has_extn("auth"):
            raise smtplib.SMTPNotSupportedError("AUTH is not supported by the server")
        offered = client.esmtp_features["auth"].upper().split()
        for mechanism, log_in in _MECHANISMS.items():
            if mechanism not in offered:
                continue
            reply = log_in(client, user.encode(), password.encode())
            if reply[0] in (_LOGGED_IN, _IS_IN_ALREADY):
                return
            if reply[0] != _UNKNOWN_MECHANISM:
                raise smtplib.SMTPAuthenticationError(*reply)
        raise smtplib.SMTPException("No suitable authentication method found.")

    def is_there(self) -> bool:
        """Whether the server has kept a connection that has rested."""
        self.seconds, self.has_rested = self.patience.farewell, False
        try:
            return bool(self.dialogue.noop()[0] == _FINE)
        except OSError:
            return False

    def close(self) -> None:
        """Says good-bye, and waits for no long answer."""
        client, self.is_usable = self.dialogue, False
        if client is None:
            return
        seconds, self.seconds = self.seconds, self.patience.farewell
        with suppress(OSError, ValueError):
            if client.sock is not None:
                client.sock.settimeout(self.seconds)
                client.quit()
        with suppress(OSError):
            client.close()
        self.seconds = seconds

    def abort(self) -> None:
        """Ends it at once, whatever another thread waits for."""
        self.is_usable = False
        sock = getattr(self.dialogue, "sock", None)
        if sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    # -- mails

    @property
    def largest(self) -> int:
        """How many bytes of a mail the server takes (RFC 1870, section 3); 0: it does not say."""
        size = self.dialogue.esmtp_features.get("size", "")
        return int(size) if size.isdecimal() else 0

    def send(self, mailbox: str, content: bytes) -> None:
        """RFC 5321, section 3.3: when this returns, the server has the mail. Raises HungUp, too."""
        try:
            self._offer(mailbox, len(content))
            self.dialogue.sock.settimeout(self.patience.block)
            self.dialogue.send(_DOT.sub(b"..", content) + b".\r\n")
            self.is_new, self.seconds = False, self.patience.answer
            self._expect(self.dialogue.getreply(), smtplib.SMTPDataError, _FINE)
        except (*_REFUSALS, smtplib.SMTPNotSupportedError):
            raise
        except BaseException:
            self.is_usable = False
            raise
        finally:
            if not self.is_usable:
                self.dialogue.close()

    def _offer(self, mailbox: str, size: int) -> None:
        """All commands before the mail itself."""
        client, sender = self.dialogue, self._server.sender
        options = [] if mailbox.isascii() and sender.isascii() else ["SMTPUTF8"]
        if client.has_extn("size"):
            options.append(f"size={size}")
        self.seconds = self.patience.command
        try:
            reply = client.mail(sender, options)
            self._expect(reply, partial(smtplib.SMTPSenderRefused, sender=sender), _FINE)
            reply = client.rcpt(mailbox)
            self._expect(reply, partial(_mailbox_refused, mailbox), _FINE, _FORWARDED)
            self.seconds = self.patience.data
            self._expect(client.docmd("data"), smtplib.SMTPDataError, _GO_AHEAD)
        except OSError as error:
            if self.is_new or not _is_hang_up(error):
                raise
            raise HungUp from error

    def _expect(
        self, reply: tuple[int, bytes], refusal: Callable[[int, bytes], Exception], *codes: int
    ) -> None:
        """Raises the refusal for any other code; the connection is ready for another mail then."""
        if reply[0] in codes:
            return
        self.seconds = self.patience.command
        try:
            self.is_usable = reply[0] != CLOSING and self.dialogue.rset()[0] == _FINE
        except OSError:  # what the mail was answered stands all the same
            self.is_usable = False
        raise refusal(*reply)


#: What a server answers, as smtplib has it.
_REFUSALS = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)


def _mailbox_refused(mailbox: str, code: int, text: bytes) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({mailbox: (code, text)})


def reply_of(error: OSError) -> tuple[int, bytes | str] | None:
    """What the server answered; None: it did not, or something else went wrong."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code, error.smtp_error
    return None


def is_login_refused(error: OSError) -> bool:
    """Whether the server does not know us: a person has to act (RFC 4954, section 6)."""
    reply = reply_of(error)
    if reply is None or not 500 <= reply[0] <= 599:
        return False
    return isinstance(error, smtplib.SMTPAuthenticationError) or reply[0] in _NOT_KNOWN


def is_refused_for_good(error: OSError) -> bool:
    """Whether the same mail should not be sent again (RFC 5321, section 4.2.1)."""
    reply = reply_of(error)
    return reply is not None and 500 <= reply[0] <= 599


def is_timeout(error: OSError) -> bool:
    """Whether it was waited for in vain: smtplib says that it was cut off."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _is_hang_up(error: OSError) -> bool:
    """Whether the server ended the connection, by itself or with 421."""
    reply = reply_of(error)
    if reply is not None:
        return reply[0] == CLOSING
    return isinstance(error, smtplib.SMTPServerDisconnected) and not is_timeout(error)


# -- logins (RFC 4954), in UTF-8, which smtplib's own are not


def _log_in_plain(client: smtplib.SMTP, user: bytes, password: bytes) -> tuple[int, bytes]:
    """RFC 4616."""
    return client.docmd("AUTH", "PLAIN " + _base64(b"\0%b\0%b" % (user, password)))


def _log_in_login(client: smtplib.SMTP, user: bytes, password: bytes) -> tuple[int, bytes]:
    reply = client.docmd("AUTH", "LOGIN")
    for text in (user, password):
        if reply[0] == _GO_ON:
            reply = client.docmd(_base64(text))
    return reply


def _log_in_cram(client: smtplib.SMTP, user: bytes, password: bytes) -> tuple[int, bytes]:
    """RFC 2195."""
    code, challenge = client.docmd("AUTH", "CRAM-MD5")
    if code != _GO_ON:
        return code, challenge
    digest = hmac.new(password, base64.b64decode(challenge), hashlib.md5).hexdigest()
    return client.docmd(_base64(b"%b %b" % (user, digest.encode())))


def _base64(text: bytes) -> str:
    return base64.b64encode(text).decode()


_MECHANISMS = {"PLAIN": _log_in_plain, "LOGIN": _log_in_login, "CRAM-MD5": _log_in_cram}
