"""The channels, a module each. One is found by being there; nothing else has to name it."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from tracker.alerts.channel import Channel, ChannelModule, ChannelSettings
from tracker.config.addresses import Address

_ANY_OTHER = "*"


@cache
def _modules_by_scheme() -> dict[str, ChannelModule]:
    modules = [
        cast(ChannelModule, import_module(f"{__name__}.{module.name}"))
        for module in iter_modules(__path__)
    ]
    return {scheme: module for module in modules for scheme in module.SCHEMES}


def module_for(address: Address) -> ChannelModule:
    """The module whose channels reach that address."""
    modules = _modules_by_scheme()
    return modules.get(address.scheme) or modules[_ANY_OTHER]


def most_listed(channel: str) -> int | None:
    """How many entries a list has at most on the channel of that name; None: all of them."""
    return _module_of(channel).MOST_LISTED


def most_reminders(channel: str) -> int:
    """How many reminders one message has room for on the channel of that name."""
    return _module_of(channel).most_reminders(channel.partition(":")[0])


def _module_of(channel: str) -> ChannelModule:
    modules = _modules_by_scheme()
    return modules.get(channel.partition(":")[0]) or modules[_ANY_OTHER]


def channel_key_of(address: Address) -> str:
    """What tells channels apart: addresses with the same key share one."""
    return module_for(address).channel_key(address)


def open_channel(address: Address, settings: ChannelSettings) -> Channel:
    """The channel that reaches that address. Raises BadAddress."""
    return module_for(address).open_channel(address, settings)
