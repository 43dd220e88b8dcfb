"""Who asks: the peer of the connection, or whom a proxy speaks for that tracker.toml names.

A header is written by whoever sends it. `X-Forwarded-For` and `Forwarded` (RFC 7239) are believed
of named proxies alone, and of what stands in them only what such a proxy has added: each adds, at
the end, whom it was asked by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)
from typing import TypeAlias

from starlette.types import Scope

NetworkAddress: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

#: What proxies add, each in its own way.
FORWARDED = frozenset((b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip", b"via"))
#: The bits of an IPv6 address that are its subscriber's own.
_OF_SUBSCRIBER = 64
#: With so many hops a list was not written by proxies.
_MOST_HOPS = 32
_LONGEST = 2048
#: An address with its port: in brackets, as RFC 7239 and 3986 want it, or without.
_WITH_PORT = re.compile(r"\[(?P<six>[^\]]+)\](?::\w{1,5})?|(?P<four>[0-9.]+)(?::\w{1,5})?")
#: A hop of `Forwarded`, of which `for` is wanted: its value is a token or stands in quotes.
_FOR = re.compile(r'(?:^|;)\s*for\s*=\s*(?:"([^"\\]*)"|([^";,\s]+))\s*(?:;|$)', re.IGNORECASE)


@lru_cache(maxsize=1024)
def parse_address(text: str) -> NetworkAddress | None:
    """An address, without the zone of its link; IPv4 within IPv6 is that IPv4 (RFC 4291, 2.5.5.2).

    >>> parse_address("fe80::1%eth0"), parse_address("::ffff:10.0.0.1"), parse_address("unix:")
    (IPv6Address('fe80::1'), IPv4Address('10.0.0.1'), None)
    """
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def group_of(address: NetworkAddress | None) -> NetworkAddress | None:
    """Who is one to us: an address, or in IPv6 the first of all that one subscriber has (RFC 6177).

    >>> group_of(parse_address("2001:db8:1:2:3:4:5:6"))
    IPv6Address('2001:db8:1:2::')
    """
    if not isinstance(address, IPv6Address) or address.is_loopback:
        return address
    return IPv6Address(int(address) >> _OF_SUBSCRIBER << _OF_SUBSCRIBER)


class Proxies:
    """Those who may speak for others."""

    def __init__(self, networks: Sequence[Network] = ()) -> None:
        self._networks = tuple(networks)

    def has(self, address: NetworkAddress | None) -> bool:
        """Whether that is one of them."""
        return address is not None and any(address in network for network in self._networks)

    def client_of(self, scope: Scope) -> NetworkAddress | None:
        """Who asks; None: not known, as over a socket of this machine.

        Of the hops that named proxies have added, the last that is no named proxy itself. Where it
        cannot be read, or two headers say two things, it is the proxy who asks.
        """
        peer = peer_of(scope)
        if not self.has(peer):
            return peer
        headers: Iterable[tuple[bytes, bytes]] = scope["headers"]
        said = {
            self._client_among(hops, peer)
            for hops in (_hops_of_x_forwarded_for(headers), _hops_of_forwarded(headers))
            if hops
        }
        return said.pop() if len(said) == 1 else peer

    def _client_among(
        self, hops: Sequence[str], peer: NetworkAddress | None
    ) -> NetworkAddress | None:
        client = peer
        for hop in reversed(hops[-_MOST_HOPS:]):
            address = _hop_address(hop)
            if address is None:
                return client
            client = address
            if not self.has(address):
                return client
        return client


def peer_of(scope: Scope) -> NetworkAddress | None:
    """The other end of the connection; None: it has no address."""
    client = scope.get("client")
    return None if client is None else parse_address(client[0])


def is_on_this_machine(scope: Scope) -> bool:
    """Whether the other end of the connection is here, and says of nobody that it speaks for them.

    Through a proxy nobody is on this machine, whatever it says of whom it speaks for: many pass on
    what their own client wrote.
    """
    peer = peer_of(scope)
    if peer is None or not peer.is_loopback:
        return False
    return FORWARDED.isdisjoint(name for name, _ in scope["headers"])


def _hops_of_x_forwarded_for(headers: Iterable[tuple[bytes, bytes]]) -> list[str]:
    text = _list_in(headers, b"x-forwarded-for")
    return [hop.strip() for hop in text.split(",")] if text else []


def _hops_of_forwarded(headers: Iterable[tuple[bytes, bytes]]) -> list[str]:
    """The `for` of each hop: "" where it has none that can be read."""
    text = _list_in(headers, b"forwarded")
    matches = [_FOR.search(element) for element in text.split(",")] if text else []
    return ["" if match is None else match[1] or match[2] for match in matches]


def _list_in(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    """All lines of that name as one list (RFC 9110, section 5.3), of which the end counts."""
    lines = b",".join(value for key, value in headers if key == name)
    return lines[-_LONGEST:].decode("latin-1")


def _hop_address(hop: str) -> NetworkAddress | None:
    """The address of a hop, which may have a port; None: unknown, hidden, or nonsense."""
    match = _WITH_PORT.fullmatch(hop)
    text = hop if match is None else match["six"] or match["four"]
    return parse_address(text)
