"""The channels, a file each. One is found by being there; nothing else has to name it."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from tracker.alerts.channel import Channel, ChannelModule, ChannelSettings
from tracker.config.addresses import Address

_ANY_OTHER = "*"


@cache
def _by_scheme() -> dict[str, ChannelModule]:
    kinds = [
        cast(ChannelModule, import_module(f"{__name__}.{found.name}"))
        for found in iter_modules(__path__)
    ]
    return {scheme: kind for kind in kinds for scheme in kind.SCHEMES}


def module_for(address: Address) -> ChannelModule:
    """The module whose channels bounds that address."""
    kinds = _by_scheme()
    return kinds.get(address.scheme) or kinds[_ANY_OTHER]


def channel_key_of(address: Address) -> str:
    """What tells one channel from another: addresses with the same one share it."""
    return module_for(address).channel_key(address)


def open_channel(address: Address, settings: ChannelSettings) -> Channel:
    """The channel that reaches that address. Raises BadAddress."""
    return module_for(address).open_channel(address, settings)
