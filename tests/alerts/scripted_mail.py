"""A mail server that does as it is told at any command: it refuses, stalls, is late, or hangs up."""

from __future__ import annotations

import base64
import email
import email.policy
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterable
from email.message import EmailMessage
from typing import Any

#: In place of an answer: the connection is cut, or nothing is ever said.
HANG_UP, STALL = "hang up", "stall"
#: In place of a command: when somebody connects, in the middle of a mail, and at its end.
GREETING, IN_DATA, END = "greeting", "in data", "end"

_USUAL = {GREETING: "220 here", "DATA": "354 go ahead", "QUIT": "221 bye", "AUTH": "235 welcome"}


class ScriptedMail:
    """A mail server (RFC 5321) on a port of its own."""

    def __init__(self, host: str = "127.0.0.1", extensions: Iterable[str] = ()) -> None:
        #: By command, or by mailbox, at RCPT: what it answers, in place of the usual.
        self.script: dict[str, str] = {}
        self.delay: dict[str, float] = {}  #: by command: seconds that its answer takes
        self.before_answer: Callable[[], None] | None = None  #: called when a mail has come
        self.messages: list[EmailMessage] = []
        self.logins: list[str] = []  #: the passwords that were tried
        self.password: str | None = None  #: the only one that is right
        self.tls: ssl.SSLContext | None = None
        self._extensions = tuple(extensions)
        self._host = host
        self.port = 0

    def __enter__(self) -> ScriptedMail:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """It is there, on the port that it had."""
        self._closing = threading.Event()
        self._server = _Server((self._host, self.port), self)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """It refuses connections, and has ended those that it had."""
        if not self._closing.is_set():
            self._closing.set()
            self._server.shutdown()
            self._server.server_close()

    @property
    def extensions(self) -> list[str]:
        return [
            "here",
            *self._extensions,
            *(["STARTTLS"] if self.tls is not None else []),
            *(["AUTH PLAIN"] if self.password is not None else []),
        ]

    def answer(self, command: str, line: str = "") -> str:
        """What is answered to a command, after the time that this takes."""
        for name, scripted in self.script.items():
            if f":<{name}>" in line and command == "RCPT":
                return scripted
        if self.delay.get(command):
            self._closing.wait(self.delay[command])
        answer = self.script.get(command, _USUAL.get(command, "250 fine"))
        if answer == STALL:
            self._closing.wait(60)
        return answer

    def judge_login(self, argument: str) -> str:
        """What is answered to AUTH PLAIN with those credentials (RFC 4616)."""
        password = base64.b64decode(argument.rpartition(" ")[2]).decode().rpartition("\0")[2]
        self.logins.append(password)
        return self.answer("AUTH") if password == self.password else "535 5.7.8 wrong password"

    def keep(self, content: bytes) -> None:
        parsed = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        self.messages.append(parsed)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, address: tuple[str, int], mail: ScriptedMail) -> None:
        self.mail = mail
        super().__init__(address, _Connection)

    def handle_error(self, *_: Any) -> None:
        """Who hangs up is what some tests are about."""


class _HungUp(Exception):
    """The connection is cut."""


class _Connection(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        try:
            self._say(self.server.mail.answer(GREETING))
            while line := self.rfile.readline():
                self._obey(line.decode().strip())
        except (_HungUp, OSError):
            return

    def finish(self) -> None:
        super().finish()
        self.connection.close()  # TLS has its own

    def _obey(self, line: str) -> None:
        mail, command = self.server.mail, line.partition(" ")[0].upper()
        if command == "EHLO" and command not in mail.script:
            *names, last = mail.extensions
            self._say("\r\n".join([*(f"250-{name}" for name in names), f"250 {last}"]))
        elif command == "AUTH" and command not in mail.script:
            self._say(mail.judge_login(line))
        elif command == "STARTTLS" and mail.tls is not None:
            self._say("220 go ahead")
            self.connection = mail.tls.wrap_socket(self.connection, server_side=True)
            self.setup_files()
        else:
            self._say(answer := mail.answer(command, line))
            if command == "DATA" and answer.startswith("354"):
                self._take_mail()
            if command == "QUIT":
                raise _HungUp

    def setup_files(self) -> None:
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", 0)

    def _take_mail(self) -> None:
        mail, lines = self.server.mail, list[bytes]()
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            if IN_DATA in mail.script:
                raise _HungUp
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if mail.before_answer is not None:
            mail.before_answer()
        answer = mail.answer(END)
        if answer.startswith("250") or answer == HANG_UP:
            mail.keep(b"".join(lines))
        self._say(answer)

    def _say(self, answer: str) -> None:
        if answer in (HANG_UP, STALL):
            raise _HungUp
        self.wfile.write(f"{answer}\r\n".encode())
