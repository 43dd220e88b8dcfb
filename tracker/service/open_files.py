"""How many connections there is room for, beside the files and deliveries of the process.

Each connection takes a file descriptor, of which a process has so many (RLIMIT_NOFILE). What is
kept for files, the ledger and the lanes of deliveries, clients never get.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

#: Kept for all that is no client: agreements, ledger, a lane for each address, libraries.
RESERVED = 256
#: Of the connections, for whoever watches over the process on a port of its own.
FOR_STATUS = 16


class ConnectionRoom(NamedTuple):
    """What clients may take."""

    connections: int  #: of all servers together
    files: int  #: how many descriptors the process may have

    @property
    def for_page(self) -> int:
        return self.connections - FOR_STATUS

    @property
    def for_status(self) -> int:
        return FOR_STATUS


def make_room(wanted: int) -> ConnectionRoom:
    """Raises the limit of open files as far as that needs and the system lets it."""
    files = _raise_limit(wanted + RESERVED)
    # Where little is allowed, clients get half of it.
    room = max(files - RESERVED, files // 2)
    return ConnectionRoom(max(min(wanted, room), 2 * FOR_STATUS), files)


def _raise_limit(needed: int) -> int:
    """The limit of open files, after it was raised; where there is none, what is needed."""
    if sys.platform == "win32":
        return needed
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return needed
    wanted = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    if soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError):  # macOS has another bound that it does not tell
            return soft
        return wanted
    return soft
