"""A house whose tracker.toml people mend: each start is a process, and the post is really sent."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import psycopg
import pytest

from tests.alerts.servers import HookSink, MailSink
from tests.cli.calls import leave_garbage
from tracker import clock
from tracker.config import read_config
from tracker.config.recipients import Defaults
from tracker.service.log import Log
from tracker.service.process import Process
from tracker.service.wiring import Role, build_parts
from tracker.store.database import Database
from tracker.store.jobs import make_tables
from tracker.store.ledger import Ledger, StoredAlert

#: Reminders at 30 days, 7 days, 1 day and on the day; of notice on 1, 24, 30 and 31 December.
EVENTS = """\
id = "a"
timezone = "UTC"
reminders = ["30 days", "7 days", "1 day", "0 days"]
[[event]]
id = "notice"
title = "Notice is due"
when = 2030-12-31
"""
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#: Where mails go out, and who takes them.
HEAD = f"""\
[smtp]
url = "smtp://127.0.0.1:PORT"
from = "tracker@example.org"
[webhook]
secret = "{SECRET}"
[web]
url = "https://deadlines.example.org"
"""
WRONG, RIGHT = "mailto:leagl@example.org", "mailto:legal@example.org"


class PostOffice(MailSink):
    """A mail server to which some mailboxes are unknown."""

    def __init__(self) -> None:
        super().__init__()
        self.unknown = {"leagl@example.org"}
        self.delivered: list[tuple[str, str]] = []  #: mailbox and message's identity

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.unknown:
            return "550 5.1.1 no such user"
        return await super().handle_RCPT(server, session, envelope, address, options)

    def subjects(self) -> Counter[tuple[str, str]]:
        """How often each mailbox was sent which subject."""
        pairs = zip(self.recipients, self.messages, strict=True)
        return Counter((to, str(message["subject"])) for to, message in pairs)


class Desk:
    """Starts processes on one ledger, each by the tracker.toml of its time."""

    def __init__(
        self, folder: Path, url: str, monkeypatch: pytest.MonkeyPatch, role: Role = "all"
    ) -> None:
        self.folder, self.url, self.role = folder, url, role
        self.now = datetime(2030, 11, 20, 12, tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda: self.now)
        monkeypatch.setattr(clock, "today", lambda _zone: self.now.date())
        leave_garbage(monkeypatch)
        self.events = EVENTS
        self.post, self.hook = PostOffice(), HookSink()
        self.log = ""
        if role == "work":
            with closing(Database(url)) as database, database.transaction() as connection:
                make_tables(connection)

    def __enter__(self) -> Self:
        self.post.__enter__()
        self.hook.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.post.__exit__()
        self.hook.__exit__()

    def process(self, settings: str, log: io.StringIO | None = None) -> Process:
        """One that has begun by those settings; nothing is done yet."""
        file = self.write(settings)
        config = read_config(None, [file], Defaults("UTC", "en"))
        database = Database(self.url)
        out = log or io.StringIO()
        return Process(build_parts([file], config, database, Log("en", out=out), role=self.role))

    def write(self, settings: str) -> Path:
        """The files, as people edit them; gives the one of events."""
        head = "" if "[smtp]" in settings else HEAD
        text = (head + settings).replace("PORT", str(self.post.port))
        text = f'database = "{self.url}"\n' + text.replace("HOOK", self.hook.url)
        (self.folder / "tracker.toml").write_text(text, encoding="utf-8")
        file = self.folder / "events.toml"
        file.write_text(self.events, encoding="utf-8")
        return file

    def run(self, settings: str, *moments: str) -> str:
        """A process that begins at the first moment, and looks again at the others; its log."""
        log, process = io.StringIO(), None
        for moment in moments:
            self.now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
            if self.role == "work":  # jobs wait by the database's clock
                with psycopg.connect(self.url) as connection:
                    due = (
                        "UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE scheduled_at <= %s"
                    )
                    connection.execute(due, [self.now])
            process = process or self.process(settings, log)
            process.once()
        if process is not None:
            process.close()
        self.log = log.getvalue()
        return self.log

    def alerts(self, *statuses: str) -> list[StoredAlert]:
        """What the ledger has, of those statuses or of all but what another message names."""
        with closing(Database(self.url)) as database:
            rows = Ledger(database).history(
                ["a", "b"], datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC), 999
            )
        return [row for row in rows if row.status in statuses or not statuses]

    def owed(self) -> list[StoredAlert]:
        return self.alerts("written", "sending", "failed")

    def to(self, mailbox: str) -> list[str]:
        """The subjects of what arrived there, in turn."""
        pairs: Sequence[tuple[str, Any]] = list(
            zip(self.post.recipients, self.post.messages, strict=True)
        )
        return [str(message["subject"]) for to, message in pairs if to == mailbox]

    def jobs(self) -> list[int]:
        """The alerts that have a job, of workers."""
        with psycopg.connect(self.url) as connection:
            rows = connection.execute("SELECT (args->>'alert')::int FROM procrastinate_jobs")
            return sorted(row[0] for row in rows if row[0] is not None)


def recipient(name: str, *to: str, more: str = "") -> str:
    """Its table in tracker.toml."""
    listed = ", ".join(f'"{address}"' for address in to)
    return f'[[recipient]]\nname = "{name}"\nto = [{listed}]\n{more}\n'
