"""Text as XML can hold it."""

from __future__ import annotations

import re

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2


def xml_text(text: str) -> str:
    """The text, with a sign in place of what XML cannot hold however it is escaped.

    >>> xml_text("a\\x00b")
    'a\ufffdb'
    """
    return text if text.isprintable() else _NOT_XML.sub("\ufffd", text)
