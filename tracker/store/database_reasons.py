"""Why a database cannot be used: what SQLite and PostgreSQL say, as reasons that can be told."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from tracker.failures.exceptions import reason_of, words_in
from tracker.failures.extras import MissingLibrariesError
from tracker.i18n.reasons import Reason

#: SQLite's primary result codes (sqlite.org/rescode.html).
_BY_CODE = {
    3: "no-permission",
    5: "db-locked",
    6: "db-locked",
    7: "no-memory",
    8: "db-read-only",
    10: "disk-fault",
    11: "db-damaged",
    13: "no-room",
    14: "db-cannot-open",
    15: "db-locked",
    23: "no-permission",
    26: "db-not-one",
}
#: PostgreSQL's SQLSTATEs, the longest beginning that fits (appendix A of its manual).
_BY_STATE = {
    "08": "db-refused",
    "25006": "db-standby",
    "28": "db-login",
    "3D000": "db-none",
    "42501": "db-rights",
    "42P01": "db-table",
    "42703": "db-table",
    "53100": "db-no-room",
    "53200": "no-memory",
    "53300": "db-too-many",
    "53400": "db-refused",
    "55P03": "db-locked",
    "40": "db-locked",
    "57014": "db-cancelled",
    "57P": "db-starting",
    "58030": "disk-fault",
}
#: What libpq says before there is a session, and so no SQLSTATE: its messages are not translated
#: where the locale is ours, but a server's own may be.
_BY_WORDS = (
    (r"password authentication failed|no password supplied|authentication failed", "db-login"),
    (r"no pg_hba\.conf entry|is not permitted to log in|role .* does not exist", "db-login"),
    (r"database .* does not exist", "db-none"),
    (r"too many (?:clients|connections)|remaining connection slots", "db-too-many"),
    (r"starting up|shutting down|recovery mode|terminating connection", "db-starting"),
    (r"connection refused|no such file or directory.*socket", "refused"),
    (r"could not translate host name|name or service not known|nodename nor", "no-host"),
    (r"temporary failure in name resolution", "no-names"),
    (r"timeout expired|timed out|timeout", "no-answer"),
    (r"network is unreachable|no route to host", "no-route"),
    (r"certificate verify failed|root certificate|certificate", "tls-untrusted"),
    ((r"server closed the connection|connection (?:is )?(?:closed|lost)|reset by peer|SSL SYSCALL"
     r"|the connection is lost|consuming input failed"), "hung-up"),
    (r"no space left on device|disk is full", "no-room"),
    (r"permission denied", "db-rights"),
)  # fmt: skip
#: Bytes without which SQLite can do nothing.
_LEAST = 64 * 1024
#: Cases in which the database's own words name what the sentence cannot: a role, a table, a file.
_WITH_WORDS = frozenset({
    "db-login", "db-none", "db-rights", "db-table", "db-refused", "db-cancelled", "tls-untrusted",
    "db-cannot-open", "refused", "no-host", "hung-up", "unforeseen",
})  # fmt: skip


def reason_of_database(error: BaseException) -> Reason:
    """Why a driver or SQLAlchemy raised that.

    >>> import sqlite3
    >>> error = sqlite3.OperationalError("database or disk is full")
    >>> error.sqlite_errorcode = sqlite3.SQLITE_FULL
    >>> reason_of_database(error).text("en")
    'the disk has no room left'
    """
    origin = getattr(error, "orig", None) or error
    message = words_in(re.sub(r"\nLINE \d+:.*", "", str(origin), flags=re.DOTALL))
    if isinstance(origin, ImportError):  # the driver
        return MissingLibrariesError("postgres").reason
    case = _case(origin, message)
    if case is None:
        reason = reason_of(origin)
        if reason.case != "unforeseen":
            return reason
        case = "db-refused"
    return Reason(case, message if case in _WITH_WORDS else "")


def reason_of_place(reason: Reason, file: Path) -> Reason:
    """The nearer reason, where SQLite says only that something failed about that file.

    On a full disk it fails at the file beside its own that processes share, before it writes any.
    """
    if reason.case == "exists":  # what should be its folder is a file
        return Reason("not-folder")
    if reason.case not in ("disk-fault", "db-cannot-open"):
        return reason
    try:
        if shutil.disk_usage(file.parent).free < _LEAST:
            return Reason("no-room")
    except OSError as error:
        return reason_of(error)
    if not os.access(file.parent, os.W_OK):
        return Reason("no-permission")
    return Reason("is-folder") if file.is_dir() else reason


def _case(error: BaseException, message: str) -> str | None:
    if isinstance(error, OSError):  # of the file or its folder
        return None
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return _BY_CODE.get(code & 0xFF, "db-refused")
    state = getattr(error, "sqlstate", None)
    if state:
        for length in (5, 3, 2):
            if case := _BY_STATE.get(state[:length]):
                return case
        return "db-refused"
    for pattern, case in _BY_WORDS:
        if re.search(pattern, message, re.IGNORECASE):
            return case
    return None
