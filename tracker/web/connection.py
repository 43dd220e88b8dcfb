"""One connection: what its client may send, and how long it may take for it.

A request is a line, headers and perhaps a small form. Whoever sends more, or slower, is told so in
one sentence and let go. What is here is no work of uvicorn's protocol, which takes what comes for
as long as it comes.
"""

from __future__ import annotations

from asyncio import Transport
from functools import lru_cache
from typing import Any, NamedTuple

from httptools import HttpParserCallbackError, HttpParserError, HttpParserUpgrade, parse_url
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from tracker import clock
from tracker.i18n.translate import LANGUAGES, translate
from tracker.web.complaints import Complain
from tracker.web.places import HeldPlace
from tracker.web.response_headers import SAFE

#: Bytes of an address as it is asked for: those that RFC 9112, section 3, wants to be possible.
LONGEST_TARGET = 8000
#: Bytes of a head, and lines in it. Browsers send 20, of 2 kB, and cookies of the whole domain.
LARGEST_HEAD, MOST_FIELDS = 32_768, 100
#: Bytes of a body: a form of ours has some hundreds.
LARGEST_BODY = 65_536
#: An answer is taken at so many bytes a second, or faster, beyond the patience that there is.
SLOWEST_READER = 5_000
#: For so many seconds, and bytes, what a refused client still sends is read and thrown away: a
#: connection that is closed with something unread in it loses its last answer too.
_LINGER, _MOST_DISCARDED = 2.0, 32 * 1024 * 1024


class Refused(NamedTuple):
    status: int
    sentence: str
    complaint: str


LONG_TARGET = Refused(414, "http.long-address", "web.large")
LARGE_HEAD = Refused(431, "http.large-head", "web.large")
LARGE_BODY = Refused(413, "http.large-body", "web.large")
MALFORMED = Refused(400, "http.malformed", "web.malformed")
TOO_SLOW = Refused(408, "http.slow", "web.slow")
#: All places are taken: whoever comes now is told so before anything of theirs is read.
CROWDED = Refused(503, "http.crowded", "web.crowded")
_CROWDED_RETRY = 5
#: It is noted as a fault of tracker's own.
OWN_FAULT = Refused(500, "http.fault", "")


class _Unacceptable(Exception):
    """Ends the parsing of a request."""


class LimitedProtocol(HttpToolsProtocol):
    """A connection that holds a place, until it is lost or out of time."""

    def __init__(self, place: HeldPlace, patience: float, complain: Complain, **kept: Any) -> None:
        super().__init__(**kept)
        self._place = place
        self._patience = patience
        self._complain = complain
        #: Counts what happens, so that a look now and then sees whether anything did.
        self._steps = 0
        self._steps_seen, self._seen_at = -1, clock.steady()
        self._owed_since, self._owed = 0.0, 0
        self._running: Any = None  #: the request that the application has now
        # Of the request that is being read.
        self._in_head = False
        self._in_message = False
        self._head_bytes = 0
        self._raw_bytes = 0
        self._fault: Refused | None = None
        # Once the client was refused.
        self._refused = False
        self._discarded = 0

    # -- time

    def look(self, now: float) -> None:
        """Ends it where its client has had its time; called each second or so."""
        if self._steps != self._steps_seen:
            self._steps_seen, self._seen_at = self._steps, now
        transport: Transport = self.transport
        owed = transport.get_write_buffer_size()
        if not owed:
            self._owed = 0
        elif not self._owed:
            self._owed, self._owed_since = owed, now
        if self._refused and self._waits_for_client():
            if now - self._seen_at >= _LINGER:
                transport.abort()
        elif owed:
            if now - self._owed_since > self._patience + self._owed / SLOWEST_READER:
                self._complain("web.slow")
                transport.abort()
        elif transport.is_closing():
            transport.abort()
        elif now - self._seen_at > self._patience and self._waits_for_client():
            self._run_out()

    def _run_out(self) -> None:
        if self._in_message:
            self._refuse(TOO_SLOW)
        else:  # idle between two requests: nobody is told anything
            self.transport.close()

    def _waits_for_client(self) -> bool:
        running = self._running
        # Where the application has a request, only the rest of its form is waited for.
        return running is None or running.response_complete or bool(running.more_body)

    def seconds_waiting(self) -> float | None:
        if self._waits_for_client() or self.transport.get_write_buffer_size():
            return clock.steady() - self._seen_at
        return None

    def give_way(self) -> None:
        self.transport.abort()

    # -- what uvicorn calls

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        try:
            super().connection_made(transport)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - the loop would leave it half made, for ever
            self._place.leave()
            transport.abort()
            self.loop.call_exception_handler({"message": "", "exception": error})
            return
        self._place.connection = self
        if not self._place.is_held:  # somebody else has it by now
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._place.leave()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        if self.transport.get_write_buffer_size() or self._refused:
            self.transport.abort()
        else:
            super().shutdown()

    def data_received(self, data: bytes) -> None:
        if self._refused:
            self._discard(data)
            return
        steps = self._steps
        try:
            self.parser.feed_data(data)
        except HttpParserUpgrade:  # to nothing that we speak: what follows is not HTTP
            self._complain("web.malformed")
            self._end_after_answer()
            return
        except HttpParserError as error:
            is_within = self._fault is None and isinstance(error, HttpParserCallbackError)
            # What an address, or its escapes, cannot be read as is what the client sent.
            if is_within and not isinstance(error.__context__, HttpParserError | UnicodeError):
                self._note_own(error.__context__)
            self._refuse(self._fault or MALFORMED)
            return
        if self._in_message and self._steps == steps:
            self._count(len(data))

    def _note_own(self, error: BaseException | None) -> None:
        """What was raised in our own code while the parser called it is no client's nonsense."""
        self._fault = OWN_FAULT
        self.loop.call_exception_handler({"message": "", "exception": error})

    def _count(self, length: int) -> None:
        """Counts what the parser holds back, or throws away: a field without end, or extensions."""
        self._raw_bytes += length
        if self._in_head and self._raw_bytes > LARGEST_HEAD:
            self._refuse(LARGE_HEAD if self.headers else LONG_TARGET)
        elif self._raw_bytes > LARGEST_HEAD + LARGEST_BODY:
            self._refuse(LARGE_BODY)

    def _discard(self, data: bytes) -> None:
        self._discarded += len(data)
        if self._discarded > _MOST_DISCARDED:
            self.transport.abort()

    # -- what the parser calls

    def on_message_begin(self) -> None:
        self._steps += 1
        self._in_head = self._in_message = True
        self._head_bytes = self._raw_bytes = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self.url += url
        if len(self.url) > LONGEST_TARGET:
            self._stop(LONG_TARGET)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._head_bytes += len(name) + len(value)
        if self._head_bytes > LARGEST_HEAD or len(self.headers) >= MOST_FIELDS:
            self._stop(LARGE_HEAD)
        if not self._in_head:
            return  # behind a body: RFC 9110, section 6.5.1, lets them be ignored
        name = name.lower()
        if name == b"content-length" and _is_large(value):
            self._stop(LARGE_BODY)
        if name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        self._steps += 1
        if not self.url.startswith(b"/") and self.url != b"*":
            self._believe_target()
        super().on_headers_complete()
        self._in_head = False

    def on_body(self, body: bytes) -> None:
        if len(self.cycle.body) + len(body) > LARGEST_BODY:
            self._stop(LARGE_BODY)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._steps += 1
        self._in_message = False
        super().on_message_complete()

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        """As uvicorn's, but for the timer that it sets each time: look() knows the time."""
        self._steps += 1
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)

    def _believe_target(self) -> None:
        """Of a whole address and a Host header the address counts (RFC 9112, section 3.2.2)."""
        target = parse_url(self.url)
        host = target.host or b""
        if target.port is not None:
            host += b":%d" % target.port
        self.headers[:] = [field for field in self.headers if field[0] != b"host"]
        self.headers.append((b"host", host))

    # -- what is not taken

    def _stop(self, fault: Refused) -> None:
        """Has the parser stop: an exception is what it takes for that."""
        self._fault = fault
        raise _Unacceptable

    def _end_after_answer(self) -> None:
        """Nothing more is read; what the application is at goes out."""
        self._refused = True
        if self._running is None or self._running.response_complete:
            self.transport.close()
        else:
            self._running.keep_alive = False

    def _refuse(self, fault: Refused) -> None:
        """Says what is wrong, where no answer is under way; nothing more is read."""
        if fault.complaint:
            self._complain(fault.complaint)
        self._steps += 1
        is_answered = not self._in_head and self._in_message and self.cycle.response_complete
        self._refused, self._in_message = True, False
        running = self._running
        if is_answered or self.transport.is_closing():
            self.transport.close()
            return
        if running is not None and not running.response_complete:
            self.pipeline.clear()
            running.keep_alive = False
            if not running.more_body:  # that one came before what is refused, and goes on
                return
            running.disconnected = True
            running.message_event.set()
            if running.response_started:
                self.transport.close()
                return
        self.transport.write(refusal(fault))
        self.transport.write_eof()


def _is_large(length: bytes) -> bool:
    """Whether that Content-Length is too much; whether it is one at all, the parser knows."""
    return length.isdigit() and (len(length) > 20 or int(length) > LARGEST_BODY)


@lru_cache(maxsize=16)
def refusal(fault: Refused) -> bytes:
    """The whole answer, in every language: nobody knows which one a client would have named."""
    lines = [translate(language, fault.sentence) for language in LANGUAGES]
    body = ("\n".join(lines) + "\n").encode()
    headers = {
        **SAFE,
        "content-type": "text/plain; charset=utf-8",
        "content-length": str(len(body)),
        "cache-control": "no-store",
        "connection": "close",
        **({"retry-after": str(_CROWDED_RETRY)} if fault.status == 503 else {}),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return STATUS_LINE[fault.status] + head.encode() + b"\r\n" + body
