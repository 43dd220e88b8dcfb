"""What the ledger promises, on a real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tracker.reminders.plan import AlertKey, PointKey
from tracker.store.database import Database, LedgerError
from tracker.store.ledger import Ledger

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
LATER = datetime(2026, 11, 26, 9, tzinfo=UTC)
KEY = AlertKey("r", "terminal", "reminder", "a/x", "when", "", "2030-12-31", "30 days")
POINT = PointKey("r", "a/x", "when", "")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'state' / 'ledger.sqlite3'}"


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    database = Database(url)
    yield Ledger(database)
    database.close()


def test_two_planners_at_once_announce_once(ledger: Ledger, url: str) -> None:
    database = Database(url)
    other = Ledger(database)

    assert [ledger.claim(KEY, NOW, NOW), other.claim(KEY, NOW, NOW)] == [True, False]
    database.close()


def test_what_was_written_and_not_sent_is_known_as_interrupted(ledger: Ledger) -> None:
    ledger.claim(KEY, NOW, NOW)
    assert (ledger.interrupted(), ledger.done()) == ({KEY}, set())

    ledger.mark_sent([KEY, KEY._replace(lead="90 days")], NOW, NOW)

    assert (ledger.interrupted(), len(ledger.done())) == (set(), 2)


def test_a_day_is_known_since_it_was_first_noted_and_a_new_day_from_then_on(ledger: Ledger) -> None:
    ledger.note([(POINT, "2030-12-31")], NOW)
    ledger.note([(POINT, "2030-12-31")], LATER)
    assert ledger.known_since() == {POINT: NOW}

    ledger.note([(POINT, "2031-12-31")], LATER)

    assert ledger.known_since() == {POINT: LATER}


def test_the_ledger_is_its_owners_alone(ledger: Ledger, tmp_path: Path) -> None:
    ledger.claim(KEY, NOW, NOW)

    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "state" / "ledger.sqlite3").stat().st_mode & 0o777 == 0o600


def test_a_ledger_of_a_newer_program_is_refused(ledger: Ledger, url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE schema_version SET version = 99"))
    engine.dispose()

    with pytest.raises(LedgerError) as refused:
        Database(url)

    assert refused.value.name == "ledger.newer"
    assert ledger.done() == set()


def test_a_database_that_cannot_be_opened_is_one_clear_refusal(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no database")

    with pytest.raises(LedgerError) as refused:
        Database(f"sqlite:///{tmp_path / 'file'}")

    assert refused.value.name == "ledger.unusable"
