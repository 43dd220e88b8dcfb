"""Who is alerted of what, in which zone, at what hour, in which language and through what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import NamedTuple

from tracker.dates.lead_times import Lead
from tracker.dates.recurrence import Every, Rule
from tracker.i18n.translate import Language
from tracker.reminders.quiet import Quiet
from tracker.timeline.filters import Where, labels_of
from tracker.timeline.points import Point, State, Status


class Wanted(NamedTuple):
    """Which points somebody wants: any value within a key, all keys."""

    where: Where = Where()
    statuses: tuple[Status, ...] = ()
    states: tuple[State, ...] = ()

    def takes(self, point: Point) -> bool:
        """Whether the point is wanted."""
        if self.statuses and point.status not in self.statuses:
            return False
        if self.states and point.state not in self.states:
            return False
        return self.where.admits(labels_of(point.event))


ALL = Wanted()


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
    wanted: Wanted = ALL
