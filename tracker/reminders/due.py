"""Which messages are to be sent: their reminders are due, not yet sent, and were known in time.

A lead that had passed before the day became known is not sent, so a new file floods nobody. After
an outage, of several missed leads of one point only the most urgent goes out, and names the
others; where the day itself has passed meanwhile, it goes out as passed. What was acknowledged is
not sent, nor what is snoozed until a later day.

A channel of a recipient is covered when what is due is looked for through it. What fell due before
it was covered for the first time is not sent through it, nor what fell due longer than LOOK_BACK
before it was covered last. What fell due while its point was missing from the files is sent once
the point is back.
Quiet hours hold back what can wait: a reminder whose day or instant would have passed by their end
goes out all the same. Until they end, their recipient's channels count as not covered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from tracker.agreements.keys import PointKey
from tracker.dates.instants import Instant, Moment, end_of_day
from tracker.dates.lead_times import Lead
from tracker.reminders.acknowledgements import (
    Acknowledgement,
    AcknowledgementKey,
    acknowledgement_key,
)
from tracker.reminders.plan import AlertKey, Reminder, alert_instant
from tracker.reminders.recipients import Recipient
from tracker.timeline.points import Point

#: From then on a reminder says that it is late: what a timer starts once an hour is not, though it
#: begins a little after the hour, and takes its time.
LATE = timedelta(minutes=90)
#: What was written down so much later than now was written by a clock that ran ahead. One that ran
#: ahead by less has named nothing that was not to come within the hour.
CLOCKS_APART = timedelta(hours=1)
#: An hour, a zone or a lead that was changed counts from so long ago on.
LOOK_BACK = timedelta(days=2)


class CoverageKey(NamedTuple):
    """What is covered on its own: an agreement, for a channel of a recipient."""

    recipient: str
    channel: str
    agreement: str


class Coverage(NamedTuple):
    """When a channel was covered for the first and for the last time."""

    first: datetime
    last: datetime

    def since(self, now: datetime, gone_since: datetime | None = None) -> datetime:
        """From when on what fell due is to be sent; of a point that was gone, since it went."""
        if self.first > now:
            return now
        last = min(self.last, now)  # by a clock that has been set back, it is still ahead
        if gone_since is not None:
            last = min(last, gone_since)
        return max(self.first, last - LOOK_BACK)


class LedgerView(NamedTuple):
    """What the ledger knows of alerts."""

    known_since: Mapping[PointKey, datetime]  #: since when, the present day of each point
    done: Collection[AlertKey]  #: written down, whatever became of it since
    coverage: Mapping[CoverageKey, Coverage]
    acknowledgements: Sequence[Acknowledgement] = ()
    #: Of points that came back lately: since when they were gone, and not covered.
    gone_since: Mapping[PointKey, datetime] = MappingProxyType({})
    #: Written down by a clock that ran ahead and was set back, and not done for all that.
    undone_ahead: Collection[AlertKey] = ()


class DueMessage(NamedTuple):
    """One message to send; `key` is what the ledger remembers it by."""

    key: AlertKey
    reminder: Reminder
    missed: tuple[Lead, ...] = ()  #: other leads of the point that it stands for
    keys: tuple[AlertKey, ...] = ()  #: theirs, done with this message
    late: bool = False
    corrects: bool = False  #: a message that said "passed" while the day was ahead


def first_due(
    coverage: Iterable[Coverage], now: datetime, gone_since: Iterable[datetime] = ()
) -> datetime:
    """From when on reminders may be due that are still to be sent."""
    gone = min(gone_since, default=None)
    return min((now, *(covered.since(now, gone) for covered in coverage)))


def due_messages(
    reminders: Iterable[Reminder], ledger: LedgerView, now: datetime
) -> list[DueMessage]:
    """The messages to send now, each point of a recipient once through each of its channels."""
    acknowledgements = {given.key: given for given in ledger.acknowledgements}
    due = [
        reminder
        for reminder in reminders
        if reminder.due <= now and not is_suppressed(reminder, acknowledgements)
    ]
    due.sort(
        key=lambda reminder: (*_recipient_and_point(reminder), reminder.due, reminder.key.lead)
    )
    return [
        message
        for _, group in groupby(due, key=_recipient_and_point)
        for message in _point_messages(list(group), ledger, now)
        if not _can_wait(message, now)
    ]


def _recipient_and_point(reminder: Reminder) -> tuple[str, tuple[str, ...]]:
    return reminder.key.recipient, reminder.key.subject[:3]


def _point_messages(
    reminders: Sequence[Reminder], ledger: LedgerView, now: datetime
) -> Iterator[DueMessage]:
    """The message through each channel for the reminders of one point that are due."""
    first = reminders[0]
    recipient, agreement = first.recipient, first.point.event.agreement
    known = ledger.known_since.get(first.point.first_key, now)
    gone_since = ledger.gone_since.get(first.point.first_key)
    for channel in recipient.channels:
        coverage = ledger.coverage.get(CoverageKey(recipient.name, channel, agreement))
        if coverage is None:
            continue
        missed = [
            reminder
            for reminder in reminders
            if reminder.due >= known
            and reminder.due > coverage.since(now, gone_since)
            and reminder.key._replace(channel=channel) not in ledger.done
        ]
        if missed and (message := _message(missed, channel, ledger, now)) is not None:
            yield message


def _message(
    missed: Sequence[Reminder], channel: str, ledger: LedgerView, now: datetime
) -> DueMessage | None:
    """The most urgent of the missed reminders of one point, for all of them."""
    *less_urgent, urgent = missed
    late = is_late(urgent.recipient, urgent.due, now)
    keys = tuple(reminder.key._replace(channel=channel) for reminder in less_urgent)
    leads = tuple(reminder.lead for reminder in less_urgent if reminder.lead is not None)
    key = urgent.key._replace(channel=channel)
    passed = key._replace(kind="passed", lead="")
    was_untrue = passed in ledger.undone_ahead
    if (urgent.lead is None or not urgent.lead.after) and passes_at(urgent) <= now:
        if was_untrue:  # its key is taken: this is another message
            passed = passed._replace(lead=key.lead or "again")
        if passed in ledger.done:
            return None
        if urgent.lead is not None:
            leads = (*leads, urgent.lead)
        return DueMessage(passed, urgent, leads, (*keys, key), late)
    return DueMessage(key, urgent, leads, keys, late, was_untrue)


def passes_at(reminder: Reminder) -> datetime:
    """The instant from which on the point has passed: a day where the recipient is, to its end.

    A forecast has passed with the last day of its window.
    """
    moment = last_moment(reminder.point)
    if moment is None:
        return datetime.max.replace(tzinfo=UTC)
    if isinstance(moment, Instant):
        return moment.utc
    return end_of_day(moment, reminder.recipient.timezone)


def last_moment(point: Point) -> Moment | None:
    """The last on which a reminder of the point is any use; None: it has no day."""
    if point.bounds.forecast and point.stands is not None:
        return point.stands.latest
    return point.counts_to


def quiet_until(recipient: Recipient, moment: datetime) -> datetime:
    """From when on the recipient may be disturbed, asked at that instant."""
    return (
        moment if recipient.quiet is None else recipient.quiet.ends_at(moment, recipient.timezone)
    )


def is_late(recipient: Recipient, due: datetime, now: datetime) -> bool:
    """Whether what was due then is late by now; quiet hours make nothing late."""
    return now - quiet_until(recipient, due) > LATE


def _can_wait(message: DueMessage, now: datetime) -> bool:
    """Whether it waits for the end of the recipient's quiet hours."""
    until = quiet_until(message.reminder.recipient, now)
    if until <= now:
        return False
    return message.key.kind == "passed" or passes_at(message.reminder) > until


def is_suppressed(
    reminder: Reminder, acknowledgements: Mapping[AcknowledgementKey, Acknowledgement]
) -> bool:
    """Whether its recipient, or somebody for all, has acknowledged or snoozed the point."""
    for name in (reminder.key.recipient, ""):
        given = acknowledgements.get(acknowledgement_key(reminder.point, name))
        if given is None:
            continue
        if given.until is None or reminder.due < alert_instant(given.until, reminder.recipient):
            return True
    return False
