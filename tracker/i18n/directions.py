"""Texts that are written from right to left, beside others (Unicode UAX 9).

A title is Hebrew or Arabic whatever language tracker speaks. Within a sentence it is set between a
first-strong isolate and its end, so that it has the direction of its own letters and the day behind
it stays behind it. What a title holds of such signs itself ends with it: an override could turn the
rest of a line. A text without any of these letters and signs stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

BEGIN, END = "\u2068", "\u2069"
_BEGINS = "\u2066\u2067\u2068"
#: An innermost one.
_ISOLATE = re.compile(f"{BEGIN}[^{_BEGINS}{END}\n]*{END}")
#: Signs that set a direction; marks (U+200E, U+200F) have no reach.
_SIGNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
#: Those, and what the blocks of Hebrew, Arabic and others from right to left hold.
_TURNING = re.compile(
    "[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def may_turn(text: str) -> bool:
    """Whether something in the text runs from right to left, or could make it.

    >>> may_turn("Rent review"), may_turn("賃料改定"), may_turn("דיון"), may_turn("a\\u202eb")
    (False, False, True, True)
    """
    return not text.isascii() and _TURNING.search(text) is not None


def isolate(text: str) -> str:
    """The text so that it can stand beside others: each of its lines between signs, if need be.

    A sentence in which all that runs otherwise stands between signs needs no more of them.

    >>> isolate("Rent review")
    'Rent review'
    >>> isolate(f"{BEGIN}דיון{END}: end") == f"{BEGIN}דיון{END}: end"
    True
    >>> isolate("דיון!") == BEGIN + "דיון!" + END
    True
    """
    if not may_turn(_outside(text)):
        return text
    return "\n".join(f"{BEGIN}{close_isolates(line)}{END}" for line in text.split("\n"))


def _outside(text: str) -> str:
    """What of the text stands in no isolate of its own."""
    if text.isascii() or BEGIN not in text:
        return text
    before = ""
    while before != text:
        before, text = text, _ISOLATE.sub("", text)
    return text


def close_isolates(text: str) -> str:
    """The text, all of whose isolates end within it, and that ends none but its own.

    Embeddings and overrides end with what they stand in.

    >>> close_isolates("a\\u2069b"), close_isolates("\\u2067a") == "\\u2067a" + END
    ('ab', True)
    """
    if text.isascii() or _SIGNS.search(text) is None:
        return text
    kept, depth = [], 0
    for sign in text:
        if sign in _BEGINS:
            depth += 1
        elif sign == END:
            if not depth:
                continue
            depth -= 1
        kept.append(sign)
    return "".join(kept) + END * depth


def without_isolates(text: str) -> str:
    """The text without first-strong isolates: as data, for programs, which set it themselves."""
    return text if text.isascii() else text.replace(BEGIN, "").replace(END, "")


def carry_over(lines: Iterable[str]) -> list[str]:
    """The lines of a text that was wrapped: what is isolated goes on so on the next one.

    >>> carry_over([BEGIN + "דיון", "ארוך" + END + ", today"])[
    ...     1
    ... ] == BEGIN + "ארוך" + END + ", today"
    True
    """
    carried, depth = [], 0
    for line in lines:
        whole = BEGIN * depth + line
        depth = max(sum(sign in _BEGINS for sign in whole) - whole.count(END), 0)
        carried.append(whole + END * depth)
    return carried
