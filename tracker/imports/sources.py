"""What a source is called in the file that it is imported into."""

from __future__ import annotations

import re

#: What a browser puts behind the name of a file that it has downloaded before: `basic (1).ics`.
_COPY = re.compile(r" ?\([0-9]{1,3}\)(?=\.[^.]*$|$)")


def source_name(name: str) -> str:
    """What a source is called in the file: neither where it lay, nor what is secret of it.

    >>> source_name("/home/ann/Downloads/basic (1).ics"), source_name("-")
    ('basic.ics', '-')
    """
    return _COPY.sub("", name.rstrip("/").rpartition("/")[2]) or name
