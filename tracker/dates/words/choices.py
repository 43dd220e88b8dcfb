"""Choices: `earliest of a, b` and `latest of a, b`.

One idea makes them simple: never is later than every day. So `earliest of` is min and `latest of`
is max, and an item that never comes drops out of the first and makes the second never. None stands
for never.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias

from tracker.dates.bounds import Bounds, Window, order_key, pick_moment, precedes
from tracker.dates.expressions import NOWHERE, Form, Place, Span
from tracker.dates.instants import Instant, Moment

if TYPE_CHECKING:
    from tracker.dates.grammar import Parser

Which: TypeAlias = Literal["earliest", "latest"]


@dataclass(frozen=True, slots=True)
class Choice(Form):
    """`earliest of a, b` or `latest of a, b`; two items or more."""

    FIRST, LEVEL = ("earliest", "latest"), "point"

    which: Which
    items: tuple[Form, ...]
    span: Span = field(default=NOWHERE, compare=False)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        """choice = ("earliest" | "latest") "of" item ("," item)+"""
        word = parser.advance()
        parser.skip("of")
        items = parser.items()
        which: Which = "earliest" if word.text == "earliest" else "latest"
        return cls(which, items, parser.since(word.start))

    def text(self) -> str:
        return f"{self.which} of {', '.join(item.as_item() for item in self.items)}"

    def parts(self) -> tuple[Form, ...]:
        return self.items

    def live_parts(self, place: Place) -> tuple[Form, ...]:
        """The items that can still change the answer.

        In `earliest of` an item drops out whose earliest is not before another's latest; in `latest
        of` one whose latest is not after another's earliest.
        """
        candidates = [item.bounds(place) for item in self.items]
        drops = _never_first if self.which == "earliest" else _never_last
        rivals = _strictest_rivals(candidates, self.which)
        return tuple(
            item
            for at, item in enumerate(self.items)
            if not drops(
                candidates[at], [rival for number, rival in rivals if number != at], place.zone
            )
        )

    def bounds(self, place: Place) -> Bounds:
        return _choose([item.bounds(place) for item in self.items], self.which, place.zone)

    @classmethod
    def rules(cls) -> tuple[str, ...]:
        return "earliest", "latest"

    def rule(self) -> str:
        return self.which


def _strictest_rivals(candidates: Sequence[Bounds], which: Which) -> Sequence[tuple[int, Bounds]]:
    """Those that drop an item if any does, with their numbers: of thousands, a few.

    In `earliest of` the first two by their latest, in `latest of` the last two by their earliest,
    since none drops itself; two of each kind that is held against another in its own way.
    """
    if len(candidates) <= _FEW:
        return tuple(enumerate(candidates))
    kinds: dict[object, list[tuple[int, Bounds]]] = {}
    is_earliest = which == "earliest"
    for at, bounds in enumerate(candidates):
        moment = bounds.latest if is_earliest else bounds.earliest
        kind = None if moment is None else (isinstance(moment, Instant), bounds.opens)
        kinds.setdefault(kind, []).append((at, bounds))
    strictest = kinds.pop(None, [])[:2]
    for alike in kinds.values():
        alike.sort(key=_latest_of if is_earliest else _earliest_of, reverse=not is_earliest)
        strictest += alike[:2]
    return strictest


#: So few are held against one another one by one.
_FEW = 8


def _latest_of(candidate: tuple[int, Bounds]) -> Any:
    return candidate[1].latest


def _earliest_of(candidate: tuple[int, Bounds]) -> Any:
    return candidate[1].earliest


def _never_first(item: Bounds, rivals: Iterable[Bounds], zone: str) -> bool:
    earliest = item.earliest
    if earliest is None:
        return True
    return any(
        rival.latest is not None and not precedes(earliest, rival.latest, zone, item.opens)
        for rival in rivals
    )


def _never_last(item: Bounds, rivals: Iterable[Bounds], zone: str) -> bool:
    latest = item.latest
    if latest is None:
        return False
    return any(
        rival.earliest is None or not precedes(rival.earliest, latest, zone, rival.opens)
        for rival in rivals
    )


def _choose(candidates: Sequence[Bounds], which: Which, zone: str) -> Bounds:
    """The bounds of the earliest or the latest of those."""
    if any(map(_has_instant, candidates)) and _mixes_kinds(candidates):
        return _choose_of_both_kinds(candidates, which, zone)
    return _choose_of_one_kind(candidates, which)


def _has_instant(bounds: Bounds) -> bool:
    earliest, latest, stands = bounds[:3]
    if isinstance(earliest, Instant) or isinstance(latest, Instant):
        return True
    return stands is not None and (isinstance(stands[0], Instant) or isinstance(stands[1], Instant))


def _mixes_kinds(candidates: Sequence[Bounds]) -> bool:
    """Whether a day would be held against an instant, which Python does not order."""
    moments = [
        (bounds.earliest, bounds.latest, *(bounds.stands or _NEVER_STANDS)) for bounds in candidates
    ]
    return any(
        len({isinstance(moment, Instant) for moment in column if moment is not None}) > 1
        for column in zip(*moments, strict=True)
    )


_NEVER_STANDS = (None, None)


def _earlier(first: Any, second: Any) -> Any:
    """The earlier of two moments of one kind, where None is never."""
    if first is None or second is None:
        return first or second
    return second if second < first else first  # noqa: FURB136 - min() takes twice as long


def _later(first: Any, second: Any) -> Any:
    if first is None or second is None:
        return None
    return second if second > first else first  # noqa: FURB136 - as above


def _choose_of_one_kind(candidates: Sequence[Bounds], which: Which) -> Bounds:
    """The choice among days alone, which most are, or among instants alone."""
    pick = _earlier if which == "earliest" else _later
    earliest, latest, stands, _, opens, _ = candidates[0]
    first, last = stands or _NEVER_STANDS
    for bounds in candidates[1:]:
        next_earliest, next_latest, stands, _, next_opens, _ = bounds
        next_first, next_last = stands or _NEVER_STANDS
        earliest, latest = pick(earliest, next_earliest), pick(latest, next_latest)
        first, last = pick(first, next_first), pick(last, next_last)
        opens = opens or next_opens
    if opens:
        giving = [bounds.opens for bounds in candidates if bounds.earliest == earliest]
        opens = any(giving) if which == "earliest" else all(giving)
    if first is None or last is None:
        return Bounds(earliest, latest, None, opens=opens)
    # The part that gives the last standing day decides what is counted to; on a tie, the deadline.
    deciding = [bounds for bounds in candidates if bounds.stands and bounds.stands[1] == last]
    period_end = _first_to_end(deciding, first, None)
    forecast = all(bounds.forecast for bounds in deciding)
    return Bounds(earliest, latest, Window(first, last), forecast, opens, period_end)


def _first_to_end(deciding: Sequence[Bounds], first: Moment, zone: str | None) -> Moment | None:
    """The first on which a period after a forecast can end; None where none gives the last day.

    Not before `first`, on which the choice stands; `zone` is given where days and instants differ.
    """
    ends = [bounds.period_end for bounds in deciding if bounds.period_end is not None]
    if not ends or not all(bounds.forecast for bounds in deciding):
        return None
    if zone is None:
        return max([first, *ends])
    return pick_moment([(moment, False) for moment in (first, *ends)], "latest", zone)[0]


def _choose_of_both_kinds(candidates: Sequence[Bounds], which: Which, zone: str) -> Bounds:
    """As _choose(), where days are held against instants."""
    firsts = [(bounds.earliest, bounds.opens) for bounds in candidates]
    earliest, opens = pick_moment(firsts, which, zone)
    latest, _ = pick_moment([(bounds.latest, False) for bounds in candidates], which, zone)
    windows = [bounds.stands or (None, None) for bounds in candidates]
    first, _ = pick_moment([(window[0], False) for window in windows], which, zone)
    last, _ = pick_moment([(window[1], False) for window in windows], which, zone)
    if first is None or last is None:
        return Bounds(earliest, latest, None, opens=opens)
    deciding = [
        bounds
        for bounds in candidates
        if bounds.stands and order_key(bounds.stands.latest, zone)[0] == order_key(last, zone)[0]
    ]
    forecast = all(bounds.forecast for bounds in deciding)
    period_end = _first_to_end(deciding, first, zone)
    return Bounds(earliest, latest, Window(first, last), forecast, opens, period_end)
