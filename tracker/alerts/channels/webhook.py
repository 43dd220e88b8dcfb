"""Webhooks: the message as JSON, POSTed and signed as Standard Webhooks (1.0.0) lays down.

Promises: `webhook-signature` is HMAC-SHA256 over `id.timestamp.body`, so a receiver knows that it
comes from us, is whole, and is not replayed; `Idempotency-Key` and `webhook-id` are the message's
identity, the same however often it is sent. TLS is verified, no redirect is followed. Any 2xx is
delivered; all else is tried again, not before Retry-After asks for. The text is shortened so that
the body keeps to the size that Standard Webhooks recommends, and further where the receiver says
that it is too large.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import ssl
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from urllib.request import getproxies, proxy_bypass

from tracker import __version__
from tracker.alerts.channel import BadAddress, ChannelSettings, Undelivered
from tracker.alerts.message import Message
from tracker.alerts.shortening import shorten_to
from tracker.config.addresses import Address
from tracker.dates.diagnostics import Diagnostic

if TYPE_CHECKING:
    import httpx2

SCHEMES: tuple[str, ...] = ("http", "https")
#: Seconds to get through, and for each piece of the answer.
TIMEOUT = 15.0
#: Bytes of a body, as Standard Webhooks recommends; a receiver can ask for less, down to the other.
_LARGEST, _SMALLEST = 20_000, 500
#: Bytes that are read of an answer, at most: nobody looks at it.
_MOST_READ = 65_536
#: Seconds that a receiver can ask us to wait, at most.
_LONGEST_WAIT = 3600.0
_TOO_LARGE, _TOO_MANY_REQUESTS = 413, 429
_TIMEOUTS = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), TIMEOUT)}

_Headers: TypeAlias = list[tuple[str, str]]


def channel_key(address: Address) -> str:
    return address.name


def open_channel(address: Address, settings: ChannelSettings) -> WebhookChannel:
    if settings.delivery.secret is None:
        raise BadAddress(Diagnostic("no-webhook-secret"))
    return WebhookChannel(address.text, secret_key(settings.delivery.secret), settings.now)


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


class WebhookChannel:
    """One receiver."""

    parallel = 8  # connections
    can_probe = True

    def __init__(self, url: str, key: bytes, now: Callable[[], datetime]) -> None:
        self._url = url
        self._key = key
        self._now = now
        self._target: _Target | None = None
        self._transport: httpx2.AsyncHTTPTransport | None = None

    def prepare(self, message: Message, _address: Address) -> _Payload:
        return _Payload(message, _body_within(_LARGEST, message))

    async def deliver(self, prepared: _Payload) -> None:
        message, body = prepared
        status, retry_after = await self._post(message.id, body)
        while status == _TOO_LARGE and len(body) > _SMALLEST:
            shorter = _body_within(len(body) // 2, message)
            if len(shorter) >= len(body):
                break
            body = shorter
            status, retry_after = await self._post(message.id, body)
        if not 200 <= status < 300:
            raise Undelivered(f"HTTP {status}", status == _TOO_MANY_REQUESTS, _wait(retry_after))

    async def _post(self, message_id: str, body: bytes) -> tuple[int, str]:
        timestamp = int(self._now().timestamp())
        headers = [
            ("content-type", "application/json"),
            ("idempotency-key", message_id),
            ("webhook-id", message_id),
            ("webhook-timestamp", str(timestamp)),
            ("webhook-signature", signature(self._key, message_id, timestamp, body)),
        ]
        return await self._request("POST", headers, body)

    async def probe(self) -> None:
        """Any answer will do: OPTIONS asks for nothing to be done (RFC 9110, section 9.3.7)."""
        await self._request("OPTIONS", [], b"")

    async def release(self) -> None:
        transport, self._transport = self._transport, None
        if transport is not None:
            await transport.aclose()

    def close(self) -> None:
        pass

    async def _request(self, method: str, headers: _Headers, body: bytes) -> tuple[int, str]:
        """The status, and Retry-After. Raises Undelivered where there is no answer."""
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
            answer = await transport.handle_async_request(request)
            try:
                await _read(answer)
            finally:
                await answer.aclose()
        except (httpx2.ConnectError, httpx2.TimeoutException) as error:
            raise Undelivered(_reason(error), unreachable=True) from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise Undelivered(_reason(error)) from None
        return answer.status_code, answer.headers.get("retry-after", "")

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


def _body_within(most: int, message: Message) -> bytes:
    """The body, with as much of the text as makes it so many bytes at most."""
    body = _encode(message)
    if len(body) <= most:
        return body
    return _encode(shorten_to(message, lambda shorter: len(_encode(shorter)) <= most))


def _encode(message: Message) -> bytes:
    return json.dumps(_body(message), ensure_ascii=False, separators=(",", ":")).encode()


def _body(message: Message) -> dict[str, Any]:
    key = message.key
    return {
        "id": message.id,
        "kind": key.kind,
        "recipient": key.recipient,
        "event": key.event,
        "point": key.point or None,
        "occurrence": key.occurrence or None,
        "counts_to": key.counts_to or None,
        "lead": key.lead or None,
        "language": message.language,
        "subject": message.subject,
        "text": message.text,
        "answer": message.links.acknowledge if message.links else None,
        "data": message.point,
    }


async def _read(answer: httpx2.Response) -> None:
    """Reads an answer: what is left unread keeps the connection from being used again."""
    read = 0
    async for piece in answer.aiter_raw():
        read += len(piece)
        if read > _MOST_READ:
            return


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _wait(retry_after: str) -> float | None:
    """How many seconds Retry-After asks for (RFC 9110, section 10.2.3); None: none, or a date."""
    return min(float(retry_after), _LONGEST_WAIT) if retry_after.isdigit() else None
