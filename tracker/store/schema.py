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

VERSION = 3  # 2: the table `entry`. 3: `feed`, `notice`, `published` and `link`

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

#: How often a feed's entries were written, and when what it says changed last.
feed = Table(
    "feed",
    metadata,
    Column("name", String, primary_key=True),
    # Raised with every write: whoever read another one has to read again before writing.
    Column("revision", Integer, nullable=False),
    Column("modified", DateTime(timezone=True), nullable=False),
)

#: What a feed of changes has told, each for as long as it is kept.
notice = Table(
    "notice",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("feed", String, nullable=False),
    Column("id", String, nullable=False),
    Column("updated", DateTime(timezone=True), nullable=False),
    Column("content", LargeBinary, nullable=False),
    # A change is told once.
    UniqueConstraint("feed", "id", name="notice_once"),
)

#: The events files as they were published last, and as of which day: what changes are told against.
published = Table(
    "published",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("as_of", Date, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

#: Secret links. The secret itself is not here: only its SHA-256, from which nobody finds it.
link = Table(
    "link",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("hash", String, nullable=False),
    Column("filter", String, nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("revoked", DateTime(timezone=True)),
    # A secret opens one link.
    UniqueConstraint("hash", name="link_once"),
)
