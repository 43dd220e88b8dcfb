"""Webhooks: the message as JSON, POSTed and signed as Standard Webhooks (1.0.0) lays down.

Promises: `webhook-signature` is HMAC-SHA256 over `id.timestamp.body`, so a receiver knows that it
comes from us, is whole, and is not replayed; `Idempotency-Key` and `webhook-id` are the message's
identity, the same however often it is sent. TLS is verified, no redirect is followed. Any 2xx is
delivered; all else is tried again, not before Retry-After asks for, and its reason is the status
with the receiver's own words. What is long in the body is shortened, so that it keeps to the size
that Standard Webhooks recommends, and further where the receiver says that it is too large.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import ssl
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from urllib.request import getproxies, proxy_bypass
from uuid import uuid4

from tracker import __version__
from tracker.alerts.channel import BadAddress, ChannelSettings, ProbeResult, Undelivered
from tracker.alerts.message import Message
from tracker.alerts.probes import objection_to_status
from tracker.alerts.refusals import LONGEST_WAIT, is_about_length, plain_words
from tracker.alerts.webhook_body import body_within
from tracker.config.addresses import Address
from tracker.dates.diagnostics import Diagnostic
from tracker.failures.exceptions import reason_of
from tracker.failures.http_status import place_of, reason_of_status
from tracker.failures.secrets import secrets_of_address
from tracker.i18n.reasons import Reason

if TYPE_CHECKING:
    import httpx2

SCHEMES: tuple[str, ...] = ("http", "https")
MOST_LISTED: int | None = 40
#: Seconds to get through, and for each piece of the answer: Standard Webhooks recommends 15 to 30,
#: but to give up on a receiver that takes longer makes copies. And for all of an exchange.
TIMEOUT, _ANSWER, _WHOLE = 15.0, 60.0, 150.0
#: Bytes of a body, as Standard Webhooks recommends; a receiver can ask for less, down to the other.
_LARGEST, _SMALLEST = 20_000, 500
#: Bytes that are read of an answer at most, and how many of them can be its words.
_MOST_READ, _MOST_WORDS = 65_536, 4096
_TOO_MANY_REQUESTS, _UNAVAILABLE, _GONE = 429, 503, 410
#: Characters of the address to which a redirect leads, of which the host is named.
_MOST_OF_LOCATION = 300
#: Who is asked does not know us, or the proxy before it does not: a person has to act.
_NOT_KNOWN = (401, 403, 407)
_TIMEOUTS = {
    "timeout": {"connect": TIMEOUT, "read": _ANSWER, "write": TIMEOUT, "pool": TIMEOUT},
}

_Headers: TypeAlias = list[tuple[str, str]]


def most_reminders(_scheme: str) -> int:
    """So many fit into a body with all their keys; what is said of each has its room in `data`."""
    return 20


def channel_key(address: Address) -> str:
    return address.name


def open_channel(address: Address, settings: ChannelSettings) -> WebhookChannel:
    if settings.delivery.secret is None:
        raise BadAddress(Diagnostic("no-webhook-secret"))
    return WebhookChannel(address.text, settings.delivery.secret, settings.now)


def secret_key(secret: str) -> bytes:
    """The key that a secret stands for: what follows `whsec_` is base64, all else is as it is."""
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            raise BadAddress(Diagnostic("bad-webhook-secret")) from None
    return secret.encode()


def signature(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """What `webhook-signature` holds."""
    signed = b"%s.%d.%s" % (message_id.encode(), timestamp, body)
    return f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"


class _Payload(NamedTuple):
    message: Message
    body: bytes


class _Target(NamedTuple):
    url: httpx2.URL
    headers: _Headers


class _Answer(NamedTuple):
    status: int
    retry_after: str
    words: str  #: of a refusal, on one line, without anything secret
    location: str  #: where a redirect leads to

    @property
    def is_delivered(self) -> bool:
        return 200 <= self.status < 300

    def is_about_length_of(self, message: Message) -> bool:
        sent = f"{message.subject}\n{message.text}"
        return is_about_length(str(self.status), self.words, sent)

    def reason(self, url: str) -> Reason:
        """Why it is not delivered."""
        return reason_of_status(self.status, self.words, url, self.location)

    def as_undelivered(self, url: str, now: datetime) -> Undelivered:
        """The same, and whether anything else would be."""
        reason = self.reason(url)
        wait = seconds_asked(self.retry_after, now)
        if self.status == _GONE:
            return Undelivered(reason, unreachable=True, barrier="gone")
        if self.status in _NOT_KNOWN:
            return Undelivered(reason, unreachable=True, barrier="login")
        is_closed = self.status == _UNAVAILABLE and wait is not None
        return Undelivered(reason, is_closed or self.status == _TOO_MANY_REQUESTS, wait)


class WebhookChannel:
    """One receiver."""

    parallel = parallel_to_one = 8  # connections

    def __init__(self, url: str, secret: str, now: Callable[[], datetime]) -> None:
        self._url = url
        self._key = secret_key(secret)
        self._hide = secrets_of_address(url, [secret, secret.removeprefix("whsec_")])
        self._now = now
        self._target: _Target | None = None
        self._transport: httpx2.AsyncHTTPTransport | None = None

    def prepare(self, message: Message, _address: Address) -> _Payload:
        return _Payload(message, body_within(_LARGEST, message))

    async def deliver(self, prepared: _Payload) -> None:
        message, body = prepared
        answer = await self._post(message.id, body)
        while (
            not answer.is_delivered and len(body) > _SMALLEST and answer.is_about_length_of(message)
        ):
            shorter = body_within(len(body) // 2, message)
            if len(shorter) >= len(body):
                break
            body = shorter
            answer = await self._post(message.id, body)
        if not answer.is_delivered:
            raise answer.as_undelivered(self._url, self._now())

    async def _post(self, message_id: str, body: bytes) -> _Answer:
        headers = [("content-type", "application/json"), ("idempotency-key", message_id)]
        return await self._request("POST", [*headers, *self._signed(message_id, body)], body)

    def _signed(self, message_id: str, body: bytes) -> _Headers:
        timestamp = int(self._now().timestamp())
        return [
            ("webhook-id", message_id),
            ("webhook-timestamp", str(timestamp)),
            ("webhook-signature", signature(self._key, message_id, timestamp, body)),
        ]

    async def probe(self, _addresses: Sequence[Address]) -> ProbeResult:
        """Asks with OPTIONS, which wants nothing done (RFC 9110, section 9.3.7); it is signed."""
        headers = self._signed(f"probe-{uuid4()}", b"")
        answer = await self._request("OPTIONS", headers, b"", seconds=TIMEOUT)
        objection = objection_to_status(answer.status, answer.reason(self._url))
        return ProbeResult("answers", () if objection is None else (objection,))

    async def release(self) -> None:
        transport, self._transport = self._transport, None
        if transport is not None:
            await transport.aclose()

    def close(self) -> None:
        pass

    async def _request(
        self, method: str, headers: _Headers, body: bytes, seconds: float = _WHOLE
    ) -> _Answer:
        """The answer. Raises Undelivered where there is none."""
        import httpx2

        try:
            target = self._target or self._parse_target()
            request = httpx2.Request(
                method,
                target.url,
                headers=[*target.headers, ("content-length", str(len(body))), *headers],
                stream=httpx2.ByteStream(body),
                extensions=_TIMEOUTS,
            )
            transport = self._transport or self._connect(target.url)
            async with asyncio.timeout(seconds):
                answer = await transport.handle_async_request(request)
                try:
                    beginning = await _read(answer)
                except (httpx2.HTTPError, TimeoutError):
                    if not 200 <= answer.status_code < 300:
                        raise
                    beginning = b""  # it has said that it took it
                finally:
                    await answer.aclose()
        except (httpx2.ConnectError, httpx2.TimeoutException, TimeoutError) as error:
            raise Undelivered(self._reason_of(error), unreachable=True) from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise Undelivered(self._reason_of(error)) from None
        retry_after = answer.headers.get("retry-after", "")
        is_readable = answer.status_code >= 300 and "content-encoding" not in answer.headers
        words = self._words_of(beginning) if is_readable else ""
        location = answer.headers.get("location", "")[:_MOST_OF_LOCATION]
        return _Answer(answer.status_code, retry_after, words, location)

    def _reason_of(self, error: Exception) -> Reason:
        import httpx2

        is_late = isinstance(error, httpx2.ReadTimeout)
        return reason_of(error, place_of(self._url), _ANSWER if is_late else TIMEOUT)

    def _words_of(self, content: bytes) -> str:
        return self._hide(plain_words(content.decode(errors="replace")))

    def _connect(self, url: httpx2.URL) -> httpx2.AsyncHTTPTransport:
        """Makes connections possible, through the proxy that the environment names.

        By a transport, not a client: it knows of no redirects and no cookies.
        """
        import httpx2

        proxy = None if proxy_bypass(url.host) else getproxies().get(url.scheme)
        limits = httpx2.Limits(max_connections=self.parallel)
        self._transport = httpx2.AsyncHTTPTransport(
            verify=_tls_context(), proxy=proxy, limits=limits
        )
        return self._transport

    def _parse_target(self) -> _Target:
        """The address taken apart, with what every request to it says."""
        import httpx2

        url = httpx2.URL(self._url)
        headers = [("host", url.netloc.decode()), ("user-agent", f"tracker/{__version__}")]
        if url.username:  # RFC 7617
            login = base64.b64encode(f"{url.username}:{url.password}".encode()).decode()
            headers.append(("authorization", f"Basic {login}"))
        self._target = _Target(url, headers)
        return self._target


@cache
def _tls_context() -> ssl.SSLContext:
    """Whom every receiver is known by. Read once: there are hundreds of authorities."""
    import httpx2

    return httpx2.create_ssl_context()


async def _read(answer: httpx2.Response) -> bytes:
    """The beginning of an answer, which is read to its end.

    What is left unread keeps the connection from being used again.
    """
    beginning, read = b"", 0
    async for piece in answer.aiter_raw():
        beginning += piece[: _MOST_WORDS - len(beginning)]
        read += len(piece)
        if read > _MOST_READ:
            break
    return beginning


def seconds_asked(retry_after: str, now: datetime) -> float | None:
    """How many seconds Retry-After asks for (RFC 9110, section 10.2.3); None: none that make sense.

    >>> now = datetime(2030, 12, 1, 9, 0, tzinfo=UTC)
    >>> seconds_asked("120", now), seconds_asked("Sun, 01 Dec 2030 09:30:00 GMT", now)
    (120.0, 1800.0)
    >>> seconds_asked("99999999999", now), seconds_asked("soon", now)
    (86400.0, None)
    """
    if retry_after.isascii() and retry_after.isdigit():
        return float(min(int(retry_after[:9]), LONGEST_WAIT))
    try:
        moment = parsedate_to_datetime(retry_after)
    except (ValueError, TypeError):
        return None
    seconds = ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
    return min(seconds, LONGEST_WAIT) if seconds > 0 else None
