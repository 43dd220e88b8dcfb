"""What is recorded is written whole or not at all, and can be taken back to the byte."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.files.undo_log import UndoLog
from tracker.files.writing import FileChanged, write_if_unchanged

OLD, NEW = b"\xef\xbb\xbfid = 'x'\r\n", b"\xef\xbb\xbfid = 'x'\r\noccurred = 2028-01-01\r\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "real" / "events.toml"
    file.parent.mkdir()
    file.write_bytes(OLD)
    file.chmod(0o640)
    return file


def test_mode_and_link_stay(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "events.toml"
    link.symlink_to(file)

    write_if_unchanged(link, OLD, NEW)

    assert link.is_symlink()
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (NEW, 0o640)
    assert os.listdir(file.parent) == ["events.toml"]  # noqa: PTH208 - hidden ones too


def test_what_another_wrote_is_not_written_over(file: Path) -> None:
    file.write_bytes(b"id = 'y'\n")

    with pytest.raises(FileChanged):
        write_if_unchanged(file, OLD, NEW)

    assert file.read_bytes() == b"id = 'y'\n"


def test_a_file_marked_as_read_only_is_left_alone(file: Path) -> None:
    file.chmod(0o444)

    with pytest.raises(PermissionError):
        write_if_unchanged(file, OLD, NEW)

    assert file.read_bytes() == OLD


def test_a_new_file_is_not_written_over_one_that_came_meanwhile(tmp_path: Path) -> None:
    file = tmp_path / "events.toml"
    file.write_bytes(OLD)

    with pytest.raises(FileChanged):
        write_if_unchanged(file, b"", NEW)

    assert file.read_bytes() == OLD


def test_what_is_no_regular_file_is_never_replaced_by_one(tmp_path: Path) -> None:
    pipe = tmp_path / "events.toml"
    os.mkfifo(pipe)

    with pytest.raises(OSError, match="Invalid argument"):
        write_if_unchanged(pipe, b"", NEW)

    assert pipe.is_fifo()


def test_a_full_disk_leaves_the_old_file_whole_and_nothing_beside_it(file: Path) -> None:
    """No process may write a file of more than so many bytes: the disk is full at that place."""
    code = (
        "import sys, resource, signal; from pathlib import Path\n"
        "from tracker.files.writing import write_if_unchanged\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "file = Path(sys.argv[1])\n"
        "try: write_if_unchanged(file, file.read_bytes(), b'x' * 5000)\n"
        "except OSError: sys.exit(7)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(file)], check=False)

    assert ran.returncode == 7
    assert file.read_bytes() == OLD
    assert os.listdir(file.parent) == ["events.toml"]  # noqa: PTH208 - hidden ones too


def test_killed_in_the_middle_it_is_the_old_file_or_the_new_one(file: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from tracker.files.writing import write_if_unchanged\n"
        "file = Path(sys.argv[1]); old = file.read_bytes()\n"
        "print('ready', flush=True)\n"
        "while True:\n"
        "    new = (b'a' if old[:1] == b'b' else b'b') * 3_000_000\n"
        "    write_if_unchanged(file, old, new); old = new\n"
    )
    for wait in range(8):
        file.write_bytes(b"a" * 3_000_000)
        command = [sys.executable, "-c", code, str(file)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
            assert running.stdout is not None
            running.stdout.readline()
            for _ in range(wait + 1):
                assert file.read_bytes() in (b"a" * 3_000_000, b"b" * 3_000_000)
            running.send_signal(signal.SIGKILL)
        assert file.read_bytes() in (b"a" * 3_000_000, b"b" * 3_000_000)


def test_two_who_write_at_once_lose_nothing(file: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from tracker.files.writing import write_if_unchanged, FileChanged\n"
        "file = Path(sys.argv[1])\n"
        "for number in range(25):\n"
        "    while True:\n"
        "        old = file.read_bytes()\n"
        "        try: write_if_unchanged(file, old, old + f'{sys.argv[2]}{number}\\n'.encode()); break\n"
        "        except FileChanged: pass\n"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, str(file), name]) for name in "ab"]

    assert [one.wait() for one in both] == [0, 0]
    lines = file.read_text(encoding="utf-8-sig").split()
    assert {line for line in lines if line[0] in "ab"} == {
        f"{n}{k}" for n in "ab" for k in range(25)
    }


def test_what_was_recorded_is_taken_back_one_by_one(file: Path, tmp_path: Path) -> None:
    journal = UndoLog(tmp_path / "state")
    later = NEW + b"withdrawn = 2029-01-01\r\n"
    journal.note(file, OLD, NEW, "occurred x")
    journal.note(file, NEW, later, "withdraw x")

    last = journal.last(file)
    assert last is not None
    assert (last.what, last.undo(later)) == ("withdraw x", NEW)
    journal.drop(file)
    first = journal.last(file)
    assert first is not None
    assert first.undo(NEW) == OLD
    with pytest.raises(FileChanged):
        first.undo(later)
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_any_edit_is_taken_back_to_the_byte(before: bytes, after: bytes) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        journal, file = UndoLog(Path(folder)), Path(folder) / "events.toml"
        journal.note(file, before, after, "")
        entry = journal.last(file)

        assert entry is not None
        assert entry.undo(after) == before


@pytest.mark.parametrize("damage", [b"", b"{", b"[1]", b'[{"what": 1}]', b"null", b"\xff"])
def test_a_damaged_journal_is_no_history(file: Path, tmp_path: Path, damage: bytes) -> None:
    journal = UndoLog(tmp_path / "state")
    journal.note(file, OLD, NEW, "occurred x")
    (place,) = (tmp_path / "state").iterdir()
    place.write_bytes(damage)

    assert journal.last(file) is None
    journal.note(file, OLD, NEW, "occurred x")
    assert journal.last(file) is not None


#: By descriptors of folders, which Path.rename() does not take.
_rename = os.rename


def rename_twice(*names: Any, **folders: Any) -> None:
    """As a network share whose first answer is lost: the second says that there is no such file."""
    _rename(*names, **folders)
    _rename(*names, **folders)


def rename_stale(*names: Any, **folders: Any) -> None:
    _rename(*names, **folders)
    raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))


def rename_refused(*_: str, **__: int) -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


@pytest.mark.parametrize(
    ("rename", "is_written"),
    [(rename_twice, True), (rename_stale, True), (rename_refused, False)],
)
def test_a_share_that_renames_and_says_that_it_has_not_has_written(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rename: Callable[..., None],
    is_written: bool,
) -> None:
    file = tmp_path / "events.toml"
    file.write_bytes(b"before")
    monkeypatch.setattr(os, "replace", rename)

    with nullcontext() if is_written else pytest.raises(OSError, match=r"events\.toml"):
        write_if_unchanged(file, b"before", b"after")

    assert file.read_bytes() == (b"after" if is_written else b"before")
    assert list(tmp_path.iterdir()) == [file]
