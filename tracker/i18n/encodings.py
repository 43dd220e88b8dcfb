r"""What stands for a character that the encoding of a terminal or a pipe lacks.

In text a look-alike where there is one, such as `-` for a dash, else its number as Python writes
it, so that nothing is lost: `\u5951`. In JSON its escape, which is the same value: RFC 8259,
section 7. Bytes that are no text, as in a file's name, are shown as a shell takes them: `\xff`.
"""

from __future__ import annotations

import codecs

from tracker.i18n.directions import BEGIN, END

#: The name under which Python's encoders know the way that `_spell_out` goes.
SPELL_OUT = "tracker.spell_out"

#: For the signs of a drawing one letter each, and no two the same, so that lines stay in column.
_SIGNS = dict(zip("●◆◇✗◈┼◁⊘○│━┅▒·→", "*#?x@+<0o|=-:.>", strict=True))
_ALIKE = {
    "'": "‘’‚‛′",
    '"': "“”„‟″«»",
    "-": "‐‑‒–—―−─┄╌",
    "=": "═",
    "|": "┃║",
    "+": "┌┐└┘├┤┬┴╋╔╗╚╝╠╣╦╩╬",
    "*": "•‣∙",
    "<": "←‹",
    ">": "›",
    " ": "\u00a0\u2002\u2003\u2009\u202f\u3000",
    "~": "〜～",
    "x": "×",
    "...": "…",
    "<=": "≤",
    ">=": "≥",
    "+/-": "±",
    "1/2": "½",
    "sec.": "§",
    "EUR": "€",
    "": BEGIN + END,  # where letters run otherwise: without them nothing has to be set apart
}
_LOOKALIKES = {letter: plain for plain, letters in _ALIKE.items() for letter in letters} | _SIGNS


def _spell_out(error: UnicodeError) -> tuple[str, int]:
    r"""What an encoder writes for what it lacks.

    >>> "§ 5 – “契約”".encode("ascii", SPELL_OUT)
    b'sec. 5 - "\\u5951\\u7d04"'
    >>> f"{BEGIN}Ä{END}: end".encode("cp1252", SPELL_OUT)
    b'\xc4: end'
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    written = (
        _LOOKALIKES[letter] if letter in _LOOKALIKES else _number(letter) for letter in lacking
    )
    return "".join(written), error.end


codecs.register_error(SPELL_OUT, _spell_out)


def _number(letter: str) -> str:
    """The character's number; of a byte that Python could not decode, that byte's."""
    code = ord(letter)
    if 0xDC80 <= code <= 0xDCFF:  # PEP 383
        return f"\\x{code - 0xDC00:02x}"
    return letter.encode("ascii", "backslashreplace").decode("ascii")


def readable(text: str) -> str:
    r"""The text as UTF-8 can hold it.

    >>> readable("\udcff.toml")
    '\\xff.toml'
    """
    return text.encode("utf-8", SPELL_OUT).decode("utf-8")


def escape_json(text: str, encoding: str) -> str:
    r"""JSON in which what the encoding lacks is escaped.

    >>> escape_json('["Müller", "契約", "🙂"]', "cp1252")
    '["Müller", "\\u5951\\u7d04", "\\ud83d\\ude42"]'
    """
    if _comes_back(text, encoding):
        return text
    import json

    lacking = {letter for letter in set(text) if not _comes_back(letter, encoding)}
    return text.translate({ord(letter): json.dumps(letter)[1:-1] for letter in lacking})


def _comes_back(text: str, encoding: str) -> bool:
    """Whether it is read as it was written: Shift_JIS writes a yen sign as a backslash."""
    try:
        return text.encode(encoding).decode(encoding) == text
    except UnicodeError:
        return False
