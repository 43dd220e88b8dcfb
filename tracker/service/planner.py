"""What is due, written down: reminders, digests and nudges, for each channel.

Planning is pure and the ledger's unique key decides, so planning twice, or in two processes, writes
nothing twice. Sending what is written is delivery's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from tracker.agreements.keys import PointKey
from tracker.alerts.channels import most_reminders
from tracker.alerts.composer import Composer
from tracker.alerts.signed_links import Signer
from tracker.feeds.history import Entry
from tracker.i18n.translate import Language
from tracker.reminders.acknowledgements import Acknowledgement, counts_to_text
from tracker.reminders.digests import due_occasions, open_points, told_timeline
from tracker.reminders.due import (
    CoverageKey,
    DueMessage,
    LedgerView,
    due_messages,
    first_due,
    quiet_until,
)
from tracker.reminders.plan import Plan, Reminder
from tracker.reminders.recipients import Recipient
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.batches import gather
from tracker.store.known_days import KnownDays
from tracker.store.ledger import Ledger, NewAlert
from tracker.timeline.points import Timeline

#: Where nothing is due, that it was looked for is written down so often.
_NOTE_COVERAGE = timedelta(minutes=10)


class PlanBasis(NamedTuple):
    """What is planned by: the timeline that was taken up last, and what follows from it."""

    timeline: Timeline
    acknowledgements: list[Acknowledgement]
    ended: Mapping[CoverageKey, datetime]  #: what recipients have unsubscribed from
    known: KnownDays
    plan: Plan
    composer: Composer


class Planner:
    """Plans one timeline after the other, for the recipients of one configuration."""

    def __init__(
        self,
        recipients: Sequence[Recipient],
        ledger: Ledger,
        acknowledgements: Acknowledgements,
        signer: Signer | None = None,
        entries: Callable[[Language], Mapping[str, Entry]] = lambda _language: {},
        *,
        fallback: Recipient | None = None,
    ) -> None:
        """`signer` makes the links of messages, where they have some; `entries` are the feed's.

        Nothing is planned for `fallback`, to whom messages go that say what did not arrive.
        """
        self._recipients = recipients
        self._readers = recipients if fallback is None else (*recipients, fallback)
        self._ledger = ledger
        self._acknowledgements = acknowledgements
        self._signer = signer
        self._entries = entries
        self._basis: PlanBasis | None = None
        self._coverage_noted: datetime | None = None

    # -- the work

    def take_up(self, timeline: Timeline, now: datetime) -> PlanBasis:
        """Goes by that timeline and by what is acknowledged from now on. Raises LedgerError."""
        basis = self._basis
        agreements = [agreement.id for agreement in timeline.agreements]
        acknowledgements = self._acknowledgements.all(agreements)
        ended = self._acknowledgements.unsubscribed_channels(agreements)
        if basis is not None and basis.timeline is timeline:
            if (basis.acknowledgements, basis.ended) == (acknowledgements, ended):
                return basis
            known = basis.known
        else:
            known = self._ledger.note_days(_point_days(timeline), agreements, now)
        people = self._recipients
        self._basis = PlanBasis(
            timeline,
            acknowledgements,
            ended,
            known,
            Plan(timeline, people, acknowledgements),
            Composer(
                timeline,
                self._readers,
                acknowledgements,
                self._signer,
                self._entries,
                ended=ended,
                gone=known.gone,
            ),
        )
        return self._basis

    def write_due(self, timeline: Timeline, now: datetime) -> int:
        """Writes down what is due; gives how many alerts that is. Raises LedgerError."""
        basis = self.take_up(timeline, now)
        channels = self._channels(timeline)
        agreements = [agreement.id for agreement in timeline.agreements]
        coverage = self._ledger.coverage(agreements)
        if any(key not in coverage or coverage[key].first > now for key in channels):
            self._ledger.begin_coverage(channels, now)
            coverage = self._ledger.coverage(agreements)
        ours = {key: coverage[key] for key in channels}
        first = first_due(ours.values(), now, basis.known.gone_since.values())
        reminders = basis.plan.between(first, now)
        undone = self._ledger.undone_ahead(first, agreements, now)
        done = self._ledger.keys_due_since(first, agreements) - undone
        known = basis.known
        view = LedgerView(known.since, done, ours, basis.acknowledgements, known.gone_since, undone)
        messages = due_messages(reminders, view, now)
        alerts = [
            alert
            for alert in map(_reminder_alert, messages)
            if CoverageKey(*alert.key[:2], alert.agreement) not in basis.ended
        ]
        alerts += self._occasion_alerts(basis, view, now)
        self._write(alerts, channels, agreements, now)
        return len(alerts)

    def _write(
        self,
        alerts: Sequence[NewAlert],
        channels: Iterable[CoverageKey],
        agreements: Sequence[str],
        now: datetime,
    ) -> None:
        """The alerts, and which channels were covered: of nobody whose quiet hours it is.

        What waits together is one message: also what waited before, and has had nothing beside it.
        """
        covered: list[CoverageKey] = []
        since = self._coverage_noted
        if alerts or since is None or not timedelta(0) <= now - since < _NOTE_COVERAGE:
            asleep = {person.name for person in self._recipients if quiet_until(person, now) > now}
            covered = [channel for channel in channels if channel.recipient not in asleep]
            since = now
        put_together = partial(gather, agreements=agreements, now=now, most=most_reminders)
        self._ledger.write(alerts, now, covered, put_together)
        self._coverage_noted = since

    def _occasion_alerts(self, basis: PlanBasis, view: LedgerView, now: datetime) -> list[NewAlert]:
        timeline = basis.timeline
        agreements = [agreement.id for agreement in timeline.agreements]
        alerts = []
        for key, occasion, names in due_occasions(self._recipients, agreements, view, now):
            content: dict[str, object] = {"agreements": names}
            told = told_timeline(timeline, key, basis.ended, names)
            if told is None:
                continue
            if key.kind == "nudge":
                points = open_points(
                    told,
                    occasion.recipient,
                    basis.known.since,
                    basis.acknowledgements,
                    now,
                )
                if not points:
                    continue
                content["points"] = ["/".join(point.first_key.columns) for point in points]
            alerts.append(NewAlert(key, names[0], occasion.due, content))
        return alerts

    def _channels(self, timeline: Timeline) -> list[CoverageKey]:
        return [
            CoverageKey(recipient.name, channel, agreement.id)
            for recipient in self._recipients
            for channel in recipient.channels
            for agreement in timeline.agreements
        ]

    # -- what is ahead, by the timeline that was taken up last

    def composer(self) -> Composer | None:
        """What makes the messages; None before the first timeline."""
        return None if self._basis is None else self._basis.composer

    def next_due(self, now: datetime, within: timedelta) -> datetime | None:
        """When something falls due next, if it does within that time."""
        if self._basis is None:
            return None
        reminders = self._basis.plan.between(now, now + within)
        return reminders[0].due if reminders else None

    def next_reminder(self, now: datetime) -> Reminder | None:
        """The next one that is still ahead, however far."""
        return None if self._basis is None else self._basis.plan.next_after(now)


def _point_days(timeline: Timeline) -> list[tuple[PointKey, str]]:
    """The day that each point counts to; "" while it has none."""
    return [(point.first_key, counts_to_text(point)) for point in timeline.points]


def _reminder_alert(message: DueMessage) -> NewAlert:
    content: dict[str, object] = {}
    if message.missed:
        content["leads"] = [str(lead) for lead in message.missed]
    if message.late:
        content["late"] = True
    if message.corrects:
        content["corrects"] = True
    reminder = message.reminder
    agreement = reminder.point.event.agreement
    return NewAlert(message.key, agreement, reminder.due, content, message.keys)
