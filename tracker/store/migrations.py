"""From each released version of the schema to the next.

A step is written once and never touched again: it names tables and columns as they were then, not
as schema.py has them now. What it asks of the tables, SQLAlchemy says to SQLite and to PostgreSQL
alike; all steps are one transaction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.schema import CreateColumn

#: The event of a notice of changes, as its XML has it.
_EVENT_OF_NOTICE = re.compile(rb'scheme="urn:tracker:event" term="([^"/]+)/')
#: Of what nobody knows since when it is there.
_BEGINNING = datetime.min.replace(tzinfo=UTC)


def migrate(connection: Connection, version: int) -> None:
    """Moves the tables of that version to the newest."""
    tables = StoredTables(connection)
    for step in STEPS[version - 1 :]:
        step(tables, connection)


class StoredTables:
    """What a step may ask of the tables that are there."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create_table(self, name: str, *parts: sa.schema.SchemaItem) -> None:
        sa.Table(name, sa.MetaData(), *parts).create(self._connection)

    def drop_table(self, name: str) -> None:
        sa.Table(name, sa.MetaData()).drop(self._connection)

    def create_index(self, name: str, table: str, columns: Sequence[str]) -> None:
        indexed = sa.Table(table, sa.MetaData(), *map(sa.Column, columns))
        sa.Index(name, *indexed.columns).create(self._connection)

    def add_column(self, table: str, column: sa.Column[Any]) -> None:
        """One that may be empty, or has a default for the rows that are there."""
        sa.Table(table, sa.MetaData(), column)  # a column's words depend on its table
        definition = CreateColumn(column).compile(self._connection)
        name = self._connection.dialect.identifier_preparer.quote(table)
        self._connection.exec_driver_sql(f"ALTER TABLE {name} ADD COLUMN {definition}")


def _entries(to: StoredTables, _connection: Connection) -> None:
    """2: what a feed says of each entry."""
    to.create_table(
        "entry",
        sa.Column("id", sa.Integer, primary_key=True),
        *(_text(name) for name in ("feed", "uid", "event")),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        _instant("modified"),
        sa.Column("cancelled", sa.Date),
        sa.UniqueConstraint("feed", "uid", name="entry_once"),
    )


def _feeds(to: StoredTables, _connection: Connection) -> None:
    """3: feeds as they were written, their notices, what was published, secret links."""
    to.create_table(
        "feed",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        _instant("modified"),
    )
    to.create_table(
        "notice",
        sa.Column("number", sa.Integer, primary_key=True),
        _text("feed"),
        _text("id"),
        _instant("updated"),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("feed", "id", name="notice_once"),
    )
    to.create_table(
        "published",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    to.create_table(
        "link",
        sa.Column("number", sa.Integer, primary_key=True),
        *(_text(name) for name in ("name", "hash", "filter")),
        _instant("created"),
        sa.Column("revoked", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("hash", name="link_once"),
    )


def _channels(to: StoredTables, connection: Connection) -> None:
    """4: alerts that are tried again, acknowledgements, and from when until when all is covered."""
    columns: tuple[sa.Column[Any], ...] = (
        *(_text(name, "") for name in ("agreement", "message", "claimed_by", "error")),
        _text("content", "{}"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_try", sa.DateTime(timezone=True)),
    )
    for column in columns:
        to.add_column("alert", column)
    to.create_index("alert_by_status", "alert", ["status", "channel"])
    to.create_index("alert_by_due", "alert", ["due"])
    to.create_index("alert_by_message", "alert", ["message"])
    names = ("recipient", "channel", "agreement")
    to.create_table(
        "looked",
        *(sa.Column(name, sa.String, primary_key=True) for name in names),
        _instant("first"),
        _instant("until"),
    )
    to.create_table(
        "silence",
        sa.Column("number", sa.Integer, primary_key=True),
        *(_text(name) for name in ("recipient", "event", "point", "occurrence", "counts_to")),
        _instant("at"),
        sa.Column("until", sa.Date),
        sa.UniqueConstraint(
            "recipient", "event", "point", "occurrence", "counts_to", name="silence_once"
        ),
    )
    to.create_table(
        "unsubscribed",
        sa.Column("recipient", sa.String, primary_key=True),
        sa.Column("channel", sa.String, primary_key=True),
        _instant("at"),
    )
    to.create_table(
        "secret",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
    )
    to.create_table(
        "published_files",
        sa.Column("agreements", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    _keep_published(connection)
    to.drop_table("published")
    _name_agreements(connection)
    _share_what_is_known(connection)


def _editions(to: StoredTables, _connection: Connection) -> None:
    """5: which editions of the files were ever published, and by which names sets of many go."""
    to.create_table(
        "agreement_set",
        sa.Column("agreements", sa.String, primary_key=True),
        _text("ids"),
    )
    to.create_table(
        "edition",
        sa.Column("agreements", sa.String, primary_key=True),
        sa.Column("digest", sa.String, primary_key=True),
        _instant("at"),
    )


def _agreements(to: StoredTables, connection: Connection) -> None:
    """6: of which agreements a notice, a secret link and an unsubscription are.

    A ledger that has served one agreement, and then serves another, shows nothing of the first.
    """
    to.add_column("notice", _text("agreement", ""))
    to.add_column("link", _text("agreements", ""))
    to.add_column("unsubscribed", _text("agreements", ""))
    _name_agreements_of_notices(connection)
    known_since = _known_agreements(connection)
    dated = (("link", ("number",), "created"), ("unsubscribed", ("recipient", "channel"), "at"))
    for name, key, instant in dated:
        at = sa.column(instant, sa.DateTime(timezone=True))
        rows = sa.table(name, *map(sa.column, key), sa.column("agreements"), at)
        for row in connection.execute(sa.select(rows)).mappings().all():
            known = [each for each, since in known_since.items() if since <= _in_utc(row[instant])]
            same = sa.update(rows).where(*(rows.c[column] == row[column] for column in key))
            ids = ",".join(sorted(known or known_since))
            connection.execute(same.values(agreements=ids))


def _absences(to: StoredTables, _connection: Connection) -> None:
    """7: since when a point is gone whose day is known, and back; channels that are left alone."""
    for name in ("gone", "back"):
        to.add_column("said", sa.Column(name, sa.DateTime(timezone=True)))
    to.create_table(
        "held",
        sa.Column("channel", sa.String, primary_key=True),
        sa.Column("settings", sa.String, primary_key=True),
        *(_text(name) for name in ("barrier", "error")),
        sa.Column("rounds", sa.Integer, nullable=False),
        _instant("next_try"),
    )


def _keep_published(connection: Connection) -> None:
    """What was published, under the agreements that the ledger knows: it had one set of files."""
    names = ("number", "as_of", "content")
    old = sa.table("published", *(sa.column(name) for name in names))
    new = sa.table("published_files", sa.column("agreements"), *(sa.column(name) for name in names))
    entry = sa.table("entry", sa.column("event"))
    events = connection.scalars(sa.select(entry.c.event).distinct())
    agreements = ",".join(sorted({str(event).partition("/")[0] for event in events}))
    rows = connection.execute(sa.select(old)).mappings().all()
    if rows:
        connection.execute(sa.insert(new), [{"agreements": agreements, **row} for row in rows])


def _name_agreements(connection: Connection) -> None:
    """Gives each alert its agreement, whose id stands before the event's."""
    alert = sa.table("alert", sa.column("id"), sa.column("event"), sa.column("agreement"))
    rows = connection.execute(sa.select(alert.c.id, alert.c.event)).all()
    for number, event in rows:
        agreement = str(event).partition("/")[0]
        connection.execute(sa.update(alert).where(alert.c.id == number).values(agreement=agreement))


def _name_agreements_of_notices(connection: Connection) -> None:
    """Gives each notice its agreement, as its own categories name it."""
    notice = sa.table(
        "notice", sa.column("number"), sa.column("content", sa.LargeBinary), sa.column("agreement")
    )
    numbers: dict[str, list[int]] = {}
    for number, content in connection.execute(sa.select(notice.c.number, notice.c.content)):
        if (match := _EVENT_OF_NOTICE.search(content)) is not None:
            numbers.setdefault(match[1].decode(), []).append(number)
    for agreement, of_agreement in numbers.items():
        for at in range(0, len(of_agreement), 500):
            some = sa.update(notice).where(notice.c.number.in_(of_agreement[at : at + 500]))
            connection.execute(some.values(agreement=agreement))


def _known_agreements(connection: Connection) -> dict[str, datetime]:
    """The agreements that have left anything in the ledger, and since when at the latest."""
    since: dict[str, datetime] = {}

    def note(name: str, at: datetime | None) -> None:
        if name:
            instant = _BEGINNING if at is None else _in_utc(at)
            since[name] = min(instant, since.get(name, instant))

    dated = (("said", "event", "first"), ("looked", "agreement", "first"))
    for table, column, instant in (*dated, ("alert", "agreement", "written_at")):
        rows = sa.table(table, sa.column(column), sa.column(instant, sa.DateTime(timezone=True)))
        first = sa.select(rows.c[column], sa.func.min(rows.c[instant])).group_by(rows.c[column])
        for name, at in connection.execute(first):
            note(str(name).partition("/")[0], at)
    undated = sa.table("entry", sa.column("event"))
    for name in connection.scalars(sa.select(undated.c.event).distinct()):
        agreement = str(name).partition("/")[0]
        note(agreement, since.get(agreement))
    published = sa.table("published_files", sa.column("agreements"))
    sets = sa.table("agreement_set", sa.column("agreements"), sa.column("ids"))
    ids: dict[str, str] = {row[0]: row[1] for row in connection.execute(sa.select(sets))}
    for joined in connection.scalars(sa.select(published.c.agreements).distinct()):
        for agreement in ids.get(joined, joined).split(","):
            note(agreement, since.get(agreement))
    return since


def _in_utc(instant: datetime) -> datetime:
    """SQLite gives instants back without their zone; they are written in UTC."""
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _share_what_is_known(connection: Connection) -> None:
    """A day was known to each recipient on its own: now to all alike, since the first knew it.

    What a recipient was not sent since it knows an agreement stays due, through the terminal, which
    was the only channel.
    """
    point = ("event", "point", "occurrence")
    instant = sa.DateTime(timezone=True)
    said = sa.table(
        "said",
        *(sa.column(name) for name in ("audience", *point, "counts_to", "hash", "sequence")),
        sa.column("since", instant),
        sa.column("first", instant),
    )
    looked = sa.table(
        "looked",
        *(sa.column(name) for name in ("recipient", "channel", "agreement")),
        sa.column("first", instant),
        sa.column("until", instant),
    )
    known: dict[tuple[str, ...], dict[str, Any]] = {}
    covered_since: dict[tuple[str, str], datetime] = {}
    for row in connection.execute(sa.select(said)).mappings():
        key = tuple(row[name] for name in point)
        before = known.get(key)
        if before is None or row["since"] < before["since"]:
            known[key] = {**row, "audience": ""}
        coverage = row["audience"], str(row["event"]).partition("/")[0]
        first = covered_since.get(coverage, row["since"])
        covered_since[coverage] = min(first, row["since"])
    connection.execute(sa.delete(said))
    if known:
        connection.execute(sa.insert(said), list(known.values()))
        rows = [
            {
                "recipient": name,
                "channel": "terminal",
                "agreement": agreement,
                "first": first,
                "until": first,
            }
            for (name, agreement), first in covered_since.items()
        ]
        connection.execute(sa.insert(looked), rows)


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String, nullable=False, server_default=default)


def _instant(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


#: From version 1 to 2, from 2 to 3, and so on.
STEPS: tuple[Callable[[StoredTables, Connection], None], ...] = (
    _entries,
    _feeds,
    _channels,
    _editions,
    _agreements,
    _absences,
)
