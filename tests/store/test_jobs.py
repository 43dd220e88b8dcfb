"""An alert and its job are one: neither is ever there without the other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.store.databases import Server
from tracker.reminders.plan import AlertKey
from tracker.store import jobs
from tracker.store.database import Database
from tracker.store.ledger import Ledger, NewAlert
from tracker.store.outbox import Outbox

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
KEY = AlertKey("r", "mailto:r@example.org", "reminder", "a/x", "when", "", "2030-12-31", "30 days")
MISSED = KEY._replace(lead="60 days")


@pytest.fixture
def database(postgresql: Server) -> Iterator[Database]:
    database = Database(postgresql.database())
    with database.transaction() as connection:
        jobs.make_tables(connection)
    yield database
    database.close()


def jobs_in(database: Database) -> list[tuple[object, ...]]:
    """The queue, the alert and the time of each job."""
    statement = (
        "SELECT queue_name, (args->>'alert')::int, scheduled_at FROM procrastinate_jobs ORDER BY id"
    )
    with database.transaction() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(statement)]


def number(database: Database, key: AlertKey = KEY) -> int:
    rows = Ledger(database).history(["a"], NOW - timedelta(days=1), NOW + timedelta(days=1), 10)
    return next(row.id for row in rows if row.key == key)


def test_an_alert_that_is_written_has_a_job_in_the_queue_of_its_channel(database: Database) -> None:
    until = NOW + timedelta(hours=8)
    ntfy = KEY._replace(channel="ntfy:5722c4e5")

    Ledger(database).write(
        [NewAlert(KEY, "a", NOW, {}, (MISSED,)), NewAlert(ntfy, "a", NOW, {}, (), until)], NOW
    )

    assert jobs_in(database) == [
        ("mail", number(database), None),
        ("ntfy:5722c4e5", number(database, ntfy), until),
    ]


def test_two_planners_at_once_write_one_job(database: Database) -> None:
    for _ in range(2):
        Ledger(database).write([NewAlert(KEY, "a", NOW, {})], NOW)

    assert len(jobs_in(database)) == 1


def test_what_is_rolled_back_leaves_neither_alert_nor_job(database: Database) -> None:
    ledger = Ledger(database)
    with database.transaction() as connection:
        ledger.write_within(connection, [NewAlert(KEY, "a", NOW, {})], NOW)
        connection.rollback()

    assert (ledger.counts(["a"]), jobs_in(database)) == ({}, [])


def test_what_is_retried_has_a_job_at_once(database: Database) -> None:
    Ledger(database).write([NewAlert(KEY, "a", NOW, {})], NOW)
    outbox = Outbox(database)
    claimed = outbox.claim_for_job(1, number(database), ["a"])
    assert claimed is not None
    outbox.give_up([claimed.id], "550 no such user")

    outbox.retry(["a"])

    assert [row[1:] for row in jobs_in(database)] == [(claimed.id, None)] * 2
    outbox.close()


def test_of_two_jobs_for_one_alert_one_sends_it(database: Database) -> None:
    Ledger(database).write([NewAlert(KEY, "a", NOW, {})], NOW)
    outbox, alert = Outbox(database), number(database)

    first, second = (outbox.claim_for_job(job, alert, ["a"]) for job in (1, 2))

    assert first is not None
    assert second is None
    assert (
        outbox.claim_for_job(1, alert, ["a"]) == first
    )  # taken over from a worker that was killed
    assert outbox.recover_abandoned() == 0  # no process has it
    outbox.mark_sent([alert], NOW)
    assert outbox.claim_for_job(1, alert, ["a"]) is None
    outbox.close()


def test_a_late_word_of_failure_sends_nothing_again(database: Database) -> None:
    Ledger(database).write([NewAlert(KEY, "a", NOW, {})], NOW)
    outbox, alert = Outbox(database), number(database)
    outbox.claim_for_job(1, alert, ["a"])
    outbox.mark_sent([alert], NOW)

    outbox.retry_later([alert], NOW, "hung up")  # another worker's, that was given up too early

    assert Ledger(database).counts(["a"]) == {"sent": 1}
    outbox.close()


@pytest.mark.parametrize("lost", ["no tables were there", "it was taken away by hand"])
def test_an_alert_without_a_job_is_given_one(
    lost: str, database: Database, postgresql: Server
) -> None:
    if lost == "no tables were there":
        database.close()
        database = Database(postgresql.database())
    Ledger(database).write([NewAlert(KEY, "a", NOW, {})], NOW)
    with database.transaction() as connection:
        jobs.make_tables(connection)
        connection.exec_driver_sql("DELETE FROM procrastinate_jobs")
    outbox, alert = Outbox(database), number(database)
    outbox.claim_for_job(1, alert, ["a"])

    with database.transaction() as connection:
        made = [jobs.add_missing(connection) for _ in range(2)]

    assert made == [1, 0]
    assert jobs_in(database) == [("mail", alert, None)]
    outbox.close()
    database.close()


def test_names_of_queues_are_as_short_as_notify_needs_them() -> None:
    long = "https://a-very-long-name-of-a-receiver.example.org:5722c4e5"

    names = {jobs.queue_of(long), jobs.queue_of(long[:-1] + "6"), jobs.queue_of("terminal")}

    assert len(names) == 3
    assert max(len(f"procrastinate_queue_v1#{name}") for name in names) <= 63


def test_what_was_delivered_is_marked_though_the_connection_was_cut_meanwhile(
    database: Database,
) -> None:
    Ledger(database).write([NewAlert(KEY, "a", NOW, {})], NOW)
    outbox, alert = Outbox(database), number(database)
    outbox.claim_for_job(1, alert, ["a"])
    with database.transaction() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    outbox.mark_sent([alert], NOW)

    assert Ledger(database).counts(["a"]) == {"sent": 1}
    outbox.close()
