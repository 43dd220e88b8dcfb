"""Commands within this process, in a folder of their own, where nobody can be asked."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.attack.kind import Fault
from tracker import cli


class Said(NamedTuple):
    """What a call came to."""

    code: int
    out: str
    err: str


class Shell:
    """A folder in which commands are called, and a home beside it; both can be as they were."""

    def __init__(self, folder: Path, files: Mapping[str, bytes]) -> None:
        self.folder, self.home = folder / "office", folder / "home"
        self.files = files
        self.begin_anew()

    def begin_anew(self) -> None:
        """Everything as it was, whatever has been called."""
        for each in (self.folder, self.home):
            shutil.rmtree(each, ignore_errors=True)
            each.mkdir(parents=True)
        for name, content in self.files.items():
            (self.folder / name).write_bytes(content)
        os.chdir(self.folder)

    def call(self, *arguments: str, encoding: str = "utf-8") -> Said:
        """Runs a command to its end; raises Fault where it ends as no command may."""
        streams = sys.argv, sys.stdin, sys.stdout, sys.stderr
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2))
        try:
            with Path(os.devnull).open(encoding="utf-8") as nobody:
                sys.argv, sys.stdin = ["tracker", *arguments], nobody
                sys.stdout, sys.stderr = out, err
                code = cli.call(arguments)
        finally:
            sys.argv, sys.stdin, sys.stdout, sys.stderr = streams
        said = Said(code, _text(out, encoding), _text(err, encoding))
        _check(said)
        return said


def _text(stream: io.TextIOWrapper, encoding: str) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode(encoding)


def _check(said: Said) -> None:
    if said.code not in (0, 1, 2):
        raise Fault(f"it ended with {said.code}: {said.err[-300:]}")
    if said.code == 2 and not said.err.strip():
        raise Fault("it was refused without a word")
    for text in (said.out, said.err):
        if "Traceback (most recent" in text:
            raise Fault(f"a traceback: {text[-1500:]}")
        if "\x1b[2J" in text or "\x00" in text:
            raise Fault(f"a control character reached the screen: {text[-300:]!r}")


@contextmanager
def strangers_machine(home: Path) -> Iterator[None]:
    """As long as it lasts, this process is on a machine that knows nothing of us."""
    kept, place = dict(os.environ), Path.cwd()
    for variable in [name for name in os.environ if name.startswith(("TRACKER_", "LC_"))]:
        del os.environ[variable]
    for variable in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "HOME"):
        os.environ[variable] = str(home / variable)
    os.environ.update(LANG="C.UTF-8", TZ="UTC", COLUMNS="100")
    try:
        yield
    finally:
        os.chdir(place)
        os.environ.clear()
        os.environ.update(kept)
