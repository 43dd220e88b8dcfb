"""Killed in the midst of recording: `kill -9` before a random call to the system, or after a while.

What comes after it finds each file as it was or as it was to be, and nothing half; what was confirmed
is there; the ledger is sound and has what was acknowledged; and a record can be made, and taken back.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NoReturn

from tests.attack.kind import STEPS, Desk, Fault, Kind, listed
from tests.attack.records import DAYS, POINTS, draw_record, files
from tests.attack.shells import Said, Shell, strangers_machine
from tracker.cli.app import make_program
from tracker.files.loading import read

if TYPE_CHECKING:
    from _typeshed import FileDescriptorLike
    from typing_extensions import Buffer

_SETTINGS = (
    b'database = "sqlite:///ledger.sqlite3"\n[[recipient]]\nname = "legal"\nto = ["terminal"]\n'
)
_FILES = ("-f", "events.toml", "-f", "house.toml")
_VIEW = ("--as-of", "2028-09-15")
#: What a command does to the system, by the names that Python tells of it (PEP 578).
_WATCHED = ("open", "os.", "fcntl.", "sqlite3.", "tempfile.", "shutil.", "pathlib.")
_WRITE, _FSYNC = os.write, os.fsync
_SECONDS = 60
_CONFIRMED = "--undo takes it back"


def draw_kills(chance: Random) -> bytes:
    """Records, of which each is killed: at which of its calls to the system, or after which time."""
    steps = []
    for _ in range(chance.choice((1, 2, 4))):
        words = draw_record(chance) if chance.random() < 0.7 else _acknowledgement(chance)
        at = chance.choice((chance.randrange(1, 40), chance.randrange(1, 400), None))
        steps.append([words, at, round(chance.uniform(0.001, 0.3), 4)])
    return listed(steps)


def _acknowledgement(chance: Random) -> list[str]:
    action = chance.choice((["ack"], ["ack", "--undo"], ["snooze"]))
    day = ["2099-01-01"] if action == ["snooze"] else []
    return ["alerts", action[0], chance.choice(POINTS), *day, *action[1:]]


class _Kills:
    def __init__(self, folder: Path) -> None:
        self._shell = Shell(folder, {**files(), "tracker.toml": _SETTINGS})
        self._said = folder / "said"

    def attempt(self, case: bytes) -> None:
        shell = self._shell
        shell.begin_anew()
        for words, at, seconds in json.loads(case):
            before = self._texts()
            view = () if words[0] == "alerts" else (*_VIEW, "--yes")
            said = self._killed([*words, *_FILES, *view], at, seconds)
            self._check(before, self._texts(), said)
        self._check_goes_on()

    def _texts(self) -> dict[str, bytes]:
        return {name: (self._shell.folder / name).read_bytes() for name in files()}

    def _killed(self, words: list[str], at: int | None, seconds: float) -> str:
        """What a call had said until it was killed, or had ended."""
        child = os.fork()
        if child == 0:
            self._run_until_killed(words, at)
        if at is None:
            threading.Event().wait(seconds)
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return self._said.read_text("utf-8", "replace")

    def _run_until_killed(self, words: list[str], at: int | None) -> NoReturn:
        try:
            out = os.open(self._said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(out, 1)
            os.dup2(out, 2)
            signal.alarm(_SECONDS)
            sys.stdout, sys.stderr = (
                os.fdopen(number, "w", buffering=1, encoding="utf-8") for number in (1, 2)
            )
            if at is not None:
                _kill_at_call(at)
            from tracker import cli

            sys.argv = ["tracker", *words]
            cli.call(words)
        finally:
            sys.stdout.flush()
            os._exit(0)

    def _check(self, before: dict[str, bytes], after: dict[str, bytes], said: str) -> None:
        read([*after], [*after.values()])  # whole, and as it may be
        if _CONFIRMED in said:
            if before == after:
                raise Fault(f"confirmed, and not there: {said[-300:]}")
            self._expect(self._shell.call("occurred", "--undo", "--yes", *_FILES, *_VIEW), "--undo")
            if self._texts() != before:
                raise Fault("what was taken back is not as it was")
        if "Traceback" in said:
            raise Fault(said[-2000:])
        ledger = self._shell.folder / "ledger.sqlite3"
        if ledger.exists():
            with closing(sqlite3.connect(ledger)) as connection:
                sound = connection.execute("PRAGMA integrity_check").fetchone()
            if sound != ("ok",):
                raise Fault(f"the ledger is damaged: {sound}")

    def _check_goes_on(self) -> None:
        """A record is made and taken back, and the ledger can be read and written."""
        shell, before = self._shell, self._texts()
        name = f"after-{len(before['events.toml'])}"
        made = shell.call("occurred", f"breach@{name}", DAYS[0], "--yes", *_FILES, *_VIEW)
        self._expect(made, "a record")
        self._expect(shell.call("occurred", "--undo", "--yes", *_FILES, *_VIEW), "taking it back")
        if self._texts() != before:
            raise Fault("what was taken back is not as it was")
        self._expect(
            shell.call("alerts", "ack", "statement", *_FILES), "an acknowledgement", (0, 2)
        )
        self._expect(shell.call("alerts", "list", *_FILES), "the list of alerts")
        rubbish = [file.name for file in shell.folder.iterdir() if file.name.endswith(".new")]
        if rubbish:
            raise Fault(f"left over: {rubbish}")

    def _expect(self, said: Said, what: str, codes: tuple[int, ...] = (0,)) -> None:
        if said.code not in codes:
            raise Fault(f"{what} is refused: {said.err}")


def _kill_at_call(number: int) -> None:
    """This process ends as by kill -9 at that one of its calls to the system from now on.

    Of what it was to write with that call, half is written.
    """
    count = 0

    def strike(half: Callable[[], object] | None = None) -> None:
        nonlocal count
        count += 1
        if count == number:
            if half is not None:
                half()
            os.kill(os.getpid(), signal.SIGKILL)

    def hook(event: str, _arguments: object) -> None:
        if event.startswith(_WATCHED):
            strike()

    def write(file: int, data: Buffer) -> int:
        half = memoryview(data)[: memoryview(data).nbytes // 2]
        strike(lambda: _WRITE(file, half))
        return _WRITE(file, data)

    def fsync(fd: FileDescriptorLike) -> None:
        strike()
        _FSYNC(fd)

    os.write, os.fsync = write, fsync  # of these Python tells nothing
    sys.addaudithook(hook)


@contextmanager
def _desk(folder: Path) -> Iterator[Desk]:
    make_program()  # all that is loaded now need not be loaded again by each that is killed
    with strangers_machine(folder / "home"):
        yield Desk(_Kills(folder).attempt)


KILLS = Kind("kills", draw_kills, _desk, STEPS, seconds=10.0, share=0.1)
