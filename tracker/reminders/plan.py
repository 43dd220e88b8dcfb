"""The reminders that a timeline holds.

For each point with a day that it counts to, and each lead time, one reminder for each recipient,
at the hour that the recipient set, in the recipient's zone. An hour that the zone skips that night
is taken an hour later; of one that comes twice, the first is taken. An event's own lead times
always count, beside the recipient's or, where the recipient has none, in place of the agreement's.
A lead after the day is there only while nothing is recorded; a recorded point has none at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import pendulum
from pendulum.tz.exceptions import AmbiguousTime, NonExistingTime

from tracker.dates.leads import Lead
from tracker.dates.moments import Instant, Moment, day_in
from tracker.reminders.recipients import Recipient
from tracker.timeline.agenda import said_twice
from tracker.timeline.points import Point, Timeline


class AlertKey(NamedTuple):
    """What an alert is: announced once, however often and by however many it is planned."""

    recipient: str
    channel: str
    kind: str
    event: str  #: agreement/event
    point: str
    occurrence: str  #: "" where nothing repeats
    counts_to: str
    lead: str


class Reminder(NamedTuple):
    """One reminder, and the instant at which it is due."""

    key: AlertKey
    due: datetime
    recipient: Recipient
    point: Point
    lead: Lead
    day: date  #: that it counts to, where the recipient is


class PointKey(NamedTuple):
    """A point as one audience knows it."""

    audience: str
    event: str
    point: str
    occurrence: str


def plan(timeline: Timeline, recipients: Sequence[Recipient]) -> list[Reminder]:
    """Every reminder of the timeline, by the instant at which it is due."""
    twice = said_twice(timeline)
    general = {agreement.id: agreement.reminders for agreement in timeline.agreements}
    reminders = [
        _reminder(recipient, point, moment, lead, due)
        for recipient in recipients
        for point in timeline.points
        if (moment := point.counts_to) is not None
        and point.status != "occurred"
        and not (twice and point.key in twice)
        for lead, due in _leads(point, moment, recipient, general)
    ]
    return sorted(reminders, key=lambda reminder: (reminder.due, reminder.key))


def _leads(
    point: Point, moment: Moment, recipient: Recipient, general: Mapping[str, tuple[Lead, ...]]
) -> Iterator[tuple[Lead, date]]:
    """The lead times of a point, each with the day on which it is due."""
    own, wanted = point.event.reminders, recipient.reminders
    if wanted is None:
        leads = general[point.event.agreement] if own is None else own
    else:
        leads = tuple(dict.fromkeys((*(own or ()), *wanted)))
    day = _counted_day(moment, recipient)
    for lead in leads:
        try:
            yield lead, lead.day(day)
        except OverflowError:  # before the first day there is, or after the last
            continue


def _counted_day(moment: Moment, recipient: Recipient) -> date:
    """The day that leads are counted from; of an instant the last whose hour strikes before it."""
    if not isinstance(moment, Instant):
        return moment
    day = day_in(moment, recipient.timezone)
    return day if instant(day, recipient) < moment.utc else day - timedelta(days=1)


def _reminder(
    recipient: Recipient, point: Point, moment: Moment, lead: Lead, due: date
) -> Reminder:
    key = AlertKey(
        recipient.name,
        recipient.channel,
        "reminder",
        point.event.name,
        point.side,
        str(point.occurrence or ""),
        str(moment),
        str(lead),
    )
    day = day_in(moment, recipient.timezone)
    return Reminder(key, instant(due, recipient), recipient, point, lead, day)


def instant(day: date, recipient: Recipient) -> datetime:
    """The instant, in UTC, at which the recipient's hour strikes on that day.

    >>> from datetime import time
    >>> instant(date(2027, 3, 28), Recipient("a", "Europe/Berlin", time(2, 30)))
    datetime.datetime(2027, 3, 28, 1, 30, tzinfo=datetime.timezone.utc)
    """
    struck = datetime.combine(day, recipient.at)  # fold 0: of an hour that comes twice, the first
    zone = pendulum.timezone(recipient.timezone)
    try:
        local = zone.convert(struck, raise_on_unknown_times=True)
    except NonExistingTime:  # pendulum moves a skipped hour forward with fold 1, back with 0
        local = zone.convert(struck.replace(fold=1))
    except AmbiguousTime:
        local = zone.convert(struck)
    except OverflowError:  # at the very edges of the calendar
        return struck.replace(tzinfo=UTC)
    try:
        return datetime.fromtimestamp(local.timestamp(), UTC)
    except ValueError:  # of the year 0 or 10000 in UTC
        return struck.replace(tzinfo=UTC)


def point_key(reminder: Reminder) -> PointKey:
    """The reminder's point, as its recipient knows it."""
    key = reminder.key
    return PointKey(key.recipient, key.event, key.point, key.occurrence)
