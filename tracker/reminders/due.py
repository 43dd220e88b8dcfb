"""What is owed: due, not yet said, and known in time.

A lead that had passed before the day became known is not sent, so a new file floods nobody. After
an outage, of several missed leads of one point only the most urgent goes out, and names the
others; where the day itself has passed meanwhile, it goes out as passed. What was acknowledged is
not owed, nor what was snoozed before the day until which it was.

Each channel of a recipient is looked after on its own: what fell due before it was looked at for
the first time is not owed through it, nor what fell due longer than LOOK_BACK before it was looked
at last. Quiet hours hold back what can wait: a reminder whose day or instant would have passed by
their end goes out all the same. Until they end, their recipient counts as not looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from tracker.dates.instants import Instant, Moment, end_of_day
from tracker.dates.lead_times import Lead
from tracker.reminders.acknowledgements import Acknowledgement, AcknowledgementKey, key_in
from tracker.reminders.plan import AlertKey, PointKey, Reminder, alert_instant, point_key
from tracker.reminders.recipients import Recipient
from tracker.timeline.points import Point

#: From then on a reminder says that it is late.
LATE = timedelta(minutes=2)
#: An hour, a zone or a lead that was changed counts from so long ago on.
LOOK_BACK = timedelta(days=2)


class CoverageKey(NamedTuple):
    """What is looked after on its own: an agreement, for a channel of a recipient."""

    recipient: str
    channel: str
    agreement: str


class Coverage(NamedTuple):
    """When it was looked after the first and the last time."""

    first: datetime
    last: datetime

    def since(self, now: datetime) -> datetime:
        """From when on what fell due is owed."""
        return max(self.first, self.last - LOOK_BACK) if self.first <= now else now


class LedgerView(NamedTuple):
    """What the ledger knows."""

    known_since: Mapping[PointKey, datetime]  #: since when, the present day of each point
    done: Collection[AlertKey]  #: written down, whatever became of it since
    looked: Mapping[CoverageKey, Coverage]
    silences: Sequence[Acknowledgement] = ()


class DueMessage(NamedTuple):
    """One message to send; `key` is what the ledger remembers it by."""

    key: AlertKey
    reminder: Reminder
    missed: tuple[Lead, ...] = ()  #: other leads of the point that it stands for
    keys: tuple[AlertKey, ...] = ()  #: theirs, done with this message
    late: bool = False


def window(looked: Iterable[Coverage], now: datetime) -> datetime:
    """From when on what is planned has to be looked at."""
    return min((now, *(span.since(now) for span in looked)))


def due_messages(planned: Iterable[Reminder], said: LedgerView, now: datetime) -> list[DueMessage]:
    """The messages to send now, each point of a recipient once through each of its channels."""
    answers = {one.key: one for one in said.silences}
    due = [one for one in planned if one.due <= now and not is_suppressed(one, answers)]
    due.sort(key=lambda one: (one.key.recipient, point_key(one.key), one.due, one.key.lead))
    return [
        one
        for _, group in groupby(due, key=lambda one: (one.key.recipient, point_key(one.key)))
        for one in _of_point(list(group), said, now)
        if not _can_wait(one, now)
    ]


def _of_point(group: Sequence[Reminder], said: LedgerView, now: datetime) -> Iterator[DueMessage]:
    """The message through each channel for the reminders of one point that are due."""
    recipient, agreement = group[0].recipient, group[0].point.event.agreement
    known = said.known_since.get(point_key(group[0].key), now)
    for channel in recipient.channels:
        looked = said.looked.get(CoverageKey(recipient.name, channel, agreement))
        if looked is None:
            continue
        missed = [
            one
            for one in group
            if one.due >= known
            and one.due > looked.since(now)
            and one.key._replace(channel=channel) not in said.done
        ]
        if missed and (message := _message(missed, channel, said.done, now)) is not None:
            yield message


def _message(
    missed: Sequence[Reminder], channel: str, done: Collection[AlertKey], now: datetime
) -> DueMessage | None:
    """The most urgent of the missed reminders of one point, for all of them."""
    urgent = missed[-1]
    others = missed[:-1]
    late = now - quiet_until(urgent.recipient, urgent.due) > LATE
    keys = tuple(one.key._replace(channel=channel) for one in others)
    leads = tuple(one.lead for one in others if one.lead is not None)
    key = urgent.key._replace(channel=channel)
    if (urgent.lead is None or not urgent.lead.after) and passes_at(urgent) <= now:
        passed = key._replace(kind="passed", lead="")
        if passed in done:
            return None
        if urgent.lead is not None:
            leads = (*leads, urgent.lead)
        return DueMessage(passed, urgent, leads, (*keys, key), late)
    return DueMessage(key, urgent, leads, keys, late)


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
    return moment if recipient.quiet is None else recipient.quiet.over(moment, recipient.timezone)


def _can_wait(one: DueMessage, now: datetime) -> bool:
    """Whether it waits for the end of the recipient's quiet hours."""
    until = quiet_until(one.reminder.recipient, now)
    if until <= now:
        return False
    return one.key.kind == "passed" or passes_at(one.reminder) > until


def is_suppressed(
    reminder: Reminder, answers: Mapping[AcknowledgementKey, Acknowledgement]
) -> bool:
    """Whether its recipient, or somebody for all, has acknowledged or snoozed the point."""
    for name in (reminder.key.recipient, ""):
        answer = answers.get((name, *key_in(reminder.point)))
        if answer is None:
            continue
        if answer.until is None:
            return True
        if reminder.due < alert_instant(answer.until, reminder.recipient):
            return True
    return False


def is_acknowledged(point: Point, recipient: str, silences: Iterable[Acknowledgement]) -> bool:
    """Whether that recipient is to be left in peace about the point."""
    return any(
        one.until is None and one.recipient in ("", recipient) and one.key[1:] == key_in(point)
        for one in silences
    )
