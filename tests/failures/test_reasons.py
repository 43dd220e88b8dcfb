"""Whatever machines, libraries and servers raise or answer is told in words, in each language."""

from __future__ import annotations

import errno
import os
import re
import shutil
import smtplib
import socket
import sqlite3
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import httpx2
import psycopg.errors
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import exc

from tests.rows import rows
from tracker.alerts.mail_refusals import MailCommand, reason_of_mail_error, reason_of_reply
from tracker.failures.exceptions import reason_of
from tracker.failures.http_status import reason_of_status
from tracker.failures.texts import reason_in
from tracker.i18n.reasons import Reason, read_reason
from tracker.i18n.translate import LANGUAGES, catalogue
from tracker.store.database import Database, LedgerError
from tracker.store.database_reasons import reason_of_database

#: What only programmers read: class names, errno, bytes and addresses of Python's, places in C.
NOISE = re.compile(
    r"\b\w*[a-z](?:Error|Exception|Timeout|Refused|Disconnected)\b|Errno|_ssl\.c|\bb['\"]|0x[0-9a-f]{6}"
    r"|\[SSL|Traceback|\bNone\b"
)
PLACE = "mail.example.org:587"


def assert_in_words(reason: Reason) -> None:
    for language in LANGUAGES:
        text = reason.text(language)
        assert text
        assert not NOISE.search(text)
        assert "\n" not in text
        assert read_reason(reason.stored()).text(language) == text
        assert text != catalogue(language)["reason.unknown"]


def _caused(error: BaseException, cause: BaseException) -> BaseException:
    error.__cause__ = cause
    return error


def _ssl_error(reason: str, kind: type[ssl.SSLError] = ssl.SSLError) -> ssl.SSLError:
    error = kind(1, f"[SSL: {reason}] {reason.lower()} (_ssl.c:1006)")
    error.reason = reason
    return error


def _certificate_error(code: int, message: str) -> ssl.SSLError:
    error = _ssl_error("CERTIFICATE_VERIFY_FAILED", ssl.SSLCertVerificationError)
    error.verify_code, error.verify_message = code, message  # type: ignore[attr-defined]
    return error


KNOWN: list[tuple[BaseException, str]] = [
    # connections
    (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), "refused.at"),
    (ConnectionResetError(errno.ECONNRESET, "reset"), "hung-up.at"),
    (BrokenPipeError(errno.EPIPE, "Broken pipe"), "hung-up.at"),
    (TimeoutError("timed out"), "no-answer.within.at"),
    (TimeoutError(), "no-answer.within.at"),
    (OSError(errno.EHOSTUNREACH, "No route to host"), "no-route.at"),
    (OSError(errno.ENETUNREACH, "Network is unreachable"), "no-route.at"),
    (OSError(errno.ETIMEDOUT, "Connection timed out"), "no-answer.within.at"),
    (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "no-host.at"),
    (socket.gaierror(socket.EAI_AGAIN, "Temporary failure"), "no-names.at"),
    (socket.gaierror(socket.EAI_FAIL, "failure"), "no-names.at"),
    (UnicodeError("encoding with 'idna' codec failed: label too long"), "bad-name"),
    (ExceptionGroup("all failed", [ConnectionRefusedError(111, "no"), OSError(101, "no")]), "refused.at"),
    # HTTP
    (httpx2.ReadTimeout(""), "no-answer.within.at"),
    (httpx2.ConnectTimeout(""), "no-answer.within.at"),
    (httpx2.WriteTimeout(""), "no-answer.within.at"),
    (httpx2.PoolTimeout(""), "no-answer.within.at"),
    (httpx2.ConnectError("All connection attempts failed"), "no-route.at"),
    (_caused(httpx2.ConnectError("x"), ConnectionRefusedError(111, "no")), "refused.at"),
    (_caused(httpx2.ConnectError("x"), _certificate_error(10, "expired")), "tls-expired"),
    (httpx2.ReadError(""), "hung-up.at"),
    (httpx2.WriteError(""), "hung-up.at"),
    (httpx2.CloseError(""), "hung-up.at"),
    (httpx2.RemoteProtocolError("Server disconnected without sending a response."), "hung-up.at"),
    (httpx2.RemoteProtocolError("illegal status line"), "not-http"),
    (httpx2.DecodingError("bad gzip"), "not-http"),
    (httpx2.UnsupportedProtocol("no scheme"), "bad-url"),
    (httpx2.InvalidURL("Invalid port"), "bad-url"),
    (httpx2.ProxyError("407 Proxy Authentication Required"), "proxy"),
    # TLS
    (_certificate_error(18, "self-signed certificate"), "tls-self-signed"),
    (_certificate_error(19, "self-signed certificate in certificate chain"), "tls-self-signed"),
    (_certificate_error(20, "unable to get local issuer certificate"), "tls-unknown"),
    (_certificate_error(10, "certificate has expired"), "tls-expired"),
    (_certificate_error(9, "certificate is not yet valid"), "tls-not-yet"),
    (_certificate_error(62, "Hostname mismatch"), "tls-other-name"),
    (_certificate_error(64, "IP address mismatch"), "tls-other-name"),
    (_certificate_error(23, "revoked"), "tls-revoked"),
    (_certificate_error(66, "EE certificate key too weak"), "tls-weak"),
    (_certificate_error(24, "invalid CA certificate"), "tls-untrusted"),
    (_ssl_error("WRONG_VERSION_NUMBER"), "tls-none"),
    (_ssl_error("RECORD_LAYER_FAILURE"), "tls-none"),
    (_ssl_error("TLSV1_ALERT_PROTOCOL_VERSION"), "tls-version"),
    (_ssl_error("UNSUPPORTED_PROTOCOL"), "tls-version"),
    (_ssl_error("SSLV3_ALERT_HANDSHAKE_FAILURE"), "tls-no-common"),
    (_ssl_error("TLSV13_ALERT_CERTIFICATE_REQUIRED"), "tls-client"),
    (_ssl_error("UNEXPECTED_EOF_WHILE_READING", ssl.SSLEOFError), "hung-up.at"),
    (_ssl_error("DH_KEY_TOO_SMALL"), "tls-weak"),
    (_ssl_error("BLOCK_CIPHER_PAD_IS_WRONG"), "tls-failed"),
    # files and programs
    (OSError(errno.ENOSPC, "No space left on device"), "no-room"),
    (OSError(errno.EDQUOT, "Disk quota exceeded"), "no-quota"),
    (OSError(errno.EROFS, "Read-only file system"), "read-only"),
    (PermissionError(errno.EACCES, "Permission denied", "/x"), "no-permission"),
    (FileNotFoundError(errno.ENOENT, "No such file", "/x"), "no-file"),
    (IsADirectoryError(errno.EISDIR, "Is a directory", "/x"), "is-folder"),
    (OSError(errno.EMFILE, "Too many open files"), "too-many-files"),
    (OSError(errno.ENOEXEC, "Exec format error"), "not-program"),
    (OSError(errno.EADDRINUSE, "Address already in use"), "port-in-use"),
    (OSError(errno.ENOTSUP, "Operation not supported"), "machine"),
    (MemoryError(), "no-memory"),
    (subprocess.TimeoutExpired(["git"], 30), "no-answer.within.at"),
    # what nobody has thought of
    (ZeroDivisionError("division by zero"), "unforeseen"),
    (KeyError("x"), "unforeseen"),
    (RuntimeError(""), "unforeseen"),
    (OSError("out of pocket memory"), "unforeseen"),
    (ValueError("<socket.socket object at 0x7f00dead> is b'gone'"), "unforeseen"),
]  # fmt: skip


@rows("error, case", KNOWN)
def test_what_is_raised_is_told_in_words(error: BaseException, case: str) -> None:
    reason = reason_of(error, PLACE, 10)

    assert reason.case == case
    assert_in_words(reason)


@rows("number", sorted(errno.errorcode))
def test_each_number_of_the_operating_system_has_words(number: int) -> None:
    assert_in_words(reason_of(OSError(number, os.strerror(number))))
    assert_in_words(reason_of(OSError(number, os.strerror(number)), PLACE))


def _all_exceptions(of: type[BaseException]) -> Iterator[type[BaseException]]:
    yield of
    for kind in of.__subclasses__():
        yield from _all_exceptions(kind)


@rows(
    "kind",
    sorted({*_all_exceptions(httpx2.HTTPError), *_all_exceptions(ssl.SSLError)}, key=str),
    ids=lambda kind: kind.__name__,
)
def test_no_exception_of_a_library_is_shown_by_its_name(kind: type[BaseException]) -> None:
    try:
        error = kind("something at <object object at 0x7f12345678>")
    except TypeError:
        error = kind("x", request=None, response=None)  # type: ignore[call-arg]

    assert_in_words(reason_of(error, PLACE, 10))


# -- mail

REPLIES = [
    # what was said, the code, the words, the case
    ("login", 535, b"5.7.8 authentication failed", "mail-login"),
    ("login", 534, b"5.7.9 Application-specific password required", "mail-login-off"),
    ("login", 454, b"4.7.0 Temporary authentication failure", "mail-login-later"),
    ("connect", 554, b"no service here", "mail-no-service"),
    ("connect", 421, b"4.3.2 too busy", "mail-closing"),
    ("sender", 530, b"5.7.0 Must issue a STARTTLS command first", "mail-needs-tls"),
    ("sender", 530, b"5.7.0 Authentication required", "mail-login-missing"),
    ("sender", 550, b"5.7.60 client does not have permissions to send as this sender", "mail-sender"),
    ("sender", 552, b"5.3.4 message size exceeds limit", "mail-too-large"),
    ("sender", 452, b"4.3.1 insufficient system storage", "mail-no-room"),
    ("sender", 451, b"4.3.0 try later", "mail-later"),
    ("mailbox", 550, b"5.1.1 User unknown", "mail-no-mailbox"),
    ("mailbox", 550, b"5.1.10 null MX", "mail-no-mailbox"),
    ("mailbox", 550, b"5.2.1 disabled", "mail-mailbox-closed"),
    ("mailbox", 452, b"4.2.2 over quota", "mail-mailbox-full"),
    ("mailbox", 552, b"5.2.2 over quota", "mail-mailbox-full"),
    ("mailbox", 554, b"5.7.1 relay access denied", "mail-mailbox-policy"),
    ("mailbox", 450, b"4.7.1 greylisted", "mail-mailbox-later"),
    ("content", 552, b"5.3.4 too big", "mail-too-large"),
    ("content", 554, b"5.7.1 looks like spam", "mail-refused"),
    ("content", 451, b"4.7.1 later", "mail-later"),
    ("content", 421, b"bye", "mail-closing"),
]  # fmt: skip


@rows("command, code, words, case", REPLIES)
def test_a_mail_servers_reply_is_told_with_its_own_words(
    command: str, code: int, words: bytes, case: str
) -> None:
    reason = reason_of_reply(code, words, MailCommand(command, "legal@example.org"))

    assert reason.case == case
    assert f"“{code} {words.decode()}”" in reason.text("en")
    assert_in_words(reason)


def _disconnected(cause: BaseException) -> smtplib.SMTPServerDisconnected:
    try:
        try:
            raise cause
        except OSError as error:
            # as smtplib does it
            raise smtplib.SMTPServerDisconnected(f"Connection unexpectedly closed: {error}")  # noqa: B904
    except smtplib.SMTPServerDisconnected as error:
        return error


@rows(
    "error, case",
    [
        (smtplib.SMTPAuthenticationError(535, b"5.7.8 no\nreally"), "mail-login"),
        (smtplib.SMTPAuthenticationError(535, b"5.7.139 SmtpClientAuthentication is disabled"), "mail-login-off"),
        (smtplib.SMTPAuthenticationError(534, b"5.7.9 Application-specific password required"), "mail-login-off"),
        (smtplib.SMTPRecipientsRefused({"x@example.org": (550, b"5.7.1 not allowed")}), "mail-mailbox-policy"),
        (smtplib.SMTPRecipientsRefused({"x@example.org": (554, b"Relay access denied")}), "mail-mailbox-policy"),
        (smtplib.SMTPSenderRefused(550, b"no", "tracker@example.org"), "mail-sender"),
        (smtplib.SMTPRecipientsRefused({"x@example.org": (550, b"5.1.1 no")}), "mail-no-mailbox"),
        (smtplib.SMTPDataError(554, b"spam"), "mail-refused"),
        (smtplib.SMTPConnectError(554, b"no"), "mail-no-service"),
        (smtplib.SMTPConnectError(-1, b"HTTP/1.1 400 Bad Request"), "mail-not-smtp"),
        (smtplib.SMTPHeloError(501, b"your name?"), "mail-no-service"),
        (smtplib.SMTPNotSupportedError("STARTTLS extension not supported by server."), "mail-no-tls"),
        (smtplib.SMTPNotSupportedError("SMTP AUTH extension not supported by server."), "mail-login-none"),
        (smtplib.SMTPException("No suitable authentication method found."), "mail-login-unknown"),
        (smtplib.SMTPServerDisconnected("please run connect() first"), "hung-up.at"),
        (_disconnected(TimeoutError("timed out")), "no-answer.within.at"),
        (_disconnected(ConnectionResetError(104, "reset")), "hung-up.at"),
        (ssl.SSLCertVerificationError(1, "[SSL: X] x (_ssl.c:1)"), "tls-failed"),
        (smtplib.SMTPException("(535, b'5.7.8 no')"), "mail-refused"),
    ],
)  # fmt: skip
def test_what_smtplib_raises_is_told_in_words(error: Exception, case: str) -> None:
    reason = reason_of_mail_error(error, PLACE, 10)

    assert reason.case == case
    assert_in_words(reason)


# -- HTTP


@given(st.integers(100, 999), st.text(max_size=400), st.text(max_size=60))
def test_each_status_has_words_whatever_comes_with_it(status: int, words: str, to: str) -> None:
    reason = reason_of_status(status, words, "https://example.org/hook", to)

    assert str(status) in reason.text("en")
    for language in LANGUAGES:
        text = reason.text(language)
        assert text.isprintable() or "\u2068" in text
        assert read_reason(reason.stored()).text(language) == text


@rows(
    "to, shown",
    [
        ("https://hooks.example.org/T00/SECRET?k=1", "https://hooks.example.org/…"),
        ("//example.com", "https://example.com/"),
        ("/login", "https://example.org/…"),
        ("https://user:secret@example.org:8443/", "https://example.org:8443/"),
    ],
)
def test_of_where_an_address_has_moved_no_secret_is_told(to: str, shown: str) -> None:
    text = reason_of_status(302, "", "https://example.org/hook/SECRET", to).text("en")

    assert text == f"the address has moved to {shown} (302): write that address"


@rows(
    "text, case",
    [
        ("HTTPSConnectionPool(host='x', port=443): Max retries exceeded with url: / (Caused by NameResolutionError(\"<urllib3.connection.HTTPSConnection object at 0x7f>: Failed to resolve 'x' ([Errno -2] Name or service not known)\"))", "no-host"),
        ("(Caused by NewConnectionError('<x>: Failed to establish a new connection: [Errno 111] Connection refused'))", "refused"),
        ("(Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1006)')))", "tls-self-signed"),
        ("(Caused by SSLError(SSLCertVerificationError(1, \"[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is not valid for 'x'. (_ssl.c:1006)\")))", "tls-other-name"),
        ("Read timed out. (read timeout=4.0)", "no-answer"),
        ("('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))", "hung-up"),
        ("[Errno 28] No space left on device", "no-room"),
    ],
)  # fmt: skip
def test_what_a_library_has_only_logged_is_told_in_words_too(text: str, case: str) -> None:
    reason = reason_in(text)

    assert reason is not None
    assert reason.case == case
    assert_in_words(reason)


# -- databases


def _raised_by_sqlite(statement: str, setup: str = "") -> sqlite3.Error:
    with closing(sqlite3.connect(":memory:")) as connection:
        for line in filter(None, setup.split(";")):
            connection.execute(line)
        with pytest.raises(sqlite3.Error) as raised:
            connection.execute(statement)
    return raised.value


@rows(
    "error, case",
    [
        (_raised_by_sqlite("SELECT * FROM nothing"), "db-refused"),
        (_raised_by_sqlite("INSERT INTO t VALUES (zeroblob(100000))", "CREATE TABLE t (x);PRAGMA max_page_count=3"), "no-room"),
        (_raised_by_sqlite("INSERT INTO t VALUES (1)", "CREATE TABLE t (x);PRAGMA query_only=ON"), "db-read-only"),
        (psycopg.errors.InvalidPassword("password authentication failed for user \"x\""), "db-login"),
        (psycopg.errors.DiskFull("could not extend file"), "db-no-room"),
        (psycopg.errors.InsufficientPrivilege("permission denied for schema public"), "db-rights"),
        (psycopg.errors.ReadOnlySqlTransaction("cannot execute INSERT"), "db-standby"),
        (psycopg.errors.TooManyConnections("sorry, too many clients already"), "db-too-many"),
        (psycopg.errors.AdminShutdown("terminating connection"), "db-starting"),
        (psycopg.errors.LockNotAvailable("canceling statement due to lock timeout"), "db-locked"),
        (psycopg.errors.UndefinedTable("relation \"alert\" does not exist\nLINE 1: SELECT"), "db-table"),
        (psycopg.OperationalError("connection failed: connection to server at \"127.0.0.1\", port 1 failed: Connection refused\n\tIs the server running?"), "refused"),
        (psycopg.OperationalError("[Errno -2] Name or service not known"), "no-host"),
        (psycopg.errors.ConnectionTimeout("connection timeout expired"), "no-answer"),
        (psycopg.OperationalError("server closed the connection unexpectedly"), "hung-up"),
        (exc.TimeoutError("QueuePool limit of size 5 overflow 10 reached, connection timed out"), "no-answer"),
        (ModuleNotFoundError("No module named 'psycopg'"), "not-installed"),
        (OSError(errno.ENOSPC, "No space left on device"), "no-room"),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), "no-permission"),
    ],
)  # fmt: skip
def test_what_databases_raise_is_told_in_words(error: Exception, case: str) -> None:
    for raised in (error, exc.DBAPIError.instance("SELECT 1", {}, error, Exception)):
        reason = reason_of_database(raised)

        assert reason.case == case
        assert_in_words(reason)


@pytest.mark.parametrize(
    ("free", "case"), [(10, "no-room"), (10**9, "disk-fault")], ids=["full", "roomy"]
)
def test_a_full_disk_is_called_so_where_sqlite_says_that_something_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, case: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    failed = sqlite3.OperationalError("disk I/O error")
    failed.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    database = Database(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    with closing(database):
        assert database.error(failed).reason.case == case


def test_a_ledger_that_is_a_folder_or_in_no_folder_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cases = {}
    for name in (".", "file/ledger.sqlite3"):
        with pytest.raises(LedgerError) as refused:
            Database(f"sqlite:///{tmp_path / name}")
        cases[name] = refused.value.reason.case

    assert cases == {".": "is-folder", "file/ledger.sqlite3": "not-folder"}


# -- how it is kept


@given(st.text())
def test_what_an_earlier_version_has_kept_is_shown_as_it_is(text: str) -> None:
    shown = read_reason(text).text("ja")

    assert shown == " ".join(shown.split())
    assert set(shown) <= {*text, " ", "…", *catalogue("ja")["reason.unknown"]}


def test_a_case_of_a_newer_version_is_told_with_its_words() -> None:
    stored = Reason("of-the-future", "535 no", (("x", 1),)).stored()

    assert read_reason(stored).text("en") == (
        "the reason is not known here; in its own words: “535 no”"
    )
    assert read_reason('{"case": "broken').text("en") == '{"case": "broken'
