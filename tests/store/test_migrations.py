"""Ledgers of earlier versions go on where they were; those of later ones are refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, inspect, text

from tracker.agreements.keys import PointKey
from tracker.reminders.due import CoverageKey
from tracker.reminders.plan import AlertKey
from tracker.store.database import Database, LedgerError
from tracker.store.ledger import Ledger
from tracker.store.migrations import STEPS
from tracker.store.schema import VERSION, coverage, link, metadata, notice, unsubscribed

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
RELEASED = sorted((Path(__file__).parent / "released").glob("version-*.sql"))


def restore(url: str, dump: Path) -> Path:
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
    file = restore(sqlite_url, dump)

    database = Database(sqlite_url)

    ledger = Ledger(database)
    key = AlertKey(
        "legal", "terminal", "reminder", "lease/notice", "when", "", "2030-12-31", "30 days"
    )
    first = datetime(2030, 12, 1, 9, tzinfo=UTC)
    assert ledger.keys_due_since(first, ["lease"]) == {key}
    ((covered, coverage),) = ledger.coverage(["lease"]).items()
    assert covered == CoverageKey("legal", "terminal", "lease")
    # So that nothing missed since is lost: from version 4 on it is known until when it was covered.
    last = "2030-12-01" if dump.stem >= "version-4" else "2030-11-21"
    assert coverage.last.date().isoformat() == last
    point = (PointKey("lease", "notice"), "2030-12-31")
    known = ledger.note_days([point], ["lease"], datetime(2030, 12, 2, tzinfo=UTC))
    assert [since.date().isoformat() for since in known.since.values()] == ["2030-11-21"]
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
    restore(sqlite_url, dump)
    moved, new = Database(sqlite_url), Database(f"sqlite:///{tmp_path / 'new.sqlite3'}")

    for table in metadata.tables:
        columns = [
            {column["name"]: (str(column["type"]), column["nullable"]) for column in described}
            for described in (inspect(ledger.engine).get_columns(table) for ledger in (moved, new))
        ]
        assert columns[0] == columns[1]
        indexes = [
            sorted(str(index["name"]) for index in inspect(ledger.engine).get_indexes(table))
            for ledger in (moved, new)
        ]
        assert indexes[0] == indexes[1]
    moved.close()
    new.close()


def test_what_an_earlier_version_left_belongs_to_the_agreements_that_it_knew(url: str) -> None:
    """On SQLite and on a server: with the tables of version 5, and two agreements."""
    five = Database(url)
    early, later = (datetime(year, 1, 1, tzinfo=UTC) for year in (2025, 2026))
    content = b'<entry><category scheme="urn:tracker:event" term="b/x" /></entry>'
    with five.transaction() as connection:
        for change in (
            "ALTER TABLE said DROP COLUMN gone",
            "ALTER TABLE said DROP COLUMN back",
            "DROP TABLE held",
            "ALTER TABLE notice DROP COLUMN agreement",
            "ALTER TABLE link DROP COLUMN agreements",
            "ALTER TABLE unsubscribed DROP COLUMN agreements",
            "UPDATE schema_version SET version = 5",
        ):
            connection.execute(text(change))
        for agreement, at in (("a", early), ("b", later)):
            row = {"recipient": "r", "channel": "t", "agreement": agreement}
            connection.execute(insert(coverage).values(row | {"first": at, "until": at}))
        for name, at in (("old", early), ("new", later)):
            row = {"name": name, "hash": name, "filter": "[]"}
            connection.execute(insert(link).values(row | {"created": at}))
        ended = {"recipient": "r", "channel": "t", "at": early}
        connection.execute(insert(unsubscribed).values(ended))
        row = {"feed": "changes/en", "id": "id"}
        connection.execute(insert(notice).values(row | {"updated": later, "content": content}))
    five.close()

    moved = Database(url)

    with moved.transaction() as connection:
        links = connection.execute(text("SELECT name, agreements FROM link ORDER BY number")).all()
        assert [tuple(row) for row in links] == [("old", "a"), ("new", "a,b")]
        assert connection.scalar(text("SELECT agreements FROM unsubscribed")) == "a"
        assert connection.scalar(text("SELECT agreement FROM notice")) == "b"
    moved.close()


def test_each_version_has_a_way_forward_and_a_ledger_to_try_it_on() -> None:
    assert len(STEPS) == VERSION - 1
    assert [dump.stem for dump in RELEASED] == [f"version-{number}" for number in range(1, VERSION)]


def test_a_migration_that_fails_leaves_the_ledger_as_it_was(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = restore(sqlite_url, RELEASED[0])

    def fail(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("tracker.store.migrations.STEPS", (*STEPS[:1], fail))
    with pytest.raises(LedgerError):
        Database(sqlite_url)

    with closing(sqlite3.connect(file)) as connection:
        kept = "\n".join(connection.iterdump())
    assert kept.strip() == RELEASED[0].read_text(encoding="utf-8").strip()


def test_a_ledger_of_a_newer_program_is_refused(ledger: Ledger, url: str) -> None:
    newer = Database(url)
    with newer.transaction() as connection:
        connection.execute(text("UPDATE schema_version SET version = 99"))
    newer.close()

    with pytest.raises(LedgerError) as refused:
        Database(url)

    assert refused.value.name == "ledger.newer"
    assert ledger.keys_due_since(NOW, ["lease"]) == set()
