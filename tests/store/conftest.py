"""What the store promises, it promises on every database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.databases import KINDS
from tracker.store.database import Database
from tracker.store.ledger import Ledger


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that is new."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state' / 'ledger.sqlite3'}"
    address: str = request.getfixturevalue("postgresql").database()
    return address


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The same where a file is what it is about."""
    return f"sqlite:///{tmp_path / 'state' / 'ledger.sqlite3'}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database)
