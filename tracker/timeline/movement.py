"""In which direction a point can still leave the days on which it stands.

Every sentence that says so ("may come later, or never") is chosen here, by the bounds alone.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from tracker.dates.bounds import Bounds, precedes
from tracker.timeline.points import Point

#: "sooner": its first day is before those on which it stands; "later": its last day is after them;
#: "never": it has no last day; "either": sooner and later.
Movement: TypeAlias = Literal[
    "stays",  # it can be on no other days
    "narrows",  # on no others, and something can rule out some of these
    "sooner",
    "later",
    "later-or-never",
    "either",
    "either-or-never",
    "never",  # its day is its own; only whether it comes is open
    "sooner-or-never",
]


def movement_of(point: Point) -> Movement:
    """In which direction a point that stands may still move."""
    return movement_within(
        point.bounds, bool(point.waits_for), point.zone, has_own_days=_has_own_days(point)
    )


def movement_within(bounds: Bounds, waits: bool, zone: str, has_own_days: bool = False) -> Movement:
    """The same of bounds that stand; `has_own_days`: what has no last day is not later for it.

    >>> from datetime import date
    >>> from tracker.dates.bounds import Window
    >>> stands = Window(date(2027, 3, 1), date(2027, 3, 1))
    >>> movement_within(Bounds(date(2027, 3, 1), date(2027, 5, 1), stands), True, "UTC")
    'later'
    >>> movement_within(Bounds(date(2027, 2, 1), None, stands), True, "UTC")
    'either-or-never'
    """
    if bounds.stands is None or bounds.earliest is None:
        raise ValueError("what does not stand moves in no direction")
    sooner = precedes(bounds.earliest, bounds.stands.earliest, zone, bounds.opens)
    if bounds.latest is None:
        if has_own_days:
            return "sooner-or-never" if sooner else "never"
        return "either-or-never" if sooner else "later-or-never"
    if precedes(bounds.stands.latest, bounds.latest, zone):
        return "either" if sooner else "later"
    if sooner:
        return "sooner"
    return "narrows" if waits and not bounds.exact else "stays"


def _has_own_days(point: Point) -> bool:
    """Whether only its coming is open: an occurrence of a line that names nothing else."""
    if point.occurrence is None:
        return False
    line = point.line
    if line is None or line.each is None:
        return True
    return all(ref == line.each.of for ref in line.refs)
