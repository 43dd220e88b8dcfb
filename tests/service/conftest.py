"""What tests of deliveries share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.calls import leave_garbage
from tests.service.machine import Machine
from tests.service.test_delivery import Post, Runner
from tests.store.databases import Server
from tracker.store.database import Database
from tracker.store.jobs import make_tables


@pytest.fixture(autouse=True)
def _no_search_for_garbage(monkeypatch: pytest.MonkeyPatch) -> None:
    leave_garbage(monkeypatch)


@pytest.fixture
def posts() -> Iterator[list[Post]]:
    found: list[Post] = []
    yield found
    for post in found:
        post.close()


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(durable=True)
    yield server
    server.stop()


@pytest.fixture(params=["threads/sqlite", "threads/postgresql", "jobs/postgresql"])
def runner(request: pytest.FixtureRequest, tmp_path: Path) -> Runner:
    driver, kind = request.param.split("/")
    if kind == "sqlite":
        return Runner(False, f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    url: str = request.getfixturevalue("postgresql").database()
    if driver == "jobs":
        database = Database(url)
        with database.transaction() as connection:
            make_tables(connection)
        database.close()
    return Runner(driver == "jobs", url)
