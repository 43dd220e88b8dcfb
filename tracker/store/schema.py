"""The tables of the ledger, each with what it promises.

Three tables keep their first names in the database, `said`, `looked` and `silence`: processes of
earlier versions use them, and `tracker migrate` shows them.
"""

from __future__ import annotations

from typing import Any

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
VERSION = 7

metadata = MetaData()

#: Which version of this schema the database has; one row.
version = Table("schema_version", metadata, Column("version", Integer, primary_key=True))

ALERT_KEY = ("recipient", "channel", "kind", "event", "point", "occurrence", "counts_to", "lead")

#: The alerts that were ever planned, each with its status, which is what has become of it.
#: written: to be sent, at once or from `next_try` on. sending: a process (`claimed_by`) has it
#: under way; a crash leaves it so, and it is sent again under the same `message`. sent: the channel
#: took it. named: another message named it as well. failed: given up. lapsed: no longer true when
#: its turn came.
alert = Table(
    "alert",
    metadata,
    Column("id", Integer, primary_key=True),
    *(Column(name, String, nullable=False) for name in ALERT_KEY),
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
    # Written once, however many machines plan it.
    UniqueConstraint(*ALERT_KEY, name="alert_once"),
)

#: Of an alert that nobody has under way any more: it is to be sent again.
PUT_BACK: dict[str, Any] = {"status": "written", "claimed_by": ""}

#: Of one that may have arrived, since whoever had it under way is gone: it is sent again alone, and
#: `claimed_by` keeps it out of batches.
RECOVERED: dict[str, Any] = {"status": "written"}

Index("alert_by_status", alert.c.status, alert.c.channel)
Index("alert_by_due", alert.c.due)
Index("alert_by_message", alert.c.message)

#: From when until when each channel of a recipient has been covered, for each agreement.
coverage = Table(
    "looked",
    metadata,
    Column("recipient", String, primary_key=True),
    Column("channel", String, primary_key=True),
    Column("agreement", String, primary_key=True),
    Column("first", DateTime(timezone=True), nullable=False),  # what fell due before is not sent
    Column("until", DateTime(timezone=True), nullable=False),
)

#: The points of which recipients are reminded no more: acknowledged, or snoozed until a day.
acknowledgement = Table(
    "silence",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("recipient", String, nullable=False),  # "": everybody
    *(Column(name, String, nullable=False) for name in ("event", "point", "occurrence")),
    Column("counts_to", String, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("until", Date),
    # Each recipient acknowledges a day of a point once.
    UniqueConstraint("recipient", "event", "point", "occurrence", "counts_to", name="silence_once"),
)

#: Channels whose reader wants no more of it (RFC 8058).
unsubscribed = Table(
    "unsubscribed",
    metadata,
    Column("recipient", String, primary_key=True),
    Column("channel", String, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    # The agreements of whose messages that is so, with commas; "": of all of them.
    Column("agreements", String, nullable=False, server_default=""),
)

#: Channels that are left alone until a person has mended something: held_channels.py.
held_channel = Table(
    "held",
    metadata,
    Column("channel", String, primary_key=True),  # an address's name; of all mail "mail"
    Column("settings", String, primary_key=True),  # a digest of what can be mended
    Column("barrier", String, nullable=False),
    Column("error", String, nullable=False),
    Column("rounds", Integer, nullable=False),  # how often it was tried in vain
    Column("next_try", DateTime(timezone=True), nullable=False),
)

#: The row of `secret` by which a ledger is known again: 16 random bytes.
LEDGER_ROW = "ledger"

#: The key that links in messages are signed with, as `links`; and which ledger this is.
secret = Table(
    "secret",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

KNOWN_DAY_KEY = ("audience", "event", "point", "occurrence")

#: The day that each point counts to, and since when that day is known; of a point that is not there
#: for some days more. `audience` ("" in each row), `first`, `hash` and `sequence` are read no more:
#: they are kept for processes of earlier versions, which go on while machines are updated one after
#: the other.
known_day = Table(
    "said",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("audience", String, nullable=False, default=""),
    *(Column(name, String, nullable=False) for name in ("event", "point", "occurrence")),
    Column("counts_to", String, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("first", DateTime(timezone=True), nullable=False),
    Column("hash", String, nullable=False, default=""),
    Column("sequence", Integer, nullable=False, default=0),
    Column("gone", DateTime(timezone=True)),  # since when it is not there, or was not
    Column("back", DateTime(timezone=True)),  # since when it is there again
    # A point counts to one day at a time.
    UniqueConstraint(*KNOWN_DAY_KEY, name="said_once"),
)

ENTRY_COLUMNS = ("uid", "event", "content", "day", "sequence", "modified", "cancelled")

#: The entries of each feed as its subscribers have them, and since when.
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
    # A feed has each entry once.
    UniqueConstraint("feed", "uid", name="entry_once"),
)

#: How often a feed was written, and when its content changed last: by whoever it was, and under the
#: feed's name with a set of agreements by those that had just these.
feed = Table(
    "feed",
    metadata,
    Column("name", String, primary_key=True),
    # Raised with every write: whoever read another one has to read again before writing.
    Column("revision", Integer, nullable=False),
    Column("modified", DateTime(timezone=True), nullable=False),
)

#: The entries of each feed of changes, for as long as they are kept.
notice = Table(
    "notice",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("feed", String, nullable=False),
    Column("id", String, nullable=False),
    Column("updated", DateTime(timezone=True), nullable=False),
    Column("content", LargeBinary, nullable=False),
    # Of which it tells; "": an earlier version wrote it, and the content alone says so.
    Column("agreement", String, nullable=False, server_default=""),
    # A change is published once.
    UniqueConstraint("feed", "id", name="notice_once"),
)

#: The events files as they were published last, and as of which day: changes count from them.
#: Each set of agreements has its own: two processes may share a ledger.
published = Table(
    "published_files",
    metadata,
    Column("agreements", String, primary_key=True),  # their ids, with commas, or agreement_set's
    Column("number", Integer, primary_key=True),
    Column("as_of", Date, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

#: The ids of a set of agreements that are too long together for a key.
agreement_set = Table(
    "agreement_set",
    metadata,
    Column("agreements", String, primary_key=True),  # as in published_files
    Column("ids", String, nullable=False),  # with commas
)

#: Each edition of the files of some agreements that was ever published, and when last: so a machine
#: finds out that its own files are older.
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
    # The agreements for which it was made, with commas; "": an earlier version wrote it.
    Column("agreements", String, nullable=False, server_default=""),
    # A secret opens one link.
    UniqueConstraint("hash", name="link_once"),
)
