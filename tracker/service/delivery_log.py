"""What is logged of deliveries: which alert did not arrive and why, and what works again.

Each alert is named at its first failure and when it is given up, a channel through which nothing
gets through once. That it works again is read from the ledger: another machine may have delivered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from threading import Lock
from typing import Any, NamedTuple

from tracker import clock
from tracker.alerts.delivery_context import FailedDelivery
from tracker.dates.instants import zone_of
from tracker.i18n.channels import channel_text
from tracker.i18n.durations import length_text
from tracker.i18n.reasons import read_reason
from tracker.i18n.translate import comma_list, translate
from tracker.reminders.recipients import Recipient
from tracker.service.alert_names import AlertNames
from tracker.service.delivery_watch import DeliveryWatch
from tracker.service.log import Level, Log
from tracker.timeline.points import Timeline

#: What the log has them under, and as what.
_NOT_SENT: tuple[str, Level] = ("run.not-sent", "warning")
_GIVEN_UP: tuple[str, Level] = ("run.given-up", "error")


class _Trouble(NamedTuple):
    """A channel that does not take what it should."""

    since: datetime
    noted_at: float  #: in steady seconds: what was looked for before knows nothing of it
    before: int  #: so many alerts were missed already


class DeliveryLog:
    """Logs what does not arrive, and that it arrives again."""

    def __init__(
        self,
        log: Log,
        recipients: Sequence[Recipient],
        timeline: Callable[[], Timeline | None],
        watch: DeliveryWatch,
    ) -> None:
        self._log = log
        self._recipients = {recipient.name: recipient for recipient in recipients}
        self._timeline = timeline
        self._watch = watch
        self._troubles: dict[str, _Trouble] = {}
        self._missed: dict[str, int] = {}  #: by channel, as of the last look
        self._lock = Lock()
        self._given_up = 0  #: alerts, by this process

    def log_failure(self, failed: FailedDelivery) -> None:
        """A message did not get through, or is given up."""
        self._given_up += failed.given_up
        self._note_trouble(failed.channels)
        event, level = _GIVEN_UP if failed.given_up else _NOT_SENT
        values = {"channels": list(failed.channels), **_alert_fields(failed)}
        reason = failed.reason.text(self._log.language)
        sentence = self._failure_text(event, failed, reason)
        self._log.write_text(sentence, event, level, reason=reason, **values)

    def _failure_text(self, event: str, failed: FailedDelivery, reason: str) -> str:
        language, timeline = self._log.language, self._timeline()
        names = (channel_text(channel, language) for channel in failed.channels)
        words = {"channels": comma_list(names, language), "reason": reason}
        if failed.alert is None or timeline is None:
            sentence = f"{event}.all" if failed.is_gone else event
            return translate(language, sentence, count=failed.number, **words)
        key = failed.alert.key
        reader = self._recipients.get(key.recipient)
        name = AlertNames(timeline).name(key, failed.alert.content, reader, language)
        words |= {"recipient": key.recipient, "alert": name.whole, "time": ""}
        if failed.next_try is not None:
            words["time"] = f"{failed.next_try.astimezone(_zone_of(reader)):%H:%M:%S}"
        kind = "outage" if failed.is_outage else "gone" if failed.is_gone else "alert"
        sentence = f"run.given-up.{kind}" if failed.given_up else f"run.not-sent.{kind}"
        return translate(language, sentence, **words)

    def log_what_is_left(self) -> bool:
        """At the end of a run that ends by itself: whether it could not deliver all of it."""
        waiting = sum(alerts.waiting for alerts in self._watch.groups)
        if waiting:
            self._log.write("run.left-undelivered", "error", count=waiting)
        return bool(waiting or self._given_up)

    # -- a channel, from its first failure until it works again

    def log_what_was_there(self) -> None:
        """What is missed when the process begins: somebody may have to see to it."""
        for alerts in self._watch.groups:
            since = alerts.since.astimezone(_zone_of(self._recipients.get(alerts.recipient)))
            values = {
                "channel": alerts.channel,
                "recipient": alerts.recipient,
                "count": alerts.number,
                "since": f"{since:%Y-%m-%d %H:%M}",
                "reason": read_reason(alerts.reason).text(self._log.language),
            }
            self._write("run.undelivered", "warning", values)
            trouble = _Trouble(alerts.since, clock.steady(), 0)
            with self._lock:
                self._troubles.setdefault(alerts.channel, trouble)

    def log_recoveries(self) -> None:
        """Which channels have taken since what they had not taken: to be called after each look."""
        groups, looked_at = self._watch.groups, self._watch.looked_at
        missed: dict[str, int] = {}
        for alerts in groups:
            missed[alerts.channel] = missed.get(alerts.channel, 0) + alerts.number
        with self._lock:
            over = {
                channel: trouble
                for channel, trouble in self._troubles.items()
                if trouble.noted_at < looked_at and missed.get(channel, 0) <= trouble.before
            }
            for channel in over:
                del self._troubles[channel]
            self._note_unsaid(missed)
        for channel, trouble in over.items():
            count = self._watch.count_sent(channel, trouble.since)
            if not count:  # what was missed has lapsed, or somebody has dropped it
                continue
            seconds = int((clock.now() - trouble.since).total_seconds())
            values = {"channel": channel, "count": count, "seconds": seconds}
            self._write("run.works-again", "info", values)

    def _note_unsaid(self, missed: dict[str, int]) -> None:
        """Channels that lack something too, though one line has said it for all behind a server."""
        groups, looked_at = self._watch.groups, self._watch.looked_at
        for alerts in groups:
            before = self._missed.get(alerts.channel, 0)
            if missed[alerts.channel] > before:
                since = clock.now() if before else alerts.since
                trouble = _Trouble(since, looked_at, before)
                self._troubles.setdefault(alerts.channel, trouble)
        self._missed = missed

    def _write(self, event: str, level: Level, values: dict[str, Any]) -> None:
        """That sentence, in which the channel and the length of time stand in words."""
        language = self._log.language
        words = {"channel": channel_text(values["channel"], language)}
        words["length"] = length_text(values.get("seconds", 0), language)
        self._log.write_text(
            translate(language, event, **{**values, **words}), event, level, **values
        )

    def _note_trouble(self, channels: Sequence[str]) -> None:
        now, noted_at, groups = clock.now(), clock.steady(), self._watch.groups
        with self._lock:
            for channel in channels:
                before = sum(alerts.number for alerts in groups if alerts.channel == channel)
                self._troubles.setdefault(channel, _Trouble(now, noted_at, before))


def _alert_fields(failed: FailedDelivery) -> dict[str, object]:
    """What the entry has of the alert by name, for programs."""
    if failed.alert is None:
        return {}
    key, next_try = failed.alert.key, failed.next_try
    return {
        "recipient": key.recipient,
        "kind": key.kind,
        "about": key.event,  # `event` is the entry's own
        "point": key.point,
        "counts_to": key.counts_to,
        "lead": key.lead,
        "message_id": failed.alert.message,
        "next_try": None if next_try is None else next_try.isoformat(timespec="seconds"),
    }


def _zone_of(reader: Recipient | None) -> tzinfo:
    return zone_of("UTC" if reader is None else reader.timezone)
