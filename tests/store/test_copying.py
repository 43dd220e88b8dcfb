"""A ledger that is copied loses nothing, and nothing of it is sent again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.store.databases import Server
from tracker.agreements.keys import PointKey
from tracker.reminders.acknowledgements import Acknowledgement, AcknowledgementKey
from tracker.reminders.due import CoverageKey
from tracker.reminders.plan import AlertKey
from tracker.store import jobs
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.copying import CopiedTable, copy
from tracker.store.database import Database, LedgerError
from tracker.store.feed_history import FeedHistory
from tracker.store.held_channels import HeldChannels, Hold
from tracker.store.ledger import Ledger, NewAlert
from tracker.store.outbox import Outbox
from tracker.store.schema import metadata
from tracker.store.schema import version as schema_version
from tracker.store.secret_links import LinkRegistry

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
KEYS = [
    AlertKey("r", "terminal", "reminder", f"a/x{number}", "when", "", "2030-12-31", "30 days")
    for number in range(1200)  # more than are copied at once
]


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Database]:
    """A ledger with something in every table."""
    database = Database(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    ledger, acknowledgements, history = (
        Ledger(database),
        Acknowledgements(database),
        FeedHistory(database),
    )
    ledger.begin_coverage([CoverageKey("r", "terminal", "a")], NOW)
    ledger.write([NewAlert(key, "a", NOW, {}) for key in KEYS], NOW)
    ledger.note_days([(PointKey("a", "x0"), "2030-12-31")], ["a"], NOW)
    acknowledgements.save(
        [Acknowledgement(AcknowledgementKey("r", PointKey("a", "x0"), "2030-12-31"), NOW)]
    )
    acknowledgements.unsubscribe("r", "mailto:r@example.org", ["a"], NOW)
    acknowledgements.signing_key()
    row = {"uid": "u", "event": "a/x0", "content": b"BEGIN:VEVENT", "day": date(2030, 12, 31)}
    history.write_entries(
        "calendar/en", ["a"], 0, NOW, [{**row, "sequence": 3, "modified": NOW, "cancelled": None}]
    )
    notices = {"changes/en": [("id", NOW, b"<entry/>", "a")]}
    history.publish(
        history.last_publication(["a"]), (NOW.date(), [b"file"]), notices, NOW, lambda _: None
    )
    many = [f"agreement-{number}" for number in range(100)]
    history.publish(
        history.last_publication(many), (NOW.date(), [b"many"]), {}, NOW, lambda _: None
    )
    LinkRegistry(database).add("board", (("tag", "ip"),), ["a"], NOW)
    HeldChannels(database).save("mail", "digest", Hold("login", "535 no", 1, NOW))
    outbox = Outbox(database)
    outbox.mark_sent([row.id for row in outbox.claim(["terminal"], ["a"], NOW, 700)], NOW)
    outbox.claim(["terminal"], ["a"], NOW, 100)
    outbox.close()
    yield database
    database.close()


@pytest.fixture
def target(postgresql: Server) -> Iterator[Database]:
    database = Database(postgresql.database())
    yield database
    database.close()


def counts(database: Database) -> dict[str, int]:
    tables = [table for table in metadata.sorted_tables if table is not schema_version]
    with database.transaction() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in tables
        }


def test_everything_is_copied_and_once(source: Database, target: Database) -> None:
    copied = [copy(source, target) for _ in range(2)]

    assert min(counts(source).values()) > 0
    assert counts(target) == counts(source)
    assert {table.table: table.new for table in copied[0]} == counts(source)
    assert sum(table.new for table in copied[1]) == 0
    assert [table.rows for table in copied[0]] == [table.rows for table in copied[1]]
    assert Ledger(target).counts(["a"]) == {"sent": 700, "written": 500}
    assert Ledger(target).keys_due_since(NOW, ["a"]) == set(KEYS)
    assert Ledger(target).coverage(["a"]) == Ledger(source).coverage(["a"])
    assert Acknowledgements(target).signing_key() == Acknowledgements(source).signing_key()
    entries = [FeedHistory(ledger).entries("calendar/en", ["a"]) for ledger in (target, source)]
    assert entries[0] == entries[1] != []
    assert FeedHistory(target).last_publication(["a"]) == FeedHistory(source).last_publication(
        ["a"]
    )
    assert LinkRegistry(target).all(["a"]) == LinkRegistry(source).all(["a"])


def test_a_copy_goes_back_as_well(source: Database, target: Database, tmp_path: Path) -> None:
    back = Database(f"sqlite:///{tmp_path / 'back.sqlite3'}")

    copy(source, target)
    copy(target, back)

    assert (counts(back), Ledger(back).keys_due_since(NOW, ["a"])) == (counts(source), set(KEYS))
    back.close()


def test_what_was_sent_on_either_side_is_not_sent_again(source: Database, target: Database) -> None:
    copy(source, target)
    theirs, ours = Outbox(target), Outbox(source)
    theirs.mark_sent([row.id for row in theirs.claim(["terminal"], ["a"], NOW, 100)], NOW)
    ours.recover_abandoned()
    rows = ours.claim(["terminal"], ["a"], NOW, 500)
    ours.mark_sent([row.id for row in rows[50:350]], NOW)  # 50 of them were sent there as well
    ours.give_up([row.id for row in rows[350:360]], "550 no such user")
    theirs.close()
    ours.close()

    copy(source, target)

    assert Ledger(target).counts(["a"]) == {"sent": 1050, "written": 140, "failed": 10}


def test_a_link_that_was_closed_stays_closed(source: Database, target: Database) -> None:
    copy(source, target)
    LinkRegistry(source).revoke("board", ["a"], NOW + timedelta(days=1))

    copy(source, target)

    assert LinkRegistry(target).open(["a"]) == []


def test_what_was_published_meanwhile_is_kept(source: Database, target: Database) -> None:
    copy(source, target)
    history = FeedHistory(target)
    (row,) = history.entries("calendar/en", ["a"])
    history.write_entries("calendar/en", ["a"], 1, NOW, [{**row, "sequence": 4}])
    history.publish(
        history.last_publication(["a"]), (NOW.date(), [b"new", b"x"]), {}, NOW, lambda _: None
    )

    copy(source, target)

    assert [entry["sequence"] for entry in history.entries("calendar/en", ["a"])] == [4]
    assert history.last_publication(["a"]).files == (NOW.date(), [b"new", b"x"])


def test_what_waits_has_a_job_where_workers_are(source: Database, target: Database) -> None:
    with target.transaction() as connection:
        jobs.make_tables(connection)

    copy(source, target)

    with target.transaction() as connection:
        statement = "SELECT count(*) FROM procrastinate_jobs"
        assert connection.exec_driver_sql(statement).scalar() == 500


def test_a_ledger_that_is_in_use_is_not_copied(source: Database, target: Database) -> None:
    outbox = Outbox(source)
    with pytest.raises(LedgerError) as refused:
        copy(source, target)
    outbox.close()
    running = Outbox(target)
    with pytest.raises(LedgerError) as refused_too:
        copy(target, source)
    running.close()

    assert (refused.value.name, refused_too.value.name) == ("migrate.in-use", "migrate.in-use")
    assert set(counts(target).values()) == {0}


def test_a_copy_that_fails_leaves_nothing(source: Database, target: Database) -> None:
    """The server takes the rows of the last table, and does not keep them."""
    with target.transaction() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
        )
        connection.exec_driver_sql(
            f"CREATE TRIGGER lose BEFORE INSERT ON {metadata.sorted_tables[-1].name}"
            " FOR EACH ROW EXECUTE FUNCTION lose()"
        )

    with pytest.raises(LedgerError) as refused:
        copy(source, target)

    assert refused.value.name == "migrate.lost"
    assert set(counts(target).values()) == {0}


def test_it_says_how_many_rows_there_are_and_how_many_are_new(
    source: Database, target: Database
) -> None:
    (first, *_), (second, *_) = (
        [table for table in copy(source, target) if table.table == "alert"] for _ in range(2)
    )

    assert (first, second) == (CopiedTable("alert", 1200, 1200), CopiedTable("alert", 1200, 0))
