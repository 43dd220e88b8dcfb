"""Text in columns: how wide it is, and how it is filled up, cut and wrapped.

A Japanese character takes two columns of a terminal (Unicode UAX 11); wcwidth knows which ones.
It is loaded only where a text is not plain ASCII.
"""

from __future__ import annotations


def width_of(text: str) -> int:
    """How many columns the text takes.

    >>> width_of("2030"), width_of("終了")
    (4, 4)
    """
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth

    return max(wcswidth(text), 0)


def printable(text: str, most: int) -> str:
    r"""The beginning of a text from somewhere else, without what would act on a terminal.

    >>> printable("550\x1b[2J no such\nuser", 100)
    '550 [2J no such user'
    """
    return cut(" ".join(without_controls(text[: 4 * most]).split()), most)


def without_controls(text: str) -> str:
    """The text with a space in place of each character that cannot be printed."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def pad(text: str, width: int) -> str:
    """The text with spaces behind it up to that many columns.

    >>> pad("終了", 6)
    '終了  '
    """
    return text + " " * (width - width_of(text))


def cut(text: str, width: int) -> str:
    """The text in at most that many columns, with an ellipsis where it was cut.

    >>> cut("Microsoft", 6)
    'Micro…'
    """
    if width_of(text) <= width:
        return text
    beginning = ""
    columns = 1
    for letter in text:
        columns += width_of(letter)
        if columns > width:
            break
        beginning += letter
    return beginning + "…"


def wrap(text: str, width: int | None) -> list[str]:
    """The text in lines of at most that many columns; one line where there is no width.

    Words stay whole; Japanese breaks between any two characters, as it is written.
    """
    if width is None or width_of(text) <= width:
        return [text]
    if text.isascii():
        import textwrap

        return textwrap.wrap(text, max(width, 8), break_on_hyphens=False) or [""]
    from wcwidth import wrap as wide_wrap

    return wide_wrap(text, max(width, 8)) or [""]
