"""What the database remembers of feeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, text

from tracker.store.database import Database
from tracker.store.feed_history import FeedHistory, LastPublication, RevisionConflict
from tracker.store.told_recipients import audience_of, note_gone, note_told

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


def row(uid: str, sequence: int = 0) -> dict[str, object]:
    return {"uid": uid, "event": "a/x", "content": b"BEGIN:VEVENT", "day": date(2030, 1, 1),
            "sequence": sequence, "modified": NOW, "cancelled": None}  # fmt: skip


def test_a_feed_is_remembered_entry_by_entry(database: Database) -> None:
    history = FeedHistory(database)

    history.write_entries("en", ["a"], 0, NOW, [row("one"), row("two")])
    history.write_entries("en", ["a"], 1, NOW, [row("two", 1)], gone=["one"])

    assert history.entries("en", ["a"]) == [row("two", 1)]
    assert history.feed_state("en", ["a"]).revision == 2
    assert history.entries("ja", ["a"]) == []


def test_entries_of_before_revisions_were_counted_are_kept(database: Database) -> None:
    history = FeedHistory(database)
    history.write_entries("en", ["a"], 0, NOW, [row("one"), row("two")])
    with database.transaction() as connection:
        connection.execute(text("DELETE FROM feed"))

    history.write_entries("en", ["a"], 0, NOW, [row("two", 1)])

    assert history.entries("en", ["a"]) == [row("one"), row("two", 1)]


def test_who_knows_an_older_state_has_to_read_again(database: Database) -> None:
    history = FeedHistory(database)
    history.write_entries("en", ["a"], 0, NOW, [row("one")])

    for revision in (0, 2):
        with pytest.raises(RevisionConflict):
            history.write_entries("en", ["a"], revision, NOW, [row("one", 5)])

    assert history.entries("en", ["a"]) == [row("one")]


def test_a_change_is_published_once(database: Database) -> None:
    history = FeedHistory(database)

    for day in (24, 25):
        files = (date(2026, 11, day), [b"file"])
        notices = {"en": [("id", NOW, b"<entry/>", "a")]}
        history.publish(
            history.last_publication(["a"]), files, notices, NOW, lambda _connection: None
        )

    assert history.notices("en", ["a"]) == [b"<entry/>"]
    assert history.last_publication(["a"]) == LastPublication(
        "a", 2, (date(2026, 11, 25), [b"file"]), "a", 2, is_newest=True
    )


def test_two_sets_of_agreements_on_one_ledger_do_not_forget_each_other(database: Database) -> None:
    history = FeedHistory(database)
    day = date(2026, 11, 25)
    for names, content in ((["a"], b"a"), (["b"], b"b")):
        before = history.last_publication(names)
        history.publish(before, (day, [content]), {}, NOW, lambda _connection: None)

    assert history.last_publication(["a"]).files == (day, [b"a"])
    assert history.last_publication(["a", "c"]).files == (day, [b"a"])  # a file was added
    assert history.last_publication(["c"]).files is None


def test_a_thousand_agreements_are_published_together(database: Database) -> None:
    history = FeedHistory(database)
    names = [f"agreement-{number:04}" for number in range(1000)]
    files = (date(2026, 11, 25), [b"file"])

    history.publish(history.last_publication(names), files, {}, NOW, lambda _connection: None)

    assert history.last_publication(names).files == files
    assert history.times_published(names) == 1
    assert history.last_publication([*names, "one-more"]).files == files
    assert history.last_publication(["another"]).files is None


def test_each_agreement_is_found_in_the_set_in_which_it_was_published_last(
    database: Database,
) -> None:
    history = FeedHistory(database)
    for hours, names in enumerate((["a", "b"], ["a"], ["b", "c"], ["a-b"], ["c"])):
        files = (NOW.date(), [",".join(names).encode()])
        before = history.last_publication(names)
        history.publish(before, files, {}, NOW + timedelta(hours=hours), lambda _: None)

    def sets(*names: str) -> list[tuple[str, bool]]:
        return [
            (found.files[1][0].decode(), found.agreements == ",".join(names))
            for found in history.publications(names)
        ]

    assert sets("a", "b") == [("b,c", False), ("a", False), ("a,b", True)]
    assert sets("a") == [("a", True)]
    assert sets("a", "c") == [("c", False), ("a", False)]
    assert sets("b", "c") == [("c", False), ("b,c", True)]
    assert sets("a-b") == [("a-b", True)]
    assert sets("d") == []
    assert history.times_any_published() == 5


def test_to_whom_an_edition_was_told_is_known_until_another_is_published_of_the_same_set(
    database: Database,
) -> None:
    history = FeedHistory(database)
    ours, theirs = audience_of(["legal"]), audience_of(["board"])

    def publish(names: list[str], hours: int, audience: str, gone: Sequence[str] = ()) -> None:
        now = NOW + timedelta(hours=hours)

        def tell(connection: Connection) -> None:
            note_told(connection, audience, ",".join(names), now)
            note_gone(connection, audience, gone, now)

        before = history.last_publication(names)
        history.publish(before, (NOW.date(), [b"file"]), {}, now, tell)

    def told(*names: str) -> list[tuple[str, bool]]:
        publications = history.publications(names, ours)
        return [(published.agreements, published.is_told) for published in publications]

    publish(["a", "b", "c"], 0, ours)
    publish(["a", "b"], 1, ours, gone=["c"])
    publish(["a"], 2, theirs)
    assert told("a", "b", "c") == [("a", False), ("a,b", True), ("a,b,c", True)]
    assert told("c") == [("a,b,c", True)]
    assert told("a") == [("a", False), ("a,b", True)]
    assert history.gone_since(ours, ["a", "c"]) == {"c": NOW + timedelta(hours=1)}
    assert history.gone_since(theirs, ["a", "c"]) == {}
    publish(["a", "b"], 3, theirs)
    assert told("a", "b") == [("a,b", False), ("a,b,c", True)]


def test_two_that_publish_at_once_do_not_miss_what_the_other_has(database: Database) -> None:
    history = FeedHistory(database)
    first, second = history.last_publication(["a"]), history.last_publication(["a", "b"])
    history.publish(first, (NOW.date(), [b"a"]), {}, NOW, lambda _: None)

    with pytest.raises(RevisionConflict):
        history.publish(second, (NOW.date(), [b"a", b"b"]), {}, NOW, lambda _: None)

    assert [published.files[1] for published in history.publications(["a", "b"])] == [[b"a"]]
