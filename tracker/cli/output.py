"""What reaches the screen: its width, its colours, and values as JSON."""

from __future__ import annotations

import os
import sys

import typer

#: Of a number of columns that somebody means.
_DIGITS = 4


def width() -> int | None:
    """The columns to fill: COLUMNS, else the terminal's; None in a pipe, where lines stay whole."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and 0 < len(columns.lstrip("0")) <= _DIGITS:
        return max(int(columns), 40)
    if sys.stdout.isatty():
        return max(os.get_terminal_size(sys.stdout.fileno()).columns or 80, 40)
    return None


#: What somebody copies: a command with its words, an option with its value, what stands in quotes.
_COPIED = (
    r'tracker [a-z-]+(?: (?:-[\w-]+(?: (?:"[^"]*"|[^\s"“;:,]+))?|"[^"]*"|[A-Z]{2,}))*'
    r'|(?:--[a-z-]+ )?"[^"]*"'
)


def fit_sentence(text: str) -> str:
    """On a terminal a long sentence breaks between its words, and what is copied stays on one line.

    In a pipe a sentence is one line.
    """
    if not sys.stderr.isatty() or "\n" in text:
        return text
    import re

    from tracker.i18n.columns import wrap

    columns = max(os.get_terminal_size(sys.stderr.fileno()).columns or 80, 40)
    joint = next((sign for sign in "~^`|\\" if sign not in text), " ")  # where no line ends
    joined = re.sub(_COPIED, lambda copied: copied[0].replace(" ", joint), text)
    return "\n".join(wrap(joined, columns)).replace(joint, " ")


def style(text: str, **styles: bool) -> str:
    """The text in bold or dim, where the terminal is one and nobody asked for none."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    if plain or not sys.stdout.isatty():
        return text
    return typer.style(text, **styles)


def spelled(text: str) -> str:
    """The text as it comes out there: where columns are counted, what stands for letters counts."""
    from tracker.i18n.encodings import SPELL_OUT

    encoding = sys.stdout.encoding
    return text.encode(encoding, SPELL_OUT).decode(encoding)


def print_json(value: object) -> None:
    """The value as JSON, one document, whatever the encoding of the output can say."""
    import json

    from tracker.i18n.encodings import escape_json

    text = json.dumps(value, ensure_ascii=False, indent=1)
    print(escape_json(text, sys.stdout.encoding))
