"""Who waits for whom: the nearest open events that can still set or move a point."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from tracker.agreements.keys import PointKey, key_of
from tracker.dates.expressions import Form, Place, Ref
from tracker.dates.words.repeated import Each

Keys: TypeAlias = frozenset[PointKey]
NONE: Keys = frozenset()


class TooManyNames(Exception):
    """What points wait for comes to more names than anybody can look at."""

    def __init__(self, key: PointKey) -> None:
        super().__init__(str(key))
        self.key = key  #: the point with which it does


def waits(
    form: Form,
    agreement: str,
    place: Place,
    of_point: Callable[[PointKey], Keys],
    each: Keys = NONE,
) -> Keys:
    """The open points that a form waits for.

    `of_point` gives what a reference to that point waits for: the point itself where it is open,
    else what its own line waits for; `each` is what the occurrence waits for that the line is
    repeated for. A branch of a choice that by bounds can no longer change the answer is dropped.
    """
    if isinstance(form, Ref):
        return of_point(key_of(form, agreement))
    if isinstance(form, Each):
        return each
    keys = NONE
    for part in form.live_parts(place):
        of_part = waits(part, agreement, place, of_point, each)
        if of_part is not keys:  # the same set is passed on down a chain, and never copied
            keys = keys | of_part if keys and of_part else keys or of_part
    return keys


def in_order(keys: Keys) -> tuple[PointKey, ...]:
    """The points by their ids, then agreements and sides."""
    return tuple(sorted(keys, key=_by_id) if len(keys) > 1 else keys)


def _by_id(key: PointKey) -> tuple[str, str, str]:
    event = key.event if key.occurrence is None else f"{key.event}@{key.occurrence}"
    return event, key.agreement, key.side
