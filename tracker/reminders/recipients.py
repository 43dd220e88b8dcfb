"""Who is alerted of what, in which zone, at what hour, in which language and through what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from tracker.dates.instants import instant, zone_of
from tracker.dates.lead_times import Lead
from tracker.dates.recurrence import Every, Rule
from tracker.i18n.translate import Language
from tracker.timeline.filters import Where, labels_of
from tracker.timeline.points import Point, State, Status


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

    def ends_at(self, now: datetime, zone: str) -> datetime:
        """The instant, in UTC, from which on it is no longer quiet: `now` where it is not.

        >>> str(
        ...     Quiet(time(20), time(8)).ends_at(
        ...         datetime(2027, 3, 28, 0, tzinfo=UTC), "Europe/Berlin"
        ...     )
        ... )
        '2027-03-28 06:00:00+00:00'
        """
        local = now.astimezone(zone_of(zone))
        if not self.holds(local.time().replace(tzinfo=None)):
            return now
        day = local.date() + timedelta(days=int(local.time().replace(tzinfo=None) >= self.end))
        return max(now, instant(day, self.end, zone).utc.astimezone(UTC))


class PointFilter(NamedTuple):
    """Which points somebody wants: any value within a key, all keys."""

    where: Where = Where()
    statuses: tuple[Status, ...] = ()
    states: tuple[State, ...] = ()

    def admits(self, point: Point) -> bool:
        """Whether the point is one of them."""
        if self.statuses and point.status not in self.statuses:
            return False
        if self.states and point.state not in self.states:
            return False
        return self.where.admits(labels_of(point.event))


_EVERY_POINT = PointFilter()


@dataclass(frozen=True, slots=True)
class Recipient:
    """One of tracker.toml's recipients."""

    name: str
    timezone: str  #: an IANA name
    at: time = time(9)  #: the wall clock's hour, in that zone, at which reminders go out
    language: Language = "en"
    reminders: tuple[Lead, ...] | None = None  #: in place of the agreement's; None: those
    channels: tuple[str, ...] = ("terminal",)  #: by the names that the ledger knows them by
    changes: frozenset[str] | None = None  #: the kinds of changes.py; None: all of them
    digest: Every | Rule | None = None
    quiet: Quiet | None = None

    filter: PointFilter = _EVERY_POINT
    was: tuple[str, ...] = ()  #: names that it had before: what is theirs is its own now
    absent: tuple[str, ...] = ()  #: variables that hold channels, and are not in this environment

    def same_channel(self, channel: str) -> str | None:
        """The recipient's channel that is that one; None: it has none. Of a mailbox, in any case.

        >>> legal = Recipient("legal", "UTC", channels=("mailto:Legal@example.org",))
        >>> legal.same_channel("mailto:legal@example.org")
        'mailto:Legal@example.org'
        """
        if channel in self.channels:
            return channel
        if not channel.startswith("mailto:"):
            return None
        same = (own for own in self.channels if own.casefold() == channel.casefold())
        return next(same, None)
