"""A house in this process: files that people edit, a ledger that lives, a process that looks.

Everything is real but the clock, which goes on as the house says.
"""

from __future__ import annotations

import gc
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.attack.kind import Fault
from tracker import clock
from tracker.config import read_config
from tracker.config.recipients import Defaults
from tracker.files.problems import FileErrors
from tracker.service.log import Log
from tracker.service.process import Process
from tracker.service.wiring import build_parts
from tracker.store.database import Database
from tracker.store.ledger import Ledger, StoredAlert
from tracker.web.status import health_of

BEGUN = datetime(2030, 1, 1, 12, tzinfo=UTC)
_EVER = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
#: What the log says of nothing that people do.
_NEVER_SAID = ("Traceback (most recent", "a fault in tracker itself", "Error: ")


class House:
    """A folder of agreements, its tracker.toml beside it, and a process that may be down."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.folder, self.agreements = folder, folder / "agreements"
        self.away = folder / "away"
        for each in (self.agreements, self.away):
            each.mkdir(parents=True)
        self.url = url or f"sqlite:///{folder / 'ledger.sqlite3'}"
        self.now, self._steady, self._writes = BEGUN, 1000.0, 0
        self.process: Process | None = None
        self.log = io.StringIO()

    # -- what people do

    def write(self, file: Path, content: bytes, in_place: bool = True) -> None:
        """Saves it; each time it has been written at another time."""
        self._writes += 1
        target = file if in_place else self.folder / "new"
        target.write_bytes(content)
        moment = self._writes * 10**9
        os.utime(target, ns=(moment, moment))
        if not in_place:
            target.replace(file)

    def begin(self) -> bool:
        """Begins a process, as a service manager tries to; whether it is there."""
        if self.process is not None:
            return True
        try:
            config = read_config(
                self.folder / "tracker.toml", [self.agreements], Defaults("UTC", "en")
            )
        except FileErrors:
            return False
        parts = build_parts([self.agreements], config, Database(self.url), Log("en", out=self.log))
        process = Process(parts)
        if parts.files.agreements is None:
            process.close()
            return False
        self.process = process
        process.once()
        return True

    def end(self) -> None:
        """The process ends, in good order."""
        if self.process is not None:
            self.process.close()
        self.process = None

    def pass_time(self, *seconds: float) -> None:
        """The process looks after each of those, and then does what is due."""
        for number in seconds:
            self.now += timedelta(seconds=number)
            self._steady += number
            if self.begin() and self.process is not None:
                self.process.follow_files()
        if self.process is not None:
            self.process.follow_database()
            self.process.once()
            self.process.parts.health.note_plan()
        self.check_log()

    # -- what somebody sees

    def check_log(self) -> None:
        """Raises Fault where it says what nobody should read; what was said is forgotten."""
        text = self.log.getvalue()
        self.log.seek(0)
        self.log.truncate()
        if any(words in text for words in _NEVER_SAID):
            raise Fault(f"in its log: {text[-2500:]}")

    def health(self) -> tuple[int, str]:
        """What /healthz answers; 0 where nobody is there."""
        if self.process is None:
            return 0, ""
        return health_of(self.process.parts.health.report())

    def alerts(self, *agreements: str) -> list[StoredAlert]:
        """All that the ledger has of those agreements, in the order in which it was written."""
        database = Database(self.url)
        try:
            rows = Ledger(database).history(agreements, *_EVER, 10_000)
        finally:
            database.close()
        return sorted(rows, key=lambda row: row.id)


@contextmanager
def house_in(folder: Path, url: str = "") -> Iterator[House]:
    """A house, whose clock is the clock of this process as long as it lasts."""
    shutil.rmtree(folder, ignore_errors=True)
    house = House(folder, url)

    def today(_zone: str) -> date:
        return house.now.date()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: house.now)
        patch.setattr(clock, "today", today)
        patch.setattr(clock, "steady", lambda: house._steady)
        patch.setattr(gc, "collect", lambda *_: 0)  # which processes do for their pages
        try:
            yield house
        finally:
            house.end()
