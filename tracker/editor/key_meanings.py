"""What a key of an events file means, where one looks at it."""

from __future__ import annotations

import re

from tracker.editor.next_words import keys_at
from tracker.i18n.translate import Language, catalogue, translate

_KEY = re.compile(r"[ \t]*([a-z]+)(?:\.[A-Za-z-]+)?[ \t]*=")


def key_meaning(text: str, offset: int, language: Language) -> str | None:
    """The meaning of the key at that character; None where none stands.

    >>> key_meaning('[[event]]\\nroll = "next"\\n', 11, "en")
    'Where a day goes that is closed in the calendar.'
    """
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    key = _KEY.match(text[start : len(text) if end < 0 else end])
    if key is None or offset >= start + key.end():
        return None
    table, keys = keys_at(text[:start])
    sentence = f"key.{table}.{key[1]}"
    if key[1] not in keys or sentence not in catalogue("en"):
        return None
    return translate(language, sentence)
