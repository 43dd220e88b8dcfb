"""What commands do where the ledger is gone: none takes an empty one for it, and none begins one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.calls import Caller
from tests.reminders.scene import HEAD, NOTICE
from tracker.store.database import Database

COMMANDS = [
    ("alerts", "list"),
    ("alerts", "ack", "notice"),
    ("alerts", "snooze", "notice", "1 week"),
    ("alerts", "retry"),
    ("alerts", "drop", "--recipient", "a", "--yes"),
    ("alerts", "test", "a"),
    ("token", "add", "phone"),
    ("token", "list"),
    ("token", "revoke", "phone"),
]


@pytest.fixture
def ledger(call: Caller) -> Path:
    ledger = call.folder / "ledgers" / "ledger.sqlite3"
    call.write("events.toml", HEAD + NOTICE)
    settings = f'database = "sqlite:///{ledger}"\n[[recipient]]\nname = "a"\nto = ["terminal"]\n'
    call.write("tracker.toml", settings)
    return ledger


def of_a_process(ledger: Path) -> None:
    ledger.with_name(f"{ledger.name}.running").mkdir(parents=True)


def of_what_was_written_last(ledger: Path) -> None:
    ledger.parent.mkdir()
    ledger.with_name(f"{ledger.name}-wal").touch()


def of_an_earlier_version(ledger: Path) -> None:
    ledger.parent.mkdir()
    ledger.with_name(f"{ledger.name}.version-6").touch()


def of_a_link(ledger: Path) -> None:
    ledger.parent.mkdir()
    ledger.symlink_to(ledger.with_name("elsewhere"))


TRACES = [of_a_process, of_what_was_written_last, of_an_earlier_version, of_a_link]


@pytest.mark.parametrize("leave_trace", TRACES)
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_refuses_where_the_ledger_is_gone(
    call: Caller, ledger: Path, words: tuple[str, ...], leave_trace: Callable[[Path], None]
) -> None:
    leave_trace(ledger)
    files = sorted(call.folder.rglob("*"))
    said = call(*words)

    assert (said.code, said.out) == (2, "")
    assert f"the ledger sqlite:///{ledger} is not there any more" in said.err
    assert sorted(call.folder.rglob("*")) == files


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_says_that_a_folder_is_no_ledger(
    call: Caller, ledger: Path, words: tuple[str, ...]
) -> None:
    ledger.mkdir(parents=True)
    said = call(*words)

    assert (said.code, said.out) == (2, "")
    assert f"the ledger sqlite:///{ledger} cannot be used: it is a folder" in said.err


def test_who_begins_a_ledger_says_so_once(call: Caller, ledger: Path) -> None:
    first, again = call("alerts", "ack", "notice"), call("alerts", "ack", "notice")

    assert f"there was no ledger at sqlite:///{ledger}: it is begun now" in first.err
    assert "ledger" not in again.err
    assert Database(f"sqlite:///{ledger}").is_new is False


@pytest.mark.parametrize(
    "words",
    [
        ("alerts", "ack", "nosuch"),
        ("alerts", "snooze", "nosuch", "1 week"),
        ("alerts", "snooze", "notice", "no time"),
        ("run", "--until-idle", "--metrics", "nonsense"),
        ("run", "--until-idle", "--metrics", "127.0.0.1:99999999"),
    ],
    ids=" ".join,
)
def test_a_call_that_is_refused_begins_no_ledger(
    call: Caller, ledger: Path, words: tuple[str, ...]
) -> None:
    called = call(*words)

    assert called.code == 2
    assert called.err.count("\n") == 1
    assert not ledger.parent.exists()
