"""Who waits for whom: the nearest open events that can still set or move a point."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from tracker.agreements.keys import PointKey, key_of
from tracker.dates.bounds import Bounds, Place, precedes
from tracker.dates.evaluation import bounds_of, or_if
from tracker.dates.expressions import Choice, Each, Form, OrIf, Ref, parts

Keys: TypeAlias = frozenset[PointKey]
NONE: Keys = frozenset()


def waits(
    form: Form,
    agreement: str,
    place: Place,
    of_point: Callable[[PointKey], Keys],
) -> Keys:
    """The open points that a form waits for.

    `of_point` gives what a reference to that point waits for: the point
    itself where it is open, else what its own line waits for. A branch of a choice that by bounds
    can no longer change the answer is dropped.
    """
    if isinstance(form, Ref):
        return of_point(key_of(form, agreement))
    if isinstance(form, Each):  # the occurrence that it is repeated for is told apart
        return NONE
    found = NONE
    for part in _live_parts(form, place):
        found |= waits(part, agreement, place, of_point)
    return found


def _live_parts(form: Form, place: Place) -> Sequence[Form]:
    if isinstance(form, Choice):
        return live_items(form, place)
    return or_if(form, place).live if isinstance(form, OrIf) else parts(form)


def live_items(form: Choice, place: Place) -> list[Form]:
    """The items of a choice that can still change its answer, in the order of the line.

    In `earliest of` an item drops out whose earliest is not before another's latest; in `latest
    of` one whose latest is not after another's earliest.
    """
    candidates = [bounds_of(item, place) for item in form.items]
    drops = _never_first if form.which == "earliest" else _never_last
    live = []
    for at, item in enumerate(form.items):
        if not drops(candidates[at], candidates[:at] + candidates[at + 1 :], place.zone):
            live.append(item)
    return live


def _never_first(item: Bounds, others: Iterable[Bounds], zone: str) -> bool:
    earliest = item.earliest
    if earliest is None:
        return True
    return any(
        other.latest is not None and not precedes(earliest, other.latest, zone, item.opens)
        for other in others
    )


def _never_last(item: Bounds, others: Iterable[Bounds], zone: str) -> bool:
    latest = item.latest
    if latest is None:
        return False
    return any(
        other.earliest is None or not precedes(other.earliest, latest, zone, other.opens)
        for other in others
    )


def in_order(keys: Keys) -> tuple[PointKey, ...]:
    """The points by their ids, then agreements and sides."""
    return tuple(sorted(keys, key=_by_id) if len(keys) > 1 else keys)


def _by_id(key: PointKey) -> tuple[str, str, str]:
    event = key.event if key.occurrence is None else f"{key.event}@{key.occurrence}"
    return event, key.agreement, key.side
