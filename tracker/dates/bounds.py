"""What bounds are: the first moment on which something can be, the last, and when it stands.

Here None stands for never, which is later than every day; only what compares moments knows it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from tracker.dates.instants import Instant, Moment, end_of_day, start_of_day


class Window(NamedTuple):
    """When something can be; both ends belong to it."""

    earliest: Moment
    latest: Moment


class Bounds(NamedTuple):
    """All that bounds say of a point or of a part of its line."""

    earliest: Moment | None  #: None: it never comes
    latest: Moment | None  #: None: it may never come
    stands: Window | None  #: supposing that no open event ever happens; None: it does not stand
    forecast: bool = False  #: counts to the first day on which it stands, not to the last
    opens: bool = False  #: `earliest` is a day of an open event: held against instants, its start
    period_end: Moment | None = None  #: of a period after a forecast, the first on which it can end

    @property
    def exact(self) -> bool:
        return self.earliest is not None and self.earliest == self.latest

    @property
    def counts_to(self) -> Moment | None:
        """The one moment that people count towards; None: it waits, or never comes."""
        if self.stands is None:
            return None
        if not self.forecast:
            return self.stands.latest
        return self.stands.earliest if self.period_end is None else self.period_end


NEVER = Bounds(None, None, None)


def exact_bounds(moment: Moment) -> Bounds:
    """That very day or instant: stated, recorded or supposed."""
    return Bounds(moment, moment, Window(moment, moment))


def later(first: Moment | None, second: Moment | None, zone: str) -> Moment | None:
    """The later of two, where None is never and `zone` is the file's; equal, the day."""
    return pick_moment(((first, False), (second, False)), "latest", zone)[0]


def order_key(moment: Moment, zone: str, opens: bool = False) -> tuple[datetime, bool]:
    """What days and instants are ordered by; a day comes before an equal instant.

    A day counts as its end in that zone, an open event's earliest (`opens`) as its start.
    """
    if isinstance(moment, Instant):
        return moment.utc, True
    return (start_of_day(moment, zone) if opens else end_of_day(moment, zone)), False


def precedes(first: Moment, second: Moment, zone: str, opens: bool = False) -> bool:
    """Whether the first comes before the second in that zone; `opens` is the first one's."""
    if isinstance(first, Instant) or isinstance(second, Instant):
        return order_key(first, zone, opens)[0] < order_key(second, zone)[0]
    return first < second


def pick_moment(
    moments: Sequence[tuple[Moment | None, bool]], which: Literal["earliest", "latest"], zone: str
) -> tuple[Moment | None, bool]:
    """The earliest or latest of them, with whether it opens; of equal ones, the day."""
    known = [(moment, opens) for moment, opens in moments if moment is not None]
    if not known or (which == "latest" and len(known) < len(moments)):
        return None, False
    keyed = [(order_key(moment, zone, opens), moment, opens) for moment, opens in known]
    instant = (min if which == "earliest" else max)(key[0] for key, _, _ in keyed)
    equal = [candidate for candidate in keyed if candidate[0][0] == instant]
    days = [candidate for candidate in equal if not isinstance(candidate[1], Instant)]
    if not days:
        return equal[0][1:]
    # The end of a day is the start of the next, with which an open event's earliest begins.
    pick = min if which == "earliest" else max
    _, moment, opens = pick(days, key=lambda candidate: candidate[1])
    return moment, opens


def map_moments(bounds: Bounds, move: Callable[[Moment], Moment]) -> Bounds:
    """The bounds after each of its moments was moved; later ones never before earlier."""
    earliest = bounds.earliest and move(bounds.earliest)
    latest = bounds.latest and move(bounds.latest)
    stands = bounds.stands and Window(move(bounds.stands.earliest), move(bounds.stands.latest))
    period_end = bounds.period_end and move(bounds.period_end)
    return Bounds(earliest, latest, stands, bounds.forecast, period_end=period_end)
