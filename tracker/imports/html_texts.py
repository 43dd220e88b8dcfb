"""The words of the little HTML that editors of calendars and tasks write."""

from __future__ import annotations

import html
import re

_TAGS = (
    "html-blob|html|head|body|p|br|div|span|a|b|i|u|s|ul|ol|li|em|strong|h[1-6]|table|tr|td|font"
)
_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]{{0,2000}})?/?>", re.IGNORECASE)
_LINK = re.compile(
    r'<a\s[^<>]{0,2000}?href="([^"<>]{1,2000})"[^<>]{0,2000}>([^<>]{0,2000})</a>', re.IGNORECASE
)
_ITEM = re.compile(r"<li\b[^<>]{0,200}>", re.IGNORECASE)
_ENDS = re.compile(r"<(?:br|/p|/li|/h[1-6]|/div|/tr)\b[^<>]{0,200}>", re.IGNORECASE)
_ANY = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")


def is_html(text: str) -> bool:
    """Whether a text has tags in it, and not only signs for less and more.

    >>> is_html("Bring <b>both</b>"), is_html("join <https://example.org/a>, if a < b")
    (True, False)
    """
    return "<" in text and _TAG.search(text) is not None


def words_of_html(text: str) -> str:
    """What a browser would show of it, in lines; a link stands behind its words.

    >>> words_of_html('<ul><li>A &amp; B</li></ul>See <a href="https://example.org">it</a>.')
    '- A & B\\nSee it (https://example.org).'
    """
    text = _LINK.sub(_words_and_link, text)
    text = _ENDS.sub("\n", _ITEM.sub("- ", text))
    return html.unescape(_ANY.sub("", text)).replace("\u00a0", " ")


def _words_and_link(link: re.Match[str]) -> str:
    address, words = link[1], link[2].strip()
    return address if not words or words == address else f"{words} ({address})"
