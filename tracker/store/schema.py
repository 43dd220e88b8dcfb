"""The tables of the ledger, each with what it promises."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

#: migrations.py moves what an earlier version wrote to this one.
VERSION = 5

metadata = MetaData()

#: Which version of this schema the database has; one row.
version = Table("schema_version", metadata, Column("version", Integer, primary_key=True))

KEY = ("recipient", "channel", "kind", "event", "point", "occurrence", "counts_to", "lead")

#: What has become of an alert.
#: written: to be sent, at once or from `next_try` on. sending: a process (`claimed_by`) has it
#: under way; a crash leaves it so, and it is sent again under the same `message`. sent: the channel
#: took it. named: another message stood for it. failed: given up. lapsed: not so when its turn
#: came.
STATUSES = ("written", "sending", "sent", "named", "failed", "lapsed")

alert = Table(
    "alert",
    metadata,
    Column("id", Integer, primary_key=True),
    *(Column(name, String, nullable=False) for name in KEY),
    Column("status", String, nullable=False),
    Column("due", DateTime(timezone=True), nullable=False),
    Column("written_at", DateTime(timezone=True), nullable=False),
    Column("sent_at", DateTime(timezone=True)),
    Column("agreement", String, nullable=False, server_default=""),
    Column("message", String, nullable=False, server_default=""),  # its identity, a UUID
    Column("content", String, nullable=False, server_default="{}"),  # JSON
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_try", DateTime(timezone=True)),
    Column("claimed_by", String, nullable=False, server_default=""),
    Column("error", String, nullable=False, server_default=""),
    # Announced once, however many machines plan it.
    UniqueConstraint(*KEY, name="alert_once"),
)

Index("alert_by_status", alert.c.status, alert.c.channel)
Index("alert_by_due", alert.c.due)
Index("alert_by_message", alert.c.message)

#: When each channel of a recipient was looked after the last time, for each agreement.
looked = Table(
    "looked",
    metadata,
    Column("recipient", String, primary_key=True),
    Column("channel", String, primary_key=True),
    Column("agreement", String, primary_key=True),
    Column("first", DateTime(timezone=True), nullable=False),  # what fell due before is not owed
    Column("until", DateTime(timezone=True), nullable=False),
)

#: What was answered to alerts about a point: acknowledged, or snoozed until a day.
silence = Table(
    "silence",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("recipient", String, nullable=False),  # "": everybody
    *(Column(name, String, nullable=False) for name in ("event", "point", "occurrence")),
    Column("counts_to", String, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("until", Date),
    # A point has one answer of each.
    UniqueConstraint("recipient", "event", "point", "occurrence", "counts_to", name="silence_once"),
)

#: Channels whose reader wants no more of it (RFC 8058).
unsubscribed = Table(
    "unsubscribed",
    metadata,
    Column("recipient", String, primary_key=True),
    Column("channel", String, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
)

#: What links in messages are signed with.
secret = Table(
    "secret",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

#: What an audience ("": all recipients alike) has been told of a point, and since when.
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
#: Each set of agreements has its own: two processes may share a ledger.
published = Table(
    "published_files",
    metadata,
    Column("agreements", String, primary_key=True),  # their ids, with commas, or agreement_set's
    Column("number", Integer, primary_key=True),
    Column("as_of", Date, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

#: Which agreements a set of many is, whose ids together are too long for a key.
agreement_set = Table(
    "agreement_set",
    metadata,
    Column("agreements", String, primary_key=True),  # as in published_files
    Column("ids", String, nullable=False),  # with commas
)

#: Each edition of the files of some agreements that was ever published, and when last: by it a
#: machine whose files are older knows that they are.
edition = Table(
    "edition",
    metadata,
    Column("agreements", String, primary_key=True),  # as in published_files
    Column("digest", String, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
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
