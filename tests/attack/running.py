"""Trying the cases of a kind: in this process, or in one of its own that may crash or hang."""

from __future__ import annotations

import faulthandler
import json
import os
import resource
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import NamedTuple, NoReturn, TypeAlias

from tests.attack.kind import Fault, Kind
from tests.attack.measuring import Meter, cpu_seconds

#: Cases with their numbers, from a number on.
Cases: TypeAlias = Callable[[int], Iterable[tuple[int, bytes]]]
#: Beyond so many times what a case may take its process is killed, and after so many seconds in
#: which it was not through, since what it waits for does not come.
_TIMES, _PATIENCE = 4.0, 180.0
_LONGEST_TOLD = 6000
_MOST_BYTES = 6 * 1024**3  #: else the machine would suffer with it


class Outcome(NamedTuple):
    """What became of a case."""

    number: int
    seconds: float = 0.0
    megabytes: float = 0.0
    size: int = 0
    fault: str = ""  #: what went wrong; empty: nothing
    cause: str = ""  #: where: faults of one cause are one


def case_of(kind: Kind, seed: int, number: int) -> bytes:
    """That case: the same wherever and whenever it is drawn."""
    return kind.draw(Random(f"{seed} {kind.name} {number}"))


def attempts(kind: Kind, cases: Iterable[tuple[int, bytes]], folder: Path) -> Iterator[Outcome]:
    """Tries them here, one after another."""
    with kind.open_desk(folder) as desk:
        meter = Meter(desk.process)
        for number, case in cases:
            fault, cause = "", ""
            meter.begin()
            try:
                desk.attempt(case)
            except Exception as error:  # noqa: BLE001 - whatever comes through is looked for
                fault, cause = _describe(error)
            seconds, megabytes = meter.end()
            if not fault and seconds > (allowed := kind.allowance(case)):
                fault, cause = f"it took {seconds:.1f} s, and may take {allowed:.1f}", "time"
            if not fault and megabytes > kind.megabytes:
                fault = f"it took {megabytes:.0f} MB, and may take {kind.megabytes:.0f}"
                cause = "memory"
            yield Outcome(number, seconds, megabytes, len(case), fault, cause)


def _describe(error: Exception) -> tuple[str, str]:
    """An exception with the way it came, and the last place on that way that is tracker's own."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/tracker/" in frame.filename] or frames
    place = f"{Path(ours[-1].filename).name}:{ours[-1].name}"
    text = "".join(traceback.format_exception(error, limit=-12))
    words = str(error)[:40] if isinstance(error, Fault) else ""
    return text[-_LONGEST_TOLD:], f"{type(error).__name__} {place} {words}".strip()


def attempts_apart(kind: Kind, cases: Cases) -> Iterator[Outcome]:
    """Tries them in a process of its own; where that crashes or hangs, another one goes on."""
    first = 0
    while True:
        number = -1
        with tempfile.TemporaryDirectory(prefix="tracker-attack-") as scratch:
            child = _Child(kind, cases(first), Path(scratch))
            try:
                while (line := child.next_line()) is not None:
                    if isinstance(line, int):
                        number = line
                        continue
                    yield line
                    number = -1
            finally:
                why = child.end()
            if why and number < 0:
                raise RuntimeError(f"{kind.name} cannot be tried: {why}")
        if number < 0:
            return
        yield Outcome(number, fault=why, cause=why.partition(":")[0])
        first = number + 1


class _Child:
    """A process that tries cases, and says of each that it begins and what became of it."""

    def __init__(self, kind: Kind, cases: Iterable[tuple[int, bytes]], folder: Path) -> None:
        self._kind, self._said = kind, folder / "said"
        self._pending, self._hung = b"", ""
        self._allowed = kind.seconds
        self._reader, writer = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self.process = os.fork()
        if self.process == 0:
            os.close(self._reader)
            _try_all(kind, cases, folder, writer)
        os.close(writer)

    def next_line(self) -> Outcome | int | None:
        """An outcome, the number of the case that is tried now, or nothing: it is at its end."""
        began, used = time.monotonic(), cpu_seconds(self.process)
        while b"\n" not in self._pending:
            if select.select([self._reader], [], [], 0.5)[0]:
                part = os.read(self._reader, 65536)
                if not part:
                    return None
                self._pending += part
                continue
            taken = cpu_seconds(self.process) - used
            if taken > _TIMES * self._allowed:
                self._hung = f"it had not ended after {taken:.0f} s"
            elif time.monotonic() - began > _PATIENCE:
                self._hung = f"it waited for {_PATIENCE:.0f} s"
            if self._hung:
                os.kill(self.process, signal.SIGABRT)  # which writes down where it was
                return None
        line, _, self._pending = self._pending.partition(b"\n")
        values = json.loads(line)
        if len(values) > 2:
            return Outcome(*values)
        number, self._allowed = values
        return int(number)

    def end(self) -> str:
        """Why it ended, where that was not by itself."""
        os.close(self._reader)
        if not self._hung:
            with suppress(ProcessLookupError):
                os.kill(self.process, signal.SIGTERM)
        _, status = os.waitpid(self.process, 0)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process, signal.SIGKILL)
        said = self._said.read_text("utf-8", "replace")[-_LONGEST_TOLD:]
        if self._hung:
            return f"{self._hung}: {said}"
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) != signal.SIGTERM:
            return f"ended by {signal.Signals(os.WTERMSIG(status)).name}: {said}"
        return f"ended with {status}: {said}" if status and not os.WIFSIGNALED(status) else ""


def _try_all(kind: Kind, cases: Iterable[tuple[int, bytes]], folder: Path, writer: int) -> NoReturn:
    """What the child does; its own output goes into a file, and it never comes back."""
    code = 1
    try:
        said = os.open(folder / "said", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for stream in (1, 2):
            os.dup2(said, stream)
        faulthandler.enable()
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))
        os.setpgid(0, 0)  # what it starts ends with it
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        desk = folder / "desk"
        desk.mkdir()

        def begun() -> Iterator[tuple[int, bytes]]:
            for number, case in cases:
                os.write(writer, json.dumps([number, kind.allowance(case)]).encode() + b"\n")
                yield number, case

        for outcome in attempts(kind, begun(), desk):
            os.write(writer, json.dumps(outcome).encode() + b"\n")
        code = 0
    except SystemExit:
        code = 0
    except BaseException:  # noqa: BLE001 - its end is told by its code, and why in its file
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)
