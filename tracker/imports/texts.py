"""The text of a file, and texts of others as events.toml may hold them."""

from __future__ import annotations

import re

from tracker.imports.foreign import ForeignFile, Unreadable
from tracker.imports.heads import letters_of

#: A title beyond this is a page of text that stands in the wrong place.
LONGEST_TITLE = 500
LONGEST_NOTE = 20_000
#: Signs that no text is made of; with those that turn the direction of all that follows them.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def file_text(file: ForeignFile, most: int) -> str:
    """The text of a file in UTF-8, or in what its first bytes say; at most so many bytes.

    >>> file_text(ForeignFile("a.json", b"\\xef\\xbb\\xbf[]"), 100)
    '[]'
    """
    if len(file.content) > most:
        size, largest = len(file.content) // 1_000_000, most // 1_000_000
        raise Unreadable("too-large", (("size", str(size)), ("most", str(largest))))
    encoding, mark = letters_of(file.content)
    try:
        text = file.content[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        line = file.content[: error.start].count(b"\n") + 1
        raise Unreadable(
            "encoding-of-line", (("line", str(line)), ("encoding", encoding))
        ) from None
    if not text.strip(" \t\r\n\0"):
        raise Unreadable("empty")
    return text


def one_line(value: object, most: int = LONGEST_TITLE) -> str:
    """A text as a title or tag may be: one line, no control signs, no longer than so much.

    >>> one_line(" Pay\\x00 the\\n rent ")
    'Pay the rent'
    """
    text = str(value)[: 4 * most]
    if not text.isprintable():  # nearly all are
        text = _CONTROL.sub(" ", _SURROGATE.sub("\ufffd", text))
    words = " ".join(text.split())
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def several_lines(value: object, most: int = LONGEST_NOTE) -> str:
    """A text as a note may be: its lines, without control signs.

    >>> several_lines("a\\tb\\r\\n\\r\\nc\\x07 ")
    'a b\\n\\nc'
    """
    text = str(value)[: 2 * most]
    if len(text) <= most and text.isprintable():  # one line, as nearly all are
        return text.strip()
    text = _SURROGATE.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n")
    lines = [_CONTROL.sub(" ", line.replace("\t", " ")).rstrip() for line in text.split("\n")]
    whole = "\n".join(lines).strip()
    return whole if len(whole) <= most else whole[: most - 1].rstrip() + "…"
