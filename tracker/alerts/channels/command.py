"""A command of the user's: a list of arguments, the message on its standard input.

Promises: no shell ever sees the message; the command runs once for each try, with the subject, an
empty line and the body on stdin, and what tells messages apart in the environment
(TRACKER_MESSAGE_ID, TRACKER_RECIPIENT, TRACKER_KIND, TRACKER_EVENT, TRACKER_COUNTS_TO). Exit code 0
is delivered, any other is tried again; one that takes longer than TIMEOUT is killed with all that
it started.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from typing import NamedTuple

from tracker.alerts.channel import BlockingChannel, ChannelSettings, Undelivered
from tracker.alerts.message import Message
from tracker.config.addresses import Address

SCHEMES: tuple[str, ...] = ("command",)
MOST_LISTED: int | None = None
TIMEOUT = 60.0
_LONGEST_REASON = 200


def channel_key(address: Address) -> str:
    return address.name


def open_channel(address: Address, _settings: ChannelSettings) -> CommandChannel:
    return CommandChannel(address.arguments)


class _Input(NamedTuple):
    stdin: bytes
    environment: dict[str, str]


class CommandChannel(BlockingChannel):
    """One command."""

    def __init__(self, arguments: tuple[str, ...], timeout: float = TIMEOUT) -> None:
        self._arguments = arguments
        self._timeout = timeout

    def prepare(self, message: Message, _address: Address) -> _Input:
        key = message.key
        environment = {
            "TRACKER_MESSAGE_ID": message.id,
            "TRACKER_RECIPIENT": key.recipient,
            "TRACKER_KIND": key.kind,
            "TRACKER_EVENT": key.event,
            "TRACKER_COUNTS_TO": key.counts_to,
        }
        return _Input(f"{message.subject}\n\n{message.text}\n".encode(), environment)

    def send(self, prepared: _Input) -> None:
        try:
            process = subprocess.Popen(
                self._arguments,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env={**os.environ, **prepared.environment},
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            raise Undelivered(str(error), unreachable=True) from None
        with process:
            try:
                _, errors = process.communicate(prepared.stdin, self._timeout)
            except subprocess.TimeoutExpired:
                _kill(process)
                raise Undelivered(f"took longer than {self._timeout:.0f} s") from None
        if process.returncode:
            last = errors.decode(errors="replace").strip().splitlines()[-1:] or [""]
            raise Undelivered(f"exit code {process.returncode}: {last[0][:_LONGEST_REASON]}")

    def check(self) -> None:
        if shutil.which(self._arguments[0]) is None:
            raise Undelivered(f"{self._arguments[0]}: no such program")


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kills it, and what it started: they are a session of their own."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
