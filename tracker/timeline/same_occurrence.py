"""What a line that is repeated for `each x` stands for: of all that it names, the same occurrence.

`1 month after each request, or 3 months after each request if extended`: each time it is the same
request, and where `extended` is itself repeated for each request, the extension of that very one.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Literal, TypeAlias

from tracker.agreements.keys import EventKey, Occurrence, PointKey, key_of
from tracker.agreements.model import Event, Line
from tracker.dates.bounds import NEVER, Bounds, exact_bounds
from tracker.dates.expressions import EdgeUnit, Place, Ref

#: What occurrences are those of: an event, the ends of a term, or each edge of a calendar unit.
Thing: TypeAlias = PointKey | tuple[Literal["start", "end"], EdgeUnit]

#: So many events may be repeated for one another in a row.
MOST_IN_A_CHAIN = 1000


def series_named_beside(
    line: Line, agreement: str, families: Container[PointKey]
) -> frozenset[PointKey]:
    """The series that a line names without `each`: of them, too, it means the same occurrence."""
    if line.each is None or (line.each.of is not None and len(line.refs) == 1):
        return _NONE  # by far the most
    keys = (key_of(ref, agreement) for ref in line.refs if ref != line.each.of)
    return frozenset(key for key in keys if key.side in ("when", "due") and key in families)


_NONE: frozenset[PointKey] = frozenset()


class OccurrencePlaces:
    """The places of an event's line for its occurrences: whose `each` and whose names are known.

    There are thousands of some: what they have in common is looked up once.
    """

    def __init__(
        self,
        event: Event,
        place: Place,
        bounds_by_key: Mapping[PointKey, Bounds],
        families: Container[PointKey],
    ) -> None:
        line, self._agreement = event.when, event.agreement
        self._each = None if line is None else line.each
        self._of = None if self._each is None else self._each.of
        self._series = None if self._of is None else key_of(self._of, event.agreement)
        self._place = place
        self._bounds_by_key = bounds_by_key
        #: What the line names of which it means the same occurrence.
        self.beside = (
            _NONE if line is None else series_named_beside(line, event.agreement, families)
        )

    def of(self, occurrence: Occurrence) -> Place:
        """The place for that occurrence."""
        place = self._place
        if self._each is None:
            return place
        if self._series is None:
            each = exact_bounds(occurrence)  # type: ignore[arg-type]  # named by its day
        else:
            each = self._bounds_by_key.get(self._series.at(occurrence), NEVER)
        as_of, lookup, zone, open_days, _, _, law, now = place
        if not self.beside:
            return Place(as_of, lookup, zone, open_days, each, None, law, now)
        same = {key: key.at(occurrence) for key in self.beside}

        def bounds_of_ref(ref: Ref) -> Bounds:
            key = same.get(key_of(ref, self._agreement))
            return lookup(ref) if key is None else self._bounds_by_key.get(key, NEVER)

        return Place(as_of, bounds_of_ref, zone, open_days, each, self._of, law, now)


def repeated_for(event: Event, events: Mapping[EventKey, Event]) -> tuple[Thing, ...]:
    """What an event is repeated for, what that is repeated for, and so on; () where it is not.

    Those whose last is the same have the same occurrences: of what repeats by itself, itself.
    """
    chain: list[Thing] = []
    while event.repeating and len(chain) < MOST_IN_A_CHAIN:
        each = event.when and event.when.each
        if not each:
            return (*chain, event.key("when"))
        if each.of is None:
            return (*chain, (each.edge, each.unit))
        key = key_of(each.of, event.agreement)
        chain.append(key if key.side == "end" else key._replace(side="when"))
        named = events.get(key.event_key)
        if named is None or key.side == "end":
            break
        event = named
    return tuple(chain)
