"""What every channel promises, and how it reports that something did not get through."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias, TypeVar

from tracker.alerts.blocking_calls import in_thread
from tracker.alerts.message import Message
from tracker.config.addresses import Address
from tracker.config.sending import DeliverySettings
from tracker.dates.diagnostics import Diagnostic
from tracker.i18n.reasons import Reason
from tracker.store.held_channels import Barrier

_Result = TypeVar("_Result")


class Undelivered(Exception):
    """A message did not get through; it is tried again later, for whatever reason."""

    def __init__(
        self,
        reason: Reason,
        unreachable: bool = False,
        wait: float | None = None,
        barrier: Barrier | None = None,
        *,
        for_good: bool = False,
    ) -> None:
        super().__init__(reason.case or reason.words)
        self.reason = reason
        self.unreachable = unreachable  #: no other message would get through either
        self.wait = wait  #: for how many seconds the other side asks us to wait
        self.for_good = for_good  #: the other side expects no better answer soon
        self.barrier = barrier  #: what a person has to mend before anything gets through


class BadAddress(Exception):
    """An address that no channel can take."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.case)
        self.diagnostic = diagnostic
        self.reason = Reason(diagnostic.case, values=diagnostic.values)


#: `takes`: it has said that it would take a message. `answers`: it is there, and says no more
#: without one. `unasked`: it cannot be asked without sending.
ProbeState: TypeAlias = Literal["takes", "answers", "unasked"]


class Objection(NamedTuple):
    """What speaks against messages to one address, or to all of a channel."""

    reason: Reason
    address: str = ""  #: its name, "": to all
    is_certain: bool = True  #: False: it may pass, or mean nothing


class ProbeResult(NamedTuple):
    """What the other side has answered."""

    state: ProbeState
    objections: tuple[Objection, ...] = ()


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

    def prepare(self, message: Message, address: Address) -> Any:
        """What deliver() takes: the message, as far as it can be made ready before its turn."""

    async def deliver(self, prepared: Any) -> None:
        """Delivers it: when this returns, the other side has it. Raises Undelivered."""

    async def probe(self, addresses: Sequence[Address]) -> ProbeResult:
        """Asks the other side whether it would take messages to those, and sends none.

        Raises Undelivered where it would take none at all.
        """

    async def release(self) -> None:
        """Releases its connections: the next delivery may be later, and on another event loop."""

    def close(self) -> None:
        """Ends it for good."""


async def use_once(channel: Channel, work: Awaitable[_Result]) -> _Result:
    """Does one thing with a channel, and ends it."""
    try:
        return await work
    finally:
        await channel.release()
        channel.close()


class BlockingChannel(ABC):
    """A channel whose library blocks: one message at a time, in its own thread."""

    parallel = parallel_to_one = 1

    async def deliver(self, prepared: Any) -> None:
        await in_thread(partial(self.send, prepared))

    async def probe(self, addresses: Sequence[Address]) -> ProbeResult:
        return self.check(addresses)

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
    def check(self, addresses: Sequence[Address]) -> ProbeResult:
        """As Channel.probe()."""


class ChannelModule(Protocol):
    """What a module of channels/ has."""

    SCHEMES: tuple[str, ...]  #: of addresses; ("*",): all that no other module has
    MOST_LISTED: int | None  #: entries of a list, at most; None: all, since nothing is too long
    most_reminders: Callable[[str], int]  #: by scheme, how many reminders one message surely names
    channel_key: Callable[[Address], str]  #: the same for addresses that share one
    open_channel: Callable[[Address, ChannelSettings], Channel]  #: raises BadAddress
