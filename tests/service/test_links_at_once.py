"""A secret link is open, or closed, from the instant on at which the command that says so returns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.reminders.scene import HEAD, NOTICE
from tests.store.databases import KINDS, Server
from tests.web.sites import FixedSource, site_of
from tracker import clock
from tracker.files.loading import read
from tracker.service.secret_links import OpenLinks
from tracker.store.database import Database
from tracker.store.secret_links import LinkRegistry
from tracker.timeline.resolver import resolve
from tracker.web.app import make_app

AGREEMENTS, _ = read(["a.toml"], [(HEAD + NOTICE).encode()])
TIMELINE = resolve(AGREEMENTS, clock.today("UTC"))


class Machine:
    """A process that serves, in which no job ever runs."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.links = OpenLinks(self.database, lambda: AGREEMENTS)
        site = site_of(
            FixedSource(TIMELINE),
            public=False,
            hosts=frozenset(("testserver",)),
            filter_of_secret=self.links.filter_of_secret,
            look_up_links=self.links.look_up,
        )
        self.client = TestClient(make_app(site))

    def get(self, secret: str | None) -> int:
        return self.client.get(f"/s/{secret}/calendar.ics").status_code

    def close(self) -> None:
        self.links.close()
        self.database.close()


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    address: str = request.getfixturevalue("postgresql").database()
    return address


@pytest.fixture
def machines(url: str) -> Iterator[list[Machine]]:
    machines = [Machine(url) for _ in range(2)]
    for machine in machines:
        machine.client.__enter__()  # one loop for all of its requests, as it has when it serves
    yield machines
    for machine in machines:
        machine.client.__exit__(None, None, None)
        machine.close()


def test_a_link_opens_and_closes_at_once_on_every_machine(
    url: str, machines: list[Machine]
) -> None:
    command = Database(url)  # another process: `tracker token`
    registry = LinkRegistry(command)
    for round_ in range(3):
        name = f"board {round_}"
        secret = registry.add(name, (), ["a"], clock.now())
        opened = [machine.get(secret) for machine in machines for _ in range(2)]
        registry.revoke(name, ["a"], clock.now())
        closed = [machine.get(secret) for machine in machines]

        assert (opened, closed) == ([200] * 4, [404] * 2)
    command.close()


def test_while_a_sqlite_ledger_cannot_be_read_no_link_shows_anything(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite3"
    machine = Machine(f"sqlite:///{file}")
    secret = LinkRegistry(machine.database).add("board", (), ["a"], clock.now())
    assert machine.get(secret) == 200
    machine.database.engine.dispose()
    machine.links.close()
    file.rename(tmp_path / "elsewhere")

    answers = [machine.client.get(f"/s/{each}/calendar.ics") for each in (secret, "never-was")]

    assert [answer.status_code for answer in answers] == [503, 503]
    assert answers[0].text == answers[1].text  # nothing tells which of them there is
    assert answers[0].headers["retry-after"] == "30"
    (tmp_path / "elsewhere").rename(file)
    assert machine.get(secret) == 200
    machine.close()


def test_while_a_server_is_away_no_link_shows_anything(server: Server) -> None:
    machine = Machine(server.database())
    secret = LinkRegistry(machine.database).add("board", (), ["a"], clock.now())
    with machine.client:
        before = machine.get(secret)
        server.kill()
        during = machine.get(secret)
        server.start()
        after = machine.get(secret)
        server.kill()
        server.start()
        after_a_restart = machine.get(secret)
    machine.close()

    assert (before, during, after, after_a_restart) == (200, 503, 200, 200)
