"""The terminal: the subject, and below it the remarks, or the list that it heads.

Promises: what was printed and flushed has reached the terminal or the pipe. Control characters of
a title never do: the events file may hold none.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tracker.alerts.channel import BlockingChannel, ChannelSettings, ProbeResult, Undelivered
from tracker.alerts.message import Message
from tracker.config.addresses import TERMINAL, Address
from tracker.failures.exceptions import reason_of
from tracker.i18n.directions import isolate
from tracker.reminders.batches import BATCH

SCHEMES: tuple[str, ...] = (TERMINAL,)
MOST_LISTED: int | None = None
#: The kinds of alerts that are lists: all of what they tell stands in the list.
_LISTS = ("change", "digest", "nudge", "undelivered", BATCH)
_SHOWN = ("text", "heading", "item", "rest")


def most_reminders(_scheme: str) -> int:
    return 40


def channel_key(_address: Address) -> str:
    return TERMINAL


def open_channel(_address: Address, _settings: ChannelSettings) -> TerminalChannel:
    return TerminalChannel()


def _lines_below(message: Message) -> list[str]:
    """What the subject does not hold: the remarks about a point, or all that is in a list."""
    if message.key.kind not in _LISTS:
        was_cut = "…" in message.subject  # here is room: the whole names stand in the opening
        openings = [block.text for block in message.blocks if block.kind == "opening"]
        return [*(openings if was_cut else ()), *message.remarks]
    blocks = [block for block in message.blocks if block.kind in _SHOWN]
    lines = []
    for block in blocks:
        lines.append(f"- {block.text}" if block.kind == "item" else block.text)
        if block.below:
            lines.append(f"  {block.below}")
    lines = [*message.remarks, *lines]
    return [line for line in lines if line != f"- {message.subject}"]


class TerminalChannel(BlockingChannel):
    """The terminal, or the pipe, that tracker prints to."""

    def prepare(self, message: Message, _address: Address) -> str:
        head = f"[{isolate(message.key.recipient)}] {message.subject}"
        return "\n".join((head, *(f"  {line}" for line in _lines_below(message))))

    def check(self, _addresses: Sequence[Address]) -> ProbeResult:
        """It is there; whether somebody reads it cannot be known."""
        return ProbeResult("takes")

    def send(self, prepared: str) -> None:
        try:
            sys.stdout.write(f"{prepared}\n")  # one piece, into which no other line can come
            sys.stdout.flush()
        except (OSError, ValueError) as error:  # a full disk, a pipe that was closed
            raise Undelivered(reason_of(error), unreachable=True) from None
