"""What every channel promises, and how it reports that something did not get through."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, Protocol

from tracker.alerts.blocking_calls import in_thread
from tracker.alerts.message import Message
from tracker.config.addresses import Address
from tracker.config.sending import DeliverySettings
from tracker.dates.diagnostics import Diagnostic
from tracker.i18n.reasons import Reason


class Undelivered(Exception):
    """A message did not get through; it is tried again later, for whatever reason."""

    def __init__(
        self, reason: Reason, unreachable: bool = False, wait: float | None = None
    ) -> None:
        super().__init__(reason.case or reason.words)
        self.reason = reason
        self.unreachable = unreachable  #: no other message would get through either
        self.wait = wait  #: for how many seconds the other side asks us to wait


class BadAddress(Exception):
    """An address that no channel can take."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.case)
        self.diagnostic = diagnostic
        self.reason = Reason(diagnostic.case, values=diagnostic.values)


class ChannelSettings(NamedTuple):
    """What a channel may need of tracker.toml."""

    delivery: DeliverySettings
    now: Callable[[], datetime]


class Channel(Protocol):
    """The way to one or more addresses."""

    @property
    def parallel(self) -> int:
        """How many deliveries may be under way at once: begun, and not yet marked as sent."""

    @property
    def parallel_to_one(self) -> int:
        """How many of them may be to one address."""

    @property
    def can_probe(self) -> bool:
        """Whether probe() asks the other side; else only a message shows whether it is there."""

    def prepare(self, message: Message, address: Address) -> Any:
        """What deliver() takes: the message, as far as it can be made ready before its turn."""

    async def deliver(self, prepared: Any) -> None:
        """Delivers it: when this returns, the other side has it. Raises Undelivered."""

    async def probe(self) -> None:
        """Finds out whether the other side is there, and sends nothing. Raises Undelivered."""

    async def release(self) -> None:
        """Releases its connections: the next delivery may be later, and on another event loop."""

    def close(self) -> None:
        """Ends it for good."""


async def use_once(channel: Channel, work: Awaitable[None]) -> None:
    """Does one thing with a channel, and ends it."""
    try:
        await work
    finally:
        await channel.release()
        channel.close()


class BlockingChannel(ABC):
    """A channel whose library blocks: one message at a time, in its own thread."""

    parallel = parallel_to_one = 1
    can_probe = True

    async def deliver(self, prepared: Any) -> None:
        await in_thread(partial(self.send, prepared))

    async def probe(self) -> None:
        self.check()

    async def release(self) -> None:
        """Nothing: it is bound to no loop."""
        return

    def close(self) -> None:
        """Nothing: it keeps nothing open."""
        return

    @abstractmethod
    def send(self, prepared: Any) -> None:
        """As Channel.deliver()."""

    @abstractmethod
    def check(self) -> None:
        """As Channel.probe()."""


class ChannelModule(Protocol):
    """What a module of channels/ has."""

    SCHEMES: tuple[str, ...]  #: of addresses; ("*",): all that no other module has
    MOST_LISTED: int | None  #: entries of a list, at most; None: all, since nothing is too long
    channel_key: Callable[[Address], str]  #: the same for addresses that share one
    open_channel: Callable[[Address, ChannelSettings], Channel]  #: raises BadAddress
