"""What the signs of the picture mean: each drawn as it is drawn there."""

from __future__ import annotations

from typing import NamedTuple

from tracker.i18n.translate import Language, translate

_DIAMOND = "l6 6l-6 6l-6 -6z"
#: By name its width and what is drawn, in a box 14 high.
_SIGNS = {
    "exact": (14, f'<path class="dot exact" d="M7 1{_DIAMOND}"/>'),
    "may-move": (14, f'<path class="dot may-move" d="M7 1{_DIAMOND}"/>'),
    "option": (
        26,
        '<path class="reach" d="M0 7H20"/><path class="dot option" d="M20 1v12l-8 -6z"/>',
    ),
    "window": (26, '<rect class="window" x="1" y="2" width="24" height="10" rx="2"/>'),
    "band": (
        40,
        (
            '<rect class="band" y="2" width="16" height="10"/>'
            '<rect class="band pale" x="16" y="2" width="24" height="10"/>'
        ),
    ),
    "waits": (14, '<circle class="dot waits" cx="7" cy="7" r="5"/>'),
    "join": (
        26,
        '<path class="join" d="M0 7H20M20 0V14"/><circle class="knot" cx="20" cy="7" r="2.5"/>',
    ),
    "occurred": (14, f'<path class="dot occurred" d="M7 1{_DIAMOND}"/>'),
    "passed": (14, f'<path class="dot passed" d="M7 1{_DIAMOND}"/>'),
}


class Sign(NamedTuple):
    """One sign and its meaning."""

    width: int
    drawn: str  #: SVG, in a box 14 high
    text: str


def legend_of(language: Language) -> list[Sign]:
    """Every sign, in the order in which people meet them."""
    return [
        Sign(width, drawn, translate(language, f"page.legend.{name}"))
        for name, (width, drawn) in _SIGNS.items()
    ]
