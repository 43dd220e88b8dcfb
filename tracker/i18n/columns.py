"""Text in columns: how wide it is, and how it is filled up, cut and wrapped.

A Japanese character takes two columns of a terminal (Unicode UAX 11); wcwidth knows which ones.
It is loaded only where a text is not plain ASCII.
"""

from __future__ import annotations

import re

from tracker.i18n.directions import BEGIN, END, carry_over, may_turn, without_isolates


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


def printable_sentence(text: str) -> str:
    r"""A sentence of ours about something that was typed, without what would act on a terminal.

    >>> printable_sentence("\u2068\u202e2026\u2069 is no day")
    ' 2026 is no day'
    """
    signs = (BEGIN, END)
    cleaned = "".join(part if part.isprintable() or part in signs else " " for part in text)
    without = without_isolates(cleaned)
    return cleaned if may_turn(without) else without


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

    Words stay whole; Japanese breaks between any two characters, as it is written, but not within
    a name, and not before a mark that closes.

    >>> wrap("遅くなることがあります(permit@roof を待っています)", 28)
    ['遅くなることがあります', '(permit@roof を待っています)']
    """
    if width is None or width_of(text) <= width:
        return [text]
    if text.isascii():
        import textwrap

        return textwrap.wrap(text, max(width, 8), break_on_hyphens=False) or [""]
    lines = _wrap_wide(text, max(width, 8)) or [""]
    return carry_over(lines) if may_turn(text) else lines


#: What stays on one line: a word or a letter, with what opens and what closes it; or white space.
_PIECE = r"\s+|[(「『（“]*(?:[!-'*-~]+|[^\s][\u0300-\u036f\u3099\u309a\ufe00-\ufe0f\u200d]*)[)」』）”。、，]*"
_WIDE = r"[\u3040-\u30ff\u3400-\u9fff]"  # both are compiled where they are used: start-up


def _wrap_wide(text: str, width: int) -> list[str]:
    """The lines of a text that may be Japanese."""
    from wcwidth import wrap as wide_wrap

    if not re.search(_WIDE, text):
        return wide_wrap(text, width)
    lines, line, filled = list[str](), "", 0
    for piece in re.findall(_PIECE, text):
        columns = width_of(piece)
        if line and filled + columns > width:
            lines.append(line.rstrip())
            line, filled = "", 0
        if line or not piece.isspace():
            line, filled = line + piece, filled + columns
        if filled > width:  # longer than a line: wherever it has to
            *whole, line = wide_wrap(line, width) or [line]
            lines += whole
            filled = width_of(line)
    return [*lines, line.rstrip()] if line.strip() else lines
