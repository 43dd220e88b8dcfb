"""What is owed: due, not yet said, and known in time.

A lead that had passed before the day became known is not sent, so a new file floods nobody. After
an outage, of several missed leads of one point only the most urgent goes out, and names the
others; where the day itself has passed meanwhile, it goes out as passed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tracker.dates.leads import Lead
from tracker.dates.moments import Instant
from tracker.reminders.plan import AlertKey, PointKey, Reminder, point_key

#: From then on a reminder says that it is late.
LATE = timedelta(minutes=2)


class Owed(NamedTuple):
    """One message to send; `key` is what the ledger remembers it by."""

    key: AlertKey
    reminder: Reminder
    missed: tuple[Lead, ...]  #: other leads of the point that it stands for
    keys: tuple[AlertKey, ...]  #: theirs, done with this message
    late: bool


def owed(
    planned: Sequence[Reminder],
    known_since: Mapping[PointKey, datetime],
    done: Collection[AlertKey],
    now: datetime,
) -> list[Owed]:
    """The messages to send now, each point of a recipient once."""
    due = [
        reminder
        for reminder in planned
        if reminder.due <= now
        and reminder.key not in done
        and reminder.due >= known_since.get(point_key(reminder), now)
    ]
    due.sort(key=lambda reminder: (point_key(reminder), reminder.due))
    messages = [_message(list(group), done, now) for _, group in groupby(due, key=point_key)]
    return [message for message in messages if message is not None]


def _message(missed: list[Reminder], done: Collection[AlertKey], now: datetime) -> Owed | None:
    """The most urgent of the missed reminders of one point, for all of them."""
    urgent = missed[-1]
    others = missed[:-1]
    late = bool(others) or now - urgent.due > LATE
    keys = tuple(reminder.key for reminder in others)
    leads = tuple(reminder.lead for reminder in others)
    if not urgent.lead.after and _has_passed(urgent, now):
        key = urgent.key._replace(kind="passed", lead="")
        if key in done:
            return None
        return Owed(key, urgent, (*leads, urgent.lead), (*keys, urgent.key), late)
    return Owed(urgent.key, urgent, leads, keys, late)


def _has_passed(reminder: Reminder, now: datetime) -> bool:
    """Whether the instant counted to is past, or the day is over where the recipient is."""
    moment = reminder.point.counts_to
    if isinstance(moment, Instant):
        return moment.utc <= now
    today = now.astimezone(ZoneInfo(reminder.recipient.timezone)).date()
    return moment is not None and moment < today


def next_due(planned: Sequence[Reminder], now: datetime) -> Reminder | None:
    """The next reminder that is still ahead."""
    return next((reminder for reminder in planned if reminder.due > now), None)
