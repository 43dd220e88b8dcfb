"""The key `imported` of an event: where `tracker import` had it from, and what it wrote here.

A fingerprint is of a key's value, not of its characters: who lays a value out otherwise edits
nothing.
"""

from __future__ import annotations

import json
import re
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from tracker.agreements.model import Imported
from tracker.dates.diagnostics import Diagnostic
from tracker.files.problems import KeyPath
from tracker.files.values import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable

_KEYS = ("from", "id", "wrote")
_WROTE = re.compile(r"([a-z]+):([0-9a-f]{8})")


def read_imported(reader: Reader, value: object, path: KeyPath) -> Imported | None:
    """`{ from = "calendar.ics", id = "UID", wrote = "title:1a2b3c4d when:5e6f7a8b" }`."""
    table = reader.table(value, path)
    if not isinstance(value, dict):
        return None
    reader.keys(table, path, _KEYS)
    texts = {key: reader.text(table[key], (*path, key)) for key in _KEYS if key in table}
    if not texts.get("from") or not texts.get("id"):
        missing = next(key for key in ("from", "id") if not texts.get(key))
        reader.report(Diagnostic("missing-key", values=(("key", missing),)), path)
        return None
    return Imported(str(texts["from"]), str(texts["id"]), read_wrote(texts.get("wrote") or ""))


def read_wrote(text: str) -> tuple[tuple[str, str], ...]:
    """The keys with their fingerprints; what was put there by hand and is none is no record.

    >>> read_wrote("title:1a2b3c4d when:5e6f7a8b x")
    (('title', '1a2b3c4d'), ('when', '5e6f7a8b'))
    """
    return tuple((match[1], match[2]) for match in map(_WROTE.fullmatch, text.split()) if match)


def wrote_text(fingerprints: Iterable[tuple[str, str]]) -> str:
    """The same as the file has it."""
    return " ".join(f"{key}:{mark}" for key, mark in fingerprints)


def fingerprint(value: Any) -> str:
    """A fingerprint of a key's value, as TOML gives it: the same for the same value.

    >>> fingerprint("2027-03-31"), fingerprint(["a"]) == fingerprint(("a",))
    ('5a957ade', True)
    """
    if isinstance(value, date):  # with quotes or without
        value = value.isoformat()
    if type(value) is str:  # nearly all are
        return sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    written = json.dumps(value, ensure_ascii=False, default=str, sort_keys=True)
    return sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:8]
