"""Records in any order: what happened, amendments, new events, and taking it all back.

A call that is refused leaves the file as it was, one that says it has written has written something
that can be read, and `--undo` gives each byte back, the newest first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.attack.drawing import ROOT, odd_line, odd_text
from tests.attack.kind import STEPS, Desk, Fault, Kind, listed
from tests.attack.shells import Shell, strangers_machine
from tracker.files.loading import read

POINTS = (
    "breach", "breach@laptop", "breach@usb", "report@laptop", "boiler", "inform@laptop", "certificate", "rent",
    "rent@2027-02-01", "lease", "end of lease", "lease-notice@2028-12-31", "statement", "new", "start of lease",
)  # fmt: skip
DAYS = (
    "2027-03-01",
    "2027-03-05",
    "2028-09-01",
    "today",
    "yesterday",
    "2026-01-01",
    "2027-03-01 10:00",
)
_VIEW = ("--as-of", "2028-09-15")


def files() -> dict[str, bytes]:
    """Two agreements in one folder."""
    folder = ROOT / "examples"
    renewal = (folder / "renewal.toml").read_bytes().replace(b'id = "office"', b'id = "house"', 1)
    return {"events.toml": (folder / "again.toml").read_bytes(), "house.toml": renewal}


def draw_records(chance: Random) -> bytes:
    """Some records, one after another."""
    return listed([draw_record(chance) for _ in range(chance.choice((1, 2, 3, 5, 8)))])


def draw_record(chance: Random) -> list[str]:
    """One record, as it is called."""
    point, day = chance.choice(POINTS), chance.choice(DAYS)
    match chance.randrange(8):
        case 0:
            return [
                "add",
                f"n{chance.randrange(9)}",
                odd_text(chance),
                "--agreement",
                "office",
                "--when",
                _line(chance),
            ]
        case 1:
            change = chance.choice(
                (
                    ["--title", odd_text(chance)],
                    ["--note", odd_text(chance)],
                    ["--ends", _line(chance)],
                )
            )
            return [
                "amend",
                f"m{chance.randrange(3)}",
                point.split("@")[0].split()[-1],
                "--on",
                day,
                *change,
            ]
        case 2:
            return ["occurred", "--undo"]
        case 3:
            return ["withdraw", point, day]
        case _:
            return ["occurred", point, day]


def _line(chance: Random) -> str:
    return chance.choice(("2030-01-01", "open", "30 days after breach", odd_line(chance)))


class _Records:
    def __init__(self, folder: Path) -> None:
        self._shell = Shell(folder, files())

    def attempt(self, case: bytes) -> None:
        shell = self._shell
        shell.begin_anew()
        begun = self._texts()
        written = 0
        for words in json.loads(case):
            before = self._texts()
            said = shell.call(*words, "--yes", "-f", "events.toml", "-f", "house.toml", *_VIEW)
            after = self._texts()
            if said.code != 0 and after != before:
                raise Fault(f"{words} was refused, and has written")
            read([*after], [*after.values()])
            if after != before:
                written += -1 if "--undo" in words else 1
        for _ in range(written):
            said = shell.call(
                "occurred", "--undo", "--yes", "-f", "events.toml", "-f", "house.toml", *_VIEW
            )
            if said.code != 0:
                raise Fault(f"it is not taken back: {said.err}")
        if self._texts() != begun:
            raise Fault("what was taken back is not as it was")

    def _texts(self) -> dict[str, bytes]:
        return {name: (self._shell.folder / name).read_bytes() for name in files()}


@contextmanager
def _desk(folder: Path) -> Iterator[Desk]:
    with strangers_machine(folder / "home"):
        yield Desk(_Records(folder).attempt)


RECORDS = Kind("records", draw_records, _desk, STEPS, seconds=6.0, share=0.2)
