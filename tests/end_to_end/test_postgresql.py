"""`tracker run` and `serve` on a PostgreSQL that several machines share."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

from tests.end_to_end.processes import Running, get, tracker, until
from tests.store.databases import Server

EVENTS = """\
id = "lease"
reminders = ["30 days", "7 days"]
[[event]]
id = "notice"
title = "Notice is due"
when = "2030-12-31"
"""
BEFORE, AFTER = "2030-11-21 12:00:00", "2030-12-01 09:00:30"


def machine(folder: Path, name: str, url: str) -> Path:
    """A machine's own folder, with its copy of the files."""
    home = folder / name
    home.mkdir()
    (home / "events.toml").write_text(EVENTS, encoding="utf-8")
    (home / "tracker.toml").write_text(
        f'database = "{url}"\n[[recipient]]\nname = "legal"\ntimezone = "UTC"\nat = "09:00"\n',
        encoding="utf-8",
    )
    return home


def idle(home: Path, at: str) -> str:
    done = tracker("run", "--until-idle", "-f", str(home / "events.toml"), home=home, at=at)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_two_machines_remind_once(postgresql: Server, tmp_path: Path) -> None:
    url = postgresql.database()
    first, second = (machine(tmp_path, name, url) for name in ("first", "second"))
    assert idle(first, BEFORE) == ""

    told = [idle(home, AFTER) for home in (first, second, first)]

    assert "[legal] Notice is due: in 30 days" in told[0]
    assert told[1:] == ["", ""]
    assert not list(tmp_path.rglob("*.sqlite3"))


@pytest.mark.long
def test_what_cannot_be_used_is_refused_in_one_line(postgresql: Server, tmp_path: Path) -> None:
    url = postgresql.database()
    idle(machine(tmp_path, "good", url), BEFORE)
    newer, bare = postgresql.database(), postgresql.database()
    idle(machine(tmp_path, "newer", newer), BEFORE)
    with psycopg.connect(newer, autocommit=True) as connection:
        connection.execute("UPDATE schema_version SET version = 99")
    with psycopg.connect(bare, autocommit=True) as connection:
        connection.execute("CREATE ROLE guest LOGIN")
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    wrong = {
        "down": ("postgresql://127.0.0.1:1/x", "Connection refused"),
        "missing": (url.replace("/test", "/none"), "does not exist"),
        "rights": (bare.replace("postgres:@", "guest:@"), "permission denied"),
        "newer": (newer, "newer tracker"),
        "scheme": ("oracle://h/x", "oracle"),
    }

    commands = [("run", "--port", "0"), ("serve", "--port", "0"), ("run", "--until-idle")]
    for name, (address, words) in wrong.items():
        home = machine(tmp_path, f"{name}-home", address)
        # Each is refused where the database is opened, by one function for all commands.
        for command in commands if name == "down" else commands[:1]:
            refused = tracker(*command, "-f", str(home / "events.toml"), home=home)
            assert refused.returncode == 2, refused.stderr
            assert refused.stderr.count("\n") == 1, refused.stderr
            assert words in refused.stderr


@pytest.fixture
def durable() -> Iterator[Server]:
    server = Server(durable=True)
    yield server
    server.stop()


def test_what_there_is_goes_on_being_served_while_the_server_is_down(
    durable: Server, tmp_path: Path
) -> None:
    home = machine(tmp_path, "home", durable.database())
    running = Running("-f", str(home / "events.toml"), home=home)
    address = running.address()
    feed = get(f"{address}calendar.ics").content
    durable.kill()
    (home / "events.toml").write_text(EVENTS.replace("2030-12-31", "2031-06-30"), encoding="utf-8")
    running.line_with("cannot be used")

    until(partial(shows, address, "June 2031"))
    assert get(f"{address}calendar.ics").content == feed
    until(lambda: get(f"{address}healthz").status_code == 503)
    durable.start()
    until(lambda: get(f"{address}healthz").status_code == 200)
    until(partial(shows, f"{address}calendar.ics", "DTSTART;VALUE=DATE:20310630"))
    assert running.stop() == 0
    assert not any("Traceback" in line for line in running.rest())


PATHS = ("", "timeline", "changes", "events/lease/notice", "calendar.ics", "calendar.ics?lang=ja",
         "feed.atom", "api/events")  # fmt: skip


@pytest.mark.long
def test_nodes_follow_again_after_the_server_was_away(durable: Server, tmp_path: Path) -> None:
    url = durable.database()
    homes = [machine(tmp_path, name, url) for name in ("first", "second")]
    nodes = [Running("-f", str(home / "events.toml"), home=home, command="serve") for home in homes]
    try:
        addresses = [node.address() for node in nodes]
        for moved in ("2031-06-30", "2031-07-31"):
            durable.kill()
            for node in nodes:
                node.line_with("cannot be used")
            durable.start()
            for node in nodes:
                node.line_with("the ledger is back")
            text = EVENTS.replace("2030-12-31", moved)
            (homes[0] / "events.toml").write_text(text, encoding="utf-8")
            for address in addresses:
                until(partial(shows, f"{address}calendar.ics", moved.replace("-", "")))
                until(partial(is_well, address))
        tags = {get(f"{address}calendar.ics").headers["etag"] for address in addresses}
        assert len(tags) == 1
    finally:
        for node in nodes:
            node.kill()
    for node in nodes:
        assert not any("Traceback" in line for line in node.rest())


def is_well(address: str) -> bool:
    return get(f"{address}healthz").status_code == 200


def answers(nodes: list[str]) -> list[list[tuple[bytes, str]]]:
    """What each node answers to each path: the bytes and their tag."""
    host = {"host": "deadlines.example.org"}
    return [
        [
            (found.content, found.headers["etag"])
            for path in PATHS
            for found in [get(node + path, headers=host)]
        ]
        for node in nodes
    ]


def shows(address: str, words: str) -> bool:
    return words in get(address).text


def test_any_number_of_nodes_give_the_same_bytes_under_the_same_tags(
    postgresql: Server, tmp_path: Path
) -> None:
    url = postgresql.database()
    homes = [machine(tmp_path, name, url) for name in ("first", "second")]
    for home in homes:
        with (home / "tracker.toml").open("a") as file:
            file.write('[web]\nurl = "https://deadlines.example.org"\npublic = true\n')
    nodes = [Running("-f", str(home / "events.toml"), home=home, command="serve") for home in homes]
    try:
        addresses = [node.address() for node in nodes]
        first = answers(addresses)
        moved = EVENTS.replace("2030-12-31", "2031-06-30")
        (homes[0] / "events.toml").write_text(moved, encoding="utf-8")
        for path, words in (("calendar.ics", "20310630"), ("changes", "30 June 2031")):
            for address in addresses:
                until(partial(shows, address + path, words))
        second = answers(addresses)
    finally:
        for node in nodes:
            node.kill()

    assert first[0] == first[1]
    assert second[0] == second[1]
    assert all(one != other for one, other in zip(first[0], second[0], strict=True))
    assert b"SEQUENCE:1" in second[1][PATHS.index("calendar.ics")][0]
