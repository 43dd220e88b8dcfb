"""What a mail server says that does not take a mail: which command it was, its code, its words.

The first three digits are RFC 5321's (section 4.2), the three behind them RFC 3463's.
"""

from __future__ import annotations

import re
import smtplib
from typing import NamedTuple

from tracker.failures.exceptions import reason_of, words_of
from tracker.failures.machine import placed
from tracker.i18n.reasons import Reason

#: RFC 4954, section 6, and RFC 3207, section 4; RFC 5321, section 3.8.
_NEEDS_MORE, _TOO_WEAK, _CLOSING = 530, 534, 421
_OF_MAILBOXES = (
    "mail-no-mailbox", "mail-mailbox-closed", "mail-mailbox-full", "mail-mailbox",
    "mail-mailbox-later", "mail-mailbox-policy",
)  # fmt: skip
_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")


class MailCommand(NamedTuple):
    """What a server was told when it refused."""

    name: str  #: "connect", "login", "sender", "mailbox" or "content"
    about: str = ""  #: the sender or the mailbox


def words_of_reply(code: int, text: bytes | str) -> str:
    r"""A reply on one line, its code before it.

    >>> words_of_reply(535, b"5.7.8 authentication failed\nsee our page")
    '535 5.7.8 authentication failed see our page'
    >>> words_of_reply(550, b"5.7.26 Blocked.\n5.7.26 See https://example.org")
    '550 5.7.26 Blocked. See https://example.org'
    """
    said = text.decode(errors="replace") if isinstance(text, bytes) else text
    if code < 0:  # there was none
        return " ".join(said.split())
    first, *more = map(str.strip, said.splitlines() or [""])
    detail = _ENHANCED.match(first)
    if detail is not None:  # it stands before each line (RFC 2034, section 4)
        more = [line.removeprefix(detail[0]) for line in more]
    return " ".join(" ".join([str(code), first, *more]).split())


def reason_of_reply(code: int, text: bytes | str, command: MailCommand) -> Reason:
    """Why a mail server did not take something.

    >>> reason_of_reply(
    ...     550, b"5.1.1 User unknown", MailCommand("mailbox", "leagl@example.org")
    ... ).text("en")
    'there is no mailbox leagl@example.org; in its own words: “550 5.1.1 User unknown”'
    >>> reason_of_reply(421, b"shutting down", MailCommand("content")).case
    'mail-closing'
    """
    words = words_of_reply(code, text)
    case = _case(code, words, command)
    if case == "mail-sender":
        return Reason(case, words, (("sender", command.about),))
    if case in _OF_MAILBOXES:
        return Reason(case, words, (("mailbox", command.about),))
    return Reason(case, words)


def _case(code: int, words: str, command: MailCommand) -> str:
    match = _ENHANCED.search(words[:24])
    detail = "" if match is None else f"{match[2]}.{match[3]}"
    for_good = code >= 500
    if code == _CLOSING:
        return "mail-closing"
    if command.name == "login":
        return _case_of_login(code, detail) if for_good else "mail-login-later"
    if code == _NEEDS_MORE and "tls" in words.lower():
        return "mail-needs-tls"
    if code == _NEEDS_MORE:
        return "mail-login-missing"
    if command.name == "connect":
        return "mail-no-service" if for_good else "mail-closing"
    if command.name == "sender" and for_good and detail not in ("3.4", "2.3"):
        return "mail-sender"
    if detail in ("3.4", "2.3"):
        return "mail-too-large"
    if command.name == "mailbox":
        return _case_of_mailbox(detail, words, for_good)
    if detail == "3.1" or code == 452:
        return "mail-no-room"
    return "mail-refused" if for_good else "mail-later"


def _case_of_login(code: int, detail: str) -> str:
    """534: this login is too weak for the account (RFC 4954, section 6), which may want a password
    for programs. Microsoft has 5.7.139 where an account may not log in by SMTP."""
    return "mail-login-off" if code == _TOO_WEAK or detail == "7.139" else "mail-login"


def _case_of_mailbox(detail: str, words: str, for_good: bool) -> str:
    """RFC 3463, sections 3.2 and 3.3; RFC 6531, section 3.3, for letters; RFC 7505 for no mail."""
    if detail == "2.2":
        return "mail-mailbox-full"
    if not for_good:
        return "mail-mailbox-later"
    if detail in ("1.1", "1.2", "1.3", "1.10"):
        return "mail-no-mailbox"
    if detail in ("2.1", "1.6"):
        return "mail-mailbox-closed"
    if detail.startswith("7.") or "relay" in words.lower():  # RFC 3463, section 3.8: no right
        return "mail-mailbox-policy"
    return "mail-no-foreign-letters" if detail == "6.7" else "mail-mailbox"


def reason_of_mail_error(error: Exception, place: str, seconds: float | None = None) -> Reason:
    """Why talking to a mail server failed, by what smtplib raises.

    `place` is the server, `seconds` how long its answer was waited for.

    >>> refused = smtplib.SMTPAuthenticationError(535, b"5.7.8 no")
    >>> reason_of_mail_error(refused, "mail.example.org:587").text("en")
    'the mail server does not take the user name and password; in its own words: “535 5.7.8 no”'
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        for mailbox, (code, text) in error.recipients.items():
            return reason_of_reply(code, text, MailCommand("mailbox", mailbox))
    if isinstance(error, smtplib.SMTPResponseException):
        command = _command_of(error)
        if not 400 <= error.smtp_code <= 599:  # not even a code: it says something else than SMTP
            return Reason("mail-not-smtp", words_of_reply(error.smtp_code, error.smtp_error))
        return reason_of_reply(error.smtp_code, error.smtp_error, command)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return _reason_of_lack(error)
    if isinstance(error, smtplib.SMTPException):
        return _reason_of_end(error, place, seconds)
    return reason_of(error, place, seconds)


def _command_of(error: smtplib.SMTPResponseException) -> MailCommand:
    match error:
        case smtplib.SMTPAuthenticationError():
            return MailCommand("login")
        case smtplib.SMTPSenderRefused():
            return MailCommand("sender", error.sender)
        case smtplib.SMTPDataError():
            return MailCommand("content")
        case _:
            return MailCommand("connect")


def _reason_of_lack(error: smtplib.SMTPNotSupportedError) -> Reason:
    """What the server does not offer."""
    text = str(error)
    if "STARTTLS" in text:
        return Reason("mail-no-tls")
    if "AUTH" in text:
        return Reason("mail-login-none")
    if "SMTPUTF8" in text:
        return Reason("mail-no-foreign-letters")
    return Reason("mail-refused", words_of(error))


def _reason_of_end(error: smtplib.SMTPException, place: str, seconds: float | None) -> Reason:
    """Why there is no connection any more: smtplib tells of it in a text, its cause is below."""
    cause = error.__cause__ or error.__context__
    if cause is not None and not isinstance(cause, smtplib.SMTPException):
        reason = reason_of(cause, place, seconds)
        if reason.case != "unforeseen":
            return reason
    if "authentication method" in str(error):
        return Reason("mail-login-unknown")
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return placed("hung-up", place)
    return Reason("mail-refused", words_of(error))
