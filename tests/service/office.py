"""An office that runs tracker: what it sends to, and the signs that somebody looks at.

Everything in it is real, and in one process; the clock alone is the test's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import trustme
from sqlalchemy import event
from sqlalchemy.pool import Pool

from tests.alerts.scripted_mail import ScriptedMail
from tests.alerts.servers import HookSink
from tests.cli.calls import Called, Caller
from tests.reminders.scene import HEAD, NOTICE, at
from tracker import clock
from tracker.alerts import mail_probe
from tracker.alerts.channels import webhook
from tracker.alerts.channels.mail import MailChannel
from tracker.alerts.smtp_session import Patience
from tracker.config import read_config
from tracker.config.recipients import Defaults
from tracker.service.log import Log
from tracker.service.process import Process
from tracker.service.wiring import build_parts
from tracker.store import database
from tracker.store.database import Database
from tracker.web.status import health_of

DUE = at("2030-12-01 09:00")
#: So long after something is due somebody may look again: as the tries go on.
LOOKS = [timedelta(seconds=seconds) for seconds in (0, 11, 45, 180, 900, 3660, 7260)]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Signs(NamedTuple):
    """What somebody can see who looks."""

    healthz: int
    doctor: Called
    log: str


class Office:
    """A folder with settings and a file, and a tracker that runs in it."""

    def __init__(
        self,
        folder: Path,
        servers: tuple[ScriptedMail, HookSink],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        self.folder = folder / "office"
        self.folder.mkdir()
        self.mail, self.hooks = servers
        self.now, self._elapsed = at("2030-11-01 12:00"), timedelta(seconds=1000)
        self.call = Caller(self.folder, monkeypatch, capsys)
        self.processes: list[Process] = []
        self._log, self._undo = StringIO(), ExitStack()
        self._monkeypatch = monkeypatch
        monkeypatch.setattr(clock, "now", lambda: self.now)
        monkeypatch.setattr(clock, "today", self._today)
        monkeypatch.setattr(clock, "steady", self._steady)
        self.events(NOTICE)
        self.login, self.host = "", "127.0.0.1"
        self.mail_port = self.mail.port
        self.expected = 1  #: messages, once all is well again

    def _steady(self) -> float:
        return self._elapsed.total_seconds()

    def _today(self, _zone: str) -> date:
        return self.now.astimezone(UTC).date()

    # -- what people write

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger" / "ledger.sqlite3"

    def events(self, *events: str) -> None:
        self.write("events.toml", HEAD + "".join(events))

    def settings(self, *recipients: str) -> None:
        """tracker.toml with those recipients: each its name, its addresses, and what else."""
        self.write(
            "tracker.toml",
            f'database = "sqlite:///{self.ledger}"\n'
            f'[smtp]\nurl = "smtp://{self.login}{self.host}:{self.mail_port}"\n'
            f'from = "tracker@example.org"\n[webhook]\nsecret = "{SECRET}"\n'
            + "".join(
                recipient if recipient[0] == "[" else f"[[recipient]]\n{recipient}\n"
                for recipient in recipients
            ),
        )

    def read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def wait_for_no_lock(self) -> None:
        """What is locked is not waited for."""
        waits = database._set_pragmas

        def set_pragmas(connection: Any, record: object) -> None:
            waits(connection, record)
            connection.execute("PRAGMA busy_timeout=1")

        self._monkeypatch.setattr(database, "_set_pragmas", set_pragmas)

    @contextmanager
    def only_readable(self) -> Iterator[None]:
        """Whoever opens the ledger may write nothing into it, nor who has it open."""

        def forbid(connection: Any, *_: object) -> None:
            connection.execute("PRAGMA query_only=1")

        def allow(connection: Any, *_: object) -> None:
            connection.execute("PRAGMA query_only=0")

        kept = [process.parts.outbox.connection.connection for process in self.processes]
        event.listen(Pool, "checkout", forbid)
        for connection in kept:
            forbid(connection.dbapi_connection)
        try:
            yield
        finally:
            event.remove(Pool, "checkout", forbid)
            event.listen(Pool, "checkout", allow)
            for connection in kept:
                allow(connection.dbapi_connection)
            self._undo.callback(event.remove, Pool, "checkout", allow)

    @contextmanager
    def ledger_elsewhere(self) -> Iterator[None]:
        """The ledger's files are somewhere else, whoever has them open."""
        elsewhere = self.folder / "elsewhere"
        elsewhere.mkdir()
        for file in self._ledger_files():
            file.rename(elsewhere / file.name)
        try:
            yield
        finally:
            for file in self._ledger_files():
                file.unlink()
            for file in elsewhere.iterdir():
                file.rename(self.ledger.with_name(file.name))

    def _ledger_files(self) -> list[Path]:
        return [file for file in self.ledger.parent.iterdir() if file.is_file()]

    def hurry(self, **seconds: float) -> None:
        """What is waited for is waited for a moment only."""
        patience = Patience(**dict.fromkeys(Patience._fields, 5.0) | seconds)
        monkeypatch = self._monkeypatch
        monkeypatch.setattr(MailChannel.__init__, "__defaults__", (patience,))
        monkeypatch.setattr(mail_probe, "_BRIEF", patience)
        monkeypatch.setitem(webhook._TIMEOUTS["timeout"], "read", 0.1)

    def trust(self, authority: trustme.CA) -> None:
        """This machine trusts whom that authority vouches for."""
        authority.cert_pem.write_to_path(str(self.folder / "ca.pem"))
        self._monkeypatch.setenv("SSL_CERT_FILE", str(self.folder / "ca.pem"))

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    # -- its life

    def begin(self) -> Process:
        """tracker run, once more beside what runs already."""
        file = self.folder / "events.toml"
        self.ledger.parent.mkdir(exist_ok=True)
        config = read_config(None, [file], Defaults("UTC", "en"))
        ledger = Database(config.database)
        process = Process(build_parts([file], config, ledger, Log("en", out=self._log)))
        self.processes.append(process)
        process.once()
        return process

    def restart(self) -> None:
        self.close()
        self.begin()

    def close(self) -> None:
        for process in self.processes:
            process.close()
        self.processes.clear()
        self._undo.close()

    def pass_time(self, moments: Iterable[datetime]) -> None:
        """The process goes on, and looks at those instants."""
        for moment in moments:
            self._elapsed += max(moment - self.now, timedelta(seconds=1))
            self.now = moment
            for process in self.processes:
                process.follow_files()
                process.follow_database()
                process.once()
                process.parts.health.note_plan()

    # -- what somebody sees

    def signs(self) -> Signs:
        healthz = max(health_of(process.parts.health.report())[0] for process in self.processes)
        return Signs(healthz, self.call("doctor"), self.said())

    def said(self) -> str:
        """What the log has said since it was looked at last."""
        text = self._log.getvalue()
        self._log.seek(0)
        self._log.truncate()
        return text

    @property
    def received(self) -> list[str]:
        """The identity of each message that arrived anywhere."""
        mails = [str(message["message-id"]) for message in self.mail.messages]
        return mails + [headers["webhook-id"] for headers, _ in self.hooks.requests]

    def statuses(self) -> dict[str, int]:
        return self.processes[-1].parts.ledger.counts(["a"])
