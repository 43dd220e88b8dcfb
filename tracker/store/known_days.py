"""Since when the day of each point is known: what fell due before that is not sent.

A point that is not there any more is remembered for some days, since a file may lack it by a
mistake that is soon mended. One that comes back on the same day is known since before, and what
fell due while it was gone is sent; one that comes back on another day is known from then on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Connection, bindparam, delete, select, update

from tracker.agreements.keys import PointKey, split_name
from tracker.reminders.due import LOOK_BACK
from tracker.store.database import utc
from tracker.store.schema import KNOWN_DAY_KEY, known_day
from tracker.store.upsert import insert_new

#: So long a point that is gone is remembered.
REMEMBERED = timedelta(days=14)
#: Rows that are deleted at once: a statement takes only so many values.
_AT_ONCE = 500

#: A point, as the columns of the table have it.
_Columns: TypeAlias = tuple[str, str, str]


class KnownDays(NamedTuple):
    """What is known of points and of the days that they count to."""

    since: dict[PointKey, datetime]  #: since when, the present day of each point
    gone_since: Mapping[PointKey, datetime]  #: of points that came back lately: when they went
    #: Points that are gone and may come back, with the day of each, as alert_subject() has them.
    gone: Collection[tuple[str, str, str, str]]


class _KnownDay(NamedTuple):
    """What the table knows of one point."""

    counts_to: str
    since: datetime
    gone: datetime | None  #: since when it is not there, or was not
    back: datetime | None  #: since when it is there again

    def present(self, day: str, now: datetime) -> _KnownDay:
        """The same once the point is seen, on that day.

        What was noted on a day that is still ahead was noted by a clock that has been set back.
        """
        if day != self.counts_to or self.since > now:
            return _KnownDay(day, now, None, None)
        return self._replace(back=now) if self.gone is not None and self.back is None else self

    def absent(self, now: datetime) -> _KnownDay | None:
        """The same while the point is not there; None: it is forgotten."""
        if self.gone is None or self.back is not None or self.gone > now:
            return self._replace(gone=now, back=None)
        return self if now - self.gone < REMEMBERED else None

    def came_back_lately(self, now: datetime) -> bool:
        """Whether what fell due while it was gone is still to be looked for."""
        return self.gone is not None and self.back is not None and now - self.back < LOOK_BACK


class _Look(NamedTuple):
    """What the points of the files make of what the table knows."""

    known: KnownDays
    new: dict[_Columns, _KnownDay]
    changed: list[tuple[int, _KnownDay]]
    forgotten: list[int]


def read_days(
    connection: Connection, days: Mapping[PointKey, str], agreements: Collection[str], now: datetime
) -> KnownDays:
    """What is known of the day that each point counts to; nothing is noted."""
    return _look(connection, days, agreements, now).known


def note_days(
    connection: Connection, days: Mapping[PointKey, str], agreements: Collection[str], now: datetime
) -> KnownDays:
    """Notes the day that each point of the agreements counts to; what is known of each."""
    look = _look(connection, days, agreements, now)
    _insert(connection, look.new, now)
    _update(connection, look.changed)
    _delete(connection, look.forgotten)
    return look.known


def _look(
    connection: Connection, days: Mapping[PointKey, str], agreements: Collection[str], now: datetime
) -> _Look:
    present = {key.columns: day for key, day in days.items()}
    numbers, before = _read(connection)
    after: dict[_Columns, _KnownDay] = {}
    forgotten: list[int] = []
    for columns, known in before.items():
        if (day := present.get(columns)) is not None:
            after[columns] = known.present(day, now)
        elif split_name(columns[0])[0] in agreements:
            if (rest := known.absent(now)) is None:
                forgotten.append(numbers[columns])
            else:
                after[columns] = rest
    new = {
        columns: _KnownDay(day, now, None, None)
        for columns, day in present.items()
        if columns not in before
    }
    changed = [
        (numbers[columns], known)
        for columns, known in after.items()
        if known is not before[columns]
    ]
    after |= new
    since = {key: after[key.columns].since for key in days}
    gone_since = {
        key: known.gone
        for key in days
        if (known := after[key.columns]).gone is not None and known.came_back_lately(now)
    }
    gone = {(*columns, after[columns].counts_to) for columns in after.keys() - present.keys()}
    return _Look(KnownDays(since, gone_since, gone), new, changed, forgotten)


def _read(connection: Connection) -> tuple[dict[_Columns, int], dict[_Columns, _KnownDay]]:
    """The number of each row, and what it says."""
    numbers, known = dict[_Columns, int](), dict[_Columns, _KnownDay]()
    names = ("id", *KNOWN_DAY_KEY[1:], *_KnownDay._fields)
    query = select(*(known_day.c[name] for name in names))
    for number, event, point, occurrence, counts_to, since, gone, back in connection.execute(query):
        columns = (event, point, occurrence)
        numbers[columns] = number
        known[columns] = _KnownDay(
            counts_to,
            utc(since),
            None if gone is None else utc(gone),
            None if back is None else utc(back),
        )
    return numbers, known


def _insert(connection: Connection, new: Mapping[_Columns, _KnownDay], now: datetime) -> None:
    rows = [
        {**dict(zip(KNOWN_DAY_KEY[1:], columns, strict=True)), **known._asdict(), "first": now}
        for columns, known in new.items()
    ]
    insert_new(connection, known_day, rows, KNOWN_DAY_KEY)


def _update(connection: Connection, rows: Sequence[tuple[int, _KnownDay]]) -> None:
    if not rows:
        return
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _KnownDay._fields}
    statement = update(known_day).where(known_day.c.id == bindparam("number")).values(values)
    parameters = [
        {"number": number, **{f"new_{name}": value for name, value in known._asdict().items()}}
        for number, known in rows
    ]
    connection.execute(statement, parameters)


def _delete(connection: Connection, numbers: Sequence[int]) -> None:
    for at in range(0, len(numbers), _AT_ONCE):
        some = known_day.c.id.in_(numbers[at : at + _AT_ONCE])
        connection.execute(delete(known_day).where(some))
