"""Whether everything is in place for alerts to arrive, and what to do where it is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

from tracker import clock
from tracker.alerts.subjects import first_titles
from tracker.config import Config
from tracker.config.addresses import TERMINAL
from tracker.dates.instants import zone_of
from tracker.i18n.dates import long_day
from tracker.i18n.reasons import read_reason, translate_reasons
from tracker.i18n.translate import Language, comma_list, translate
from tracker.reminders.batches import FEWEST, SINGLE_KINDS
from tracker.reminders.due import is_late
from tracker.reminders.recipients import Recipient
from tracker.reminders.succession import channels_not_begun
from tracker.service.alert_log import AlertLog, LoggedAlert
from tracker.service.findings import Finding, advice_about
from tracker.service.inquiries import Inquiries
from tracker.service.overdue import find_overdue
from tracker.service.owed_alerts import stray_texts
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.database import (
    Database,
    LedgerError,
    has_traces,
    open_to_read,
    without_password,
)
from tracker.store.ledger import Ledger
from tracker.store.process_locks import is_in_use
from tracker.store.readdressing import Readdressing
from tracker.store.undelivered import undelivered_alerts
from tracker.store.write_check import check_place, check_writing
from tracker.timeline.points import Timeline

#: The next alerts to a recipient that are shown, and how far ahead they are looked for.
SHOWN, AHEAD = 3, 3660

#: A process that runs has written down by then what is due.
_SOON = timedelta(minutes=2)

#: What to do about a ledger, `doctor.ledger.NAME`, by the reason's case.
_LEDGER_ADVICE = {
    "no-room": "room",
    "no-quota": "room",
    "db-no-room": "room",
    "too-large-file": "room",
    "db-locked": "locked",
    "db-damaged": "damaged",
    "db-not-one": "damaged",
}


class Checkup:
    """Makes one check after the other, and asks others at the same time; no message is sent."""

    def __init__(self, config: Config, timeline: Timeline, language: Language) -> None:
        self._config = config
        self._timeline = timeline
        self._language = language

    def findings(self) -> Iterator[Finding]:
        """One after the other."""
        now = clock.now()
        inquiries = Inquiries(self._config, self._language)  # they are asked meanwhile
        yield self._settings()
        yield from self._zones(now)
        database = None
        with ExitStack() as ends:
            try:
                database, is_there = open_to_read(self._config.database)
                ends.callback(database.close)
                yield self._ledger(database) if is_there else self._no_ledger()
                yield from self._undelivered(database, now)
                yield from self._stray(Readdressing(database), now)
                yield from self._not_begun(database, now)
                yield from self._overdue(database, now)
            except LedgerError as error:
                yield self._ledger_failure(error)
            for recipient in self._config.recipients:
                yield from self._recipient(recipient, database, now)
            yield from inquiries.findings()
            yield from self._fallback()
            yield from self._page()

    def _say(self, name: str, **values: object) -> str:
        return translate(self._language, name, **values)

    # -- what it goes by

    def _settings(self) -> Finding:
        """Which tracker.toml that is; where there is none, where it was looked for."""
        file = self._config.file
        if file is None or self._config.source is not None:
            return Finding("config", True, self._say("doctor.config", file=_whole(file)))
        above = file.absolute().parent.parent / file.name
        advice = self._say(
            "doctor.config.above" if above.is_file() else "doctor.config.advice", file=str(above)
        )
        return Finding(
            "config", True, self._say("doctor.config.none", file=_whole(file)), advice, note=True
        )

    # -- clocks and zones

    def _zones(self, now: datetime) -> Iterator[Finding]:
        """One line a zone, however many agreements have it."""
        agreements: dict[str, list[str]] = {}
        for agreement in self._timeline.agreements:
            agreements.setdefault(agreement.timezone, []).append(agreement.id)
        for zone, ids in agreements.items():
            local = now.astimezone(zone_of(zone))
            text = self._say(
                "doctor.zone" if len(ids) == 1 else "doctor.zone.several",
                agreement=ids[0],
                agreements=first_titles(ids, SHOWN, self._language),
                zone=zone,
                day=long_day(local.date(), self._language),
                time=f"{local:%H:%M}",
            )
            advice = self._say("doctor.zone.utc") if zone == "UTC" else None
            yield Finding("zone", True, text, advice)
        here = clock.machine_zone(now)
        name = "doctor.machine.utc" if here in ("UTC", "+00:00") else "doctor.machine"
        yield Finding("machine", True, self._say(name, zone=here))

    # -- the ledger

    def _ledger_failure(self, error: LedgerError) -> Finding:
        text = translate_reasons(self._language, error.name, error.values)
        advice = (
            None if error.name == "ledger.wal" else self._ledger_advice(error)
        )  # it says itself
        return Finding("ledger", False, text, advice)

    def _ledger_advice(self, error: LedgerError) -> str | None:
        if error.name == "ledger.wal":  # it says what to do
            return None
        if name := _LEDGER_ADVICE.get(error.reason.case):
            return self._say(f"doctor.ledger.{name}")
        shared = self._config.database.startswith("postgres")
        return self._say("doctor.ledger.server" if shared else "doctor.ledger.advice")

    @property
    def _agreements(self) -> list[str]:
        return [agreement.id for agreement in self._timeline.agreements]

    def _no_ledger(self) -> Finding:
        """None is begun by somebody who asks; one that is lost is not taken for a first start."""
        url = self._config.database
        is_lost = has_traces(url)
        name = "doctor.ledger.lost" if is_lost else "doctor.ledger.none"
        text, advice = self._say(name, database=without_password(url)), self._say(f"{name}.advice")
        if not is_lost:
            try:
                check_place(url)
            except LedgerError as error:
                return self._ledger_failure(error)
        return Finding("ledger", not is_lost, text, advice, note=not is_lost)

    def _ledger(self, database: Database) -> Finding:
        try:
            check_writing(database)
        except LedgerError as error:  # what can be read of it is shown all the same
            return self._ledger_failure(error)
        ledger = Ledger(database)
        counts = ledger.counts(self._agreements)
        failed = counts.get("failed", 0)
        waiting = counts.get("written", 0) + counts.get("sending", 0)
        text = self._say(
            "doctor.ledger",
            database=without_password(self._config.database),
            sent=counts.get("sent", 0),
            waiting=waiting,
            failed=failed,
        )
        return Finding("ledger", True, text)

    def _undelivered(self, database: Database, now: datetime) -> Iterator[Finding]:
        """What was tried in vain, and why, in the words of who did not take it."""
        people = self._config.everybody
        present = {(person.name, channel) for person in people for channel in person.channels}
        for alerts in undelivered_alerts(database, self._agreements, now):
            zone = next(
                (who.timezone for who in self._config.recipients if who.name == alerts.recipient),
                "UTC",
            )
            due = alerts.first_due.astimezone(zone_of(zone))
            text = self._say(
                "doctor.undelivered",
                recipient=alerts.recipient,
                channel=alerts.channel,
                count=alerts.number,
                day=long_day(due.date(), self._language),
                time=f"{due:%H:%M}",
                reason=read_reason(alerts.reason).text(self._language),
            )
            advice = advice_about(read_reason(alerts.reason), alerts.recipient, self._language)
            more = self._say("doctor.ledger.failed", advice=advice or "").strip()
            # What tracker.toml has no more has its own advice: see _stray.
            is_there = (alerts.recipient, alerts.channel) in present
            yield Finding("undelivered", False, text, more if is_there else None)

    def _stray(self, readdressing: Readdressing, now: datetime) -> Iterator[Finding]:
        """What is owed to names, or through channels, that tracker.toml has no more."""
        stray = readdressing.stray(self._config.everybody, self._agreements, now)
        for text, advice in stray_texts(stray, self._language):
            yield Finding("owed", False, text, advice)
        orphaned = readdressing.orphaned(self._config.everybody, self._agreements, now)
        for name, count in orphaned:
            text = self._say("stray.orphaned", agreement=name, count=count)
            yield Finding("owed", False, text, self._say("stray.advice.orphaned", agreement=name))

    def _not_begun(self, database: Database, now: datetime) -> Iterator[Finding]:
        """What tracker.toml says by now, and a process that runs did not read when it began."""
        covered = Ledger(database).coverage(self._agreements)
        not_begun = channels_not_begun(self._config.recipients, covered, now)
        if not not_begun or not is_in_use(database):
            return
        for name, channels in not_begun.items():
            listed = comma_list(channels, self._language)
            text = self._say("doctor.settings", recipient=name, channels=listed)
            yield Finding("settings", False, text, self._say("stray.advice.start"))

    def _overdue(self, database: Database, now: datetime) -> Iterator[Finding]:
        """What fell due while nobody looked: wrong where it is late, or somebody should have."""
        overdue = find_overdue(database, self._timeline, self._config.recipients, now)
        if not overdue:
            return
        first = overdue[0].what
        local = first.due.astimezone(zone_of(first.recipient.timezone))
        text = self._say(
            "doctor.overdue",
            count=len(overdue),
            day=long_day(local.date(), self._language),
            time=f"{local:%H:%M}",
        )
        runs = now - first.due > _SOON and is_in_use(database)
        is_wrong = runs or is_late(first.recipient, first.due, now)
        advice = self._say("doctor.overdue.runs" if runs else "doctor.overdue.start")
        yield Finding("overdue", not is_wrong, text, advice, note=not is_wrong)

    # -- recipients

    def _recipient(
        self, recipient: Recipient, database: Database | None, now: datetime
    ) -> Iterator[Finding]:
        name, zone = recipient.name, recipient.timezone
        local = now.astimezone(zone_of(zone))
        values = {"recipient": name, "zone": zone, "time": f"{local:%H:%M}"}
        text = self._say("doctor.recipient", at=f"{recipient.at:%H:%M}", **values)
        if not any(recipient.filter.admits(point) for point in self._timeline.points):
            advice = self._say("doctor.recipient.nothing", recipient=name)
            yield Finding("recipient", False, text, advice)
            return
        yield Finding("recipient", True, text)
        if database is None:
            return
        alert_log = AlertLog(self._config, database, self._timeline, self._language)
        alerts = self._next_messages(alert_log, now, name)
        if not alerts:
            yield Finding("sending", True, self._say("doctor.sending.none", recipient=name))
        for moment, text in alerts:
            when = f"{moment:%Y-%m-%d %H:%M %Z}"
            line = self._say("doctor.sending", recipient=name, when=when, text=text)
            yield Finding("sending", True, line)
        yield from self._unsubscribed(recipient, Acknowledgements(database))

    def _next_messages(
        self, alert_log: AlertLog, now: datetime, recipient: str
    ) -> list[tuple[datetime, str]]:
        """The next ones to that recipient, looked for no further than it has to be."""
        days = 30
        while True:
            messages = [
                message
                for when, alerts in groupby(
                    (
                        alert
                        for alert in alert_log.upcoming(now, days)
                        if alert.recipient == recipient and alert.channels
                    ),
                    lambda alert: alert.when,
                )
                for message in self._messages_at(when, list(alerts))
            ]
            if len(messages) >= SHOWN or days >= AHEAD:
                return messages[:SHOWN]
            days *= 5

    def _messages_at(
        self, when: datetime, alerts: Sequence[LoggedAlert]
    ) -> Iterator[tuple[datetime, str]]:
        """What goes out at that instant: from five reminders on they are one message."""
        named = [alert for alert in alerts if alert.kind in SINGLE_KINDS]
        if len(named) < FEWEST:
            yield from ((when, alert.text) for alert in alerts)
            return
        yield when, self._say("alerts.batch", count=len(named), label=named[0].text)
        yield from ((when, alert.text) for alert in alerts if alert not in named)

    def _unsubscribed(
        self, recipient: Recipient, acknowledgements: Acknowledgements
    ) -> Iterator[Finding]:
        """The channels that it has ended, and for which agreements, where not for all."""
        ended = acknowledgements.unsubscribed_channels(self._agreements)
        for channel in recipient.channels:
            since = {
                key.agreement: at
                for key, at in ended.items()
                if (key.recipient, key.channel) == (recipient.name, channel)
            }
            if not since:
                continue
            day = max(since.values()).astimezone(zone_of(recipient.timezone)).date()
            text = self._say(
                "doctor.unsubscribed" + ("" if len(since) == len(self._agreements) else ".of"),
                recipient=recipient.name,
                channel=channel,
                day=long_day(day, self._language),
                agreements=comma_list(sorted(since), self._language),
            )
            advice = self._say("doctor.unsubscribed.advice")
            yield Finding("unsubscribed", False, text, advice)

    # -- the page and the monitor

    def _fallback(self) -> Iterator[Finding]:
        """Nobody is told when the one channel of a recipient takes nothing. A terminal is read."""
        alone = [
            who.name
            for who in self._config.recipients
            if len(who.channels) == 1 and TERMINAL not in who.channels
        ]
        if alone and self._config.fallback is None:
            listed = comma_list(alone, self._language)
            text = self._say("doctor.fallback.none", recipients=listed)
            yield Finding("fallback", True, text, self._say("doctor.fallback.why"), note=True)

    def _page(self) -> Iterator[Finding]:
        if self._config.url is None:
            text, why = self._say("doctor.page.none"), self._say("doctor.page.why")
            yield Finding("page", True, text, why, note=True)
        if self._config.web.lacks_proxies:
            text, why = self._say("doctor.proxies"), self._say("doctor.proxies.why")
            yield Finding("proxies", True, text, why, note=True)
        watching = self._config.watching
        name = "doctor.beat" if watching.heartbeat is not None else "doctor.beat.none"
        if watching.heartbeat_fail is not None:
            name = "doctor.beat.fail"
        is_none = watching.heartbeat is None
        yield Finding("heartbeat", True, self._say(name), note=is_none)


def _whole(file: Path | None) -> str:
    return "" if file is None else str(file.absolute())
