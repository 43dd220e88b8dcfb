"""The tables of the ledger, each with what it promises."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

VERSION = 2  # 2: the table `entry`

metadata = MetaData()

#: Which version of this schema the database has; one row.
version = Table("schema_version", metadata, Column("version", Integer, primary_key=True))

KEY = ("recipient", "channel", "kind", "event", "point", "occurrence", "counts_to", "lead")

#: sending: written before it is handed to the channel. sent: the channel took it. A row that a
#: crash left at sending is sent again, under the same key.
alert = Table(
    "alert",
    metadata,
    Column("id", Integer, primary_key=True),
    *(Column(name, String, nullable=False) for name in KEY),
    Column("status", String, nullable=False),
    Column("due", DateTime(timezone=True), nullable=False),
    Column("written_at", DateTime(timezone=True), nullable=False),
    Column("sent_at", DateTime(timezone=True)),
    # Announced once, however many machines plan it.
    UniqueConstraint(*KEY, name="alert_once"),
)

#: What an audience (a recipient, later a feed) has been told of a point, and since when.
said = Table(
    "said",
    metadata,
    Column("id", Integer, primary_key=True),
    *(
        Column(name, String, nullable=False)
        for name in ("audience", "event", "point", "occurrence")
    ),
    Column("counts_to", String, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("first", DateTime(timezone=True), nullable=False),
    Column("hash", String, nullable=False, default=""),
    Column("sequence", Integer, nullable=False, default=0),
    # An audience knows one day of a point at a time.
    UniqueConstraint("audience", "event", "point", "occurrence", name="said_once"),
)

ENTRY = ("uid", "event", "content", "day", "sequence", "modified", "cancelled")

#: What a feed says of each entry, and since when, as its subscribers have it.
entry = Table(
    "entry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("feed", String, nullable=False),
    Column("uid", String, nullable=False),
    Column("event", String, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("day", Date, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("modified", DateTime(timezone=True), nullable=False),
    Column("cancelled", Date),
    # A feed says one thing of an entry at a time.
    UniqueConstraint("feed", "uid", name="entry_once"),
)
