"""What every channel promises, and how it says that something did not get through."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from tracker.alerts.message import Message
from tracker.config.addresses import Address
from tracker.config.sending import Sending
from tracker.dates.faults import Fault


class Undelivered(Exception):
    """A message did not get through; it is tried again later, whatever the reason."""

    def __init__(self, reason: str, unreachable: bool = False, wait: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.unreachable = unreachable  #: whatever waits behind it would fare no better
        self.wait = wait  #: for how many seconds the other side asks us to wait


class BadAddress(Exception):
    """An address that no channel can take."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.case)
        self.fault = fault


class Settings(NamedTuple):
    """What a channel may need of tracker.toml."""

    sending: Sending
    now: Callable[[], datetime]


class Channel(Protocol):
    """A way to one or more addresses. Each of its methods may be called by several threads."""

    @property
    def parallel(self) -> int:
        """How many deliveries may be under way at once."""

    def prepare(self, message: Message, address: Address) -> Any:
        """What deliver() takes: all that can be done before it is the message's turn."""

    def deliver(self, prepared: Any) -> None:
        """Delivers it: when this returns, the other side has it. Raises Undelivered."""

    def probe(self) -> None:
        """Finds out whether the other side is there, and sends nothing. Raises Undelivered."""

    def close(self) -> None:
        """Lets go of connections; they are made again when something is to be delivered."""


class ChannelKind(Protocol):
    """A module of channels/."""

    SCHEMES: tuple[str, ...]  #: of addresses; ("*",): all that no other module has
    lane: Callable[[Address], str]  #: addresses with the same lane share a channel
    opened: Callable[[Address, Settings], Channel]  #: raises BadAddress
