"""That nobody needs to be reminded of a point any more, or until a day on which it is snoozed.

An acknowledgement holds for the day that the point counted to. Where that day moves, the reminders
of the new one are there again: nobody has acknowledged those.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from tracker.timeline.points import Point

#: The recipient, then agreement/event, point, occurrence and the day it counts to.
AcknowledgementKey: TypeAlias = tuple[str, str, str, str, str]


class Acknowledgement(NamedTuple):
    """Of one point, by one recipient or for all."""

    recipient: str  #: who is left in peace; "": everybody
    event: str  #: agreement/event
    point: str
    occurrence: str
    counts_to: str
    at: datetime  #: when it was given
    until: date | None = None  #: acknowledged, or snoozed until the recipient's hour on that day

    @property
    def key(self) -> AcknowledgementKey:
        return self.recipient, self.event, self.point, self.occurrence, self.counts_to


def key_in(point: Point) -> tuple[str, str, str, str]:
    """agreement/event, point, occurrence and the day it counts to, as the ledger writes them.

    A renamed event is known by the id that it had first (`was`, the oldest first).
    """
    event = point.event
    name = f"{event.agreement}/{event.was[0]}" if event.was else event.name
    occurrence = "" if point.occurrence is None else str(point.occurrence)
    moment = point.counts_to
    return name, point.side, occurrence, "" if moment is None else str(moment)
