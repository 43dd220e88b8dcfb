"""Who is told, through another channel, that a channel does not take alerts.

One message for each outage of a channel: after [health] fail_after, or as soon as an alert is given
up. It goes to another channel of the recipient, the first that works; where there is none, to
[fallback]. Where that one does not take it either, the next one has it instead. So each message
ends with somebody, or waits as an alert that is undelivered itself, of which nothing more is sent.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from tracker.alerts.composer import Composer
from tracker.alerts.outage_content import MOST_NAMED, MissedAlert, OutageFacts, outage_content
from tracker.alerts.signed_links import Signer
from tracker.config import Config
from tracker.i18n.reasons import read_reason
from tracker.i18n.translate import comma_list
from tracker.reminders.batches import BATCH
from tracker.reminders.due import CoverageKey
from tracker.reminders.plan import AlertKey
from tracker.reminders.recipients import Recipient
from tracker.service.alert_names import AlertNames
from tracker.service.findings import advice_about
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.batches import entries_of
from tracker.store.database import Database, lock_until_commit
from tracker.store.ledger import ClaimedAlert, Ledger, NewAlert, StoredAlert
from tracker.store.outage_notices import (
    NOTICE,
    ChannelOutage,
    OutageNotice,
    channel_outages,
    has_waiting_notices,
    lapse_notices,
    last_delivery,
    missed_alerts,
    recent_notices,
    revive_notice,
)
from tracker.timeline.points import Timeline


class _Target(NamedTuple):
    """Where a message about a channel goes."""

    reader: Recipient
    channel: str


class OutagePlanner:
    """Writes down the messages about channels that do not take alerts."""

    def __init__(
        self,
        config: Config,
        database: Database,
        acknowledgements: Acknowledgements,
        signer: Signer | None,
        composer: Callable[[], Composer | None],
    ) -> None:
        """`composer`: what makes the messages, and knows which of them are still so."""
        self._config = config
        self._composer = composer
        self._people = {person.name: person for person in config.recipients}
        self._wait: timedelta = config.watching.outage
        self._database = database
        self._ledger = Ledger(database)
        self._acknowledgements = acknowledgements
        self._signer = signer

    def write_due(self, timeline: Timeline, now: datetime) -> int:
        """Writes down what is due; gives how many messages that is. Raises LedgerError."""
        agreements = [agreement.id for agreement in timeline.agreements]
        with self._database.transaction() as connection:
            outages = channel_outages(connection, agreements, now)
            if not outages and not has_waiting_notices(connection, agreements):
                return 0
        ended = self._acknowledgements.unsubscribed_channels(agreements)
        with self._database.transaction() as connection:
            lock_until_commit(connection, "tracker undelivered")
            look = _Look(connection, timeline, agreements, now, ended)
            return self._write(look)

    def _write(self, look: _Look) -> int:
        written = 0
        targets: dict[tuple[_Target, str], list[ChannelOutage]] = {}
        look.lapse_what_is_over()
        for outage in look.outages:
            rest = self._untold(look, outage) if self._is_in_use(outage) else None
            if rest is None:
                continue
            target = self._target(look, rest)
            if target is not None:
                targets.setdefault((target, outage.channel), []).append(rest)
        for (target, channel), outages in targets.items():
            self._write_one(look, target, channel, outages)
            written += 1
        return written

    def _is_in_use(self, outage: ChannelOutage) -> bool:
        """Whether its recipient still has the channel: what was corrected is told to nobody."""
        person = self._people.get(outage.recipient)
        return person is not None and outage.channel in person.channels

    def _untold(self, look: _Look, outage: ChannelOutage) -> ChannelOutage | None:
        """What of it somebody has to be told of now; None: nothing."""
        told = look.notice_about(outage)
        if told is not None and not told.is_refused:
            worked = last_delivery(look.connection, outage.channel)
            if worked is None or worked <= told.written_at:
                return None
            later = look.outages_after(told.written_at)
            newer = [each for each in later if each[:2] == outage[:2]]
            if not newer:
                return None
            outage = newer[0]
        is_due = outage.failed > 0 or look.now - outage.first >= self._wait
        return outage if is_due else None

    def _target(self, look: _Look, outage: ChannelOutage) -> _Target | None:
        """The first that works, other than the channel and than what was tried in vain."""
        for target in self._candidates(outage):
            if target.channel == outage.channel or look.has_ended(target):
                continue
            if look.was_refused(outage, target):
                continue
            if look.works(target.channel):
                return target
        return None

    def _candidates(self, outage: ChannelOutage) -> Iterator[_Target]:
        for person in (self._people.get(outage.recipient), self._config.fallback):
            if person is not None:
                yield from (_Target(person, channel) for channel in person.channels)

    def _write_one(
        self, look: _Look, target: _Target, channel: str, outages: Sequence[ChannelOutage]
    ) -> None:
        reader, connection = target.reader, look.connection
        first = min(outage.first for outage in outages)
        alerts = missed_alerts(connection, outages, look.agreements, look.now, MOST_NAMED)
        named = sorted({name for alert in alerts for name in alert.agreements})
        owed = self._owed_of(alerts)
        if not owed:
            return
        named_in = sum(len(_entries_of(alert)) for alert in alerts)
        newest = max(alerts, key=lambda alert: alert.id)
        recipients = sorted({outage.recipient for outage in outages})
        reason = read_reason(newest.error)
        facts = OutageFacts(
            channel,
            recipients,
            sum(outage.number for outage in outages) - (named_in - len(owed)),
            first,
            reason.text(reader.language),
            advice_about(reason, comma_list(recipients, reader.language), reader.language),
            list(self._missed(owed[:MOST_NAMED], look, reader)),
        )
        content = {**outage_content(facts, reader), "agreements": named}
        key = AlertKey(
            reader.name, target.channel, NOTICE, named[0], "", "", f"{first:%Y-%m-%dT%H:%M:%SZ}",
            channel,
        )  # fmt: skip
        lapse_notices(connection, [told.id for told in look.refused(outages)])
        revive_notice(connection, key, json.dumps(content, ensure_ascii=False), look.now)
        new = NewAlert(key, named[0], look.now, content)
        self._ledger.write_within(connection, [new], look.now)

    def _owed_of(self, alerts: Iterable[StoredAlert]) -> list[ClaimedAlert]:
        """Each of them that is still so; of a message that names several, each of those."""
        entries = [entry for alert in alerts for entry in _entries_of(alert)]
        composer = self._composer()
        return [entry for entry in entries if composer is None or composer.is_owed(entry)]

    def _missed(
        self, entries: Iterable[ClaimedAlert], look: _Look, reader: Recipient
    ) -> Iterator[MissedAlert]:
        for entry in entries:
            name = look.names.name(entry.key, entry.content, reader, reader.language)
            place = ""
            if name.point and self._signer is not None:
                place = self._signer.page(f"events/{look.names.event(entry.key)}")
            elif name.point:
                place = f'tracker show "{name.point}"'
            yield MissedAlert(name.text, name.text_and_kind, place)


def _entries_of(alert: StoredAlert) -> list[ClaimedAlert]:
    """What it tells, each as it would be sent alone."""
    return entries_of(alert.as_claimed) if alert.key.kind == BATCH else [alert.as_claimed]


class _Look:
    """What one look finds in the ledger."""

    def __init__(
        self,
        connection: Connection,
        timeline: Timeline,
        agreements: Sequence[str],
        now: datetime,
        ended: Collection[CoverageKey],
    ) -> None:
        self.connection = connection
        self.agreements = agreements
        self.now = now
        self.names = AlertNames(timeline)
        self.outages = channel_outages(connection, agreements, now)
        self._notices = recent_notices(connection, agreements, now)
        self._ended = ended

    def outages_after(self, moment: datetime) -> list[ChannelOutage]:
        """What is missed since then."""
        return channel_outages(self.connection, self.agreements, self.now, moment)

    def lapse_what_is_over(self) -> None:
        """What is still to be said of a channel that has taken everything is not said any more."""
        missed = {outage[:2] for outage in self.outages}
        over = [
            notice
            for notice in self._notices
            if notice.status == "written"
            and not any((name, notice.channel) in missed for name in notice.recipients)
        ]
        lapse_notices(self.connection, [notice.id for notice in over])
        self._notices = [notice for notice in self._notices if notice not in over]

    def notice_about(self, outage: ChannelOutage) -> OutageNotice | None:
        """The last that says so of that channel to somebody, for that recipient."""
        return next((notice for notice in self._about(outage) if notice.status != "lapsed"), None)

    def _about(self, outage: ChannelOutage) -> Iterator[OutageNotice]:
        for notice in self._notices:
            if notice.channel == outage.channel and outage.recipient in notice.recipients:
                yield notice

    def refused(self, outages: Iterable[ChannelOutage]) -> list[OutageNotice]:
        """Those in whose place another one goes out."""
        about = [notice for outage in outages for notice in self._about(outage)]
        return [notice for notice in about if notice.is_refused]

    def was_refused(self, outage: ChannelOutage, target: _Target) -> bool:
        """Whether a message about this outage, and no earlier one, was not taken there."""
        return any(
            notice.key[:2] == (target.reader.name, target.channel)
            and notice.is_refused
            and notice.written_at >= outage.first
            for notice in self._about(outage)
        )

    def has_ended(self, target: _Target) -> bool:
        """Whether its reader wants nothing more there, of any of the agreements."""
        keys = (CoverageKey(target.reader.name, target.channel, name) for name in self.agreements)
        return any(key in self._ended for key in keys)

    def works(self, channel: str) -> bool:
        """Whether the last delivery through that channel was none in vain."""
        last = [outage.last for outage in self.outages if outage.channel == channel]
        if not last:
            return True
        worked = last_delivery(self.connection, channel)
        return worked is not None and worked > max(last)
