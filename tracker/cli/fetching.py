"""What is fetched to be imported: a file, standard input, an address."""

from __future__ import annotations

import re
from pathlib import Path

from tracker.imports.foreign import Unreadable

#: Of a file or an address, in bytes (DESIGN: hostile input).
MOST_BYTES = 50 * 1024 * 1024
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


def fetch_source(name: str) -> bytes:
    """What a source holds; raises Unreadable."""
    if _SCHEME.match(name):
        raise Unreadable("scheme")
    from tracker.failures.exceptions import reason_of
    from tracker.files.reading import read_file

    try:
        return read_file(Path("/dev/stdin" if name == "-" else name), MOST_BYTES)
    except FileNotFoundError:
        raise Unreadable("no-file") from None
    except (OSError, ValueError) as error:
        raise Unreadable("system", (("reason", reason_of(error).text("en")),)) from None
