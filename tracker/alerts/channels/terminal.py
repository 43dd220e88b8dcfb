"""The terminal: the subject, and below it what has to be known.

Promises: what was printed and flushed has reached the terminal or the pipe. Control characters of
a title never do: the events file may hold none.
"""

from __future__ import annotations

import sys

from tracker.alerts.channel import Blocking, Settings, Undelivered
from tracker.alerts.message import Message
from tracker.config.addresses import TERMINAL, Address

SCHEMES: tuple[str, ...] = (TERMINAL,)


def lane(_address: Address) -> str:
    return TERMINAL


def opened(_address: Address, _settings: Settings) -> Terminal:
    return Terminal()


class Terminal(Blocking):
    """Whoever looks at where tracker runs."""

    def prepare(self, message: Message, _address: Address) -> str:
        lines = [f"[{message.key.recipient}] {message.subject}"]
        return "\n".join((*lines, *(f"  {remark}" for remark in message.remarks)))

    def send(self, prepared: str) -> None:
        try:
            print(prepared, file=sys.stdout, flush=True)
        except (OSError, ValueError) as error:  # a full disk, a pipe that was closed
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise Undelivered(reason, unreachable=True) from None
