"""Servers that alerts are sent to: real ones, which can be told to misbehave."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

#: What a mail server does with a message: take it, or one of these.
HANG_UP, STALL = "hang up", "stall"


class MailSink:
    """A mail server on a port of its own. `answers` are given in turn; then all is taken."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        context: ssl.SSLContext | None = None,
        implicit: bool = False,
        user: tuple[str, str] | None = None,
        size: int | None = None,
    ) -> None:
        self.host = host
        self.messages: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.answers: list[str] = []
        self.connections = 0
        self.logins = self.refused_logins = 0
        self.to_mailbox: dict[str, str] = {}  #: how it answers that one
        self.recipients: list[str] = []
        self.slow: set[str] = set()  #: mailboxes whose mails wait for `go` after their last dot
        self.go = threading.Event()
        self.waiting = 0  #: mails that do
        self.open = self.most_open = 0  #: connections at once
        self.auths: list[str] = []  #: each AUTH that was tried, with its mechanism
        self.no_auth: set[str] = set()  #: mechanisms that it does not have
        self.answer_to_mail: list[str] = []  #: to MAIL, in turn
        self._context, self._implicit, self.user = context, implicit, user
        self._size = size  #: bytes that it takes of a message
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._servers: list[asyncio.Server] = []
        self._sessions: list[SMTP] = []
        self.port = 0

    # -- aiosmtpd's hooks

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address in self.to_mailbox:
            return self.to_mailbox[address]
        if self.answers and self.answers[0].startswith("55"):
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(  # noqa: N802
        self, _server: Any, _session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.answer_to_mail:
            return self.answer_to_mail.pop(0)
        envelope.mail_from, envelope.mail_options = address, list(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.slow.intersection(envelope.rcpt_tos):
            self.waiting += 1
            while not self.go.is_set():
                await asyncio.sleep(0.01)
            self.waiting -= 1
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer == HANG_UP:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return "421 gone"
        if answer == STALL:
            await asyncio.sleep(3600)
        content = envelope.content
        assert isinstance(content, bytes)
        if answer.startswith("250"):
            self.raw.append(content)
            self.recipients += envelope.rcpt_tos
            parsed = email.message_from_bytes(content, policy=email.policy.default)
            assert isinstance(parsed, EmailMessage)
            self.messages.append(parsed)
        return answer

    # -- its life

    def __enter__(self) -> MailSink:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._serve(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        async def end() -> None:
            for server in self._servers:
                server.close()
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()
            await asyncio.sleep(0)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def hang_up(self) -> None:
        """Ends every connection, as servers do with those that say nothing."""

        async def end() -> None:
            for session in self._sessions:
                if session.transport is not None:
                    session.transport.close()

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(10)

    async def _serve(self) -> None:
        server = await self._loop.create_server(
            self._session, self.host, self.port, ssl=self._context if self._implicit else None
        )
        self._servers.append(server)
        self.port = server.sockets[0].getsockname()[1]

    def _session(self) -> SMTP:
        self.connections += 1

        def authenticate(_s: Any, _se: Any, _e: Any, mechanism: str, data: Any) -> AuthResult:
            self.auths.append(mechanism)
            given = (data.login.decode(), data.password.decode())
            self.logins += given == self.user
            self.refused_logins += given != self.user
            return AuthResult(success=given == self.user, handled=False)

        session = _Session(
            self,
            data_size_limit=self._size,
            loop=self._loop,
            tls_context=None if self._implicit else self._context,
            authenticator=authenticate if self.user else None,
            auth_required=self.user is not None and not self._implicit,
            auth_exclude_mechanism=self.no_auth,
            auth_require_tls=self.user is not None
            and not self._implicit
            and self._context is not None,
        )
        self._sessions.append(session)
        return session


class _Session(SMTP):
    """One connection of a MailSink's."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        sink: MailSink = self.event_handler
        sink.open += 1
        sink.most_open = max(sink.open, sink.most_open)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        sink: MailSink = self.event_handler
        sink.open -= 1
        super().connection_lost(error)


class HookSink:
    """A receiver of webhooks. `answers` are given in turn; then all is taken."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.judge: Callable[[bytes], str | None] | None = None  #: why it takes no such body
        self.taken, self.refusal = 204, 400  #: the status of an answer
        self.words = ""  #: what it answers where it takes something
        self.refused: list[bytes] = []
        self.to_options: tuple[int, dict[str, str]] = (405, {})  #: how it answers OPTIONS
        self.asked: list[dict[str, str]] = []  #: the headers of those
        self.pings: list[str] = []
        self.arrived = 0
        self.hang: threading.Event | None = None
        self.latency = 0.0  #: seconds that each answer takes
        self._server: ThreadingHTTPServer | None = None

    def arrive(self, headers: dict[str, str]) -> None:
        """A request has arrived; nothing is answered yet."""
        self.arrived += 1

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_port}/hook"

    def __enter__(self) -> Self:
        sink = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                sink.arrive(headers)
                if sink.hang is not None:
                    sink.hang.wait(90)
                if sink.latency:
                    time.sleep(sink.latency)
                status, more = sink.answers.pop(0) if sink.answers else (sink.taken, {})
                words = sink.judge(body) if sink.judge is not None else None
                if words is not None:
                    status = sink.refusal
                    sink.refused.append(body)
                if status < 300:
                    sink.requests.append((headers, body))
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                answer = (words or sink.words).encode()
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def do_GET(self) -> None:
                sink.pings.append(self.path)
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def do_OPTIONS(self) -> None:
                status, more = sink.to_options
                sink.asked.append({name.lower(): value for name, value in self.headers.items()})
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        class Receiver(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_: object) -> None:
                """A sender that was killed is what some tests are about."""

        self._server = Receiver(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        if self.hang is not None:
            self.hang.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def deaf_port() -> Iterator[int]:
    """A port on which nobody listens, and nobody else will."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]
