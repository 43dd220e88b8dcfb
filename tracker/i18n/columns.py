"""Text in columns: how wide it is, and how it is filled up, cut and wrapped.

A Japanese character takes two columns of a terminal (Unicode UAX 11); rich knows which ones, and
which characters people see as one. It is loaded only where a text is not plain ASCII, and asked for
its newest table, whatever UNICODE_VERSION says: a text has one width.
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
    from rich.cells import cell_len

    return cell_len(text, "latest")


def graphemes_of(text: str) -> list[str]:
    """The text in what people see as one letter each (Unicode UAX 29).

    >>> graphemes_of("\u30f1\u3099 \U0001f1ef\U0001f1f5")
    ['\u30f1\u3099', ' ', '\U0001f1ef\U0001f1f5']
    """
    if text.isascii():
        return list(text)
    from rich.cells import split_graphemes

    letters = list[str]()
    for start, end, _ in split_graphemes(text, "latest")[0]:
        letter = text[start:end]
        if letters and _goes_on(letters[-1], letter):
            letters[-1] += letter
        else:
            letters.append(letter)
    return letters


#: What rich's table takes for letters of their own: of half-width katakana the marks, of flags both
#: halves, of Korean syllables those that begin with another consonant.
_HALF_WIDTH_MARKS = ("\uff9e", "\uff9f")
_HALF_OF_FLAG, _CONSONANT = "[\U0001f1e6-\U0001f1ff]", "[\u1100-\u115f]"
_PAIR = f"{_HALF_OF_FLAG}{{2}}|(?s:.*){_CONSONANT}[\uac00-\ud7a3\u1100-\u115f]"
_MARKS = ("Mn", "Mc", "Me", "Cf")
_SKIN_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"  #: they go on like marks
_VIRAMA = 9  #: the combining class of the sign by which one Indic letter joins the next


def _goes_on(letter: str, following: str) -> bool:
    """Whether what follows a letter belongs to it (UAX 29: GB9, GB12 and GB6, GB9c)."""
    from itertools import takewhile
    from unicodedata import category, combining

    if following.startswith(_HALF_WIDTH_MARKS):
        return True
    marks = takewhile(
        lambda mark: category(mark) in _MARKS or mark in _SKIN_TONES, reversed(letter)
    )
    if _VIRAMA in map(combining, marks) and following[0].isalpha():
        return True
    return re.fullmatch(_PAIR, letter + following[0]) is not None


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
    for letter in graphemes_of(text):
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
    pieces = _WIDE_PIECE if re.search(_WIDE, text) else _WORD
    lines = _fill(re.findall(pieces, text), max(width, 8)) or [""]
    return carry_over(lines) if may_turn(text) else lines


#: What stays on one line: a word or a letter, with what opens and what closes it; or white space.
_WIDE_PIECE = r"\s+|[(「『（“]*(?:[!-'*-~]+|[^\s][\u0300-\u036f\u3099\u309a\ufe00-\ufe0f\u200d]*)[)」』）”。、，]*"
_WORD = r"[ \t\n\r\f\v]+|[^ \t\n\r\f\v]+"  # a space that does not break is of its word
_WIDE = r"[\u3040-\u30ff\u3400-\u9fff]"  # all are compiled where they are used: start-up


def _fill(pieces: list[str], width: int) -> list[str]:
    """The pieces in lines, as many in each as it has columns for."""
    from rich.cells import chop_cells

    lines, line, filled = list[str](), "", 0
    for piece in pieces:
        columns = width_of(piece)
        if line and filled + columns > width:
            lines.append(line.rstrip())
            line, filled = "", 0
        if line or not piece.isspace():
            line, filled = line + piece, filled + columns
        if filled > width:  # longer than a line: wherever it has to
            *whole, line = chop_cells(line, width, "latest")
            lines += whole
            filled = width_of(line)
    return [*lines, line.rstrip()] if line.strip() else lines
