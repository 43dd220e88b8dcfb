"""From when on channels are covered that take the place of others, or pass to another recipient."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from tracker.reminders.batches import BATCH
from tracker.reminders.due import Coverage, CoverageKey
from tracker.reminders.plan import AlertKey
from tracker.reminders.recipients import Recipient
from tracker.reminders.succession import begun_coverage, inherited_coverage, replaced_channels
from tracker.store.database import utc
from tracker.store.ledger import StoredAlert, stored_alert
from tracker.store.message_ids import message_id
from tracker.store.schema import ALERT_KEY, PUT_BACK, alert, coverage
from tracker.store.stray_alerts import Wanted
from tracker.store.upsert import insert_new, upsert


def inherit_coverage(connection: Connection, wanted: Wanted) -> None:
    """Channels that were another name's, who has them no longer, go on where that ended.

    What had gone out by then, under that name, is not due again.
    """
    covered = _covered(connection, wanted)
    for key, (former, since) in inherited_coverage(wanted.recipients, covered).items():
        _write(connection, {key: Coverage(since, since)})
        theirs = (
            alert.c.recipient == former,
            alert.c.channel == key.channel,
            alert.c.agreement == key.agreement,
            alert.c.due > since,
            alert.c.kind.not_in(("change", BATCH)),
        )
        stored = map(stored_alert, connection.execute(select(alert).where(*theirs)).mappings())
        rows = [_as_had(row, row.key._replace(recipient=key.recipient)) for row in stored]
        insert_new(connection, alert, rows, ALERT_KEY)


def _covered(connection: Connection, wanted: Wanted) -> dict[CoverageKey, Coverage]:
    query = select(coverage).where(coverage.c.agreement.in_(wanted.agreements))
    return {
        CoverageKey(row.recipient, row.channel, row.agreement): Coverage(
            utc(row.first), utc(row.until)
        )
        for row in connection.execute(query)
    }


def _write(connection: Connection, begun: Mapping[CoverageKey, Coverage]) -> None:
    rows = [{**key._asdict(), "first": new.first, "until": new.last} for key, new in begun.items()]
    upsert(connection, coverage, rows, CoverageKey._fields)


def begin_coverage(connection: Connection, recipient: Recipient, wanted: Wanted) -> None:
    """Channels that take the place of others go on where those ended."""
    by_agreement: dict[str, dict[str, Coverage]] = {}
    for key, covered in _covered(connection, wanted).items():
        if key.recipient == recipient.name:
            by_agreement.setdefault(key.agreement, {})[key.channel] = covered
    for agreement, covered_channels in by_agreement.items():
        begun = begun_coverage(recipient, covered_channels, wanted.now)
        if not begun:
            continue
        new = {CoverageKey(recipient.name, channel, agreement): begun[channel] for channel in begun}
        _write(connection, new)
        replaced = replaced_channels(recipient, covered_channels)
        since = min(new.first for new in begun.values())
        _mark_had(connection, CoverageKey(recipient.name, "", agreement), replaced, since, begun)
        theirs = (
            coverage.c.recipient == recipient.name,
            coverage.c.agreement == agreement,
            coverage.c.channel.in_(replaced),
        )
        connection.execute(delete(coverage).where(*theirs))  # each is replaced once


def _mark_had(
    connection: Connection,
    key: CoverageKey,
    replaced: Collection[str],
    since: datetime,
    begun: Collection[str],
) -> None:
    """What went out through the old channels since then is not due through the new ones again.

    Quiet hours are not covered, and yet what cannot wait goes out in them.
    """
    theirs = (
        alert.c.recipient == key.recipient,
        alert.c.channel.in_(replaced),
        alert.c.agreement == key.agreement,
        alert.c.due > since,
        alert.c.kind.not_in(("change", BATCH)),
    )
    query = select(alert).where(*theirs)
    rows = [
        _as_had(row, row.key._replace(channel=channel))
        for row in map(stored_alert, connection.execute(query).mappings().all())
        for channel in begun
    ]
    insert_new(connection, alert, rows, ALERT_KEY)


def _as_had(row: StoredAlert, key: AlertKey) -> dict[str, Any]:
    """That alert's message has told what another of that key would."""
    return {**moved_row(row, key, None), "status": "named", "message": row.message}


def moved_row(row: StoredAlert, key: AlertKey, next_try: datetime | None) -> dict[str, Any]:
    """That alert, under another key: nobody has tried it yet."""
    content = {name: value for name, value in row.content.items() if name != "readdressed"}
    return {
        **key._asdict(),
        **PUT_BACK,
        "due": row.due,
        "written_at": row.written_at,
        "agreement": row.agreement,
        "message": message_id(key),
        "content": json.dumps(content, ensure_ascii=False),
        "attempts": 0,
        "error": "",
        "next_try": next_try,
    }
