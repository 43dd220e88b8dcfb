"""`tracker doctor` where there is no ledger: it begins none, and tells a first start from a loss."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.calls import Caller
from tests.reminders.scene import HEAD, NOTICE
from tracker.store.database import Database
from tracker.store.outbox import Outbox


def never(_ledger: Path) -> None:
    """Nobody has begun one."""


def lost(trace: str) -> Callable[[Path], None]:
    """One was there, and left that beside it."""

    def lose(ledger: Path) -> None:
        Database(f"sqlite:///{ledger}").close()
        ledger.with_name(f"{ledger.name}{trace}").touch()
        ledger.unlink()

    return lose


def folder_in_its_place(ledger: Path) -> None:
    ledger.mkdir(parents=True)


def file_for_its_folder(ledger: Path) -> None:
    ledger.parent.touch()


class Case(NamedTuple):
    before: Callable[[Path], None]
    ok: bool
    text: str


CASES = [
    Case(never, True, "there is no ledger at {url} yet"),
    Case(lost(".running"), False, "the ledger {url} is not there any more"),
    Case(lost("-wal"), False, "the ledger {url} is not there any more"),
    Case(lost(".version-6"), False, "the ledger {url} is not there any more"),
    Case(folder_in_its_place, False, "the ledger {url} cannot be used: it is a folder"),
    Case(file_for_its_folder, False, "the ledger {url} cannot be used: "),
]


@pytest.mark.parametrize("case", CASES)
def test_a_ledger_that_is_not_there_is_told_of_and_not_begun(call: Caller, case: Case) -> None:
    ledger = call.folder / "ledgers" / "ledger.sqlite3"
    url = f"sqlite:///{ledger}"
    call.write("events.toml", HEAD + NOTICE)
    call.write(
        "tracker.toml", f'database = "{url}"\n[[recipient]]\nname = "a"\nto = ["terminal"]\n'
    )
    case.before(ledger)
    files = sorted(call.folder.rglob("*"))
    said = call("doctor", "--json")

    found = [row for row in json.loads(said.out) if row["check"] == "ledger"]
    assert [row["ok"] for row in found] == [case.ok]
    assert found[0]["text"].startswith(case.text.format(url=url))
    assert found[0]["advice"]
    assert said.code == (0 if case.ok else 1)
    assert sorted(call.folder.rglob("*")) == files


def test_a_part_that_is_lost_has_the_advice_that_holds_alone(call: Caller) -> None:
    ledger = call.folder / "ledger.sqlite3"
    call.write("events.toml", HEAD + NOTICE)
    call.write("tracker.toml", f'database = "sqlite:///{ledger}"\n')
    with closing(Database(f"sqlite:///{ledger}")) as database, closing(Outbox(database)):
        ledger.with_name(f"{ledger.name}-shm").unlink()
        said = call("doctor", "--json")

    rows = [row for row in json.loads(said.out) if row["check"] == "ledger"]
    assert said.code == 1
    assert [(row["ok"], row["advice"]) for row in rows] == [(False, None)]
    assert "End tracker" in rows[0]["text"]
