"""Several leads of one point that wait together: the most urgent goes out, and names the earlier.

What a channel has not taken for days waits until a nearer lead of the same point falls due. Two
messages about one day in one second say nothing that the nearer one alone does not say. So the
earlier ones are named by it, as the leads are that were missed while tracker was down. What may
have arrived, since whoever had it under way was killed, is not touched: it is repeated alone.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select, tuple_, update

from tracker.reminders.batches import SINGLE_KINDS
from tracker.reminders.plan import AlertKey
from tracker.store.message_ids import message_id
from tracker.store.schema import ALERT_KEY, alert

#: Of whom, and of which day, a channel is told once.
_TOLD = ("recipient", "channel", "event", "point", "occurrence", "counts_to")
_TOLD_COLUMNS = [alert.c[name] for name in _TOLD]
_Told: TypeAlias = tuple[str, ...]
#: So many at once: more would be too many values for one statement.
_AT_ONCE = 100


def name_earlier_leads(connection: Connection, agreements: Collection[str]) -> set[int]:
    """Has each point's most urgent alert that waits name the others; the numbers of those."""
    several = select(*_TOLD_COLUMNS).where(*_waits(agreements))
    several = several.group_by(*_TOLD_COLUMNS).having(func.count() > 1)
    told = [tuple(row) for row in connection.execute(several)]
    named: set[int] = set()
    for at in range(0, len(told), _AT_ONCE):
        query = (
            select(alert)
            .where(*_waits(agreements), tuple_(*_TOLD_COLUMNS).in_(told[at : at + _AT_ONCE]))
            .order_by(*_TOLD_COLUMNS, alert.c.due, alert.c.id)
            .with_for_update(skip_locked=True)
        )
        rows = connection.execute(query).mappings().all()
        for _, group in groupby(rows, key=_subject_of):
            *earlier, nearest = group
            if earlier:
                named |= _name(connection, earlier, nearest)
    return named


def tell_again(
    connection: Connection, agreements: Collection[str], batches: Iterable[RowMapping]
) -> set[int]:
    """The numbers of those batches that tell of a day of which another that waits tells as well."""
    tellers: dict[_Told, list[int]] = {}
    for batch in batches:
        for entry in json.loads(batch["content"])["reminders"]:
            told = (batch["recipient"], batch["channel"], *(entry[name] for name in _TOLD[2:]))
            tellers.setdefault(told, []).append(batch["id"])
    if not tellers:
        return set()
    singles = select(*_TOLD_COLUMNS).where(*_waits(agreements))
    alone = {tuple(row) for row in connection.execute(singles)}
    return {
        number
        for told, numbers in tellers.items()
        if len(numbers) > 1 or told in alone
        for number in numbers
    }


def _waits(agreements: Collection[str]) -> list[ColumnElement[bool]]:
    """Of a reminder that nobody has under way, nor had when it was killed."""
    return [
        alert.c.status == "written",
        alert.c.claimed_by == "",
        alert.c.kind.in_(SINGLE_KINDS),
        alert.c.agreement.in_(agreements),
    ]


def _subject_of(row: RowMapping) -> _Told:
    return tuple(row[name] for name in _TOLD)


def _name(connection: Connection, earlier: Sequence[RowMapping], nearest: RowMapping) -> set[int]:
    """Marks the earlier ones as named by the nearest; their numbers."""
    numbers = [row["id"] for row in earlier]
    waits = (alert.c.status == "written", alert.c.claimed_by == "")
    content = json.loads(nearest["content"])
    leads = [lead for row in earlier for lead in _leads_of(row)]
    if leads := list(dict.fromkeys((*leads, *content.get("leads", ())))):
        content["leads"] = leads
    values: dict[str, Any] = {"content": json.dumps(content, ensure_ascii=False)}
    if nearest["attempts"] == 0 and (tried := [row for row in earlier if row["attempts"]]):
        # What the channel has not taken is missed as before, until this one has arrived.
        values |= {"attempts": 1, "error": tried[-1]["error"]}
    change = update(alert).where(alert.c.id == nearest["id"], *waits)
    if not connection.execute(change.values(values)).rowcount:
        return set()
    message = nearest["message"] or message_id(AlertKey(*(nearest[name] for name in ALERT_KEY)))
    take = update(alert).where(alert.c.id.in_(numbers), *waits)
    take = take.values(status="named", message=message, next_try=None)
    return set(connection.scalars(take.returning(alert.c.id)))


def _leads_of(row: RowMapping) -> list[str]:
    """Its lead, and those that it names itself."""
    is_lead = row["kind"] == "reminder" and not row["lead"].startswith("snoozed")
    return [*json.loads(row["content"]).get("leads", ()), *([row["lead"]] if is_lead else ())]
