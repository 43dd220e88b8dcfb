"""A text after an edit, as the protocol describes one."""

from __future__ import annotations

from functools import lru_cache

from tracker.editor.positions import Positions, PositionUnit
from tracker.files.toml_edits import Replacement


@lru_cache(maxsize=8)
def positions_of(text: str, unit: PositionUnit) -> Positions:
    """The places in a text; an editor asks several questions about the same one."""
    return Positions(text, unit)


def edited_text(
    text: str, start: tuple[int, int], end: tuple[int, int], new: str, unit: PositionUnit
) -> str:
    """The text with another one between two places, each a line and the units before it.

    >>> edited_text("one\\ntwo\\n", (0, 3), (1, 1), " \\U0001f680 ", "utf-16")
    'one \\U0001f680 wo\\n'
    """
    positions = positions_of(text, unit)
    first, last = sorted((positions.offset(*start), positions.offset(*end)))
    return Replacement(first, last, new).apply(text)
