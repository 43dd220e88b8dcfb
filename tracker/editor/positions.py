"""Offsets in a text as an editor counts them: a line, and how far into it in UTF-16 or others."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import Literal, TypeAlias

PositionUnit: TypeAlias = Literal["utf-8", "utf-16", "utf-32"]

_WIDE = re.compile("[\U00010000-\U0010ffff]")


class Positions:
    """The lines of a text, which end as the protocol has it: with CR LF, LF or CR.

    >>> Positions("a\\U0001f680b\\r\\nc").position(2), Positions("\\U0001f680b").offset(0, 2)
    ((0, 3), 1)
    """

    def __init__(self, text: str, unit: PositionUnit = "utf-16") -> None:
        self._text, self._unit = text, unit
        self._starts = _starts(text)

    def position(self, offset: int) -> tuple[int, int]:
        """The line and the units before that character, both from 0."""
        line = bisect_right(self._starts, offset) - 1
        return line, self._units(self._text[self._starts[line] : offset])

    def offset(self, line: int, units: int) -> int:
        """The character at that place; past the end of a line, its end; past the last, the end."""
        if line >= len(self._starts):
            return len(self._text)
        start = self._starts[line]
        end = self._starts[line + 1] if line + 1 < len(self._starts) else len(self._text)
        text = self._text[start:end].rstrip("\r\n")
        if self._unit == "utf-32" or text.isascii():
            return start + min(units, len(text))
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self._units(text[:middle]) <= units:
                low = middle
            else:
                high = middle - 1
        return start + low

    def _units(self, text: str) -> int:
        if self._unit == "utf-32" or text.isascii():
            return len(text)
        if self._unit == "utf-8":
            return len(text.encode("utf-8", "surrogatepass"))
        return len(text) + len(_WIDE.findall(text))


def _starts(text: str) -> list[int]:
    if "\r" in text:
        return [0, *(end.end() for end in re.finditer(r"\r\n?|\n", text))]
    # The same, several times as fast: this is done at each keystroke.
    sizes = map((1).__add__, map(len, text.split("\n")))
    return [0, *accumulate(sizes)][:-1]
