"""Whoever answers without end holds nothing up, and fills no memory."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

import pytest

from tracker.alerts.channel import Undelivered
from tracker.alerts.channels.command import CommandChannel, _Input
from tracker.alerts.mail_probe import probe_mail
from tracker.config.sending import MailServer
from tracker.i18n.reasons import Reason
from tracker.service import heartbeat

MOST = 30_000_000  #: what is still sent after this, somebody reads


@contextmanager
def _endless(beginning: bytes, piece: bytes, sent: list[int], wait_for: bytes) -> Iterator[int]:
    """A server that says the beginning, waits for a line, and then has no end; its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk() -> None:
            connection, _ = server.accept()
            with connection, suppress(OSError):
                connection.sendall(beginning)
                asked = b""
                while wait_for not in asked:
                    asked += connection.recv(4096)
                while sum(sent) < MOST:
                    connection.sendall(piece)
                    sent.append(len(piece))

        thread = Thread(target=talk, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(10)
        assert not thread.is_alive()


def test_a_mail_server_whose_reply_has_no_end_is_hung_up_on() -> None:
    sent: list[int] = []
    with _endless(b"220 ready\r\n", b"250-X\r\n" * 1000, sent, b"\r\n") as port:
        answer = probe_mail(MailServer("127.0.0.1", port, False, None, None, "a@example.org"), [])

    assert isinstance(answer, Reason)
    assert sum(sent) < MOST


def test_a_monitor_that_answers_without_end_has_been_told() -> None:
    sent: list[int] = []
    answer = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_000
    with _endless(b"", answer, sent, b"\r\n\r\n") as port:
        assert heartbeat._ping(f"http://127.0.0.1:{port}/", None) is None
    assert sum(sent) < MOST

    sent.clear()
    with _endless(b"", b"HTTP/1.1 200 OK\r\n" + b"X-A: y\r\n" * 9_000, sent, b"\r\n\r\n") as port:
        assert heartbeat._ping(f"http://127.0.0.1:{port}/", None) is not None
    assert sum(sent) < MOST


def test_of_what_a_command_writes_without_end_the_last_is_kept() -> None:
    script = "import sys\nfor _ in range(400): sys.stderr.write('x' * 99_999 + '\\n')\n"
    script += "sys.stderr.write('no such channel'); sys.exit(3)"
    command = CommandChannel((sys.executable, "-c", script))

    with pytest.raises(Undelivered) as refused:
        command.send(_Input(b"", {}))

    assert refused.value.reason.words == "no such channel"
