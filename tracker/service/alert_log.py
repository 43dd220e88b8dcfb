"""What will go out to whom and when, and what went."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from tracker.config import Config
from tracker.dates.instants import zone_of
from tracker.dates.lead_times import Lead
from tracker.i18n.dates import long_day
from tracker.i18n.points import label_of, lead_text
from tracker.i18n.translate import Language, comma_list, translate
from tracker.reminders.digests import is_open, occasions
from tracker.reminders.due import is_suppressed
from tracker.reminders.plan import Plan, Reminder
from tracker.reminders.recipients import Recipient
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.database import Database
from tracker.store.ledger import Ledger, StoredAlert
from tracker.timeline.points import Point, Timeline

#: So many of what went are shown at most, the latest.
MOST = 5_000


class LoggedAlert(NamedTuple):
    """One message to a recipient, as a list shows it."""

    due: datetime
    when: datetime  #: the same, where the recipient is
    recipient: str
    channels: tuple[str, ...]
    kind: str
    event: str | None
    point: str | None
    counts_to: str | None
    what: str  #: which lead time, or what kind of message
    text: str
    status: str  #: planned, or as the ledger has it
    message: str | None
    error: str

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
            "text": self.text,
            "status": self.status,
            "message": self.message,
            "error": self.error or None,
        }


class AlertLog:
    """Looks at the plan and at the ledger."""

    def __init__(
        self, config: Config, database: Database, timeline: Timeline, language: Language
    ) -> None:
        self._config = config
        self._ledger = Ledger(database)
        answers = Acknowledgements(database)
        self._silences = answers.all()
        self._by_key = {one.key: one for one in self._silences}
        self._unsubscribed = answers.unsubscribed_channels()
        self._timeline = timeline
        self._language = language
        self._points = {point.first_key.columns: point for point in timeline.points}

    def upcoming(self, now: datetime, days: int) -> list[LoggedAlert]:
        """What will go out in so many days, if nothing changes."""
        last = now + timedelta(days=days)
        plan = Plan(self._timeline, self._config.recipients, self._silences)
        found = [
            self._planned(one)
            for one in plan.between(now, last)
            if not is_suppressed(one, self._by_key)
        ]
        for recipient in self._config.recipients:
            for occasion in occasions(recipient, now, last):
                if occasion.key.kind == "nudge" and not self._has_open(recipient):
                    continue
                name = f"alerts.kind.{occasion.key.kind}"
                text = translate(self._language, name)
                found.append(
                    LoggedAlert(
                        occasion.due,
                        occasion.due.astimezone(zone_of(recipient.timezone)),
                        recipient.name,
                        self._channels(recipient),
                        occasion.key.kind,
                        None,
                        None,
                        str(occasion.day),
                        "",
                        text,
                        "planned",
                        None,
                        "",
                    )
                )
        return sorted(found, key=lambda one: (one.due, one.recipient, one.text))

    def past(self, now: datetime, days: int) -> list[LoggedAlert]:
        """What fell due in the last so many days, and before that what is still open."""
        rows = self._ledger.history(now - timedelta(days=days), now, MOST)
        recipients = {one.name: one for one in self._config.recipients}
        return [self._row(row, recipients.get(row.key.recipient)) for row in rows]

    def _has_open(self, recipient: Recipient) -> bool:
        """Whether there is something to ask that recipient about."""
        return any(
            is_open(point) and recipient.filter.admits(point) for point in self._timeline.points
        )

    def _channels(self, recipient: Recipient) -> tuple[str, ...]:
        return tuple(
            one for one in recipient.channels if (recipient.name, one) not in self._unsubscribed
        )

    def _planned(self, one: Reminder) -> LoggedAlert:
        recipient = one.recipient
        lead = one.key.kind if one.lead is None else lead_text(one.lead, self._language)
        if one.lead is None:
            lead = translate(
                self._language, f"alerts.kind.{self._kind(one.key.kind, one.key.lead)}"
            )
        return LoggedAlert(
            one.due,
            one.due.astimezone(zone_of(recipient.timezone)),
            recipient.name,
            self._channels(recipient),
            one.key.kind,
            one.key.event,
            one.key.point,
            one.key.counts_to,
            lead,
            self._label(one.point, one.key.counts_to),
            "planned",
            None,
            "",
        )

    def _row(self, row: StoredAlert, recipient: Recipient | None) -> LoggedAlert:
        key = row.key
        zone = zone_of(recipient.timezone if recipient is not None else "UTC")
        point = self._points.get((key.event, key.point, key.occurrence))
        kind = translate(self._language, f"alerts.kind.{self._kind(key.kind, key.lead)}")
        lead = self._lead(key.lead) if key.kind == "reminder" else None
        if key.kind == "change":
            text = str(row.content.get("subject", ""))
        else:
            text = kind if point is None else self._label(point, key.counts_to)
        return LoggedAlert(
            row.due,
            row.due.astimezone(zone),
            key.recipient,
            (key.channel,),
            key.kind,
            key.event or None,
            key.point or None,
            key.counts_to or None,
            lead or (kind if key.kind not in ("digest", "nudge") else ""),
            text,
            row.status,
            row.message,
            row.error,
        )

    def _kind(self, kind: str, lead: str) -> str:
        return "snoozed" if lead.startswith("snoozed") else kind

    def _lead(self, text: str) -> str | None:
        from tracker.dates.diagnostics import LineError
        from tracker.dates.lead_times import parse_lead

        try:
            lead: Lead = parse_lead(text)
        except LineError:
            return None
        return lead_text(lead, self._language)

    def _label(self, point: Point, counts_to: str) -> str:
        agreement = self._timeline.agreement(point.event.agreement)
        label = label_of(point, agreement, self._language)
        day = point.day
        if day is None or str(point.counts_to) != counts_to:
            return label
        return comma_list((label, long_day(day, self._language)), self._language)


def next_alerts(found: Iterable[LoggedAlert], recipient: str, most: int) -> list[LoggedAlert]:
    """The next sendings to that recipient."""
    return [one for one in found if one.recipient == recipient][:most]
