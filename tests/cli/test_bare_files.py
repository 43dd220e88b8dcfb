"""Files that state little or nothing: every command says so, and none loses a byte."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest

from tests.cli.calls import Caller

ID, BOM = b'id = "x"\n', b"\xef\xbb\xbf"
EVENT = b'\n[[event]]\nid = "e"\ntitle = "E"\nwhen = 2030-01-31\n'
#: Each with what stands in events.toml; None: there is no such file.
BARE: dict[str, bytes | None] = {
    "missing": None,
    "empty": b"",
    "white space": b" \n\t\n",
    "comments": b"# mine\n  # too\n",
    "a comment, cut off": b"# mine",
    "comments of Windows": b"# mine\r\n# too\r\n",
    "a mark alone": BOM,
    "a mark and a comment": BOM + b"# mine\r\n",
}
STATED: dict[str, bytes] = {
    "an id": ID,
    "an id, cut off": ID.rstrip(),
    "an id of Windows": b'id = "x"\r\ntitle = "X"\r\n',
    "an id behind a mark": BOM + b'id = "x"\r\n',
    "an id and a comment": ID + b"# to be continued",
    "an id and a zone": ID + b'timezone = "Asia/Tokyo"',
    "an event": ID + EVENT,
    "an event, cut off": ID + EVENT.rstrip(),
    "an event of Windows": (ID + EVENT).replace(b"\n", b"\r\n"),
    "a source": ID + b'[sources.s]\ntitle = "S"',
    "an amendment": ID + b'[[amendment]]\nid = "m0"\non = 2026-01-01',
}
WRONG: dict[str, bytes] = {
    "a zone alone": b'timezone = "Asia/Tokyo"\n',
    "an event alone": EVENT,
    "no TOML": b"id = \n",
    "no text": b"\xff\xfe\x00",
    "nul": b"\0",
    "an event as a value": b"event = 3\n",
    "an id that is none": b'id = ""\n',
}
READING = (
    (), ("list",), ("agenda",), ("check",), ("show", "e"), ("explain", "e"), ("timeline",),
    ("timeline", "--svg"), ("what-if", "e=2027-01-01"), ("changes", "2026-01-01", "2027-01-01"),
    ("feed",), ("feed", "--form", "json"), ("publish", "site"), ("doctor",), ("list", "--json"),
    ("alerts", "list"),
)  # fmt: skip
WRITING = (
    ("occurred", "e", "2030-01-31", "--yes"), ("withdraw", "e", "--yes"),
    ("add", "new", "New", "--when", "2031-01-31", "--yes"),
    ("amend", "m", "e", "--title", "E", "--when", "2031-01-31", "--yes"),
    ("occurred", "--undo", "--yes"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _no_ledger_of_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.mark.parametrize("command", READING, ids=" ".join)
@pytest.mark.parametrize("name", [*BARE, *STATED, *WRONG])
def test_whatever_a_file_holds_each_command_answers(
    call: Caller, name: str, command: tuple[str, ...]
) -> None:
    content = {**BARE, **STATED, **WRONG}[name]
    if content is not None:
        call.write("events.toml", content)

    called = call(*command)

    assert called.code in (0, 1, 2)
    assert "Traceback" not in called.err
    assert called.out or called.err
    if name not in STATED:
        assert called.code != 0 or command[0] == "doctor"
    if content is not None:
        assert (call.folder / "events.toml").read_bytes() == content


@pytest.mark.parametrize("command", WRITING, ids=" ".join)
@pytest.mark.parametrize("name", [*BARE, *STATED, *WRONG])
def test_what_is_written_stands_behind_all_that_was_there_and_is_taken_back(
    call: Caller, name: str, command: tuple[str, ...]
) -> None:
    before = {**BARE, **STATED, **WRONG}[name]
    file = call.folder / "events.toml"
    if before is not None:
        file.write_bytes(before)

    called = call(*command)

    if called.code != 0:
        assert called.err
        assert (file.read_bytes() if file.exists() else None) == before
        assert command[0] != "add" or name in WRONG
        return
    after = file.read_bytes()
    assert after.startswith((before or b"").rstrip())
    assert (b"\r\n" in after) == (b"\r\n" in (before or b""))
    assert after.endswith(b"\n") or not (before or b"\n").endswith(b"\n")
    assert call("check").code == 0
    assert call("add", "--undo", "--yes").code == 0
    assert (file.read_bytes() if file.exists() else b"") == (before or b"")


def test_a_file_is_begun_under_the_name_of_its_folder(call: Caller) -> None:
    called = call("add", "report", "The report", "--when", "2028-03-15", "--yes")

    assert called.code == 0, called.err
    assert (call.folder / "events.toml").read_bytes() == (
        b'id = "mill-street"\n\n[[event]]\nid = "report"\ntitle = "The report"\nwhen = "2028-03-15"\n'
    )
    assert call("check").code == 0


@pytest.mark.parametrize(
    ("arguments", "agreement"),
    [
        (("-f", "lease.toml", "add", "a", "A"), "lease"),
        (("-f", "lease.toml", "add", "deal/a", "A"), "deal"),
        (("-f", "lease.toml", "add", "a", "A", "--agreement", "deal"), "deal"),
        (("-f", "Old Lease!.toml", "add", "a", "A"), "old-lease"),
        (("-f", "end.toml", "add", "a", "A"), "mill-street"),
        (("-f", "契約.toml", "add", "a", "A"), "mill-street"),
    ],
)
def test_a_file_is_begun_under_the_name_that_is_said(
    call: Caller, arguments: tuple[str, ...], agreement: str
) -> None:
    called = call(*arguments, "--when", "open", "--yes")

    assert called.code == 0, called.err
    assert (call.folder / arguments[1]).read_text().startswith(f'id = "{agreement}"\n')


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "a", "A", "--when", "open"), "there is nobody to ask; say --yes"),
        (("add", "a", "A", "--when", "2030", "--yes"), "Nothing is written"),
        (("add", "A!", "A", "--when", "open", "--yes"), "Nothing is written"),
        (("add", "a", "A", "--agreement", "A b", "--when", "open", "--yes"), "Nothing is written"),
        (("-f", "nowhere/x.toml", "add", "a", "A", "--when", "open", "--yes"), "there is no file"),
        (("-f", "x.toml", "-f", "y.toml", "add", "a", "A", "--when", "open"), "there is no file"),
        (("amend", "m", "a", "--when", "open", "--yes"), "there is no file"),
        (("occurred", "a", "--yes"), "there is no file"),
        (("-f", ".", "add", "a", "A", "--when", "open", "--yes"), "there is no file"),
    ],
)
def test_a_file_is_begun_with_what_is_right_alone_and_when_asked_to(
    call: Caller, arguments: tuple[str, ...], said: str
) -> None:
    called = call(*arguments)

    assert called.code != 0
    assert said in called.err
    assert list(call.folder.iterdir()) == []


def test_a_link_to_a_file_that_is_not_there_is_kept(call: Caller) -> None:
    (call.folder / "real").mkdir()
    link = call.folder / "events.toml"
    link.symlink_to("real/agreed.toml")

    called = call("add", "a", "A", "--when", "open", "--yes")

    assert called.code == 0, called.err
    assert link.is_symlink()
    assert (call.folder / "real" / "agreed.toml").is_file()


def test_a_file_that_cannot_be_read_is_named(call: Caller) -> None:
    for command in (("list",), ("check",), *WRITING[:4]):
        called = call("-f", "/proc/self/mem", *command)

        assert called.code == 2
        assert (
            called.err
            == "tracker: /proc/self/mem cannot be read: reading or writing failed (input/output error)\n"
        )


def test_a_new_file_may_be_read_by_whom_the_machine_lets(call: Caller) -> None:
    mask = os.umask(0o027)
    try:
        call("add", "a", "A", "--when", "open", "--yes")
    finally:
        os.umask(mask)

    assert stat.S_IMODE((call.folder / "events.toml").stat().st_mode) == 0o640


def test_what_is_no_regular_file_is_refused(call: Caller) -> None:
    (call.folder / "events.toml").mkdir()

    for command in (("list",), *WRITING[:4]):
        called = call(*command)

        assert called.code == 2
        assert called.err.startswith("tracker: there is no file events.toml/*.toml")
    shutil.rmtree(call.folder / "events.toml")
    (call.folder / "events.toml").symlink_to("events.toml")
    for command in (("list",), *WRITING[:4]):
        called = call(*command)

        assert called.code == 2
        assert "events.toml cannot be read: its links lead round in a circle" in called.err
