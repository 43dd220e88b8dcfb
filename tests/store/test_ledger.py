"""What the ledger and the outbox promise, on a real database."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import inspect, text

from tests.end_to_end.processes import until
from tests.store.databases import Server
from tracker.i18n.translate import translate
from tracker.reminders.due import CoverageKey
from tracker.reminders.plan import AlertKey, PointKey
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.database import Database, LedgerError
from tracker.store.ledger import ClaimedAlert, Ledger, NewAlert
from tracker.store.migrations import STEPS
from tracker.store.outbox import Outbox
from tracker.store.schema import VERSION, metadata

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
LATER = datetime(2026, 11, 26, 9, tzinfo=UTC)
KEY = AlertKey("r", "terminal", "reminder", "a/x", "when", "", "2030-12-31", "30 days")
POINT = PointKey("a/x", "when", "")
RELEASED = sorted((Path(__file__).parent / "released").glob("version-*.sql"))
WAITS = [timedelta(minutes=1), timedelta(hours=1)]


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database)


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
    return [row.status for row in ledger.history(NOW, LATER, 10)]


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
        now = outbox.next_try() or NOW
        tries.append(now)
        outbox.put_back(row.id for row in claimed(outbox, now))
        outbox.postpone(["terminal"], now, WAITS, "no route to host")

    assert tries == [NOW, NOW + WAITS[0], NOW + WAITS[0] + WAITS[1]]
    (row,) = ledger.history(NOW, LATER, 10)
    assert (row.status, row.attempts, row.error) == ("failed", 3, "no route to host")


def test_what_was_given_up_is_sent_after_a_retry(ledger: Ledger, outbox: Outbox) -> None:
    ledger.write([alert()], NOW)
    (row,) = claimed(outbox)
    outbox.give_up([row.id], "550 no such user")
    assert claimed(outbox, LATER) == []

    assert outbox.retry(row.message[:8]) == 1

    assert [one.message for one in claimed(outbox)] == [row.message]


def test_a_clock_that_was_set_back_holds_up_no_retry(ledger: Ledger, outbox: Outbox) -> None:
    ledger.write([alert()], NOW)
    (row,) = claimed(outbox)
    outbox.retry_later([row.id], LATER, "451 try later")
    assert claimed(outbox) == []

    outbox.hurry()

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

    assert ledger.keys_due_since(NOW) == {KEY, named}
    assert [row.key for row in claimed(outbox)] == [KEY]


def test_a_day_is_known_since_it_was_first_noted_and_a_new_day_from_then_on(ledger: Ledger) -> None:
    ledger.note_days([(POINT, "2030-12-31")], ["a"], NOW)
    assert ledger.note_days([(POINT, "2030-12-31")], ["a"], LATER) == {POINT: NOW}

    assert ledger.note_days([(POINT, "2031-12-31")], ["a"], LATER) == {POINT: LATER}


def test_a_point_that_was_gone_is_known_anew_and_another_agreements_is_left_alone(
    ledger: Ledger,
) -> None:
    other = PointKey("b/y", "when", "")
    ledger.note_days([(POINT, "2030-12-31"), (other, "2030-12-31")], ["a", "b"], NOW)
    ledger.note_days([], ["a"], NOW)

    assert ledger.note_days([(POINT, "2030-12-31")], ["a"], LATER) == {POINT: LATER}
    assert ledger.note_days([(other, "2030-12-31")], ["b"], LATER) == {other: NOW}


def test_the_ledger_is_its_owners_alone(sqlite_url: str, tmp_path: Path) -> None:
    Database(sqlite_url).close()

    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "state" / "ledger.sqlite3").stat().st_mode & 0o777 == 0o600


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
        until(lambda: _takes_back(second) == 0)
        assert statuses(ledger) == ["sending", "sending"]
        for one in (outbox, second):
            one.close()
        for opened in (database, other):
            opened.close()
    finally:
        server.stop()


def _claims(outbox: Outbox) -> bool:
    """Whether it has its connection again."""
    try:
        return bool(claimed(outbox))
    except LedgerError:
        return False


def _takes_back(outbox: Outbox) -> int | None:
    try:
        return outbox.recover_abandoned()
    except LedgerError:
        return None


def test_of_several_that_begin_on_a_new_server_all_begin(postgresql: Server) -> None:
    url = postgresql.database()

    with ThreadPoolExecutor(4) as threads:
        opened = list(threads.map(Database, [url] * 4))

    assert [Ledger(one).keys_due_since(NOW) for one in opened] == [set()] * 4
    for one in opened:
        one.close()


def test_a_database_that_cannot_be_reached_or_used_is_one_clear_line(postgresql: Server) -> None:
    url = postgresql.database()
    Database(url).close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE reader LOGIN")
        connection.execute("CREATE ROLE looker LOGIN")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker")
    urls = {
        "postgresql://127.0.0.1:1/x": "ledger.unusable",
        "postgresql://127.0.0.1:1/x?password=hunter2&sslpassword=hunter2": "ledger.unusable",
        url.replace("/test", "/none"): "ledger.unusable",
        url.replace("postgres:@", "reader:@"): "ledger.rights",
        url.replace("postgres:@", "looker:@"): "ledger.rights",
        "postgresql://[": "ledger.unusable",
        "postgresql://u:hunter2@h:port/d": "ledger.address",
        "postgresql://u:hunter2@h1:5432,h2:5432/d": "ledger.address",
        "postgresql://u:not@hunter2@h/d": "ledger.address",
        "postgresql:/u:hunter2@h/d": "ledger.address",
        "nonsense://x/y": "ledger.address",
        "mysql://u:hunter2@h/d": "ledger.address",
    }

    for one, name in urls.items():
        with pytest.raises(LedgerError) as refused:
            _use(one)
        said = translate("en", refused.value.name, **refused.value.values)
        assert refused.value.name == name, one
        assert "\n" not in said
        assert "hunter2" not in said


def _use(url: str) -> None:
    database = Database(url)
    try:
        Acknowledgements(database).signing_key()
    finally:
        database.close()


@pytest.mark.parametrize("options", ["", "&options=-c%20search_path%3Dpublic"])
def test_an_address_is_understood_alike_by_all_that_connect(
    postgresql: Server, options: str
) -> None:
    """With spaces and signs in its password, and settings of its own."""
    url = postgresql.database()
    Database(url).close()
    password = "a b+c%d@/e"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE odd{len(options)} SUPERUSER LOGIN PASSWORD '{password}'")
    role = f"odd{len(options)}:{quote(password, safe='')}@"
    database = Database(url.replace("postgres:@", role) + options)
    assert database.conninfo is not None

    with psycopg.connect(database.conninfo) as connection:
        assert connection.execute("SHOW timezone").fetchone() == ("UTC",)
        assert connection.execute("SHOW search_path").fetchone() == (
            ("public",) if options else ('"$user", public',)
        )
    database.close()


# -- its versions


def old(url: str, dump: Path) -> Path:
    """A database as that version has left it: one reminder sent, two ahead."""
    file = Path(url.removeprefix("sqlite:///"))
    file.parent.mkdir(mode=0o700)
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(dump.read_text(encoding="utf-8"))
    return file


@pytest.mark.parametrize("dump", RELEASED, ids=lambda dump: dump.stem)
def test_a_ledger_of_each_released_version_goes_on_where_it_was(
    sqlite_url: str, dump: Path
) -> None:
    file = old(sqlite_url, dump)

    database = Database(sqlite_url)

    ledger = Ledger(database)
    key = AlertKey(
        "legal", "terminal", "reminder", "lease/notice", "when", "", "2030-12-31", "30 days"
    )
    first = datetime(2030, 12, 1, 9, tzinfo=UTC)
    assert ledger.keys_due_since(first) == {key}
    (looked,) = ledger.coverage().items()
    assert looked[0] == CoverageKey("legal", "terminal", "lease")
    # So that nothing missed since is lost: since version 4 the ledger knows when it was looked at.
    last = "2030-12-01" if dump.stem >= "version-4" else "2030-11-21"
    assert looked[1].last.date().isoformat() == last
    point = (PointKey("lease/notice", "when", ""), "2030-12-31")
    known = ledger.note_days([point], ["lease"], datetime(2030, 12, 2, tzinfo=UTC))
    assert [since.date().isoformat() for since in known.values()] == ["2030-11-21"]
    database.close()
    backup = file.with_name(f"{file.name}.{dump.stem}")
    assert backup.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(backup)) as connection:
        kept = "\n".join(connection.iterdump())
    assert kept.strip() == dump.read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("dump", RELEASED, ids=lambda dump: dump.stem)
def test_a_ledger_moved_forward_has_the_tables_of_a_new_one(
    sqlite_url: str, dump: Path, tmp_path: Path
) -> None:
    old(sqlite_url, dump)
    moved, new = Database(sqlite_url), Database(f"sqlite:///{tmp_path / 'new.sqlite3'}")

    for table in metadata.tables:
        columns = [
            {column["name"]: (str(column["type"]), column["nullable"]) for column in found}
            for found in (inspect(one.engine).get_columns(table) for one in (moved, new))
        ]
        assert columns[0] == columns[1]
        indexes = [
            sorted(str(index["name"]) for index in inspect(one.engine).get_indexes(table))
            for one in (moved, new)
        ]
        assert indexes[0] == indexes[1]
    moved.close()
    new.close()


def test_each_version_has_a_way_forward_and_a_ledger_to_try_it_on() -> None:
    assert len(STEPS) == VERSION - 1
    assert [dump.stem for dump in RELEASED] == [f"version-{one}" for one in range(1, VERSION)]


def test_a_migration_that_fails_leaves_the_ledger_as_it_was(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = old(sqlite_url, RELEASED[0])

    def broken(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("tracker.store.migrations.STEPS", (*STEPS[:1], broken))
    with pytest.raises(LedgerError):
        Database(sqlite_url)

    with closing(sqlite3.connect(file)) as connection:
        kept = "\n".join(connection.iterdump())
    assert kept.strip() == RELEASED[0].read_text(encoding="utf-8").strip()


def test_a_ledger_of_a_newer_program_is_refused(ledger: Ledger, url: str) -> None:
    other = Database(url)
    with other.transaction() as connection:
        connection.execute(text("UPDATE schema_version SET version = 99"))
    other.close()

    with pytest.raises(LedgerError) as refused:
        Database(url)

    assert refused.value.name == "ledger.newer"
    assert ledger.keys_due_since(NOW) == set()


def test_a_database_that_cannot_be_opened_is_one_clear_refusal(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no database")

    with pytest.raises(LedgerError) as refused:
        Database(f"sqlite:///{tmp_path / 'file'}")

    assert refused.value.name == "ledger.unusable"
