"""What a key of an events file means, where one looks at it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tracker.editor.next_words import keys_at
from tracker.files.key_model import Key
from tracker.files.keys import AMENDMENT, EVENT, FILE, REMOVE, SOURCE
from tracker.i18n.translate import Language, catalogue, translate

#: A key at the beginning of its line, with what stands behind a dot in it.
KEY = re.compile(r"[ \t]*([a-z_]+)(?:\.[A-Za-z-]+)?[ \t]*=")
_ROWS = {"event": EVENT, "amendment": AMENDMENT, "source": SOURCE, "file": FILE}


def key_meaning(text: str, offset: int, language: Language) -> str | None:
    """The meaning of the key at that character, and what is written; None where none stands.

    >>> print(key_meaning('[[event]]\\nroll = "next"\\n', 11, "en"))
    Where a day goes that is closed in the calendar.
    "next", "previous", "modified-next" or "none".
    Without it: "none".
    """
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    key = KEY.match(text[start : len(text) if end < 0 else end])
    if key is None or offset >= start + key.end():
        return None
    table, keys = keys_at(text[:start])
    if key[1] == REMOVE.name and REMOVE.name in keys:
        return meaning_of("change", (REMOVE,), REMOVE.name, language)
    return meaning_of(table, _ROWS[table], key[1], language) if key[1] in keys else None


def meaning_of(table: str, rows: Iterable[Key], name: str, language: Language) -> str | None:
    """What a key means, what is written, and what holds without it."""
    key = next((row for row in rows if row.name == name), None)
    sentence = f"key.{table}.{name}"
    if key is None or sentence not in catalogue("en"):
        return None
    lines = [translate(language, sentence), translate(language, f"kind.{key.kind.name}")]
    if key.default:
        lines.append(translate(language, "editor.default", value=key.default))
    return "\n".join(lines)
