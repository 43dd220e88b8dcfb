"""What the operating system refuses: files, disks, programs, connections."""

from __future__ import annotations

import errno
import os

from tracker.i18n.reasons import Reason

#: POSIX's and Linux's names; not every system has each.
_CASES = {
    "ENOSPC": "no-room",
    "EDQUOT": "no-quota",
    "EROFS": "read-only",
    "EACCES": "no-permission",
    "EPERM": "no-permission",
    "ENOENT": "no-file",
    "ENOTDIR": "not-folder",
    "EISDIR": "is-folder",
    "EEXIST": "exists",
    "ENOTEMPTY": "not-empty",
    "ENAMETOOLONG": "name-too-long",
    "ELOOP": "link-loop",
    "EIO": "disk-fault",
    "EFBIG": "too-large-file",
    "EMFILE": "too-many-files",
    "ENFILE": "too-many-files",
    "ENOMEM": "no-memory",
    "EAGAIN": "busy",
    "EBUSY": "busy",
    "ETXTBSY": "busy",
    "EDEADLK": "busy",
    "ENOLCK": "busy",
    "ENOEXEC": "not-program",
    "E2BIG": "too-many-words",
    "ESTALE": "drive-gone",
    "ENODEV": "drive-gone",
    "ENXIO": "drive-gone",
    "EPIPE": "reader-gone",
    "EBADF": "closed",
    "EADDRINUSE": "port-in-use",
    "EADDRNOTAVAIL": "not-own-address",
    "EAFNOSUPPORT": "not-own-address",
    "ECONNREFUSED": "refused",
    "ECONNRESET": "hung-up",
    "ECONNABORTED": "hung-up",
    "ENOTCONN": "hung-up",
    "ESHUTDOWN": "hung-up",
    "ENETDOWN": "no-route",
    "ENETUNREACH": "no-route",
    "EHOSTDOWN": "no-route",
    "EHOSTUNREACH": "no-route",
    "ENETRESET": "hung-up",
    "ETIMEDOUT": "no-answer",
}
_BY_NUMBER = {getattr(errno, name): case for name, case in _CASES.items() if hasattr(errno, name)}
#: Cases that have a second sentence, `CASE.at`, which says where.
_PLACED = ("refused", "hung-up", "no-route", "no-answer", "no-answer.within", "no-host", "no-names")


def reason_of_number(number: int | None, place: str = "") -> Reason | None:
    """Why a call of the system failed, by its `errno`; None: nothing is known of that number.

    >>> reason_of_number(errno.ECONNREFUSED, "localhost:25").text("en")
    'connection refused: nothing listens at localhost:25'
    >>> reason_of_number(errno.ENOSPC).text("en")
    'the disk has no room left'
    """
    case = None if number is None else _BY_NUMBER.get(number)
    if case is None:
        return None if not number or number < 0 else Reason("machine", os.strerror(number))
    if case == "reader-gone" and place:
        case = "hung-up"
    return placed(case, place)


def placed(case: str, place: str, *values: tuple[str, str | int]) -> Reason:
    """The reason of that case, which says where, if that is known."""
    if place and case in _PLACED:
        return Reason(f"{case}.at", values=(*values, ("place", place)))
    return Reason(case, values=values)
