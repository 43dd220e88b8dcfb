"""On which other points a point hangs: those that its line names, and those that bound it."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.agreements.model import Event, Key, Line, key_of, sides
from tracker.dates.expressions import Side


def hangs_on(
    event: Event, side: Side, line: Line, named: Mapping[tuple[str, str], Event]
) -> list[Key]:
    """The points that must be settled before that one; `named` are the events by agreement and id.

    Beside those that the line names: of what happens during an event, its start and end; of a term
    that renews, what the notice's own line names beside that term.
    """
    keys = [key_of(ref, event.agreement) for ref in line.refs]
    if side == "when" and event.during is not None:
        during = named.get(key_of(event.during, event.agreement)[:2])
        if during is not None:
            keys += [(during.agreement, during.id, side) for side, _ in sides(during)]
    if side == "end" and event.renews is not None and event.renews.unless is not None:
        notice = named.get(key_of(event.renews.unless, event.agreement)[:2])
        if notice is not None and notice.when is not None:
            own = (event.agreement, event.id, "end")
            others = (key_of(ref, notice.agreement) for ref in notice.when.refs)
            keys += [key for key in others if key != own]
    return keys
