"""The terminal: the subject, and below it what has to be known, or the list that it heads.

Promises: what was printed and flushed has reached the terminal or the pipe. Control characters of
a title never do: the events file may hold none.
"""

from __future__ import annotations

import sys

from tracker.alerts.channel import BlockingChannel, ChannelSettings, Undelivered
from tracker.alerts.message import Message
from tracker.config.addresses import TERMINAL, Address

SCHEMES: tuple[str, ...] = (TERMINAL,)
_LISTS = ("change", "digest", "nudge")


def channel_key(_address: Address) -> str:
    return TERMINAL


def open_channel(_address: Address, _settings: ChannelSettings) -> TerminalChannel:
    return TerminalChannel()


def _below(message: Message) -> list[str]:
    """What a line cannot say: of a point what has to be known, of a list all that is in it."""
    if message.key.kind not in _LISTS:
        return message.remarks
    shown = [one for one in message.blocks if one.kind in ("text", "heading", "item")]
    lines = [f"- {one.text}" if one.kind == "item" else one.text for one in shown]
    return [line for line in lines if line != f"- {message.subject}"]


class TerminalChannel(BlockingChannel):
    """Whoever looks at where tracker runs."""

    def prepare(self, message: Message, _address: Address) -> str:
        head = f"[{message.key.recipient}] {message.subject}"
        return "\n".join((head, *(f"  {line}" for line in _below(message))))

    def check(self) -> None:
        """Nobody can know whether somebody looks."""

    def send(self, prepared: str) -> None:
        try:
            print(prepared, file=sys.stdout, flush=True)
        except (OSError, ValueError) as error:  # a full disk, a pipe that was closed
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise Undelivered(reason, unreachable=True) from None
