"""How wide a text is. No font is known here: wide enough for the usual ones of every system."""

from __future__ import annotations

from functools import cache

from tracker.i18n.columns import width_of

_NARROW_LETTERS = frozenset("ijl.,:;'|!()[]ftrI -’‘")
_BROAD_LETTERS = frozenset("mwMW@%—…")


def text_width(text: str, size: int) -> float:
    """The room that a text takes at that size of letters, in pixels."""
    return sum(map(_ems, text)) * size


def cut_to(text: str, room: float, size: int) -> str:
    """The text with an ellipsis where it does not fit.

    >>> cut_to("Delivery of the engine", 80, 15)
    'Deliver…'
    """
    if text_width(text, size) <= room:
        return text
    room -= text_width("…", size)
    beginning, width = "", 0.0
    for letter in text:
        width += _ems(letter) * size
        if width > room:
            break
        beginning += letter
    return beginning.rstrip() + "…"


@cache
def _ems(letter: str) -> float:
    if not letter.isascii() and width_of(letter) > 1:
        return 1.03
    if letter in _NARROW_LETTERS:
        return 0.42
    if letter in _BROAD_LETTERS:
        return 1.02
    return 0.74 if letter.isupper() else 0.645
