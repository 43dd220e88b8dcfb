"""What the database remembers of feeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text

from tracker.store.database import Database
from tracker.store.feed_history import FeedHistory, LastPublication, RevisionConflict
from tracker.store.schema import published
from tracker.store.told_recipients import Telling

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


def test_what_each_recipient_was_told_of_last_is_kept_while_somebody_knows_nothing_newer(
    database: Database,
) -> None:
    history = FeedHistory(database)

    def publish(
        names: list[str], content: bytes, *recipients: str, gone: Sequence[str] = ()
    ) -> None:
        before = history.last_publication(names, recipients)
        files, telling = (NOW.date(), [content]), Telling(recipients, (), gone)
        history.publish(before, files, {}, NOW, lambda _: None, telling=telling)

    def known(recipient: str) -> tuple[dict[str, bytes], set[str]]:
        (state,) = history.told_states([recipient], ["a", "b", "c"])
        assert state.recipients == {recipient}
        contents = {name: given.files[1][0] for name, given in state.publications.items()}
        return contents, set(state.gone)

    def kept() -> int:
        with database.transaction() as connection:
            names = set(connection.scalars(select(published.c.agreements)))
        return len([name for name in names if ":" in name])

    publish(["a", "b", "c"], b"1", "legal", "board")
    publish(["a", "b"], b"2", "legal", gone=["c"])
    assert known("legal") == ({"a": b"2", "b": b"2", "c": b"1"}, {"c"})
    assert known("board") == (dict.fromkeys("abc", b"1"), set())
    assert known("stranger") == ({}, set())
    publish(["a", "b", "c"], b"3")  # by who tells nobody
    publish(["a", "b", "c"], b"4", "stranger")
    assert known("legal") == ({"a": b"2", "b": b"2", "c": b"1"}, {"c"})
    assert known("board") == (dict.fromkeys("abc", b"1"), set())
    assert kept() == 1
    publish(["a", "b", "c"], b"4", "legal")
    assert known("legal") == (dict.fromkeys("abc", b"4"), set())
    publish(["a", "b", "c"], b"4", "board", "legal")
    assert known("board") == known("legal") == (dict.fromkeys("abc", b"4"), set())
    assert kept() == 0


def test_what_was_published_by_a_clock_that_ran_ahead_is_followed_by_what_is_published_now(
    database: Database,
) -> None:
    history = FeedHistory(database)
    for hours, names in ((9000, ["a"]), (0, ["a", "b"]), (1, ["b"])):
        before = history.last_publication(names)
        files = (NOW.date(), [b"file"])
        history.publish(before, files, {}, NOW + timedelta(hours=hours), lambda _: None)

    assert [given.agreements for given in history.publications(["a", "b"])] == ["b", "a,b"]
    assert history.last_publication(["b"]).is_newest
    assert not history.last_publication(["a"]).is_newest


def test_two_that_publish_at_once_do_not_miss_what_the_other_has(database: Database) -> None:
    history = FeedHistory(database)
    first, second = history.last_publication(["a"]), history.last_publication(["a", "b"])
    history.publish(first, (NOW.date(), [b"a"]), {}, NOW, lambda _: None)

    with pytest.raises(RevisionConflict):
        history.publish(second, (NOW.date(), [b"a", b"b"]), {}, NOW, lambda _: None)

    assert [published.files[1] for published in history.publications(["a", "b"])] == [[b"a"]]
