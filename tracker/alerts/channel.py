"""What every channel promises, and how it says that something did not get through."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from tracker.alerts.message import Message
from tracker.config.addresses import Address
from tracker.config.sending import DeliverySettings
from tracker.dates.diagnostics import Diagnostic
from tracker.i18n.columns import printable

#: Of what the other side says, so much is kept.
_MOST_SAID = 300


class Undelivered(Exception):
    """A message did not get through; it is tried again later, whatever the reason."""

    def __init__(self, reason: str, unreachable: bool = False, wait: float | None = None) -> None:
        super().__init__(reason)
        self.reason = printable(reason, _MOST_SAID)
        self.unreachable = unreachable  #: whatever waits behind it would fare no better
        self.wait = wait  #: for how many seconds the other side asks us to wait


class BadAddress(Exception):
    """An address that no channel can take."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.case)
        self.diagnostic = diagnostic


class ChannelSettings(NamedTuple):
    """What a channel may need of tracker.toml."""

    delivery: DeliverySettings
    now: Callable[[], datetime]


class Channel(Protocol):
    """A way to one or more addresses."""

    @property
    def parallel(self) -> int:
        """How many deliveries may be under way at once: handed over, and not yet marked as sent."""

    def prepare(self, message: Message, address: Address) -> Any:
        """What deliver() takes: all that can be done before it is the message's turn."""

    async def deliver(self, prepared: Any) -> None:
        """Delivers it: when this returns, the other side has it. Raises Undelivered."""

    async def probe(self) -> None:
        """Finds out whether the other side is there, and sends nothing. Raises Undelivered."""

    async def let_go(self) -> None:
        """There is nothing to send for now; the next delivery may come from another loop."""

    def close(self) -> None:
        """There is nothing to send ever again."""


class BlockingChannel(ABC):
    """A channel whose library waits by itself: one message at a time, in the thread of its lane."""

    parallel = 1

    async def deliver(self, prepared: Any) -> None:
        self.send(prepared)

    async def probe(self) -> None:
        self.check()

    async def let_go(self) -> None:
        """It is bound to no loop."""
        return

    def close(self) -> None:
        """It holds on to nothing."""
        return

    @abstractmethod
    def send(self, prepared: Any) -> None:
        """As Channel.deliver()."""

    @abstractmethod
    def check(self) -> None:
        """As Channel.probe()."""


class ChannelModule(Protocol):
    """A module of channels/."""

    SCHEMES: tuple[str, ...]  #: of addresses; ("*",): all that no other module has
    channel_key: Callable[[Address], str]  #: addresses with the same key share a channel
    open_channel: Callable[[Address, ChannelSettings], Channel]  #: raises BadAddress
