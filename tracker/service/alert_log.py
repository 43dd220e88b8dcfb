"""What will go out to whom and when, and what went."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypedDict

from tracker.config import Config
from tracker.dates.instants import zone_of
from tracker.i18n.directions import without_isolates
from tracker.i18n.reasons import read_reason
from tracker.i18n.translate import Language, translate
from tracker.reminders.acknowledgements import counts_to_text, is_acknowledged
from tracker.reminders.batches import BATCH, FEWEST, SINGLE_KINDS
from tracker.reminders.digests import Occasion, is_open, occasions, told_timeline
from tracker.reminders.due import CoverageKey, is_suppressed
from tracker.reminders.plan import AlertKey, Plan, Reminder, alert_subject
from tracker.reminders.recipients import Recipient
from tracker.service.alert_names import (
    AlertName,
    AlertNames,
    dated_label,
    kind_text,
    lead_of,
    lead_text_for,
)
from tracker.service.overdue import find_overdue
from tracker.service.owed_alerts import stray_remark
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.batches import entries_of
from tracker.store.database import Database
from tracker.store.ledger import ClaimedAlert, Ledger, StoredAlert
from tracker.store.readdressing import Readdressing
from tracker.store.stray_alerts import StrayAlert
from tracker.timeline.points import Timeline

#: So many of what is past are shown at most, the latest.
MOST = 5_000


class LoggedAlert(NamedTuple):
    """One alert to a recipient, as a list shows it."""

    due: datetime
    when: datetime  #: the same, where the recipient is
    recipient: str
    channels: tuple[str, ...]
    kind: str
    text: str
    what: str = ""  #: which lead time, or what kind of alert
    event: str | None = None
    point: str | None = None
    counts_to: str | None = None
    status: str = "planned"  #: or "unsubscribed", or as the ledger has it
    message: str | None = None
    error: str = ""
    unsubscribed: tuple[str, ...] = ()  #: channels through which it would go, had they not ended
    goes_to: tuple[str, ...] = ()  #: the channels to which it went, or goes at the next start
    reminders: tuple[str, ...] = ()  #: of a message that names several: the identity of each
    named: tuple[AlertName, ...] = ()  #: each of the reminders that it names, in words
    remark: str = ""  #: of what is owed and has nobody, or no channel, to go to: what becomes of it

    def json(self) -> dict[str, Any]:
        """Every key is always there."""
        return {
            "due": self.when.isoformat(timespec="seconds"),
            "recipient": self.recipient,
            "channels": list(self.channels),
            "kind": self.kind,
            "event": self.event,
            "point": self.point,
            "counts_to": self.counts_to,
            "lead": self.what or None,
            "text": without_isolates(self.text),
            "status": self.status,
            "message": self.message,
            "error": self.error or None,
            "unsubscribed": list(self.unsubscribed),
            "goes_to": list(self.goes_to),
            "reminders": list(self.reminders),
            "remark": self.remark or None,
        }


def with_messages(alerts: Iterable[LoggedAlert], language: Language) -> list[LoggedAlert]:
    """The alerts as messages: what is named in one that is listed does not stand there twice.

    Where as many reminders as make one message share all but their text, they are one entry too.
    """
    kept = [alert for alert in alerts if not (alert.status == "named" and alert.kind == BATCH)]
    told = {message for alert in kept for message in alert.reminders}
    groups: dict[LoggedAlert, list[LoggedAlert]] = {}
    for alert in kept:
        if alert.status == "named" and alert.message in told:
            continue
        alike = alert
        if alert.kind in SINGLE_KINDS:
            alike = alert._replace(
                kind=BATCH, text="", what="", event=None, point=None, counts_to=None, message=None
            )
        groups.setdefault(alike, []).append(alert)
    return [
        message
        for alike, members in groups.items()
        for message in (members if len(members) < FEWEST else [_as_one(alike, members, language)])
    ]


def _as_one(alike: LoggedAlert, members: Sequence[LoggedAlert], language: Language) -> LoggedAlert:
    text = translate(language, "alerts.batch", count=len(members), label=members[0].text)
    return alike._replace(
        text=text, named=tuple(AlertName(member.text, member.what, "") for member in members)
    )


class AlertLog:
    """Lists alerts: those of the plan that are ahead, those of the ledger that are past."""

    def __init__(
        self, config: Config, database: Database, timeline: Timeline, language: Language
    ) -> None:
        self._recipients = {recipient.name: recipient for recipient in config.recipients}
        self._readers = {reader.name: reader for reader in config.everybody}
        self._database = database
        self._ledger = Ledger(database)
        self._readdressing = Readdressing(database)
        self._agreements = [agreement.id for agreement in timeline.agreements]
        acknowledgements = Acknowledgements(database)
        self._acknowledgements = {
            given.key: given for given in acknowledgements.all(self._agreements)
        }
        self._unsubscribed = acknowledgements.unsubscribed_channels(self._agreements)
        self._timeline = timeline
        self._language = language
        self._names = AlertNames(timeline)
        self._points = {point.first_key.columns: point for point in timeline.points}

    def upcoming(self, now: datetime, days: int) -> list[LoggedAlert]:
        """What will go out in so many days, if nothing changes."""
        last = now + timedelta(days=days)
        recipients = tuple(self._recipients.values())
        plan = Plan(self._timeline, recipients, self._acknowledgements.values())
        done = self._ledger.keys_due_since(now, self._agreements)
        done -= self._ledger.undone_ahead(now, self._agreements, now)
        alerts = [
            self._upcoming_reminder(reminder)
            for reminder in plan.between(now, last)
            if not is_suppressed(reminder, self._acknowledgements)
            and not _is_done(reminder.key, reminder.recipient, [reminder.key.event], done)
        ]
        alerts += [
            self._upcoming_occasion(occasion)
            for recipient in recipients
            for occasion in occasions(recipient, now, last)
            if (occasion.key.kind != "nudge" or _has_open_points(recipient, self._timeline))
            and not _is_done(occasion.key, recipient, self._agreements, done)
        ]
        return sorted(alerts, key=lambda alert: (alert.due, alert.recipient, alert.text))

    def overdue(self, now: datetime) -> list[LoggedAlert]:
        """What fell due and is not written down yet, since no process has looked."""
        recipients = tuple(self._recipients.values())
        overdue = find_overdue(self._database, self._timeline, recipients, now)
        remark = translate(self._language, "alerts.overdue")
        return [
            self._upcoming(given.what)._replace(
                channels=(given.channel,), unsubscribed=(), status="overdue", remark=remark
            )
            for given in overdue
        ]

    def past(self, now: datetime, days: int) -> list[LoggedAlert]:
        """What fell due in the last so many days, and before that what is still open."""
        first = now - timedelta(days=days)
        return self.listed(self._ledger.history(self._agreements, first, now, MOST), now)

    def listed(self, alerts: Iterable[StoredAlert], now: datetime) -> list[LoggedAlert]:
        """Alerts of the ledger as a list shows them."""
        readers = tuple(self._readers.values())
        stray = self._readdressing.stray(readers, self._agreements, now)
        by_number = {given.alert.id: given for given in stray}
        return [self._past_alert(alert, by_number.get(alert.id)) for alert in alerts]

    # -- one alert

    def _upcoming(self, what: Reminder | Occasion) -> LoggedAlert:
        if isinstance(what, Reminder):
            return self._upcoming_reminder(what)
        return self._upcoming_occasion(what)

    def _upcoming_reminder(self, reminder: Reminder) -> LoggedAlert:
        key, recipient = reminder.key, reminder.recipient
        agreement = reminder.point.event.agreement
        ended = [
            channel
            for channel in recipient.channels
            if CoverageKey(recipient.name, channel, agreement) in self._unsubscribed
        ]
        return LoggedAlert(
            due=reminder.due,
            when=reminder.due.astimezone(zone_of(recipient.timezone)),
            recipient=recipient.name,
            **_channel_fields(recipient, ended),
            kind=key.kind,
            text=dated_label(
                reminder.point, self._timeline, key.counts_to, recipient.timezone, self._language
            ),
            what=kind_text(key, self._language)
            if reminder.lead is None
            else lead_text_for(reminder.lead, reminder.point, recipient, self._language),
            event=key.event,
            point=key.point,
            counts_to=key.counts_to,
        )

    def _upcoming_occasion(self, occasion: Occasion) -> LoggedAlert:
        recipient = occasion.recipient
        ended = []
        for channel in recipient.channels:
            key = occasion.key._replace(channel=channel)
            told = told_timeline(self._timeline, key, self._unsubscribed)
            is_empty = told is not self._timeline and occasion.key.kind == "nudge"
            if told is None or (is_empty and not _has_open_points(recipient, told)):
                ended.append(channel)
        return LoggedAlert(
            due=occasion.due,
            when=occasion.due.astimezone(zone_of(recipient.timezone)),
            recipient=recipient.name,
            **_channel_fields(recipient, ended),
            kind=occasion.key.kind,
            text=kind_text(occasion.key, self._language),
            counts_to=str(occasion.day),
        )

    def _past_alert(self, alert: StoredAlert, stray: StrayAlert | None) -> LoggedAlert:
        key = alert.key
        recipient = self._readers.get(key.recipient)
        zone = recipient.timezone if recipient is not None else "UTC"
        point = self._points.get((key.event, key.point, key.occurrence))
        kind = kind_text(key, self._language)
        lead = lead_of(key)
        entries = self._named_by(alert) if key.kind == BATCH else []
        content = alert.content
        if entries:
            rest = {entry.message for entry in entries}
            named = [told for told in content["reminders"] if told["message"] in rest]
            content = {**content, "reminders": named}
        return LoggedAlert(
            due=alert.due,
            when=alert.due.astimezone(zone_of(zone)),
            recipient=key.recipient,
            channels=(key.channel,),
            kind=key.kind,
            text=self._names.name(key, content, recipient, self._language).text,
            what=lead_text_for(lead, point, recipient, self._language)
            if lead is not None
            else (kind if key.kind not in ("digest", "nudge") else ""),
            event=(not entries and key.event) or None,
            point=key.point or None,
            counts_to=key.counts_to or None,
            reminders=tuple(told["message"] for told in alert.content.get("reminders", ())),
            named=tuple(
                self._names.name(entry.key, entry.content, recipient, self._language)
                for entry in entries
            ),
            status=_status_of(alert),
            message=alert.message,
            error=read_reason(alert.error).text(self._language),
            goes_to=_channels_after(alert, stray),
            remark="" if stray is None else stray_remark(stray, self._language),
        )

    def _named_by(self, batch: StoredAlert) -> list[ClaimedAlert]:
        """Of the reminders that it names those that were sent in it, or are to be by now.

        What was acknowledged before, or has moved while it waits, is left out when it is sent.
        """
        entries = entries_of(batch.as_claimed)
        kept = [entry for entry in entries if self._is_said(entry, batch.sent_at)]
        return kept or entries

    def _is_said(self, entry: ClaimedAlert, sent_at: datetime | None) -> bool:
        key = entry.key
        point = self._points.get((key.event, key.point, key.occurrence))
        if point is None:
            return sent_at is not None
        told = tuple(self._acknowledgements.values())
        if sent_at is not None:
            given = [each for each in told if each.at < sent_at]
            moved = key.counts_to != counts_to_text(point)  # perhaps after it was sent
            return moved or not is_acknowledged(point, key.recipient, given)
        is_still_so = key.subject == alert_subject(point) and point.status != "occurred"
        return is_still_so and not is_acknowledged(point, key.recipient, told)


def _status_of(alert: StoredAlert) -> str:
    """What has become of it, with the reason where it ended on its way or on purpose."""
    if alert.status == "lapsed":
        for reason in ("readdressed", "dropped"):
            if reason in alert.content:
                return reason
    return alert.status


def _channels_after(alert: StoredAlert, stray: StrayAlert | None) -> tuple[str, ...]:
    """Through which it goes in place of its own."""
    if stray is not None and stray.fate == "moves":
        return stray.channels
    return tuple(alert.content.get("readdressed", ()))


class _ChannelFields(TypedDict):
    """Through which channels an alert is to go, and whether through any."""

    channels: tuple[str, ...]
    unsubscribed: tuple[str, ...]
    status: str


def _channel_fields(recipient: Recipient, ended: Collection[str]) -> _ChannelFields:
    channels = tuple(channel for channel in recipient.channels if channel not in ended)
    status = "planned" if channels or recipient.absent else "unsubscribed"
    return {"channels": channels, "unsubscribed": tuple(ended), "status": status}


def _is_done(
    key: AlertKey, recipient: Recipient, events: Iterable[str], done: Collection[AlertKey]
) -> bool:
    """Whether it went to all channels before its hour, by a clock that ran ahead."""
    keys = [
        key._replace(channel=channel, event=event)
        for channel in recipient.channels
        for event in events
    ]
    return bool(keys) and all(known in done for known in keys)


def _has_open_points(recipient: Recipient, timeline: Timeline) -> bool:
    """Whether there is something to ask that recipient about."""
    return any(is_open(point) and recipient.filter.admits(point) for point in timeline.points)
