"""What the headers of a request ask for: a language, and whether compressed bytes will do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeAlias

from tracker.i18n.translate import Language, language_of

#: The headers of a request by their names, in lower case.
RequestHeaders: TypeAlias = Mapping[bytes, bytes]

_NO_GZIP = re.compile(rb"gzip\s*;\s*q=0(?:\.0*)?\s*(?:,|$)")


def accepts_gzip(headers: RequestHeaders) -> bool:
    """Whether the body may be compressed (RFC 9110, section 12.5.3)."""
    accepted = headers.get(b"accept-encoding", b"")
    return b"gzip" in accepted and not (b"q=0" in accepted and _NO_GZIP.search(accepted))


def preferred_language(headers: RequestHeaders) -> Language:
    """Of the languages that there are, the one that is wanted most; else English."""
    return _best_language(headers.get(b"accept-language", b""))


@lru_cache(maxsize=256)
def _best_language(header: bytes) -> Language:
    """The language of the highest weight; of several the one that is named first.

    RFC 9110, section 12.5.4.

    >>> _best_language(b"de, en;q=0.5, ja;q=0.8"), _best_language(b"ja;q=0"), _best_language(b"")
    ('ja', 'en', 'en')
    """
    highest, preferred = 0.0, "en"
    for part in header[:1000].decode("latin-1").split(","):
        tag, _, parameter = part.partition(";")
        language = language_of(tag.strip())
        weight = _weight(parameter)
        if language is not None and weight > highest:
            highest, preferred = weight, language
    return preferred


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
