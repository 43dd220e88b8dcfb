"""Hours in which nobody is disturbed."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from tracker.dates.instants import instant, zone_of


class Quiet(NamedTuple):
    """From one time of the day to another, by a wall clock; often over midnight.

    >>> Quiet(time(20), time(8)).holds(time(7, 59)), Quiet(time(20), time(8)).holds(time(8))
    (True, False)
    """

    first: time
    end: time  #: the first time that is no longer quiet

    def holds(self, at: time) -> bool:
        """Whether that time of the day is quiet."""
        if self.first <= self.end:
            return self.first <= at < self.end
        return at >= self.first or at < self.end

    def over(self, now: datetime, zone: str) -> datetime:
        """The instant, in UTC, from which on it is no longer quiet: `now` where it is not.

        >>> str(
        ...     Quiet(time(20), time(8)).over(datetime(2027, 3, 28, 0, tzinfo=UTC), "Europe/Berlin")
        ... )
        '2027-03-28 06:00:00+00:00'
        """
        local = now.astimezone(zone_of(zone))
        if not self.holds(local.time().replace(tzinfo=None)):
            return now
        day = local.date() + timedelta(days=int(local.time().replace(tzinfo=None) >= self.end))
        return max(now, instant(day, self.end, zone).utc.astimezone(UTC))
