"""What is owed, written down: reminders, changes, digests and nudges, for each channel.

Planning is pure and the ledger's unique key decides, so looking twice, or in two processes, writes
nothing twice. Sending what is written is delivery's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from tracker.alerts.change_alerts import change_content
from tracker.alerts.composer import Composer
from tracker.alerts.signed_links import Signer
from tracker.config import Config
from tracker.feeds.history import Entry
from tracker.i18n.translate import Language
from tracker.reminders.acknowledgements import Acknowledgement, key_in
from tracker.reminders.changes import wanted_changes
from tracker.reminders.digests import due_occasions, open_points
from tracker.reminders.due import (
    CoverageKey,
    DueMessage,
    LedgerView,
    due_messages,
    quiet_until,
    window,
)
from tracker.reminders.plan import AlertKey, Plan, PointKey
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.database import Database
from tracker.store.ledger import Ledger, NewAlert
from tracker.timeline.differences import Changes, Difference
from tracker.timeline.points import Timeline

#: Where nothing was owed, that it was looked after is written down so often.
_NOTED = timedelta(minutes=10)


class Planner:
    """Looks at one timeline after the other, for the recipients of one configuration."""

    def __init__(self, config: Config, database: Database) -> None:
        #: The entries of the feed in a language, by UID; none where it is not served.
        self.entries: Callable[[Language], Mapping[str, Entry]] = lambda _language: {}
        self.config = config
        self.ledger = Ledger(database)
        self.acknowledgements = Acknowledgements(database)
        self._timeline: Timeline | None = None
        self._silences: list[Acknowledgement] = []
        self._plan: Plan | None = None
        self._known: dict[PointKey, datetime] = {}
        self._noted: datetime | None = None
        self._composer: Composer | None = None
        self._signer = (
            None if config.url is None else Signer(self.acknowledgements.signing_key(), config.url)
        )

    # -- the work

    def write_due(self, timeline: Timeline, now: datetime) -> int:
        """Writes down what is owed; gives how many alerts that is. Raises LedgerError."""
        self.take_up(timeline, now)
        everyone = self._everyone(timeline)
        looked = self.ledger.coverage()
        if any(one not in looked or looked[one].first > now for one in everyone):
            self.ledger.begin_coverage(everyone, now)
            looked = self.ledger.coverage()
        mine = {one: looked[one] for one in everyone}
        first = window(mine.values(), now)
        planned = self.plan.between(first, now)
        done = self.ledger.keys_due_since(first)
        said = LedgerView(self._known, done, mine, self._silences)
        unwanted = self.acknowledgements.unsubscribed_channels()
        alerts = [_of_reminder(one) for one in due_messages(planned, said, now)]
        alerts += self._occasions(timeline, said, now)
        alerts = [one for one in alerts if one.key[:2] not in unwanted]
        self._write(alerts, mine, now)
        return len(alerts)

    def _write(
        self, alerts: Sequence[NewAlert], looked: Iterable[CoverageKey], now: datetime
    ) -> None:
        """The alerts, and who was looked after: nobody whose quiet hours it is."""
        since = self._noted
        if not alerts and since is not None and timedelta(0) <= now - since < _NOTED:
            return
        sleeping = {one.name for one in self.config.recipients if quiet_until(one, now) > now}
        self.ledger.write(alerts, now, [one for one in looked if one.recipient not in sleeping])
        self._noted = now

    def announce(self, connection: Connection, found: Changes, edition: str, now: datetime) -> None:
        """Writes down what changed, in the transaction that publishes it."""
        unwanted = self.acknowledgements.unsubscribed_channels()
        alerts = []
        for recipient in self.config.recipients:
            mine = wanted_changes(found, recipient)
            content = change_content(found, mine, recipient.language) if mine else None
            if content is None:
                continue
            event = _about(mine)
            from_ = quiet_until(recipient, now)
            for channel in recipient.channels:
                if (recipient.name, channel) in unwanted:
                    continue
                key = AlertKey(recipient.name, channel, "change", *event, edition)
                agreement = event[0].partition("/")[0]
                alerts.append(
                    NewAlert(key, agreement, now, content, (), from_ if from_ > now else None)
                )
        self.ledger.write_within(connection, alerts, now)

    def _occasions(self, timeline: Timeline, said: LedgerView, now: datetime) -> list[NewAlert]:
        agreement = min(one.id for one in timeline.agreements)
        alerts = []
        for key, occasion in due_occasions(self.config.recipients, agreement, said, now):
            content: dict[str, object] = {}
            if key.kind == "nudge":
                asked = open_points(timeline, occasion.recipient, self._known, self._silences, now)
                if not asked:
                    continue
                content = {"points": ["/".join(key_in(point)[:3]) for point in asked]}
            alerts.append(NewAlert(key, agreement, occasion.due, content))
        return alerts

    # -- what it knows

    @property
    def plan(self) -> Plan:
        """The plan of the timeline that was looked at last."""
        if self._plan is None:
            raise RuntimeError("no timeline was looked at")
        return self._plan

    def composer(self) -> Composer | None:
        """What makes the messages of the timeline that was looked at last."""
        return self._composer

    def next_due(self, now: datetime, within: timedelta) -> datetime | None:
        """When something falls due next, if it does within that time."""
        found = self.plan.between(now, now + within) if self._plan is not None else []
        return found[0].due if found else None

    def take_up(self, timeline: Timeline, now: datetime) -> None:
        """Takes up a new timeline, and answers that were given since. Raises LedgerError."""
        silences = self.acknowledgements.all()
        if timeline is self._timeline and silences == self._silences:
            return
        if timeline is not self._timeline:
            agreements = [one.id for one in timeline.agreements]
            self._known = self.ledger.note_days(_days_of(timeline), agreements, now)
        recipients = self.config.recipients
        self._timeline, self._silences = timeline, silences
        self._plan = Plan(timeline, recipients, silences)
        self._composer = Composer(timeline, recipients, silences, self._signer, self.entries)

    def _everyone(self, timeline: Timeline) -> list[CoverageKey]:
        return [
            CoverageKey(recipient.name, channel, agreement.id)
            for recipient in self.config.recipients
            for channel in recipient.channels
            for agreement in timeline.agreements
        ]


def _days_of(timeline: Timeline) -> list[tuple[PointKey, str]]:
    """The day that each point counts to; "" while it has none."""
    found = []
    for point in timeline.points:
        event, side, occurrence, counts_to = key_in(point)
        found.append((PointKey(event, side, occurrence), counts_to))
    return found


def _of_reminder(one: DueMessage) -> NewAlert:
    content: dict[str, object] = {}
    if one.missed:
        content["leads"] = [str(lead) for lead in one.missed]
    if one.late:
        content["late"] = True
    agreement = one.reminder.point.event.agreement
    return NewAlert(one.key, agreement, one.reminder.due, content, one.keys)


def _about(mine: Sequence[Difference]) -> tuple[str, str, str, str]:
    """What a change alert is about: the event that changed, else the agreement."""
    events = {one.point.event.name for one in mine}
    first = mine[0].point
    if len(events) > 1:
        return first.event.agreement, "", "", ""
    event, side, occurrence, counts_to = key_in(first)
    return event, side, occurrence, counts_to
