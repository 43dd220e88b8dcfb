"""Who waits for whom: the nearest open events that can still set or move a point."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeAlias

from tracker.dates.forms import Choice, Form, NotBefore, Offset, Ref
from tracker.timeline.bounds import Reach
from tracker.timeline.events import Key, key_of

Keys: TypeAlias = frozenset[Key]
NONE: Keys = frozenset()


def waits(
    form: Form,
    agreement: str,
    reach: Callable[[Form], Reach],
    of_point: Callable[[Key], Keys],
) -> Keys:
    """The open points that a form waits for.

    `reach` gives a form's bounds; `of_point` what a reference to that point waits for: the point
    itself where it is open, else what its own line waits for. A branch of a choice that by bounds
    can no longer change the answer is dropped.
    """
    match form:
        case Ref():
            return of_point(key_of(form, agreement))
        case Offset() | NotBefore():
            return waits(form.operand, agreement, reach, of_point)
        case Choice():
            found = NONE
            for item in live_items(form, reach):
                found |= waits(item, agreement, reach, of_point)
            return found
        case _:
            return NONE


def live_items(form: Choice, reach: Callable[[Form], Reach]) -> list[Form]:
    """The items of a choice that can still change its answer, in the order of the line.

    In `earliest of` an item drops out whose earliest is not before another's latest; in `latest
    of` one whose latest is not after another's earliest.
    """
    reaches = [reach(item) for item in form.items]
    drops = _never_first if form.which == "earliest" else _never_last
    live = []
    for at, item in enumerate(form.items):
        if not drops(reaches[at], reaches[:at] + reaches[at + 1 :]):
            live.append(item)
    return live


def _never_first(item: Reach, others: Iterable[Reach]) -> bool:
    if item.earliest is None:
        return True
    return any(other.latest is not None and item.earliest >= other.latest for other in others)


def _never_last(item: Reach, others: Iterable[Reach]) -> bool:
    return any(_not_after(item.latest, other.earliest) for other in others)


def _not_after(latest: date | None, earliest: date | None) -> bool:
    return latest is not None and (earliest is None or latest <= earliest)


def names(keys: Keys, agreement: str) -> tuple[str, ...]:
    """The points as a file of that agreement writes them, sorted by id."""
    ordered = sorted(keys, key=_by_id) if len(keys) > 1 else keys
    return tuple(
        event
        if side == "when" and of == agreement
        else str(Ref(None if of == agreement else of, event, side))
        for of, event, side in ordered
    )


def _by_id(key: Key) -> tuple[str, str, str]:
    return key[1], key[0], key[2]
