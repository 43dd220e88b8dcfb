"""Who gets a place when all are taken, and whose it was."""

from __future__ import annotations

import pytest

from tracker.web.places import HeldPlace, Places

PROXY = "10.9.9.9"


class Waiting:
    """A connection that has waited so long for its client."""

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        self.is_gone = False

    def seconds_waiting(self) -> float | None:
        return self.seconds

    def give_way(self) -> None:
        self.is_gone = True


def take(places: Places, address: str, seconds: float | None) -> Waiting | None:
    place = places.take(address)
    if not isinstance(place, HeldPlace):
        return None
    connection = Waiting(seconds)
    place.connection = connection
    return connection


@pytest.mark.parametrize("newcomer", ["192.0.2.1", PROXY, "192.0.2.2"])
def test_half_requests_from_an_address_each_give_way_to_readers_who_share_one(
    newcomer: str,
) -> None:
    places = Places(40, lambda peer: str(peer) == PROXY)
    for address in ("192.0.2.1", PROXY):
        for _ in range(5):
            take(places, address, None)
    half = [take(places, f"198.51.100.{number}", 1.5) for number in range(30)]

    served = [take(places, newcomer, None) for _ in range(4)]

    assert all(served)
    assert sum(connection is not None and connection.is_gone for connection in half) == 4


def test_who_holds_much_takes_the_place_of_nobody_with_less() -> None:
    places = Places(40, lambda _peer: False)
    idle = [take(places, f"198.51.100.{number}", 20.0) for number in range(5)]
    for _ in range(35):
        take(places, "192.0.2.1", 0.5)

    assert take(places, "192.0.2.1", 0.0) is None
    assert not any(connection is not None and connection.is_gone for connection in idle)


def test_behind_a_proxy_nobody_makes_room_for_others() -> None:
    places = Places(10, lambda peer: str(peer) == PROXY)
    for _ in range(10):
        take(places, PROXY, 50.0)

    assert take(places, "192.0.2.1", None) is None
