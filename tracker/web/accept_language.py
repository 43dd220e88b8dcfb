"""Which language a reader's program asks for (RFC 9110, section 12.5.4)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from tracker.i18n.translate import Language, language_of


def language_for(asked: Mapping[bytes, bytes]) -> Language:
    """The one that is wanted most of those that there are, else English; of a request's headers."""
    return _wanted(asked.get(b"accept-language", b""))


@lru_cache(maxsize=256)
def _wanted(header: bytes) -> Language:
    """The language of the highest weight; of several the one that is named first.

    >>> _wanted(b"de, en;q=0.5, ja;q=0.8"), _wanted(b"ja;q=0"), _wanted(b"")
    ('ja', 'en', 'en')
    """
    best, found = 0.0, "en"
    for part in header[:1000].decode("latin-1").split(","):
        tag, _, weight = part.partition(";")
        language = language_of(tag.strip())
        quality = _quality(weight)
        if language is not None and quality > best:
            best, found = quality, language
    return found


def _quality(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
