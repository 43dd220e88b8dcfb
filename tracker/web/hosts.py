"""Whose requests are answered: those that ask for a name of ours.

Whoever owns a name can let it point at this machine, and have a browser read our pages under it
(DNS rebinding): what is asked of a name that is not ours is refused.
"""

from __future__ import annotations

import re

from starlette.types import Scope

from tracker.web.request_headers import RequestHeaders

LOOPBACK = frozenset(("127.0.0.1", "localhost", "[::1]"))
#: A name, or an IPv6 address in brackets, and a port (RFC 3986, section 3.2.2).
_HOST = re.compile(rb"(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?::[0-9]{0,5})?")
#: So many hosts that passed are remembered.
_MOST_REMEMBERED = 256


class HostCheck:
    """Tells whether a request asks for one of our hosts, which are loopback and those given."""

    def __init__(self, hosts: frozenset[str]) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._passed: set[bytes] = set()

    def passes(self, scope: Scope, headers: RequestHeaders) -> bool:
        """Whether its only Host header is one of ours."""
        host = headers.get(b"host", b"")
        if len(headers) < len(scope["headers"]) and _count_hosts(scope) != 1:
            return False  # RFC 9112, section 3.2: of two, a proxy might believe the other one
        return host in self._passed or self._is_ours(host)

    def _is_ours(self, host: bytes) -> bool:
        text, name = host.decode("latin-1").lower(), _without_port(host)
        if name in LOOPBACK or text in self._hosts or name in self._hosts:
            if len(self._passed) < _MOST_REMEMBERED:
                self._passed.add(host)
            return True
        return False


def is_loopback(headers: RequestHeaders) -> bool:
    """Whether a request asks for this machine by a name that only it has for itself."""
    return _without_port(headers.get(b"host", b"")) in LOOPBACK


def _count_hosts(scope: Scope) -> int:
    return sum(name == b"host" for name, _ in scope["headers"])


def _without_port(host: bytes) -> str:
    """The name alone, in lower case (RFC 9110, section 4.2.3); "" where no port stands behind it.

    >>> (
    ...     _without_port(b"LocalHost:8765"),
    ...     _without_port(b"[::1]"),
    ...     _without_port(b"localhost:1@evil"),
    ... )
    ('localhost', '[::1]', '')
    """
    match = _HOST.fullmatch(host)
    return "" if match is None else match[1].decode("ascii").lower()
