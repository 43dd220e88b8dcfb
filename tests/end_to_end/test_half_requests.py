"""Somebody opens connections to a process and says no more: what it is there for goes on."""

from __future__ import annotations

import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.alerts.servers import MailSink
from tests.end_to_end.processes import Running, get, set_clock, tracker, until

EVENTS = """\
id = "a"
title = "A"
timezone = "UTC"
reminders = ["1 day"]
[[event]]
id = "notice"
title = "Notice is due"
when = 2030-12-02
"""
LATER = '[[event]]\nid = "later"\ntitle = "Added meanwhile"\nwhen = 2031-06-30\n'
SETTINGS = """\
[smtp]
url = "smtp://127.0.0.1:{port}"
from = "tracker@example.org"
[[recipient]]
name = "legal"
to = "mailto:legal@example.org"
timezone = "UTC"
changes = false
"""
HALF = 1_100


def test_under_1100_half_requests_a_reminder_goes_out_and_an_edit_is_taken_up(
    tmp_path: Path,
) -> None:
    file, clock = tmp_path / "events.toml", tmp_path / "clock"
    file.write_text(EVENTS, encoding="utf-8")
    with MailSink() as mail, room_for(2 * HALF), ExitStack() as held:
        settings = SETTINGS.format(port=mail.port)
        (tmp_path / "tracker.toml").write_text(settings, encoding="utf-8")
        call = ("run", "--until-idle", "-f", str(file))
        known = tracker(*call, home=tmp_path, at="2030-11-29 12:00:00")
        set_clock(clock, "2030-12-01 08:50:00")
        running = Running("-f", str(file), home=tmp_path, at=clock)
        url = running.address()
        number = running.process.pid
        resource.prlimit(number, resource.RLIMIT_NOFILE, (1024, 1024))
        port = int(url.rpartition(":")[2].strip("/"))
        for _ in range(HALF):
            held.enter_context(half_request(port))

        file.write_text(EVENTS + LATER, encoding="utf-8")
        set_clock(clock, "2030-12-01 08:59:59")

        until(lambda: len(mail.messages) == 1)
        until(lambda: "Added meanwhile" in feed(port))
        health = get(f"{url}healthz").status_code
        running.stop()
    assert (known.returncode, health) == (0, 200)
    assert "Notice is due" in mail.messages[0]["subject"]
    assert "Traceback" not in "\n".join(running.rest())


@contextmanager
def room_for(files: int) -> Iterator[None]:
    """This process may have so many open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, files), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def half_request(port: int) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port))
    client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ")
    return client


def feed(port: int) -> str:
    """What a reader at another address gets."""
    with socket.create_connection(("127.0.0.1", port), 30, ("127.0.0.2", 0)) as reader:
        reader.sendall(
            b"GET /calendar.ics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        content = b""
        while chunk := reader.recv(65_536):
            content += chunk
    return content.decode()
