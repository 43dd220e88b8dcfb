"""What the ledger and the outbox promise, on a real database."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from tests.end_to_end.processes import until
from tests.store.databases import Server, count_connections
from tracker.agreements.keys import PointKey
from tracker.reminders.plan import AlertKey
from tracker.store.database import Database, LedgerError
from tracker.store.known_days import KnownDays
from tracker.store.ledger import ClaimedAlert, Ledger, NewAlert
from tracker.store.outbox import Outbox
from tracker.store.process_locks import ProcessLock

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
LATER = datetime(2026, 11, 26, 9, tzinfo=UTC)
KEY = AlertKey("r", "terminal", "reminder", "a/x", "when", "", "2030-12-31", "30 days")
POINT = PointKey("a", "x")
RELEASED = sorted((Path(__file__).parent / "released").glob("version-*.sql"))
WAITS = [timedelta(minutes=1), timedelta(hours=1)]


@pytest.fixture
def outbox(database: Database) -> Iterator[Outbox]:
    outbox = Outbox(database)
    yield outbox
    outbox.close()


def alert(key: AlertKey = KEY, due: datetime = NOW) -> NewAlert:
    return NewAlert(key, "a", due, {})


def claimed(outbox: Outbox, now: datetime = NOW) -> list[ClaimedAlert]:
    return outbox.claim(["terminal"], ["a"], now, 10)


def statuses(ledger: Ledger) -> list[str]:
    return [row.status for row in ledger.history(["a"], NOW, LATER, 10)]


def test_two_planners_at_once_announce_once(ledger: Ledger, url: str) -> None:
    other = Database(url)

    ledger.write([alert()], NOW)
    Ledger(other).write([alert()], LATER)

    assert statuses(ledger) == ["written"]
    other.close()


def test_of_two_processes_one_sends(ledger: Ledger, outbox: Outbox, url: str) -> None:
    other = Database(url)
    second = Outbox(other)
    ledger.write([alert()], NOW)

    assert [len(claimed(outbox)), len(claimed(second))] == [1, 0]
    assert second.recover_abandoned() == 0  # the first one is alive
    second.close()
    other.close()


def test_what_a_dead_process_had_under_way_is_sent_again_under_the_same_identity(
    ledger: Ledger, outbox: Outbox, url: str
) -> None:
    ledger.write([alert()], NOW)
    program = (
        "import os, datetime; from tracker.store.database import Database;"
        "from tracker.store.outbox import Outbox; outbox = Outbox(Database(os.environ['URL']));"
        "rows = outbox.claim(['terminal'], ['a'], datetime.datetime.now(datetime.UTC)"
        " + datetime.timedelta(days=9999), 10); print(rows[0].message, flush=True); os._exit(9)"
    )
    died = subprocess.run(
        [sys.executable, "-c", program],
        env={"URL": url, "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert claimed(outbox) == []

    assert outbox.recover_abandoned() == 1

    (row,) = claimed(outbox)
    assert row.message == died.stdout.strip()


def test_a_mark_that_could_not_be_written_is_written_later_and_nothing_is_sent_twice(
    ledger: Ledger, outbox: Outbox, database: Database, url: str
) -> None:
    ledger.write([alert()], NOW)
    (row,) = claimed(outbox)
    other = Database(url)
    is_file = database.file is not None
    impatient = "PRAGMA busy_timeout=1" if is_file else "SET SESSION lock_timeout = '1ms'"
    lock = "BEGIN IMMEDIATE" if is_file else "LOCK TABLE alert IN EXCLUSIVE MODE"
    with other.engine.connect() as busy, database.transaction_on(outbox.connection) as connection:
        connection.exec_driver_sql(impatient)
        busy.exec_driver_sql(lock)
    with other.engine.connect() as busy:
        busy.exec_driver_sql(lock)
        with pytest.raises(LedgerError):
            outbox.mark_sent([row.id], NOW)
        busy.rollback()
    other.close()

    outbox.recover_own(["terminal"])

    assert (claimed(outbox), statuses(ledger)) == ([], ["sent"])


def test_a_failure_waits_longer_each_time_and_is_given_up_at_last(
    ledger: Ledger, outbox: Outbox
) -> None:
    ledger.write([alert()], NOW)
    tries = []
    for _ in range(3):
        now = outbox.first_to_send(["terminal"], ["a"], NOW) or NOW
        tries.append(now)
        outbox.put_back(row.id for row in claimed(outbox, now))
        outbox.postpone(["terminal"], ["a"], now, waits=WAITS, error="no route to host")

    assert tries == [NOW, NOW + WAITS[0], NOW + WAITS[0] + WAITS[1]]
    (row,) = ledger.history(["a"], NOW, LATER, 10)
    assert (row.status, row.attempts, row.error) == ("failed", 3, "no route to host")


def test_what_was_given_up_is_sent_after_a_retry(ledger: Ledger, outbox: Outbox) -> None:
    ledger.write([alert()], NOW)
    (row,) = claimed(outbox)
    outbox.give_up([row.id], "550 no such user")
    assert claimed(outbox, LATER) == []

    assert outbox.retry(["a"], row.message[:8]) == 1

    assert [alert.message for alert in claimed(outbox)] == [row.message]


def test_a_clock_that_was_set_back_holds_up_no_retry(ledger: Ledger, outbox: Outbox) -> None:
    ledger.write([alert()], NOW)
    (row,) = claimed(outbox)
    outbox.retry_later([row.id], LATER, "451 try later")
    assert claimed(outbox) == []

    outbox.hurry(["a"])

    assert len(claimed(outbox)) == 1


def test_what_waits_for_the_end_of_quiet_hours_is_not_given_out_before(
    ledger: Ledger, outbox: Outbox
) -> None:
    ledger.write([alert()._replace(not_before=LATER)], NOW)

    assert (claimed(outbox), len(claimed(outbox, LATER))) == ([], 1)


def test_a_process_sends_only_what_its_files_state(ledger: Ledger, outbox: Outbox) -> None:
    ledger.write([alert()], NOW)

    assert outbox.claim(["terminal"], ["another"], NOW, 10) == []


def test_those_that_a_message_stood_for_are_done_with_it(ledger: Ledger, outbox: Outbox) -> None:
    named = KEY._replace(lead="90 days")

    ledger.write([alert()._replace(named=(named,))], NOW)

    assert ledger.keys_due_since(NOW, ["a"]) == {KEY, named}
    assert [row.key for row in claimed(outbox)] == [KEY]


def known(
    ledger: Ledger, day: str | None, now: datetime, agreements: tuple[str, ...] = ("a",)
) -> KnownDays:
    """What is known once that point was looked for, and counts to that day; None: it is gone."""
    points = [] if day is None else [(POINT, day)]
    return ledger.note_days(points, agreements, now)


def test_a_day_is_known_since_it_was_first_noted_and_a_new_day_from_then_on(ledger: Ledger) -> None:
    known(ledger, "2030-12-31", NOW)
    assert known(ledger, "2030-12-31", LATER).since == {POINT: NOW}

    assert known(ledger, "2031-12-31", LATER).since == {POINT: LATER}


@pytest.mark.parametrize(
    ("days", "back_on", "since"),
    [
        (1, "2030-12-31", NOW),
        (13, "2030-12-31", NOW),
        (1, "2031-12-31", None),  # another day: it is known from then on
        (15, "2030-12-31", None),  # forgotten
    ],
)
def test_a_point_that_was_gone_for_some_days_is_known_as_it_was(
    ledger: Ledger, days: int, back_on: str, since: datetime | None
) -> None:
    known(ledger, "2030-12-31", NOW)
    gone = known(ledger, None, LATER).gone
    known(ledger, None, LATER + timedelta(days=1))
    known(ledger, None, back := LATER + timedelta(days=days))

    returned = known(ledger, back_on, back)

    assert gone == {(*POINT.columns, "2030-12-31")}
    assert (returned.since, returned.gone) == ({POINT: since or back}, set())
    assert returned.gone_since == ({POINT: LATER} if since else {})


def test_that_a_point_was_gone_counts_for_two_days_more_and_from_the_last_time_that_it_went(
    ledger: Ledger,
) -> None:
    known(ledger, "2030-12-31", NOW)
    hours = [LATER + timedelta(hours=hour) for hour in range(5)]
    known(ledger, None, hours[0])
    known(ledger, "2030-12-31", hours[1])
    known(ledger, None, hours[2])

    assert known(ledger, "2030-12-31", hours[3]).gone_since == {POINT: hours[2]}
    assert known(ledger, "2030-12-31", hours[4]).gone_since == {POINT: hours[2]}
    assert known(ledger, "2030-12-31", hours[3] + timedelta(days=2)).gone_since == {}


def test_a_clock_that_was_set_back_keeps_nothing_gone_for_longer(ledger: Ledger) -> None:
    known(ledger, "2030-12-31", NOW)
    known(ledger, None, NOW + timedelta(days=4000))
    known(ledger, None, LATER)

    assert known(ledger, None, LATER + timedelta(days=15)).gone == set()


def test_a_point_of_an_agreement_that_is_not_loaded_is_left_as_it_is(ledger: Ledger) -> None:
    known(ledger, "2030-12-31", NOW)

    assert known(ledger, None, LATER, ("b",)).gone == set()

    assert known(ledger, "2030-12-31", LATER).since == {POINT: NOW}


# -- a server


def test_a_process_goes_on_after_its_server_was_restarted_and_is_not_taken_for_dead() -> None:
    server = Server(durable=True)
    try:
        url = server.database()
        database, other = Database(url), Database(url)
        ledger, outbox, second = Ledger(database), Outbox(database), Outbox(other)
        ledger.write([alert(), alert(KEY._replace(lead="7 days"))], NOW)
        assert len(outbox.claim(["terminal"], ["a"], NOW, 1)) == 1
        server.kill()
        with pytest.raises(LedgerError) as refused:
            outbox.claim(["terminal"], ["a"], NOW, 1)
        server.start()

        until(lambda: _claims(outbox))

        assert refused.value.name == "ledger.unusable"
        until(lambda: _count_recovered(second) == 0)
        assert statuses(ledger) == ["sending", "sending"]
        for running in (outbox, second):
            running.close()
        for opened in (database, other):
            opened.close()
    finally:
        server.stop()


def test_a_ledger_that_is_closed_while_it_is_used_leaves_no_connection_on_its_server(
    postgresql: Server,
) -> None:
    url = postgresql.database()
    database = Database(url)
    outbox = Outbox(database)
    with database.transaction():
        database.close()

    outbox.close()
    Ledger(database).counts(["a"])  # of a thread that comes late

    until(lambda: count_connections(url) == 0)


def test_a_process_that_cannot_begin_leaves_no_connection_on_its_server(
    postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(_self: ProcessLock) -> None:
        raise LedgerError("ledger.unusable", url="x", reason="cut")

    url = postgresql.database()
    database = Database(url)
    monkeypatch.setattr(ProcessLock, "renew", cut)

    with pytest.raises(LedgerError) as refused:
        Outbox(database)
    database.close()

    until(lambda: count_connections(url) == 0)
    assert refused.value.values["reason"] == "cut"


def _claims(outbox: Outbox) -> bool:
    """Whether it has its connection again."""
    try:
        return bool(claimed(outbox))
    except LedgerError:
        return False


def _count_recovered(outbox: Outbox) -> int | None:
    try:
        return outbox.recover_abandoned()
    except LedgerError:
        return None


def test_a_server_that_was_restarted_takes_nothing_from_who_waits_for_an_answer(
    postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgresql.database()
    mine, others = Database(url), Database(url)
    slow, neighbour = Outbox(mine), Outbox(others)
    Ledger(mine).write([alert()], NOW)
    (waiting,) = claimed(slow)
    with psycopg.connect(url, autocommit=True) as connection:  # as a restart does
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    taken = [_recovered(neighbour), _recovered(neighbour)]
    _recovered(slow)  # it looks at what is due, and has its lock again
    monkeypatch.setattr("tracker.store.process_locks._GRACE", 0.0)
    taken.append(_recovered(neighbour))
    slow.mark_sent([waiting.id], NOW)
    slow.flush()
    sent = statuses(Ledger(others))
    slow.close()
    neighbour.close()
    mine.close()
    others.close()

    assert taken == [0, 0, 0]
    assert sent == ["sent"]


def _recovered(outbox: Outbox) -> int:
    """How many it takes back of those that are gone, once its connection was cut and made anew."""
    for _ in range(5):
        with suppress(LedgerError):
            return outbox.recover_abandoned()
    raise AssertionError
