"""The lines of an entry's content, read and written (RFC 5545, section 3.1)."""

from __future__ import annotations

import re

from icalendar import vText
from icalendar.parser import unescape_backslash

from tracker.i18n.translate import Language

#: In bytes, without the end of the line.
LONGEST_LINE = 74


def unfolded_lines(content: bytes) -> list[bytes]:
    """The lines of an entry as they were before folding."""
    return content.replace(b"\r\n ", b"").split(b"\r\n")


def text_of(content: bytes, name: str) -> str:
    """The text of the property of that name, which an entry of ours has once."""
    match = _property(name).search(content)
    if match is None:
        return ""
    line = match[0].replace(b"\r\n ", b"").removesuffix(b"\r\n").decode()
    text: str = unescape_backslash(line.partition(":")[2])  # a language's name has no colon
    return text


def text_line(name: str, text: str, language: Language) -> bytes:
    """A property with a text in that language, folded, with the end of its line."""
    escaped: bytes = vText(text).to_ical()
    line = f"{name};LANGUAGE={language}:".encode() + escaped
    pieces = []
    while len(line) > LONGEST_LINE:
        at = LONGEST_LINE
        while line[at] & 0xC0 == 0x80:  # within a character of several bytes
            at -= 1
        if line[at - 1 : at] == b"\\":  # some clients unescape before they unfold
            at -= 1
        pieces.append(line[:at])
        line = b" " + line[at:]
    return b"\r\n".join((*pieces, line)) + b"\r\n"


def with_text(content: bytes, name: str, text: str, language: Language) -> bytes:
    """The content with that text in place of the property's."""
    line = text_line(name, text, language)
    return _property(name).sub(lambda _: line, content, count=1)


def _property(name: str) -> re.Pattern[bytes]:
    """A property's line, unfolded or not."""
    return re.compile(rb"^%s[;:].*\r\n(?: .*\r\n)*" % name.encode(), re.MULTILINE)
