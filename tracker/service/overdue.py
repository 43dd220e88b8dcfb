"""What has fallen due and is not written down yet: no process has looked since, or none could."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from tracker.reminders.acknowledgements import counts_to_text
from tracker.reminders.digests import Occasion, due_occasions
from tracker.reminders.due import CoverageKey, LedgerView, due_messages, first_due
from tracker.reminders.plan import Plan, Reminder
from tracker.reminders.recipients import Recipient
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.database import Database
from tracker.store.ledger import Ledger
from tracker.timeline.points import Timeline


class Overdue(NamedTuple):
    """What goes to a channel as soon as a process looks."""

    what: Reminder | Occasion
    channel: str


def find_overdue(
    database: Database, timeline: Timeline, recipients: Sequence[Recipient], now: datetime
) -> list[Overdue]:
    """As the next process to look would write it down; nothing is written. Raises LedgerError."""
    agreements = [agreement.id for agreement in timeline.agreements]
    ledger, kept = Ledger(database), Acknowledgements(database)
    channels = {(person.name, channel) for person in recipients for channel in person.channels}
    covered = {
        key: given for key, given in ledger.coverage(agreements).items() if key[:2] in channels
    }
    if not covered:
        return []
    acknowledgements, ended = kept.all(agreements), kept.unsubscribed_channels(agreements)
    days = [(point.first_key, counts_to_text(point)) for point in timeline.points]
    known = ledger.known_days(days, agreements, now)
    first = first_due(covered.values(), now, known.gone_since.values())
    done = ledger.keys_due_since(first, agreements)
    view = LedgerView(known.since, done, covered, acknowledgements, known.gone_since)
    reminders = Plan(timeline, recipients, acknowledgements).between(first, now)

    def each() -> Iterator[Overdue]:
        for message in due_messages(reminders, view, now):
            name, channel = message.key[:2]
            agreement = message.reminder.point.event.agreement
            if CoverageKey(name, channel, agreement) not in ended:
                yield Overdue(message.reminder, channel)
        for key, occasion, names in due_occasions(recipients, agreements, view, now):
            if any(CoverageKey(*key[:2], agreement) not in ended for agreement in names):
                yield Overdue(occasion, key.channel)

    return sorted(each(), key=lambda overdue: (overdue.what.due, overdue.channel))
