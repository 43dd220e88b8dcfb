r"""Characters that would act on a terminal, or break a line, in the name of a file.

Whoever may add a file to a folder chooses its name, and a name may hold all but `/` and NUL: an
escape sequence, which a terminal obeys, or a line break, behind which a log says whatever they like.
They are spelled out as Python writes them, so that it is seen which file is meant: `\x1b`.
"""

from __future__ import annotations

import re

#: Unicode's category Cc: C0 and C1 (ISO/IEC 6429), to which a terminal listens.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NO_LINE_BREAK = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def spell_controls(text: str) -> str:
    r"""A text of one line without any.

    >>> spell_controls("esc\x1b[31m\n.toml")
    'esc\\x1b[31m\\n.toml'
    """
    return text if text.isprintable() else _CONTROL.sub(_spelled, text)


def spell_controls_in_lines(text: str) -> str:
    """A text that may have several lines, without any other."""
    return text if text.isprintable() else _NO_LINE_BREAK.sub(_spelled, text)


def _spelled(sign: re.Match[str]) -> str:
    return sign[0].encode("unicode_escape").decode("ascii")
