"""What the database remembers of feeds and links."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from tracker.store.database import Database
from tracker.store.feed_history import Memory, Published, Written
from tracker.store.secret_links import Links, opened_by

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


def row(uid: str, sequence: int = 0) -> dict[str, object]:
    return {"uid": uid, "event": "a/x", "content": b"BEGIN:VEVENT", "day": date(2030, 1, 1),
            "sequence": sequence, "modified": NOW, "cancelled": None}  # fmt: skip


def test_a_feed_is_remembered_entry_by_entry(database: Database) -> None:
    memory = Memory(database)

    memory.keep("en", 0, NOW, [row("one"), row("two")])
    memory.keep("en", 1, NOW, [row("two", 1)], gone=["one"])

    assert memory.entries("en") == [row("two", 1)]
    assert memory.feed("en").revision == 2
    assert memory.entries("ja") == []


def test_entries_of_before_revisions_were_counted_are_kept(database: Database) -> None:
    memory = Memory(database)
    memory.keep("en", 0, NOW, [row("one"), row("two")])
    with database.transaction() as connection:
        connection.execute(text("DELETE FROM feed"))

    memory.keep("en", 0, NOW, [row("two", 1)])

    assert memory.entries("en") == [row("one"), row("two", 1)]


def test_who_knows_an_older_state_has_to_read_again(database: Database) -> None:
    memory = Memory(database)
    memory.keep("en", 0, NOW, [row("one")])

    for revision in (0, 2):
        with pytest.raises(Written):
            memory.keep("en", revision, NOW, [row("one", 5)])

    assert memory.entries("en") == [row("one")]


def test_a_change_is_told_once(database: Database) -> None:
    memory = Memory(database)

    for day in (24, 25):
        files = (date(2026, 11, day), [b"file"])
        told = {"en": [("id", NOW, b"<entry/>")]}
        memory.publish(memory.published(["a"]), files, told, NOW, lambda _connection: None)

    assert memory.notices("en") == [b"<entry/>"]
    assert memory.published(["a"]) == Published("a", 2, (date(2026, 11, 25), [b"file"]), "a")


def test_a_link_is_known_by_its_secret_alone_and_its_name_can_be_used_again(
    database: Database,
) -> None:
    links = Links(database)
    secret = links.add("firm", (("tag", "ip"),), NOW)
    assert secret is not None
    assert links.add("firm", (), NOW) is None

    opened = opened_by(secret, links.open())
    assert opened is not None
    assert (opened.name, opened.filter) == ("firm", (("tag", "ip"),))
    assert opened_by(opened.hash, links.open()) is None
    assert opened_by(secret[:-1], links.open()) is None

    assert [links.revoke("firm", NOW), links.revoke("firm", NOW)] == [True, False]
    assert opened_by(secret, links.open()) is None
    assert links.add("firm", (), NOW) is not None
    assert [one.revoked for one in links.all()] == [NOW, None]


def test_two_sets_of_agreements_on_one_ledger_do_not_forget_each_other(database: Database) -> None:
    memory = Memory(database)
    day = date(2026, 11, 25)
    for names, content in ((["a"], b"a"), (["b"], b"b")):
        before = memory.published(names)
        memory.publish(before, (day, [content]), {}, NOW, lambda _connection: None)

    assert memory.published(["a"]).files == (day, [b"a"])
    assert memory.published(["a", "c"]).files == (day, [b"a"])  # a file was added
    assert memory.published(["c"]).files is None


def test_a_thousand_agreements_are_published_together(database: Database) -> None:
    memory = Memory(database)
    names = [f"agreement-{number:04}" for number in range(1000)]
    files = (date(2026, 11, 25), [b"file"])

    memory.publish(memory.published(names), files, {}, NOW, lambda _connection: None)

    assert memory.published(names).files == files
    assert memory.times_published(names) == 1
    assert memory.published([*names, "one-more"]).files == files
    assert memory.published(["another"]).files is None
