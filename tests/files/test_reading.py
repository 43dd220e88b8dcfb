"""Whatever stands under a name is read within bounds, or refused with what it is."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from tracker.failures.exceptions import reason_of
from tracker.files import reading
from tracker.files.reading import read_file, read_regular_file
from tracker.files.revisions import contents_at

GIGABYTES = 10 * 1024**3


def sparse_file(file: Path) -> None:
    file.touch()
    os.truncate(file, GIGABYTES)


def unix_socket(file: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as listening:
        listening.bind(os.fspath(file))


def link_to(target: str) -> Callable[[Path], None]:
    return lambda file: file.symlink_to(target)


ODD = [
    (Path.mkdir, "it is a folder"),
    (sparse_file, "it is larger than 64 MB"),
    (unix_socket, "it is no file, but a device or a socket"),
    (os.mkfifo, "nothing comes out of this pipe"),
    (link_to("/dev/zero"), "it is larger than 64 MB"),
    (link_to("/dev/full"), "it is larger than 64 MB"),
    (link_to("loop"), "its links lead round in a circle"),
    (link_to("nowhere"), "there is no such file or folder"),
    (link_to("/proc/self/mem"), "reading or writing failed (input/output error)"),
]


@pytest.mark.parametrize(("make", "said"), ODD)
def test_what_is_no_file_is_refused_with_what_it_is_and_takes_no_memory(
    tmp_path: Path, make: Callable[[Path], object], said: str
) -> None:
    file = tmp_path / "loop"
    make(file)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(OSError, match="loop") as refused:
        read_file(file)

    assert reason_of(refused.value).text("en").startswith(said)
    assert refused.value.filename == str(file)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kB


@pytest.mark.parametrize(("make", "_said"), ODD)
def test_what_is_read_again_and_again_has_to_be_a_regular_file(
    tmp_path: Path, make: Callable[[Path], object], _said: str
) -> None:
    file = tmp_path / "loop"
    make(file)

    with pytest.raises(OSError, match="loop"):
        read_regular_file(file)


def test_a_pipe_is_read_until_it_ends_however_slowly_it_is_filled(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    number = os.open(pipe, os.O_RDWR)
    os.write(number, b"first ")

    def go_on() -> None:
        os.write(number, b"last" * 100_000)
        os.close(number)

    writer = Thread(target=go_on)
    writer.start()
    content = read_file(pipe)
    writer.join()

    assert content == b"first " + b"last" * 100_000


def test_a_pipe_that_nobody_fills_is_waited_for_no_longer_than_a_person_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    monkeypatch.setattr(reading, "PATIENCE", 0.01)
    number = os.open(pipe, os.O_RDWR)

    with pytest.raises(OSError, match="silent-pipe"):
        read_file(pipe)

    os.close(number)


@pytest.mark.parametrize("size", [0, 1, 99, 100])
def test_what_is_as_large_as_may_be_is_read(tmp_path: Path, size: int) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x" * size)

    assert read_file(file, 100) == b"x" * size


def test_a_file_of_a_revision_has_the_same_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "events.toml"
    file.write_bytes(b"x" * 101)
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        names = ["-c", "user.name=n", "-c", "user.email=n@example.org"]
        subprocess.run(["git", *names, *arguments], cwd=tmp_path, check=True)

    assert contents_at("HEAD", [file]) == [(file, b"x" * 101)]
    monkeypatch.setattr("tracker.files.revisions.MOST_BYTES", 100)
    with pytest.raises(OSError, match="larger-file"):
        contents_at("HEAD", [file])
