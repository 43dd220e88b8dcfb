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
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from tracker.alerts.channel import BlockingChannel, ChannelSettings, ProbeResult, Undelivered
from tracker.alerts.message import Message
from tracker.config.addresses import Address
from tracker.failures.exceptions import reason_of
from tracker.failures.secrets import secrets_of_arguments
from tracker.i18n.reasons import Reason

SCHEMES: tuple[str, ...] = ("command",)
MOST_LISTED: int | None = None
TIMEOUT = 60.0
#: So many bytes of what it writes as errors are kept, and so many seconds are left for the last.
_MOST_KEPT, _FAREWELL = 65_536, 1.0


def most_reminders(_scheme: str) -> int:
    return 40


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
        self._hide = secrets_of_arguments(arguments)
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
            raise Undelivered(self._reason_of(error), unreachable=True) from None
        complaints = _Complaints(process)
        with process:
            try:
                process.communicate(prepared.stdin, self._timeout)
            except subprocess.TimeoutExpired:
                _kill(process)
                seconds = ("seconds", round(self._timeout))
                raise Undelivered(Reason("command-slow", values=(seconds,))) from None
        if process.returncode:
            raise Undelivered(_reason_of_end(process.returncode, complaints.end(), self._hide))

    def check(self, _addresses: Sequence[Address]) -> ProbeResult:
        program = self._arguments[0]
        if shutil.which(program) is None:
            case = "command-no-permission" if Path(program).is_file() else "command-missing"
            raise Undelivered(Reason(case, values=(("program", program),)))
        return ProbeResult("answers")

    def _reason_of(self, error: OSError | ValueError) -> Reason:
        """Why it could not be started."""
        program = ("program", self._arguments[0])
        if isinstance(error, FileNotFoundError):
            return Reason("command-missing", values=(program,))
        if isinstance(error, PermissionError):
            return Reason("command-no-permission", values=(program,))
        return reason_of(error)


class _Complaints:
    """What a command writes as errors: the end of it is kept, however much there is."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._end = b""
        # Taken from it: communicate() would keep all.
        self._pipe, process.stderr = process.stderr, None
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        if self._pipe is not None:
            with self._pipe as pipe:
                while piece := os.read(pipe.fileno(), _MOST_KEPT):
                    self._end = (self._end + piece)[-_MOST_KEPT:]

    def end(self) -> bytes:
        """The end, once the command has ended; what it leaves running may hold the pipe open."""
        self._reader.join(_FAREWELL)
        return self._end


def _reason_of_end(code: int, errors: bytes, hide: Callable[[str], str] = str) -> Reason:
    """How it ended, with the last line that it wrote about that.

    >>> _reason_of_end(3, b"connecting...\\nno such channel\\n").text("en")
    'it ended with exit code 3; in its own words: “no such channel”'
    >>> _reason_of_end(-9, b"").text("en")
    'it was ended by the signal SIGKILL'
    """
    lines = errors.decode(errors="replace").strip().splitlines()
    words = hide(lines[-1]) if lines else ""
    if code > 0:
        return Reason("command-code", words, (("code", code),))
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = str(-code)
    return Reason("command-signal", words, (("signal", name),))


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kills it, and what it started: they are a session of their own."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
