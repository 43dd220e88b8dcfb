"""Who is alerted of a change, written down in the transaction that publishes it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy import Connection

from tracker.agreements.keys import split_name
from tracker.alerts.change_content import change_contents
from tracker.alerts.channels import most_listed
from tracker.reminders.changes import wanted_changes
from tracker.reminders.due import CoverageKey, quiet_until
from tracker.reminders.plan import AlertKey, alert_subject
from tracker.reminders.recipients import Recipient
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.ledger import Ledger, NewAlert
from tracker.timeline.differences import Changes, Difference


class Announced(NamedTuple):
    """Changes of which recipients are to be told."""

    changes: Changes
    edition: str  #: a name that no other edition has
    now: datetime
    recipients: frozenset[str]  #: their names
    told_since: datetime | None = None  #: from when on another process may have told the same
    gone: frozenset[str] = frozenset()  #: agreements that were loaded until now, and are no more


class ChangePlanner:
    """Writes down, for the recipients of one configuration, what changed in an edition."""

    def __init__(
        self, recipients: Sequence[Recipient], ledger: Ledger, acknowledgements: Acknowledgements
    ) -> None:
        self._recipients = recipients
        self._ledger = ledger
        self._acknowledgements = acknowledgements

    @property
    def recipients(self) -> tuple[str, ...]:
        """The names of all of them."""
        return tuple(recipient.name for recipient in self._recipients)

    def write(self, connection: Connection, announced: Announced) -> None:
        """Writes down who is alerted of them, as a part of somebody's transaction."""
        changes, edition, now, names, told_since, gone = announced
        loaded = [agreement.id for agreement in changes.after.agreements]
        ended = self._acknowledgements.unsubscribed_channels([*loaded, *gone])
        alerts: list[NewAlert] = []
        for recipient in self._recipients:
            if recipient.name not in names:
                continue
            wanted = wanted_changes(changes, recipient)
            if not wanted:
                continue
            language, zone = recipient.language, recipient.timezone
            listed = {most_listed(channel) for channel in recipient.channels}
            awake = quiet_until(recipient, now)
            not_before = awake if awake > now else None
            told: list[Difference] = []
            contents: dict[int | None, dict[str, object]] = {}
            for channel in recipient.channels:
                of_channel = [
                    difference
                    for difference in wanted
                    if CoverageKey(recipient.name, channel, difference.point.event.agreement)
                    not in ended
                ]
                if of_channel != told:  # most channels are told the same
                    told = of_channel
                    contents = change_contents(changes, told, language, zone, listed)
                if not told or not contents:
                    continue
                subject = _subject(told)
                key = AlertKey(recipient.name, channel, "change", *subject, edition)
                content = _without_gone(contents[most_listed(channel)], loaded, gone)
                agreement = split_name(subject[0])[0]
                if agreement in gone:
                    agreement = loaded[0]
                new = NewAlert(key, agreement, awake, content, (), not_before)
                if told_since is None or not self._ledger.has_same(connection, new, told_since):
                    alerts.append(new)
        self._ledger.write_within(connection, alerts, now)


def _without_gone(
    content: dict[str, object], loaded: Sequence[str], gone: Collection[str]
) -> dict[str, object]:
    """The content as that of what is still loaded.

    A message waits until all that it names is loaded; of what has gone just now it tells that.
    """
    if not gone:
        return content
    named = [name for name in cast("list[str]", content["agreements"]) if name not in gone]
    return {**content, "agreements": named or [loaded[0]]}


def _subject(differences: Sequence[Difference]) -> tuple[str, str, str, str]:
    """What a change alert is about: the event that changed, else the agreement."""
    events = {difference.point.event.name for difference in differences}
    first = differences[0].point
    if len(events) > 1:
        return first.event.agreement, "", "", ""
    return alert_subject(first)
