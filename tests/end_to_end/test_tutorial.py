"""docs/tutorial.md, followed word by word, ends with a feed in a calendar and an alert in a mailbox.

Each command of the page is run by a shell, in order, in one folder, on a machine with a home of its own; each
file is written as it stands there. What a command prints is compared. TRACKER_WRITE=1 writes it anew.

Three things are other than on a stranger's machine, since many tests share this one:
- the ports 8765 and 1025 are two that are free, on the page, in what is printed, and for `tracker run`;
- `pipx install` is not done here: `tracker` is the one of this folder. tests/install does it, with the wheel, on a
  machine where nothing is installed;
- `pipx run aiosmtpd` is the aiosmtpd of the tests, the same program.
"""

from __future__ import annotations

import email
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from tests.end_to_end.pages import DOCS, Block, Command, commands, rewritten
from tests.end_to_end.processes import SECONDS, environment, get, until
from tests.feeds.readers import read_by_all
from tests.shipped import ROOT

PAGE = DOCS / "tutorial.md"
_SHIMS = {
    "tracker": (
        'if [ "$*" = run ]; then set -- run --port 8765; fi; '
        f'exec "{sys.executable}" -m tracker "$@"'
    ),
    "pipx": (
        'case "$*" in install*) ;; '
        f'"run aiosmtpd"*) shift 2; exec "{sys.executable}" -u -m aiosmtpd "$@" ;; '
        "*) exit 1 ;; esac"
    ),
}
#: What goes on until its terminal is closed.
_GOES_ON = re.compile(r"tracker run|pipx run aiosmtpd")


class Reader:
    """Who follows a page, at that time."""

    def __init__(self, home: Path, now: str) -> None:
        self.folder = home
        self._going_on: list[subprocess.Popen[str]] = []
        self._ports = {port: str(free_port()) for port in ("8765", "1025")}
        shims = home / "bin"
        shims.mkdir(parents=True)
        for name, line in _SHIMS.items():
            (shims / name).write_text(self.here(f"#!/bin/sh\n{line}\n"))
            (shims / name).chmod(0o755)
        self._environment = {
            **environment(home, now),
            "PATH": f"{shims}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "COLUMNS": "80",
        }

    def here(self, text: str) -> str:
        """What stands on the page, with the ports of this test."""
        for port, free in self._ports.items():
            text = text.replace(port, free)
        return text

    def there(self, text: str) -> str:
        """What was printed, with the ports and the home of the page."""
        text = text.replace(self._environment["XDG_STATE_HOME"], "/home/you/.local/state")
        for port, free in self._ports.items():
            text = text.replace(free, port)
        return text

    def follow(self, block: Block) -> str:
        """Does what a block says; gives it with what really was printed."""
        if block.language == "console":
            return "".join(
                f"$ {command.line}\n{self.run(command)}" for command in commands(block.text)
            )
        if block.title == "the mail":
            return self.mail(2)
        assert block.title, f"a block that nobody can follow: {block.text}"
        (self.folder / block.title).write_text(self.here(block.text), encoding="utf-8")
        return block.text

    def run(self, command: Command) -> str:
        if command.line.startswith("cd "):
            self.folder /= command.line.removeprefix("cd ")
            return ""
        if _GOES_ON.match(command.line):
            return self.begin(command)
        done = subprocess.run(
            ["sh", "-c", self.here(command.line)],
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return self.there(done.stdout)

    def begin(self, command: Command) -> str:
        """Begins what goes on, in a terminal of its own, and waits until it is up."""
        terminal = self.folder.parent / f"terminal-{len(self._going_on)}"
        with terminal.open("w") as prints:
            process = subprocess.Popen(
                ["sh", "-c", f"exec {self.here(command.line)}"],
                cwd=self.folder,
                env=self._environment,
                stdout=prints,
                stderr=subprocess.STDOUT,
                text=True,
            )
        self._going_on.append(process)
        port = self._ports["1025" if "aiosmtpd" in command.line else "8765"]
        until(lambda: process.poll() is not None or listens(int(port)))
        assert process.poll() is None, terminal.read_text()
        if "tracker run" in command.line:
            until(lambda: "ahead" in terminal.read_text())
        return self.there(terminal.read_text())

    def mails(self) -> list[EmailMessage]:
        """What is in the mailbox, the oldest first."""
        messages = sorted((self.folder / "mailbox" / "new").glob("*"))
        return [email.message_from_bytes(file.read_bytes(), policy=default) for file in messages]

    def mail(self, number: int) -> str:
        """The text of that mail, once it has come."""
        until(lambda: len(self.mails()) >= number)
        message = self.mails()[number - 1]
        body = message.get_body(("plain",))
        assert body is not None
        return f"Subject: {message['Subject']}\n\n{body.get_content().rstrip()}\n"

    def close(self) -> None:
        for process in self._going_on:
            process.kill()
            process.wait(SECONDS)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def reader(home: Path, now: str) -> Iterator[Reader]:
    following = Reader(home, now)
    try:
        yield following
    finally:
        following.close()


@pytest.mark.long
@pytest.mark.parametrize("today", ["2026-12-01", "2029-08-17"])
def test_the_tutorial_ends_with_a_feed_in_a_calendar_and_an_alert_in_a_mailbox(
    today: str, tmp_path: Path
) -> None:
    """On the day that the page is written for, and on one when half of the lease is over."""
    page = PAGE.read_text(encoding="utf-8")
    (address,) = re.findall(r"(?m)^    (http://\S+\.ics)$", page)

    with reader(tmp_path / "home", f"{today} 10:00:00") as following:
        followed = rewritten(page, following.follow)
        subscribed = read_by_all(get(following.here(address)).content)
        sample, alert = following.mails()

    if os.environ.get("TRACKER_WRITE") and today == "2026-12-01":
        PAGE.write_text(followed, encoding="utf-8")
    if today == "2026-12-01":
        assert followed == PAGE.read_text(encoding="utf-8")
    due = {entry.summary: entry.start for entry in subscribed.values()}
    assert due["Defects to be reported"] == {"2026-12-01": "2026-12-15"}.get(today, "2029-08-31")
    assert sample["Subject"].startswith("[Sample] ")
    assert alert["To"] == "me@localhost"
    assert "The shop is handed over: has happened" in alert["Subject"]
