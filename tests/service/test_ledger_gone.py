"""A ledger that is deleted, moved or replaced while it is open: nothing is sent, and it is said."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from io import StringIO
from pathlib import Path

import psycopg
import pytest

from tests.alerts.servers import HookSink
from tests.end_to_end.processes import until
from tests.reminders.scene import HEAD, LEGAL, NOTICE
from tests.store.databases import Server
from tracker.config import Config
from tracker.config.addresses import Address, read_address
from tracker.config.sending import DeliverySettings
from tracker.service.log import Log
from tracker.service.process import Process
from tracker.service.wiring import build_parts
from tracker.store.database import Database, LedgerError
from tracker.store.ledger import Ledger
from tracker.store.ledger_identity import LedgerIdentity

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def sink() -> Iterator[HookSink]:
    with HookSink() as sink:
        yield sink


class Run:
    """`tracker run` of one event, in a folder of its own."""

    def __init__(self, folder: Path, sink: HookSink, url: str | None = None) -> None:
        self.events, self.sink = folder / "events.toml", sink
        self.state = folder / "state" / "ledger.sqlite3"
        self.url = url or f"sqlite:///{self.state}"
        self.day = 1
        self.edit()
        self.begin()

    def edit(self) -> None:
        """Another day: an alert is owed."""
        self.day += 1
        text = NOTICE.replace("2030-12-31", f"2031-06-{self.day:02}")
        self.events.write_text(HEAD + text, encoding="utf-8")

    def begin(self) -> None:
        address = read_address(self.sink.url, ())
        assert isinstance(address, Address)
        recipient = replace(LEGAL, channels=(address.name,))
        addresses, sending = {address.name: address}, DeliverySettings(secret=SECRET)
        config = Config(self.url, (recipient,), None, frozenset(), None, addresses, sending)
        self.out = StringIO()
        log = Log("en", out=self.out)
        parts = build_parts([self.events], config, Database(self.url), log)
        self.process = Process(parts)
        self.process.start()

    def lines(self, words: str) -> list[str]:
        return [line for line in self.out.getvalue().splitlines() if words in line]

    @property
    def trouble(self) -> str | None:
        return self.process.parts.health.trouble()

    @property
    def sent(self) -> int:
        return self.process.parts.ledger.counts(["a"]).get("sent", 0)


@pytest.fixture
def run(tmp_path: Path, sink: HookSink) -> Iterator[Run]:
    run = Run(tmp_path, sink)
    run.edit()
    until(lambda: len(sink.requests) == 1 and run.sent == 1)
    yield run
    run.process.close()


def delete(file: Path, _aside: Path) -> None:
    file.unlink()


def delete_the_folder(file: Path, _aside: Path) -> None:
    shutil.rmtree(file.parent)


def move(file: Path, aside: Path) -> None:
    file.rename(aside / "elsewhere")


def replace_with_a_backup(file: Path, aside: Path) -> None:
    with closing(sqlite3.connect(file)) as here, closing(sqlite3.connect(aside / "copy")) as copy:
        here.backup(copy)
    (aside / "copy").rename(file)


def delete_what_was_written_last(file: Path, _aside: Path) -> None:
    file.with_name(f"{file.name}-wal").unlink()


def delete_what_processes_share(file: Path, _aside: Path) -> None:
    file.with_name(f"{file.name}-shm").unlink()


def lead_elsewhere(file: Path, aside: Path) -> None:
    Database(f"sqlite:///{aside / 'other'}").close()
    (aside / "link").symlink_to(aside / "other")
    (aside / "link").rename(file)


@pytest.mark.parametrize(
    ("do", "said"),
    [
        (delete, "is not there any more: it was deleted or moved"),
        (delete_the_folder, "is not there any more: it was deleted or moved"),
        (move, "is not there any more: it was deleted or moved"),
        (replace_with_a_backup, "is another file than the one that tracker has open"),
        (delete_what_was_written_last, "a part of the ledger, is not there any more"),
        (delete_what_processes_share, "a part of the ledger, is not there any more"),
        (lead_elsewhere, "is another file than the one that tracker has open"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_while_the_ledger_is_not_the_one_that_was_opened_nothing_is_sent_and_one_line_says_so(
    do: Callable[[Path, Path], None], said: str, run: Run, tmp_path: Path
) -> None:
    do(run.state, tmp_path)
    there = run.state.exists()
    until(lambda: run.trouble == "health.ledger-gone")
    run.edit()
    until(lambda: len(run.lines("read again")) == 2)
    run.process.tick()
    run.process.check_ledger()

    assert run.sink.arrived == 1
    (line,) = set(run.lines("")) - set(run.lines("read again"))
    assert (str(run.state) in line, said in line) == (True, True)
    assert run.trouble == "health.ledger-gone"
    assert run.state.exists() == there  # nobody has begun a new one


@pytest.mark.parametrize("do", [delete_what_was_written_last, delete_what_processes_share])
def test_what_a_process_would_not_see_is_not_written_beside_it(
    do: Callable[[Path, Path], None], run: Run, tmp_path: Path
) -> None:
    Database(run.url).close()
    do(run.state, tmp_path)

    with pytest.raises(LedgerError, match=r"ledger\.wal"):
        Database(run.url)
    run.process.close()
    Database(run.url).close()
    run.begin()
    run.edit()
    until(lambda: run.sent == 2)


def test_what_was_owed_meanwhile_goes_out_once_the_ledger_is_put_back(
    run: Run, tmp_path: Path
) -> None:
    run.state.rename(tmp_path / "elsewhere")
    until(lambda: run.trouble is not None)
    run.edit()
    until(lambda: len(run.lines("read again")) == 2)

    (tmp_path / "elsewhere").rename(run.state)

    until(lambda: run.sent == 2)
    until(lambda: run.trouble is None)
    assert run.sink.arrived == 2
    assert len(run.lines("is not there any more")) == len(run.lines("the ledger is back")) == 1


def test_a_process_whose_log_of_writes_was_deleted_writes_all_of_it_as_it_ends(run: Run) -> None:
    delete_what_was_written_last(run.state, run.state)
    until(lambda: run.trouble is not None)

    run.process.close()

    database = Database(run.url)
    assert Ledger(database).counts(["a"]) == {"sent": 1}
    database.close()
    with closing(sqlite3.connect(run.state)) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def _begin_ledger(file: Path) -> tuple[Database, LedgerIdentity]:
    """All of it is in the one file then."""
    database = Database(f"sqlite:///{file}")
    identity = LedgerIdentity(database)
    identity.check()
    with database.transaction() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return database, identity


def test_another_ledger_that_is_copied_over_the_open_file_is_not_written(tmp_path: Path) -> None:
    file, other = tmp_path / "ledger.sqlite3", tmp_path / "other.sqlite3"
    _begin_ledger(other)[0].close()
    database, identity = _begin_ledger(file)
    before = file.read_bytes()

    file.write_bytes(other.read_bytes())

    with pytest.raises(LedgerError, match=r"ledger\.other"):
        identity.check()
    with pytest.raises(LedgerError, match=r"ledger\.other"):
        Ledger(database).counts(["a"])
    file.write_bytes(before)
    identity.check()
    assert Ledger(database).counts(["a"]) == {}
    database.close()


def test_a_servers_database_that_is_made_anew_is_another_ledger(postgresql: Server) -> None:
    url = postgresql.database()
    database = Database(url)
    identity = LedgerIdentity(database)
    identity.check()
    with psycopg.connect(url) as admin:
        kept = admin.execute("SELECT name, value FROM secret").fetchall()
        admin.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    with pytest.raises(LedgerError, match=r"ledger\.other"):  # its tables are gone
        identity.check()
    anew = Database(url)  # another machine begins
    LedgerIdentity(anew).check()
    for _ in range(2):
        with pytest.raises(LedgerError, match=r"ledger\.other"):
            identity.check()
    with pytest.raises(LedgerError, match=r"ledger\.other"):
        Ledger(database).counts(["a"])

    with psycopg.connect(url) as admin:  # its backup is restored
        admin.execute("UPDATE secret SET value = %s WHERE name = %s", (kept[0][1], kept[0][0]))

    identity.check()
    assert Ledger(database).counts(["a"]) == {}
    anew.close()
    database.close()


def put_a_backup_in_its_place(run: Run, aside: Path) -> Path:
    """Gives where the earlier one is, what was written last to which is in its -wal."""
    with (
        closing(sqlite3.connect(run.state)) as here,
        closing(sqlite3.connect(aside / "copy")) as copy,
    ):
        here.backup(copy)
    run.edit()
    until(lambda: run.sent == 2)
    run.state.rename(aside / "earlier")
    (aside / "copy").rename(run.state)
    until(lambda: bool(run.lines("is another file than the one that tracker has open")))
    with pytest.raises(LedgerError, match="replaced"):
        Database(run.url)
    return aside / "earlier"


def test_a_backup_that_is_put_in_its_place_is_whole_once_tracker_is_begun_anew(
    run: Run, tmp_path: Path
) -> None:
    put_a_backup_in_its_place(run, tmp_path)

    run.process.close()
    run.begin()

    until(lambda: run.sent == 2)  # one as the backup has it, and what it does not know of
    with closing(sqlite3.connect(run.state)) as restored:
        assert restored.execute("pragma integrity_check").fetchone() == ("ok",)


def test_the_earlier_ledger_that_is_put_back_lacks_nothing(run: Run, tmp_path: Path) -> None:
    earlier = put_a_backup_in_its_place(run, tmp_path)

    earlier.replace(run.state)

    until(lambda: bool(run.lines("the ledger is back")))
    assert run.sent == 2
