"""That nobody needs to be reminded of a point any more, or until a day on which it is snoozed.

An acknowledgement holds for the day that the point counted to. Where that day moves, the reminders
of the new one are there again: nobody has acknowledged those.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from tracker.agreements.keys import PointKey
from tracker.timeline.points import Point


class AcknowledgementKey(NamedTuple):
    """Of what it is: there is one at most."""

    recipient: str  #: who is left in peace; "": everybody
    point: PointKey  #: by the id that its event had first
    counts_to: str


class Acknowledgement(NamedTuple):
    """Of one point, by one recipient or for all."""

    key: AcknowledgementKey
    at: datetime  #: when it was given
    until: date | None = None  #: acknowledged, or snoozed until the recipient's hour on that day


def acknowledgement_key(point: Point, recipient: str = "") -> AcknowledgementKey:
    """What an acknowledgement of that point is known by; without a recipient for everybody."""
    return AcknowledgementKey(recipient, point.first_key, counts_to_text(point))


def counts_to_text(point: Point) -> str:
    """The day or instant that a point counts to, as the ledger writes it; "" while it has none.

    Of an option that has lapsed it is still the one that it counted to.
    """
    moment = point.last_day if point.has_lapsed else point.counts_to
    return "" if moment is None else str(moment)


def is_acknowledged(
    point: Point, recipient: str, acknowledgements: Iterable[Acknowledgement]
) -> bool:
    """Whether that recipient is to be left in peace about the point."""
    keys = (acknowledgement_key(point), acknowledgement_key(point, recipient))
    return any(given.until is None and given.key in keys for given in acknowledgements)
