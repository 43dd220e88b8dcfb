"""Alerts that are owed, and stray: their recipient, or its channel, tracker.toml names no more.

Here they are found, and what is to become of each; readdressing.py does it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, TypeAlias

from sqlalchemy import Connection, RowMapping, func, select, tuple_

from tracker.dates.instants import zone_of
from tracker.reminders.batches import BATCH
from tracker.reminders.due import CoverageKey
from tracker.reminders.recipients import Recipient
from tracker.reminders.succession import FRESH
from tracker.store.ledger import StoredAlert, stored_alert
from tracker.store.schema import ALERT_KEY, alert, coverage

OPEN = ("written", "sending", "failed")
#: What fell due longer ago, about a day that has passed, is not sent to another channel unasked.
RECENT = timedelta(days=30)
_AT_ONCE = 500
#: By which an alert is the same through whichever channel.
MESSAGE_KEY = tuple(name for name in ALERT_KEY if name != "channel")

#: moves: to channels that the recipient has. had: through those it has had it, or will. unwanted:
#: its reader had unsubscribed. old: it moves where somebody asks for it. renamed: its recipient has
#: another name. nobody: its recipient is unknown. unknown: its channel may be one of those that
#: stand in variables which this process has not; nothing becomes of it here.
Fate: TypeAlias = Literal["moves", "had", "unwanted", "old", "renamed", "nobody", "unknown"]


class StrayAlert(NamedTuple):
    """An alert that is owed to a name, or through a channel, that there is no more."""

    alert: StoredAlert
    fate: Fate
    recipient: str = ""  #: of whom it is now; "": of nobody
    channels: tuple[str, ...] = ()  #: to which it moves, or through which it was had


class OrphanedAlerts(NamedTuple):
    """Alerts that are owed, of an agreement that nobody looks after any more."""

    agreement: str
    number: int


class Wanted(NamedTuple):
    """By what is decided which alerts are stray."""

    recipients: Sequence[Recipient]
    agreements: Collection[str]  #: those that are loaded: others may be sent by somebody else
    ended: Mapping[CoverageKey, datetime]  #: what recipients have unsubscribed from
    now: datetime


def find_stray(
    connection: Connection, wanted: Wanted, *, lock: bool = False, old_moves: bool = False
) -> list[StrayAlert]:
    """All stray alerts, the first that fell due first; with `lock` nobody else changes them.

    `old_moves`: whether age keeps none of them from going out.
    """
    rows = _stray_rows(connection, wanted, lock)
    by_name = {recipient.name: recipient for recipient in wanted.recipients}
    former = {name: recipient.name for recipient in wanted.recipients for name in recipient.was}
    siblings = same_alerts(connection, rows)
    stray = []
    for row in rows:
        name = row.key.recipient
        if (recipient := by_name.get(name)) is not None:
            stray.append(_stray(row, recipient, siblings, wanted, old_moves))
        elif name in former:
            stray.append(StrayAlert(row, "renamed", former[name]))
        else:
            stray.append(StrayAlert(row, "nobody"))
    return stray


def find_orphaned(connection: Connection, wanted: Wanted) -> list[OrphanedAlerts]:
    """What is owed to those recipients, of agreements that are not loaded, here or elsewhere."""
    looked = select(coverage.c.agreement).where(coverage.c.until >= wanted.now - FRESH)
    looked_after = {*wanted.agreements, *connection.scalars(looked.distinct()), ""}
    query = select(alert.c.agreement, func.count()).where(
        alert.c.status.in_(OPEN),
        alert.c.agreement.not_in(looked_after),
        alert.c.recipient.in_([recipient.name for recipient in wanted.recipients]),
        alert.c.written_at >= wanted.now - RECENT,
    )
    counts = connection.execute(query.group_by(alert.c.agreement).order_by(alert.c.agreement))
    return [OrphanedAlerts(name, number) for name, number in counts]


def _stray_rows(connection: Connection, wanted: Wanted, lock: bool) -> list[StoredAlert]:
    ours = alert.c.status.in_(OPEN), alert.c.agreement.in_(wanted.agreements)
    pair = alert.c.recipient, alert.c.channel
    present = {(who.name, channel) for who in wanted.recipients for channel in who.channels}
    owed = {(row[0], row[1]) for row in connection.execute(select(*pair).where(*ours).distinct())}
    gone = sorted(owed - present)
    rows: list[RowMapping] = []
    for at in range(0, len(gone), _AT_ONCE):
        some = select(alert).where(*ours, tuple_(*pair).in_(gone[at : at + _AT_ONCE]))
        query = some.order_by(alert.c.due, alert.c.id)
        rows += connection.execute(query.with_for_update() if lock else query).mappings().all()
    alerts = map(stored_alert, rows)
    return [row for row in alerts if is_loaded(row, wanted.agreements)]


def is_loaded(row: StoredAlert, agreements: Collection[str]) -> bool:
    """Whether all that it names is loaded; a batch names an agreement that nobody has, too."""
    return (row.agreements - {""}).issubset(agreements)


def owed_batches(alerts: Iterable[StoredAlert]) -> list[StoredAlert]:
    """Those that hold several reminders and that nobody has under way: each goes its own way."""
    return [row for row in alerts if row.key.kind == BATCH and row.status in ("written", "failed")]


def same_alerts(
    connection: Connection, rows: Sequence[StoredAlert]
) -> dict[tuple[str, ...], dict[str, StoredAlert]]:
    """By what they say and to whom, by channel: the alerts that say the same as those."""
    columns = tuple_(*(alert.c[name] for name in MESSAGE_KEY))
    same: dict[tuple[str, ...], dict[str, StoredAlert]] = {}
    for at in range(0, len(rows), _AT_ONCE):
        keys = {message_key(row) for row in rows[at : at + _AT_ONCE]}
        query = select(alert).where(columns.in_(sorted(keys)))
        for row in map(stored_alert, connection.execute(query).mappings()):
            same.setdefault(message_key(row), {})[row.key.channel] = row
    return same


def message_key(row: StoredAlert) -> tuple[str, ...]:
    """What an alert says and to whom, through whichever channel."""
    return tuple(value for name, value in row.key._asdict().items() if name != "channel")


def has_moved(row: StoredAlert) -> bool:
    """Whether it ended since it went to other channels: it may come back."""
    return row.status == "lapsed" and "readdressed" in row.content


def _stray(
    row: StoredAlert,
    recipient: Recipient,
    siblings: Mapping[tuple[str, ...], Mapping[str, StoredAlert]],
    wanted: Wanted,
    old_moves: bool,
) -> StrayAlert:
    """What is to become of an alert through a channel that its recipient has no longer."""
    name, channel = recipient.name, row.key.channel
    if recipient.absent or not recipient.channels:
        return StrayAlert(row, "unknown", name)
    if all(CoverageKey(name, channel, agreement) in wanted.ended for agreement in row.agreements):
        return StrayAlert(row, "unwanted", name)
    there = siblings.get(message_key(row), {})
    served = _served_kinds(there, recipient) - {_kind_of(channel)}
    lacking = tuple(
        own
        for own in recipient.channels
        if (own not in there or has_moved(there[own])) and _kind_of(own) not in served
    )
    if not lacking:
        return StrayAlert(row, "had", name, recipient.channels)
    if not old_moves and _is_old(row, recipient, wanted.now):
        return StrayAlert(row, "old", name, lacking)
    return StrayAlert(row, "moves", name, lacking)


def _served_kinds(there: Mapping[str, StoredAlert], recipient: Recipient) -> frozenset[str]:
    """Through which kinds of channels, since replaced, it has arrived: others follow for them."""
    return frozenset(
        _kind_of(channel)
        for channel, row in there.items()
        if row.status in ("sent", "named") and channel not in recipient.channels
    )


def _kind_of(channel: str) -> str:
    kind = channel.partition(":")[0]
    return "https" if kind == "http" else kind


def _is_old(row: StoredAlert, recipient: Recipient, now: datetime) -> bool:
    today = str(now.astimezone(zone_of(recipient.timezone)).date())
    is_ahead = row.key.kind not in ("digest", "nudge") and row.key.counts_to[:10] >= today
    return now - row.due > RECENT and not (is_ahead and row.key.kind != "change")
