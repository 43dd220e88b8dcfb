"""What a source is called in the file that it is imported into."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import urlsplit

#: What a browser puts behind the name of a file that it has downloaded before: `basic (1).ics`.
_COPY = re.compile(r" ?\([0-9]{1,3}\)(?=\.[^.]*$|$)")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


def source_name(name: str) -> str:
    """What a source is called in the file: neither where it lay, nor what is secret of it.

    Of an address its host and last part, and a mark that tells it from others: who has the whole
    address of a calendar can read it.

    >>> source_name("/home/ann/Downloads/basic (1).ics"), source_name("-")
    ('basic.ics', '-')
    >>> source_name("https://calendar.example.org/ann/private-4f2a/basic.ics?key=1")
    'calendar.example.org/basic.ics#026ddc86'
    """
    if _ADDRESS.match(name):
        try:
            parts = urlsplit(name)
            host = parts.hostname or ""
        except ValueError:
            return "-"
        last = _COPY.sub("", parts.path.rstrip("/").rpartition("/")[2])
        same = re.sub("^webcals?:", "https:", name, flags=re.IGNORECASE)
        return f"{host}/{last}#{sha256(same.encode()).hexdigest()[:8]}"
    return _COPY.sub("", name.rstrip("/").rpartition("/")[2]) or name
