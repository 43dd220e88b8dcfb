"""Room for connections: so many at once, shared fairly among the addresses that they come from.

Each connection takes a file descriptor, and so do files and deliveries: what clients may take ends
before they need it. Who comes when all places are taken gets that of whoever has waited the longest
to say or to take something, at the address that holds the most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeAlias

from tracker.web.peers import NetworkAddress, group_of, parse_address

#: So many seconds a connection may wait before one from its own address takes its place.
GRACE = 1.0
#: Whose address holds one of so many places or more does not take those of addresses with fewer.
_MUCH = 4


Peer: TypeAlias = NetworkAddress | None


class Waiter(Protocol):
    """A connection, as far as its place goes."""

    def seconds_waiting(self) -> float | None:
        """For how long it has waited for its client; None: it does not."""

    def give_way(self) -> None:
        """Ends it at once."""


class HeldPlace:
    """What one connection holds, from before it is made until it is lost."""

    def __init__(self, places: Places, peer: Peer) -> None:
        self._places = places
        self.peer = peer
        self.connection: Waiter | None = None  #: None: it is about to be made
        self.is_held = True

    def leave(self) -> None:
        """Gives it back; a second time nothing happens."""
        if self.is_held:
            self.is_held = False
            self._places.remove(self)

    def seconds_waiting(self) -> float | None:
        return 0.0 if self.connection is None else self.connection.seconds_waiting()

    def give_way(self) -> None:
        """Ends its connection for another one's sake; one that is about to be made ends then."""
        self.leave()
        if self.connection is not None:
            self.connection.give_way()


class Places:
    """All places of one server."""

    def __init__(
        self, most: int, is_proxy: Callable[[NetworkAddress | None], bool] = lambda _peer: False
    ) -> None:
        """`is_proxy`: who speaks for many, and is asked to make no room for others."""
        self.most = most
        self._is_proxy = is_proxy
        self._by_peer: dict[Peer, dict[HeldPlace, None]] = {}
        self.taken = 0

    def take(self, address: str) -> HeldPlace | None:
        """A place for who comes from that address; None: there is none, and nobody gives way."""
        peer = group_of(parse_address(address))
        if self.taken >= self.most and not self._make_room(peer):
            return None
        place = HeldPlace(self, peer)
        self._by_peer.setdefault(peer, {})[place] = None
        self.taken += 1
        return place

    def remove(self, place: HeldPlace) -> None:
        """Takes back what a connection held."""
        group = self._by_peer[place.peer]
        del group[place]
        self.taken -= 1
        if not group:
            del self._by_peer[place.peer]

    def _make_room(self, peer: Peer) -> bool:
        for group in self._groups(peer):
            place = _longest_waiting(group, GRACE if group is self._by_peer.get(peer) else 0.0)
            if place is not None:
                place.give_way()
                return True
        place = _longest_waiting(self._slower_than(peer), GRACE)
        if place is not None:
            place.give_way()
        return place is not None

    def _slower_than(self, peer: Peer) -> Iterator[HeldPlace]:
        """All that may have to make room because they wait for long, however few their address has.

        An attack may come from a new address each time. Who holds much itself takes nobody's.
        """
        if len(self._by_peer.get(peer, ())) < self.most // _MUCH or self._is_proxy(peer):
            for name, group in self._by_peer.items():
                if not self._is_proxy(name):
                    yield from group

    def _groups(self, peer: Peer) -> Iterator[dict[HeldPlace, None]]:
        """Whose connections may have to make room: of who has more than the newcomer, and its own.

        The largest first. Behind a proxy are many readers, so what it holds counts for none.
        """
        own = len(self._by_peer.get(peer, ()))
        counts = {
            name: len(group)
            for name, group in self._by_peer.items()
            if name == peer or (len(group) > own and not self._is_proxy(name))
        }
        for name in sorted(counts, key=counts.__getitem__, reverse=True):
            yield self._by_peer[name]


def _longest_waiting(group: Iterable[HeldPlace], least: float) -> HeldPlace | None:
    longest, place = least, None
    for candidate in group:
        waited = candidate.seconds_waiting()
        if waited is not None and waited >= longest and (place is None or waited > longest):
            longest, place = waited, candidate
    return place
