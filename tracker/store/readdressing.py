"""What is owed follows its recipient: to the channels, and under the name, that it has now.

A process that sends does so once, when it begins: where two machines have different settings for a
while, they do not move the same alerts to and fro. Each step is one transaction, and may be taken
again. An alert that goes to another channel leaves its row behind, ended: so a process that still
goes by earlier settings does not plan it anew, and its links go on working.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update

from tracker.dates.instants import zone_of
from tracker.reminders.due import quiet_until
from tracker.reminders.recipients import Recipient
from tracker.store import jobs
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.batches import take_apart
from tracker.store.coverage_moves import begin_coverage, inherit_coverage, moved_row
from tracker.store.database import Database, lock_until_commit
from tracker.store.ledger import StoredAlert, stored_alert
from tracker.store.message_ids import message_id
from tracker.store.renaming import RenamedAlerts, follow_mailboxes, rename, rename_owed
from tracker.store.schema import ALERT_KEY, PUT_BACK, alert
from tracker.store.stray_alerts import (
    OrphanedAlerts,
    StrayAlert,
    Wanted,
    find_orphaned,
    find_stray,
    is_loaded,
    message_key,
    owed_batches,
    same_alerts,
)
from tracker.store.upsert import insert_and_return, insert_new

_AT_ONCE = 500
#: What nobody has tried to send for so long, nobody will.
UNTRIED = timedelta(hours=1)


class Readdressed(NamedTuple):
    """What came of it."""

    renamed: list[RenamedAlerts]
    stray: list[StrayAlert]  #: that have moved, or ended, or stay as they are
    under_way: int  #: alerts that a process still has under way: they are for the next time


class Readdressing:
    """The part of the database that moves what is owed. All of it raises LedgerError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._acknowledgements = Acknowledgements(database)

    def stray(
        self, recipients: Sequence[Recipient], agreements: Collection[str], now: datetime
    ) -> list[StrayAlert]:
        """What is owed to names, or through channels, that there are no more; nothing changes."""
        wanted = self._wanted(recipients, agreements, now)
        with self._database.transaction() as connection:
            return find_stray(connection, wanted)

    def orphaned(
        self, recipients: Sequence[Recipient], agreements: Collection[str], now: datetime
    ) -> list[OrphanedAlerts]:
        """What is owed of agreements that nobody has loaded; nothing changes."""
        with self._database.transaction() as connection:
            return find_orphaned(connection, Wanted(recipients, agreements, {}, now))

    def follow_settings(
        self, recipients: Sequence[Recipient], agreements: Collection[str], now: datetime
    ) -> Readdressed:
        """Has all that is owed go to the names and channels that those recipients have."""
        with self._database.transaction() as connection:
            _lock(connection)
            renamed = [
                named
                for recipient in recipients
                for former in recipient.was
                if (named := rename(connection, former, recipient.name, agreements)) is not None
            ]
            for recipient in recipients:
                follow_mailboxes(connection, recipient, agreements)
        wanted = self._wanted(recipients, agreements, now)
        with self._database.transaction() as connection:
            _lock(connection)
            stray = _move(connection, wanted, None)
            inherit_coverage(connection, wanted)
            for recipient in recipients:
                begin_coverage(connection, recipient, wanted)
        under_way = sum(
            given.alert.status == "sending" and given.fate != "nobody" for given in stray
        )
        return Readdressed(renamed, stray, under_way)

    def follow_untried(
        self, recipients: Sequence[Recipient], agreements: Collection[str], now: datetime
    ) -> Readdressed:
        """The same of what was written down since, by a process that goes by earlier settings.

        Only of what nobody has tried to send for a while: no process that runs has its channel.
        """
        with self._database.transaction() as connection:
            _lock(connection)
            renamed = [
                RenamedAlerts(former, recipient.name, owed)
                for recipient in recipients
                for former in recipient.was
                if (owed := rename_owed(connection, former, recipient.name, agreements))
            ]
        wanted = self._wanted(recipients, agreements, now)
        with self._database.transaction() as connection:
            _lock(connection)
            return Readdressed(renamed, _move(connection, wanted, None, now - UNTRIED), 0)

    def retry(
        self,
        recipients: Sequence[Recipient],
        agreements: Collection[str],
        now: datetime,
        message: str | None = None,
    ) -> list[StrayAlert]:
        """Moves stray alerts as somebody asks for, however old; of that message, or all.

        `message` is the beginning of a message's identity.
        """
        wanted = self._wanted(recipients, agreements, now)
        with self._database.transaction() as connection:
            _lock(connection)
            return _move(connection, wanted, message or "")

    def drop(self, alerts: Sequence[StoredAlert], now: datetime) -> list[StoredAlert]:
        """Ends those alerts; gives the ones that were still as they are given here."""
        with self._database.transaction() as connection:
            _lock(connection)
            ended = [row for row in alerts if _end(connection, row, {"dropped": now.isoformat()})]
            jobs.forget(connection, [row.id for row in ended])
        return ended

    def droppable(
        self,
        recipient: str,
        recipients: Sequence[Recipient],
        agreements: Collection[str],
        now: datetime,
    ) -> list[StoredAlert]:
        """What is owed to that recipient and does not go out by itself, given up or stray."""
        wanted = self._wanted(recipients, agreements, now)
        with self._database.transaction() as connection:
            return _droppable(connection, recipient, wanted)

    def _wanted(
        self, recipients: Sequence[Recipient], agreements: Collection[str], now: datetime
    ) -> Wanted:
        ended = self._acknowledgements.unsubscribed_channels(agreements)
        return Wanted(recipients, agreements, ended, now)


def _lock(connection: Connection) -> None:
    """Nobody else does the same until this transaction ends."""
    lock_until_commit(connection, "tracker readdressing")
    if connection.dialect.name == "sqlite":  # what is read from here on nobody else changes
        connection.execute(update(alert).where(alert.c.id < 0).values(PUT_BACK))


# -- alerts


def _move(
    connection: Connection, wanted: Wanted, asked: str | None, since: datetime | None = None
) -> list[StrayAlert]:
    """Moves or ends what is stray; gives all of it.

    `asked`: somebody asks for the messages that begin so, and then age keeps none back. `since`:
    only what waits since then, and was never tried.
    """
    is_asked = asked is not None
    idle = set(jobs.idle_claimants(connection))
    found = find_stray(connection, wanted, lock=True, old_moves=is_asked)
    settled = _chosen([_settled(connection, given, idle) for given in found], asked, since)
    known = [given.alert for given in settled if given.fate not in ("nobody", "renamed", "unknown")]
    if batches := owed_batches(known):
        parts = set(take_apart(connection, batches))
        found = find_stray(connection, wanted, lock=True, old_moves=is_asked)
        rest = _chosen(found, asked, since)
        settled = [given for given in found if given in rest or given.alert.message in parts]
    free = [given for given in settled if given.alert.status != "sending"]
    moving = [given for given in free if given.fate == "moves"]
    _write_moved(connection, moving, wanted)
    for given in free:
        if given.fate in ("moves", "had"):
            _end(connection, given.alert, {"readdressed": list(given.channels)})
        elif given.fate == "unwanted":
            _end(connection, given.alert, {})
    ended = [given.alert.id for given in free if given.fate in ("moves", "had", "unwanted")]
    jobs.forget(connection, ended)
    return settled


def _chosen(
    stray: Sequence[StrayAlert], asked: str | None, since: datetime | None
) -> list[StrayAlert]:
    """Those that somebody asks for, if so; those that wait untried since then, if so."""
    return [
        given
        for given in stray
        if given.alert.message.startswith(asked or "")
        and (since is None or _is_untried(given.alert, since))
    ]


def _is_untried(row: StoredAlert, since: datetime) -> bool:
    begun = max(row.due, row.written_at, row.next_try or row.written_at)
    return row.status == "written" and not row.attempts and begun <= since


def _settled(connection: Connection, given: StrayAlert, idle: Collection[str]) -> StrayAlert:
    """The same; where a job has it under way that nobody does any more, it is put back."""
    if given.alert.status != "sending" or not idle:
        return given
    here = (alert.c.id == given.alert.id, alert.c.claimed_by.in_(idle))
    if not connection.execute(update(alert).where(*here).values(PUT_BACK)).rowcount:
        return given
    return given._replace(alert=given.alert._replace(status="written"))


def _end(connection: Connection, row: StoredAlert, remark: dict[str, Any]) -> bool:
    """An alert is done, with why it ended; False: something has become of it meanwhile."""
    content = json.dumps({**row.content, **remark}, ensure_ascii=False)
    same = alert.c.id == row.id, alert.c.status == row.status
    values = {"status": "lapsed", "content": content, "next_try": None}
    return bool(connection.execute(update(alert).where(*same).values(values)).rowcount)


def _write_moved(connection: Connection, moving: Sequence[StrayAlert], wanted: Wanted) -> None:
    """Writes each of those alerts down for its new channels, with jobs where workers are."""
    by_name = {recipient.name: recipient for recipient in wanted.recipients}
    siblings = same_alerts(connection, [given.alert for given in moving])
    rows: list[dict[str, Any]] = []
    back: list[dict[str, Any]] = []
    for given in moving:
        row = given.alert
        at = _next_try(row, by_name[row.key.recipient], wanted.now)
        for channel in given.channels:
            new = moved_row(row, row.key._replace(channel=channel), at)
            there = siblings[message_key(row)].get(channel)
            if there is None:
                rows.append(new)
            else:  # it went from there, and now goes back
                back.append({"id": there.id, **new})
    to_send: list[jobs.NewJob] = []
    for at_row in range(0, len(rows), _AT_ONCE):
        some = rows[at_row : at_row + _AT_ONCE]
        columns = ("id", "channel", "next_try")
        written = insert_and_return(connection, alert, some, ALERT_KEY, columns)
        to_send += [jobs.NewJob(new.id, new.channel, new.next_try) for new in written]
    for values in back:
        again = {name: values[name] for name in _REVIVED}
        connection.execute(update(alert).where(alert.c.id == values["id"]).values(again))
        to_send.append(jobs.NewJob(values["id"], values["channel"], values["next_try"]))
    if to_send and jobs.has_tables(connection):
        jobs.defer(connection, to_send)
    _name_beside(connection, moving)


#: What is set of an alert that goes back to a channel from which it had moved.
_REVIVED = ("status", "content", "next_try", "attempts", "error", "claimed_by")


def _next_try(row: StoredAlert, recipient: Recipient, now: datetime) -> datetime | None:
    """At once; in quiet hours at their end, but what is about a day that is over by then."""
    awake = quiet_until(recipient, now)
    if awake <= now:
        return None
    local = str(awake.astimezone(zone_of(recipient.timezone)).date())
    is_urgent = row.key.kind not in ("change", "digest", "nudge", "passed")
    return None if is_urgent and row.key.counts_to[:10] <= local else awake


def _name_beside(connection: Connection, moving: Sequence[StrayAlert]) -> None:
    """What those messages name besides is done with them, through their new channels too."""
    by_message = {given.alert.message: given for given in moving}
    messages = sorted(by_message)
    rows: list[dict[str, Any]] = []
    for at in range(0, len(messages), _AT_ONCE):
        named = alert.c.message.in_(messages[at : at + _AT_ONCE]), alert.c.status == "named"
        for row in map(stored_alert, connection.execute(select(alert).where(*named)).mappings()):
            given = by_message[row.message]
            for channel in given.channels:
                main = message_id(given.alert.key._replace(channel=channel))
                key = row.key._replace(channel=channel)
                rows.append({**moved_row(row, key, None), "status": "named", "message": main})
    insert_new(connection, alert, rows, ALERT_KEY)


# -- what is ended on purpose


def _droppable(connection: Connection, recipient: str, wanted: Wanted) -> list[StoredAlert]:
    stray = [
        given.alert
        for given in find_stray(connection, wanted)
        if given.alert.key.recipient == recipient
        and given.alert.status != "sending"
        and given.fate != "unknown"
    ]
    there = {row.id for row in stray}
    failed = (
        alert.c.recipient == recipient,
        alert.c.status == "failed",
        alert.c.agreement.in_(wanted.agreements),
    )
    rows = map(stored_alert, connection.execute(select(alert).where(*failed)).mappings())
    rest = [row for row in rows if row.id not in there and is_loaded(row, wanted.agreements)]
    return sorted([*stray, *rest], key=lambda row: (row.due, row.id))
