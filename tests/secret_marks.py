"""Secrets that are known by their looks, and where any of them stands in what is shown."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from urllib.parse import quote, unquote


def mark(name: str) -> str:
    """A secret, of the characters that every way of writing changes.

    >>> mark("mail")
    'Qx7mailKw3-z/+%é&R00d8dZ9'
    """
    return f"Qx7{name}Kw3-z/+%é&{_own(name)}Z9"


def plain_mark(name: str) -> str:
    """A secret that can stand in any part of an address."""
    return f"Qx7{name}Kw3Vn8{_own(name)}Z5"


def _own(name: str) -> str:
    """What no other secret has at its end."""
    return f"R{sha256(name.encode()).hexdigest()[:5]}"


def traces(text: str, secrets: Iterable[str]) -> list[str]:
    """What of the secrets can be found in a text: as it is, encoded in any usual way, or cut.

    >>> traces("the password UXg3YmFkS3czVm44WnI1 is wrong", ["Qx7badKw3Vn8Zr5"])
    ['UXg3YmFkS3czVm44']
    >>> traces("the passwo Qx7bad\\n  Kw3Vn", ["Qx7badKw3Vn8Zr5"])
    ['Qx7badKw']
    >>> traces("nothing", ["Qx7badKw3Vn8Zr5"])
    []
    """
    closed_up = re.sub(r"[\s│|]+", "", unquote(text) + text)
    return sorted({form for secret in secrets for form in _forms(secret) if form in closed_up})


def _forms(secret: str) -> Iterator[str]:
    """As it may be written; of a secret already its first eight characters."""
    yield secret[:8]
    yield secret[-8:]
    yield from (quote(secret, safe=""), html.escape(secret), json.dumps(secret)[1:-1])
    for before in (b"", b"x", b"xx"):  # base64 of what it is a part of, by where it begins there
        coded = base64.b64encode(before + secret.encode()).decode()
        yield coded[len(before) and 4 : len(coded) - 4]
