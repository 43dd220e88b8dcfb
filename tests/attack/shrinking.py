"""The smallest form of a case that still goes wrong in the same way."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.attack.kind import CaseForm, Kind
from tests.attack.running import Outcome, attempts, attempts_apart

#: A child that is to find it has so many times its seconds.
_TIMES = 3


def smallest_like(kind: Kind, case: bytes, outcome: Outcome, seconds: float) -> bytes:
    """The smallest form of a case that goes wrong for the same cause."""

    def fails(shorter: bytes) -> bool:
        (tried,) = attempts_apart(kind, lambda first: [(0, shorter)][first:])
        return tried.cause == outcome.cause

    if outcome.seconds == 0:  # its process did not survive it: each try needs one of its own
        return smallest(case, kind.form, fails, seconds)
    with tempfile.TemporaryDirectory(prefix="tracker-attack-") as folder:
        result = Path(folder) / "smallest"
        child = os.fork()
        if child == 0:
            _shrink_here(kind, case, outcome.cause, seconds, result)
        end = time.monotonic() + _TIMES * seconds
        while os.waitpid(child, os.WNOHANG) == (0, 0):
            if time.monotonic() > end:
                os.kill(child, 9)
            time.sleep(0.05)
        return result.read_bytes() if result.exists() else case


def _shrink_here(kind: Kind, case: bytes, cause: str, seconds: float, result: Path) -> None:
    """What the child does; it never comes back."""
    try:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        desk = result.with_name("desk")
        desk.mkdir()
        asked: list[bytes] = []

        def cases() -> Iterator[tuple[int, bytes]]:
            while asked:
                yield 0, asked.pop()

        def fails(shorter: bytes) -> bool:
            asked.append(shorter)
            return next(tried).cause == cause

        asked.append(case)
        tried = attempts(kind, cases(), desk)
        if next(tried).cause == cause:
            result.write_bytes(smallest(case, kind.form, fails, seconds))
    finally:
        os._exit(0)


def smallest(
    case: bytes, form: CaseForm, is_faulty: Callable[[bytes], bool], seconds: float
) -> bytes:
    """`case` without what its fault does not need, as far as that is known after so many seconds.

    >>> from tests.attack.kind import TEXT
    >>> smallest(b"a\\nb\\nxyz\\nc\\n", TEXT, lambda case: b"y" in case, 5.0)
    b'y'
    """
    end = time.monotonic() + seconds
    parts = _without_needless(form.split(case), form.join, is_faulty, end)
    case = form.join(parts)
    if form.ending != "toml" or len(case) > 20_000:
        return case
    letters = [bytes([byte]) for byte in case]
    return b"".join(_without_needless(letters, b"".join, is_faulty, end))


def _without_needless(
    parts: list[bytes],
    join: Callable[[list[bytes]], bytes],
    is_faulty: Callable[[bytes], bool],
    end: float,
) -> list[bytes]:
    """Leaves out runs of parts, halves first, until no single one can be left out."""
    length = max(len(parts) // 2, 1)
    while True:
        at, shorter = 0, False
        while at < len(parts):
            if time.monotonic() > end:
                return parts
            rest = parts[:at] + parts[at + length :]
            if is_faulty(join(rest)):
                parts, shorter = rest, True
            else:
                at += length
        if length > 1:
            length //= 2
        elif not shorter:
            return parts
